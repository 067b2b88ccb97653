"""Files that are there whole or not at all.

Enters: bytes or a finished file, and a place. Leaves: the file in its place; on a fault nothing under its name.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path


def save(data: bytes, place: Path) -> None:
    """Writes `data` beside its place and moves it there. Raises OSError and leaves nothing behind."""
    beside = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError:
        remove(beside)
        raise


def put(made: Path, place: Path) -> None:
    """Puts a finished file in its place, without a second copy where the disk allows. Raises OSError."""
    beside = place.with_name(f"{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        try:
            os.link(made, beside)
        except OSError:
            shutil.copyfile(made, beside)
        beside.replace(place)
    except OSError:
        remove(beside)
        raise


def remove(path: Path) -> None:
    """Takes a file away where that is allowed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def explain(error: OSError) -> str:
    """What the system says, in words that help."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "the disk is full"
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"
