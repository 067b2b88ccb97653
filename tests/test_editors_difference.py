"""`guide difference`: what a reviewer sees of a pull request."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from guide.__main__ import main
from guide.confirmations import Confirmation, write_confirmed
from guide.content import Content
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


def difference(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reviewer's page of what changed since the last commit."""
    monkeypatch.chdir(root)
    done = CliRunner().invoke(main, ["difference", "--since", "HEAD", "--out", "d.html"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return (root / "d.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "old", "new", "shown"), [
    ("data/lifecycle.yml", "valid_months: 15", "valid_months: 18", "<del>15</del><ins>18</ins>"),
    ("data/checklists/insider-threat.yml", "weight: 3  ", "weight: 1  ", "<del>Essential</del><ins>Supporting</ins>"),
    ("data/interface.yml", "es: Imprimir}", "es: Borrar}", "<del>Imprimir</del><ins>Borrar</ins>"),
    ("data/report.yml", "es: Informe de", "es: Informe sin", "<del>de</del><ins>sin</ins>"),
    ("data/edition.yml", "es: Solo para", "es: Para", "<del>Solo para</del><ins>Para</ins>"),
    ("data/chapters.yml", "es: Reduce", "es: Aumenta", "<del>Reduce</del><ins>Aumenta</ins>"),
    ("docs/es/chapters/insider-threat.md", "Responsable de", "Nadie de", "<del>Responsable</del><ins>Nadie</ins>"),
])  # fmt: skip
def test_every_kind_of_text_and_fact_is_shown(
    specimen: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, shown: str
) -> None:
    """Months, weights, words of buttons, markings, purposes and readers are changes like any other."""
    (specimen / "mkdocs.yml").touch()
    commit(specimen, "Before", "2026-11-01")
    damage(specimen, {"file": file, "replace": old, "by": new})
    assert shown in difference(specimen, monkeypatch)


def test_the_all_clear_is_only_given_where_every_pair_is_in_step(
    specimen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pair that was out of step before is named beside a change that has nothing to do with it."""
    (specimen / "mkdocs.yml").touch()
    pairs = Content(specimen).pairs
    said = {item: Confirmation(*pair.fingerprints, datetime.date(2026, 11, 1)) for item, pair in pairs.items()}
    write_confirmed(specimen, said)
    commit(specimen, "Everything confirmed", "2026-11-01")
    assert "Both languages were confirmed to agree everywhere." in difference(specimen, monkeypatch)
    damage(specimen, {"file": "data/glossary.yml", "replace": "es: Toda persona", "by": "es: Ninguna persona"})
    commit(specimen, "One side alone", "2026-11-02")
    shown = difference(specimen, monkeypatch)
    assert "Both languages were confirmed to agree" not in shown
    assert "Out of step without being changed here: term:insider (Spanish moved)." in shown


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
