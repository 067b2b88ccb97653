"""What a reader is told of a text of which one language moved alone: one sentence, the same on screen, paper and files.

Enters: which texts are out of step and since when, and the interface words of the reader. Leaves: plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guide.dates import in_words
from guide.model import LANGUAGES, Lang


@dataclass(frozen=True)
class Behind:
    """Why a text may not say what the other language says: the name of a State, and the day (ISO) of the change."""

    state: str
    day: str | None


Marks = Mapping[Lang, Mapping[str, Behind]]
"""By the reader's language and the name of the pair; a pair that is in step is not in it."""
IN_STEP: Marks = {lang: {} for lang in LANGUAGES}
"""Nothing is out of step."""


def told(behind: Behind | None, words: Mapping[str, Mapping[str, str]], about: str = "") -> str:
    """The sentence in the language of `words`; empty for a text that is in step.

    `about` chooses other words: "columns_" for a sheet on which both languages stand side by side.
    """
    if behind is None:
        return ""
    said, name = words["translation"], f"{about}{behind.state.lower()}"
    if behind.day is None:
        return said[name]
    return said[f"{name}_on"].replace("{date}", in_words(behind.day, words["dates"]))


def from_data(state: str, changed: Mapping[Lang, str | None], lang: Lang) -> Behind:
    """What a reader of `lang` is told, from what `as_data` wrote for programs."""
    other: Lang = "es" if lang == "en" else "en"
    return Behind(state.upper(), changed[other] or changed[lang])


def as_data(marks: Marks, item: str) -> dict[str, object] | None:
    """For programs: the state, and the day (ISO) on which each side changed, as far as known; None in step."""
    english, spanish = marks["en"].get(item), marks["es"].get(item)
    if english is None or spanish is None:
        return None
    state = english.state.lower()
    # A reader is told the day of the other language, unless only the own one moved.
    changed = {
        "en": spanish.day if state != "spanish_moved" else None,
        "es": english.day if state != "english_moved" else None,
    }
    return {"state": state, "changed": changed}
