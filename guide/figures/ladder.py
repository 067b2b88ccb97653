"""Rungs from the lowest to the highest: each needs what stands on it, and some are a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Badge, Box, Dot, Label
from guide.figures.step import Entry
from guide.figures.text import ASCENT, Style
from guide.model import Frozen, Lang, Text, Words


class Rung(Frozen):
    """One level."""

    mark: Words
    """What stands in the circle: a figure or a letter."""
    label: Text
    note: Text
    """What is true at this level."""
    support: Text | None = None
    """What shows it."""
    flag: Text | None = None
    """What this level is the target of."""


class Ladder(Frozen):
    """Content of a `ladder`: three to seven levels, the lowest first."""

    rungs: Annotated[tuple[Rung, ...], Field(min_length=3, max_length=7)]


@dataclass(frozen=True)
class Tread:
    """A rung as drawn; `flag` is where a small flag stands in front of its label."""

    box: Box
    badge: Badge
    labels: tuple[Label, ...]
    dot: Dot | None = None
    flag: tuple[float, float] | None = None


@dataclass(frozen=True)
class LadderLayout:
    """Where everything stands, the highest rung first."""

    width: float
    height: float
    treads: tuple[Tread, ...]


def lay_out(content: Ladder, canvas: Canvas) -> LadderLayout:
    """`content` on `canvas`: every rung begins further to the right than the one below it."""
    step, y, treads = 22.0 if canvas.wide else 7.0, 0.0, []
    for index in reversed(range(len(content.rungs))):
        treads.append(_tread(content.rungs[index], canvas, index * step, y))
        y = treads[-1].box.bottom + 5
    return LadderLayout(canvas.width, y - 5, tuple(treads))


def _tread(rung: Rung, canvas: Canvas, x: float, y: float) -> Tread:
    lang, pad = canvas.lang, canvas.pad
    right = canvas.width - pad
    middle = 370.0 if canvas.wide and rung.support else right
    badge, heading = canvas.numbered(rung.mark, rung.label[lang], x + pad, y + pad, middle - x - pad)
    labels = [heading]
    start, low = (heading.x, heading.bottom + 2) if canvas.wide else (x + pad, max(heading.bottom + 2, badge.y + 16))
    labels.append(canvas.write(rung.note[lang], start, low, middle - start, canvas.note, most=4))
    low, dot, flag = labels[-1].bottom, None, None
    if rung.support:
        at, top = (middle + 25, heading.y - ASCENT * canvas.note.size) if canvas.wide else (start + 13, low + 4)
        support = canvas.write(rung.support[lang], at, top, right - at, canvas.note, most=5)
        dot = Dot(at - 9, support.y - 0.33 * canvas.note.size, 2.6)
        labels.append(support)
        low = max(low, support.bottom)
    if rung.flag:
        bold = Style(canvas.note.size, bold=True)
        label = canvas.write(rung.flag[lang], start + 20, low + 5, right - start - 20, bold, most=2)
        flag, low = (start + 2, label.y), label.bottom
        labels.append(label)
    return Tread(Box(x, y, canvas.width - x, max(low, badge.y + 12) + pad - 3 - y), badge, tuple(labels), dot, flag)


def in_words(content: Ladder, lang: Lang) -> tuple[Entry, ...]:
    """The levels from the lowest to the highest."""
    return tuple(
        Entry(
            f"{rung.mark}. {rung.label[lang]}",
            rung.note[lang],
            tuple(Entry("", text[lang]) for text in (rung.support, rung.flag) if text),
        )
        for rung in content.rungs
    )
