"""Where and with what the figures were taken, so that nobody compares two machines unawares.

Enters: this machine. Leaves: names and numbers, no paths and no host names.
"""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from tests.browser import chromium

PROGRAMS = ("mkdocs", "mkdocs-material", "mkdocs-static-i18n", "mkdocs-macros-plugin", "weasyprint", "brotli")


def machine() -> dict[str, str]:
    """Processor, cores, memory and system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": _processor(), "cores": str(os.cpu_count()), "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def versions() -> dict[str, str]:
    """Programs that the figures depend on."""
    return {
        "python": platform.python_version(),
        "chromium": _chromium(),
        **{name: version(name) for name in PROGRAMS},
    }


def _chromium() -> str:
    with chromium() as browser:
        return browser.version


def load() -> float:
    """How many programs wanted to run during the last minute."""
    return os.getloadavg()[0]
