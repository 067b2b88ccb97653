"""One folder of both trees, for a host that serves a single folder and decides by address.

Enters: a build. Leaves: every file of member/ and public/ once, without the compressed copies: such hosts compress by
themselves and would serve the copies as files of their own.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gate.build import build_faults
from gate.refusal import Refusal, Refused

COPIES = ("*.br", "*.gz")


def faults(build: Path, target: Path) -> list[Refusal]:
    """What keeps the trees from becoming one folder: a build not in order, a name in both, a folder that is there."""
    found = list(build_faults(build))
    for path in (path for path in (build / "public").rglob("*") if path.is_file()):
        relative = path.relative_to(build / "public")
        if (build / "member" / relative).exists():
            found.append(Refusal(str(relative), "is in both folders.", "On this host they become one: rename it."))
    if target.exists():
        found.append(Refusal(str(target), "is there already.", "Remove it: no file of an earlier edition may stay."))
    return found


def assemble(build: Path, target: Path, more: Iterable[Refusal] = ()) -> Path:
    """Copies both trees into `target` and returns it. Raises Refused with `more` and every fault of its own."""
    if found := [*faults(build, target), *more]:
        raise Refused(found)
    for tree in ("member", "public"):
        shutil.copytree(build / tree, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*COPIES))
    return target
