"""Rungs from the lowest to the highest: each needs what stands on it, and some are a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from guide.figures.parts import Badge, Box, Canvas, Dot, Entry, Label
from guide.figures.text import Style
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
    badge = Badge(x + pad + 13, y + pad + 11, rung.mark, 13, Style(14, bold=True))
    left = x + pad + 36
    middle = 380.0 if canvas.wide and rung.support else right
    heading = canvas.write(rung.label[lang], left, badge.y - 0.6 * canvas.heading.size, middle - left - 8, canvas.heading, most=2)
    labels, low = [heading], heading.bottom + 2
    start = left if canvas.wide else x + pad
    if not canvas.wide:
        low = max(low, badge.y + 16)
    labels.append(canvas.write(rung.note[lang], start, low, middle - start - (10 if canvas.wide else 0), canvas.note, most=4))
    low, dot, flag = labels[-1].bottom, None, None
    if rung.support:
        at, top = (middle + 15, heading.y - 0.93 * canvas.note.size) if canvas.wide else (start + 13, low + 4)
        support = canvas.write(rung.support[lang], at, top, right - at, canvas.note, most=5)
        dot = Dot(at - 9, support.y - 0.33 * canvas.note.size, 2.6)
        labels.append(support)
        low = max(low, support.bottom)
    if rung.flag:
        bold = Style(canvas.note.size, bold=True)
        label = canvas.write(rung.flag[lang], start + 16, low + 5, right - start - 16, bold, most=2)
        flag, low = (start + 2, label.y), label.bottom
        labels.append(label)
    return Tread(Box(x, y, canvas.width - x, max(low, badge.y + 13) + pad - 3 - y), badge, tuple(labels), dot, flag)


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
