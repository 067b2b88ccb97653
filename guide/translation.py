"""English and Spanish as confirmed pairs: which texts belong together, and whether somebody confirmed that they agree.

Enters: the guide, its figures, the pages, the bulletins, and the confirmations. Leaves: a Pair for each section,
requirement, part of a session, case, term, document, figure, bulletin and group of words, with its state. Either
language may lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from guide.changes_model import FOLDER, Changes, Line, Lines
from guide.confirmations import Confirmation, Confirmed
from guide.figures.load import figure_of
from guide.figures.model import Figure
from guide.fingerprint import fingerprint
from guide.guide import Guide
from guide.lifecycle_model import Lifecycle
from guide.load import CaseList, ChapterList, Place, ReferenceList, Source, fit, model_of
from guide.model import LANGUAGES, Checklist, Edition, Glossary, Interface, Lang, ReportWords, Term, Text, Training
from guide.pages import TOP, Page, opening
from guide.scoring_model import Scoring


class State(StrEnum):
    """Whether the two sides of a pair are known to agree."""

    IN_STEP = "in step"
    NEW = "new"
    """Nobody has confirmed it yet."""
    ENGLISH_MOVED = "English moved"
    SPANISH_MOVED = "Spanish moved"
    BOTH_MOVED = "both moved"


WITHOUT_PLACE = frozenset({"scoring", "lifecycle", "edition", "interface", "report"})
"""Pairs that are met all over the guide, in buttons, labels and rules, where no mark can stand."""


@dataclass(frozen=True)
class Pair:
    """Two texts that say the same. `item` is how it is named in `guide confirm` and in the file."""

    item: str
    en: str
    es: str
    places: Mapping[Lang, Place]
    confirmed: Confirmation | None = None
    essential: bool = False
    """A requirement of weight 3."""

    def text(self, lang: Lang) -> str:
        """One side."""
        return self.en if lang == "en" else self.es

    def confirmed_side(self, lang: Lang) -> str | None:
        """The fingerprint of one side at the last confirmation."""
        return getattr(self.confirmed, lang) if self.confirmed else None

    def moved(self, lang: Lang) -> bool:
        """Whether this side is no longer what was confirmed."""
        return self.confirmed is not None and self.fingerprint_of(self.text(lang)) != self.confirmed_side(lang)

    def fingerprint_of(self, text: str) -> str:
        """Of one side, as it is or was. In data a line is a field: a sentence that went to the next one counts."""
        return fingerprint(text) if self.of_a_page else fingerprint(*text.split("\n"))

    @cached_property
    def fingerprints(self) -> tuple[str, str]:
        """English, Spanish."""
        return self.fingerprint_of(self.en), self.fingerprint_of(self.es)

    @property
    def marked(self) -> bool:
        """Whether its readers see a mark beside it while it is out of step."""
        return self.item.partition(":")[0] not in WITHOUT_PLACE

    @property
    def awaited(self) -> bool:
        """Whether a release waits for it: it is essential, or nothing would tell its readers."""
        return self.essential or not self.marked

    @property
    def of_a_page(self) -> bool:
        """Whether it is a section of a page; otherwise it stands in the data."""
        return ".md#" in self.item

    @cached_property
    def state(self) -> State:
        """Compared with the last confirmation."""
        if self.confirmed is None:
            return State.NEW
        en, es = self.fingerprints
        moved = (en != self.confirmed.en, es != self.confirmed.es)
        return {
            (False, False): State.IN_STEP,
            (True, False): State.ENGLISH_MOVED,
            (False, True): State.SPANISH_MOVED,
            (True, True): State.BOTH_MOVED,
        }[moved]

    @property
    def behind(self) -> tuple[Lang, ...]:
        """The sides that have to follow; both where nobody can say which leads."""
        return {
            State.IN_STEP: (),
            State.NEW: (),
            State.ENGLISH_MOVED: ("es",),
            State.SPANISH_MOVED: ("en",),
            State.BOTH_MOVED: LANGUAGES,
        }[self.state]  # type: ignore[return-value]


def texts(value: Any, lang: Lang) -> Iterator[str]:
    """Every text of one language inside a model, in order; what is not text (ids, weights) does not count."""
    if isinstance(value, Text):
        yield value[lang]
    elif isinstance(value, Lines):
        yield from texts(value[lang], lang)
    elif isinstance(value, Line):
        yield from filter(None, (value.old, value.new))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), lang)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner, lang)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, lang)


def pairs(
    guide: Guide,
    figures: Iterable[Figure[Any]],
    pages: Mapping[Lang, Mapping[str, Page]],
    places: Mapping[str, Place],
    confirmed: Confirmed,
    bulletins: Iterable[Changes] = (),
) -> list[Pair]:
    """Every pair of the guide, sorted by item, with what is known of its confirmation."""
    found = [*_page_pairs(pages), *_data_pairs(guide, figures, places, bulletins)]
    known = (replace(p, confirmed=that_counts(c, p)) if (c := confirmed.get(p.item)) else p for p in found)
    return sorted(known, key=lambda pair: pair.item)


def that_counts(said: tuple[Confirmation, ...], pair: Pair) -> Confirmation:
    """Of several confirmations of a pair, one that is about its texts as they stand, otherwise the latest."""
    fitting = [c for c in said if (c.en, c.es) == pair.fingerprints] if len(said) > 1 else []
    return (fitting or list(said))[-1]


def _page_pairs(pages: Mapping[Lang, Mapping[str, Page]]) -> Iterator[Pair]:
    for name, page in pages["en"].items():
        other = pages["es"].get(name)
        if other is None:
            continue
        theirs = {section.id or TOP: section for section in other.sections}
        for section in page.sections:
            key = section.id or TOP
            if key in theirs:
                spanish = theirs[key]
                yield Pair(
                    f"{name}#{key}",
                    opening(page.meta, section.text) if key == TOP else section.text,
                    opening(other.meta, spanish.text) if key == TOP else spanish.text,
                    {"en": Place(page.file, section.line), "es": Place(other.file, spanish.line)},
                )


def sides(pages: Mapping[Lang, Mapping[str, Page]]) -> set[str]:
    """Names of all sections, also of those that stand in one language only (which is a problem of its own)."""
    return {
        f"{name}#{section.id or TOP}"
        for side in pages.values()
        for name, page in side.items()
        for section in page.sections
    }


def _data_pairs(
    guide: Guide, figures: Iterable[Figure[Any]], places: Mapping[str, Place], bulletins: Iterable[Changes]
) -> Iterator[Pair]:
    files: list[BaseModel] = [
        *guide.checklists.values(), *guide.training.values(), ChapterList(chapters=guide.chapters),
        CaseList(cases=tuple(guide.cases.values())), ReferenceList(references=tuple(guide.references.values())),
        guide.glossary, *figures, guide.interface, guide.report, guide.scoring, guide.lifecycle, guide.edition,
        *bulletins,
    ]  # fmt: skip
    essential = {r.id for r in guide.requirements.values() if r.weight.value == 3 and not r.retired}
    for model in files:
        for item, value in items(model):
            here = places.get(item) or places.get(item.partition("#")[0]) or Place(_file_of(model), 1)
            en, es = (said(value, lang) for lang in LANGUAGES)
            yield Pair(item, en, es, {"en": here, "es": here}, essential=item in essential)


def said(value: Any, lang: Lang) -> str:
    """Every text of one language inside a part of the data, one a line; last, what readers also call a term."""
    rows = [" ".join(text.split()) for text in texts(value, lang)]
    if isinstance(value, Term) and value.synonyms:
        rows.append(", ".join(f"“{form}”" for form in value.synonyms[lang]))
    return "\n".join(rows)


def items(model: BaseModel) -> Iterator[tuple[str, Any]]:
    """What is confirmed in one file of data/: the item's name and its part of the file."""
    match model:
        case Checklist():
            yield f"checklists:{model.chapter}", model.bring
            for requirement in model.requirements:
                yield requirement.id, requirement
        case Training():
            for part in ("objectives", "bring", "plan", "discussion", "tabletop", "quiz", "follow_up"):
                yield f"training:{model.chapter}#{part.replace('_', '-')}", getattr(model, part)
        case ChapterList():
            for chapter in model.chapters:  # what officers type differs by language and is no text to agree on
                yield f"chapter:{chapter.code}", chapter.model_copy(update={"sought": None})
        case CaseList():
            for case in model.cases:
                yield f"case:{case.id}", case
        case ReferenceList():
            for reference in model.references:
                yield f"reference:{reference.id}", reference
        case Glossary():
            for term in model.terms:
                yield f"term:{term.id}", term
        case Figure():
            yield f"figure:{model.id}", model
        case ReportWords():
            for group, words in model.root.items():
                yield f"report:{group}", words
        case Interface():
            for group, words in model.root.items():
                yield f"interface:{group}", words
        case Changes():
            yield f"changes:{model.edition}", model
        case Scoring() | Lifecycle() | Edition():
            yield type(model).__name__.lower(), model


def model_from(source: Source) -> BaseModel:
    """What a file of data/ says, of today or of an earlier version. Raises Stop for one that does not fit."""
    if source.file.startswith(f"{FOLDER}/"):
        return fit(Changes, source)
    kind = model_of(source.file)
    return fit(kind, source) if kind else figure_of(source)


def _file_of(model: BaseModel) -> str:
    match model:
        case Figure():
            return f"data/figures/{model.id}.yml"
        case Changes():
            return f"{FOLDER}/{model.edition}.yml"
    return f"data/{type(model).__name__.lower()}.yml"
