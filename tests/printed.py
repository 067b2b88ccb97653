"""Printed documents for tests: articles from the guide's own templates, and what can be read from a PDF."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from guide.figures import load_figures, render_figure
from guide.guide import Guide
from guide.load import load
from guide.marks import IN_STEP, Marks
from guide.model import LANGUAGES, Lang
from guide.paper.documents import Articles
from guide.render import Renderer

ROOT = Path(__file__).parent.parent


@cache
def whole_guide() -> Guide:
    """The guide's own data, read once."""
    return load(ROOT).guide


def article(guide: Guide, code: str, lang: Lang, more: str = "", marks: Marks = IN_STEP) -> str:
    """A chapter as the site shows it, with little prose: card, a figure, `more`, checklist, session, references."""
    chapter = guide.chapter(code)
    renderer = Renderer(guide, lang, lengths={code: 2400}, behind=marks[lang])
    figure = load_figures(ROOT / "data" / "figures")[0]
    term = renderer.term("port-facility-security-officer", None, "../../", 1)
    base = "../../"
    return (
        f'<h1 id="{chapter.slug}">{chapter.title[lang]}</h1>{renderer.card(chapter, base, ("PFSO",))}'
        f'<h2 id="in-brief">In brief</h2><ul><li>{term}</li></ul>'
        f'<p>See <a href="../insider-threat/#in-brief">another chapter</a> and {renderer.case("I12", base)}</p>'
        f"{render_figure(figure, lang)}{more}"
        f'<h2 id="checklist">Checklist</h2>{renderer.checklist(code, base)}{renderer.training(code, base)}'
        f"{renderer.references(code, (), (), base)}"
    )


def articles(guide: Guide, *codes: str, marks: Marks = IN_STEP) -> Articles:
    """Articles of some chapters in both languages."""
    return {
        (lang, guide.chapter(code).slug): article(guide, code, lang, marks=marks)
        for code in codes
        for lang in LANGUAGES
    }


def silence(_: str) -> None:
    """Progress that nobody reads."""


def text(pdf: Path) -> str:
    """The words of a PDF in the order in which they were set, with single spaces."""
    return " ".join(filter(None, pages(pdf)))


def pages(pdf: Path) -> tuple[str, ...]:
    """The words of each page."""
    return _pages(pdf, pdf.stat().st_mtime_ns)


@cache
def _pages(pdf: Path, written: int) -> tuple[str, ...]:
    """Many tests ask for the same file, which is read once as long as it is the same."""
    shown = subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return tuple(" ".join(page.split()) for page in shown.split("\f")[:-1])


@dataclass(frozen=True)
class Word:
    """A word where it stands on its page, in points from the upper left corner of the sheet."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    page_width: float
    page_height: float


def word_places(pdf: Path) -> Iterator[Word]:
    """Every word of a PDF with its place."""
    shown = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    width = height = 0.0
    for line in shown.splitlines():
        numbers = [float(number) for number in re.findall(r'"([0-9.-]+)"', line)]
        if "<page " in line:
            width, height = numbers
        elif "<word " in line:
            left, top, right, bottom = numbers[:4]
            yield Word(re.sub("<[^>]*>", "", line).strip(), left, top, right, bottom, width, height)


def structure(reader: PdfReader) -> list[dict[str, Any]]:
    """Every element of the tag tree."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        one = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(one, dict):
            found.append(one)
            for child in one.get("/K", []) if isinstance(one.get("/K"), list) else [one.get("/K")]:
                walk(child)

    root: Any = reader.trailer["/Root"]
    walk(root["/StructTreeRoot"])
    return found
