"""`guide status` and `guide confirm`: which pairs are out of step, what moved, and the stamp of somebody who compared.

Enters: Content and git history. Leaves: lines for people, JSON for programs, and data/confirmed.tsv.
"""

from __future__ import annotations

import datetime
import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import click

from guide.agreement import NAMES
from guide.confirmations import Confirmation, write_confirmed
from guide.content import Content
from guide.earlier import at_confirmation, since
from guide.model import LANGUAGES, Lang
from guide.translation import Pair, State, that_counts

MANY = 20
"""Pairs that nobody has ever compared are counted, not listed, when there are more."""


def status_rows(pairs: Iterable[Pair], *, everything: bool = False) -> list[dict[str, str]]:
    """One row a pair that is not in step (or every pair): item, state, who follows, where, day of confirmation."""
    rows = []
    for pair in pairs:
        if everything or pair.state is not State.IN_STEP:
            leading: Lang = "es" if pair.state is State.SPANISH_MOVED else "en"
            place = pair.places[leading]
            rows.append(
                {
                    "item": pair.item,
                    "state": pair.state.value,
                    "follow": ", ".join(NAMES[lang] for lang in pair.behind),
                    "place": f"{place.file}:{place.line}",
                    "confirmed": pair.confirmed.day.isoformat() if pair.confirmed else "",
                    "essential": "yes" if pair.essential else "",
                }
            )
    return rows


def print_status(content: Content, *, as_json: bool, everything: bool) -> None:
    """The table of `guide status`."""
    rows = status_rows(content.pairs.values(), everything=everything)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    counts = Counter(pair.state for pair in content.pairs.values())
    quiet = not everything and counts[State.NEW] > MANY
    shown = [row for row in rows if not (quiet and row["state"] == State.NEW.value)]
    if shown:
        heads = {
            "state": "state",
            "item": "pair",
            "follow": "should follow",
            "confirmed": "confirmed",
            "place": "where",
        }
        width = {name: max(len(head), *(len(row[name]) for row in shown)) for name, head in heads.items()}
        for row in (heads, *shown):
            mark = "  essential" if row.get("essential") == "yes" else ""
            click.echo("  ".join(row[name].ljust(width[name]) for name in heads).rstrip() + mark)
    if quiet:
        click.echo(f"{counts[State.NEW]} pairs were never confirmed; `guide status --every` lists them.")
    click.echo(", ".join(f"{counts[state]} {state.value}" for state in State if counts[state]) + ".")


def difference(before: str | None, now: str) -> Iterator[str]:
    """The lines that changed, old (-) and new (+); the whole text where the earlier one is not known."""
    if before is None:
        yield from (f"    {row}" for row in now.splitlines() if row.strip())
        return
    for row in difflib.ndiff(before.splitlines(), now.splitlines()):
        if row[0] in "+-" and row[2:].strip():
            yield f"  {row}"


def show_pair(content: Content, pair: Pair) -> None:
    """Both texts, and what changed since the last confirmation; the side that did not move is shown whole."""
    confirmed = f", confirmed on {pair.confirmed.day}" if pair.confirmed else ""
    click.echo(f"\n{pair.item}: {pair.state.value}{confirmed}")
    for lang in LANGUAGES:
        place = pair.places[lang]
        day = since(content.root, pair, lang)
        changed = f"  (as it is since {day})" if day else ""
        click.echo(f"\n{NAMES[lang]}  {place.file}:{place.line}{changed}")
        old = at_confirmation(content.root, pair, lang) if pair.moved(lang) else None
        if pair.moved(lang) and old is None:
            click.echo("  The text that was confirmed is not in the history of this checkout; this is today's:")
        for row in difference(old, pair.text(lang)):
            click.echo(row)


def confirm_items(content: Content, items: Iterable[str], *, everything: bool, yes: bool) -> int:
    """Asks for each pair and stamps it. Returns how many were stamped. Raises click.UsageError for an unknown item."""
    pairs = content.pairs
    wanted = [pair for pair in pairs.values() if pair.state is not State.IN_STEP] if everything else []
    wanted += [_named(item, pairs) for item in items]
    stamped = {
        item: that_counts(said, pairs[item]) if item in pairs else said[-1] for item, said in content.confirmed.items()
    }
    today = datetime.date.today()
    done = 0
    for pair in wanted:
        if not everything:
            show_pair(content, pair)
            if not yes and not click.confirm("\nDo both languages say the same?", default=False):
                continue
        stamped[pair.item] = Confirmation(*pair.fingerprints, today)
        done += 1
    write_confirmed(content.root, stamped)
    return done


def _named(item: str, pairs: Mapping[str, Pair]) -> Pair:
    """The pair of this name; a page may be written as its path, with or without its language folder."""
    for name in (item, item.removeprefix("docs/").removeprefix("en/").removeprefix("es/"), f"chapters/{item}"):
        if name in pairs:
            return pairs[name]
    near = difflib.get_close_matches(item, pairs, n=3, cutoff=0.4)
    raise click.UsageError(f"There is no pair {item}. Did you mean: {', '.join(near) or 'see `guide status --every`'}?")
