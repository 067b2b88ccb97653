"""JSON Schemas for editors, made from the models.

Enters: the table of files in `load`. Leaves: data/schema/*.json, which a YAML editor uses for completion and errors.
"""

from __future__ import annotations

import json
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from guide.assessment import json_schema as assessment_file_schema
from guide.figures.model import FIGURES
from guide.load import FOLDERS, SINGLE_FILES


def schemas() -> dict[str, str]:
    """File name -> JSON text, for every kind of data file."""
    found: dict[str, dict[str, Any]] = {
        name: model.model_json_schema() for name, model in {**SINGLE_FILES, **FOLDERS}.items()
    }
    found["figures"] = TypeAdapter(reduce(or_, FIGURES.values())).json_schema()
    found["assessment-file"] = assessment_file_schema()
    return {f"{name}.json": _text(schema) for name, schema in found.items()}


def _text(schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=1) + "\n"


def write_schemas(root: Path) -> None:
    """Writes those that changed below data/schema/."""
    folder = root / "data" / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
