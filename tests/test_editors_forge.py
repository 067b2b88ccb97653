"""Contribution without tools: the link under a page, the forms, who reviews, and what runs on a pull request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from guide.content import Content
from guide.live import LiveLanguage
from guide.model import LANGUAGES
from tests.conftest import ROOT
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
