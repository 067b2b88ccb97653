"""Whether a self-assessment indicates that Registration or Certification may be requested, and what is missing.

Enters: a Result at the target of a rule of data/scoring.yml. Leaves: Readiness, criterion by criterion (scoring model
3.8). It is an indication; INTERPORTPOLICE decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from guide.result import Result
from guide.scoring_model import ReadinessRule, Scoring, TargetId

CriterionId = Literal["complete", "no_critical_gap", "essential", "overall", "chapters"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition: `met` or not, the threshold `needed` (None where it has none), and the requirement ids or chapter
    codes that stand in the way."""

    id: CriterionId
    met: bool
    needed: int | None
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """All criteria of one target; `ready` when every one is met."""

    target: TargetId
    ready: bool
    criteria: tuple[Criterion, ...]


def readiness(result: Result, rules: Scoring) -> Readiness:
    """Readiness for the target at which `result` was scored. Raises StopIteration for a level that is no target."""
    target = next(target for target in rules.targets if target.level == result.target)
    rule = next(rule for rule in rules.readiness.rules if rule.target == target.id)
    criteria = tuple(_criteria(result, rule, rules))
    return Readiness(target.id, all(criterion.met for criterion in criteria), criteria)


def _criteria(result: Result, rule: ReadinessRule, rules: Scoring) -> Iterator[Criterion]:
    whole = result.overall
    yield Criterion("complete", whole.requirements > 0 and not whole.provisional, None, result.unanswered)
    yield Criterion("no_critical_gap", not result.critical, None, result.critical)
    weak = tuple(
        row.id
        for row in result.rows
        if row.weight == rules.critical_gap.weight
        and row.supported is not None
        and row.supported < rule.essential_at_least
    )
    yield Criterion("essential", not weak, rule.essential_at_least, weak)
    enough = whole.max > 0 and 100 * whole.points >= rule.overall_at_least_percent * whole.max
    yield Criterion("overall", enough, rule.overall_at_least_percent, ())
    if rule.chapter_at_least_percent is not None:
        low = tuple(
            total.key for total in result.chapters if 100 * total.points < rule.chapter_at_least_percent * total.max
        )
        yield Criterion("chapters", not low, rule.chapter_at_least_percent, low)
