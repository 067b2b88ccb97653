"""The scoring model as data: what data/scoring.yml may say.

Enters: plain mappings from `load`, or the `scoring` part of catalogue.json. Leaves: a frozen Scoring with every
threshold and word, and no arithmetic (that is guide/scoring.py and assessment/scoring.js).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from guide.model import Frozen, Text, Words

Level = Annotated[int, Field(ge=0, le=4)]
TargetId = Literal["registration", "certification"]
EvidenceType = Literal["document", "record", "observation", "interview", "test"]
Basis = Literal["claimed", "no_evidence", "stale_evidence"]
Status = Literal["critical_gap", "gap", "observation", "conforms", "unanswered", "not_applicable"]
CriticalKind = Literal["not_in_place", "not_evidenced"]
PriorityId = Literal["P1", "P2", "P3", "P4"]
BandId = Literal["assured", "established", "developing", "initial"]
State = Literal["draft", "answered", "verified", "signed", "frozen"]
Percent = Annotated[int, Field(ge=0, le=100)]
Positive = Annotated[int, Field(ge=1)]


class AnswerLevel(Frozen):
    """One step of the answer scale (scoring model 3.1)."""

    level: Level
    label: Text
    test: Text
    """What must be true before this level is chosen."""


class NotAnswered(Frozen):
    """How an empty answer is shown; it scores 0, is no finding, and makes the result provisional."""

    label: Text
    test: Text


class NotApplicable(Frozen):
    """When a requirement may leave the score (scoring model 3.5)."""

    label: Text
    test: Text
    reason_min_characters: Positive
    """Shortest reason that is accepted, counted in characters after trimming blanks at both ends."""
    accountable_manager_from_weight: Annotated[int, Field(ge=1, le=3)]
    """From this weight on the accountable manager approves."""
    check_scope_above_percent: Percent
    """A chapter is flagged when more than this share of its weight is not applicable."""
    rule: Text
    check_scope: Text
    """Said of a flagged chapter."""
    accountable_manager: Text
    """Said of an essential requirement that is not applicable."""
    incomplete: Text
    """Said of an answer that lacks reason or approver."""


class WeightMeaning(Frozen):
    """What a weight stands for (scoring model 3.2); its name is in data/interface.yml."""

    weight: Annotated[int, Field(ge=1, le=3)]
    meaning: Text


class Target(Frozen):
    """A level that every requirement is measured against (scoring model 3.4)."""

    id: TargetId
    level: Level
    default: bool
    """Shown first; exactly one target is the default."""
    label: Text
    meaning: Text


class OwnTarget(Frozen):
    """How far an authority may raise the target of one requirement."""

    level: Level
    label: Text
    rule: Text


class EvidenceKind(Frozen):
    """A kind of evidence pointer (scoring model 3.3)."""

    type: EvidenceType
    label: Text


class UsualAge(Frozen):
    """An age limit in use; the limit itself stands in each requirement (`evidence_max_age_days`)."""

    days: Positive
    label: Text


class EvidenceRules(Frozen):
    """How evidence caps what is claimed (scoring model 3.3)."""

    dated_from_level: Level
    """From this claim on, at least one piece of evidence must have a date."""
    level_without: Level
    """Level supported when it has none."""
    recent_from_level: Level
    """From this claim on, the newest evidence must not be older than the requirement allows on the review date."""
    level_when_stale: Level
    """Level supported when it is older (age in days greater than `evidence_max_age_days`)."""
    types: Annotated[tuple[EvidenceKind, ...], Field(min_length=5, max_length=5)]
    usual_ages: Annotated[tuple[UsualAge, ...], Field(min_length=1)]
    rule: Text
    pointer: Text
    review_date: Text
    """Reminder for a claim below `recent_from_level` whose evidence is too old: it keeps its level."""
    after_review: Text
    """Reminder for evidence dated after the review date: it counts, and one of the two dates may be wrong."""
    alternative: Text


class BasisWords(Frozen):
    """Why a level is supported."""

    basis: Basis
    label: Text
    reason: Text


class Finding(Frozen):
    """What a requirement amounts to (scoring model 3.4); label and symbol are always shown together."""

    status: Status
    symbol: Annotated[Words, Field(max_length=1)]
    label: Text
    meaning: Text


class CriticalKindWords(Frozen):
    """The two ways to a critical gap, always counted apart."""

    kind: CriticalKind
    label: Text
    meaning: Text


class CriticalGap(Frozen):
    """A gap of this weight, supported at most at this level, is critical."""

    weight: Annotated[int, Field(ge=1, le=3)]
    at_most_level: Level
    kinds: Annotated[tuple[CriticalKindWords, ...], Field(min_length=2, max_length=2)]


class ScoreFigure(Frozen):
    """A figure of the result with the rule that gives it."""

    label: Text
    rule: Text


class Score(Frozen):
    """The figures of the result (scoring model 3.6)."""

    attainment: ScoreFigure
    weighted_level: ScoreFigure
    completeness: ScoreFigure
    provisional: ScoreFigure


class RiskLevel(Frozen):
    """One step of local risk."""

    risk: Annotated[int, Field(ge=1, le=3)]
    label: Text


class Risk(Frozen):
    """Local risk sets the priority of a gap and nothing else (scoring model 3.7)."""

    when_not_set: Annotated[int, Field(ge=1, le=3)]
    """Assumed, and marked as assumed, where the authority has set none."""
    rule: Text
    levels: Annotated[tuple[RiskLevel, ...], Field(min_length=3, max_length=3)]


class PriorityClass(Frozen):
    """A class of urgency with its proposed clock; null where the class has no such limit."""

    id: PriorityId
    from_score: Positive
    """Lowest product of gap, weight and risk in this class."""
    interim_hours: Positive | None
    """Hours until an interim measure stands."""
    plan_days: Positive | None
    """Days until a plan exists."""
    close_days: Positive | None
    """Days until the gap is closed."""
    close_months: Positive | None
    """Months until the gap is closed."""
    clock: Text


class Priority(Frozen):
    """How urgent a gap is (scoring model 3.7), most urgent class first."""

    rule: Text
    critical_never_below: PriorityId
    classes: Annotated[tuple[PriorityClass, ...], Field(min_length=4, max_length=4)]


class Band(Frozen):
    """A band of attainment (scoring model 3.8)."""

    id: BandId
    from_percent: Percent
    """Lowest unrounded attainment of the band."""
    symbol: Annotated[Words, Field(max_length=1)]
    label: Text
    range: Text


class Bands(Frozen):
    """The scale of bands, best first."""

    rule: Text
    capped_at: BandId
    """Best band that a result with a critical gap can have."""
    scale: Annotated[tuple[Band, ...], Field(min_length=4, max_length=4)]


class ReadinessRule(Frozen):
    """When the self-assessment indicates that a step may be requested (scoring model 3.8)."""

    target: TargetId
    label: Text
    essential_at_least: Level
    overall_at_least_percent: Percent
    chapter_at_least_percent: Percent | None
    """Null where chapters are not looked at one by one."""


class Criteria(Frozen):
    """The criteria as sentences; `{value}` stands for the threshold."""

    complete: Text
    no_critical_gap: Text
    essential: Text
    overall: Text
    chapters: Text


class Readiness(Frozen):
    """Rules of both targets and the words of their criteria."""

    rules: Annotated[tuple[ReadinessRule, ...], Field(min_length=2, max_length=2)]
    criteria: Criteria


class StateWords(Frozen):
    """A step of the workflow (scoring model 4)."""

    state: State
    label: Text


class Review(Frozen):
    """Second person and auditor (scoring model 4)."""

    auditor_difference: Positive
    """Differences between own and auditor's level that are listed, in levels."""
    auditor: Text
    states: Annotated[tuple[StateWords, ...], Field(min_length=5, max_length=5)]


