"""What the reader's search needs: an index of one language, and the text of each page for the phrases shown.

Enters: Content, a language and an audience. Leaves: plain JSON. Words are stemmed here (Snowball), never in the
browser: the index lists every form that the guide uses; a query finds its stem, a half word, or the nearest form.
"""

from __future__ import annotations

import json
import math
import os.path
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer

from guide.content import Content
from guide.marks import told
from guide.model import Lang
from guide.pages import TOP, Call, Page
from guide.render import clause_in_words

TOKEN = re.compile(r"[a-z]{2}-\d{2}|[^\W_]+", re.IGNORECASE)
TITLE, SUMMARY, HEADING, KEY, BODY = 12.0, 4.0, 6.0, 3.0, 1.0
"""How much a word counts by where it stands: page title, summary, heading, key statement, running text."""
SATURATION, LENGTH = 1.2, 0.6
"""The two constants of BM25: how soon more of the same word stops helping, and how much a long text is held back."""
BLANKS = re.compile(" {2,}")
STRENGTHS = 12
"""A weight is one of so many; finer ones cost bytes and change no order that a reader would notice."""
TOGETHER = 2500
"""Signs of text in one file: a phrase shown costs the reader about one kilobyte."""
LANGUAGE: dict[Lang, str] = {"en": "english", "es": "spanish"}
SOUNDS: dict[Lang, list[tuple[str, str]]] = {
    "en": [("ph", "f"), ("z", "s"), ("([a-z])\\1", "$1")],
    "es": [("c(?=[ei])|z", "s"), ("v", "b"), ("g(?=[ei])", "j"), ("ll", "y"), ("qu(?=[ei])", "k"), ("h", "")],
}
"""Signs that sound alike, as patterns of the browser, for words spelt by ear ("siegos" for ciegos)."""


@dataclass(frozen=True)
class Piece:
    """Something that can be found: a section, a requirement, a term, a case, a document."""

    page: int
    anchor: str
    title: str
    parts: tuple[tuple[float, str], ...]
    """(weight, text)"""
    text: str
    """What a phrase is shown from."""
    items: tuple[str, ...] = ()
    """The pairs of texts in which it stands, by name."""


def fold(text: str) -> str:
    """Lower case without accents: what a hurried officer types."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@cache
def stop_words(root: Path, lang: Lang) -> frozenset[str]:
    """Words that the search passes over (data/words/stop.<language>.txt)."""
    return frozenset((root / "data" / "words" / f"stop.{lang}.txt").read_text(encoding="utf-8").split())


@cache
def _stemmer(lang: Lang) -> Any:
    return snowballstemmer.stemmer(LANGUAGE[lang])


def _stem(word: str, lang: Lang) -> str:
    if any(sign.isdigit() for sign in word):
        return fold(word)
    return fold(_stemmer(lang).stemWord(word))


def tokens(text: str, lang: Lang, stop: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(form without accents, stem) of every word that counts."""
    for found in TOKEN.findall(text.lower()):
        form, stem = _token(found, lang, stop)
        if stem:
            yield form, stem


@cache
def _token(word: str, lang: Lang, stop: frozenset[str]) -> tuple[str, str]:
    """(form, stem) of one word; no stem for a word that does not count."""
    form = fold(word)
    counts = form not in stop and (len(form) > 1 or form.isdigit())
    return form, _stem(word, lang) if counts else ""


