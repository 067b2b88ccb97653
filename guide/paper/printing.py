"""PDF files from documents: in parallel, each whole or not at all, none made twice.

Enters: Documents and a folder. Leaves: the PDFs, and a Problem for each that could not be made; the others are made.
A finished PDF is kept in .cache/paper under the hash of everything that it is made from.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML, __version__
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from guide.paper.documents import Document
from guide.problems import Problem

PAPER = Path(__file__).parent.parent / "templates" / "paper"
FONTS = PAPER / "fonts"


def print_all(
    documents: Iterable[Document], folder: Path, store: Path, say: Callable[[str], None]
) -> tuple[int, list[Problem]]:
    """Makes every PDF below `folder`. Returns how many had to be rendered, and the problems."""
    store.mkdir(parents=True, exist_ok=True)
    base = _base()
    problems: list[Problem] = []
    waiting: list[tuple[Document, Path]] = []
    used: set[Path] = set()
    total = 0
    for document in documents:
        total += 1
        kept = store / f"{_digest(document, base)}.pdf"
        used.add(kept)
        if kept.exists():
            problems += _place(document, kept, folder)
        else:
            waiting.append((document, kept))
    say(f"paper: {total} documents, {len(waiting)} to be made")
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs: dict[Future[str | None], tuple[Document, Path]] = {
            pool.submit(_render, document, kept): (document, kept)
            for document, kept in sorted(waiting, key=lambda pair: -len(pair[0].html))
        }
        for number, job in enumerate(as_completed(jobs), 1):
            document, kept = jobs[job]
            fault = job.exception()
            said = str(fault) if fault else job.result()
            problems += [_problem(document, said)] if said else _place(document, kept, folder)
            if number % 50 == 0:
                say(f"paper: {number} of {len(waiting)} made")
    for old in set(store.glob("*.pdf")) - used:
        old.unlink()
    return len(waiting), problems


@cache
def _base() -> str:
    """The hash of what all documents share: style sheet, fonts and the program that lays them out."""
    mark = hashlib.sha256(__version__.encode())
    for path in sorted([PAPER / "paper.css", *FONTS.glob("*.ttf")]):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def _digest(document: Document, base: str) -> str:
    parts = (base, document.html, document.size, str(document.tagged), str(document.fillable))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _place(document: Document, kept: Path, folder: Path) -> list[Problem]:
    target = folder / document.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            os.link(kept, target)
        except OSError:
            shutil.copyfile(kept, target)
    except OSError as error:
        return [_problem(document, f"{error.strerror or error}: {target}")]
    return []


def _problem(document: Document, said: str) -> Problem:
    return Problem(
        f"paper/{document.path}", 0, document.about, f"This document could not be made: {said}.",
        "Mend what is named; the other documents are there.", "paper",
    )  # fmt: skip


@cache
def _fonts() -> FontConfiguration:
    """Read once in each process."""
    return FontConfiguration()


@cache
def _sheets(size: str) -> list[CSS]:
    paper = {"a4": "A4", "letter": "letter"}[size]
    return [
        CSS(string=f"@page {{ size: {paper} }}", font_config=_fonts()),
        CSS(filename=str(PAPER / "paper.css"), font_config=_fonts(), url_fetcher=_Local()),
    ]


def _render(document: Document, kept: Path) -> str | None:
    """Writes one PDF beside its place and moves it there. Returns what went wrong, or None."""
    said = _Said()
    log = logging.getLogger("weasyprint")
    log.handlers, log.propagate = [said], False
    log.setLevel(logging.WARNING)
    fonts = _fonts()
    beside = kept.with_suffix(f".{os.getpid()}.part")
    try:
        pdf = HTML(string=document.html, base_url=PAPER.as_uri() + "/", url_fetcher=_Local()).write_pdf(
            stylesheets=_sheets(document.size),
            font_config=fonts,
            pdf_identifier=hashlib.sha256(document.path.encode()).digest()[:16],
            pdf_variant="pdf/ua-1" if document.tagged else None,
            pdf_forms=document.fillable,
        )
        if said.faults:
            return "; ".join(said.faults)
        beside.write_bytes(pdf)
        beside.replace(kept)
    except OSError as error:
        return error.strerror or str(error)
    finally:
        beside.unlink(missing_ok=True)
    return None


class _Local(URLFetcher):  # type: ignore[misc]
    """Nothing is fetched from anywhere: only the paper's own files, and data in the page."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data", "file"})

    def fetch(self, url: str, headers: object = None) -> Any:
        if url.startswith("file:") and not url.startswith(PAPER.as_uri()):
            raise ValueError(f"it asks for {url}, which is not part of the guide")
        return super().fetch(url, headers)


class _Said(logging.Handler):
    """Collects what the layout engine complains of, as far as it harms the page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if any(word in message.lower() for word in ("failed to load", "anchor", "font-face", "font ")):
            self.faults.append(message.rstrip("."))
