"""A report as one HTML file that needs nothing else: no script, no other file, charts as SVG with their tables.

Enters: readings and words. Leaves: the text of the file, made by guide/templates/report/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from guide.model import Interface, Lang
from guide.report.comparison import changes, in_order, shared
from guide.report.reading import Reading
from guide.report.strangers import one_line, plain
from guide.report.wording import Wording

TEMPLATES = Path(__file__).parent.parent / "templates"
MOST_ROUNDS = 7
"""Rounds in the trend's chart, so that labels keep apart; the table lists all."""


@dataclass(frozen=True)
class Point:
    """A point of the trend: `x` in per cent of the width, `value` the attainment."""

    x: float
    value: float | None
    month: str
    comparable: bool


def page(readings: Sequence[Reading], words: Interface, languages: Sequence[Lang]) -> str:
    """The report on one reading, or the comparison of several, in each language after the other."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    environment.filters["css"] = css_string
    catalogue = readings[0].catalogue
    names = {"en": words.words("es")["site"]["other_language"], "es": words.words("en")["site"]["other_language"]}
    parts = []
    for lang in languages:
        wording = Wording(words, catalogue, lang)
        about: dict[str, Any] = {"t": wording, "w": wording.words, "marking": marking(readings, wording)}
        template, content = (
            ("one", _one(readings[0], wording)) if len(readings) == 1 else _comparison(readings, wording)
        )
        body = environment.get_template(f"report/{template}.html").render(about | content)
        parts.append(
            {
                "lang": lang, "language_name": names[lang], "body": Markup(body), "marking": about["marking"],
                "title": title(readings, wording), "page_word": wording.words["cover"]["page"],
                "edition": f"{wording.words['cover']['edition']} {catalogue.edition}",
            }
        )  # fmt: skip
    return environment.get_template("report/document.html").render(parts=parts, title=parts[0]["title"])


def title(readings: Sequence[Reading], wording: Wording) -> str:
    """What the document is called."""
    if len(readings) > 1:
        return wording.words["comparison"]["title"]
    return f"{wording.words['cover']['title']}: {wording.site(readings[0])}"


def marking(readings: Sequence[Reading], wording: Wording) -> str:
    """The protective markings of the files, or the guide's own where none has one."""
    found = (one_line(one.assessment.marking or "") for one in readings)
    return " / ".join(dict.fromkeys(text for text in found if text)) or wording.words["cover"]["marking"]


def css_string(text: str) -> Markup:
    """`text` inside a CSS string: everything but plain letters, digits and blanks as a code point."""
    safe = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in one_line(text))
    return Markup("".join(safe))


def cautions(readings: Sequence[Reading], wording: Wording) -> tuple[str, ...]:
    """What makes the assessments less comparable than they look."""
    words, labels = wording.words["comparison"], wording.labels(readings)
    editions = sorted({one_line(one.assessment.edition) for one in readings})
    provisional = [label for one, label in zip(readings, labels, strict=True) if one.result.overall.provisional]
    raised = [
        label
        for one, label in zip(readings, labels, strict=True)
        if any(row.target > one.result.target for row in one.result.rows)
    ]
    found = []
    if len({one.assessment.target for one in readings}) > 1:
        found.append(words["caution_target"].format(target=readings[0].result.target))
    if editions != [readings[0].catalogue.edition]:
        found.append(words["caution_edition"].format(editions=", ".join(editions)))
    if provisional:
        found.append(words["caution_provisional"].format(names="; ".join(provisional)))
    if raised:
        found.append(words["caution_own_target"].format(names="; ".join(raised)))
    return tuple(found) or (words["caution_none"],)


def _one(reading: Reading, wording: Wording) -> dict[str, Any]:
    result, words = reading.result, wording.words
    risk_names = {step.risk: step.label[wording.lang] for step in wording.rules.risk.levels}

    def risk(chapter: str) -> str:
        level = reading.assessment.risk.get(chapter)
        assumed = f" ({words['tables']['risk_assumed']})" if level is None else ""
        return risk_names[level or wording.rules.risk.when_not_set] + assumed

    return {
        "reading": reading,
        "risk": risk,
        "domain_bars": [(total.key, wording.name(total.key), total) for total in result.domains],
        "chapter_bars": [(total.key, wording.name(total.key), total) for total in result.chapters],
        "incomplete": [row.id for row in result.rows if row.na_incomplete],
        "trend": _trend(reading),
    }


def _trend(reading: Reading) -> list[Point]:
    rounds = [(one.snapshot.result.attainment, one.snapshot.taken.date(), one.comparable) for one in reading.rounds] + [
        (reading.result.overall.attainment, reading.assessment.review_date, True)
    ]
    step = 100 / len(rounds)
    return [
        Point(round((place + 0.5) * step, 2), value, day.isoformat()[:7], comparable)
        for place, (value, day, comparable) in enumerate(rounds)
    ]


def _comparison(readings: Sequence[Reading], wording: Wording) -> tuple[str, dict[str, Any]]:
    ordered = in_order(readings)
    labels = wording.labels(ordered)
    return "comparison", {
        "readings": ordered,
        "labelled": list(zip(ordered, labels, strict=True)),
        "cautions": cautions(ordered, wording),
        "overview_bars": [
            (f"[{number}]", label, one.result.overall)
            for number, (one, label) in enumerate(zip(ordered, labels, strict=True), 1)
        ],
        "domain_rows": _rows([one.result.domains for one in ordered]),
        "chapter_rows": _rows([one.result.chapters for one in ordered]),
        "shared": shared(ordered),
        "changes": changes(ordered),
    }


def _rows(columns: Sequence[Sequence[Any]]) -> list[tuple[str, tuple[Any, ...]]]:
    """Totals of the same domain or chapter beside each other: every reading has the same ones in the same order."""
    return [(totals[0].key, totals) for totals in zip(*columns, strict=True)]
