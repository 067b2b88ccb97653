"""Which documents there are, and the HTML of each.

Enters: the guide, the rendered articles, a language and a paper size. Leaves: Document values: where the PDF belongs,
what it is made from, and what it must be able to do (tags, form fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import segno
from markupsafe import Markup

from guide.guide import Guide
from guide.model import LANGUAGES, Chapter, Lang
from guide.paper.printable import printable
from guide.render import Renderer, check_character, sort_key

Size = Literal["a4", "letter"]
SIZES: tuple[Size, ...] = ("a4", "letter")
Articles = Mapping[tuple[Lang, str], str]
"""HTML of the article of each chapter, by language and slug, as the member site shows it."""


@dataclass(frozen=True)
class Document:
    """One PDF to be made: its `path` below paper/, its `html`, the chapter it is about (for messages)."""

    path: str
    html: str
    size: Size
    about: str
    tagged: bool = True
    fillable: bool = False


class Press:
    """Makes the HTML of every document of one language and size."""

    def __init__(self, guide: Guide, articles: Articles, lang: Lang, size: Size) -> None:
        self.guide, self.articles, self.lang, self.size = guide, articles, lang, size
        self.renderer = Renderer(guide, lang)
        self.words = self.renderer.words

    def address(self, slug: str) -> str:
        """The page online, for links and the QR code."""
        return f"{self.guide.edition.site_url}{'es/' if self.lang == 'es' else ''}{f'chapters/{slug}/' if slug else ''}"

    def _document(self, template: str, path: str, chapter: Chapter | None, kind: str, **values: Any) -> Document:
        title = values.pop("title", chapter.title[self.lang] if chapter else "")
        kind_label = self.words["paper"][kind]
        address = self.address(chapter.slug if chapter else "")
        options = {name: values.pop(name) for name in ("tagged", "fillable") if name in values}
        html = self.renderer.paper(
            template,
            title=title,
            kind=kind.replace("_", "-"),
            kind_label=kind_label,
            running=f"{title} · {kind_label}",
            size=self.size,
            address=address,
            qr=segno.make(address, error="m").svg_data_uri(border=2, scale=4),
            edition=self.guide.edition,
            **values,
        )
        return Document(path, html, self.size, chapter.code if chapter else kind, **options)

    def handout(self, chapter: Chapter) -> Document:
        """The chapter to read: text, checklist, references, and the terms that the page explains on demand."""
        article = self.articles[self.lang, chapter.slug]
        called = dict.fromkeys(re.findall(r'popovertarget="t\d+-([a-z0-9-]+)"', article))
        terms = sorted((self.guide.terms[item] for item in called), key=lambda term: sort_key(term.term[self.lang]))
        content = Markup(printable(article, self.address(chapter.slug)))
        path = f"{self.lang}/{self.size}/{chapter.slug}.pdf"
        return self._document("handout.html", path, chapter, "handout", content=content, terms=terms)

    def worksheet(
        self, chapter: Chapter, *, fillable: bool = False, languages: tuple[Lang, ...] | None = None
    ) -> Document:
        """The requirements to tick and fill in, by hand or on screen; in one language or both side by side."""
        requirements = self.guide.in_force(chapter.code)
        first = requirements[0].id
        folder = self.lang if languages is None else "bilingual"
        return self._document(
            "worksheet.html",
            f"{folder}/{self.size}/{chapter.slug}-worksheet{'-fillable' if fillable else ''}.pdf",
            chapter,
            "worksheet" if languages is None else "bilingual",
            requirements=requirements,
            languages=languages or (self.lang,),
            example=f"{first.replace('-', '')}{check_character(first)} 3",
            box=_box(fillable),
            field=_field(fillable),
            tagged=not fillable,
            fillable=fillable,
        )

    def training(self, chapter: Chapter) -> Document:
        """Everything that a trainer needs for the hour: facilitator, participant, cards, sheets."""
        return self._document(
            "training.html",
            f"{self.lang}/{self.size}/{chapter.slug}-training.pdf",
            chapter,
            "training_pack",
            training=self.guide.training[chapter.code],
            requirements=self.guide.in_force(chapter.code),
        )

    def book(self, chapters: tuple[Chapter, ...]) -> Document:
        """The whole guide with contents, glossary and index."""
        inside = frozenset(f"{self.address(chapter.slug)}\t{chapter.slug}" for chapter in chapters)
        bodies = [
            {
                "slug": chapter.slug,
                "title": chapter.title[self.lang],
                "content": Markup(
                    printable(self.articles[self.lang, chapter.slug], self.address(chapter.slug), chapter.slug, inside)
                ),
            }
            for chapter in chapters
        ]
        requirements = [
            {"id": requirement.id, "text": requirement.text[self.lang], "slug": chapter.slug}
            for chapter in chapters
            for requirement in self.guide.in_force(chapter.code)
        ]
        return self._document(
            "book.html",
            f"{self.lang}/{self.size}/guide.pdf",
            None,
            "book",
            title=self.words["site"]["name"],
            chapters=bodies,
            requirements=requirements,
            terms=sorted(self.guide.terms.values(), key=lambda term: sort_key(term.term[self.lang])),
            glossary_title={"en": "Glossary", "es": "Glosario"}[self.lang],
        )


def documents(guide: Guide, articles: Articles, *, codes: frozenset[str] | None = None) -> Iterator[Document]:
    """Every document of the guide, or those of some chapters."""
    for size in SIZES:
        for lang in LANGUAGES:
            press = Press(guide, articles, lang, size)
            ready = tuple(
                c
                for c in guide.chapters
                if guide.in_force(c.code) and c.code in guide.training and (lang, c.slug) in articles
            )
            for chapter in ready:
                if codes is not None and chapter.code not in codes:
                    continue
                yield press.handout(chapter)
                yield press.worksheet(chapter)
                yield press.worksheet(chapter, fillable=True)
                yield press.training(chapter)
                if lang == "en":
                    yield press.worksheet(chapter, languages=LANGUAGES)
            if codes is None:
                yield press.book(ready)


def _box(fillable: bool) -> Any:
    def box(name: str) -> Markup:
        if fillable:
            return Markup('<input type="checkbox" name="{}">').format(name)
        return Markup('<span class="tick" role="img" aria-label="☐">☐</span>')

    return box


def _field(fillable: bool) -> Any:
    def field(name: str) -> Markup:
        return Markup('<input type="text" name="{}">').format(name) if fillable else Markup("")

    return field
