"""One thing that a figure shows, and the same thing in words.

Enters: a mapping from data/figures/. Leaves: Step, and Entry, a line of the list under the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from guide.model import Frozen, Lang, Text


class Step(Frozen):
    """One thing that a figure shows: what it is, a sentence about it, and particulars."""

    label: Text
    """A word or three."""
    note: Text | None = None
    items: Annotated[tuple[Text, ...], Field(max_length=6)] = ()


@dataclass(frozen=True)
class Entry:
    """One line of the text twin, with what belongs under it."""

    label: str
    text: str = ""
    below: tuple[Entry, ...] = ()
    ordered: bool = False
    """Whether the order of `below` means something."""


def entries(step: Step, lang: Lang) -> Entry:
    """A step in words."""
    items = tuple(Entry("", item[lang]) for item in step.items)
    return Entry(step.label[lang], step.note[lang] if step.note else "", items)
