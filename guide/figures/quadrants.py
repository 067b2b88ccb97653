"""Four quarters of one aim, such as the four Ps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Box, Card, Label
from guide.figures.step import Entry, Step, entries
from guide.model import Frozen, Lang, Text


class Quadrants(Frozen):
    """Content of `quadrants`: exactly four parts, read in rows, and the aim that they share."""

    centre: Text
    quarters: Annotated[tuple[Step, ...], Field(min_length=4, max_length=4)]


@dataclass(frozen=True)
class QuadrantsLayout:
    """Where everything stands; `ties` join the aim to its quarters."""

    width: float
    height: float
    pill: Box
    centre: Label
    cards: tuple[Card, ...]
    ties: tuple[tuple[tuple[float, float], ...], ...]


def lay_out(content: Quadrants, canvas: Canvas) -> QuadrantsLayout:
    """`content` on `canvas`: two by two around the aim, or one column under it."""
    pill, centre = _pill(content, canvas)
    if not canvas.wide:
        cards, ties, y = [], [], pill.bottom + canvas.gap
        for step in content.quarters:
            ties.append(((canvas.width / 2, y - canvas.gap), (canvas.width / 2, y)))
            cards.append(canvas.card(step, 0, y, canvas.width))
            y = cards[-1].box.bottom + canvas.gap
        return QuadrantsLayout(canvas.width, cards[-1].box.bottom, pill, centre, tuple(cards), tuple(ties))
    w = (canvas.width - canvas.gap) / 2
    placed = [canvas.card(step, index % 2 * (w + canvas.gap), 0, w) for index, step in enumerate(content.quarters)]
    upper, lower = max(c.box.h for c in placed[:2]), max(c.box.h for c in placed[2:])
    band = pill.h + 2 * canvas.gap
    cards = [card.grown(upper) for card in placed[:2]]
    cards += [card.moved(0, upper + band).grown(lower) for card in placed[2:]]
    down = upper + canvas.gap
    pill, centre = replace(pill, y=down), replace(centre, y=centre.y + down)
    ties = [
        ((x, edge), (x, pill.y if above else pill.bottom))
        for x in (pill.x + 28, pill.right - 28)
        for above, edge in ((True, upper), (False, upper + band))
    ]
    return QuadrantsLayout(canvas.width, upper + band + lower, pill, centre, tuple(cards), tuple(ties))


def _pill(content: Quadrants, canvas: Canvas) -> tuple[Box, Label]:
    room = 500.0 if canvas.wide else canvas.width
    centre = canvas.write(content.centre[canvas.lang], canvas.width / 2, 8, room - 32, canvas.heading, "middle", most=3)
    return Box((canvas.width - room) / 2, 0, room, centre.bottom + 8, 18), centre


def in_words(content: Quadrants, lang: Lang) -> tuple[Entry, ...]:
    """The aim with its four parts."""
    return (Entry(content.centre[lang], below=tuple(entries(step, lang) for step in content.quarters)),)
