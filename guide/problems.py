"""One thing that is wrong in the guide's own files, said so that an editor can mend it.

Enters: what a rule or the loader found. Leaves: a Problem, and a stop that carries all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """A fault in one place: `file` (relative to the project), `line` (1-based, 0 if the whole file), `id` of the
    item ("" if none), `what` is wrong, the `remedy` (what to write instead), the `rule` that found it, and whether
    `make fix` mends it."""

    file: str
    line: int
    id: str
    what: str
    remedy: str
    rule: str = ""
    fixable: bool = False

    @property
    def said(self) -> str:
        """All that an editor must know once the place is found."""
        who = f"{self.id}: " if self.id else ""
        fix = " (fixed by `make fix`)" if self.fixable else ""
        return f"{who}{self.what} {self.remedy}{fix}".rstrip()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}  {self.said}"


class Stop(Exception):  # noqa: N818 - it stops a build; the problems are the errors
    """Raised once, after every problem has been collected; `problems` is sorted and never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def relative(path: Path, root: Path) -> str:
    """`path` as an editor would type it from the project's folder."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
