"""What one process does to make documents.

Enters: the stack, once in the life of the process, then tasks. Leaves: finished files in the store; each is written
beside its place and moved there, so that a full disk or an ended process leaves nothing half-made under a final name.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from guide.model import Lang
from guide.paper.book import bind
from guide.paper.disk import explain, save
from guide.paper.documents import Document, File, Size, Stack, Unprintable
from guide.paper.layout import Layout, lay_out_full, write
from guide.paper.press import Press
from guide.paper.quick import hasten

HARMFUL = ("failed to load", "anchor", "font-face", "font ", "alt description", "relative uri")
"""Complaints of the layout engine that mean a page is not as it should be."""


@dataclass(frozen=True)
class Task:
    """Documents that are made together: a book with handouts, or one. `places` says where each file goes."""

    documents: tuple[Document, ...]
    places: Mapping[Document, Mapping[File, Path]]


_stack: list[Stack] = []


def begin(stack: Stack) -> None:
    """Prepares a process. Objects that live as long as it does are hidden from the garbage collector, which would
    otherwise walk over every box of a document many times; it runs between documents instead."""
    _stack[:] = [stack]
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    hasten()
    gc.disable()
    gc.freeze()


def work(task: Task) -> dict[Document, str]:
    """Makes the documents of a task. Returns what went wrong, by document."""
    try:
        if task.documents[0].kind == "book":
            return _make_book(task)
        with _faults_of(task.documents[0]) as faults:
            _make(task.documents[0], task)
        return faults
    finally:
        gc.collect()


@contextmanager
def _faults_of(document: Document) -> Iterator[dict[Document, str]]:
    """Collects what goes wrong with `document`; the others of a task go on."""
    faults: dict[Document, str] = {}
    try:
        yield faults
    except OSError as error:
        faults[document] = explain(error)
    except Exception as error:  # a fault in one chapter must not take the other chapters along
        faults[document] = str(error) if isinstance(error, Unprintable) else f"{type(error).__name__}: {error}"


def _make(document: Document, task: Task) -> None:
    """A document of its own: one layout, each of its files."""
    press = _press(document.lang)
    layout = _checked(press.html(document))
    _write(document, layout.document, layout.pages, task)


def _make_book(task: Task) -> dict[Document, str]:
    """The handouts of a language that are missing, and the book from the layouts of all of them."""
    book, *handouts = task.documents
    press = _press(book.lang)
    by_code = {handout.codes: handout for handout in handouts}
    layouts: dict[str, Layout] = {}
    faults: dict[Document, str] = {}
    for code in book.codes:
        handout = by_code.get((code,)) or Document("handout", book.lang, (code,), press.guide.chapter(code).slug)
        with _faults_of(handout) as found:
            layouts[code] = _checked(press.html(handout))
            if handout in task.places:
                _write(handout, layouts[code].document, layouts[code].pages, task)
        faults.update(found)
    if missing := [code for code in book.codes if code not in layouts]:
        return {**faults, book: f"it needs the handout of {', '.join(missing)}"}
    with _faults_of(book) as found:
        with _listening():
            document, pages = bind(press, book, layouts)
        _write(book, document, pages, task)
    return {**faults, **found}


def _write(document: Document, laid_out: Any, pages: Iterable[Any], task: Task) -> None:
    """Every file of the document: without fields first, because fields stay with the boxes they are drawn in."""
    places = task.places[document]
    for fillable in sorted({file.fillable for file in places}):
        sizes: dict[Size, Path] = {file.size: place for file, place in places.items() if file.fillable == fillable}
        with _listening():
            made = write(laid_out, pages, tuple(sizes), fillable=fillable)
        for size, place in sizes.items():
            save(made[size], place)


def _checked(html: str) -> Layout:
    with _listening():
        return lay_out_full(html)


@contextmanager
def _listening() -> Iterator[None]:
    """Raises Unprintable with what the layout engine complains of in the meantime."""
    said = _Said()
    log = logging.getLogger("weasyprint")
    log.handlers, log.propagate = [said], False
    log.setLevel(logging.WARNING)
    yield
    if said.faults:
        raise Unprintable("; ".join(dict.fromkeys(said.faults)))


class _Said(logging.Handler):
    """Collects complaints, as far as they harm the page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if any(word in message.lower() for word in HARMFUL):
            self.faults.append(message.rstrip("."))


@cache
def _press(lang: Lang) -> Press:
    """One for each language in the life of the process."""
    return Press(_stack[0], lang)
