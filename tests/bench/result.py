"""What a run found: the table for people, the file for programs, and what got worse since the recorded run.

Enters: figures by row. Leaves: lines of text, a dictionary, and sentences about rows that got worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.rows import ROWS, TIMES, Figure, Row

WORSE = 1.15
"""A figure that is 15 % above the recorded one is named."""
BUSY = 1.5
"""Above this many programs for each core, times by the clock say little."""
LEFT_OUT = "left out"
"""How a reason begins that somebody chose."""
HEAD = ("what", "guide", "plain", "ratio", "budget", "verdict")


@dataclass(frozen=True)
class Result:
    """One run: where, with what, how busy the machine was (programs wanting to run for each core), and the figures."""

    machine: Mapping[str, str]
    versions: Mapping[str, str]
    busy: float
    figures: Mapping[str, Figure]
    reasons: Mapping[str, str]
    """Why a row was not measured."""

    def as_json(self) -> dict[str, Any]:
        """For build/bench.json and the recorded file."""
        rows = {row.name: {"what": row.what, "unit": row.unit, "budget": row.budget, "verdict": self.verdict(row),
                           **asdict(self.of(row))} for row in ROWS}  # fmt: skip
        return {
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "busy": round(self.busy, 1),
            "rows": rows,
        }

    def of(self, row: Row) -> Figure:
        """The figure of a row; an empty one with the reason where it was not measured."""
        return self.figures.get(row.name) or Figure(None, note=self.reasons.get(row.name, "not measured"), runs=0)

    def verdict(self, row: Row) -> str:
        """Whether the budget is kept."""
        ours = self.of(row).ours
        if ours is None:
            return "not measured"
        if row.budget is None:
            return ""
        if ours <= row.budget:
            return "met"
        return "NOT MET on a busy machine" if row.unit in TIMES and self.busy > BUSY else "NOT MET"

    def missed(self) -> list[str]:
        """Rows whose budget is not kept."""
        return [row.name for row in ROWS if self.verdict(row).startswith("NOT MET")]

    def table(self) -> Iterator[str]:
        """The table, a line each."""
        lines = [HEAD, *(self._cells(row) for row in ROWS)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
        yield ", ".join(f"{name} {value}" for name, value in self.machine.items())
        yield ", ".join(f"{name} {value}" for name, value in self.versions.items())
        yield f"Medians. Programs that wanted to run during the measurements, for each core: {self.busy:.1f}."
        if self.busy > BUSY:
            yield "The machine was busy: times by the clock are too long; ratios, bytes and processor times hold."
        yield ""
        for line, row in zip(lines, (None, *ROWS), strict=True):
            cells = [
                cell.ljust(width) if column in {0, 5} else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            note = self.of(row).note if row else "notes"
            yield "  ".join([*cells, note]).rstrip()

    def _cells(self, row: Row) -> tuple[str, ...]:
        figure = self.of(row)
        ratio = f"{figure.ours / figure.plain:.2f}" if figure.ours is not None and figure.plain else ""
        budget = "" if row.budget is None else f"≤ {row.budget:g}"
        unit = "" if row.unit in {"×", "requests", "answers 404"} else f" {row.unit}"
        ours, plain = ("–" if one is None else f"{_short(one)}{unit}" for one in (figure.ours, figure.plain))
        return (row.what, ours, plain, ratio, budget, self.verdict(row))


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def worse(now: Result, recorded: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each row that is more than 15 % above the recorded run.

    Times are compared as multiples of plain MkDocs in the same run; one without such a twin only on the same machine.
    """
    same = dict(now.machine) == recorded["machine"]
    for row in ROWS:
        before, figure = recorded["rows"].get(row.name), now.of(row)
        if before is None or before["ours"] is None:
            continue
        if figure.ours is None:
            if not now.reasons.get(row.name, "").startswith(LEFT_OUT):
                yield f"{row.what}: not measured any more ({figure.note})."
            continue
        old, new, kind = before["ours"], figure.ours, str(row.unit)
        if row.unit in TIMES and figure.plain and before["plain"]:
            old, new, kind = old / before["plain"], new / figure.plain, "× plain"
        elif row.unit in TIMES and not same:
            continue
        if new > old * WORSE:
            more = f", {(new / old - 1) * 100:.0f} % more" if old else ""
            yield f"{row.what}: from {_short(old)} to {_short(new)} {kind}{more}."


def incomparable(now: Result, recorded: Mapping[str, Any]) -> list[str]:
    """Rows whose times were recorded on another machine and have no plain twin."""
    if dict(now.machine) == recorded["machine"]:
        return []
    return [row.name for row in ROWS if row.unit in TIMES and now.of(row).ours is not None and not now.of(row).plain]
