"""A report as an Excel workbook.

Enters: readings and words. Leaves: the bytes of an .xlsx file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from guide.model import Interface, Lang
from guide.report.comparison import in_order, shared
from guide.report.page import cautions, marking, title
from guide.report.reading import PlanLine, Reading
from guide.report.sheets import Cell, Sheets
from guide.report.strangers import plain
from guide.report.wording import Wording
from guide.result import Total


def workbook(readings: Sequence[Reading], words: Interface, languages: Sequence[Lang]) -> bytes:
    """The workbook on one reading, or the comparison of several; each language has its own sheets."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    first = Wording(words, readings[0].catalogue, languages[0])
    saved = max(one.assessment.updated for one in readings).astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": plain(title(readings, first))[:250], "created": saved})
    for lang in languages:
        wording = Wording(words, readings[0].catalogue, lang)
        sheets = Sheets(book, wording, marking(readings, wording))
        if len(readings) == 1:
            _one(readings[0], wording, sheets)
        else:
            _several(in_order(readings), wording, sheets)
        _method(wording, sheets)
    book.close()
    return buffer.getvalue()


def _share(value: float | None) -> float | None:
    return None if value is None else value / 100


def _noon(value: Any) -> datetime | None:
    return None if value is None else datetime.combine(value, time())


def _text(id_: str, wording: Wording) -> str:
    """A requirement, and under it whether its two languages are out of step."""
    said = wording.behind(id_)
    return wording.catalogue.requirement[id_].text[wording.lang] + (f"\n{said}" if said else "")


def _one(reading: Reading, wording: Wording, sheets: Sheets) -> None:
    words, rules, lang = wording.words, wording.rules, wording.lang
    one, whole = reading.assessment, reading.result.overall
    cover, headline = words["cover"], words["headline"]
    sheet = sheets.add(headline["title"])
    sheet.write_string(0, 0, f"{cover['title']}: {wording.site(reading)}", sheets.formats["title"])
    facts: list[tuple[str, Cell, str]] = [
        (cover["site"], wording.site(reading), "text"),
        (cover["scope"], one.scope, "text"),
        (cover["review_date"], _noon(one.review_date), "day"),
        (cover["target"], wording.target(reading.result.target), "text"),
        (cover["edition"], wording.catalogue.edition, "text"),
        (cover["identity"], str(one.id), "text"),
        (rules.score.attainment.label[lang], _share(whole.attainment), "percent"),
        (headline["band"], wording.band(whole.band), "text"),
        (headline["critical"], whole.critical_gaps, "whole"),
        (rules.critical_gap.kinds[0].label[lang], whole.critical_not_in_place, "whole"),
        (rules.critical_gap.kinds[1].label[lang], whole.critical_not_evidenced, "whole"),
        (headline["gaps"], whole.gaps, "whole"),
        (rules.score.completeness.label[lang], _share(whole.completeness), "percent"),
        (rules.score.weighted_level.label[lang], whole.weighted_level, "decimal"),
        (cover["provisional"], headline["yes"] if whole.provisional else None, "text"),
    ]
    for ready in reading.readiness:
        unmet = "; ".join(wording.criterion(criterion) for criterion in ready.criteria if not criterion.met)
        answer = f"{headline['no']}: {unmet}" if unmet else headline["yes"]
        facts.append((wording.ready(ready.target), answer, "text"))
    facts.append((rules.indication[lang], None, "text"))
    left = {form: f"{form}-left" for form in ("percent", "decimal", "whole")}
    rows = [((name, "text"), (value, left.get(form, form))) for name, value, form in facts]
    sheets.rows(sheet, 2, (44, 70), rows)
    _totals(words["tables"]["domains"], words["tables"]["domain"], reading.result.domains, wording, sheets)
    _totals(words["tables"]["chapters"], words["tables"]["chapter"], reading.result.chapters, wording, sheets)
    _plan(reading, wording, sheets)
    _requirements(reading, wording, sheets)


