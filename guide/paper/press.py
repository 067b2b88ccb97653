"""The HTML of each printed document.

Enters: a Document and what it is made from. Leaves: a whole HTML page from guide/templates/paper/, or the pieces of a
book, whose page numbers are known only after its chapters are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import accumulate
from typing import Any

import segno
from markupsafe import Markup

from guide.codes import check_character
from guide.dates import in_words
from guide.guide import Guide
from guide.marks import told
from guide.model import Chapter, Lang, Requirement, Term
from guide.paper.documents import Document, Stack, Unprintable
from guide.paper.shown import shown, words
from guide.render import Renderer, sort_key

CALLED = re.compile(r'popovertarget="t\d+-([a-z0-9-]+)"')
CARDS_A_PAGE = 6
BREAK = 10
"""Minutes between two hours of a session."""
NO_BREAK = "\u00a0"
ONE_LINE = 55
"""Signs of the title of a session: the running head has room for so many beside the kind of document."""


class Press:
    """Makes the HTML of the documents of one language."""

    def __init__(self, stack: Stack, lang: Lang) -> None:
        self.guide, self.articles, self.marks, self.lang = stack.guide, stack.articles, stack.marks, lang
        self.renderer = Renderer(self.guide, lang, behind=self.marks[lang])

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """The words that paper shows, in this language."""
        return words(self.guide, self.lang)

    def html(self, document: Document) -> str:
        """The page of any document but a book."""
        chapters = tuple(self.guide.chapter(code) for code in document.codes)
        made: dict[str, Callable[..., str]] = {
            "handout": self._handout, "worksheet": self._sheet, "bilingual": self._sheet, "training": self._training,
            "session": self._session,
        }  # fmt: skip
        return made[document.kind](document, *chapters)

    def address(self, slug: str = "", lang: Lang | None = None) -> str:
        """The page online, for links and the QR code; without a slug the home page of the language."""
        below = "es/" if (lang or self.lang) == "es" else ""
        return f"{self.guide.edition.site_url}{below}{f'chapters/{slug}/' if slug else ''}"

    def _page(self, document: Document, template: str, title: str, label: str, slug: str = "", **values: Any) -> str:
        origins = [self._origin(lang, slug) for lang in document.languages]
        return self.renderer.paper(
            f"{template}.html",
            kind=template,
            title=title,
            kind_label=label,
            origins=origins,
            address=origins[0]["address"],
            qr=origins[0]["qr"],
            languages=document.languages,
            both=[one["words"] for one in origins],
            edition=self.guide.edition,
            words=self.words,
            cards_a_page=CARDS_A_PAGE,
            said_in=self._said_in,
            waiting=[one for one in (self._waiting(document, lang) for lang in document.languages) if one["names"]],
            **{"chapter": None, **values},
        )

    def _origin(self, lang: Lang, slug: str) -> dict[str, Any]:
        """Where a page stands online and from which edition it is, as a reader of `lang` is told."""
        group, address = words(self.guide, lang), self.address(slug, lang)
        days = {name: getattr(self.guide.edition, name) for name in ("date", "valid_until")}
        return {
            "lang": lang,
            "words": group,
            "address": address,
            "qr": segno.make(address, error="m").svg_data_uri(border=2, scale=4),
            **{name: in_words(day, group["dates"]).replace(" ", NO_BREAK) for name, day in days.items()},
        }

    def _waiting(self, document: Document, lang: Lang) -> dict[str, Any]:
        """What of `document` is out of step, by name, for its first page."""
        names = shown(self.guide, document, lang)
        return {
            "lang": lang,
            "words": words(self.guide, lang)["translation"]["waits"],
            "names": list(dict.fromkeys(name for item, name in names.items() if item in self.marks[lang])),
        }

    def _said_in(self, lang: Lang, item: str, about: str = "") -> str:
        """What a reader of `lang` is told of a pair, for sheets in both languages; see `told`."""
        return told(self.marks[lang].get(item), words(self.guide, lang), about)

    def _handout(self, document: Document, chapter: Chapter) -> str:
        article = self.articles[self.lang, chapter.slug]
        terms = called_terms(self.guide, article)
        return self._page(
            document, "handout", chapter.title[self.lang], self.chapter_line(chapter), chapter.slug,
            content=Markup(article),
            terms=sorted(terms, key=lambda term: sort_key(term.term[self.lang])),
        )  # fmt: skip

    def chapter_line(self, chapter: Chapter) -> str:
        """Which chapter this is, in words."""
        return f"{self.words['card']['chapter']} {self.guide.chapters.index(chapter) + 1}"

    def _sheet(self, document: Document, chapter: Chapter) -> str:
        """The worksheet, in one language or in both."""
        requirements, languages, kind = self._asked(chapter), document.languages, document.kind
        first = requirements[0].id
        labels = [words(self.guide, lang)["paper"][kind] for lang in languages]
        return self._page(
            document, kind, " / ".join(chapter.title[lang] for lang in languages),
            " / ".join(labels), chapter.slug, requirements=requirements, chapter=chapter,
            example=f"{first.replace('-', '')}{check_character(first)} 3",
        )  # fmt: skip

    def _training(self, document: Document, chapter: Chapter) -> str:
        return self._page(
            document, "training", chapter.title[self.lang], self.words["paper"]["training_pack"], chapter.slug,
            hours=[self._hour(chapter, 0)],
        )  # fmt: skip

    def _session(self, document: Document, *chapters: Chapter) -> str:
        lengths = [sum(step.minutes for step in self.guide.training[chapter.code].plan) + BREAK for chapter in chapters]
        online = chapters[0].slug if len(chapters) == 1 else ""
        return self._page(
            document, "session", _titles(chapters, self.lang), self.words["paper"]["session"], online,
            hours=[self._hour(chapter, sum(lengths[:place])) for place, chapter in enumerate(chapters)],
            break_minutes=BREAK,
        )  # fmt: skip

    def _hour(self, chapter: Chapter, begins: int) -> dict[str, Any]:
        """The session of a chapter with all that its sheets show; it `begins` at this minute of the whole."""
        training = self.guide.training[chapter.code]
        ends = tuple(accumulate(step.minutes for step in training.plan))
        plan = [(end - step.minutes, step) for end, step in zip(ends, training.plan, strict=True)]

        def at(name: str) -> int:
            """When the step of this name begins; it has the same name in every plan."""
            return next((minute for minute, step in plan if step.activity.en.startswith(name)), 0)

        return {
            "chapter": chapter,
            "training": training,
            "requirements": self._asked(chapter),
            "begins": begins,
            "minutes": ends[-1],
            "plan": plan,
            "tabletop_at": at("Tabletop"),
            "quiz_at": at("Quiz"),
        }

    def _asked(self, chapter: Chapter) -> tuple[Requirement, ...]:
        requirements = self.guide.in_force(chapter.code)
        if not requirements:
            raise Unprintable("its checklist has no requirement in force")
        return requirements

    def book_front(self, book: Document, entries: list[tuple[str, str, int]]) -> str:
        """Cover and contents; each entry has its anchor, its title and its page."""
        return self._page(book, "book-front", self.words["site"]["name"], self.words["paper"]["book"], entries=entries)

    def book_back(self, book: Document, pages: Mapping[str, int], chapters: tuple[Chapter, ...]) -> str:
        """Glossary and index of requirements; `pages` says where each requirement stands."""
        return self._page(
            book, "book-back", self.words["site"]["name"], self.words["paper"]["book"],
            terms=sorted(self.guide.terms.values(), key=lambda term: sort_key(term.term[self.lang])),
            chapters=[(chapter, self.guide.in_force(chapter.code)) for chapter in chapters],
            pages=pages,
        )  # fmt: skip


def _titles(chapters: tuple[Chapter, ...], lang: Lang) -> str:
    """The chapters of a session on one line: by title, or by code when there are many."""
    titles = " · ".join(chapter.title[lang] for chapter in chapters)
    return titles if len(titles) <= ONE_LINE else " · ".join(chapter.code for chapter in chapters)


def called_terms(guide: Guide, article: str) -> list[Term]:
    """The terms that a page explains on demand; paper explains them at its end."""
    return [guide.terms[item] for item in dict.fromkeys(CALLED.findall(article))]
