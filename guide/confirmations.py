"""What somebody confirmed: data/confirmed.tsv, one line a pair.

Enters: the file. Leaves: confirmations by item, and the file again, sorted, so that the work of two people merges.
After a merge a pair may have two lines (.gitattributes joins both sides): each is somebody's word and both are kept
until `make fix` or the next `guide confirm` leaves one.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guide.load import read_text
from guide.problems import Problem, Stop

FILE = "data/confirmed.tsv"
HEAD = (
    "# Pairs that somebody confirmed to say the same: item, fingerprint of the English, of the Spanish, day.\n"
    "# Written by `guide confirm`; one line a pair, sorted.\n"
)


@dataclass(frozen=True)
class Confirmation:
    """Fingerprints of both texts when somebody said that they agree, the day, and the line of the file."""

    en: str
    es: str
    day: datetime.date
    line: int = field(default=0, compare=False)


Confirmed = Mapping[str, tuple[Confirmation, ...]]
"""By item, oldest first; more than one only after a merge."""


def read_confirmed(root: Path) -> dict[str, tuple[Confirmation, ...]]:
    """The confirmations of data/confirmed.tsv. Raises Stop for lines that are broken.

    A file that is missing or empty is a loss, because every page would be marked; a guide that nobody has confirmed yet
    has a file with its head alone.
    """
    path = root / FILE
    found: dict[str, tuple[Confirmation, ...]] = {}
    problems: list[Problem] = []
    rows = read_text(path, root).splitlines() if path.is_file() else []
    if not rows:
        what = f"This file is {'empty' if path.is_file() else 'missing'}, so nothing is known of what was confirmed."
        raise Stop([Problem(FILE, 0, "", what, "Bring it back from the last version.", "missing-file")])
    for number, row in enumerate(rows, 1):
        if not row or row.startswith("#"):
            continue
        try:
            item, en, es, day = row.split("\t")
            said = Confirmation(en, es, datetime.date.fromisoformat(day), number)
            found[item] = tuple(sorted((*found.get(item, ()), said), key=lambda c: (c.day, c.line)))
        except ValueError:
            problems.append(
                Problem(
                    FILE, number, "", "This line is not item, fingerprint, fingerprint, day, with tabs between them.",
                    "Take the line of the last version, or delete it and confirm the pair again.", "confirmed",
                )
            )  # fmt: skip
    if problems:
        raise Stop(problems)
    return found


def write_confirmed(root: Path, confirmed: Mapping[str, Confirmation]) -> None:
    """Writes the file, one line a pair, sorted."""
    rows = [f"{item}\t{c.en}\t{c.es}\t{c.day.isoformat()}\n" for item, c in sorted(confirmed.items())]
    (root / FILE).write_text(HEAD + "".join(rows), encoding="utf-8", newline="\n")
