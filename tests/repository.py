"""A git repository made for a test: commits on given days, by nobody in particular.

Enters: a folder. Leaves: the same folder with history.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def git(folder: Path, *words: str, day: str = "2026-11-01", fails: bool = False) -> str:
    """Runs git in `folder`, whatever the settings of this machine are; returns what it prints."""
    moment = f"{day}T12:00:00+00:00"
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_DATE": moment,
                "GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_NAME": "Editor", "GIT_AUTHOR_EMAIL": "editor@example.org",
                "GIT_COMMITTER_NAME": "Editor", "GIT_COMMITTER_EMAIL": "editor@example.org"}  # fmt: skip
    done = subprocess.run(
        ["git", "-C", str(folder), *words], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert fails or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commit(folder: Path, what: str, day: str) -> None:
    """Everything that changed, as one commit of that day."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", what, day=day)
