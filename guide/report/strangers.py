"""Text that strangers wrote, made safe to show.

Enters: any text from a file. Leaves: the same words without what could steer a terminal, turn a line around or break a
workbook. Markup is not touched here: templates escape it.
"""

from __future__ import annotations

import unicodedata

KEPT = {"\n", "\t"}
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that change the direction of what follows: a name could rewrite the line in which it stands."""


def plain(text: str) -> str:
    """`text` without control characters (line break and tab stay), direction marks and code points that are no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in KEPT or _is_text(character))


def _is_text(character: str) -> bool:
    point = ord(character)
    no_character = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return not no_character and character not in TURNING and unicodedata.category(character) not in {"Cc", "Cs"}


def one_line(text: str) -> str:
    """`text` on one line, blanks joined."""
    return " ".join(plain(text).split())


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula when somebody edits or exports it."""
    return text.lstrip(" \t\n\u00a0")[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\n"}
