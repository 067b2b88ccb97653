"""Steps on a ring: something that never ends, such as plan, do, check and act.

Wide: a ring with numbered badges, cards on both sides. Narrow: cards one below the other and a way back to the first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Arrow, Badge, Card, Label, head_at
from guide.figures.step import Entry, Step, entries
from guide.figures.text import Style
from guide.model import Frozen, Lang, Text

RADIUS = 88
CARD_WIDTH = 218
WAY_BACK = 24
"""Room at the left of the narrow drawing for the line that closes the circle."""


class Cycle(Frozen):
    """Content of a `cycle`: three to six steps, clockwise, and what they turn around."""

    centre: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=6)]


@dataclass(frozen=True)
class Arc:
    """A piece of the ring from one badge to the next, with the corners of its arrowhead."""

    start: tuple[float, float]
    end: tuple[float, float]
    radius: float
    head: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CycleLayout:
    """Where everything stands."""

    width: float
    height: float
    centre: Label
    cards: tuple[Card, ...]
    arcs: tuple[Arc, ...] = ()
    badges: tuple[Badge, ...] = ()
    leaders: tuple[tuple[tuple[float, float], ...], ...] = ()
    arrows: tuple[Arrow, ...] = ()


def lay_out(content: Cycle, canvas: Canvas) -> CycleLayout:
    """`content` on `canvas`."""
    return _ring(content, canvas) if canvas.wide else _column(content, canvas)


def _ring(content: Cycle, canvas: Canvas) -> CycleLayout:
    count, x = len(content.steps), canvas.width / 2
    turn = 2 * math.pi / count
    angles = [-math.pi / 2 - turn / 2 + index * turn for index in range(count)]
    left = {index for index in range(count) if math.cos(angles[index]) < -0.01}
    from_top = sorted(range(count), key=lambda index: math.sin(angles[index]))
    columns = {
        0.0: [index for index in from_top if index in left],
        canvas.width - CARD_WIDTH: [index for index in from_top if index not in left],
    }
    cards = {
        index: canvas.card(content.steps[index], edge, 0, CARD_WIDTH, badge=str(index + 1))
        for edge, column in columns.items()
        for index in column
    }
    if 2 * len(left) == count:
        for pair in zip(*columns.values(), strict=True):
            highest = max(cards[index].box.h for index in pair)
            cards |= {index: cards[index].grown(highest) for index in pair}
    tall = {
        edge: sum(cards[index].box.h + canvas.gap for index in column) - canvas.gap for edge, column in columns.items()
    }
    height = max(*tall.values(), 2 * RADIUS + 52)
    for edge, column in columns.items():
        y = (height - tall[edge]) / 2
        for index in column:
            cards[index] = cards[index].moved(0, y)
            y += cards[index].box.h + canvas.gap
    middle = (x, height / 2)
    style = Style(13.5, bold=True)
    badges = [Badge(*_on_ring(middle, angle), str(index + 1), 14, style) for index, angle in enumerate(angles)]
    gap = 19 / RADIUS
    arcs = [
        Arc(
            _on_ring(middle, angle + gap), _on_ring(middle, angle + turn - gap - 6 / RADIUS), RADIUS,
            head_at(_on_ring(middle, angle + turn - gap), angle + turn - gap + math.pi / 2 - 0.05),
        )
        for angle in angles
    ]  # fmt: skip
    leaders = []
    for index, badge in enumerate(badges):
        box = cards[index].box
        edge, side = (box.right, -1) if index in left else (box.x, 1)
        at, begin = badge.y, [(badge.x + side * badge.r, badge.y)]
        if abs(badge.x - x) < 1:  # the lowest of an odd number leaves downwards, clear of the arrow that comes in
            at = badge.y + badge.r + 9
            begin = [(badge.x, badge.y + badge.r), (badge.x, at)]
        leaders.append((*begin, (edge, min(max(at, box.y + 14), box.bottom - 14))))
    centre = canvas.write(content.centre[canvas.lang], x, 0, 2 * RADIUS - 46, canvas.heading, "middle", most=4)
    centre = _centred(centre, middle[1])
    ordered = tuple(cards[index] for index in range(count))
    return CycleLayout(canvas.width, height, centre, ordered, tuple(arcs), tuple(badges), tuple(leaders))


def _column(content: Cycle, canvas: Canvas) -> CycleLayout:
    room = canvas.width - WAY_BACK
    centre = canvas.write(content.centre[canvas.lang], WAY_BACK + room / 2, 0, room, canvas.heading, "middle", most=3)
    cards, arrows, y = [], [], centre.bottom + 10
    for index, step in enumerate(content.steps):
        cards.append(canvas.card(step, WAY_BACK, y, room, badge=str(index + 1)))
        y = cards[-1].box.bottom + 24
    for above, below in pairwise(cards):
        x = above.box.middle[0]
        arrows.append(Arrow(((x, above.box.bottom + 2), (x, below.box.y - 2))))
    first, last = cards[0].box, cards[-1].box
    low, high = last.middle[1], first.y + 22
    arrows.append(Arrow(((WAY_BACK, low), (6, low), (6, high), (WAY_BACK - 2, high))))
    return CycleLayout(canvas.width, last.bottom, centre, tuple(cards), arrows=tuple(arrows))


def _on_ring(middle: tuple[float, float], angle: float) -> tuple[float, float]:
    return middle[0] + RADIUS * math.cos(angle), middle[1] + RADIUS * math.sin(angle)


def _centred(label: Label, y: float) -> Label:
    return replace(label, y=label.y + y - (label.top + label.bottom) / 2)


def in_words(content: Cycle, lang: Lang) -> tuple[Entry, ...]:
    """The steps as an ordered list."""
    return (Entry(content.centre[lang], below=tuple(entries(step, lang) for step in content.steps), ordered=True),)
