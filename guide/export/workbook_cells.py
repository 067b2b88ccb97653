"""The only place that touches a cell of the workbook to fill in: formats, protection, print set-up, lists, text.

Enters: values and formulas. Leaves: sheets in which input cells alone are open. Text of the guide is written as text,
never as a formula, link or number, and stays text when the cell is edited.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from textwrap import wrap
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import Lang, Requirement
from guide.report.strangers import looks_like_formula, plain

Cell = str | int | float | None

FONT = {"font_name": "Arial", "font_size": 10}
"""Everywhere present, or replaced by one of the same widths, so that row heights fit."""
LINE_HEIGHT = 13.5
"""Points of one line of text in that font."""
MOST_LINES = 29
"""Excel draws no row higher than 409 points."""
SIGNS_PER_WIDTH = 1.1
"""Letters are narrower than the figures in which the width of a column is counted."""
INK = "#1F2A44"
BORDER = {"border": 1, "border_color": "#B9C0CC"}
WRAPPED = {"text_wrap": True, "valign": "top"}
INPUT = {**WRAPPED, **BORDER, "bg_color": "#FFF8DC", "locked": False}
RESULT = {**BORDER, "valign": "top", "bg_color": "#F4F6F9"}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": INK},
    "section": {"bold": True, "font_size": 12, "font_color": INK, "bottom": 1, "bottom_color": INK},
    "head": {**WRAPPED, **BORDER, "bold": True, "bg_color": INK, "font_color": "#FFFFFF"},
    "head-input": {**WRAPPED, **BORDER, "bold": True, "bg_color": "#F2D98B"},
    "text": {**WRAPPED, **BORDER},
    "quoted": {**WRAPPED, **BORDER, "quote_prefix": True},
    "link": {**WRAPPED, **BORDER, "font_color": "#0B4FA0", "underline": 1},
    "prose": WRAPPED,
    "prose-line": {"italic": True},
    "label": {**BORDER, "bold": True, "valign": "top", "text_wrap": True},
    "warning": {"bold": True, "font_color": "#9C1C1C"},
    "input": {**INPUT, "num_format": "@"},
    "input-level": {**INPUT, "align": "center", "num_format": "General"},
    "input-day": {**INPUT, "num_format": "yyyy-mm-dd", "align": "center"},
    "whole": {**RESULT, "num_format": "0", "align": "center"},
    "decimal": {**RESULT, "num_format": "0.0", "align": "center"},
    "percent": {**RESULT, "num_format": "0.0%", "align": "center"},
    "day": {**RESULT, "num_format": "yyyy-mm-dd", "align": "center"},
    "words": {**RESULT, "text_wrap": True},
    "big": {**RESULT, "num_format": "0.0%", "align": "left", "bold": True, "font_size": 16},
}
PROTECTION = {
    "format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip
LONGEST_HEADER = 250
"""Excel takes at most 255 characters in a header, an input message or a property."""


class Book:
    """A workbook in one language. `words` are those of its own group; every sheet is protected without a password."""

    def __init__(self, guide: Guide, marks: Marks, lang: Lang) -> None:
        self.guide, self.lang = guide, lang
        self._behind = marks[lang]
        self.all_words = guide.interface.words(lang)
        self.words = self.all_words["workbook"]
        self.notice = self.all_words["downloads"]["notice"]
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "default_format_properties": dict(FONT),
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._formats: dict[str, Format] = {name: self._book.add_format(form) for name, form in FORMATS.items()}
        site, edition = self.all_words["site"], guide.edition
        self._book.set_properties(
            {
                "title": f"{site['name']}: {self.words['title']}",
                "subject": f"{site['edition']} {edition.edition}",
                "company": site["owner"],
                "comments": self.notice[:LONGEST_HEADER],
                "created": datetime.combine(edition.date, time()),
            }
        )

    def mark(self, item: str) -> str:
        """What a reader is told of a pair that is out of step; otherwise nothing."""
        return told(self._behind.get(item), self.all_words)

    def marked(self, text: str, item: str) -> str:
        """`text`, and on a line of its own that its other language moved: it goes wherever a formula takes the text."""
        said = self.mark(item)
        return f"{text}\n[{said}]" if said else text

    def statement(self, requirement: Requirement) -> str:
        """The text of a requirement as a cell shows it."""
        return self.marked(requirement.text[self.lang], requirement.id)

    def finish(self) -> bytes:
        """The file."""
        self._book.close()
        return self._buffer.getvalue()

    def name(self, name: str, sheet: str, first: str, last: str = "") -> None:
        """Gives a cell, or the cells from `first` to `last` (like A4), a name that formulas use."""
        ends = [xl_rowcol_to_cell(*xl_cell_to_rowcol(end), row_abs=True, col_abs=True) for end in (first, last) if end]
        self._book.define_name(name, f"={quoted(sheet)}!{':'.join(ends)}")

    def sheet(self, key: str, widths: Sequence[float], *, portrait: bool = False) -> Sheet:
        """A new protected sheet, named in this language, with its title in the first row and columns of `widths`."""
        sheet = self._book.add_worksheet(self.sheet_name(key))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        if not portrait:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.8)
        edition = f"{self.all_words['site']['short']} {self.guide.edition.edition}"
        sheet.set_header(f"&L&8{_header(self.guide.edition.marking[self.lang])}&R&8&A")
        sheet.set_footer(f"&L&7{_header(f'{edition}. {self.notice}')}&R&8&P / &N")
        return Sheet(sheet, self._formats, widths)

    def sheet_name(self, key: str) -> str:
        """The name of a sheet in this language."""
        return self.words[f"sheet_{key}"]

    def bar_chart(self, title: str, categories: str, values: str, bars: int) -> Any:
        """A chart of shares from 0 to 100 %, first row at the top."""
        chart = self._book.add_chart({"type": "bar"})
        label = {"value": True, "num_format": "0%", "font": {"size": 8}}
        fill = {"color": INK}
        chart.add_series(
            {"name": title, "categories": categories, "values": values, "data_labels": label, "fill": fill, "gap": 40}
        )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        grid = {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": grid})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
        chart.set_legend({"none": True})
        chart.set_size({"width": 720, "height": max(300, 90 + 18 * bars)})
        return chart


class Sheet:
    """One sheet; places are written like A4."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format], widths: Sequence[float]) -> None:
        self.raw, self._formats, self._widths = sheet, formats, widths

    def text(self, place: str, value: str | int, form: str = "text") -> None:
        """Text or a whole number of the guide."""
        if isinstance(value, int):
            self.raw.write_number(place, value, self._formats[form])
            return
        form = "quoted" if form == "text" and looks_like_formula(value) else form
        self.raw.write_string(place, plain(value), self._formats[form])

    def row(self, row: int, values: Sequence[str | int], form: str = "text") -> None:
        """Texts side by side from the first column of `row` (1-based)."""
        for column, value in enumerate(values):
            self.text(xl_rowcol_to_cell(row - 1, column), value, form)

    def formula(self, place: str, formula: str, shown: Cell, form: str = "whole") -> None:
        """A protected formula. `shown` is what it gives while nothing is filled in: programs that do not calculate when
        they open a file show it."""
        self.raw.write_formula(place, formula, self._formats[form], "" if shown is None else shown)

    def link(self, place: str, sheet: str, target: str, shown: str) -> None:
        """A way to a cell of another sheet."""
        self.raw.write_url(place, f"internal:{quoted(sheet)}!{target}", self._formats["link"], shown)

    def fit(self, row: int, texts: Mapping[str, str], least: int = 1) -> None:
        """Makes `row` high enough for its wrapped `texts`, by column letter. Not every program does so itself,
        and none does it for formulas."""
        lines = max([least, *(self.lines(letter, text) for letter, text in texts.items())])
        self.raw.set_row(row - 1, min(lines, MOST_LINES) * LINE_HEIGHT + 4)

    def lines(self, letter: str, text: str) -> int:
        """How many lines `text` takes in the column `letter`."""
        width = int(self._widths[xl_cell_to_rowcol(f"{letter}1")[1]] * SIGNS_PER_WIDTH)
        return sum(len(wrap(part, max(4, width))) or 1 for part in text.split("\n"))

    def wide(self, first: str, last: str, value: str) -> None:
        """A sentence on two lines across several columns."""
        self.raw.merge_range(f"{first}:{last}", plain(value), self._formats["prose"])
        self.raw.set_row(xl_cell_to_rowcol(first)[0], 2 * LINE_HEIGHT + 4)

    def open(self, first: str, last: str, form: str = "input") -> None:
        """Leaves the cells from `first` to `last` open for entries."""
        (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.raw.write_blank(row, column, None, self._formats[form])

    def choice(self, first: str, last: str, source: str, title: str, hint: str, error: tuple[str, str]) -> None:
        """A drop-down list from the named cells `source`."""
        rule = {"validate": "list", "source": f"={source}"}
        self.raw.data_validation(f"{first}:{last}", {**rule, **_messages(title, hint, error)})

    def days(self, first: str, last: str, title: str, hint: str, error: tuple[str, str]) -> None:
        """Entries must be days of this century."""
        ends = {"minimum": datetime(2000, 1, 1), "maximum": datetime(2100, 12, 31)}
        rule = {"validate": "date", "criteria": "between", **ends}
        self.raw.data_validation(f"{first}:{last}", {**rule, **_messages(title, hint, error)})

    def hint(self, first: str, last: str, title: str, hint: str) -> None:
        """A message beside the cell, without any limit on what is entered."""
        self.raw.data_validation(f"{first}:{last}", {"validate": "any", **_messages(title, hint, ("", ""))})


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _messages(title: str, hint: str, error: tuple[str, str]) -> dict[str, Any]:
    shown = {"input_title": title[:32], "input_message": hint[:LONGEST_HEADER]} if hint else {}
    return {**shown, "error_title": error[0][:32], "error_message": error[1][:LONGEST_HEADER]}


def _header(text: str) -> str:
    return plain(text).replace("&", "&&")[: LONGEST_HEADER - 30]
