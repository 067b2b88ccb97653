"""Nothing is read when nothing changed, and whatever changes is noticed."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.paper import unchanged
from guide.paper.unchanged import inputs, recall, remember


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one file of each sort."""
    files = ("docs/en/chapters/it.md", "guide/templates/paper/paper.css", "mkdocs.yml")
    for name in (*files, "data/edition.yml", "data/confirmed.tsv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one", encoding="utf-8")
    return tmp_path


def change(name: str) -> Callable[[Path], object]:
    """A step that writes another word into a file."""
    return lambda root: (root / name).write_text("two", encoding="utf-8")


@pytest.mark.parametrize(
    "step",
    [
        change("docs/en/chapters/it.md"),
        change("guide/templates/paper/paper.css"),
        change("mkdocs.yml"),
        change("data/confirmed.tsv"),
        change("docs/en/chapters/new.md"),
        lambda root: (root / "data/edition.yml").rename(root / "data/other.yml"),
        lambda root: (root / "data/edition.yml").unlink(),
    ],
)
def test_a_changed_file_is_noticed(project: Path, step: Callable[[Path], object]) -> None:
    """A word in a chapter or a template, a setting, a confirmation; a file that is new, renamed or gone."""
    before = inputs(project, "all")
    assert inputs(project, "all") == before
    step(project)
    assert inputs(project, "all") != before


def test_another_version_of_a_package_is_noticed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One installed package less, or another version, is another digest; so is another request."""
    before = inputs(project, "all")
    assert inputs(project, "es a4") != before
    every = list(importlib.metadata.distributions())
    monkeypatch.setattr(unchanged, "distributions", lambda: every[1:])
    assert inputs(project, "all") != before


def test_what_was_made_is_recalled_only_for_the_same_input_and_while_it_is_there(tmp_path: Path) -> None:
    """A damaged note, another digest, or a file that somebody deleted leads to the long way."""
    made = {"en/a4/guide.pdf": tmp_path / "abc-a4.pdf"}
    made["en/a4/guide.pdf"].write_bytes(b"%PDF")
    assert recall(tmp_path, "one") is None
    remember(tmp_path, "one", made)
    assert recall(tmp_path, "one") == made
    assert recall(tmp_path, "two") is None
    made["en/a4/guide.pdf"].unlink()
    assert recall(tmp_path, "one") is None
    (tmp_path / unchanged.NOTE).write_text("[]", encoding="utf-8")
    assert recall(tmp_path, "one") is None
