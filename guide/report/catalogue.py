"""What a report needs of catalogue.json.

Enters: the file that the build writes. Leaves: a frozen Catalogue; fields that only other readers need are passed over.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from guide.model import ChapterCode, CloseTheGap, Lang, RequirementId, Text, Words
from guide.problems import Problem, Stop
from guide.result import Item
from guide.scoring_model import Scoring


class Part(BaseModel):
    """A part of the catalogue: frozen and strict, but it may hold more than a report reads."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class CatalogueBehind(Part):
    """That only one language of a text moved: the name of a State, and the day (ISO) on which each language changed."""

    state: Words
    changed: dict[Lang, str | None]


class DomainName(Part):
    """One of the six groups of chapters."""

    code: Words
    name: Text


class ChapterName(Part):
    """One chapter and the domain to which it belongs."""

    code: ChapterCode
    domain: Words
    title: Text
    behind: CatalogueBehind | None = None


class CatalogueHash(Part):
    """Hashes of a requirement's present texts."""

    en: Words
    es: Words


class CatalogueRequirement(Part):
    """One requirement in force."""

    id: RequirementId
    chapter: ChapterCode
    weight: int
    phase: Words
    evidence_max_age_days: int
    text: Text
    close_the_gap: CloseTheGap
    hash: CatalogueHash
    behind: CatalogueBehind | None = None
    """None in step, as in a catalogue that was made before it could say so."""


class Catalogue(Part):
    """The whole catalogue, as far as a report reads it."""

    edition: Words
    domains: tuple[DomainName, ...]
    chapters: tuple[ChapterName, ...]
    requirements: tuple[CatalogueRequirement, ...]
    scoring: Scoring
    behind: dict[str, CatalogueBehind] = {}
    """Of other pairs of texts: the rules, the names of domains."""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The requirements as scoring wants them, in the order of the catalogue."""
        domains = {chapter.code: chapter.domain for chapter in self.chapters}
        return tuple(
            Item(r.id, r.chapter, domains[r.chapter], r.phase, r.weight, r.evidence_max_age_days)
            for r in self.requirements
        )

    @cached_property
    def requirement(self) -> dict[str, CatalogueRequirement]:
        """Requirements by id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def waiting(self) -> dict[str, CatalogueBehind]:
        """What is out of step, by id of a requirement, code of a chapter or name of a pair."""
        named = [*((r.id, r.behind) for r in self.requirements), *((c.code, c.behind) for c in self.chapters)]
        return {name: behind for name, behind in named if behind} | self.behind

    @cached_property
    def names(self) -> dict[str, Text]:
        """Names of domains and chapters by code."""
        return {domain.code: domain.name for domain in self.domains} | {c.code: c.title for c in self.chapters}


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in `path`. Raises Stop when it is missing or not one."""
    try:
        return Catalogue.model_validate_json(path.read_bytes())
    except OSError:
        what, remedy = "There is no catalogue here.", "Run `guide build`, or name another file with --catalogue."
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors()[0]["loc"])
        what, remedy = f"This is no catalogue of the guide ({place or 'not JSON'}).", "Run `guide build` again."
    raise Stop([Problem(path.as_posix(), 0, "", what, remedy, "catalogue")])
