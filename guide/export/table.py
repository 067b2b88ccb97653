"""All requirements as plain rows (CSV) in one language.

Enters: the guide, and which of its texts are out of step. Leaves: UTF-8 with byte order mark and the separator that
spreadsheets of the language expect; no cell can be taken for a formula.
"""

from __future__ import annotations

import csv
import io

from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import Chapter, Lang, Requirement
from guide.report.strangers import looks_like_formula, one_line

COLUMNS = (
    "id", "chapter_code", "chapter", "domain", "weight", "weight_name", "phase", "requirement", "why", "evidence",
    "evidence_max_age_days", "within_a_week", "full_measure", "low_cost", "applies_to", "roles", "references",
    "edition", "notice", "translation",
)  # fmt: skip
"""Names of the columns, the same in both languages, so that a program reads either file."""
BETWEEN = " | "
"""Separates several values in one cell."""


def table_csv(guide: Guide, marks: Marks, lang: Lang) -> bytes:
    """The requirements in force, one a row; the notice stands in the first, what is out of step in the last column."""
    everywhere = guide.interface.words(lang)
    words = everywhere["downloads"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=words["separator"], lineterminator="\r\n")
    writer.writerow(COLUMNS)
    notice = f"{words['notice']} {everywhere['checklist']['targets']}"
    for chapter in guide.chapters:
        for requirement in guide.in_force(chapter.code):
            said = told(marks[lang].get(requirement.id), everywhere)
            writer.writerow([neutral(cell) for cell in (*_cells(guide, chapter, requirement, lang), notice, said)])
            notice = ""
    return out.getvalue().encode("utf-8-sig")


def _cells(guide: Guide, chapter: Chapter, requirement: Requirement, lang: Lang) -> tuple[str, ...]:
    words = guide.interface.words(lang)
    close = requirement.close_the_gap
    references = dict.fromkeys(guide.references[cited.id].short[lang] for cited in requirement.references)
    return (
        requirement.id, chapter.code, chapter.title[lang], words["domains"][chapter.domain.value],
        str(requirement.weight.value), words["weights"][f"w{requirement.weight.value}"],
        words["phases"][requirement.phase.value], requirement.text[lang], requirement.why[lang],
        BETWEEN.join(text[lang] for text in requirement.evidence), str(requirement.evidence_max_age_days),
        close.week[lang], close.full[lang], close.low_cost[lang], words["applies"][requirement.applies_to.value],
        BETWEEN.join(words["roles"][role.value] for role in requirement.roles), BETWEEN.join(references),
        guide.edition.edition,
    )  # fmt: skip


def neutral(text: str) -> str:
    """`text` on one line that no spreadsheet takes for a formula: an apostrophe before it makes it text."""
    text = one_line(text)
    return f"'{text}" if looks_like_formula(text) else text
