"""A part of the guide as HTML in one language.

Enters: the guide, the figures and a language. Leaves: HTML made by guide/templates/, escaped there and nowhere else.
`base` is always the relative way from the page to the root of its language ("../../"), ending in a slash or "./".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from guide.changes_model import Changes
from guide.codes import check_character
from guide.dates import in_words
from guide.fingerprint import fingerprint
from guide.guide import Guide
from guide.load import Place
from guide.marks import Behind, told
from guide.model import LANGUAGES, Chapter, Citation, Domain, Lang, Requirement

TEMPLATES = Path(__file__).parent / "templates"
WORDS_A_MINUTE = 200
"""Reading speed for dense text in a second language; only used to say how long a chapter takes."""


class Compiled(jinja2.BytecodeCache):
    """Templates compiled once in a run, while renderers come and go with every saved file (the preview)."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket; Jinja refuses what was compiled from another text."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED: dict[Lang, Compiled] = {lang: Compiled() for lang in LANGUAGES}
"""By language, because filters that depend on it may be applied while a template is compiled."""


def clause_in_words(clause: str, words: Mapping[str, str]) -> str:
    """A clause with its kind ("ch.") as `words`, the group `clause` of the interface, has it."""
    head, dot, rest = clause.partition(". ")
    return f"{words[head]} {rest}" if dot and head in words else clause


