"""The workbook as members use it: filled in, calculated by LibreOffice, and read again.

Enters: a guide and answers written briefly. Leaves: what the calculated workbook shows, as guide/result.py says it.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook

from guide.export.workbook_layout import (
    CALCULATION_COLUMNS,
    FIRST_RISK_ROW,
    FIRST_ROW,
    NA,
    REQUIREMENT_COLUMNS,
    REVIEW_DATE,
    TARGET,
    places,
)
from guide.export.workbook_results import DOMAIN_ROW, HEADLINE_ROW, READINESS_ROW, TOTAL_COLUMNS
from guide.guide import Guide
from guide.model import Lang, Requirement
from guide.result import Item, Result
from guide.scoring import score
from tests.scoring_cases import ANSWERS, Json, answer_json

SHEETS = ("instructions", "start", "requirements", "results", "plan", "guidance", "calculation", "rules")


@dataclass(frozen=True)
class Filled:
    """One assessment: review date, target, risk by chapter, and answers by requirement (`level`, `date`, `reason`,
    `approver`, `own_target`; what is left out stays empty)."""

    review_date: date
    target: int
    risk: Mapping[str, int]
    answers: Mapping[str, Json]

    def score(self, guide: Guide) -> Result:
        """What guide/scoring.py says."""
        items = [
            Item(r.id, p.chapter.code, p.chapter.domain.value, r.phase.value, r.weight.value, r.evidence_max_age_days)
            for p in places(guide)
            for r in [p.requirement]
        ]
        answers = ANSWERS.validate_python({id_: _answer(short) for id_, short in self.answers.items()}, strict=False)
        return score(items, answers, self.risk, self.review_date, self.target, guide.scoring)


def _answer(short: Json) -> Json:
    claims_na = str(short.get("level") or "").strip().upper() == NA
    day = short.get("date")
    full = answer_json(
        {
            "level": None if claims_na else short.get("level"),
            "evidence": (day.date() if isinstance(day, datetime) else day).isoformat() if day else [],
            "na": {"reason": short.get("reason") or "", "approved_by": short.get("approver") or ""}
            if claims_na
            else None,
            "target": short.get("own_target"),
        }
    )
    return {**full, "evidence": tuple(full["evidence"])}


def smaller(guide: Guide, chapters: Mapping[str, list[tuple[int, int]]]) -> Guide:
    """`guide` with the chapters named, each with requirements of the given (weight, evidence_max_age_days)."""
    some = next(iter(guide.requirements.values()))

    def asked(code: str, number: int, weight: int, age: int) -> Requirement:
        changes: Json = {
            "id": f"{code}-{number:02d}",
            "weight": type(some.weight)(weight),
            "evidence_max_age_days": age,
        }
        return some.model_copy(update={**changes, "retired": None})

    checklist = next(iter(guide.checklists.values()))
    listed = {
        code: checklist.model_copy(
            update={
                "chapter": code,
                "requirements": tuple(asked(code, number, *pair) for number, pair in enumerate(pairs, 1)),
            }
        )
        for code, pairs in chapters.items()
    }
    known = {chapter.code: chapter for chapter in guide.chapters}
    fields = {name: getattr(guide, name) for name in Guide.model_fields}
    return Guide.model_construct(
        **{**fields, "chapters": tuple(known[code] for code in chapters), "checklists": listed}
    )


def filled(template: bytes, guide: Guide, lang: Lang, what: Filled | None) -> bytes:
    """The workbook with answers; without cached results, so that they must be calculated."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    if what:
        start, answers = sheet(book, guide, lang, "start"), sheet(book, guide, lang, "requirements")
        start[REVIEW_DATE] = what.review_date
        start[TARGET] = next(target.label[lang] for target in guide.scoring.targets if target.level == what.target)
        codes = list(dict.fromkeys(place.chapter.code for place in places(guide)))
        for code, risk in what.risk.items():
            start[f"C{FIRST_RISK_ROW + codes.index(code)}"] = risk
        cells = {"date": "evidence_date"}
        for place in places(guide):
            for key, value in what.answers.get(place.requirement.id, {}).items():
                answers[f"{REQUIREMENT_COLUMNS[cells.get(key, key)]}{place.row}"] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(book: Workbook, guide: Guide, lang: Lang, key: str) -> Any:
    """A sheet by its key, found by its name in the language."""
    return book[guide.interface.words(lang)["workbook"][f"sheet_{key}"]]