class Effort(Frozen):
    """How long answering takes; a proposal, for planning the session."""

    minutes_per_requirement: Positive
    triage_weight: Annotated[int, Field(ge=1, le=3)]
    """Lowest weight that belongs to the triage."""
    triage_seconds: Positive
    """Seconds for one requirement of the triage: to read the statement and choose a level, and nothing else."""
    triage: Text


class Scoring(Frozen):
    """Every rule and word of the scoring model (data/scoring.yml)."""

    proposal: Text
    """States that thresholds are proposals; printed wherever a band or a readiness is shown in full."""
    indication: Text
    """Shown beside every readiness."""
    instruction: Text
    levels: Annotated[tuple[AnswerLevel, ...], Field(min_length=5, max_length=5)]
    not_applicable: NotApplicable
    not_answered: NotAnswered
    weights: Annotated[tuple[WeightMeaning, ...], Field(min_length=3, max_length=3)]
    targets: Annotated[tuple[Target, ...], Field(min_length=2, max_length=2)]
    own_target: OwnTarget
    evidence: EvidenceRules
    bases: Annotated[tuple[BasisWords, ...], Field(min_length=3, max_length=3)]
    findings: Annotated[tuple[Finding, ...], Field(min_length=6, max_length=6)]
    critical_gap: CriticalGap
    score: Score
    risk: Risk
    priority: Priority
    bands: Bands
    readiness: Readiness
    review: Review
    effort: Effort
    limits: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What the guide says openly about the weaknesses of the model."""
    confidentiality: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Lists that code walks from the top stand in order, without doubles. Raises ValueError."""
        ordered: dict[str, list[int]] = {
            "levels": [-step.level for step in self.levels],
            "weights": [-step.weight for step in self.weights],
            "risk.levels": [-step.risk for step in self.risk.levels],
            "targets": [-target.level for target in self.targets],
            "priority.classes": [step.from_score for step in self.priority.classes],
            "bands.scale": [band.from_percent for band in self.bands.scale],
        }
        for name, values in ordered.items():
            if values != sorted(set(values), reverse=True):
                raise ValueError(f"{name}: wrong order, or one entry twice")
        named: dict[str, Sequence[str]] = {
            "bases": [words.basis for words in self.bases],
            "findings": [words.status for words in self.findings],
            "critical_gap.kinds": [words.kind for words in self.critical_gap.kinds],
            "evidence.types": [kind.type for kind in self.evidence.types],
            "priority.classes": [step.id for step in self.priority.classes],
            "bands.scale": [band.id for band in self.bands.scale],
            "readiness.rules": [rule.target for rule in self.readiness.rules],
            "review.states": [step.state for step in self.review.states],
        }
        for name, ids in named.items():
            if len(set(ids)) != len(ids):
                raise ValueError(f"{name}: one entry twice")
        if self.priority.classes[-1].from_score != 1 or self.bands.scale[-1].from_percent != 0:
            raise ValueError("the last priority begins at 1 and the last band at 0, so that nothing falls through")
        if sum(target.default for target in self.targets) != 1:
            raise ValueError("targets: exactly one is the default")
        return self
