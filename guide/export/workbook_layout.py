"""Where everything stands in the workbook to fill in: the columns of each sheet, the rows, the names of cells.

Enters: the guide. Leaves: letters, row numbers and names that the other workbook modules write into formulas. Row `r`
of the sheets Requirements, Guidance and Calculation is always the same requirement.
"""

from __future__ import annotations

from dataclasses import dataclass

from guide.guide import Guide
from guide.model import Chapter, Requirement

NA = "N/A"
"""How "not applicable" is chosen in the drop-down list, in both languages; case and blanks around it do not count."""
FIRST_ROW = 5
"""Row of the first requirement; the head of the table stands above it."""
REVIEW_DATE, TARGET = "B7", "B8"
"""Cells of the sheet Start; the local risk of the chapters follows below, in column C."""
FIRST_RISK_ROW = 12
PLAN_ROWS = 60
"""Gaps that the action plan shows."""

REQUIREMENT_COLUMNS = {
    "id": "A", "chapter": "B", "weight": "C", "requirement": "D", "level": "E", "evidence": "F", "custodian": "G",
    "evidence_date": "H", "reason": "I", "approver": "J", "own_target": "K", "owner": "L", "due": "M", "note": "N",
    "supported": "O", "gap": "P", "points": "Q", "most": "R", "finding": "S", "priority": "T", "check": "U",
}  # fmt: skip
REQUIREMENT_WIDTHS = (8, 18, 14, 52, 9, 30, 18, 13, 26, 18, 10, 18, 13, 28, 11, 8, 9, 10, 24, 10, 40)
INPUTS = (
    "level", "evidence", "custodian", "evidence_date", "reason", "approver", "own_target", "owner", "due", "note",
)  # fmt: skip
CALCULATION_COLUMNS = {
    "id": "A", "chapter": "B", "domain": "C", "weight": "D", "max_age": "E", "risk": "F", "target": "G",
    "claims_na": "H", "reason_text": "I", "reason_length": "J", "na_accepted": "K", "claimed": "L", "dated": "M",
    "age": "N", "stale": "O", "basis": "P", "supported": "Q", "points": "R", "most": "S", "weighted": "T", "gap": "U",
    "critical_kind": "V", "finding": "W", "priority_score": "X", "priority": "Y", "key": "Z", "order": "AA",
    "check": "AB",
}  # fmt: skip
NAMED = (
    "id", "chapter", "domain", "weight", "target", "na_accepted", "supported", "points", "most", "weighted", "gap",
    "critical_kind", "finding", "priority", "key", "order",
)  # fmt: skip
"""Columns of the calculation that other sheets add up; `na_accepted` is called CalcNaAccepted."""


@dataclass(frozen=True)
class Place:
    """A requirement in force, its chapter and the row on which it stands."""

    row: int
    requirement: Requirement
    chapter: Chapter


def places(guide: Guide) -> tuple[Place, ...]:
    """Every requirement that is asked, in the order of chapters."""
    asked = [(requirement, chapter) for chapter in guide.chapters for requirement in guide.in_force(chapter.code)]
    return tuple(Place(row, *pair) for row, pair in enumerate(asked, FIRST_ROW))


def calc_name(column: str) -> str:
    """The name of a column of the calculation: `na_accepted` is CalcNaAccepted."""
    return "Calc" + "".join(part.capitalize() for part in column.split("_"))
