"""`guide changes --since TAG`: tests/cases/changes/<what_it_shows>.yml.

The specimen is tagged `before`; a case gives a `change` (as in test_golden_cases.py), the `changes` that
data/changes/<edition>.yml then lists, and lines that the bulletin `says`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from click.testing import CliRunner, Result
from pydantic import BaseModel, RootModel

from guide.__main__ import main
from guide.changes_model import read_changes
from guide.content import Content
from guide.entries import entries
from guide.facts import NO_FACT
from guide.figures.model import FIGURES
from guide.load import FOLDERS, SINGLE_FILES
from guide.model import LANGUAGES, Text
from tests.conftest import ROOT, copy_specimen
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


@pytest.mark.parametrize("root", [ROOT, None], ids=["the guide", "the specimen"])
def test_every_pair_is_an_entry(root: Path | None, guide: Path) -> None:
    """Nothing that two languages say is left out of the bulletin and of the reviewer's page."""
    content = Content(root or guide)
    found, unread = entries(root or guide, {lang: content.guide.interface.words(lang) for lang in LANGUAGES})
    assert unread == []
    assert sorted(content.pairs.keys() - found.keys()) == []


def test_every_fact_has_its_words() -> None:
    """What has no language has a name in both, or a reason why nobody is told of it."""
    words = Content(ROOT).guide.interface.words("en")
    names = set().union(*map(fields_without_language, (*SINGLE_FILES.values(), *FOLDERS.values(), *FIGURES.values())))
    named = {name.replace("-", "_") for name in words["facts"]}
    assert sorted(names - named - NO_FACT.keys() - TOLD_WITH_ANOTHER) == []
    assert sorted(NO_FACT.keys() - names) == []


TOLD_WITH_ANOTHER = {"clause", "en", "es", "right", "wrong", "why"}
"""A clause stands behind its document, synonyms by language; the Spanish traps of the glossary nobody reads."""


def fields_without_language(model: Any) -> set[str]:
    """Names of the fields of a model, and of those in it, that hold no text in two languages."""
    found: set[str] = set()
    for name, field in getattr(model, "model_fields", {}).items():
        inner = [part for part in parts_of(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
        if not inner and not issubclass(model, RootModel):
            found.add(name)
        for part in inner:
            if part is not Text:
                found |= fields_without_language(part)
    return found


def parts_of(annotation: Any) -> list[Any]:
    """The types that an annotation is made of."""
    inner = get_args(annotation) if get_origin(annotation) is not Literal else ()
    return [part for one in inner for part in parts_of(one)] or [annotation]


def test_what_cannot_be_compared_is_no_all_clear(guide: Path) -> None:
    """A file in another form is named, on the page too; nobody is told that nothing has changed."""
    damage(guide, {"file": "data/scoring.yml", "replace": "own_target:", "by": "their_target:"})
    commit(guide, "Fields of another time", "2026-11-02")
    git(guide, "tag", "older")
    damage(guide, {"file": "data/scoring.yml", "replace": "their_target:", "by": "own_target:"})
    done = changes("--since", "older", "--lang", "es")
    assert "No se ha comparado, porque la edición anterior lo tiene en otra forma: data/scoring.yml." in done.output
    assert "No ha cambiado nada" not in done.output
    content = Content(guide)
    page = content.renderers()["en"].changes(content.changes, "../")
    assert "in another form: data/scoring.yml." in page
    assert "Nothing that members read has changed" not in page


def test_nothing_changed_is_said_where_it_is_true(guide: Path) -> None:
    """Without any change both languages say so."""
    done = changes("--since", "before")
    assert "Nothing that members read has changed." in done.output
    assert "No ha cambiado nada de lo que leen los miembros." in done.output


def test_the_first_edition_says_so(guide: Path) -> None:
    """Without a file the page is not empty: it tells what will stand there."""
    renderers = Content(guide).renderers()
    assert "first edition" in renderers["en"].changes((), "./")
    assert "primera edición" in renderers["es"].changes((), "./")
