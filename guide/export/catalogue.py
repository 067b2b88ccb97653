"""catalogue.json: all requirements in both languages, the scoring rules, the edition and the hash of every text.

Enters: the Guide, and which of its texts are out of step. Leaves: plain JSON that the assessment, the report command
and members' own tools read.
"""

from __future__ import annotations

import json
from typing import Any

from guide.codes import check_character
from guide.fingerprint import fingerprint
from guide.guide import Guide
from guide.marks import Marks, as_data
from guide.model import LANGUAGES, Requirement

FORMAT = "csbp-catalogue"
SCHEMA = 1
RULES = ("scoring", "lifecycle", "interface:domains")
"""Pairs of texts that belong to no chapter."""


def catalogue(guide: Guide, marks: Marks) -> dict[str, Any]:
    """The whole catalogue; keys are described in data/README.md, "catalogue.json"."""
    words = {lang: guide.interface.words(lang) for lang in LANGUAGES}
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "edition": guide.edition.edition,
        "date": guide.edition.date.isoformat(),
        "domains": [
            {"code": code, "name": {lang: words[lang]["domains"][code] for lang in LANGUAGES}}
            for code in sorted({chapter.domain.value for chapter in guide.chapters})
        ],
        "chapters": [
            {
                "code": chapter.code,
                "slug": chapter.slug,
                "domain": chapter.domain.value,
                "title": chapter.title.model_dump(),
                "requirements": [requirement.id for requirement in guide.in_force(chapter.code)],
                "behind": as_data(marks, f"chapter:{chapter.code}"),
            }
            for chapter in guide.chapters
        ],
        "requirements": [
            _requirement(guide, marks, requirement)
            for requirement in guide.requirements.values()
            if not requirement.retired
        ],
        "retired": [
            {"id": r.id, **r.retired.model_dump(mode="json")} for r in guide.requirements.values() if r.retired
        ],
        "scoring": guide.scoring.model_dump(mode="json"),
        "lifecycle": guide.lifecycle.model_dump(mode="json"),
        "behind": {item: as_data(marks, item) for item in RULES if item in marks["en"]},
    }


def _requirement(guide: Guide, marks: Marks, requirement: Requirement) -> dict[str, Any]:
    data = requirement.model_dump(mode="json", exclude={"retired"})
    chapter = guide.chapter(requirement.id[:2])
    return {
        **data,
        "chapter": chapter.code,
        "domain": chapter.domain.value,
        "check": check_character(requirement.id),
        "hash": {lang: fingerprint(requirement.text[lang]) for lang in LANGUAGES},
        "behind": as_data(marks, requirement.id),
    }


def catalogue_json(guide: Guide, marks: Marks) -> str:
    """The catalogue as text; the same guide gives the same bytes."""
    return json.dumps(catalogue(guide, marks), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
