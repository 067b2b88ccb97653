"""data/assessment.<lang>.json: what the self-assessment needs of the catalogue, in one language.

Enters: the Guide, and which of its texts are out of step. Leaves: plain JSON with the requirements in force, what
became of retired ones, and the scoring rules with their labels; a fraction of catalogue.json, which holds both
languages and everything else.
"""

from __future__ import annotations

import json
from typing import Any

from guide.codes import check_character
from guide.fingerprint import fingerprint
from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import LANGUAGES, Lang, Requirement

LEFT_OUT = {"proposal", "indication", "instruction", "limits", "confidentiality", "weights", "score", "own_target"}
"""Parts of the scoring model that stand in the page itself."""


def assessment_data(guide: Guide, marks: Marks, lang: Lang) -> dict[str, Any]:
    """The slim catalogue in `lang`; names of fields as in catalogue.json, texts as plain strings."""
    words = guide.interface.words(lang)
    names = words["domains"]
    return {
        "edition": guide.edition.edition,
        "lang": lang,
        "domains": [{"code": code, "name": names[code]} for code in sorted({c.domain.value for c in guide.chapters})],
        "chapters": [
            {"code": c.code, "slug": c.slug, "domain": c.domain.value, "title": c.title[lang]} for c in guide.chapters
        ],
        "requirements": [
            _requirement(r, lang, told(marks[lang].get(r.id), words))
            for r in guide.requirements.values()
            if not r.retired
        ],
        "retired": [
            {"id": r.id, "reason": r.retired.reason[lang], "replaced_by": list(r.retired.replaced_by)}
            for r in guide.requirements.values()
            if r.retired
        ],
        "scoring": _in(lang, guide.scoring.model_dump(mode="json", exclude=LEFT_OUT)),
    }


def _requirement(requirement: Requirement, lang: Lang, said: str) -> dict[str, Any]:
    """`said` is what the reader is told of a text that is out of step; a text in step says nothing."""
    behind = {"behind": said} if said else {}
    return {
        "id": requirement.id,
        "chapter": requirement.id[:2],
        "text": requirement.text[lang],
        "evidence": [example[lang] for example in requirement.evidence],
        "week": requirement.close_the_gap.week[lang],
        "full": requirement.close_the_gap.full[lang],
        "weight": requirement.weight.value,
        "phase": requirement.phase.value,
        "evidence_max_age_days": requirement.evidence_max_age_days,
        "check": check_character(requirement.id),
        "hash": {each: fingerprint(requirement.text[each]) for each in LANGUAGES},
        **behind,
    }


def _in(lang: Lang, value: Any) -> Any:
    """`value` with every pair of texts replaced by the one in `lang`."""
    if isinstance(value, dict):
        return value[lang] if value.keys() == {"en", "es"} else {key: _in(lang, item) for key, item in value.items()}
    return [_in(lang, item) for item in value] if isinstance(value, list) else value


def assessment_json(guide: Guide, marks: Marks, lang: Lang) -> str:
    """The data as text; the same guide gives the same bytes."""
    return json.dumps(assessment_data(guide, marks, lang), ensure_ascii=False, separators=(",", ":"))
