"""A date as a reader says it.

Enters: a date as the data writes it (ISO 8601: day, month, year, or two of them with a slash) and the interface words.
Leaves: "10 August 2018", "octubre de 1985", "2018 – 2023".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

Dates = Mapping[str, str]
"""The group `dates` of the interface words: `m1` to `m12`, and the patterns `day` and `month`."""


def in_words(when: str | date, words: Dates) -> str:
    """`when` in the language of `words`; of a range both ends. Raises ValueError or KeyError if it is none."""
    text = when.isoformat() if isinstance(when, date) else when
    return " – ".join(_one(part, words) for part in text.split("/"))


def _one(text: str, words: Dates) -> str:
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return str(year)
    pattern = words["day"] if len(rest) == 2 else words["month"]
    return pattern.format(year=year, month=words[f"m{rest[0]}"], day=rest[-1])
