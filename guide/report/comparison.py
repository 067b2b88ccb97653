"""Several readings side by side: sites, or rounds of one site.

Enters: readings scored at one target. Leaves: what they share, and what changed between rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from guide.report.catalogue import CatalogueRequirement
from guide.report.reading import Reading
from guide.result import Row


@dataclass(frozen=True)
class Shared:
    """A requirement that is a gap in several assessments, with its row in each (same order as the readings)."""

    requirement: CatalogueRequirement
    rows: tuple[Row, ...]
    gaps: int
    critical: int


@dataclass(frozen=True)
class Change:
    """Between two rounds of one assessment; ids of requirements in the order of the catalogue."""

    earlier: Reading
    later: Reading
    better: tuple[str, ...]
    worse: tuple[str, ...]
    opened: tuple[str, ...]
    """Critical gaps that are new."""
    closed: tuple[str, ...]


def in_order(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """By site, then review date, then file, so that the order of arguments does not matter."""
    return tuple(sorted(readings, key=lambda one: (one.assessment.site.casefold(), *_when(one))))


def shared(readings: Sequence[Reading]) -> tuple[Shared, ...]:
    """Requirements that are a gap in two or more assessments; critical in most first, then found in most.

    Of several rounds of one assessment only the last one counts; all are shown.
    """
    last = {one.assessment.id: one for one in sorted(readings, key=_when)}
    found = []
    for requirement in readings[0].catalogue.requirements:
        counted = [one.rows[requirement.id] for one in last.values()]
        gaps, critical = sum(bool(row.gap) for row in counted), sum(row.critical is not None for row in counted)
        if gaps >= 2:
            found.append(Shared(requirement, tuple(one.rows[requirement.id] for one in readings), gaps, critical))
    return tuple(sorted(found, key=lambda one: (-one.critical, -one.gaps, -one.requirement.weight)))


def changes(readings: Sequence[Reading]) -> tuple[Change, ...]:
    """What changed between consecutive rounds of the same assessment (same id, another review date)."""
    return tuple(_changes(readings))


def _changes(readings: Sequence[Reading]) -> Iterator[Change]:
    by_id = sorted(readings, key=lambda one: (str(one.assessment.id), *_when(one)))
    for _, group in groupby(by_id, key=lambda one: one.assessment.id):
        for earlier, later in pairwise(group):
            yield _change(earlier, later)


def _change(earlier: Reading, later: Reading) -> Change:
    pairs = list(zip(earlier.result.rows, later.result.rows, strict=True))
    answered = [(old, new) for old, new in pairs if old.claimed is not None and new.claimed is not None]
    return Change(
        earlier=earlier,
        later=later,
        better=tuple(new.id for old, new in answered if (new.supported or 0) > (old.supported or 0)),
        worse=tuple(new.id for old, new in answered if (new.supported or 0) < (old.supported or 0)),
        opened=tuple(new.id for old, new in pairs if new.critical and not old.critical),
        closed=tuple(new.id for old, new in pairs if old.critical and not new.critical),
    )


def _when(one: Reading) -> tuple[str, str]:
    return one.assessment.review_date.isoformat(), one.opened.file
