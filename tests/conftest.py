"""What many tests share: the project's folder, the specimen guide, and the site built once per run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPECIMEN = ROOT / "tests" / "specimen"
#: The specimen has no rules and words of its own: it uses the guide's.
SHARED = (
    "scoring.yml", "lifecycle.yml", "interface.yml", "edition.yml", "sources.shingles", "words/en.txt", "words/es.txt",
)  # fmt: skip


@pytest.fixture
def specimen(tmp_path: Path) -> Path:
    """A small complete guide that a test may damage."""
    return copy_specimen(tmp_path / "guide")


def copy_specimen(folder: Path) -> Path:
    """The specimen guide, whole, in a folder of its own."""
    shutil.copytree(SPECIMEN, folder)
    (folder / "data" / "words").mkdir(exist_ok=True)
    for name in SHARED:
        shutil.copy(ROOT / "data" / name, folder / "data" / name)
    return folder
