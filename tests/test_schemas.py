"""The JSON Schemas that editors use are made from the models and are current."""

from __future__ import annotations

import json

from guide.schema import schemas
from tests.conftest import ROOT


def test_schemas_are_current() -> None:
    """data/schema/ is what `make fix` would write today."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "data" / "schema").glob("*.json")}
    assert kept == schemas()


def test_schemas_explain_their_fields() -> None:
    """An editor sees what a field means: the docstrings of the models are in the schema."""
    checklist = json.loads(schemas()["checklists.json"])
    assert "auditor" in checklist["$defs"]["Requirement"]["properties"]["evidence"]["description"]
