"""What changed from one edition to the next, as members read it.

Enters: data/changes/<edition>.yml, written by `guide changes`. Leaves: Changes, frozen, newest edition first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from guide.load import fit, read_yaml
from guide.model import Frozen, Lang, Text, Words
from guide.plain_files import written
from guide.problems import Problem, Stop

FOLDER = "data/changes"
Kind = Literal[
    "requirement",
    "checklist",
    "section",
    "chapter",
    "case",
    "reference",
    "term",
    "session",
    "figure",
    "rules",
    "words",
    "bulletin",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which members are told; an earlier bulletin is shown to reviewers alone."""


class Line(Frozen):
    """One sentence before and after; one of the two is missing where it was added or taken out."""

    old: Words | None = None
    new: Words | None = None


class Lines(Frozen):
    """The sentences that changed, in each language; none where a language only followed."""

    en: tuple[Line, ...] = ()
    es: tuple[Line, ...] = ()

    def __getitem__(self, lang: Lang) -> tuple[Line, ...]:
        return self.en if lang == "en" else self.es


class Change(Frozen):
    """One item that is new, says something else, or is no longer there."""

    item: Words
    """Its name, as in `guide confirm`."""
    kind: Kind
    change: Literal["new", "reworded", "retired"]
    title: Text
    page: Words | None = None
    """Where it stands, from the root of a language; None for what is gone."""
    lines: Lines = Lines()
    reason: Text | None = None
    """Why a requirement was retired."""


class Changes(Frozen):
    """Everything that changed in one edition."""

    edition: Words
    since: Words
    """The tag or revision that it is compared with."""
    changes: tuple[Change, ...]
    unread: tuple[Words, ...] = ()
    """Files that could not be compared, so that nobody says that nothing in them has changed."""


def read_changes(root: Path) -> tuple[Changes, ...]:
    """All editions, newest first. Raises Stop with the problems of all files together."""
    found: list[Changes] = []
    problems: list[Problem] = []
    for path in reversed(written(root / FOLDER, "*.yml")):
        try:
            found.append(fit(Changes, read_yaml(path, root)))
        except Stop as stop:
            problems.extend(stop.problems)
    if problems:
        raise Stop(problems)
    return tuple(found)
