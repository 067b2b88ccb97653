"""What was made from a file, kept in .cache/ by the file's content, so that a check reads only what changed.

Enters: what something depends on, and how to make it. Leaves: the thing itself, made now or by an earlier run. Nothing
is lost when the folder is deleted; a program that changed finds nothing of its own there and makes everything again.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
PROGRAM = Path(__file__).parent


class Kept:
    """One project's things, by what they depend on. Only what this run asked for is written back."""

    def __init__(self, root: Path) -> None:
        self._file = root / ".cache" / "read.pickle"
        self._before = self._read()
        self._used: dict[str, Any] = {}
        self.changed = False
        """Whether something that was kept has grown."""

    def _read(self) -> dict[str, Any]:
        try:
            found = pickle.loads(self._file.read_bytes())
            return found if isinstance(found, dict) and found.get("program") == _program() else {}
        except Exception:  # a damaged or foreign file is as good as none
            return {}

    def of(self, kind: str, content: bytes, make: Callable[[], T]) -> T:
        """What `make` gives for this content; whatever it raises is raised and not kept."""
        key = f"{kind} {hashlib.sha256(content).hexdigest()}"
        if key not in self._used:
            self._used[key] = self._before[key] if key in self._before else make()
        value: T = self._used[key]
        return value

    def save(self) -> None:
        """Writes what was used, if something new was made."""
        if self._used.keys() <= self._before.keys() and not self.changed:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(".part")
            beside.write_bytes(pickle.dumps({**self._used, "program": _program()}))
            beside.replace(self._file)
        except OSError:  # a folder that cannot be written costs time, nothing else
            return


@lru_cache(maxsize=4)
def kept(root: Path) -> Kept:
    """The things of one project."""
    return Kept(root)


@lru_cache(maxsize=1)
def _program() -> str:
    """A mark of this program's own files."""
    stamps = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(PROGRAM.rglob("*.py"))]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()
