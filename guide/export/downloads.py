"""The files that members take to other tools: what there is, and the writing of all of it.

Enters: the guide, which of its texts are out of step, and a folder. Leaves: the files, whole or not at all, and a list
of them for the downloads page. The same guide gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from guide.export.ciso_assistant import library_yaml
from guide.export.oscal import catalog_json
from guide.export.table import table_csv
from guide.export.workbook import workbook
from guide.export.xlsform import xlsform
from guide.guide import Guide
from guide.marks import Marks
from guide.model import LANGUAGES, Lang


@dataclass(frozen=True, slots=True)
class Download:
    """A file below downloads/: its `name`, its `kind` (its words are in data/interface.yml, group `downloads`), the
    `language` that it is in (None: both), and its size in bytes (None until it is written)."""

    name: str
    kind: str
    language: Lang | None
    size: int | None = None


def _makers() -> dict[Download, Callable[[Guide, Marks], bytes]]:
    makers: dict[Download, Callable[[Guide, Marks], bytes]] = {}
    for lang in LANGUAGES:
        makers[Download(f"csbp-psems-workbook-{lang}.xlsx", "workbook", lang)] = partial(workbook, lang=lang)
        makers[Download(f"csbp-psems-requirements-{lang}.csv", "csv", lang)] = partial(table_csv, lang=lang)
        makers[Download(f"csbp-psems-oscal-catalog-{lang}.json", "oscal", lang)] = partial(catalog_json, lang=lang)
    makers[Download("csbp-psems-ciso-assistant.yaml", "ciso_assistant", None)] = library_yaml
    makers[Download("csbp-psems-xlsform.xlsx", "xlsform", None)] = xlsform
    return makers


def offered() -> tuple[Download, ...]:
    """Every download, before it is made."""
    return tuple(_makers())


def write_downloads(guide: Guide, marks: Marks, folder: Path) -> list[Download]:
    """Writes every download into `folder`. Raises OSError when that fails; a file under its own name is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for download, make in _makers().items():
        data = make(guide, marks)
        beside = folder / f"{download.name}.part"
        beside.write_bytes(data)
        beside.replace(folder / download.name)
        written.append(replace(download, size=len(data)))
    return written
