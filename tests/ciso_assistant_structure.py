"""The structure of a CISO Assistant library, as its importer and its documentation describe it.

Enters: a library as YAML text. Leaves: what is wrong with it, in sentences. Written from the documented fields
(tools/README.md) and from what the importer demands (backend/library/utils.py, backend/core/models.py) in
intuitem/ciso-assistant-community: required fields, form of a URN, order of nodes, range of scores.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

URN = re.compile(r"urn:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+(?::[a-zA-Z0-9_-]+)?:[0-9A-Za-z\[\]()\-._:]+")
LOCALE = re.compile(r"[a-z]{2}")
LIBRARY = {
    "urn": str, "locale": str, "ref_id": str, "name": str, "description": str, "copyright": str, "version": int,
    "provider": str, "packager": str, "objects": dict,
}  # fmt: skip
LIBRARY_MAY = {
    "publication_date", "translations", "labels", "dependencies", "annotation", "convert_library_version",
}  # fmt: skip
FRAMEWORK = {"urn": str, "ref_id": str, "name": str, "description": str, "requirement_nodes": list}
FRAMEWORK_MAY = {
    "min_score", "max_score", "scores_definition", "implementation_groups_definition", "translations", "annotation",
    "outcomes_definition", "field_visibility",
}  # fmt: skip
NODE = {"urn": str, "assessable": bool, "depth": int}
NODE_MAY = {
    "parent_urn", "ref_id", "name", "description", "annotation", "typical_evidence", "implementation_groups", "weight",
    "importance", "questions", "threats", "reference_controls", "min_score", "max_score", "scores_definition_ref",
    "display_mode", "visibility_expression", "translations",
}  # fmt: skip
SCORE = {"score": int, "name": str, "description": str}
GROUP = {"ref_id": str, "name": str}
WORDS = {"name", "description", "annotation", "typical_evidence", "description_doc", "copyright"}


def faults(text: bytes) -> list[str]:
    """Everything that the importer would refuse or drop; empty for a sound library."""
    library = yaml.safe_load(text)
    return list(_library(library)) if isinstance(library, dict) else ["the file is no mapping"]


def _library(library: Mapping[str, Any]) -> Iterator[str]:
    yield from _fields("library", library, LIBRARY, LIBRARY_MAY)
    yield from _urn("library", library)
    if not LOCALE.fullmatch(str(library.get("locale"))):
        yield "library: locale has two letters"
    if not isinstance(library.get("publication_date", datetime.date.min), datetime.date):
        yield "library: publication_date is no date"
    objects = library.get("objects")
    if not isinstance(objects, dict) or set(objects) != {"framework"}:
        yield "objects: exactly one framework is expected"
    elif isinstance(objects["framework"], dict):
        yield from _framework(objects["framework"])


def _framework(framework: Mapping[str, Any]) -> Iterator[str]:
    yield from _fields("framework", framework, FRAMEWORK, FRAMEWORK_MAY)
    yield from _urn("framework", framework)
    low, high = framework.get("min_score", 0), framework.get("max_score", 100)
    if not 0 <= low < high:
        yield "framework: min_score must be below max_score and not negative"
    scores = framework.get("scores_definition", [])
    for place, score in enumerate(scores):
        yield from _fields(f"scores_definition[{place}]", score, SCORE, {"description_doc", "translations"})
    if scores and [score.get("score") for score in scores] != list(range(low, high + 1)):
        yield "scores_definition: one entry for every score from min_score to max_score"
    groups = framework.get("implementation_groups_definition", [])
    for place, group in enumerate(groups):
        where = f"implementation_groups_definition[{place}]"
        yield from _fields(where, group, GROUP, {"description", "default_selected", "translations"})
    nodes = framework.get("requirement_nodes")
    if not nodes:
        yield "requirement_nodes: there are none"
        return
    yield from _nodes(nodes, {group.get("ref_id") for group in groups})


def _nodes(nodes: list[Mapping[str, Any]], groups: set[Any]) -> Iterator[str]:
    depths: dict[str, int] = {}
    for place, node in enumerate(nodes):
        where = str(node.get("ref_id") or node.get("urn") or f"requirement_nodes[{place}]")
        yield from _fields(where, node, NODE, NODE_MAY)
        yield from _urn(where, node)
        urn, parent = str(node.get("urn")).lower(), node.get("parent_urn")
        if urn in depths:
            yield f"{where}: its urn occurs twice"
        if parent is not None and str(parent).lower() not in depths:
            yield f"{where}: its parent does not stand before it"
        elif node.get("depth") != depths.get(str(parent).lower(), 0) + 1:
            yield f"{where}: its depth is not one more than its parent's"
        depths[urn] = node.get("depth", 0)
        if not (node.get("name") or node.get("description")):
            yield f"{where}: neither name nor description"
        if not isinstance(node.get("weight", 1), int) or node.get("weight", 1) < 1:
            yield f"{where}: weight is a whole number from 1"
        if unknown := set(node.get("implementation_groups") or ()) - groups:
            yield f"{where}: unknown implementation group {sorted(unknown)}"


def _fields(where: str, item: Mapping[str, Any], needed: Mapping[str, type], may: set[str]) -> Iterator[str]:
    for name, kind in needed.items():
        if not isinstance(item.get(name), kind) or item.get(name) == "":
            yield f"{where}: {name} is missing or is no {kind.__name__}"
    for name in item.keys() - needed.keys() - may:
        yield f"{where}: {name} is not known to the importer"
    for locale, texts in item.get("translations", {}).items():
        if not LOCALE.fullmatch(locale):
            yield f"{where}: translations are kept by language of two letters"
        for name, text in texts.items():
            if name not in WORDS or name not in item:
                yield f"{where}: the translation of {name} has no original"
            elif not isinstance(text, str) or not text.strip():
                yield f"{where}: the translation of {name} is empty"


def _urn(where: str, item: Mapping[str, Any]) -> Iterator[str]:
    if not URN.fullmatch(str(item.get("urn"))):
        yield f"{where}: its urn is badly formed"
