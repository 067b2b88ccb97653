"""What an item of data/ says without language: a weight, a date, the months of a validity, who is in the room.

Enters: a part of the guide and the interface words of both languages. Leaves: Facts, each a line in both languages, so
that a bulletin and a reviewer see "Weight: Essential" become "Weight: Important".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from guide.changes_model import Changes
from guide.model import LANGUAGES, Citation, Interface, Lang, Synonyms, Text

Vocabulary = Mapping[Lang, Mapping[str, Mapping[str, str]]]
"""The interface words by language; what a fact is called stands in their group `facts`."""
NO_FACT = {
    "id": "the name of the entry itself",
    "code": "the name of the entry itself",
    "chapter": "the name of the entry itself",
    "slug": "an address",
    "uid_suffix": "a name in calendar files",
    "symbol": "drawn beside a word that says the same",
    "mark": "drawn beside a word that says the same",
    "direction": "how a figure is drawn",
    "to": "how a figure is drawn",
}
"""Fields without a language that tell a reader nothing, and why."""
NAMED = {
    "weight": ("weights",), "phase": ("phases",), "applies_to": ("applies",), "roles": ("roles",),
    "in_the_room": ("roles",), "domain": ("domains",), "kind": ("case_kinds", "reference_kinds"),
}  # fmt: skip
"""Fields whose values have words elsewhere in the interface, with their groups; the others are in `fact-values`."""


@dataclass(frozen=True)
class Fact:
    """One line in both languages. Two with the same `key` say the same, whatever the text is called beside them."""

    key: str
    en: str
    es: str

    def line(self, lang: Lang) -> str:
        """As a reader of a language sees it."""
        return self.en if lang == "en" else self.es


def facts(value: Any, words: Vocabulary) -> Iterator[Fact]:
    """Every fact of one item, in order; `words` of today name the facts of any time."""
    if isinstance(value, Interface | Changes):
        return
    yield from _of(value, "", None, words)


def named_fact(name: str, value: str, words: Vocabulary) -> Fact:
    """A fact that stands alone, such as who may read a page."""
    return _fact(name, {lang: _said(name, value, words[lang]) for lang in LANGUAGES}, None, words)


def _of(value: Any, name: str, beside: Text | None, words: Vocabulary) -> Iterator[Fact]:
    match value:
        case None | Text():
            return
        case Citation():
            shown = f"{value.id}, {value.clause}" if value.clause else value.id
            yield _fact("references", dict.fromkeys(LANGUAGES, shown), None, words)
        case Synonyms():
            yield _fact(name, {lang: ", ".join(value[lang]) or "–" for lang in LANGUAGES}, None, words)
        case BaseModel():
            parts = [(part, getattr(value, part)) for part in type(value).model_fields]
            called = next((inner for _, inner in parts if isinstance(inner, Text)), None)
            for part, inner in parts:
                if part == "sought" and isinstance(inner, Text):
                    yield _fact(part, {lang: inner[lang] for lang in LANGUAGES}, None, words)
                yield from _of(inner, part, called if name else None, words)
        case Mapping():
            for inner in value.values():
                yield from _of(inner, name, beside, words)
        case tuple() if any(isinstance(inner, BaseModel | tuple) for inner in value):
            for inner in value:
                yield from _of(inner, name or "list", beside, words)
        case tuple():
            if value and name not in NO_FACT:
                listed = {lang: ", ".join(_said(name, inner, words[lang]) for inner in value) for lang in LANGUAGES}
                yield _fact(name, listed, beside, words)
        case _:
            if name not in NO_FACT:
                yield _fact(name, {lang: _said(name, value, words[lang]) for lang in LANGUAGES}, beside, words)


def _fact(name: str, shown: Mapping[Lang, str], beside: Text | None, words: Vocabulary) -> Fact:
    said = {lang: f"{words[lang]['facts'][name]}: {shown[lang]}" for lang in LANGUAGES}
    called = {lang: f"{beside[lang]} · {said[lang]}" if beside else said[lang] for lang in LANGUAGES}
    return Fact(f"{name} {shown['en']} {shown['es']}", called["en"], called["es"])


def _said(name: str, value: Any, words: Mapping[str, Mapping[str, str]]) -> str:
    plain = str(value.value if isinstance(value, Enum) else value)
    for group in (*NAMED.get(name, ()), "fact_values"):
        for key in (plain.lower() if isinstance(value, bool) else plain, f"w{plain}"):
            if key in words[group]:
                return words[group][key]
    return plain
