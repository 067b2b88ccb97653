"""A library for CISO Assistant: the requirements as a framework in both languages.

Enters: the guide, and which of its texts are out of step. Leaves: YAML in the structure that its importer takes
(tools/README.md, backend/library/utils.py in intuitem/ciso-assistant-community): English in the fields, Spanish below
`translations`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import LANGUAGES, Chapter, Domain, Lang, Requirement

NAMESPACE = "interportpolice"
LIBRARY = "csbp-psems"
Json = dict[str, Any]
Words = dict[str, dict[str, str]]


class _Block(yaml.SafeDumper):
    """Writes no anchors: a value that occurs twice is written twice, as people expect."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def library_yaml(guide: Guide, marks: Marks) -> bytes:
    """The library as text; the same guide gives the same bytes."""
    text: str = yaml.dump(_library(guide, marks), Dumper=_Block, allow_unicode=True, sort_keys=False, width=110)
    return text.encode()


def _library(guide: Guide, marks: Marks) -> Json:
    edition = guide.edition

    def name(lang: Lang, words: Words) -> Json:
        return {
            "name": words["site"]["name"],
            "description": _lines(
                words["site"]["description"],
                words["downloads"]["notice"],
                words["checklist"]["targets"],
                _about(words["workbook"]["how_scored"], marks, "scoring", lang, words),
            ),
        }

    def notice(lang: Lang, words: Words) -> Json:
        return {"copyright": f"{words['site']['owner']}. {edition.marking[lang]} {words['downloads']['notice']}"}

    both = _both(guide, lambda lang, words: {**name(lang, words), **notice(lang, words)})
    translations = both.pop("translations")
    return {
        "urn": f"urn:{NAMESPACE}:risk:library:{LIBRARY}",
        "locale": "en",
        "ref_id": LIBRARY,
        **both,
        "version": int(edition.edition.replace(".", "")),
        "publication_date": edition.date,
        "provider": guide.interface.words("en")["site"]["owner"],
        "packager": NAMESPACE,
        "translations": translations,
        "objects": {
            "framework": {
                "urn": f"urn:{NAMESPACE}:risk:framework:{LIBRARY}",
                "ref_id": LIBRARY,
                **_both(guide, name),
                "min_score": guide.scoring.levels[0].level,
                "max_score": guide.scoring.levels[-1].level,
                "scores_definition": _scores(guide),
                "implementation_groups_definition": _groups(guide),
                "requirement_nodes": _nodes(guide, marks),
            }
        },
    }


def _both(guide: Guide, fields: Callable[[Lang, Words], Json]) -> Json:
    """`fields` in English, with the Spanish ones below `translations`."""
    return {
        **fields("en", guide.interface.words("en")),
        "translations": {"es": fields("es", guide.interface.words("es"))},
    }


def _scores(guide: Guide) -> list[Json]:
    return [
        {
            "score": step.level,
            "name": step.label.en,
            "description": step.test.en,
            "translations": {"es": {"name": step.label.es, "description": step.test.es}},
        }
        for step in guide.scoring.levels
    ]


def _groups(guide: Guide) -> list[Json]:
    """One group for each weight, so that an audit can begin with the essential requirements."""
    names = {lang: guide.interface.words(lang)["weights"] for lang in LANGUAGES}
    return [
        {
            "ref_id": _group(meaning.weight),
            "name": names["en"][f"w{meaning.weight}"],
            "description": meaning.meaning.en,
            "translations": {"es": {"name": names["es"][f"w{meaning.weight}"], "description": meaning.meaning.es}},
        }
        for meaning in reversed(guide.scoring.weights)
    ]


def _group(weight: int) -> str:
    return f"W{weight}"


def _urn(part: str) -> str:
    return f"urn:{NAMESPACE}:risk:req_node:{LIBRARY}:{part.lower()}"


def _nodes(guide: Guide, marks: Marks) -> list[Json]:
    """Domains, their chapters, their requirements; a node stands below its parent."""
    names = {lang: guide.interface.words(lang)["domains"] for lang in LANGUAGES}
    nodes: list[Json] = []
    for domain in Domain:
        chapters = [c for c in guide.chapters if c.domain is domain and guide.in_force(c.code)]
        if not chapters:
            continue
        top = f"domain-{domain.value}"
        nodes.append(
            {
                "urn": _urn(top),
                "assessable": False,
                "depth": 1,
                "ref_id": domain.value,
                "name": names["en"][domain.value],
                "translations": {"es": {"name": names["es"][domain.value]}},
            }
        )
        for chapter in chapters:
            nodes.append(_chapter(guide, marks, chapter, _urn(top)))
            nodes += [
                _requirement(guide, marks, requirement, _urn(chapter.code))
                for requirement in guide.in_force(chapter.code)
            ]
    return nodes


def _chapter(guide: Guide, marks: Marks, chapter: Chapter, parent: str) -> Json:
    def fields(lang: Lang, words: Words) -> Json:
        said = _about(words["paper"]["title_and_purpose"], marks, f"chapter:{chapter.code}", lang, words)
        return {"name": chapter.title[lang], "description": _lines(chapter.purpose[lang], said)}

    return {
        "urn": _urn(chapter.code),
        "parent_urn": parent,
        "assessable": False,
        "depth": 2,
        "ref_id": chapter.code,
        **_both(guide, fields),
    }


def _about(what: str, marks: Marks, item: str, lang: Lang, words: Words) -> str:
    """Of `what` the reader is told that it is out of step; nothing if it is not."""
    said = told(marks[lang].get(item), words)
    return f"{what}: {said}" if said else ""


def _lines(*texts: str) -> str:
    """Texts below each other, as far as there are any."""
    return "\n".join(filter(None, texts))


def _requirement(guide: Guide, marks: Marks, requirement: Requirement, parent: str) -> Json:
    def fields(lang: Lang, words: Words) -> Json:
        close = requirement.close_the_gap
        card = words["checklist"]
        steps = {"week": close.week, "full": close.full, "low_cost": close.low_cost}
        return {
            "description": requirement.text[lang],
            "annotation": _lines(
                told(marks[lang].get(requirement.id), words),
                requirement.why[lang],
                *(f"{card[key]}: {text[lang]}" for key, text in steps.items()),
            ),
            "typical_evidence": "\n".join(f"- {text[lang]}" for text in requirement.evidence),
        }

    return {
        "urn": _urn(requirement.id),
        "parent_urn": parent,
        "assessable": True,
        "depth": 3,
        "ref_id": requirement.id,
        "implementation_groups": [_group(requirement.weight.value)],
        "weight": requirement.weight.value,
        **_both(guide, fields),
    }
