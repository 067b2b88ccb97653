"""How easily a chapter reads, by the formula of each language.

Enters: the prose of a chapter. Leaves: a reading ease from 0 (a statute) to 100 (a children's book); officers who read
in a second language are served well above 50. English: Flesch (1948); Spanish: Fernández Huerta (1959). A rule of
`guide check` asks for the English; the Spanish figure is told and stops nobody: its formula is less proven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from guide.model import LANGUAGES, Lang
from guide.pages import Page
from guide.problems import Problem
from guide.rules import Subject

EASE_WANTED = 50
"""Below it Flesch calls a text difficult: fit for specialists, not for a shift."""
ENGLISH = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?<=[^aeiouyl])es?$|(?<=[aeiouy]l)es?$|(?<=[^aeiouydt])ed$")
"""The e of *gate*, *rules* and *checked*; that of *table* and *wanted* is heard."""
SPANISH = re.compile(r"[aeoáéíóú]|(?<![aeoáéíóú])[iuüy]+(?![aeoáéíóúiuüy])")
"""A strong or accented vowel is a syllable; weak ones are one where they stand without a strong one."""
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"(?<=[.?!:;])\s+|$")


@dataclass(frozen=True)
class Ease:
    """Figures of one text."""

    words: int
    sentences: int
    syllables: int
    lang: Lang

    @property
    def value(self) -> float:
        """Reading ease; 0 for no text."""
        if not self.words:
            return 0.0
        length, weight = self.words / self.sentences, self.syllables / self.words
        return 206.835 - 1.015 * length - 84.6 * weight if self.lang == "en" else 206.84 - 1.02 * length - 60 * weight


def ease(page: Page, lang: Lang) -> Ease:
    """Figures of the running text of a page: whole sentences, not titles, list heads or cells of tables."""
    sentences = [
        words
        for _, text in page.prose
        if text.rstrip().endswith((".", "?", "!", ":"))
        for sentence in SENTENCE.split(text)
        if (words := WORD.findall(sentence))
    ]
    words = [word for sentence in sentences for word in sentence]
    return Ease(len(words), len(sentences), sum(_syllables(word.lower(), lang) for word in words), lang)


@cache
def _syllables(word: str, lang: Lang) -> int:
    """Syllables as they are heard. English by groups of vowels, right for nine words of ten; Spanish by its rules."""
    if lang == "es":
        return max(1, len(SPANISH.findall(word)))
    return max(1, len(ENGLISH.findall(SILENT.sub("", word))))


def easy_enough(subject: Subject) -> Iterator[Problem]:
    """The English of a chapter has a reading ease of at least 50."""
    for page in subject.pages["en"].values():
        if page.is_chapter and (found := ease(page, "en").value) < EASE_WANTED:
            yield Problem(
                page.file, 0, "", f"The chapter is hard to read: its reading ease is {found:.0f}.",
                f"Shorten sentences and choose plainer words until it is {EASE_WANTED} or more "
                "(guide status --reading).",
            )  # fmt: skip


def reading_table(pages: Mapping[Lang, Mapping[str, Page]]) -> list[str]:
    """One line a chapter: words and reading ease in each language."""
    lines = [f"{'chapter':<46}" + "".join(f"{f'words {lang}':>10}{f'ease {lang}':>9}" for lang in LANGUAGES)]
    for name, page in pages["en"].items():
        if page.is_chapter:
            both = [(lang, pages[lang][name]) for lang in LANGUAGES]
            figures = "".join(
                f"{sum(len(text.split()) for _, text in one.prose):>10}{ease(one, lang).value:>9.0f}"
                for lang, one in both
            )
            lines.append(f"{page.slug:<46}{figures}")
    return lines
