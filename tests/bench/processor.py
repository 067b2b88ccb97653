"""What this program and those that it started and that have ended have used of the machine."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def used() -> float:
    """Processor seconds until now."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def most_memory() -> float:
    """The most memory that this program alone has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands the figure of getrusage down from the program that started this one
        line = next(row for row in status.read_text(encoding="utf-8").splitlines() if row.startswith("VmHWM"))
        return float(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
