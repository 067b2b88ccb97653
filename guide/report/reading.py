"""One assessment file, read against the catalogue: what a report says before it is put into words.

Enters: an opened file, the catalogue, a target. Leaves: a frozen Reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from guide.assessment import Answer, Assessment, Snapshot
from guide.assessment_file import Opened
from guide.readiness import Readiness, readiness
from guide.report.catalogue import Catalogue, CatalogueRequirement
from guide.result import Result, Row
from guide.scoring import proposed_due, score


@dataclass(frozen=True)
class Round:
    """A frozen round: comparable with today when edition, target and number of requirements are the same; `altered`
    when it no longer fits its fingerprint."""

    snapshot: Snapshot
    comparable: bool
    altered: bool


@dataclass(frozen=True)
class PlanLine:
    """A gap with what is planned against it; `due` may be the clock's proposal."""

    row: Row
    requirement: CatalogueRequirement
    answer: Answer
    due: date | None
    proposed: bool
    overdue: bool
    verified_by: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A file and everything that a report says of it."""

    opened: Opened
    catalogue: Catalogue
    result: Result
    readiness: tuple[Readiness, ...]
    """For each target, in the order of the rules."""

    @property
    def assessment(self) -> Assessment:
        """What the file holds."""
        return self.opened.assessment

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Rows by requirement id."""
        return {row.id: row for row in self.result.rows}

    @cached_property
    def plan(self) -> tuple[PlanLine, ...]:
        """Every gap, most urgent first."""
        return tuple(self._plan_line(self.rows[id_]) for id_ in self.result.priorities)

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Frozen rounds, oldest first."""
        now = (self.catalogue.edition, self.result.target, self.result.overall.requirements)
        return tuple(
            Round(one, (one.result.edition, one.result.target, one.result.requirements) == now, one.id in self.altered)
            for one in sorted(self.assessment.snapshots, key=lambda one: one.taken)
        )

    @property
    def altered(self) -> frozenset[object]:
        """Ids of rounds that no longer fit their fingerprint."""
        return frozenset(self.opened.altered)

    @cached_property
    def reworded(self) -> tuple[str, ...]:
        """Answered requirements whose text has changed since in either language."""
        return tuple(
            requirement.id
            for requirement in self.catalogue.requirements
            if (answer := self.assessment.answers.get(requirement.id))
            and (answer.text_hash.en, answer.text_hash.es) != (requirement.hash.en, requirement.hash.es)
        )

    def _plan_line(self, row: Row) -> PlanLine:
        answer = self.assessment.answers[row.id]
        due, review = answer.due, self.assessment.review_date
        if due is None and row.priority:
            due = proposed_due(row.priority, review, self.catalogue.scoring)
        return PlanLine(
            row=row,
            requirement=self.catalogue.requirement[row.id],
            answer=answer,
            due=due,
            proposed=answer.due is None,
            overdue=answer.due is not None and answer.due < review,
            verified_by=verifiers(answer),
        )


def verifiers(answer: Answer) -> tuple[str, ...]:
    """Who verified the evidence, without the author of the answer (scoring model 4: a second person)."""
    names = (piece.verified_by.strip() for piece in answer.evidence if piece.verified_by and piece.verified_by.strip())
    return tuple(dict.fromkeys(name for name in names if name.casefold() != answer.by.strip().casefold()))


def read(opened: Opened, catalogue: Catalogue, target: int | None = None) -> Reading:
    """Scores an opened file at `target`, by default its own."""
    one, rules = opened.assessment, catalogue.scoring

    def at(level: int) -> Result:
        return score(catalogue.items, one.answers, one.risk, one.review_date, level, rules)

    results = {level.level: at(level.level) for level in rules.targets}
    ready = tuple(readiness(result, rules) for result in results.values())
    return Reading(opened, catalogue, results[target or one.target], ready)
