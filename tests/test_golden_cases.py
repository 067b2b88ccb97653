"""Bad input, one file each: tests/cases/{load,rules}/<what_it_shows>.yml damages the specimen and lists the problems.

A bug report becomes a file. Fields of a case: `change` (a list of {file, replace, by}, {file, append}, {file, write},
{file, bytes}, {delete}, {rename, to}, {folder} or {link, to}) and `problems` (every line that `guide check` prints).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.agreement import AGREEMENT
from guide.checking import findings
from guide.kept import Kept
from guide.publishing import PUBLISHING
from guide.rules import RULES
from guide.wording import WORDING
from tests.conftest import SHARED

WORDS = Kept(Path(__file__).parent / "nowhere")
CASES = sorted(path for step in ("load", "rules") for path in (Path(__file__).parent / "cases" / step).glob("*.yml"))


def damage(root: Path, change: dict[str, Any]) -> None:
    """Applies one change of a case to the specimen."""
    if "delete" in change:
        (root / change["delete"]).unlink()
        return
    if "rename" in change:
        (root / change["rename"]).rename(root / change["to"])
        return
    if "folder" in change:
        (root / change["folder"]).mkdir()
        return
    if "link" in change:
        (root / change["link"]).symlink_to(change["to"])
        return
    path = root / change["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    if "bytes" in change:
        path.write_bytes(bytes(change["bytes"], "latin-1"))
    elif "write" in change:
        path.write_text(change["write"], encoding="utf-8", newline="")
    elif "append" in change:
        path.write_text(path.read_text(encoding="utf-8") + change["append"], encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        assert change["replace"] in text, f"the case no longer fits the specimen: {change['replace']!r}"
        path.write_text(text.replace(change["replace"], change["by"], 1), encoding="utf-8", newline="")


def said(root: Path, *changed: str) -> dict[str, list[str]]:
    """What an editor is told, except about files that the specimen borrows from the guide and that nobody `changed`,
    and except that the specimen was never confirmed."""
    borrowed = {f"data/{name}" for name in SHARED} - set(changed)
    found = findings(root)
    return {
        "problems": [str(problem) for problem in found.problems if problem.file not in borrowed],
        "notices": [str(notice) for notice in found.notices if notice.rule != "never-confirmed"],
    }


@pytest.fixture(autouse=True)
def short_chapters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The specimen's chapter is a page long; its range is set to that. The dictionary is asked once for a word."""
    monkeypatch.setattr("guide.wording.FEWEST_WORDS", 40)
    monkeypatch.setattr("guide.wording.MOST_WORDS", 120)
    monkeypatch.setattr("guide.wording.kept", lambda root: WORDS)


def test_the_specimen_itself_has_no_problems(specimen: Path) -> None:
    """Otherwise a golden case would show more than its own fault."""
    assert said(specimen) == {"problems": [], "notices": []}


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_bad_input_is_explained(case: Path, specimen: Path) -> None:
    """Each kind of mistake gives exactly the messages written in its case, with file, line, id and remedy."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    for change in told["change"]:
        damage(specimen, change)
    changed = {change.get("file", "") for change in told["change"]}
    assert said(specimen, *changed) == {"problems": told["problems"], "notices": told.get("notices", [])}


def test_every_rule_has_a_case() -> None:
    """A rule that no case can make fail is not known to work."""
    shown = {path.stem.partition("--")[0] for path in CASES if path.parent.name == "rules"}
    assert sorted({rule.__name__.replace("_", "-") for rule in RULES + PUBLISHING + WORDING + AGREEMENT} - shown) == []
