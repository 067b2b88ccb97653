"""Which printed documents there are.

Enters: the guide and the rendered articles. Leaves: Documents (one layout each) with the PDF files made from it, and
the Stack that holds them together with what they are made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from guide.guide import Guide
from guide.marks import Marks
from guide.model import LANGUAGES, Chapter, Lang

Size = Literal["a4", "letter"]
SIZES: tuple[Size, ...] = ("a4", "letter")
Kind = Literal["handout", "worksheet", "bilingual", "training", "book", "session"]
Articles = Mapping[tuple[Lang, str], str]
"""HTML of the article of each chapter, by language and slug, as the member site shows it."""


class Unprintable(Exception):  # noqa: N818 - it carries what is wrong with a document
    """Raised when a document cannot be printed as it should be; says why."""


@dataclass(frozen=True)
class File:
    """One PDF of a document: its `path` below the folder, its paper size, whether it has form fields."""

    path: str
    size: Size
    fillable: bool = False


@dataclass(frozen=True)
class Document:
    """What is laid out once and printed on every size: `kind` in `lang` about the chapters with these `codes`."""

    kind: Kind
    lang: Lang
    codes: tuple[str, ...]
    name: str
    """Slug of the chapter, or the name of the whole."""
    sizes: tuple[Size, ...] = SIZES

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages in which it speaks, its own first."""
        others = tuple(other for other in LANGUAGES if other != self.lang)
        return (self.lang, *others) if self.kind == "bilingual" else (self.lang,)

    @property
    def files(self) -> tuple[File, ...]:
        """The PDF files made from the layout."""
        folder = "bilingual" if self.kind == "bilingual" else self.lang
        ending = {"worksheet": "-worksheet", "bilingual": "-worksheet", "training": "-training"}.get(self.kind, "")
        plain = tuple(File(f"{folder}/{size}/{self.name}{ending}.pdf", size) for size in self.sizes)
        if self.kind != "worksheet":
            return plain
        return plain + tuple(
            File(f"{folder}/{size}/{self.name}{ending}-fillable.pdf", size, fillable=True) for size in self.sizes
        )

    @property
    def about(self) -> str:
        """The chapters, or the kind of the whole, for messages."""
        return self.kind if self.kind == "book" else ", ".join(self.codes)


@dataclass(frozen=True)
class Stack:
    """Documents to be printed, and what they are made from."""

    guide: Guide
    articles: Articles
    marks: Marks
    """Which texts are out of step; the articles carry their own."""
    documents: tuple[Document, ...]


def documents(
    guide: Guide,
    articles: Articles,
    marks: Marks,
    *,
    codes: frozenset[str] | None = None,
    languages: tuple[Lang, ...] = LANGUAGES,
    sizes: tuple[Size, ...] = SIZES,
) -> Stack:
    """Every document of the guide, or those of some chapters; the book only when it is whole."""

    def all_of(lang: Lang) -> Iterator[Document]:
        ready = tuple(
            chapter for chapter in guide.chapters if complete(guide, chapter) and (lang, chapter.slug) in articles
        )
        if codes is None and ready:
            yield Document("book", lang, tuple(chapter.code for chapter in ready), "guide", sizes)
        for chapter in ready:
            if codes is None or chapter.code in codes:
                yield Document("handout", lang, (chapter.code,), chapter.slug, sizes)
                yield Document("worksheet", lang, (chapter.code,), chapter.slug, sizes)
                yield Document("training", lang, (chapter.code,), chapter.slug, sizes)
                if lang == languages[0]:
                    yield Document("bilingual", lang, (chapter.code,), chapter.slug, sizes)

    return Stack(guide, articles, marks, tuple(document for lang in languages for document in all_of(lang)))


def session(
    guide: Guide, marks: Marks, chapters: tuple[Chapter, ...], lang: Lang, sizes: tuple[Size, ...] = SIZES
) -> Stack:
    """The pack for a session about several chapters, in the order in which they are named."""
    codes = tuple(chapter.code for chapter in chapters)
    name = f"session-{'-'.join(codes).lower()}"
    return Stack(guide, {}, marks, (Document("session", lang, codes, name, sizes),))


def complete(guide: Guide, chapter: Chapter) -> bool:
    """Whether the chapter is written: without checklist and training session it is in preparation and has no paper."""
    return chapter.code in guide.checklists and chapter.code in guide.training
