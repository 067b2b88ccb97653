"""What every drawing is made of: boxes, labels, badges, arrows and cards with their places in drawing units.

Nothing here knows a colour or a tag: guide/templates/figures/parts.svg turns these values into SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from guide.figures.text import ASCENT, DESCENT, Style

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Box:
    """A rectangle with rounded corners."""

    x: float
    y: float
    w: float
    h: float
    r: float = 8

    @property
    def right(self) -> float:
        """x of the right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """y of the lower edge."""
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Label:
    """Lines of text; `y` is the baseline of the first."""

    x: float
    y: float
    lines: tuple[str, ...]
    style: Style
    anchor: Anchor = "start"

    @property
    def top(self) -> float:
        """Upper edge of the first line, accents included."""
        return self.y - ASCENT * self.style.size

    @property
    def bottom(self) -> float:
        """Lower edge of the last line, descenders included."""
        return self.y + (len(self.lines) - 1) * self.style.leading + DESCENT * self.style.size


@dataclass(frozen=True)
class Badge:
    """A number or letter in a circle; `x`, `y` is its centre."""

    x: float
    y: float
    text: str
    r: float
    style: Style

    @property
    def baseline(self) -> float:
        """y of the text so that figures stand in the middle."""
        return self.y + 0.36 * self.style.size


@dataclass(frozen=True)
class Dot:
    """A small filled circle."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Arrow:
    """A line through `points` that ends in a head; the line stops short of the tip."""

    points: tuple[tuple[float, float], ...]
    head_length: float = 9

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """The points to draw."""
        (x1, y1), (x2, y2) = self.points[-2:]
        part = (self.head_length - 2) / (math.hypot(x2 - x1, y2 - y1) or 1)
        return (*self.points[:-1], (x2 - (x2 - x1) * part, y2 - (y2 - y1) * part))

    @property
    def head(self) -> tuple[tuple[float, float], ...]:
        """The three corners of the head."""
        (x1, y1), tip = self.points[-2:]
        return head_at(tip, math.atan2(tip[1] - y1, tip[0] - x1), self.head_length)


def head_at(tip: tuple[float, float], angle: float, length: float = 9) -> tuple[tuple[float, float], ...]:
    """The corners of an arrowhead at `tip` that points along `angle` (radians, clockwise from the right)."""
    sides = (angle + math.pi - 0.48, angle + math.pi + 0.48)
    return (tip, *((tip[0] + length * math.cos(a), tip[1] + length * math.sin(a)) for a in sides))


@dataclass(frozen=True)
class Card:
    """A box with a heading, a note and particulars."""

    box: Box
    labels: tuple[Label, ...]
    dots: tuple[Dot, ...] = ()
    badge: Badge | None = None

    def grown(self, height: float) -> Card:
        """The same card, `height` high."""
        return replace(self, box=replace(self.box, h=height))

    def moved(self, dx: float, dy: float) -> Card:
        """The same card somewhere else."""
        return replace(
            self,
            box=replace(self.box, x=self.box.x + dx, y=self.box.y + dy),
            labels=tuple(replace(label, x=label.x + dx, y=label.y + dy) for label in self.labels),
            dots=tuple(replace(dot, x=dot.x + dx, y=dot.y + dy) for dot in self.dots),
            badge=replace(self.badge, x=self.badge.x + dx, y=self.badge.y + dy) if self.badge else None,
        )


@dataclass(frozen=True)
class Body:
    """What stands under a heading, and where it ends."""

    labels: tuple[Label, ...]
    dots: tuple[Dot, ...]
    bottom: float
