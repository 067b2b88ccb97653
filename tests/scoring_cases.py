"""Assessments for tests, written briefly: `AA-01..AA-08` stands for eight ids, an answer names only what matters.

Enters: the short form of tests/cases/scoring/*.yml. Leaves: catalogue and assessment as the software exchanges them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from guide.assessment import Answer
from guide.load import fit, read_yaml
from guide.result import Item, Result
from guide.scoring import score
from guide.scoring_model import Scoring

ROOT = Path(__file__).parent.parent
RULES = fit(Scoring, read_yaml(ROOT / "data" / "scoring.yml", ROOT))
ANSWERS = TypeAdapter(dict[str, Answer])
Json = dict[str, Any]


def spread(short: Mapping[str, Any]) -> Json:
    """`{"AA-01..AA-03": x}` as three entries."""
    out: Json = {}
    for key, value in short.items():
        first, _, last = key.partition("..")
        low, high = int(first[3:]), int((last or first)[3:])
        out |= {f"{first[:3]}{number:02d}": value for number in range(low, high + 1)}
    return out


def answer_json(short: Mapping[str, Any]) -> Json:
    """A full answer; `evidence` may be one day, several days, or pieces of evidence."""
    evidence = short.get("evidence", [])
    evidence = evidence if isinstance(evidence, list) else [evidence]
    pieces = [
        piece
        if isinstance(piece, dict)
        else {"type": "record", "reference": "Log", "custodian": "Duty office", "date": piece}
        for piece in evidence
    ]
    nothing = {"level": None, "na": None, "note": "", "owner": "", "by": "", "updated": "2026-06-30T10:00:00.000Z"}
    hashes = {"text_hash": {"en": "0123abcd", "es": "4567cdef"}}
    return {**nothing, **hashes, **short, "evidence": pieces}


def case_json(case: Mapping[str, Any]) -> tuple[Json, Json]:
    """(catalogue without rules, assessment) of a golden case."""
    requirements = [
        {"id": id_, "chapter": id_[:2], "phase": "prevent", "evidence_max_age_days": 365, **rest}
        for id_, rest in spread(case["requirements"]).items()
    ]
    domains = case.get("domains", {})
    codes = dict.fromkeys(requirement["chapter"] for requirement in requirements)
    chapters = [{"code": code, "domain": domains.get(code, "A")} for code in codes]
    assessment = {
        "review_date": case["review_date"],
        "target": case["target"],
        "risk": case.get("risk", {}),
        "answers": {id_: answer_json(short) for id_, short in spread(case["answers"]).items()},
    }
    return {"requirements": requirements, "chapters": chapters}, assessment


def scorer(catalogue: Json, assessment: Json, rules: Scoring = RULES) -> Callable[[int], Result]:
    """Gives the result that Python finds at a target."""
    domains = {chapter["code"]: chapter["domain"] for chapter in catalogue["chapters"]}
    items = [
        Item(r["id"], r["chapter"], domains[r["chapter"]], r["phase"], r["weight"], r["evidence_max_age_days"])
        for r in catalogue["requirements"]
    ]
    answers = ANSWERS.validate_json(json.dumps(assessment["answers"]))
    day = date.fromisoformat(assessment["review_date"])
    return lambda target: score(items, answers, assessment["risk"], day, target, rules)


def score_json(catalogue: Json, assessment: Json) -> Result:
    """The result that Python gives for the exchanged form, at its own target."""
    return scorer(catalogue, assessment)(assessment["target"])


def as_json(value: Any) -> Any:
    """A result as the browser writes it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
