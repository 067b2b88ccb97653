"""What a printed document depends on, as one short name: the same name means the same bytes.

Enters: a Document and what it is made from. Leaves: a digest. Nothing is rendered for it, so that it is cheap to see
that nothing changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path

from weasyprint import __version__

from guide.guide import Guide
from guide.marks import Marks
from guide.model import LANGUAGES, Lang
from guide.paper.documents import Articles, Document, Stack
from guide.paper.layout import PAPER
from guide.paper.press import called_terms
from guide.paper.shown import shown, words

PROGRAM = Path(__file__).parent
SHARED_PROGRAM = tuple(PROGRAM.parent / f"{name}.py" for name in ("codes", "dates", "marks", "render"))


class Digests:
    """The digests of the documents of a stack."""

    def __init__(self, stack: Stack) -> None:
        self.guide: Guide = stack.guide
        self.articles: Articles = stack.articles
        self.marks: Marks = stack.marks

    def of(self, document: Document) -> str:
        """The digest of one document: 32 hexadecimal digits."""
        mark = hashlib.sha256(self._shared)
        for part in self._parts(document):
            mark.update(hashlib.sha256(part.encode()).digest())
        return mark.hexdigest()[:32]

    @cached_property
    def _shared(self) -> bytes:
        """What every document depends on: program, templates, fonts, words, edition, the order of chapters."""
        mark = hashlib.sha256(program())
        mark.update(json.dumps([words(self.guide, lang) for lang in LANGUAGES], sort_keys=True).encode())
        mark.update(self.guide.edition.model_dump_json().encode())
        for chapter in self.guide.chapters:
            mark.update(chapter.model_dump_json().encode())
        return mark.digest()

    def _parts(self, document: Document) -> Iterator[str]:
        yield f"{document.kind} {document.lang} {document.name}"
        for lang in document.languages:
            yield from self._marks(lang, shown(self.guide, document, lang))
        for code in document.codes:
            if document.kind in {"handout", "book"}:
                yield from self._article(document.lang, self.guide.chapter(code).slug)
            if document.kind != "handout":
                yield self._chapter_data[code]
        if document.kind == "book":
            yield self.guide.glossary.model_dump_json()

    def _article(self, lang: Lang, slug: str) -> Iterator[str]:
        yield self.articles[lang, slug]
        for term in called_terms(self.guide, self.articles[lang, slug]):
            yield term.model_dump_json()
            yield from self._marks(lang, (f"term:{term.id}",))

    def _marks(self, lang: Lang, items: Iterable[str]) -> Iterator[str]:
        """What is out of step: once somebody has confirmed it, the document is another one."""
        for item in items:
            if behind := self.marks[lang].get(item):
                yield f"{lang} {item} {behind}"

    @cached_property
    def _chapter_data(self) -> dict[str, str]:
        return {
            code: self.guide.checklists[code].model_dump_json() + training.model_dump_json()
            for code, training in self.guide.training.items()
            if code in self.guide.checklists
        }


@cache
def program() -> bytes:
    """The digest of the program, its templates and fonts, and the version of the engine."""
    mark = hashlib.sha256(__version__.encode())
    for path in sorted([*PROGRAM.glob("*.py"), *SHARED_PROGRAM, *(p for p in PAPER.rglob("*") if p.is_file())]):
        mark.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return mark.digest()
