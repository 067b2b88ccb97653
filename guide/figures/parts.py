"""What every figure is made of: labels, cards, badges and arrows with their places.

Enters: texts and room. Leaves: frozen shapes in drawing units, which guide/templates/figures/ turns into SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field

from guide.figures.text import ASCENT, DESCENT, Style, unknown_signs, widest_word, wrap
from guide.model import Frozen, Lang, Text

Anchor = Literal["start", "middle", "end"]
Variant = Literal["wide", "narrow"]


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


@dataclass(frozen=True)
class Misfit:
    """A label that does not fit its place: the `label`, where (`lang`, `variant`), `what` is wrong, the `remedy`."""

    label: str
    lang: Lang
    variant: Variant
    what: str
    remedy: str


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


@dataclass(frozen=True)
class Canvas:
    """The paper of one drawing: its width in drawing units, its type, its margins, and what did not fit on it."""

    variant: Variant
    lang: Lang
    width: float
    heading: Style
    note: Style
    pad: float
    """Between the edge of a box and its text."""
    gap: float
    """Between boxes."""
    misfits: list[Misfit] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether this is the drawing for columns of 560 px and more."""
        return self.variant == "wide"

    def write(
        self, text: str, x: float, top: float, room: float, style: Style, anchor: Anchor = "start", most: int = 6
    ) -> Label:
        """`text` below `top` in at most `most` lines no wider than `room`; what does not fit is noted in `misfits`."""
        lines = wrap(text, style, room, balanced=anchor == "middle")
        needed, word = widest_word(text, style)
        if signs := unknown_signs(text):
            self._refuse(text, f"the width of {signs!r} is not known", "Write it with letters, figures and plain signs.")
        if needed > room:
            self._refuse(
                text, f"“{word}” is {needed / room - 1:.0%} too wide for its place", "Choose a shorter word, or break it with a hyphen."
            )
        elif len(lines) > most:
            self._refuse(text, f"it takes {len(lines)} lines where {most} fit", "Shorten it.")
        return Label(x, top + ASCENT * style.size, lines, style, anchor)

    def _refuse(self, text: str, what: str, remedy: str) -> None:
        self.misfits.append(Misfit(text, self.lang, self.variant, what, remedy))

    def card(self, step: Step, x: float, y: float, w: float, badge: str = "", kicker: str = "") -> Card:
        """`step` in a box at `x`, `y` that is `w` wide and as high as its text; `kicker` stands above the heading."""
        lang, pad = self.lang, self.pad
        mark = Badge(x + pad + 12, y + pad + 12, badge, 12, replace(self.heading, size=13)) if badge else None
        left = x + pad + (32 if badge else 0)
        labels, bottom = [], y + pad - 2
        if kicker:
            labels.append(self.write(kicker, left, bottom, x + w - pad - left, replace(self.note, bold=True), most=2))
            bottom = labels[-1].bottom + 2
        top = bottom if kicker or not badge else y + pad + 12 - 0.6 * self.heading.size
        labels.append(self.write(step.label[lang], left, top, x + w - pad - left, self.heading, most=3))
        bottom = labels[-1].bottom + 4
        if badge:
            bottom = max(bottom, y + pad + 28)
        body = self.body(step, x + pad, bottom, w - 2 * pad)
        return Card(Box(x, y, w, body.bottom + pad - 6 - y), (*labels, *body.labels), body.dots, mark)

    def body(self, step: Step, x: float, top: float, room: float) -> Body:
        """The note and the particulars of `step`, without its heading."""
        labels, dots, bottom = [], [], top
        if step.note:
            labels.append(self.write(step.note[self.lang], x, bottom, room, self.note, most=7))
            bottom = labels[-1].bottom + 5
        for item in step.items:
            label = self.write(item[self.lang], x + 13, bottom, room - 13, self.note, most=4)
            dots.append(Dot(x + 3.5, label.y - 0.33 * self.note.size, 2.6))
            labels.append(label)
            bottom = label.bottom + 3
        return Body(tuple(labels), tuple(dots), bottom)


def canvases(lang: Lang) -> tuple[Canvas, Canvas]:
    """The two drawings of a figure: 680 units for text columns, 288 for a telephone of 320 px.

    Wide drawings are shown from 560 px (figures.css): 13.5 units are then 11.1 px, the smallest type on any screen.
    """
    return (
        Canvas("wide", lang, 680, Style(15, bold=True), Style(13.5), pad=12, gap=16),
        Canvas("narrow", lang, 288, Style(14.5, bold=True), Style(13), pad=10, gap=10),
    )


def entries(step: Step, lang: Lang) -> Entry:
    """A step in words."""
    return Entry(step.label[lang], step.note[lang] if step.note else "", tuple(Entry("", item[lang]) for item in step.items))
