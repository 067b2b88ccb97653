"""An OSCAL catalog of the requirements in one language.

Enters: the guide, and which of its texts are out of step. Leaves: JSON in version 1.2.1 of the Open Security Controls
Assessment Language (NIST), which is what compliance-trestle 4 reads. Both languages have the same control ids, so an
assessment made with one fits the other.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import Chapter, Citation, Domain, Lang, Reference, Requirement

OSCAL_VERSION = "1.2.1"
NAMESPACE = "https://interportpolice.org/ns/csbp-psems"
"""Names of our own properties and parts belong to it, as OSCAL asks: a name, not a page, so it never changes."""
FAMILY = UUID("b0a3d0f6-6c55-5d0c-9c1e-2f6a4d2c7a11")
"""All ids of this guide's documents are made from it and a name, so the same thing always has the same id."""

Json = dict[str, Any]


def catalog_json(guide: Guide, marks: Marks, lang: Lang) -> bytes:
    """The catalog as text; the same guide gives the same bytes."""
    return (json.dumps({"catalog": _catalog(guide, marks, lang)}, ensure_ascii=False, indent=1) + "\n").encode()


def _catalog(guide: Guide, marks: Marks, lang: Lang) -> Json:
    asked = [chapter for chapter in guide.chapters if guide.in_force(chapter.code)]
    domains = [domain for domain in Domain if any(chapter.domain is domain for chapter in asked)]
    cited = {c.id for chapter in asked for requirement in guide.in_force(chapter.code) for c in requirement.references}
    return {
        "uuid": _id(f"catalog/{guide.edition.edition}/{lang}"),
        "metadata": _metadata(guide, lang),
        "groups": [
            {
                "id": f"domain-{domain.value.lower()}",
                "class": "domain",
                "title": guide.interface.words(lang)["domains"][domain.value],
                "groups": [_group(guide, marks, chapter, lang) for chapter in asked if chapter.domain is domain],
            }
            for domain in domains
        ],
        "back-matter": {"resources": [_resource(r, lang) for r in guide.references.values() if r.id in cited]},
    }


def _metadata(guide: Guide, lang: Lang) -> Json:
    words, edition = guide.interface.words(lang), guide.edition
    owner = _id("party/owner")
    return {
        "title": words["site"]["name"],
        "last-modified": f"{edition.date.isoformat()}T00:00:00+00:00",
        "version": edition.edition,
        "oscal-version": OSCAL_VERSION,
        "props": [
            _own("language", lang),
            _own("valid-until", edition.valid_until.isoformat()),
            {"name": "marking", "value": edition.marking[lang]},
        ],
        "roles": [{"id": "creator", "title": words["site"]["owner"]}],
        "parties": [{"uuid": owner, "type": "organization", "name": words["site"]["owner"]}],
        "responsible-parties": [{"role-id": "creator", "party-uuids": [owner]}],
        "remarks": "\n\n".join((words["downloads"]["notice"], words["checklist"]["targets"], edition.status[lang])),
    }


def _group(guide: Guide, marks: Marks, chapter: Chapter, lang: Lang) -> Json:
    state, said = _behind(guide, marks, f"chapter:{chapter.code}", chapter.slug, lang)
    return {
        "id": chapter.slug,
        "class": "chapter",
        "title": chapter.title[lang],
        "props": [{"name": "label", "value": chapter.code}, *state],
        "parts": [{"id": f"{chapter.slug}-purpose", "name": "overview", "prose": chapter.purpose[lang]}, *said],
        "controls": [_control(guide, marks, requirement, lang) for requirement in guide.in_force(chapter.code)],
    }


def _control(guide: Guide, marks: Marks, requirement: Requirement, lang: Lang) -> Json:
    words = guide.interface.words(lang)
    item = requirement.id.lower()
    close = requirement.close_the_gap
    steps = {"week": close.week, "full": close.full, "low-cost": close.low_cost}
    state, said = _behind(guide, marks, requirement.id, item, lang)
    return {
        "id": item,
        "class": "requirement",
        "title": requirement.text[lang],
        "props": [
            {"name": "label", "value": requirement.id},
            {"name": "sort-id", "value": item},
            _own("weight", str(requirement.weight.value)),
            _own("phase", requirement.phase.value),
            _own("applies-to", requirement.applies_to.value),
            _own("evidence-max-age-days", str(requirement.evidence_max_age_days)),
            *state,
        ],
        "links": [_link(guide, citation, lang) for citation in requirement.references],
        "parts": [
            {"id": f"{item}_smt", "name": "statement", "prose": requirement.text[lang]},
            *said,
            {
                "id": f"{item}_gdn",
                "name": "guidance",
                "title": words["checklist"]["why"],
                "prose": requirement.why[lang],
            },
            {
                "id": f"{item}_evidence",
                "name": "evidence",
                "ns": NAMESPACE,
                "title": words["checklist"]["evidence"],
                "prose": "\n".join(f"- {text[lang]}" for text in requirement.evidence),
            },
            {
                "id": f"{item}_close",
                "name": "close-the-gap",
                "ns": NAMESPACE,
                "title": words["checklist"]["close_the_gap"],
                "parts": [
                    {
                        "id": f"{item}_close_{name}",
                        "name": name,
                        "ns": NAMESPACE,
                        "title": words["checklist"][name.replace("-", "_")],
                        "prose": text[lang],
                    }
                    for name, text in steps.items()
                ],
            },
        ],
    }


def _behind(guide: Guide, marks: Marks, pair: str, item: str, lang: Lang) -> tuple[list[Json], list[Json]]:
    """For a text that is out of step, a property for programs, the same in both languages, and a part for people."""
    behind = marks[lang].get(pair)
    if behind is None:
        return [], []
    said = told(behind, guide.interface.words(lang))
    part = {"id": f"{item}_translation", "name": "translation", "ns": NAMESPACE, "prose": said}
    return [_own("translation", behind.state.lower().replace("_", "-"))], [part]


def _own(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _link(guide: Guide, citation: Citation, lang: Lang) -> Json:
    text = guide.references[citation.id].short[lang]
    if citation.clause:
        text = f"{text}, {citation.clause}"
    return {"href": f"#{_id(f'reference/{citation.id}')}", "rel": "reference", "text": text}


def _resource(reference: Reference, lang: Lang) -> Json:
    edition = f" ({reference.edition})" if reference.edition else ""
    return {
        "uuid": _id(f"reference/{reference.id}"),
        "title": reference.short[lang],
        "description": reference.use[lang],
        "citation": {"text": f"{reference.issuer[lang]}: {reference.title[lang]}{edition}"},
    }


def _id(name: str) -> str:
    """The same id for the same name, as version 5 of RFC 4122 (OSCAL takes versions 4 and 5)."""
    return str(uuid5(FAMILY, name))
