"""Rows and columns that meet in a mark: two things judged separately, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from guide.figures.canvas import Canvas
from guide.figures.shapes import Box, Label
from guide.figures.step import Entry
from guide.figures.text import Style
from guide.model import Frozen, Lang, Slug, Text

Symbol = Literal["full", "half", "empty", "cross"]
ROW_HEAD = 176.0


class Mark(Frozen):
    """What a cell can say: a symbol that is told apart without colour, and its words."""

    id: Slug
    symbol: Symbol
    label: Text


class Row(Frozen):
    """A row: its name, what it means, and one mark a column."""

    label: Text
    note: Text | None = None
    cells: Annotated[tuple[Slug, ...], Field(min_length=2, max_length=4)]


class Matrix(Frozen):
    """Content of a `matrix`."""

    row_title: Text
    column_title: Text
    columns: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    rows: Annotated[tuple[Row, ...], Field(min_length=2, max_length=6)]
    marks: Annotated[tuple[Mark, ...], Field(min_length=2, max_length=4)]

    @model_validator(mode="after")
    def _every_cell_has_a_mark(self) -> Matrix:
        known = {mark.id for mark in self.marks}
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise PydanticCustomError(
                    "figure_row",
                    "the row “{row}” has {cells} cells for {columns} columns; it needs one mark a column",
                    {"row": row.label.en, "cells": len(row.cells), "columns": len(self.columns)},
                )
            for cell in row.cells:
                if cell not in known:
                    raise PydanticCustomError(
                        "figure_row",
                        "the row “{row}” uses the mark `{cell}`, which does not stand under `marks`",
                        {"row": row.label.en, "cell": cell},
                    )
        return self

    def mark(self, item: str) -> Mark:
        """The mark with this id."""
        return next(mark for mark in self.marks if mark.id == item)


@dataclass(frozen=True)
class Cell:
    """A cell with its symbol at `x`, `y`."""

    box: Box | None
    x: float
    y: float
    symbol: Symbol
    label: Label


@dataclass(frozen=True)
class MatrixLayout:
    """Where everything stands; `frames` hold the heads of rows and columns."""

    width: float
    height: float
    frames: tuple[Box, ...]
    labels: tuple[Label, ...]
    cells: tuple[Cell, ...]


def lay_out(content: Matrix, canvas: Canvas) -> MatrixLayout:
    """`content` on `canvas`: a grid, or one card a row."""
    return _grid(content, canvas) if canvas.wide else _cards(content, canvas)


def _grid(content: Matrix, canvas: Canvas) -> MatrixLayout:
    lang, pad, gap = canvas.lang, canvas.pad, 6.0
    bold = Style(canvas.note.size, bold=True)
    w = (canvas.width - ROW_HEAD) / len(content.columns) - gap
    lefts = [ROW_HEAD + gap + index * (w + gap) for index in range(len(content.columns))]
    over = canvas.width - ROW_HEAD
    title = canvas.write(content.column_title[lang], ROW_HEAD + over / 2, 0, over, canvas.heading, "middle", most=1)
    top = title.bottom + 6
    heads = [
        canvas.write(column[lang], x + w / 2, top + 8, w - 16, bold, "middle", most=3)
        for column, x in zip(content.columns, lefts, strict=True)
    ]
    low = max(head.bottom for head in heads) + 8
    corner = canvas.write(content.row_title[lang], pad, top + 8, ROW_HEAD - 2 * pad, canvas.heading, most=2)
    labels = [title, replace(corner, y=corner.y + low - 8 - corner.bottom), *heads]
    frames = [Box(x, top, w, low - top) for x in lefts]
    cells, y = [], max(low, labels[1].bottom) + gap
    for row in content.rows:
        name = canvas.write(row.label[lang], pad, y + 10, ROW_HEAD - 2 * pad, bold, most=3)
        labels.append(name)
        bottom = name.bottom
        if row.note:
            labels.append(canvas.write(row.note[lang], pad, bottom + 2, ROW_HEAD - 2 * pad, canvas.note, most=4))
            bottom = labels[-1].bottom
        marks = [content.mark(item) for item in row.cells]
        words = [
            canvas.write(mark.label[lang], x + w / 2, y + 34, w - 12, canvas.note, "middle", most=4)
            for mark, x in zip(marks, lefts, strict=True)
        ]
        height = max(bottom, *(word.bottom for word in words)) + 10 - y
        frames.append(Box(0, y, ROW_HEAD, height))
        for mark, x, word in zip(marks, lefts, words, strict=True):
            shift = (y + height - 10 - word.bottom) / 2
            lowered = replace(word, y=word.y + shift)
            cells.append(Cell(Box(x, y, w, height), x + w / 2, y + 20 + shift, mark.symbol, lowered))
        y += height + gap
    return MatrixLayout(canvas.width, y - gap, tuple(frames), tuple(labels), tuple(cells))


def _cards(content: Matrix, canvas: Canvas) -> MatrixLayout:
    lang, pad, room = canvas.lang, canvas.pad, canvas.width - 2 * canvas.pad
    bold = Style(canvas.note.size, bold=True)
    frames, labels, cells, y = [], [], [], 0.0
    for row in content.rows:
        head = canvas.write(f"{content.row_title[lang]}: {row.label[lang]}", pad, y + pad, room, canvas.heading, most=3)
        labels.append(head)
        bottom = head.bottom + 2
        if row.note:
            labels.append(canvas.write(row.note[lang], pad, bottom, room, canvas.note, most=4))
            bottom = labels[-1].bottom + 2
        labels.append(canvas.write(content.column_title[lang], pad, bottom + 6, room, canvas.heading, most=2))
        bottom = labels[-1].bottom
        for column, item in zip(content.columns, row.cells, strict=True):
            mark = content.mark(item)
            name = canvas.write(column[lang], pad + 28, bottom + 7, room - 28, bold, most=3)
            word = canvas.write(mark.label[lang], pad + 28, name.bottom + 1, room - 28, canvas.note, most=3)
            labels.append(name)
            cells.append(Cell(None, pad + 10, name.y + 3, mark.symbol, word))
            bottom = word.bottom
        frames.append(Box(0, y, canvas.width, bottom + pad - y))
        y = bottom + pad + canvas.gap
    return MatrixLayout(canvas.width, y - canvas.gap, tuple(frames), tuple(labels), tuple(cells))


def in_words(content: Matrix, lang: Lang) -> tuple[Entry, ...]:
    """Row by row, what follows in each column."""
    return tuple(
        Entry(
            f"{content.row_title[lang]}: {row.label[lang]}",
            row.note[lang] if row.note else "",
            tuple(
                Entry(f"{content.column_title[lang]}: {column[lang]}", content.mark(item).label[lang])
                for column, item in zip(content.columns, row.cells, strict=True)
            ),
        )
        for row in content.rows
    )