class Index:
    """The index of one language for one audience."""

    def __init__(self, content: Content, lang: Lang, *, public: bool) -> None:
        self.content, self.lang, self.public = content, lang, public
        self.stop = stop_words(content.root, lang)
        self.pages: list[tuple[str, str, str]] = []
        """(address below the language's root, title, label)"""
        self.pieces: list[Piece] = []
        for page in content.pages[lang].values():
            if (page.meta.get("access") == "public") if public else page.name != "preview.md":
                self._add_page(page)

    def _add_page(self, page: Page) -> None:
        guide, lang = self.content.guide, self.lang
        title = str(page.meta["title"])
        self.pages.append((_address(page.name), title, guide.chapter(page.slug).code if page.is_chapter else ""))
        number = len(self.pages) - 1
        opening = [(TITLE, title), (SUMMARY, str(page.meta.get("summary", "")))]
        if page.is_chapter:
            chapter = guide.chapter(page.slug)
            opening += [(SUMMARY, chapter.purpose[lang]), (SUMMARY, chapter.code)]
            opening += [(KEY, chapter.sought[lang])] if chapter.sought else []
        title_pairs = self.content.title_pairs(page)
        self.pieces.append(Piece(number, "", title, tuple(opening), str(page.meta.get("summary", "")), title_pairs))
        self.pieces += self._sections(page, number)
        if self.public:
            return
        if page.is_chapter:
            self.pieces += self._requirements(page, number)
        elif page.name == "glossary.md":
            for term in guide.terms.values():
                also = [
                    *(term.synonyms[lang] if term.synonyms else ()),
                    term.abbreviation[lang] if term.abbreviation else "",
                ]
                parts = ((KEY, f"{term.term[lang]} {' '.join(also)}"), (BODY, term.definition[lang]))
                self.pieces.append(
                    Piece(number, term.id, term.term[lang], parts, term.definition[lang], (f"term:{term.id}",))
                )
        elif page.name == "cases.md":
            for case in guide.cases.values():
                parts = (
                    (KEY, f"{case.title[lang]} {case.place[lang]} {case.date[:4]} {case.id}"),
                    (BODY, case.facts[lang]),
                )
                self.pieces.append(
                    Piece(number, case.id, case.title[lang], parts, case.facts[lang], (f"case:{case.id}",))
                )
        elif page.name == "references.md":
            for reference in guide.references.values():
                parts = ((KEY, f"{reference.short[lang]} {reference.title[lang]}"), (BODY, reference.use[lang]))
                self.pieces.append(
                    Piece(
                        number,
                        reference.id,
                        reference.short[lang],
                        parts,
                        reference.use[lang],
                        (f"reference:{reference.id}",),
                    )
                )

    def _sections(self, page: Page, number: int) -> Iterator[Piece]:
        headings = [heading for heading in page.headings if heading.level in {2, 3}]
        ends = [*(heading.line for heading in headings[1:]), 1 << 30]
        for heading, last in zip(headings, ends, strict=False):
            text = " ".join(words for line, words in page.prose if heading.line < line < last)
            shown = " ".join(self._shown(call) for call in page.calls if heading.line < call.line < last)
            if text.strip() or shown.strip():
                parts = ((HEADING, heading.text), (BODY, f"{text} {shown}"))
                read = (page.spoken(words, self._read) for line, words in page.marked if heading.line < line < last)
                section = next((s.id for s in reversed(page.sections) if s.line <= heading.line), "") or TOP
                phrase = BLANKS.sub(" ", " ".join(read)).strip()
                yield Piece(number, heading.id, heading.text, parts, phrase, (f"{page.name}#{section}",))

    def _shown(self, call: Call) -> str:
        """The words that a macro puts into its section."""
        guide, lang = self.content.guide, self.lang
        item = str(call.arguments[0]) if call.arguments else ""
        if call.name == "case" and item in guide.cases:
            return guide.cases[item].title[lang]
        if call.name == "term" and item in guide.terms:
            term = guide.terms[item]
            return " ".join([term.term[lang], term.abbreviation[lang] if term.abbreviation else ""])
        if call.name == "figure" and item in self.content.figures:
            return str(self.content.figures[item].title[lang])
        return ""

    def _read(self, name: str, texts: tuple[str, ...]) -> str:
        """The words that a macro puts into a sentence; what stands by itself (a case, a figure) is no phrase."""
        guide, lang = self.content.guide, self.lang
        item = texts[0] if texts else ""
        if name == "ref" and item in guide.references:
            clauses = (clause_in_words(clause, guide.interface.words(lang)["clause"]) for clause in texts[1:2])
            return ", ".join([guide.references[item].short[lang], *clauses])
        if name == "term" and item in guide.terms:
            return texts[1] if len(texts) > 1 else guide.terms[item].term[lang]
        return item if name == "requirement" else ""

    def _requirements(self, page: Page, number: int) -> Iterator[Piece]:
        lang = self.lang
        for requirement in self.content.guide.in_force(self.content.guide.chapter(page.slug).code):
            rest = requirement.why[lang]
            plain = requirement.id.replace("-", "")
            parts = ((HEADING, f"{requirement.id} {plain}"), (KEY, requirement.text[lang]), (BODY * 0.6, rest))
            yield Piece(
                number, requirement.id, requirement.id, parts, f"{requirement.text[lang]} {rest}", (requirement.id,)
            )

    def as_json(self) -> dict[str, Any]:
        """The index: pages, pieces, and for each stem its forms and the pieces where it stands with its weight."""
        counts: list[Counter[str]] = []
        forms: dict[str, set[str]] = defaultdict(set)
        for piece in self.pieces:
            found: Counter[str] = Counter()
            for weight, text in piece.parts:
                for form, stem in tokens(text, self.lang, self.stop):
                    found[stem] += weight  # type: ignore[assignment]
                    forms[stem].add(form)
            counts.append(found)
        weights = _bm25(counts)
        stems = sorted(forms)
        return {
            "pages": self.pages,
            "pieces": [[piece.page, piece.anchor, piece.title] for piece in self.pieces],
            "stems": [_forms(forms[stem]) for stem in stems],
            "where": [_where(weights[stem]) for stem in stems],
            "stop": sorted(self.stop),
            "sounds": SOUNDS[self.lang],
            "texts": [first for first, _ in self.texts()],
            "behind": {number: said for number, piece in enumerate(self.pieces) if (said := self._behind(piece))},
            "alias": self._aliases({form for found in forms.values() for form in found}),
        }

    def _behind(self, piece: Piece) -> str:
        """What a reader is told of a phrase whose other language moved; nothing in step."""
        behind = (self.content.behind[self.lang].get(item) for item in piece.items)
        return told(next(filter(None, behind), None), self.content.guide.interface.words(self.lang))

    def _aliases(self, known: set[str]) -> dict[str, list[str]]:
        """Ways to say a term: an abbreviation, a synonym or the other language's word leads to its name here.

        Only names that stand in this index (`known` forms): the public one learns no word of the member glossary.
        """
        found: dict[str, list[str]] = {}
        other: Lang = "es" if self.lang == "en" else "en"
        for term in self.content.guide.terms.values():
            here = [term.term[self.lang], *(term.synonyms[self.lang] if term.synonyms else ())]
            here += [term.abbreviation[self.lang]] if term.abbreviation else []
            there = [term.term[other], *(term.synonyms[other] if term.synonyms else ())]
            there += [term.abbreviation[other]] if term.abbreviation else []
            targets = [key for form in here if (key := self._key(form)) and known.issuperset(key.split())]
            for form in [*here, *there]:
                key = self._key(form)
                leads = [target for target in targets if target != key]
                if key and leads and (not self.public or known & set(key.split()) or form in there):
                    found[key] = [*found.get(key, []), *(lead for lead in leads if lead not in found.get(key, []))]
        return found

    def _key(self, text: str) -> str:
        return " ".join(form for form, _ in tokens(text, self.lang, self.stop))

    def texts(self) -> list[tuple[int, list[str]]]:
        """The texts that phrases are shown from, some kilobytes together: (number of the first piece, texts)."""
        found: list[tuple[int, list[str]]] = []
        size = TOGETHER
        for number, piece in enumerate(self.pieces):
            if size >= TOGETHER:
                found.append((number, []))
                size = 0
            found[-1][1].append(piece.text)
            size += len(piece.text)
        return found


