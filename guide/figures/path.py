"""States on the way to an outcome, and how long each outcome lasts, drawn to scale in months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Arrow, Box, Card, Dot, Label
from guide.figures.step import Entry, Step, entries
from guide.figures.text import Style
from guide.model import Frozen, Lang, Text

BAR = 24.0
"""Height of a bar."""


class State(Step):
    """Where one stands on the path."""

    then: Text | None = None
    """What lies between this state and the next, on the arrow: a time or an act."""


class Recurring(Frozen):
    """Something that comes again and again."""

    every_months: Annotated[int, Field(ge=1, le=60)]
    label: Text


class Outcome(Step):
    """A status that lasts a number of months."""

    months: Annotated[int, Field(ge=1, le=120)]
    lasts: Text
    """The same length in words."""
    recurring: Recurring | None = None


class Path(Frozen):
    """Content of a `path`."""

    states: Annotated[tuple[State, ...], Field(min_length=2, max_length=4)]
    decision: Text
    """Who decides, and between what."""
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1, max_length=3)]
    throughout: Recurring | None = None
    """What goes on all the time."""


@dataclass(frozen=True)
class Bar:
    """A length of time cut into equal periods, each with a mark in it."""

    cells: tuple[Box, ...]
    marks: tuple[Dot, ...]
    shape: Literal["diamond", "triangle"]
    labels: tuple[Label, ...]
    key: Dot | None = None
    """The mark again, in front of what it means."""


@dataclass(frozen=True)
class PathLayout:
    """Where everything stands."""

    width: float
    height: float
    cards: tuple[Card, ...]
    arrows: tuple[Arrow, ...]
    between: tuple[Label, ...]
    """What stands on the arrows."""
    decision: Label
    decision_box: Box
    bars: tuple[Bar, ...]


def lay_out(content: Path, canvas: Canvas) -> PathLayout:
    """`content` on `canvas`: the states, the decision, then a bar for each outcome."""
    cards, arrows, between = _along(content, canvas) if canvas.wide else _down(content, canvas)
    bottom, x = max(card.box.bottom for card in cards), canvas.width / 2
    from_x = cards[-1].box.middle[0]
    words = content.decision[canvas.lang]
    decision = canvas.write(words, x, bottom + 34, canvas.width - 40, canvas.heading, "middle", most=3)
    box = Box(0, bottom + 26, canvas.width, decision.bottom + 8 - bottom - 26, 18)
    arrows.append(Arrow(((from_x, bottom + 2), (from_x, box.y - 2))))
    longest = max(outcome.months for outcome in content.outcomes)
    unit, y, bars = canvas.width / longest, box.bottom + 20, []
    for outcome in content.outcomes:
        heading = f"{outcome.label[canvas.lang]}: {outcome.lasts[canvas.lang]}"
        bars.append(_bar(canvas, y, unit, outcome.months, outcome.recurring, "diamond", heading, outcome.note))
        y = _low(bars[-1]) + 20
    if content.throughout:
        bars.append(_bar(canvas, y, unit, longest, content.throughout, "triangle"))
        y = _low(bars[-1]) + 20
    return PathLayout(canvas.width, y - 20, tuple(cards), tuple(arrows), tuple(between), decision, box, tuple(bars))


def _along(content: Path, canvas: Canvas) -> tuple[list[Card], list[Arrow], list[Label]]:
    count, between_w = len(content.states), 112.0
    w = (canvas.width - between_w * (count - 1)) / count
    cards = [canvas.card(state, index * (w + between_w), 0, w) for index, state in enumerate(content.states)]
    highest = max(card.box.h for card in cards)
    cards = [card.grown(highest) for card in cards]
    gaps = [(before.box.right, after.box.x) for before, after in pairwise(cards)]
    labels = [
        canvas.write(state.then[canvas.lang], sum(gap) / 2, 0, between_w - 14, _bold(canvas.note), "middle", most=3)
        for gap, state in zip(gaps, content.states, strict=False)
        if state.then
    ]
    y = max(highest / 2, *(label.bottom + 7 for label in labels), 0)
    labels = [replace(label, y=label.y + y - 7 - label.bottom) for label in labels]
    return cards, [Arrow(((left + 3, y), (right - 3, y))) for left, right in gaps], labels


def _down(content: Path, canvas: Canvas) -> tuple[list[Card], list[Arrow], list[Label]]:
    cards: list[Card] = []
    arrows, labels, y = [], [], 0.0
    for state, last in zip(content.states, [*[False] * (len(content.states) - 1), True], strict=True):
        cards.append(canvas.card(state, 0, y, canvas.width))
        bottom = cards[-1].box.bottom
        y = bottom + 34
        if last:
            break
        if state.then:
            words, room = state.then[canvas.lang], canvas.width - 46
            labels.append(canvas.write(words, 46, bottom + 10, room, _bold(canvas.note), most=3))
            y = max(y, labels[-1].bottom + 10)
        arrows.append(Arrow(((28, bottom + 2), (28, y - 2))))
    return cards, arrows, labels


def _bar(
    canvas: Canvas, y: float, unit: float, months: int, recurring: Recurring | None,
    shape: Literal["diamond", "triangle"], heading: str = "", note: Text | None = None,
) -> Bar:  # fmt: skip
    labels = []
    if heading:
        labels.append(canvas.write(heading, 0, y, canvas.width, canvas.heading, most=2))
        y = labels[-1].bottom + 4
    if note:
        labels.append(canvas.write(note[canvas.lang], 0, y, canvas.width, canvas.note, most=4))
        y = labels[-1].bottom + 6
    period = recurring.every_months if recurring else months
    edges = [*range(0, months, period), months]
    cells = tuple(Box(a * unit, y, (b - a) * unit, BAR, 0) for a, b in pairwise(edges))
    if not recurring:
        return Bar(cells, (), shape, tuple(labels))
    marks = tuple(Dot(*cell.middle, 5) for cell in cells)
    labels.append(canvas.write(recurring.label[canvas.lang], 20, y + BAR + 6, canvas.width - 20, canvas.note, most=3))
    return Bar(cells, marks, shape, tuple(labels), Dot(7, labels[-1].y - 0.33 * canvas.note.size, 5))


def _bold(style: Style) -> Style:
    return Style(style.size, bold=True)


def _low(bar: Bar) -> float:
    return max(bar.cells[0].bottom, bar.labels[-1].bottom)


def in_words(content: Path, lang: Lang) -> tuple[Entry, ...]:
    """The states in order with what lies between, the decision with its outcomes, and what goes on all the time."""
    lines = []
    for state in content.states:
        entry = entries(state, lang)
        lines.append(Entry(entry.label, entry.text, entry.below))
        if state.then:
            lines.append(Entry("", state.then[lang]))
    outcomes = []
    for outcome in content.outcomes:
        entry = entries(outcome, lang)
        again = (Entry("", outcome.recurring.label[lang]),) if outcome.recurring else ()
        outcomes.append(Entry(f"{entry.label}: {outcome.lasts[lang]}", entry.text, (*entry.below, *again)))
    lines.append(Entry("", content.decision[lang], tuple(outcomes)))
    if content.throughout:
        lines.append(Entry("", content.throughout.label[lang]))
    return tuple(lines)
