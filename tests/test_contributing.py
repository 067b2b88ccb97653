"""README and CONTRIBUTING are true: every path, command and rule that they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from guide.__main__ import main
from guide.agreement import AGREEMENT
from guide.publishing import PUBLISHING
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
    for path in re.findall(r"`((?:docs|data|guide|macros|overrides|hosting|decisions|tests|\.github)/[\w./-]*)`", text):
        if "<" not in path:
            assert (ROOT / path).exists(), f"{name}: {path}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_exists(name: str) -> None:
    """`make …` is a target and `guide …` a command."""
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make (\w+)`", text)) <= targets
    assert set(re.findall(r"`guide (\w+)", text)) <= set(main.commands)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.es.md"])
def test_every_rule_is_explained(name: str) -> None:
    """Each rule of `guide check` has a heading, one line, and a message that a golden case really gives."""
    text = (ROOT / name).read_text(encoding="utf-8")
    explained = dict(re.findall(r"^### ([a-z-]+)\n\n\S[^\n]+\n\n```\n([^\n]+)\n```$", text, re.M))
    rules = {rule.__name__.replace("_", "-") for rule in RULES + PUBLISHING + WORDING + AGREEMENT}
    assert set(explained) == rules | {"essential-in-step"}
    told = [
        message
        for case in (ROOT / "tests" / "cases").glob("*/*.yml")
        if case.parent.name in {"rules", "translation"}
        for kind in ("problems", "release")
        for message in yaml.safe_load(case.read_text(encoding="utf-8")).get(kind, [])
    ]
    assert [message for message in explained.values() if message not in told] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.es.md"])
def test_every_subcommand_and_option_exists(name: str) -> None:
    """`guide new case`, `guide check --release`: what follows the command is there too."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for command, rest in re.findall(r"`guide (\w+)([^`]*)`", text):
        options = {option for parameter in main.commands[command].params for option in parameter.opts}
        if isinstance(group := main.commands[command], click.Group):
            sub = group.commands[rest.split()[0]]
            options = {option for parameter in sub.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= options, f"guide {command}{rest}"


def test_the_top_level_is_as_asked() -> None:
    """The folders and files that the project was asked to have."""
    wanted = ("mkdocs.yml", "docs/en", "docs/es", "macros", "data/checklists", "overrides", "tests", "README.md")
    assert [name for name in wanted if not Path(ROOT / name).exists()] == []
