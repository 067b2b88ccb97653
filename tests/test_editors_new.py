"""`guide new`: tests/cases/new/<what_it_shows>.yml.

A case gives a `change` of the specimen (as in test_golden_cases.py), what an editor types (`run`), and what comes of
it: `says` (all that is printed), `adds` (file -> text that is there now and was not before; nothing else changes) and
`problems` (what `guide check` then says; the first of them, followed by "…", where there are many).
"""

from __future__ import annotations

import difflib
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from guide.__main__ import main
from guide.checking import check
from tests.test_golden_cases import damage

CASES = sorted((Path(__file__).parent / "cases" / "new").glob("*.yml"))


def files(root: Path) -> dict[str, str]:
    """Every text of docs and data."""
    paths = [path for folder in ("docs", "data") for path in (root / folder).rglob("*.*")]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def added(before: str, after: str) -> str:
    """The lines that are new; "LOST: …" for a line that is gone."""
    rows = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(row[2:] if row[0] == "+" else f"LOST: {row[2:]}" for row in rows if row[0] in "+-")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_stub_stands_at_its_place(case: Path, specimen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command adds exactly the lines of its case, says where to go on, and leaves every other line as it was."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    (specimen / "mkdocs.yml").touch()
    monkeypatch.setattr("guide.checking.WORDING", ())
    monkeypatch.chdir(specimen)
    for change in told.get("change", []):
        damage(specimen, change)
    before = files(specimen)
    said = CliRunner().invoke(main, ["new", *shlex.split(told["run"])], catch_exceptions=False).output
    after = files(specimen)
    problems = [str(problem) for problem in check(specimen)]
    if told["problems"][-1:] == ["…"]:
        problems = [*problems[: len(told["problems"]) - 1], "…"]
    assert {
        "says": said,
        "adds": {name: added(before.get(name, ""), text) for name, text in after.items() if text != before.get(name)},
        "problems": problems,
    } == {"says": told["says"], "adds": told["adds"], "problems": told["problems"]}