def _totals(name: str, head: str, totals: Sequence[Total], wording: Wording, sheets: Sheets) -> None:
    words, score = wording.words["tables"], wording.rules.score
    columns = [
        (head, 44, "text"), (score.attainment.label[wording.lang], 14, "percent"),
        (wording.words["headline"]["band"], 18, "text"), (words["critical"], 10, "whole"), (words["gaps"], 10, "whole"),
        (words["not_applicable"], 10, "whole"), (words["unanswered"], 12, "whole"),
        (score.completeness.label[wording.lang], 14, "percent"),
        (score.weighted_level.label[wording.lang], 14, "decimal"),
    ]  # fmt: skip
    rows = [
        (f"{total.key}  {wording.name(total.key)}", _share(total.attainment), wording.band(total.band),
         total.critical_gaps, total.gaps, total.not_applicable, total.unanswered, _share(total.completeness),
         total.weighted_level)
        for total in totals
    ]  # fmt: skip
    sheet = sheets.add(name)
    free = sheets.table(sheet, columns, rows)
    sheet.freeze_panes(1, 1)
    chart = sheets.book.add_chart({"type": "bar"})
    span = f"'{sheet.get_name()}'!"
    chart.add_series(
        {
            "name": score.attainment.label[wording.lang],
            "categories": f"={span}$A$2:$A${len(rows) + 1}",
            "values": f"={span}$B$2:$B${len(rows) + 1}",
            "data_labels": {"value": True},
            "fill": {"color": "#1F4E8C"},
        }
    )
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_title({"name": name})
    chart.set_size({"width": 900, "height": 120 + 28 * len(rows)})
    sheet.insert_chart(free, 0, chart, {"description": name})


def _plan(reading: Reading, wording: Wording, sheets: Sheets) -> None:
    words, lang = wording.words["tables"], wording.lang
    head = [
        (words["priority"], 9, "text"), ("ID", 8, "text"), (words["requirement"], 40, "text"),
        (words["status"], 20, "text"), (words["claimed"], 9, "whole"), (words["supported"], 9, "whole"),
        (wording.words["cover"]["target"], 9, "whole"), (words["reason"], 26, "text"),
        (words["first_step"], 34, "text"), (words["owner"], 16, "text"), (words["due"], 12, "day"),
        (words["proposed"], 11, "text"), (words["verified_by"], 16, "text"), (words["score"], 10, "whole"),
        (words["full"], 44, "text"), (words["low_cost"], 44, "text"), (words["note"], 44, "text"),
    ]  # fmt: skip

    def row(line: PlanLine) -> tuple[Cell, ...]:
        kind = f": {wording.kind(line.row)}" if line.row.critical else ""
        close = line.requirement.close_the_gap
        return (
            line.row.priority, line.row.id, _text(line.row.id, wording), wording.finding(line.row.status) + kind,
            line.row.claimed, line.row.supported, line.row.target, wording.reason(line.row), close.week[lang],
            line.answer.owner, _noon(line.due), words["proposed"] if line.proposed and line.due else None,
            ", ".join(line.verified_by), line.row.priority_score, close.full[lang], close.low_cost[lang],
            line.answer.note,
        )  # fmt: skip

    sheets.long_table(wording.words["sections"]["plan"], head, [row(line) for line in reading.plan], printed=13)


