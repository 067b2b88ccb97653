"""Contribution without tools: the link under a page, the forms, who reviews, and what runs on a pull request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from guide.__main__ import annotation, main
from guide.content import Content
from guide.live import LiveLanguage
from guide.model import LANGUAGES
from guide.problems import Problem
from tests.conftest import ROOT
from tests.test_golden_cases import damage
from tests.test_preview import CHAPTER, project

FORMS = ("text", "translation", "requirement", "software")


def test_change_this_page_leads_to_the_file_of_its_language(tmp_path: Path) -> None:
    """With a forge configured, each page links to its own source; the English and the Spanish one differ."""
    root = project(tmp_path)
    (root / "mkdocs.yml").rename(root / "base.yml")
    forge = "https://forge.example.org/edit/main/{path}"
    (root / "mkdocs.yml").write_text(f"INHERIT: base.yml\nextra:\n  forge: {forge}\n", encoding="utf-8")
    content = Content(root)
    for lang in LANGUAGES:
        address = f"{CHAPTER}/" if lang == "en" else f"es/{CHAPTER}/"
        html = LiveLanguage(root, lang, content, content.renderers()).render(address)
        assert f'href="https://forge.example.org/edit/main/docs/{lang}/{CHAPTER}.md"' in html
        assert (root / f"docs/{lang}/{CHAPTER}.md").exists()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_asks_in_both_languages(name: str) -> None:
    """Each form can be read by the forge, has unique ids, and warns that everybody can read it."""
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8"))
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in fields]
    assert len(ids) == len(set(ids))
    assert "Everybody can read this" in form["body"][0]["attributes"]["value"]
    assert all(re.search(r" / |^English$|^Español$", field["attributes"]["label"]) for field in fields)


def test_owners_name_folders_that_exist_and_no_person() -> None:
    """Every path of CODEOWNERS is there; owners are placeholders for teams."""
    for row in (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            path, *owners = row.split()
            assert path == "*" or any(ROOT.glob(path.strip("/"))), path
            assert all(owner.startswith("@your-organisation/") for owner in owners)


def test_the_workflow_runs_the_commands_of_the_makefile() -> None:
    """Checks, tests and the reviewer's page run with the whole history; every make target exists."""
    flow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    said = "\n".join(step.get("run", "") for step in steps)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {"check", "test"} <= set(re.findall(r"make (\w+)", said)) <= set(targets)
    assert "guide difference --since" in said
    assert all(step["with"]["fetch-depth"] == 0 for step in steps if "checkout" in step.get("uses", ""))


def test_a_pull_request_shows_the_whole_message() -> None:
    """An annotation has the item, the remedy, and whether `make fix` mends it; its own signs are escaped."""
    problem = Problem("data/a,b.yml", 0, "IT-02", "100% of\r\nit: this.", "Mend it.", "id-published", fixable=True)
    assert annotation("error", problem) == (
        "::error file=data/a%2Cb.yml,line=1,title=id-published::"
        "IT-02: 100%25 of%0D%0Ait: this. Mend it. (fixed by `make fix`)"
    )


def test_annotations_are_printed_on_the_forge_alone(specimen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`guide check` prints each message for people, and once more for the forge where it runs there."""
    damage(specimen, {"file": "data/ids.txt", "replace": "IT-02\n", "by": ""})
    (specimen / "mkdocs.yml").touch()
    monkeypatch.setattr("guide.checking.WORDING", ())
    monkeypatch.chdir(specimen)
    said = "IT-02: This id is not in data/ids.txt. Add a line IT-02 at its place. (fixed by `make fix`)"
    place = "data/checklists/insider-threat.yml"
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert "::error" not in CliRunner().invoke(main, ["check"]).output
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    rows = CliRunner().invoke(main, ["check"]).output.splitlines()
    assert f"{place}:43  {said}" in rows
    assert f"::error file={place},line=43,title=id-published::{said}" in rows
