"""Points in time, each with what happens then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Arrow, Card, Dot, Label
from guide.figures.step import Entry, Step, entries
from guide.model import Frozen, Lang, Text


class TimePoint(Step):
    """A point or stretch of time."""

    time: Text
    """When: "First ten minutes"."""


class Timeline(Frozen):
    """Content of a `timeline`: two to five points, earliest first."""

    points: Annotated[tuple[TimePoint, ...], Field(min_length=2, max_length=5)]


@dataclass(frozen=True)
class TimelineLayout:
    """Where everything stands; `stems` tie a point of the axis to its card."""

    width: float
    height: float
    axis: Arrow
    dots: tuple[Dot, ...]
    times: tuple[Label, ...]
    cards: tuple[Card, ...]
    stems: tuple[tuple[tuple[float, float], ...], ...]


def lay_out(content: Timeline, canvas: Canvas) -> TimelineLayout:
    """`content` on `canvas`: along the top, or down the left side."""
    return _along(content, canvas) if canvas.wide else _down(content, canvas)


def _along(content: Timeline, canvas: Canvas) -> TimelineLayout:
    lang, count = canvas.lang, len(content.points)
    w = (canvas.width - canvas.gap * (count - 1)) / count
    lefts = [index * (w + canvas.gap) for index in range(count)]
    places = list(zip(content.points, lefts, strict=True))
    times = [canvas.write(point.time[lang], x, 0, w - 4, canvas.heading, most=2) for point, x in places]
    low = max(time.bottom for time in times)
    times = [replace(time, y=time.y + low - time.bottom) for time in times]
    y = low + 14
    cards = [canvas.card(point, x, y + 22, w) for point, x in places]
    highest = max(card.box.h for card in cards)
    cards = [card.grown(highest) for card in cards]
    dots = tuple(Dot(x + 14, y, 6) for x in lefts)
    stems = tuple(((dot.x, y + 6), (dot.x, y + 22)) for dot in dots)
    axis = Arrow(((dots[0].x, y), (canvas.width, y)))
    return TimelineLayout(canvas.width, y + 22 + highest, axis, dots, tuple(times), tuple(cards), stems)


def _down(content: Timeline, canvas: Canvas) -> TimelineLayout:
    left, y = 26.0, 0.0
    times, cards, dots, stems = [], [], [], []
    for point in content.points:
        times.append(canvas.write(point.time[canvas.lang], left, y, canvas.width - left, canvas.heading, most=2))
        dots.append(Dot(8, times[-1].y - 5, 6))
        stems.append(((14.0, dots[-1].y), (left - 4, dots[-1].y)))
        cards.append(canvas.card(point, left, times[-1].bottom + 6, canvas.width - left))
        y = cards[-1].box.bottom + 18
    height = cards[-1].box.bottom
    axis = Arrow(((8, dots[0].y), (8, height)))
    return TimelineLayout(canvas.width, height, axis, tuple(dots), tuple(times), tuple(cards), tuple(stems))


def in_words(content: Timeline, lang: Lang) -> tuple[Entry, ...]:
    """The points in order, each with its time first."""
    lines = []
    for point in content.points:
        entry = entries(point, lang)
        lines.append(Entry(f"{point.time[lang]}: {entry.label}", entry.text, entry.below))
    return tuple(lines)
