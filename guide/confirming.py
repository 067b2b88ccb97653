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
from guide.fingerprint import essence
from guide.model import LANGUAGES, Lang
from guide.translation import Pair, State, that_counts

MANY = 20
"""Pairs that nobody has ever compared are counted, not listed, when there are more."""
LONG = 20
"""Of a pair with more texts than this only those are shown that changed, and what stands for them on the other side."""


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
                    "awaited": "yes" if pair.awaited else "",
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
            mark = "  a release waits" if row.get("awaited") == "yes" else ""
            click.echo("  ".join(row[name].ljust(width[name]) for name in heads).rstrip() + mark)
    if quiet:
        click.echo(f"{counts[State.NEW]} pairs were never confirmed; `guide status --every` lists them.")
    click.echo(", ".join(f"{counts[state]} {state.value}" for state in State if counts[state]) + ".")


def difference(before: str, now: str) -> Iterator[str]:
    """The lines that changed, old (-) and new (+)."""
    for row in difflib.ndiff(before.splitlines(), now.splitlines()):
        if row[0] in "+-" and row[2:].strip():
            yield f"  {row}"


def changed_rows(before: str, now: str) -> set[int]:
    """Which lines of a text are not as they were, counted from 0."""
    was, is_now = ([essence(row) for row in text.splitlines()] for text in (before, now))
    steps = difflib.SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes()
    return {row for kind, _, _, start, end in steps if kind != "equal" for row in range(start, end)}


def show_pair(content: Content, pair: Pair) -> None:
    """What changed since the last confirmation, and of each side what says the same; all of it where nobody knows.

    In data both languages have the same texts in the same order, so of a long one only those are shown that changed on
    one side or the other.
    """
    confirmed = f", confirmed on {pair.confirmed.day}" if pair.confirmed else ""
    click.echo(f"\n{pair.item}: {pair.state.value}{confirmed}")
    earlier = {lang: at_confirmation(content.root, pair, lang) for lang in LANGUAGES if pair.moved(lang)}
    known = {lang: old for lang, old in earlier.items() if old is not None}
    moved: dict[Lang, set[int]] = {lang: changed_rows(old.text, pair.text(lang)) for lang, old in known.items()}
    changed: set[int] = set().union(*moved.values())
    few = not pair.of_a_page and len(pair.en.splitlines()) > LONG and known.keys() == earlier.keys() and bool(changed)
    for lang in LANGUAGES:
        place, day, old = pair.places[lang], since(content.root, pair, lang), known.get(lang)
        click.echo(f"\n{NAMES[lang]}  {place.file}:{place.line}" + (f"  (as it is since {day})" if day else ""))
        rows = pair.text(lang).splitlines()
        drawn = list(difference(old.text, pair.text(lang))) if old else []
        if old is not None and old.day:
            what = "this is compared with the commit" if drawn else "nothing has changed since the commit"
            click.echo(f"  What was confirmed was never committed; {what} of {old.day} that brought the confirmation:")
        elif pair.moved(lang) and old is None:
            click.echo("  The text that was confirmed is not in the history of this checkout; this is today's:")
        for line in drawn:
            click.echo(line)
        beside = changed - moved.get(lang, set()) if few else set() if drawn else set(range(len(rows)))
        for number, text in enumerate(rows):
            if number in beside and text.strip():
                click.echo(f"    {text}")


def confirm_items(content: Content, items: Iterable[str], *, everything: bool, yes: bool) -> int:
    """Asks for each pair and stamps it. Returns how many were stamped. Raises click.UsageError for an unknown item."""
    pairs = content.pairs
    wanted = _unseen(pairs.values(), yes=yes) if everything else [_named(item, pairs) for item in items]
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


def _unseen(pairs: Iterable[Pair], *, yes: bool) -> list[Pair]:
    """What --all stamps without showing it: after one question, and never a text for which a release waits."""
    open_ones = [pair for pair in pairs if pair.state is not State.IN_STEP]
    found = [pair for pair in open_ones if not pair.awaited]
    for pair in open_ones:
        if pair.awaited:
            click.echo(
                f"{pair.item} is not among them: a release waits for it, so `guide confirm {pair.item}` shows it."
            )
    ask = f"Has somebody compared both languages of all {len(found)} pairs?"
    return found if found and (yes or click.confirm(ask, default=False)) else []


def _named(item: str, pairs: Mapping[str, Pair]) -> Pair:
    """The pair of this name; a page may be written as its path, with or without its language folder."""
    for name in (item, item.removeprefix("docs/").removeprefix("en/").removeprefix("es/"), f"chapters/{item}"):
        if name in pairs:
            return pairs[name]
    near = difflib.get_close_matches(item, pairs, n=3, cutoff=0.4)
    raise click.UsageError(f"There is no pair {item}. Did you mean: {', '.join(near) or 'see `guide status --every`'}?")
