"""README and CONTRIBUTING are true: every path, command and rule that they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guide.__main__ import main
from guide.rules import RULES
from guide.wording import WORDING
from tests.conftest import ROOT

TEXTS = ("README.md", "CONTRIBUTING.md", "CONTRIBUTING.es.md", "data/README.md")


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_exists(name: str) -> None:
    """A link or a path in code style leads to something in the project."""
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    for target in filter(None, linked):
        assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"
    for path in re.findall(r"`((?:docs|data|guide|macros|overrides|hosting|decisions|tests)/[\w./-]*)`", text):
        if "<" not in path:
            assert (ROOT / path).exists(), f"{name}: {path}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_exists(name: str) -> None:
    """`make …` is a target and `guide …` a command."""
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make (\w+)`", text)) <= targets
    assert set(re.findall(r"`guide (\w+)", text)) <= set(main.commands)


def test_every_rule_is_explained() -> None:
    """CONTRIBUTING has a line for every rule of `guide check`, in its own words."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for rule in RULES + WORDING:
        assert f"| `{rule.__name__.replace('_', '-')}` |" in text, rule.__name__


def test_the_top_level_is_as_asked() -> None:
    """The folders and files that the project was asked to have."""
    wanted = ("mkdocs.yml", "docs/en", "docs/es", "macros", "data/checklists", "overrides", "tests", "README.md")
    assert [name for name in wanted if not Path(ROOT / name).exists()] == []
