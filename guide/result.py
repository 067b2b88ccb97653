"""What scoring looks at and what it finds: frozen values.

Enters: nothing. Leaves: Item, Row, Total, Result for guide/scoring.py, the report and the workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guide.scoring_model import BandId, Basis, CriticalKind, PriorityId, Status


@dataclass(frozen=True, slots=True)
class Item:
    """What scoring needs of a requirement in force: its place, its `weight` (1-3) and how old evidence may be."""

    id: str
    chapter: str
    domain: str
    phase: str
    weight: int
    evidence_max_age_days: int


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, scored. What does not apply to its status is None (an unanswered one has no gap)."""

    id: str
    chapter: str
    weight: int
    status: Status
    target: int
    """The target of this requirement: that of the assessment, or the authority's own higher one."""
    claimed: int | None
    supported: int | None
    basis: Basis | None
    points: int | None
    max: int | None
    gap: int | None
    critical: CriticalKind | None
    risk: int
    risk_set: bool
    """False where the rules' assumption stands in for a risk that nobody has set."""
    priority_score: int | None
    priority: PriorityId | None
    evidence_date: date | None
    review_evidence: bool
    """The newest evidence is too old, but the claim is too low for that to cost a level."""
    evidence_after_review: bool
    alternative: bool
    na_incomplete: bool
    """Claimed as not applicable without sufficient reason or approver, so unanswered."""
    accountable_manager: bool
    """Not applicable, and essential: the accountable manager approves."""
    auditor_level: int | None
    auditor_differs: bool


@dataclass(frozen=True, slots=True)
class Total:
    """The figures of a chapter, domain, phase or the whole; percentages have one decimal and are for display only."""

    key: str
    requirements: int
    answered: int
    not_applicable: int
    unanswered: int
    points: int
    max: int
    attainment: float | None
    weight: int
    level_sum: int
    """Sum of weight x supported level."""
    weighted_level: float | None
    completeness: float | None
    provisional: bool
    critical_gaps: int
    critical_not_in_place: int
    critical_not_evidenced: int
    gaps: int
    """Without the critical ones."""
    observations: int
    conforming: int
    weight_not_applicable: int
    band: BandId | None


@dataclass(frozen=True, slots=True)
class Result:
    """A scored assessment. Tuples of text hold requirement ids (chapter codes in `check_scope`)."""

    target: int
    review_date: date
    rows: tuple[Row, ...]
    chapters: tuple[Total, ...]
    domains: tuple[Total, ...]
    phases: tuple[Total, ...]
    overall: Total
    critical: tuple[str, ...]
    """Most urgent first."""
    priorities: tuple[str, ...]
    """Every gap, critical or not, most urgent first."""
    strengths: tuple[str, ...]
    """Supported at level 4."""
    observations: tuple[str, ...]
    review_evidence: tuple[str, ...]
    evidence_after_review: tuple[str, ...]
    alternatives: tuple[str, ...]
    not_applicable: tuple[str, ...]
    unanswered: tuple[str, ...]
    check_scope: tuple[str, ...]
    """Chapters with more of their weight marked not applicable than the rules expect."""
    auditor_differs: tuple[str, ...]
    strangers: tuple[str, ...]
    """Answers to requirements that are not asked in this edition: kept, shown, not scored."""
