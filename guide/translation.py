"""English and Spanish as confirmed pairs: which texts belong together, and whether somebody confirmed that they agree.

Enters: the guide, its figures, the pages, and data/confirmed.tsv. Leaves: a Pair for each section, requirement, part
of a session, case, term, document, figure and group of words, with its state. Either language may lead.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from guide.fingerprint import fingerprint
from guide.guide import Guide
from guide.load import Place
from guide.model import LANGUAGES, Lang, Text
from guide.pages import TOP, Page, opening
from guide.problems import Problem, Stop

FILE = "data/confirmed.tsv"
HEAD = (
    "# Pairs that somebody confirmed to say the same: item, fingerprint of the English, of the Spanish, day.\n"
    "# Written by `guide confirm`; one line a pair, sorted.\n"
)


class State(StrEnum):
    """Whether the two sides of a pair are known to agree."""

    IN_STEP = "in step"
    NEW = "new"
    """Nobody has confirmed it yet."""
    ENGLISH_MOVED = "English moved"
    SPANISH_MOVED = "Spanish moved"
    BOTH_MOVED = "both moved"


@dataclass(frozen=True)
class Confirmation:
    """Fingerprints at the last confirmation and its day."""

    en: str
    es: str
    day: datetime.date


@dataclass(frozen=True)
class Pair:
    """Two texts that say the same. `item` is how it is named in `guide confirm` and in the file."""

    item: str
    en: str
    es: str
    places: Mapping[Lang, Place]
    confirmed: Confirmation | None = None
    essential: bool = False
    """A requirement of weight 3: a release waits for it."""

    def text(self, lang: Lang) -> str:
        """One side."""
        return self.en if lang == "en" else self.es

    @property
    def fingerprints(self) -> tuple[str, str]:
        """English, Spanish."""
        return fingerprint(self.en), fingerprint(self.es)

    @property
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
    figures: Iterable[Any],
    pages: Mapping[Lang, Mapping[str, Page]],
    places: Mapping[str, Place],
    confirmed: Mapping[str, Confirmation],
) -> list[Pair]:
    """Every pair of the guide, sorted by item, with what is known of its confirmation."""
    found = [*_page_pairs(pages), *_data_pairs(guide, figures, places)]
    return sorted((replace(pair, confirmed=confirmed.get(pair.item)) for pair in found), key=lambda pair: pair.item)


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


def _data_pairs(guide: Guide, figures: Iterable[Any], places: Mapping[str, Place]) -> Iterator[Pair]:
    def pair(item: str, *values: Any, place: str = "", essential: bool = False) -> Pair:
        here = places.get(place or item, Place("data", 0))
        en, es = ("\n".join(text for value in values for text in texts(value, lang)) for lang in LANGUAGES)
        return Pair(item, en, es, {"en": here, "es": here}, essential=essential)

    for requirement in guide.requirements.values():
        yield pair(requirement.id, requirement, essential=requirement.weight.value == 3 and not requirement.retired)
    for code, checklist in guide.checklists.items():
        yield pair(f"checklists:{code}", checklist.bring)
    for code, session in guide.training.items():
        for part in ("objectives", "bring", "plan", "discussion", "tabletop", "quiz", "follow_up"):
            yield pair(f"training:{code}#{part.replace('_', '-')}", getattr(session, part), place=f"training:{code}")
    for chapter in guide.chapters:
        yield pair(f"chapter:{chapter.code}", chapter)
    for case in guide.cases.values():
        yield pair(f"case:{case.id}", case)
    for reference in guide.references.values():
        yield pair(f"reference:{reference.id}", reference)
    for term in guide.terms.values():
        yield pair(f"term:{term.id}", term)
    for figure in figures:
        yield pair(f"figure:{figure.id}", figure)
    for group, words in guide.interface.root.items():
        yield pair(f"interface:{group}", words)
    yield pair("scoring", guide.scoring)
    yield pair("lifecycle", guide.lifecycle)
    yield pair("edition", guide.edition)


def read_confirmed(root: Path) -> dict[str, Confirmation]:
    """The confirmations of data/confirmed.tsv; none if there is no such file. Raises Stop for a line that is broken."""
    path = root / FILE
    found: dict[str, Confirmation] = {}
    problems: list[Problem] = []
    rows = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, row in enumerate(rows, 1):
        if not row or row.startswith("#"):
            continue
        try:
            item, en, es, day = row.split("\t")
            found[item] = Confirmation(en, es, datetime.date.fromisoformat(day))
        except ValueError:
            problems.append(
                Problem(
                    FILE,
                    number,
                    "",
                    "This line is not item, fingerprint, fingerprint, day, with tabs between them.",
                    "Take the line of the last version, or delete it and confirm the pair again.",
                    "confirmed",
                )
            )
    if problems:
        raise Stop(problems)
    return found


def write_confirmed(root: Path, confirmed: Mapping[str, Confirmation]) -> None:
    """Writes the file, sorted, so that two people's confirmations merge line by line."""
    rows = [f"{item}\t{c.en}\t{c.es}\t{c.day.isoformat()}\n" for item, c in sorted(confirmed.items())]
    (root / FILE).write_text(HEAD + "".join(rows), encoding="utf-8")


def confirm(pair: Pair, day: datetime.date) -> Confirmation:
    """The confirmation of a pair as it stands."""
    en, es = pair.fingerprints
    return Confirmation(en, es, day)


def essential_out_of_step(all_pairs: Iterable[Pair]) -> Iterator[Problem]:
    """The release rule: a requirement of weight 3 goes out only when somebody confirmed that both sides agree."""
    for pair in all_pairs:
        if pair.essential and pair.state is not State.IN_STEP:
            place = pair.places["en"]
            yield Problem(
                place.file, place.line, pair.item, f"An essential requirement is not in step ({pair.state.value}).",
                f"Make both languages say the same, then `guide confirm {pair.item}`.", "essential-in-step",
            )  # fmt: skip