def _address(name: str) -> str:
    return name.removesuffix("index.md").removesuffix(".md") + ("" if name.endswith("index.md") else "/")


def _bm25(counts: list[Counter[str]]) -> dict[str, dict[int, int]]:
    """For each stem its weight in each piece, 1 to 12."""
    size = [sum(found.values()) for found in counts]
    mean = sum(size) / max(1, len(size))
    holders = Counter(stem for found in counts for stem in found)
    raw: dict[str, dict[int, float]] = defaultdict(dict)
    for number, found in enumerate(counts):
        for stem, count in found.items():
            rare = math.log(1 + (len(counts) - holders[stem] + 0.5) / (holders[stem] + 0.5))
            held = count + SATURATION * (1 - LENGTH + LENGTH * size[number] / mean)
            raw[stem][number] = rare * count * (SATURATION + 1) / held
    most = max((weight for found in raw.values() for weight in found.values()), default=1)
    return {
        stem: {number: max(1, round(STRENGTHS * weight / most)) for number, weight in found.items()}
        for stem, found in raw.items()
    }


def _base36(number: int) -> str:
    signs = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = signs[rest] + text
        if not number:
            return text


def _forms(forms: Iterable[str]) -> str:
    """Forms of one stem with their common beginning written once: "evalu,acion,ar"."""
    together = sorted(forms)
    start = os.path.commonprefix(together)  # noqa: RUF071 - words, not paths
    return ",".join([start, *(form[len(start) :] for form in together)])


def _where(weights: dict[int, int]) -> str:
    """Pieces as distances from the one before, each followed by its weight: "3z 1a"."""
    out, last = [], 0
    for number in sorted(weights):
        out.append(_base36(number - last) + _base36(weights[number]))
        last = number
    return " ".join(out)


def write_search(content: Content, folder: Path, lang: Lang, *, public: bool) -> None:
    """`folder`/index.json and `folder`/text/<first piece>.json; `folder` belongs to one language and audience."""
    index = Index(content, lang, public=public)
    (folder / "text").mkdir(parents=True, exist_ok=True)
    _write(folder / "index.json", index.as_json())
    for first, texts in index.texts():
        _write(folder / "text" / f"{first}.json", texts)


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
