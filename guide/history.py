"""What a text said at an earlier time, from the project's own git history.

Enters: the project's folder, a file and a way to find the text in it. Leaves: the text, or None where there is no history.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

LOOK_BACK = 200
"""How many versions of a file are looked at; an older confirmation is shown without its text."""


def git(root: Path, *words: str) -> str | None:
    """What git prints, or None if there is no git, no history, or no such thing."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def versions(root: Path, file: str) -> Iterator[str]:
    """The text of `file` in each commit that changed it, newest first."""
    listed = git(root, "log", f"-{LOOK_BACK}", "--format=%H", "--", file)
    for commit in (listed or "").split():
        text = git(root, "show", f"{commit}:{file}")
        if text is not None:
            yield text


def last_said(root: Path, file: str, find: Callable[[str], str | None], is_it: Callable[[str], bool]) -> str | None:
    """The newest earlier text for which `is_it` holds; `find` takes it out of a version of the file."""
    for version in versions(root, file):
        text = find(version)
        if text is not None and is_it(text):
            return text
    return None


def changed_on(root: Path, file: str) -> str | None:
    """The day (ISO) on which `file` was last changed, or None without history."""
    day = git(root, "log", "-1", "--format=%cs", "--", file)
    return (day or "").strip() or None