def _requirements(reading: Reading, wording: Wording, sheets: Sheets) -> None:
    words = wording.words["tables"]
    head = [
        ("ID", 8, "text"), (words["chapter"], 20, "text"), (words["requirement"], 40, "text"),
        (words["weight"], 10, "whole"), (words["risk"], 8, "whole"), (words["status"], 20, "text"),
        (words["claimed"], 10, "whole"), (words["supported"], 10, "whole"),
        (wording.words["cover"]["target"], 10, "whole"), (words["evidence"], 40, "text"),
        (words["auditor_level"], 12, "whole"), (words["reason"], 44, "text"),
        (words["approved_by"], 22, "text"), (words["measure"], 34, "text"), (words["note"], 44, "text"),
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for row in reading.result.rows:
        answer = reading.assessment.answers.get(row.id)
        claim = answer.na if answer else None
        evidence = "\n".join(
            ", ".join(filter(None, (piece.reference, piece.custodian, piece.date.isoformat() if piece.date else "")))
            for piece in (answer.evidence if answer else ())
        )
        rows.append(
            (row.id, wording.name(row.chapter), _text(row.id, wording), row.weight, row.risk,
             wording.finding(row.status), row.claimed, row.supported, row.target, evidence, row.auditor_level,
             claim.reason if claim else None, claim.approved_by if claim else None,
             answer.alternative if answer else None, answer.note if answer else None)
        )  # fmt: skip
    sheets.long_table(wording.words["sections"]["requirements"], head, rows, printed=10)


def _several(readings: Sequence[Reading], wording: Wording, sheets: Sheets) -> None:
    words, rules, lang = wording.words, wording.rules, wording.lang
    labels = wording.labels(readings)
    sheet = sheets.add(words["comparison"]["overview"])
    head = [
        (words["comparison"]["assessment"], 44, "text"), (words["cover"]["review_date"], 14, "day"),
        (rules.score.attainment.label[lang], 14, "percent"), (words["headline"]["band"], 18, "text"),
        (words["headline"]["critical"], 14, "whole"), (rules.critical_gap.kinds[0].label[lang], 14, "whole"),
        (rules.critical_gap.kinds[1].label[lang], 14, "whole"), (words["tables"]["gaps"], 10, "whole"),
        (rules.score.completeness.label[lang], 14, "percent"), (rules.score.weighted_level.label[lang], 14, "decimal"),
        *((wording.ready(ready.target), 20, "text") for ready in readings[0].readiness),
        (words["cover"]["edition"], 14, "text"), (words["cover"]["file"], 30, "text"),
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one, label in zip(readings, labels, strict=True):
        whole = one.result.overall
        rows.append(
            (label, _noon(one.assessment.review_date), _share(whole.attainment), wording.band(whole.band),
             whole.critical_gaps, whole.critical_not_in_place, whole.critical_not_evidenced, whole.gaps,
             _share(whole.completeness), whole.weighted_level,
             *(words["headline"]["yes" if ready.ready else "no"] for ready in one.readiness),
             one.assessment.edition, one.opened.file)
        )  # fmt: skip
    free = sheets.table(sheet, head, rows)
    for place, caution in enumerate(cautions(readings, wording)):
        sheets.cell(sheet, free + place, 0, caution)
    for title_, name, group in (("by_domain", "domain", "domains"), ("by_chapter", "chapter", "chapters")):
        columns = [(words["tables"][name], 44, "text"), *((label, 16, "percent") for label in labels)]
        totals = zip(*(getattr(one.result, group) for one in readings), strict=True)
        sheets.long_table(
            words["comparison"][title_],
            columns,
            [(f"{row[0].key}  {wording.name(row[0].key)}", *(_share(t.attainment) for t in row)) for row in totals],
        )
    common = shared(readings)
    sheets.long_table(
        words["comparison"]["shared"],
        [("ID", 9, "text"), (words["tables"]["requirement"], 60, "text"), *((label, 20, "text") for label in labels)],
        [
            (
                line.requirement.id,
                _text(line.requirement.id, wording),
                *(wording.finding(row.status) for row in line.rows),
            )
            for line in common
        ],
    )


def _method(wording: Wording, sheets: Sheets) -> None:
    rules, lang = wording.rules, wording.lang
    sheet = sheets.add(wording.words["sections"]["method"])
    texts = [
        rules.proposal, rules.indication, rules.evidence.rule, rules.score.attainment.rule,
        rules.score.weighted_level.rule, rules.score.completeness.rule, rules.risk.rule, rules.priority.rule,
        rules.bands.rule, rules.not_applicable.rule, *rules.limits, rules.confidentiality,
    ]  # fmt: skip
    lines = [*(text[lang] for text in texts), *wording.unconfirmed()]
    sheets.rows(sheet, 0, (120,), [((line, "text"),) for line in lines])
