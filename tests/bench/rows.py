"""The rows of the table: what is measured, in which unit, and what the budget allows.

Enters: nothing. Leaves: ROWS in the order in which they are printed; budgets as agreed for the guide (issue 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["kB", "MB", "ms", "s", "×", "requests", "answers 404"]
TIMES: frozenset[Unit] = frozenset({"ms", "s"})


@dataclass(frozen=True)
class Row:
    """One line of the table. `budget` is the most that ours may be, in `unit`; None where nothing was promised."""

    name: str
    what: str
    unit: Unit
    budget: float | None = None


@dataclass(frozen=True)
class Figure:
    """What was measured for a row: medians of `runs` in the row's unit, None if not measured."""

    ours: float | None
    plain: float | None = None
    runs: int = 1
    note: str = ""


LINEAR = 1.1
"""Twenty times the chapters may cost twenty times as much, and a tenth more before we call it more than linear."""

ROWS = (
    Row("page.weight.median", "A chapter with its checklist, cold, one question answered: median", "kB", 64),
    Row("page.weight.largest", "the same: largest", "kB", 64),
    Row("page.requests", "the same: requests, most", "requests", 10),
    Row("page.missing", "the same: answered 404, all chapters together", "answers 404", 0),
    Row("search.weight", "Cold chapter to first search result, all bytes: largest", "kB", 190),
    Row("search.time", "Search opened to first result with its phrase, no line to wait for", "ms"),
    Row("search.slow", "Cold chapter to first result, 1.6 Mbit/s and 150 ms", "s"),
    Row("build.time", "HTML pages, both languages: processor time", "s"),
    Row("build.ratio", "the same: times plain", "×", 1.5),
    Row("build.memory", "the same: peak memory", "MB"),
    Row("build.first", "the same, nothing kept from earlier builds", "s"),
    Row("build.whole", "guide build --html-only: check, both sites, names, compression", "s"),
    Row("build.time.5", "5 × the chapters: processor time", "s"),
    Row("build.memory.5", "5 × the chapters: peak memory", "MB"),
    Row("build.time.20", "20 × the chapters: processor time", "s"),
    Row("build.memory.20", "20 × the chapters: peak memory", "MB"),
    Row("build.linear.time", "20 × the chapters: time per chapter, times that at 1 ×", "×", LINEAR),
    Row("build.linear.memory", "20 × the chapters: memory per chapter, times that at 1 ×", "×", LINEAR),
    Row("preview.time", "Chapter saved to change seen in the open browser", "ms", 500),
    Row("answer.saved", "Input to saved, every requirement answered", "ms", 50),
    Row("answer.report", "Report opened to report seen, every requirement answered", "ms", 300),
    Row("answer.redrawn", "the same with the data loaded: asked for to seen", "ms", 300),
    Row("paper.cold", "All paper, nothing kept", "s", 90),
    Row("paper.warm", "All paper, nothing changed", "s", 5),
    Row("script.chapter", "Scripts of a cold chapter, one question answered", "kB"),
    Row("script.assessment", "All scripts of the self-assessment, planner and checks included, in one file", "kB", 25),
)
