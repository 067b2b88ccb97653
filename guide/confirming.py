"""`guide status` and `guide confirm`: which pairs are out of step, what moved, and the stamp of somebody who compared.

Enters: Content and git history. Leaves: lines for people, JSON for programs, and data/confirmed.tsv.
"""

from __future__ import annotations

import datetime
import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from guide.content import Content
from guide.fingerprint import fingerprint
from guide.history import changed_on, last_said
from guide.model import LANGUAGES, Lang
from guide.pages import section_texts
from guide.translation import Pair, State, confirm, write_confirmed

NAMES: dict[Lang, str] = {"en": "English", "es": "Spanish"}
ALL = "--all"


def status_rows(content: Content, *, everything: bool = False) -> list[dict[str, str]]:
    """One row a pair that is not in step (or every pair): item, state, where, and the day its file last changed."""
    rows = []
    for pair in content.pairs.values():
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
    rows = status_rows(content, everything=everything)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    counts = Counter(pair.state for pair in content.pairs.values())
    new = [row for row in rows if row["state"] == State.NEW.value]
    for row in rows:
        if row in new and not everything and len(new) > 20:
            continue
        follow = f"  {row['follow']} should follow" if row["follow"] else ""
        mark = "  essential" if row["essential"] else ""
        click.echo(f"{row['state']:14}  {row['item']:52}  {row['place']}{follow}{mark}")
    if not everything and len(new) > 20:
        click.echo(f"{len(new)} pairs were never confirmed; `guide status --every` lists them.")
    click.echo(", ".join(f"{counts[state]} {state.value}" for state in State if counts[state]) + ".")


def difference(before: str | None, now: str) -> Iterator[str]:
    """What changed, word by word on each line; the whole text where the earlier one is not known."""
    if before is None:
        yield from (f"    {row}" for row in now.splitlines() if row.strip())
        return
    for row in difflib.ndiff(before.splitlines(), now.splitlines()):
        if row[0] in "+-" and row[2:].strip():
            yield f"  {row}"


def before(content: Content, pair: Pair, lang: Lang) -> str | None:
    """The text of one side at the last confirmation, from the project's history; None where it cannot be found."""
    if pair.confirmed is None or ".md#" not in pair.item:
        return None
    name, _, section = pair.item.partition("#")
    wanted = pair.confirmed.en if lang == "en" else pair.confirmed.es
    file = f"docs/{lang}/{name}"
    return last_said(
        content.root, file, lambda text: section_texts(text).get(section), lambda text: fingerprint(text) == wanted
    )


def show_pair(content: Content, pair: Pair) -> None:
    """Both texts, and what changed since the last confirmation."""
    click.echo(
        f"\n{pair.item}: {pair.state.value}" + (f", confirmed on {pair.confirmed.day}" if pair.confirmed else "")
    )
    for lang in LANGUAGES:
        place = pair.places[lang]
        day = changed_on(content.root, place.file)
        click.echo(f"\n{NAMES[lang]}  {place.file}:{place.line}" + (f"  (file changed on {day})" if day else ""))
        moved = pair.confirmed is not None and fingerprint(pair.text(lang)) != (
            pair.confirmed.en if lang == "en" else pair.confirmed.es
        )
        old = before(content, pair, lang) if moved else None
        for row in difference(old, pair.text(lang)):
            click.echo(row)


def confirm_items(content: Content, items: Iterable[str], *, everything: bool, yes: bool) -> int:
    """Asks for each pair and stamps it. Returns how many were stamped. Raises click.UsageError for an unknown item."""
    pairs = content.pairs
    unknown = [item for item in items if item not in pairs]
    if unknown:
        near = difflib.get_close_matches(unknown[0], pairs, n=3, cutoff=0.4)
        raise click.UsageError(f"There is no pair {unknown[0]}. Did you mean: {', '.join(near) or 'see guide status'}?")
    wanted = (
        [pair for pair in pairs.values() if pair.state is not State.IN_STEP]
        if everything
        else [pairs[i] for i in items]
    )
    today = datetime.date.today()
    stamped = dict(content.confirmed)
    done = 0
    for pair in wanted:
        if not everything:
            show_pair(content, pair)
            if not yes and not click.confirm("\nDo both languages say the same?", default=False):
                continue
        stamped[pair.item] = confirm(pair, today)
        done += 1
    kept = {item: confirmation for item, confirmation in stamped.items() if item in pairs}
    write_confirmed(content.root, kept)
    return done
