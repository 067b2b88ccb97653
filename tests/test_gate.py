"""The gate with real software: Apache httpd, mod_auth_openidc and an identity provider on loopback ports.

First the good configuration passes its acceptance test; then every safety choice is undone, one file each in
tests/cases/gate/<what_was_undone>.yml, and the same acceptance test must fail. Fields of a case: `change` (a list of
{file, replace, by}, {file, write}, {copy, to} or {symlink, to}, below apache/ and build/), `suite` (the file of
hosting/acceptance to run), `fails` (the words that must
show: a test's name, or a message), `only` (which tests to run, if `fails` is not the name of one).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
HOSTING = ROOT / "hosting"
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
         for path in sorted((Path(__file__).parent / "cases" / "gate").glob("*.yml"))}  # fmt: skip
LATE = "test_outages.py"
"""The file of the acceptance test that mostly waits."""


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small build with the shape of the real one."""
    folder = tmp_path_factory.mktemp("gate") / "build"
    subprocess.run([sys.executable, str(HOSTING / "acceptance" / "specimen.py"), str(folder)], check=True)
    return folder


def begin(build: Path, *options: str, suite: str = "") -> subprocess.Popen[str]:
    """Begins the acceptance test, or one file of it, with a gate of its own."""
    own = ["-p", "no:cacheprovider", "--own-gate", "--tree", str(build / "member")]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", str(HOSTING / "acceptance" / suite), *own, *options],
        cwd=ROOT,
        # the suite uses no plugin, and importing those of the project takes longer than many a test
        env=surroundings | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def verdict(begun: subprocess.Popen[str]) -> tuple[int, str]:
    """How it ended and what it said."""
    told, _ = begun.communicate()
    return begun.returncode, told


def damage(root: Path, change: dict[str, Any]) -> None:
    """Applies one change of a case to the copy of configuration and build below `root`."""
    if "copy" in change:
        shutil.copy(root / change["copy"], root / change["to"])
    elif "symlink" in change:
        (root / change["symlink"]).symlink_to(root / change["to"])
    elif "write" in change:
        (root / change["file"]).write_text(change["write"])
    else:
        path = root / change["file"]
        text = path.read_text()
        assert change["replace"] in text, f"the case no longer fits the configuration: {change['replace']!r}"
        path.write_text(text.replace(change["replace"], change["by"], 1))


def undo(name: str, build: Path, folder: Path) -> subprocess.Popen[str]:
    """Begins the acceptance test of a copy in `folder` in which that safety choice is undone."""
    case = CASES[name]
    shutil.copytree(HOSTING / "apache", folder / "apache")
    shutil.copytree(build, folder / "build")
    for change in case["change"]:
        damage(folder, change)
    options = ["-k", case.get("only", case["fails"]), "-x", "--assert=plain", "--requests=2500"]
    return begin(folder / "build", *options, f"--conf={folder / 'apache'}", suite=case["suite"])


def noticed(name: str, begun: subprocess.Popen[str]) -> None:
    """The acceptance test failed and said where."""
    code, told = verdict(begun)
    assert code == 1, told[-4000:]
    assert CASES[name]["fails"] in told, told[-4000:]


def test_the_gate_passes_and_the_tests_that_wait_notice(build: Path, tmp_path: Path) -> None:
    """The good configuration passes paths, requests, sessions, logs, TLS and comfort. What takes time (restart, silent
    provider, expiry, sign-out of all, barring) is tried beside that, by gates of its own: passed by the good one, and
    failed by each one in which a safety choice is undone."""
    waiting = begin(build, suite=LATE)
    undone = {name: undo(name, build, tmp_path / name) for name, case in CASES.items() if case["suite"] == LATE}
    code, told = verdict(begin(build, f"--ignore-glob=*{LATE}", "-rN"))
    late_code, late_told = verdict(waiting)
    for name, begun in undone.items():
        noticed(name, begun)
    assert undone
    assert code == 0, told[-4000:]
    assert "12000 hostile requests as stranger: 0 leaks" in told
    assert "12000 hostile requests as outsider: 0 leaks" in told
    assert late_code == 0, late_told[-4000:]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["suite"] != LATE])
def test_the_acceptance_test_notices(name: str, build: Path, tmp_path: Path) -> None:
    """With this safety choice undone the server still starts, and the acceptance test fails and says where."""
    noticed(name, undo(name, build, tmp_path))
