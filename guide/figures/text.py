"""Labels broken into lines, because SVG cannot wrap text by itself.

Enters: a text, a type size, the room in drawing units. Leaves: lines that fit, or the word that does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guide.figures.widths import BOLD, PLAIN

ASCENT = 0.93
DESCENT = 0.24
"""Height above and below the baseline that browsers count for a line of DejaVu Sans, in type sizes."""

#: A line may break at a space, and after a hyphen, slash or dash inside a word; never at a no-break space.
_PIECE = re.compile(r"[^ \-/–]*[\-/–]*")


@dataclass(frozen=True)
class Style:
    """A size of type in drawing units, and whether it is bold."""

    size: float
    bold: bool = False

    @property
    def leading(self) -> float:
        """From one baseline to the next."""
        return round(self.size * 1.3, 1)


def unknown_signs(text: str) -> str:
    """The signs of `text` that have no width, each once."""
    return "".join(dict.fromkeys(sign for sign in text if sign not in PLAIN))


def width(text: str, style: Style) -> float:
    """Width of `text` on one line in drawing units; an unknown sign counts as the widest."""
    table = BOLD if style.bold else PLAIN
    return sum(table.get(sign, 1103) for sign in text) * style.size / 1000


def widest_word(text: str, style: Style) -> tuple[float, str]:
    """The part of `text` that cannot be broken and needs most room, with its width."""
    found = ((width(piece, style), piece) for word in text.split(" ") for piece in _pieces(word))
    return max(found, default=(0.0, ""))


def wrap(text: str, style: Style, room: float, balanced: bool = False) -> tuple[str, ...]:
    """`text` in lines no wider than `room` (an unbreakable word may still be wider: see `widest_word`).

    `balanced` makes the lines about equally long, for centred labels.
    """
    lines = _fill(text, style, room)
    if not balanced or len(lines) == 1:
        return lines
    low, high = max(room / 3, widest_word(text, style)[0]), room
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(text, style, middle)) <= len(lines) else (middle, high)
    return _fill(text, style, high)


def _fill(text: str, style: Style, room: float) -> tuple[str, ...]:
    lines, line = [], ""
    for word in text.split(" "):
        glue = " " if line else ""
        for piece in _pieces(word):
            if line and width(line + glue + piece, style) > room:
                lines.append(line)
                line = piece
            else:
                line += glue + piece
            glue = ""
    return (*lines, line)


def _pieces(word: str) -> list[str]:
    return [piece for piece in _PIECE.findall(word) if piece]