def calculated(files: Mapping[str, bytes], folder: Path) -> dict[str, Workbook]:
    """Every file as LibreOffice calculates it: one start of the program for all of them."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out",
         *(folder / f"{name}.xlsx" for name in files)],
        check=True, capture_output=True, timeout=900,
    )  # fmt: skip
    return {name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True) for name in files}


def rows(book: Workbook, guide: Guide, lang: Lang) -> dict[str, Json]:
    """The calculation by requirement, as guide/result.py would say it."""
    steps, rules = sheet(book, guide, lang, "calculation"), guide.scoring
    found = {}
    for place in places(guide):
        cell = {name: _or_none(steps[f"{letter}{place.row}"].value) for name, letter in CALCULATION_COLUMNS.items()}
        statuses = ("critical_gap", "gap", "observation", "conforms", "unanswered", "not_applicable")
        found[place.requirement.id] = {
            "target": cell["target"],
            "claimed": cell["claimed"],
            "supported": cell["supported"],
            "basis": (None, "claimed", "no_evidence", "stale_evidence")[cell["basis"]],
            "points": cell["points"],
            "max": cell["most"],
            "gap": cell["gap"],
            "critical": (None, "not_in_place", "not_evidenced")[cell["critical_kind"]],
            "status": statuses[cell["finding"] - 1],
            "risk": cell["risk"],
            "priority_score": cell["priority_score"],
            "priority": cell["priority"] and rules.priority.classes[cell["priority"] - 1].id,
        }
    return found


def totals(book: Workbook, guide: Guide, lang: Lang) -> dict[str, Json]:
    """The figures of chapters, domains and the whole ("overall") on the sheet of results."""
    results, asked = sheet(book, guide, lang, "results"), places(guide)
    domains = sorted({place.chapter.domain.value for place in asked})
    codes = list(dict.fromkeys(place.chapter.code for place in asked))
    top = DOMAIN_ROW + len(domains) + 3
    at = {key: DOMAIN_ROW + number for number, key in enumerate(domains, 1)}
    at |= {key: top + number for number, key in enumerate([*codes, "overall"], 1)}
    return {
        key: {name: _or_none(results[f"{letter}{row}"].value) for name, letter in TOTAL_COLUMNS.items()}
        for key, row in at.items()
    }


def headline(book: Workbook, guide: Guide, lang: Lang) -> list[Any]:
    """The values of the headline, top down."""
    results = sheet(book, guide, lang, "results")
    return [_or_none(results[f"B{HEADLINE_ROW + row}"].value) for row in range(14)]


def readiness_shown(book: Workbook, guide: Guide, lang: Lang) -> list[bool]:
    """Whether each of the five conditions is met, and before them whether all are."""
    results, yes = sheet(book, guide, lang, "results"), guide.interface.words(lang)["workbook"]["yes"]
    return [results[f"B{READINESS_ROW + row}"].value == yes for row in range(6)]


def plan(book: Workbook, guide: Guide, lang: Lang) -> list[tuple[str, str, date | None]]:
    """(id, priority, proposed date) of each gap in the action plan."""
    listed = sheet(book, guide, lang, "plan")
    found = []
    row = FIRST_ROW
    while _or_none(listed[f"C{row}"].value):
        day = _or_none(listed[f"K{row}"].value)
        found.append((listed[f"C{row}"].value, listed[f"B{row}"].value, day.date() if day else None))
        row += 1
    return found


def _or_none(value: Any) -> Any:
    return None if value == "" else value
