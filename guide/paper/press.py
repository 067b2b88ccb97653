"""The HTML of each printed document.

Enters: a Document and what it is made from. Leaves: a whole HTML page from guide/templates/paper/, or the pieces of a
book, whose page numbers are known only after its chapters are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import segno
from markupsafe import Markup

from guide.codes import check_character
from guide.guide import Guide
from guide.model import LANGUAGES, Chapter, Lang, Requirement, Term
from guide.paper.documents import Articles, Document, Unprintable
from guide.render import Renderer, sort_key

WORDS = ("site", "card", "paper", "checklist", "training", "weights", "glossary")
"""The groups of interface words that printed documents use; a template that wants another one fails."""
CALLED = re.compile(r'popovertarget="t\d+-([a-z0-9-]+)"')
CARDS_A_PAGE = 4
ONE_LINE = 55
"""Signs of the title of a session: the running head has room for so many beside the kind of document."""


class Press:
    """Makes the HTML of the documents of one language."""

    def __init__(self, guide: Guide, articles: Articles, lang: Lang) -> None:
        self.guide, self.articles, self.lang = guide, articles, lang
        self.renderer = Renderer(guide, lang)

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """The words that paper shows, in this language."""
        return words(self.guide, self.lang)

    def html(self, document: Document) -> str:
        """The page of any document but a book."""
        chapters = tuple(self.guide.chapter(code) for code in document.codes)
        if document.kind == "session":
            return self._session(chapters)
        made = {
            "handout": self._handout, "worksheet": self._worksheet, "bilingual": self._bilingual,
            "training": self._training,
        }  # fmt: skip
        return made[document.kind](chapters[0])

    def address(self, slug: str = "") -> str:
        """The page online, for links and the QR code; without a slug the home page of the language."""
        return f"{self.guide.edition.site_url}{'es/' if self.lang == 'es' else ''}{f'chapters/{slug}/' if slug else ''}"

    def _page(self, kind: str, title: str, label: str, slug: str = "", **values: Any) -> str:
        address = self.address(slug)
        return self.renderer.paper(
            f"{kind}.html",
            kind=kind,
            title=title,
            kind_label=label,
            address=address,
            qr=segno.make(address, error="m").svg_data_uri(border=2, scale=4),
            edition=self.guide.edition,
            words=self.words,
            cards_a_page=CARDS_A_PAGE,
            **values,
        )

    def _handout(self, chapter: Chapter) -> str:
        article = self.articles[self.lang, chapter.slug]
        terms = called_terms(self.guide, article)
        return self._page(
            "handout", chapter.title[self.lang], self.chapter_line(chapter), chapter.slug,
            content=Markup(article),
            terms=sorted(terms, key=lambda term: sort_key(term.term[self.lang])),
        )  # fmt: skip

    def chapter_line(self, chapter: Chapter) -> str:
        """Which chapter this is, in words."""
        return f"{self.words['card']['chapter']} {self.guide.chapters.index(chapter) + 1}"

    def _worksheet(self, chapter: Chapter) -> str:
        return self._sheet(chapter, (self.lang,), "worksheet")

    def _bilingual(self, chapter: Chapter) -> str:
        return self._sheet(chapter, (self.lang, *(other for other in LANGUAGES if other != self.lang)), "bilingual")

    def _sheet(self, chapter: Chapter, languages: tuple[Lang, ...], kind: str) -> str:
        requirements = self._asked(chapter)
        first = requirements[0].id
        both = [words(self.guide, lang) for lang in languages]
        return self._page(
            kind, " / ".join(chapter.title[lang] for lang in languages),
            " / ".join(group["paper"][kind] for group in both), chapter.slug,
            requirements=requirements, languages=languages, both=both,
            example=f"{first.replace('-', '')}{check_character(first)} 3",
        )  # fmt: skip

    def _training(self, chapter: Chapter) -> str:
        return self._page(
            "training", chapter.title[self.lang], self.words["paper"]["training_pack"], chapter.slug,
            hours=[self._hour(chapter)],
        )  # fmt: skip

    def _session(self, chapters: tuple[Chapter, ...]) -> str:
        return self._page(
            "session", _titles(chapters, self.lang), self.words["paper"]["session"],
            hours=[self._hour(chapter) for chapter in chapters],
        )  # fmt: skip

    def _hour(self, chapter: Chapter) -> dict[str, Any]:
        """The session of a chapter with all that its sheets show."""
        return {
            "chapter": chapter,
            "training": self.guide.training[chapter.code],
            "requirements": self._asked(chapter),
        }

    def _asked(self, chapter: Chapter) -> tuple[Requirement, ...]:
        requirements = self.guide.in_force(chapter.code)
        if not requirements:
            raise Unprintable("its checklist has no requirement in force")
        return requirements

    def book_front(self, entries: list[tuple[str, str, int]]) -> str:
        """Cover and contents; each entry has its anchor, its title and its page."""
        return self._page("book-front", self.words["site"]["name"], self.words["paper"]["book"], entries=entries)

    def book_back(self, pages: Mapping[str, int], chapters: tuple[Chapter, ...]) -> str:
        """Glossary and index of requirements; `pages` says where each requirement stands."""
        return self._page(
            "book-back", self.words["site"]["name"], self.words["paper"]["book"],
            terms=sorted(self.guide.terms.values(), key=lambda term: sort_key(term.term[self.lang])),
            chapters=[(chapter, self.guide.in_force(chapter.code)) for chapter in chapters],
            pages=pages,
        )  # fmt: skip


def _titles(chapters: tuple[Chapter, ...], lang: Lang) -> str:
    """The chapters of a session on one line: by title, or by code when there are many."""
    titles = " · ".join(chapter.title[lang] for chapter in chapters)
    return titles if len(titles) <= ONE_LINE else " · ".join(chapter.code for chapter in chapters)


def words(guide: Guide, lang: Lang) -> dict[str, dict[str, str]]:
    """The groups of interface words that paper uses, in one language."""
    every = guide.interface.words(lang)
    return {group: every[group] for group in WORDS if group in every}


def called_terms(guide: Guide, article: str) -> list[Term]:
    """The terms that a page explains on demand; paper explains them at its end."""
    return [guide.terms[item] for item in dict.fromkeys(CALLED.findall(article))]