class Renderer:
    """Renders parts of `guide` in `lang`.

    `uses` says which pages cite what (from the pages' own macro calls); `lengths` how many words of prose each written
    chapter has, by code: a chapter that is not in it has no page yet; `behind` which texts follow the other language,
    by the name of their pair. A `public` one never links to a member page.
    """

    def __init__(
        self,
        guide: Guide,
        lang: Lang,
        uses: Uses | None = None,
        lengths: Mapping[str, int] | None = None,
        behind: Mapping[str, Behind] | None = None,
        *,
        public: bool = False,
    ) -> None:
        self.guide = guide
        self.lang: Lang = lang
        self.uses = uses or Uses({})
        self.lengths = lengths or {}
        self._behind = behind or {}
        self._forge: str | None = None
        self._places: Mapping[str, Place] = {}
        self.words = guide.interface.words(lang)
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED[lang],
        )
        self.environment.filters["t"] = lambda text: text[lang]
        self.environment.filters["date"] = self.date
        self.environment.globals.update(
            lang=lang, other="es" if lang == "en" else "en", words=self.words, guide=guide, public=public,
            clause=self.clause, check=check_character, read=self.minutes_to_read, assess=self.minutes_to_assess,
            uses=self.uses, fingerprint=fingerprint, behind=self.behind, behind_words=self.behind_words,
            sign=self.sign, change=self.change_link,
        )  # fmt: skip

    def _html(self, template: str, **values: Any) -> str:
        return Markup(self.environment.get_template(template).render(**values))

    def date(self, when: str | date) -> str:
        """A date of the data in this language."""
        return in_words(when, self.words["dates"])

    def minutes_to_read(self, code: str) -> int | None:
        """Minutes for the prose of a chapter; None while it is not written."""
        return max(1, round(self.lengths[code] / WORDS_A_MINUTE)) if code in self.lengths else None

    def minutes_to_assess(self, code: str) -> int:
        """Minutes for a group to answer the checklist of a chapter."""
        return len(self.guide.in_force(code)) * self.guide.scoring.effort.minutes_per_requirement

    def clause(self, citation: Citation) -> str:
        """ "ch. 3" as it is written in this language; other notations (A/16.3) are the same in both."""
        return clause_in_words(citation.clause or "", self.words["clause"])

    def checklist(self, code: str, base: str) -> str:
        """The requirements of a chapter with everything that helps to answer them."""
        checklist = self.guide.checklists[code]
        chapter = self.guide.chapter(code)
        return self._html("checklist.html", chapter=chapter, requirements=checklist.requirements, base=base)

    def card(self, chapter: Chapter, base: str, readers: tuple[str, ...]) -> str:
        """The card at the head of a chapter."""
        return self._html(
            "card.html", chapter=chapter, number=self.guide.chapters.index(chapter) + 1, base=base, readers=readers,
            root=base + "../" if self.lang == "es" else base,
            checklist=self.guide.checklists.get(chapter.code), requirements=self.guide.in_force(chapter.code),
            training=self.guide.training.get(chapter.code),
        )  # fmt: skip

    def training(self, code: str, base: str) -> str:
        """The plan of the session; facilitator's notes and injects stay on paper."""
        chapter = self.guide.chapter(code)
        return self._html("training.html", chapter=chapter, training=self.guide.training[code], base=base)

    def case(self, item: str, base: str) -> str:
        """A case as a card in running text."""
        return self._html("case.html", case=self.guide.cases[item], base=base)

    def ref(self, item: str, clause: str | None, base: str) -> str:
        """A short citation that leads to the references page."""
        return self._html(
            "ref.html", reference=self.guide.references[item], cited=Citation(id=item, clause=clause), base=base
        )

    def term(self, item: str, words: str | None, base: str, number: int) -> str:
        """A term that explains itself; `number` makes its id unique on the page."""
        return self._html("term.html", term=self.guide.terms[item], shown=words, number=number, base=base)

    def requirement(self, item: str, base: str) -> str:
        """A link to a requirement where it stands."""
        requirement = self.guide.requirements[item]
        return self._html("requirement.html", requirement=requirement, chapter=self.guide.chapter(item[:2]), base=base)

    def references(self, code: str | None, refs: tuple[str, ...], cases: tuple[str, ...], base: str) -> str:
        """Documents and cases cited on a page and in its checklist, each once."""
        asked = self.guide.in_force(code) if code else ()
        documents = {c.id for r in asked for c in r.references} | set(refs)
        incidents = {c for r in asked for c in r.cases} | set(cases)
        return self._html(
            "references.html", base=base,
            documents=[r for r in self.guide.references.values() if r.id in documents],
            incidents=[c for c in self.guide.cases.values() if c.id in incidents],
        )  # fmt: skip

    def reference_list(self, base: str) -> str:
        """The references page: every document by kind, with the chapters that cite it."""
        return self._html("reference-list.html", base=base)

    def case_list(self, base: str) -> str:
        """The cases page: every incident with its lessons and the chapters that use it."""
        return self._html("case-list.html", base=base)

    def changes(self, editions: tuple[Changes, ...], base: str) -> str:
        """The page of what changed, newest edition first."""
        return self._html("changes.html", editions=editions, base=base)

    def bulletin(self, edition: Changes) -> str:
        """What changed in one edition, as text to be sent to members."""
        return self._html("changes.txt", edition=edition)

    def glossary_list(self, base: str) -> str:
        """The glossary page in the order of this language's alphabet."""
        terms = sorted(self.guide.glossary.terms, key=lambda term: sort_key(term.term[self.lang]))
        by_letter = groupby(terms, key=lambda term: first_letter(term.term[self.lang]))
        letters = [(letter, list(group)) for letter, group in by_letter]
        return self._html("glossary-list.html", base=base, letters=letters)

    def chapter_list(self, base: str) -> str:
        """All chapters by domain with their purpose (no member text)."""
        return self._html("chapter-list.html", base=base, domains=self.domains)

    def behind(self, item: str) -> str:
        """A note for the reader that this text follows the other language; nothing for a text that is in step."""
        said = self.behind_words(item)
        return self._html("behind.html", said=said) if said else Markup("")

    def offer_changes(self, forge: str | None, places: Mapping[str, Place]) -> None:
        """From now on each entry says where its text is changed: on `forge` (with {path} and {line}), at its place."""
        self._forge, self._places = forge, places

    def change_link(self, item: str) -> str:
        """A link to the line of the data where a text stands; nothing where no changes are taken."""
        place = self._places.get(item)
        if not self._forge or place is None:
            return Markup("")
        href = self._forge.replace("{path}", place.file).replace("{line}", str(place.line))
        return self._html("change.html", href=href, item=item.rpartition(":")[2])

    def sign(self, *items: str) -> str:
        """A small sign in place of the note, where a text stands in a line of other things; nothing in step.

        A text that stands in several pairs has one sign, of the first that is out of step.
        """
        said = next(filter(None, map(self.behind_words, items)), "")
        return Markup(" ") + self._html("sign.html", said=said).strip() if said else Markup("")

    def behind_words(self, item: str) -> str:
        """The same as plain text."""
        return told(self._behind.get(item), self.words)

    def paper(self, template: str, **values: Any) -> str:
        """A whole printed document as HTML."""
        return self._html(f"paper/{template}", **values)

    def gate_page(self, name: str, actions: tuple[Any, ...], other_href: str) -> str:
        """A page outside the gate; `name` leads to its words, `actions` have href and word."""
        return self._html("gate/page.html", name=name, actions=actions, other_href=other_href)

    def home(self, base: str) -> str:
        """The home page: by role and by domain."""
        return self._html("home.html", base=base, domains=self.domains)

    @cached_property
    def domains(self) -> list[tuple[Domain, list[tuple[int, Chapter]]]]:
        """Chapters with their number, by domain."""
        numbered = list(enumerate(self.guide.chapters, 1))
        return [(domain, [pair for pair in numbered if pair[1].domain is domain]) for domain in Domain]


class Uses:
    """Which chapters cite a document, a case or a term: by (macro, item), codes in the order of the guide."""

    def __init__(self, chapters: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        self._chapters = chapters

    def of(self, macro: str, item: str) -> tuple[str, ...]:
        """Codes of the chapters that use `item`."""
        return self._chapters.get((macro, item), ())


def sort_key(text: str) -> str:
    """Dictionary order: accents and case do not count, ñ follows n."""
    lowered = text.lower().replace("ñ", "n\uffff")
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def first_letter(text: str) -> str:
    """The letter under which a term stands in the index: without accent, Ñ for itself."""
    return sort_key(text)[0].upper() if not text.lower().startswith("ñ") else "Ñ"


def active(requirement: Requirement) -> bool:
    """Whether the requirement is asked today."""
    return requirement.retired is None
