"""The book of a language: cover and contents, the chapters as the handouts were laid out, glossary and index.

Enters: the layouts of the handouts. Leaves: the pages of the book, numbered through, with links that stay inside it.
Chapters are never laid out twice: their pages get new numbers in the margin and new targets of their links.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from guide.model import Chapter
from guide.paper.documents import Document
from guide.paper.layout import Layout, lay_out, number_again
from guide.paper.press import Press

GLOSSARY, INDEX = "book-glossary", "book-index"
"""Anchors that book-back.html gives its two parts."""


def bind(press: Press, book: Document, chapters: Mapping[str, Layout]) -> tuple[Any, list[Any]]:
    """The document that lends the book its title, and all its pages. `chapters` are layouts by code, in order."""
    told = {code: press.guide.chapter(code) for code in chapters}
    cover_pages = len(lay_out(press.book_front(book, _entries(press, told, chapters, 0, {}))).pages)
    starts: dict[str, int] = {}
    page = cover_pages + 1
    for code, layout in chapters.items():
        starts[code] = page
        page += len(layout.pages)

    stands: dict[str, int] = {}
    for code, layout in chapters.items():
        stands |= _where(layout, starts[code])
    back = lay_out(press.book_back(book, stands, tuple(told.values())))
    front = lay_out(press.book_front(book, _entries(press, told, chapters, cover_pages, _where(back, page))))

    total = page - 1 + len(back.pages)
    pages = list(front.pages)
    number_again(front, 1, total)
    inside = {press.address(chapter.slug): chapter.slug for chapter in told.values()}
    for code, layout in chapters.items():
        number_again(layout, starts[code], total)
        pages += [_inside(one, told[code].slug, inside, first=not index) for index, one in enumerate(layout.pages)]
    number_again(back, page, total)
    return front.document, pages + [_requirements(one, told) for one in back.pages]


def _where(layout: Layout, first: int) -> dict[str, int]:
    """The page on which each anchor begins, when the layout begins on page `first`."""
    return {
        anchor: first + index for index, page in reversed(tuple(enumerate(layout.pages))) for anchor in page.anchors
    }


def _entries(
    press: Press, told: Mapping[str, Chapter], chapters: Mapping[str, Layout], before: int, parts: Mapping[str, int]
) -> list[tuple[str, str, int]]:
    """The lines of the contents: anchor, title, page (counted after `before` pages)."""
    lines, page = [], before + 1
    for code, layout in chapters.items():
        lines.append((told[code].slug, told[code].title[press.lang], page))
        page += len(layout.pages)
    for anchor, title in ((GLOSSARY, press.words["paper"]["glossary"]), (INDEX, press.words["paper"]["index"])):
        lines.append((anchor, title, parts.get(anchor, page)))
    return lines


def _inside(page: Any, slug: str, inside: Mapping[str, str], *, first: bool) -> Any:
    """A page of a handout in the book: its anchors carry the chapter's slug, links to chapters stay inside."""

    def target(kind: str, to: str) -> tuple[str, str]:
        if kind == "internal":
            return kind, f"{slug}--{to}"
        address, _, anchor = to.partition("#")
        if kind == "external" and address in inside:
            return "internal", f"{inside[address]}--{anchor}" if anchor else inside[address]
        return kind, to

    bound = copy.copy(page)
    bound.anchors = {f"{slug}--{name}": place for name, place in page.anchors.items()}
    if first:
        bound.anchors[slug] = (0, 0, 0, 0)
    bound.links = [(*target(kind, to), place, box) for kind, to, place, box in page.links]
    return bound


def _requirements(page: Any, told: Mapping[str, Chapter]) -> Any:
    """A page of the index: "#IT-04" leads to the requirement in its chapter."""
    bound = copy.copy(page)
    bound.links = [
        (kind, f"{told[to[:2]].slug}--{to}" if kind == "internal" and to[:2] in told else to, place, box)
        for kind, to, place, box in page.links
    ]
    return bound
