"""The workbook to fill in: answers in open cells, everything else protected formulas that follow them.

Enters: the guide, which of its texts are out of step, and a language. Leaves: the bytes of an .xlsx file, the same for
the same guide.
"""

from __future__ import annotations

from guide.export.workbook_cells import Book
from guide.export.workbook_entries import add_guidance, add_instructions, add_requirements, add_start
from guide.export.workbook_layout import places
from guide.export.workbook_results import add_plan, add_results
from guide.export.workbook_steps import add_calculation, add_rules
from guide.guide import Guide
from guide.marks import Marks
from guide.model import Lang


def workbook(guide: Guide, marks: Marks, lang: Lang) -> bytes:
    """The workbook with every requirement in force. Raises ValueError for a guide that asks nothing."""
    asked = places(guide)
    if not asked:
        raise ValueError("a workbook needs at least one requirement")
    book = Book(guide, marks, lang)
    add_instructions(book)
    risks = add_start(book, list(dict.fromkeys(place.chapter for place in asked)))
    add_requirements(book, asked)
    add_results(book, asked)
    add_plan(book, asked)
    add_guidance(book, asked)
    add_calculation(book, asked, risks)
    add_rules(book)
    return book.finish()
