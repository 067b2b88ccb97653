"""The operators' guides say the same in both languages, and every file, command, setting and test they name exists."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOSTING = ROOT / "hosting"
ENGLISH = sorted(path for path in (*HOSTING.glob("*.md"), *HOSTING.glob("managed/*.md")) if ".es." not in path.name)
BOTH = [path for english in ENGLISH for path in (english, english.with_suffix(".es.md"))]
#: what a Spanish reader fills in -> what an English one does
PLACES = {
    "NOMBRE": "NAME",
    "ARCHIVO": "FILE",
    "GRUPO": "GROUP",
    "el-sujeto": "the-subject",
    "equipo:puerto": "host:port",
}
#: English says "the build" where Spanish, without a noun for it, names the folder
FOLDER = {"build"}
FENCE = re.compile(r"^ *```", re.M)


def name(path: Path) -> str:
    """The file below hosting/, for the name of a test."""
    return path.relative_to(HOSTING).as_posix()


def alike(text: str) -> str:
    """A piece of code as both languages should have it: no comment, one set of words to fill in, English file names."""
    text = re.sub(r"[ \t]+# .*$", "", text, flags=re.M)
    for spanish, english in PLACES.items():
        text = text.replace(spanish, english)
    return re.sub(r"\.es\.(md|html)\b", r".\1", text).strip()


def kind(line: str) -> str:
    """What a line is: its indent and mark, without its words."""
    indent = " " * (len(line) - len(line.lstrip()))
    line = line.strip()
    if line.startswith("|"):
        return f"{indent}row of {line.count('|')}"
    mark = re.match(r"#+ |- |\d+\. ", line)
    return indent + (mark[0] if mark else "text" if line else "")


def shape(text: str) -> list[str]:
    """The kinds of all lines outside code blocks, and one word for each block."""
    parts = FENCE.split(text)
    lines = [[kind(line) for line in part.splitlines()] if at % 2 == 0 else ["code"] for at, part in enumerate(parts)]
    return list(itertools.chain.from_iterable(lines))


def blocks(text: str) -> list[str]:
    """The code blocks, without their indent."""
    return [alike("\n".join(line.strip() for line in part.splitlines())) for part in FENCE.split(text)[1::2]]


def spans(text: str) -> set[str]:
    """Everything in code style outside the blocks."""
    return {alike(span) for part in FENCE.split(text)[::2] for span in re.findall(r"`([^`]+)`", part)}


def read(path: Path) -> str:
    """The text of a guide."""
    return path.read_text(encoding="utf-8")


@cache
def help_of(program: str) -> str:
    """What a program of the project says about its options."""
    return subprocess.run([sys.executable, str(ROOT / program), "--help"], capture_output=True, text=True).stdout


@pytest.mark.parametrize("english", ENGLISH, ids=name)
def test_both_languages_have_the_same_shape(english: Path) -> None:
    """The same headings, lists, steps, tables with as many rows, and sentences in the same lines."""
    one, other = shape(read(english)), shape(read(english.with_suffix(".es.md")))
    differing = [(at, pair) for at, pair in enumerate(itertools.zip_longest(one, other)) if pair[0] != pair[1]]
    assert not differing, differing[0]


@pytest.mark.parametrize("english", ENGLISH, ids=name)
def test_both_languages_have_the_same_code(english: Path) -> None:
    """The same commands and files to type, and the same names of files, settings and addresses in the sentences."""
    spanish = english.with_suffix(".es.md")
    assert blocks(read(english)) == blocks(read(spanish))
    assert (spans(read(english)) ^ spans(read(spanish))) - FOLDER == set()


@pytest.mark.parametrize("path", BOTH, ids=name)
def test_each_leads_to_the_other_and_stays_in_its_language(path: Path) -> None:
    """A guide names its other side at the top; every other link leads to a text of its own language that exists."""
    spanish = ".es." in path.name
    other = path.with_name(path.name.replace(".es.md", ".md") if spanish else path.name.replace(".md", ".es.md"))
    links = re.findall(r"\]\(([^)]+)\)", read(path))
    assert links[0] == other.name
    for link in links:
        assert "://" in link or (path.parent / link).is_file(), link
    assert [link for link in links[1:] if link.endswith(".md") and (".es." in link) is not spanish] == []


@pytest.mark.parametrize("path", BOTH, ids=name)
def test_every_path_exists(path: Path) -> None:
    """A file or folder of the project that a guide names is there."""
    text = read(path)
    words = set(re.findall(r"(?<![\w/.-])(?:hosting|tests|acceptance|apache|managed|bin|demo-idp)/[\w./-]*\w", text))
    words |= set(re.findall(r"(?<=/srv/practice-guide/)hosting/[\w./-]*\w", text))
    words |= set(re.findall(r"`([a-z-]+\.(?:py|js|service|example))`", text))
    places = (ROOT, HOSTING, HOSTING / "managed", HOSTING / "apache")
    missing = [word for word in words if not any((place / word).exists() for place in places)]
    assert missing == []


@pytest.mark.parametrize("path", BOTH, ids=name)
def test_every_test_exists(path: Path) -> None:
    """A test, a file of tests or a kind of answer that a guide names is in the acceptance test or among the tests."""
    tests = [*(HOSTING / "acceptance").glob("*.py"), *(ROOT / "tests").glob("test_*.py")]
    there = {file.name for file in tests} | set(re.findall(r"def (test_\w+)", "".join(map(read, tests))))
    assert [word for word in re.findall(r"`(?:\w+/)*(test_\w+(?:\.py)?)`", read(path)) if word not in there] == []
    headers = read(HOSTING / "acceptance" / "test_headers.py")
    kinds = re.findall(r"`((?:refused|not a) \w+)`", read(path))
    assert [word for word in kinds if f'"{word}"' not in headers] == []


@pytest.mark.parametrize("path", BOTH, ids=name)
def test_every_setting_exists(path: Path) -> None:
    """A setting in capitals is one of the gate's, the acceptance test's, the roles function's or the proxy's."""
    files = ("apache/settings.example", "acceptance/conftest.py", "managed/azure-roles/roles/index.js")
    known = "".join(read(HOSTING / file) for file in (*files, "managed/azure.py", "managed/oauth2-proxy.service"))
    words = set(re.findall(r"\b(?:GATE|MEMBERS|OAUTH2_PROXY)_[A-Z_]+\b", read(path)))
    assert [word for word in words if not re.search(rf"\b{word}\b", known)] == []


@pytest.mark.parametrize("path", BOTH, ids=name)
def test_every_command_exists(path: Path) -> None:
    """Targets of make, steps of the gate, commands of the guide, and each option of a program of the project."""
    text = re.sub(r"\\\n\s*", " ", read(path))
    makefile = read(ROOT / "Makefile")
    assert [
        word for word in re.findall(r"(?:^|`| )make (\w+)(?=`|$)", text, re.M) if f"\n{word}:" not in makefile
    ] == []
    gate = help_of("hosting/bin/gate")
    steps = re.findall(r"(?:`|^ *|hosting/bin/)gate ([a-z-]+)", text, re.M)
    assert [step for step in steps if f"    {step} " not in gate] == []
    for program, rest in re.findall(r"(hosting/managed/\w+\.py)((?: [^\n`]*)?)", text):
        for option in re.findall(r" (--[a-z-]+)", rest):
            assert option in help_of(program), f"{program} {option}"
    acceptance = read(HOSTING / "acceptance" / "conftest.py")
    for rest in re.findall(r"pytest hosting/acceptance([^\n`]*)", text):
        for option in re.findall(r" (--[a-z-]+)", rest):
            assert f'"{option}"' in acceptance, option


@pytest.mark.parametrize("language", ["", ".es"])
def test_the_proxy_runs_with_the_options_that_the_guide_warns_of(language: str) -> None:
    """What must not be forgotten stands in the unit that the operator copies."""
    text = read(HOSTING / "managed" / f"nginx-oauth2-proxy{language}.md")
    unit = read(HOSTING / "managed" / "oauth2-proxy.service")
    warned = re.findall(r"^\| `(--[a-z0-9=-]+)", text, re.M)
    assert len(warned) == 3
    assert [option for option in warned if option not in unit] == []
    assert "skip-auth" not in unit
