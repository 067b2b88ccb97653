"""The scoring model, pure: answers to findings, figures, priorities.

Enters: the requirements in force, the answers, local risk, a review date, a target and the rules of data/scoring.yml.
Leaves: a frozen Result. Numbers stay whole until they are shown, so bands never see a rounded figure.
assessment/scoring.js does the same; tests/test_scoring.py holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from guide.assessment import Answer, newest_evidence
from guide.days import add_months
from guide.result import Item, Result, Row, Total
from guide.scoring_model import BandId, Basis, CriticalKind, PriorityId, Scoring, Status

BLANKS = "\t\n\x0b\x0c\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What the browser's trim() removes, so that both sides count the same characters of a reason."""


def score(
    items: Sequence[Item],
    answers: Mapping[str, Answer],
    risk: Mapping[str, int],
    review_date: date,
    target: int,
    rules: Scoring,
) -> Result:
    """Scores `answers` to `items` at `target` (scoring model 3). Order of items is order of rows and chapters."""
    rows = tuple(_row(item, answers.get(item.id), risk, review_date, target, rules) for item in items)
    phases = tuple(dict.fromkeys(item.phase for item in items))
    chapters = _totals(rows, [item.chapter for item in items], rules)
    gaps = sorted((row for row in rows if row.priority is not None), key=_urgency)
    limit = rules.not_applicable.check_scope_above_percent
    known = {item.id for item in items}

    def ids(wanted: Callable[[Row], bool]) -> tuple[str, ...]:
        return tuple(row.id for row in rows if wanted(row))

    return Result(
        target=target,
        review_date=review_date,
        rows=rows,
        chapters=chapters,
        domains=_totals(rows, [item.domain for item in items], rules),
        phases=_totals(rows, [item.phase for item in items], rules) if phases else (),
        overall=_total("overall", rows, rules),
        critical=tuple(row.id for row in gaps if row.critical),
        priorities=tuple(row.id for row in gaps),
        strengths=ids(lambda row: row.supported == rules.levels[-1].level),
        observations=ids(lambda row: row.status == "observation"),
        review_evidence=ids(lambda row: row.review_evidence),
        evidence_after_review=ids(lambda row: row.evidence_after_review),
        alternatives=ids(lambda row: row.alternative),
        not_applicable=ids(lambda row: row.status == "not_applicable"),
        unanswered=ids(lambda row: row.status == "unanswered"),
        check_scope=tuple(
            total.key
            for total in chapters
            if 100 * total.weight_not_applicable > limit * (total.weight + total.weight_not_applicable)
        ),
        auditor_differs=ids(lambda row: row.auditor_differs),
        strangers=tuple(sorted(id_ for id_ in answers if id_ not in known)),
    )


def _row(
    item: Item, answer: Answer | None, risk: Mapping[str, int], review_date: date, target: int, rules: Scoring
) -> Row:
    target = max(target, answer.target or 0) if answer else target
    set_risk = risk.get(item.id, risk.get(item.chapter))
    newest = newest_evidence(answer) if answer else None
    age = (review_date - newest).days if newest else 0
    na_accepted = bool(answer and answer.na and accepted(answer, rules))
    claimed = answer.level if answer and not answer.na else None
    differs = bool(
        answer
        and claimed is not None
        and answer.auditor_level is not None
        and abs(claimed - answer.auditor_level) >= rules.review.auditor_difference
    )
    status: Status = "not_applicable" if na_accepted else "unanswered"
    supported: int | None = None if na_accepted else 0
    basis: Basis | None = None
    gap = priority_score = None
    critical: CriticalKind | None = None
    priority: PriorityId | None = None
    stale = newest is not None and age > item.evidence_max_age_days
    if claimed is not None:
        supported, basis = support(claimed, newest is not None, stale, rules)
        gap = max(0, target - supported)
        if gap and item.weight == rules.critical_gap.weight and supported <= rules.critical_gap.at_most_level:
            critical = "not_evidenced" if basis == "no_evidence" else "not_in_place"
        status = _status(gap, basis, critical)
        if gap:
            priority_score = gap * item.weight * (set_risk or rules.risk.when_not_set)
            priority = prioritise(priority_score, critical is not None, rules)
    return Row(
        id=item.id,
        chapter=item.chapter,
        weight=item.weight,
        status=status,
        target=target,
        claimed=claimed,
        supported=supported,
        basis=basis,
        points=None if supported is None else item.weight * min(supported, target),
        max=None if supported is None else item.weight * target,
        gap=gap,
        critical=critical,
        risk=set_risk or rules.risk.when_not_set,
        risk_set=set_risk is not None,
        priority_score=priority_score,
        priority=priority,
        evidence_date=newest,
        review_evidence=claimed is not None
        and rules.evidence.dated_from_level <= claimed < rules.evidence.recent_from_level
        and stale,
        evidence_after_review=claimed is not None and age < 0,
        alternative=bool(claimed is not None and answer and (answer.alternative or "").strip(BLANKS)),
        na_incomplete=bool(answer and answer.na) and not na_accepted,
        accountable_manager=na_accepted and item.weight >= rules.not_applicable.accountable_manager_from_weight,
        auditor_level=answer.auditor_level if answer else None,
        auditor_differs=differs,
    )


