"""A short mark of what a text says.

Enters: a text as its author wrote it. Leaves: twelve hexadecimal signs that change when the meaning may have changed
(a word, a number, a *not*) and stay when only the look changed (line breaks, emphasis, quotation style, spaces, the
width of a table, the id of a heading).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LENGTH = 12
_LOOK = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " ",
                       "\u202f": " ", "…": "...", "\u00ad": None, "*": None, "_": " "})  # fmt: skip
_QUOTED = re.compile(r"(?<!\w)'([^'\n]+)'(?!\w)")
"""Straight marks around words; one that belongs to a word (today's, the guards' hut) opens none."""
_HEADING_OR_LIST = re.compile(r"^\s*(#{1,6}|[-+]|>|!!!)\s+", re.MULTILINE)
_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,2})\.\s+")
_HEADING_ID = re.compile(r"\s*\{#[^}\s]+\}[ \t]*$", re.MULTILINE)
_TABLE_RULE = re.compile(r"^\s*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t:-]*)*$", re.MULTILINE)


def essence(text: str) -> str:
    """The words of a text with everything that is only look removed."""
    plain = _QUOTED.sub(r'"\1"', unicodedata.normalize("NFC", text).translate(_LOOK))
    plain = _TABLE_RULE.sub("", _HEADING_ID.sub("", plain))
    return " ".join(_HEADING_OR_LIST.sub("", _without_numbers(plain)).split())


def _without_numbers(text: str) -> str:
    """A text without the numbers of its lists: 1, and each that follows the one before. "7. That day" is a figure."""
    rows, before = text.split("\n"), 0
    for at, row in enumerate(rows):
        found = _NUMBERED.match(row)
        if found and int(found["number"]) in {1, before + 1}:
            before = int(found["number"])
            rows[at] = row[found.end() :]
    return "\n".join(rows)


def fingerprint(*texts: str) -> str:
    """The mark of one text, or of several that belong together, in this order."""
    joined = "\x1f".join(essence(text) for text in texts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:LENGTH]
