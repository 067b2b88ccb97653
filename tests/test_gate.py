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
CASES = sorted((Path(__file__).parent / "cases" / "gate").glob("*.yml"))


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small build with the shape of the real one."""
    folder = tmp_path_factory.mktemp("gate") / "build"
    subprocess.run([sys.executable, str(HOSTING / "acceptance" / "specimen.py"), str(folder)], check=True)
    return folder


def accept(build: Path, *options: str, suite: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the acceptance test, or one file of it, with a gate of its own."""
    quiet = ["-p", "no:cacheprovider", "-p", "no:xdist"]
    own = ["--own-gate", "--tree", str(build / "member")]
    return subprocess.run(
        [sys.executable, "-m", "pytest", str(HOSTING / "acceptance" / suite), *quiet, *own, *options],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        capture_output=True,
        text=True,
        check=False,
    )


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


def test_the_gate_keeps_out_who_is_no_member(build: Path) -> None:
    """The good configuration passes all but the tests that wait: paths, requests, sessions, logs, TLS, comfort."""
    answer = accept(build, "--ignore-glob=*test_outages.py", "-rN")
    assert answer.returncode == 0, answer.stdout[-4000:]
    assert "12000 hostile requests as stranger: 0 leaks" in answer.stdout
    assert "12000 hostile requests as outsider: 0 leaks" in answer.stdout


def test_the_gate_outlives_outages_and_ends_sessions(build: Path) -> None:
    """The good configuration passes what takes time: restart, silent provider, expiry, sign-out of all, barring."""
    answer = accept(build, suite="test_outages.py")
    assert answer.returncode == 0, answer.stdout[-4000:]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_acceptance_test_notices(case: Path, build: Path, tmp_path: Path) -> None:
    """With this safety choice undone the server still starts, and the acceptance test fails and says where."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    shutil.copytree(HOSTING / "apache", tmp_path / "apache")
    shutil.copytree(build, tmp_path / "build")
    for change in told["change"]:
        damage(tmp_path, change)
    options = ["-k", told.get("only", told["fails"]), "-x", "--assert=plain", "--requests=2500"]
    answer = accept(tmp_path / "build", *options, f"--conf={tmp_path / 'apache'}", suite=told["suite"])
    assert answer.returncode == 1, answer.stdout[-4000:]
    assert told["fails"] in answer.stdout, answer.stdout[-4000:]