def support(claimed: int, dated: bool, stale: bool, rules: Scoring) -> tuple[int, Basis]:
    """The level that evidence supports, and why (scoring model 3.3). Never above the claim."""
    if claimed >= rules.evidence.dated_from_level and not dated:
        return rules.evidence.level_without, "no_evidence"
    if claimed >= rules.evidence.recent_from_level and stale:
        return rules.evidence.level_when_stale, "stale_evidence"
    return claimed, "claimed"


def accepted(answer: Answer, rules: Scoring) -> bool:
    """Whether "not applicable" has a sufficient reason and an approver (scoring model 3.5)."""
    if answer.na is None:
        return False
    reason, approver = answer.na.reason.strip(BLANKS), answer.na.approved_by.strip(BLANKS)
    return len(reason) >= rules.not_applicable.reason_min_characters and bool(approver)


def prioritise(priority_score: int, critical: bool, rules: Scoring) -> PriorityId:
    """The class of a gap (scoring model 3.7); a critical one is lifted to the floor of the rules."""
    classes = rules.priority.classes
    found = next(place for place, step in enumerate(classes) if priority_score >= step.from_score)
    floor = next(place for place, step in enumerate(classes) if step.id == rules.priority.critical_never_below)
    return classes[min(found, floor) if critical else found].id


def proposed_due(priority: PriorityId, review_date: date, rules: Scoring) -> date | None:
    """The day that the proposed clock sets for the plan or the closing of a gap; None where it sets none."""
    step = next(step for step in rules.priority.classes if step.id == priority)
    if step.close_months is not None:
        return add_months(review_date, step.close_months)
    days = step.close_days or step.plan_days
    return review_date + timedelta(days=days) if days is not None else None


def band(points: int, most: int, critical_gaps: int, rules: Scoring) -> BandId | None:
    """The band of unrounded attainment (scoring model 3.8), capped by any critical gap; None when nothing applies."""
    if not most:
        return None
    scale = rules.bands.scale
    found = next(place for place, step in enumerate(scale) if 100 * points >= step.from_percent * most)
    cap = next(place for place, step in enumerate(scale) if step.id == rules.bands.capped_at)
    return scale[max(found, cap) if critical_gaps else found].id


def tenths(number: int, of: int) -> float | None:
    """`number` / `of` with one decimal, halves up, in whole-number arithmetic; None where `of` is 0."""
    return (20 * number + of) // (2 * of) / 10 if of else None


def _status(gap: int, basis: Basis, critical: CriticalKind | None) -> Status:
    if critical:
        return "critical_gap"
    if gap:
        return "gap"
    return "observation" if basis == "stale_evidence" else "conforms"


def _urgency(row: Row) -> tuple[str, bool, int, int]:
    """Sorting key: class, critical ones first, then score, then weight; rows of equal urgency keep their order."""
    return (row.priority or "", row.critical is None, -(row.priority_score or 0), -row.weight)


def _totals(rows: Iterable[Row], keys: Iterable[str], rules: Scoring) -> tuple[Total, ...]:
    groups: dict[str, list[Row]] = {}
    for row, key in zip(rows, keys, strict=True):
        groups.setdefault(key, []).append(row)
    return tuple(_total(key, group, rules) for key, group in groups.items())


def _total(key: str, rows: Sequence[Row], rules: Scoring) -> Total:
    counted = [row for row in rows if row.supported is not None]
    points = sum(row.points or 0 for row in counted)
    most = sum(row.max or 0 for row in counted)
    weight = sum(row.weight for row in counted)
    level_sum = sum(row.weight * (row.supported or 0) for row in counted)
    unanswered = sum(row.status == "unanswered" for row in rows)
    not_in_place = sum(row.critical == "not_in_place" for row in rows)
    not_evidenced = sum(row.critical == "not_evidenced" for row in rows)
    return Total(
        key=key,
        requirements=len(rows),
        answered=len(counted) - unanswered,
        not_applicable=len(rows) - len(counted),
        unanswered=unanswered,
        points=points,
        max=most,
        attainment=tenths(100 * points, most),
        weight=weight,
        level_sum=level_sum,
        weighted_level=tenths(level_sum, weight),
        completeness=tenths(100 * (len(rows) - unanswered), len(rows)),
        provisional=unanswered > 0,
        critical_gaps=not_in_place + not_evidenced,
        critical_not_in_place=not_in_place,
        critical_not_evidenced=not_evidenced,
        gaps=sum(row.status == "gap" for row in rows),
        observations=sum(row.status == "observation" for row in rows),
        conforming=sum(row.status == "conforms" for row in rows),
        weight_not_applicable=sum(row.weight for row in rows if row.supported is None),
        band=band(points, most, not_in_place + not_evidenced, rules),
    )
