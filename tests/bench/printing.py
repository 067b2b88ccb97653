"""How long all paper takes, with nothing kept and with everything kept.

Enters: the project's folder. Leaves: figures by the clock; the notes say what the processors did.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from guide.building import pages
from guide.paper.documents import documents
from guide.paper.printing import print_all
from tests.bench.processor import used
from tests.bench.rows import Figure

Say = Callable[[str], None]


def measure(root: Path, work: Path, say: Say) -> dict[str, Figure]:
    """All paper twice. Raises RuntimeError when a document could not be made."""
    plugin = pages(root, "mkdocs.yml", work / "pages-for-paper")
    stack = documents(plugin.content.guide, plugin.articles, plugin.content.behind)
    shutil.rmtree(work / "paper-kept", ignore_errors=True)
    figures = {}
    for name in ("cold", "warm"):
        start, before = time.perf_counter(), used()
        made, problems = print_all(stack, work / "paper", work / "paper-kept", say)
        if problems:
            raise RuntimeError("\n".join(map(str, problems)))
        processor, cores = used() - before, os.cpu_count() or 1
        note = f"{made} of {len(stack.documents)} documents made; {processor:.0f} s of processor, {cores} cores"
        figures[f"paper.{name}"] = Figure(time.perf_counter() - start, note=note)
    return figures
