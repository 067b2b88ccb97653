"""Cells and sheets of a report's workbook.

Enters: values. Leaves: sheets that print well. Whatever a person typed is written as text, never as a formula, link or
number, and stays text when the cell is edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from guide.report.strangers import looks_like_formula, plain
from guide.report.wording import Wording

LONGEST = 32_000
"""Excel refuses a cell of more than 32,767 characters."""
LINE, TALLEST = 15, 400
"""Height of a line and of the tallest row, in points; not every program finds the height of wrapped text itself."""
Cell = str | int | float | datetime | None
Column = tuple[str, int, str]
"""Name, width in characters, format."""


class Sheets:
    """Writes tables into the sheets of a workbook; the only place that touches a cell."""

    def __init__(self, book: Workbook, wording: Wording, mark: str) -> None:
        self.book, self.wording, self.mark = book, wording, plain(mark)
        wrapped = {"text_wrap": True, "valign": "top"}
        self.formats: dict[str, Format] = {
            "text": book.add_format(wrapped),
            "quoted": book.add_format({**wrapped, "quote_prefix": True}),
            "head": book.add_format({**wrapped, "bold": True, "bottom": 2, "bg_color": "#E8ECF3"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        }
        for name, form in (("percent", "0.0%"), ("decimal", "0.0"), ("whole", "0")):
            self.formats[name] = book.add_format({"num_format": form, "valign": "top"})
            self.formats[f"{name}-left"] = book.add_format({"num_format": form, "valign": "top", "align": "left"})

    def add(self, name: str) -> Worksheet:
        """A new sheet, ready to print: landscape, one page wide, marked."""
        taken = {sheet.get_name().casefold() for sheet in self.book.worksheets()}
        clean = "".join(character for character in name if character not in "[]:*?/\\'")[:26]
        name = clean if clean.casefold() not in taken else f"{clean} ({self.wording.lang})"
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L&B{self.mark.replace('&', '&&')[:200]}&R&A")
        sheet.set_footer(f"&L{self.wording.catalogue.edition}&R&P / &N")
        return sheet

    def cell(self, sheet: Worksheet, row: int, column: int, value: Cell, form: str = "text") -> None:
        """One value; text is cleaned, cut and kept text."""
        if value is None:
            sheet.write_blank(row, column, None, self.formats["text"])
        elif isinstance(value, str):
            text = plain(value)
            text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
            form = "quoted" if form == "text" and looks_like_formula(text) else form
            sheet.write_string(row, column, text, self.formats[form])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.formats["day"])
        else:
            sheet.write_number(row, column, value, self.formats[form if form != "text" else "whole"])

    def rows(
        self, sheet: Worksheet, top: int, widths: Sequence[int], rows: Sequence[Sequence[tuple[Cell, str]]]
    ) -> int:
        """Rows of (value, format) from `top` on, each as high as its longest text; returns the row after the last."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for place, row in enumerate(rows, top):
            lines = max(_lines(value, width) for (value, _), width in zip(row, widths, strict=True))
            sheet.set_row(place, min(TALLEST, LINE * lines))
            for column, (value, form) in enumerate(row):
                self.cell(sheet, place, column, value, form)
        return top + len(rows)

    def table(self, sheet: Worksheet, head: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
        """A table at the top of a sheet; returns the first free row below it."""
        widths = [width for _, width, _ in head]
        self.rows(sheet, 0, widths, [[(name, "head") for name, _, _ in head]])
        forms = [form for _, _, form in head]
        return self.rows(sheet, 1, widths, [list(zip(row, forms, strict=True)) for row in rows]) + 1

    def long_table(self, name: str, head: Sequence[Column], rows: Sequence[Sequence[Cell]], printed: int = 0) -> None:
        """A sheet that is one table, with a fixed and repeated head and a filter; only the first `printed` columns are
        printed, all of them for 0."""
        sheet = self.add(name)
        self.table(sheet, head, rows)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(head) - 1)
        sheet.print_area(0, 0, max(1, len(rows)), (printed or len(head)) - 1)


def _lines(value: Cell, width: int) -> int:
    """Lines that a text takes in a column of `width` characters, words kept whole (so a little more than its share)."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, -(-len(line) * 11 // (10 * width))) for line in value.split("\n"))
