"""`guide difference`: what a reviewer sees of a pull request."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from guide.__main__ import main
from tests.repository import commit
from tests.test_golden_cases import damage


@pytest.fixture
def reviewed(specimen: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A requirement reworded in English only and a section in both languages; the file that the reviewer opens."""
    (specimen / "mkdocs.yml").touch()
    commit(specimen, "Before", "2026-11-01")
    chapter = "chapters/insider-threat.md"
    for file, old, new in (
        ("data/checklists/insider-threat.yml", "on the leaving day", "on the <last> day"),
        (f"docs/en/{chapter}", "One sentence stands on one line.", "Each sentence stands on one line."),
        (f"docs/es/{chapter}", "Una frase ocupa una línea.", "Cada frase ocupa una línea."),
    ):
        damage(specimen, {"file": file, "replace": old, "by": new})
    monkeypatch.chdir(specimen)
    done = CliRunner().invoke(main, ["difference", "--since", "HEAD", "--out", "d.html"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return specimen / "d.html"


def test_only_what_changed_is_shown_word_by_word_in_both_languages(reviewed: Path, browser: Browser) -> None:
    """Two items, side by side; words that went and came are marked; a sign such as < is text."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(reviewed.as_uri())
    assert page.locator("section > .state").all_inner_texts() == [
        "IT-02: new", "chapters/insider-threat.md#in-brief: new",
    ]  # fmt: skip
    assert page.locator("del").all_inner_texts() == ["leaving", "One", "Una"]
    assert page.locator("ins").all_inner_texts() == ["<last>", "Each", "Cada"]
    english, spanish = (page.locator(f"section >> nth=0 >> div[lang={lang}]").bounding_box() for lang in ("en", "es"))
    assert english is not None
    assert spanish is not None
    assert english["y"] == spanish["y"]
    assert page.locator("section >> nth=0 >> div[lang=es]").inner_text().startswith("El acceso termina")
    page.close()


def test_a_revision_that_is_not_there_is_explained(specimen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is written, and the editor is told how to get the history, or that this folder can have none."""
    (specimen / "mkdocs.yml").touch()
    monkeypatch.chdir(specimen)

    def refused() -> str:
        done = CliRunner().invoke(main, ["difference", "--since", "spring", "--out", "d.html"], catch_exceptions=False)
        assert (done.exit_code, (specimen / "d.html").exists()) == (1, False)
        return done.output

    assert "Work in a folder made by `git clone`." in refused()
    commit(specimen, "A history", "2026-11-01")
    assert "fetch the rest with `git fetch --tags`." in refused()


def test_a_file_that_cannot_be_read_is_explained(specimen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor gets the message of `guide check`, not the advice to run it."""
    (specimen / "mkdocs.yml").touch()
    commit(specimen, "A history", "2026-11-01")
    (specimen / "data" / "cases.yml").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    monkeypatch.chdir(specimen)
    done = CliRunner().invoke(main, ["difference", "--since", "HEAD", "--out", "d.html"], catch_exceptions=False)
    assert done.output.startswith("data/cases.yml:1  A merge conflict was left here.")
