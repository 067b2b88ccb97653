"""A report as text for the terminal.

Enters: readings, words, a width in columns. Leaves: lines.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from guide.report.catalogue import CatalogueRequirement
from guide.report.comparison import changes, in_order, shared
from guide.report.page import cautions, marking
from guide.report.reading import PlanLine, Reading
from guide.report.strangers import one_line
from guide.report.wording import Wording
from guide.result import Total

NARROWEST = 60
BAR = 20
WIDE = 120
"""Columns from which a whole bar leaves room for the names of chapters; below it is half as long."""


def lines(readings: Sequence[Reading], wording: Wording, width: int) -> Iterator[str]:
    """The report on one reading, or the comparison of several; no line is wider than `width` unless a word is."""
    width = max(NARROWEST, width)
    yield marking(readings, wording)
    yield ""
    yield from _one(readings[0], wording, width) if len(readings) == 1 else _several(in_order(readings), wording, width)
    for said in wording.unconfirmed():
        yield from _wrapped(said, width, 0)


def columns(text: str) -> int:
    """How many columns `text` takes; East Asian characters take two, accents that combine none."""
    wide = sum(unicodedata.east_asian_width(character) in {"W", "F"} for character in text)
    return len(text) + wide - sum(bool(unicodedata.combining(character)) for character in text)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns, cut with an ellipsis or filled with blanks."""
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - columns(text))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """A table whose first column takes what room the others leave."""
    widths = [max(columns(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    widths[0] = max(8, min(widths[0], width - sum(widths[1:]) - 2 * (len(widths) - 1)))
    for place, row in enumerate((head, *rows)):
        yield "  ".join(fit(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip()
        if place == 0:
            yield "  ".join("─" * room for room in widths)


def _heading(text: str) -> Iterator[str]:
    yield from ("", text, "═" * columns(text))


def _wrapped(text: str, width: int, indent: int) -> Iterator[str]:
    blanks = " " * indent
    yield from textwrap.wrap(one_line(text), width, initial_indent=blanks, subsequent_indent=blanks)


def _bar(total: Total, length: int) -> str:
    if total.attainment is None:
        return " " * length
    full = int(total.attainment * length // 100)
    return "█" * full + "░" * (length - full)


def _one(reading: Reading, wording: Wording, width: int) -> Iterator[str]:
    words, rules, one, result = wording.words, wording.rules, reading.assessment, reading.result
    whole, lang = result.overall, wording.lang
    stamp = f"   [{words['cover']['provisional'].upper()}]" if whole.provisional else ""
    yield f"{words['cover']['title']}: {wording.site(reading)}{stamp}"
    yield from _wrapped(one.scope, width, 0)
    yield (
        f"{words['cover']['review_date']}: {wording.day(one.review_date)} · "
        f"{words['cover']['target']}: {wording.target(result.target)} · "
        f"{words['cover']['edition']} {wording.catalogue.edition} · {one_line(reading.opened.file)}"
    )
    if one.edition != wording.catalogue.edition:
        yield words["cover"]["other_edition"].format(file=one_line(one.edition), catalogue=wording.catalogue.edition)
    yield from _heading(words["headline"]["title"])
    of_which = words["headline"]["of_which"].format(
        in_place=whole.critical_not_in_place, evidenced=whole.critical_not_evidenced
    )
    answered = words["headline"]["answered"].format(
        answered=whole.answered, na=whole.not_applicable, open=whole.unanswered, all=whole.requirements
    )
    points = words["headline"]["points"].format(points=whole.points, max=whole.max)
    yield from _pairs(
        [
            (rules.score.attainment.label[lang], f"{wording.percent(whole.attainment)}  ({points})"),
            (words["headline"]["band"], wording.band(whole.band)),
            (words["headline"]["critical"], f"{wording.symbol('critical_gap')} {whole.critical_gaps}  ({of_which})"),
            (words["headline"]["gaps"], f"{wording.symbol('gap')} {whole.gaps}"),
            (rules.score.completeness.label[lang], f"{wording.percent(whole.completeness)}  ({answered})"),
            (rules.score.weighted_level.label[lang], wording.number(whole.weighted_level)),
        ]
    )
    for ready in reading.readiness:
        yield ""
        yield f"{wording.ready(ready.target)}: {words['headline']['yes' if ready.ready else 'no']}"
        for criterion in ready.criteria:
            ids = ": " + ", ".join(criterion.open) if criterion.open else ""
            yield from _wrapped(f"{'✓' if criterion.met else '✗'} {wording.criterion(criterion)}{ids}", width, 2)
    yield rules.indication[lang]
    yield from _heading(words["tables"]["domains"])
    yield from _totals(words["tables"]["domain"], result.domains, wording, width)
    yield from _heading(words["tables"]["chapters"])
    yield from _totals(words["tables"]["chapter"], result.chapters, wording, width)
    yield from _heading(f"{words['sections']['critical']} ({len(result.critical)})")
    yield from _plan((line for line in reading.plan if line.row.critical), wording, width)
    yield from _heading(f"{words['headline']['gaps']} ({len(reading.plan) - len(result.critical)})")
    yield from _plan((line for line in reading.plan if not line.row.critical), wording, width)
    yield from _lists(reading, wording, width)
    yield ""
    yield from _wrapped(rules.proposal[lang], width, 0)


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    room = max(columns(name) for name, _ in pairs)
    for name, value in pairs:
        yield f"{fit(name, room)}  {value}"


def _totals(head: str, totals: Sequence[Total], wording: Wording, width: int) -> Iterator[str]:
    words = wording.words
    score, critical = wording.rules.score.attainment.label[wording.lang], words["tables"]["critical"]
    length = BAR if width >= WIDE else BAR // 2
    rows = [
        (
            f"{total.key}  {wording.name(total.key)}", _bar(total, length), wording.percent(total.attainment).rjust(7),
            wording.band(total.band), str(total.critical_gaps or "").rjust(2), str(total.gaps or "").rjust(2),
            str(total.unanswered or "").rjust(2),
        )
        for total in totals
    ]  # fmt: skip
    names = (words["headline"]["band"], critical, words["tables"]["gaps"], words["tables"]["unanswered"])
    yield from table((head, "", score, *names), rows, width)


def _behind(requirement: CatalogueRequirement, wording: Wording, width: int) -> Iterator[str]:
    if said := wording.behind(requirement.id):
        yield from _wrapped(said, width, 4)


def _plan(plan: Iterable[PlanLine], wording: Wording, width: int) -> Iterator[str]:
    words = wording.words["tables"]
    empty = True
    for line in plan:
        empty = False
        row = line.row
        kind = f": {wording.kind(row)}" if row.critical else ""
        change = f"{row.supported} → {row.target}"
        yield f"{row.priority}  {row.id}  {wording.finding(row.status)}{kind}  {change}"
        yield from _wrapped(line.requirement.text[wording.lang], width, 4)
        yield from _behind(line.requirement, wording, width)
        if row.basis != "claimed":
            yield from _wrapped(f"{words['claimed']} {row.claimed}. {wording.reason(row)}", width, 4)
        due = wording.day(line.due) if line.due else wording.priority(row.priority or "").clock[wording.lang]
        due += f" ({words['proposed']})" if line.proposed and line.due else ""
        due += f" ({words['overdue']})" if line.overdue else ""
        yield from _wrapped(f"{words['owner']}: {one_line(line.answer.owner) or '…'} · {words['due']}: {due}", width, 4)
        yield from _wrapped(f"→ {line.requirement.close_the_gap.week[wording.lang]}", width, 4)
    if empty:
        yield words["nothing"]


def _lists(reading: Reading, wording: Wording, width: int) -> Iterator[str]:
    words, result = wording.words["sections"], reading.result
    for name, ids in (
        ("strengths", result.strengths), ("observations", result.observations),
        ("not_applicable", result.not_applicable),
        ("incomplete", tuple(row.id for row in result.rows if row.na_incomplete)),
        ("check_scope", result.check_scope), ("alternatives", result.alternatives),
        ("reminders", (*result.review_evidence, *result.evidence_after_review)),
        ("unanswered", result.unanswered), ("auditor", result.auditor_differs),
        ("reworded", reading.reworded), ("strangers", result.strangers),
    ):  # fmt: skip
        if ids:
            yield ""
            yield from _wrapped(f"{words[name]} ({len(ids)}): {', '.join(ids)}", width, 0)
    for one in reading.rounds:
        past = one.snapshot.result
        note = "" if one.comparable else f" {wording.words['trend']['not_comparable']}"
        note += f" {wording.words['trend']['altered']}" if one.altered else ""
        yield ""
        yield from _wrapped(
            f"{wording.words['trend']['title']}: {one.snapshot.title} ({wording.day(one.snapshot.taken.date())}) "
            f"{wording.percent(past.attainment)}, {wording.symbol('critical_gap')} {past.critical_gaps}.{note}",
            width, 0,
        )  # fmt: skip


def _several(readings: Sequence[Reading], wording: Wording, width: int) -> Iterator[str]:
    words, rules, lang = wording.words, wording.rules, wording.lang
    labels = wording.labels(readings)
    target = wording.target(readings[0].result.target)
    yield words["comparison"]["title"]
    yield words["comparison"]["subtitle"].format(count=len(readings), target=target)
    for caution in cautions(readings, wording):
        yield from _wrapped(f"! {caution}", width, 0)
    yield from _heading(words["comparison"]["overview"])
    head = (
        words["comparison"]["assessment"], rules.score.attainment.label[lang], words["headline"]["band"],
        words["headline"]["critical"], words["tables"]["gaps"], rules.score.completeness.label[lang],
    )  # fmt: skip
    numbers = tuple(f"[{number}]" for number in range(1, len(readings) + 1))
    for one, label, number in zip(readings, labels, numbers, strict=True):
        yield from _wrapped(f"{number} {label} ({one_line(one.opened.file)})", width, 0)
    yield ""
    yield from table(
        head, [_overview(one, number, wording) for one, number in zip(readings, numbers, strict=True)], width
    )
    for title, name, group in (("by_domain", "domain", "domains"), ("by_chapter", "chapter", "chapters")):
        yield from _heading(words["comparison"][title])
        totals = zip(*(getattr(one.result, group) for one in readings), strict=True)
        cells = [
            (f"{row[0].key}  {wording.name(row[0].key)}", *(_cell(total, wording) for total in row)) for row in totals
        ]
        yield from table((words["tables"][name], *numbers), cells, width)
    common = shared(readings)
    yield from _heading(f"{words['comparison']['shared']} ({len(common)})")
    yield from _wrapped(words["comparison"]["shared_intro"], width, 0)
    for line in common:
        levels = " · ".join(
            f"{number} {wording.finding(row.status)}" for row, number in zip(line.rows, numbers, strict=True)
        )
        yield from _wrapped(f"{line.requirement.id}  {line.requirement.text[lang]}", width, 0)
        yield from _behind(line.requirement, wording, width)
        yield from _wrapped(levels, width, 4)
    for change in changes(readings):
        days = (
            f"{wording.day(change.earlier.assessment.review_date)} → {wording.day(change.later.assessment.review_date)}"
        )
        yield from _heading(f"{wording.site(change.later)}: {days}")
        for name in ("better", "worse", "opened", "closed"):
            ids = getattr(change, name)
            yield from _wrapped(f"{words['comparison'][name]} ({len(ids)}): {', '.join(ids)}", width, 0)


def _overview(one: Reading, number: str, wording: Wording) -> tuple[str, ...]:
    whole = one.result.overall
    critical = f"{wording.symbol('critical_gap')} {whole.critical_gaps}"
    of_which = f"({whole.critical_not_in_place} + {whole.critical_not_evidenced})"
    return (
        number,
        wording.percent(whole.attainment),
        wording.band(whole.band),
        f"{critical} {of_which}",
        str(whole.gaps),
        wording.percent(whole.completeness),
    )


def _cell(total: Total, wording: Wording) -> str:
    critical = f" {wording.symbol('critical_gap')} {total.critical_gaps}" if total.critical_gaps else ""
    return wording.percent(total.attainment) + critical
