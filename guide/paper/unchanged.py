"""Whether anything changed since all paper was made: told from the bytes of the files, before any of them is read.

Enters: the project's folder and what was asked for. Leaves: a digest of everything that paper can depend on, and a note
beside the finished files of what was made for it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

from guide.paper.disk import save

FOLDERS = ("data", "docs", "guide", "macros", "overrides")
NOTE = "unchanged.json"
_NOT_INPUT = {"__pycache__", ".cache"}


def inputs(root: Path, asked: str) -> str:
    """The digest of content, templates, program, settings, installed packages, history and day (pages tell how long a
    text has been behind), and of what was `asked` for."""
    mark = hashlib.sha256(f"{asked}\n{sys.version}\n{date.today()}\n{_head(root)}\n".encode())
    for package in sorted(f"{one.metadata['Name']} {one.version}" for one in distributions()):
        mark.update(f"{package}\n".encode())
    for path in sorted(_files(root)):
        mark.update(path.relative_to(root).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return mark.hexdigest()


def recall(store: Path, digest: str) -> dict[str, Path] | None:
    """What was made for `digest`, each path with its finished file; None when anything differs or is gone."""
    try:
        note = json.loads((store / NOTE).read_text(encoding="utf-8"))
        if note["inputs"] != digest:
            return None
        made = {str(path): store / str(name) for path, name in note["made"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return made if made and all(place.is_file() for place in made.values()) else None


def remember(store: Path, digest: str, made: Mapping[str, Path]) -> None:
    """Notes what was made for `digest`. Raises OSError."""
    note = {"inputs": digest, "made": {path: place.name for path, place in made.items()}}
    save(json.dumps(note, indent=1).encode(), store / NOTE)


def _files(root: Path) -> Iterable[Path]:
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file() and not _NOT_INPUT & set(path.parts):
                yield path
    yield from (path for path in root.glob("*") if path.is_file())


def _head(root: Path) -> str:
    """The commit that is checked out; empty outside of a repository."""
    try:
        head = (root / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        if head.startswith("ref: "):
            return (root / ".git" / head[5:]).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    return head
