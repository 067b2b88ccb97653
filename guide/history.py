"""What a file said at an earlier time, from the project's own git history.

Enters: the project's folder and a file or a revision. Leaves: earlier texts, or nothing where there is no history.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LOOK_BACK = 200
"""How many versions of a file are looked at; an older confirmation is shown without its text."""


@dataclass(frozen=True)
class Version:
    """The text of a file in one commit, and the day (ISO) of that commit."""

    day: str
    text: str


def git(root: Path, *words: str) -> str | None:
    """What git prints, or None if there is no git, no history, or no such thing."""
    done = _run(root, *words)
    return done.decode("utf-8", errors="replace") if done is not None else None


def _run(root: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def versions(root: Path, file: str) -> Iterator[Version]:
    """`file` in each commit that changed it, newest first, under its earlier names too."""
    listed = (
        git(root, "log", f"-{LOOK_BACK}", "--follow", "--relative", "--name-only", "--format=%x1f%H %cs", "--", file)
        or ""
    )
    for entry in listed.split("\x1f")[1:]:
        head, _, name = entry.strip().partition("\n")
        commit, _, day = head.partition(" ")
        text = git(root, "show", f"{commit}:./{name.strip()}") if name.strip() else None
        if text is not None:
            yield Version(day, text)


def last_said(root: Path, file: str, find: Callable[[str], str | None], is_it: Callable[[str], bool]) -> str | None:
    """The newest earlier text for which `is_it` holds; `find` takes it out of a version of the file."""
    for version in versions(root, file):
        text = find(version.text)
        if text is not None and is_it(text):
            return text
    return None


def changed_on(root: Path, file: str, find: Callable[[str], str | None], is_now: Callable[[str], bool]) -> str | None:
    """The day (ISO) since which the file says what it says now.

    None where that is not known: the change is not committed yet, or the history does not reach back to it.
    """
    day: str | None = None
    for version in versions(root, file):
        text = find(version.text)
        if text is None or not is_now(text):
            return day
        day = version.day
    return None if shallow(root) else day


@dataclass(frozen=True)
class Commit:
    """A commit and its day (ISO)."""

    name: str
    day: str


def first_with(root: Path, file: str, words: str) -> Commit | None:
    """The commit that brought `words` into a file; None where the history does not tell."""
    listed = git(root, "log", f"-S{words}", "--reverse", "--format=%H %cs", "--", file)
    name, _, day = (listed or "").partition("\n")[0].partition(" ")
    return Commit(name, day) if day and not (shallow(root) and _is_last_here(root, name)) else None


def _is_last_here(root: Path, commit: str) -> bool:
    """Whether the history of this checkout ends with a commit, which then seems to bring everything."""
    return git(root, "rev-parse", "--verify", "--quiet", f"{commit}^") is None


def text_at(root: Path, commit: str, file: str) -> str | None:
    """What a file said in a commit; None if it was not there."""
    return git(root, "show", f"{commit}:./{file}")


def shallow(root: Path) -> bool:
    """Whether only a part of the history is here, as in most automatic checkouts."""
    return (git(root, "rev-parse", "--is-shallow-repository") or "").strip() == "true"


def has_history(root: Path) -> bool:
    """Whether the project stands in a git checkout, whole or shallow."""
    return git(root, "rev-parse", "--verify", "--quiet", "HEAD") is not None


def revision(root: Path, name: str) -> str | None:
    """The commit that `name` (a tag, a branch, a commit) means, or None if it is not here."""
    return (git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") or "").strip() or None


def unpack(root: Path, name: str, folder: Path, *parts: str) -> bool:
    """Writes `parts` of the project as they were at `name` into `folder`; False if they are not to be had."""
    there = [part for part in parts if git(root, "cat-file", "-e", f"{name}:./{part}") is not None]
    packed = _run(root, "archive", "--format=tar", name, *there) if there else None
    if packed is None:
        return False
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return True
