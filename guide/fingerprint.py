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
                       "\u202f": " ", "\u00ad": None, "*": None, "_": " "})  # fmt: skip
_HEADING_OR_LIST = re.compile(r"^\s*(#{1,6}|[-+]|\d{1,2}\.|>|!!!)\s+", re.MULTILINE)
_HEADING_ID = re.compile(r"\s*\{#[^}\s]+\}[ \t]*$", re.MULTILINE)
_TABLE_RULE = re.compile(r"^\s*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t:-]*)*$", re.MULTILINE)


def essence(text: str) -> str:
    """The words of a text with everything that is only look removed."""
    plain = unicodedata.normalize("NFC", text).translate(_LOOK)
    plain = _TABLE_RULE.sub("", _HEADING_ID.sub("", plain))
    return " ".join(_HEADING_OR_LIST.sub("", plain).split())


def fingerprint(*texts: str) -> str:
    """The mark of one text, or of several that belong together, in this order."""
    joined = "\x1f".join(essence(text) for text in texts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:LENGTH]
