"""`guide changes --since TAG`: tests/cases/changes/<what_it_shows>.yml.

The specimen is tagged `before`; a case gives a `change` (as in test_golden_cases.py), the `changes` that
data/changes/<edition>.yml then lists, and lines that the bulletin `says`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from guide.__main__ import main
from guide.changes_model import read_changes
from guide.content import Content
from tests.conftest import copy_specimen
from tests.repository import commit, git
from tests.test_golden_cases import damage

CASES = sorted((Path(__file__).parent / "cases" / "changes").glob("*.yml"))


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The specimen with a history and the tag `before`."""
    root = copy_specimen(tmp_path_factory.mktemp("tagged") / "guide")
    (root / "mkdocs.yml").touch()
    commit(root, "Before", "2026-11-01")
    git(root, "tag", "before")
    return root


@pytest.fixture
def guide(tagged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which commands run."""
    root = Path(shutil.copytree(tagged, tmp_path / "guide"))
    monkeypatch.chdir(root)
    return root


def changes(*words: str) -> Result:
    """Runs the command."""
    return CliRunner().invoke(main, ["changes", *words], catch_exceptions=False)


def listed(root: Path) -> list[dict[str, Any]]:
    """What the file lists."""
    return [
        change.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        for edition in read_changes(root)
        for change in edition.changes
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_members_are_told_what_changed(case: Path, guide: Path) -> None:
    """The file lists exactly the changes of the case, in both languages, and the bulletin says them."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    for change in told["change"]:
        damage(guide, change)
    done = changes("--since", "before")
    assert listed(guide) == told["changes"], done.output
    assert [line for line in told["says"] if line not in done.output] == []
    assert done.stderr == ""


def test_an_earlier_file_that_cannot_be_read_is_named(guide: Path) -> None:
    """What stands in it is neither called new nor compared, and the editor is told which file it was."""
    damage(guide, {"file": "data/cases.yml", "replace": "kind: crime", "by": "sort: crime"})
    commit(guide, "Fields of another time", "2026-11-02")
    git(guide, "tag", "older")
    damage(guide, {"file": "data/cases.yml", "replace": "sort: crime", "by": "kind: crime"})
    done = changes("--since", "older")
    assert listed(guide) == []
    assert done.stderr == "notice: data/cases.yml  older has it in a form that cannot be compared.\n"


def test_an_unknown_tag_is_explained(guide: Path) -> None:
    """A tag that is not there gives a problem with its remedy, and no file."""
    done = changes("--since", "2019.01")
    assert (done.exit_code, "git fetch --tags" in done.output) == (1, True)
    assert listed(guide) == []


def test_the_page_shows_old_and_new_in_its_own_language(guide: Path) -> None:
    """The Spanish page of changes has the Spanish sentences, before and after, and a link to the requirement."""
    damage(guide, {"file": "data/checklists/insider-threat.yml", "replace": "el día de la baja", "by": "ese mismo día"})
    changes("--since", "before")
    content = Content(guide)
    page = content.renderers()["es"].changes(content.changes, "../")
    assert "<del>El acceso termina el día de la baja.</del>" in page
    assert "<ins>El acceso termina ese mismo día.</ins>" in page
    assert 'href="../chapters/insider-threat/#IT-02"' in page
    assert "Solo cambió" not in page


def test_the_first_edition_says_so(guide: Path) -> None:
    """Without a file the page is not empty: it tells what will stand there."""
    renderers = Content(guide).renderers()
    assert "first edition" in renderers["en"].changes((), "./")
    assert "primera edición" in renderers["es"].changes((), "./")
