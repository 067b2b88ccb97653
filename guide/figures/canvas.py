"""The paper of one drawing: text goes in, labels and cards with their places come out, and a list of what did not fit.

Each figure is drawn twice, for text columns and for a telephone of 320 px; figures.css shows one of the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from guide.figures.shapes import Anchor, Badge, Body, Box, Card, Dot, Label
from guide.figures.step import Step
from guide.figures.text import ASCENT, Style, unknown_signs, widest_word, wrap
from guide.model import Lang

Variant = Literal["wide", "narrow"]


@dataclass(frozen=True)
class Misfit:
    """A label that does not fit its place: the `label`, where (`lang`, `variant`), `what` is wrong, the `remedy`."""

    label: str
    lang: Lang
    variant: Variant
    what: str
    remedy: str


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
            self._refuse(text, f"the width of {signs!r} is not known", "Write letters, figures and plain signs.")
        if needed > room:
            over = f"“{word}” is {needed / room - 1:.0%} too wide for its place"
            self._refuse(text, over, "Choose a shorter word, or break it with a hyphen.")
        elif len(lines) > most:
            self._refuse(text, f"it takes {len(lines)} lines where {most} fit", "Shorten it.")
        return Label(x, top + ASCENT * style.size, lines, style, anchor)

    def _refuse(self, text: str, what: str, remedy: str) -> None:
        self.misfits.append(Misfit(text, self.lang, self.variant, what, remedy))

    def card(self, step: Step, x: float, y: float, w: float, badge: str = "", tag: str = "") -> Card:
        """`step` in a box at `x`, `y` that is `w` wide and as high as its text; `tag` stands under the heading."""
        lang, pad = self.lang, self.pad
        if badge:
            mark, heading = self.numbered(badge, step.label[lang], x + pad, y + pad, w - 2 * pad)
        else:
            mark, heading = None, self.write(step.label[lang], x + pad, y + pad - 2, w - 2 * pad, self.heading, most=3)
        labels = [heading]
        if tag:
            labels.append(self.write(tag, heading.x, heading.bottom + 1, x + w - pad - heading.x, self.note, most=2))
        bottom = max(labels[-1].bottom + 4, y + pad + 28 if mark else 0)
        body = self.body(step, x + pad, bottom, w - 2 * pad)
        return Card(Box(x, y, w, body.bottom + pad - 6 - y), (*labels, *body.labels), body.dots, mark)

    def numbered(self, number: str, text: str, x: float, y: float, room: float, most: int = 3) -> tuple[Badge, Label]:
        """A badge whose upper left corner is `x`, `y`, and `text` as the heading beside it."""
        badge = Badge(x + 12, y + 12, number, 12, Style(13.5, bold=True))
        return badge, self.write(text, x + 32, badge.y - 0.6 * self.heading.size, room - 32, self.heading, most=most)

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
