"""What many tests share: the project's folder, the specimen guide, and the site built once per run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPECIMEN = ROOT / "tests" / "specimen"
#: The specimen has no rules and words of its own: it uses the guide's.
SHARED = ("scoring.yml", "lifecycle.yml", "interface.yml", "edition.yml")


@pytest.fixture
def specimen(tmp_path: Path) -> Path:
    """A small complete guide that a test may damage."""
    folder = tmp_path / "guide"
    shutil.copytree(SPECIMEN, folder)
    for name in SHARED:
        shutil.copy(ROOT / "data" / name, folder / "data" / name)
    return folder
