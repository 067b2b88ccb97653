"""A page of the site made fit for paper.

Enters: the article of a page as parsed HTML. Leaves: the same tree without what paper cannot do (buttons, popovers,
folded details), lists of descriptions run in, drawings in greys, tables with columns, and links that lead to the site.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement

_SVG = "{http://www.w3.org/2000/svg}"
_NOT_ON_PAPER = {"template", "script", "noscript", "style", "link", "dialog", "summary", "form"}
_ONLY_FOR_THE_SCREEN = {"tabindex", "style", "popovertarget", "type", "aria-labelledby", "aria-label", "title"}
_SCREEN_ONLY = {"no-print", "needs-script", "figure-narrow", "figure-words", "sheet", "card-paper", "status-line"}
"""Classes of parts that paper shows in its own way (write-in lines, the list of PDFs, the narrow drawing)."""
MOST_OF_A_WORD = 24
MOST_OF_A_TEXT = 160
"""Characters: what a cell may ask for; longer words are broken, longer texts run on."""


def fit_for_paper(article: Element, address: str) -> None:
    """Changes `article`; `address` is the page's own, absolute: links to other pages lead to the site."""
    _walk(article, address)
    for table in article.iter("table"):
        _columns(table)


def _walk(parent: Element, address: str) -> None:
    for child in list(parent):
        if _left_out(child):
            _remove(parent, child)
            continue
        if child.tag == "button":
            child.tag = "span"
        elif child.tag == "details" or child.tag.startswith("csbp-"):
            child.tag = "div"
        elif child.tag == f"{_SVG}svg":
            _figure(child)
        for name in _ONLY_FOR_THE_SCREEN & child.attrib.keys():
            del child.attrib[name]
        if "href" in child.attrib:
            child.set("href", _target(child.attrib["href"], address))
        _walk(child, address)
        if child.tag == "dl":
            _run_in(child)


def _run_in(entries: Element) -> None:
    """A list of descriptions as short paragraphs, "Why: because", which takes half the room and half the time."""
    entries.tag = "div"
    for name in [child for child in entries if child.tag == "dt"]:
        said = entries[list(entries).index(name) + 1]
        name.tag, name.tail = "b", " "
        name.text = f"{name.text}:"
        paragraph = Element("p", {"class": "run-in"})
        entries.insert(list(entries).index(name), paragraph)
        entries.remove(name)
        entries.remove(said)
        lists = said.findall("ul")
        for part in [said] if not lists else [item for one in lists for item in one]:
            if len(paragraph):
                paragraph[-1].tail = f"{(paragraph[-1].tail or '').rstrip()} · "
            else:
                paragraph.append(name)
            paragraph[-1].tail = f"{paragraph[-1].tail or ''}{part.text or ''}"
            paragraph.extend(part)


def _columns(table: Element) -> None:
    """Gives a table columns as wide as its words ask for, so that the layout engine need not measure every word."""
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")]
    if not rows or len({len(row) for row in rows}) > 1 or any("colspan" in cell.attrib for cell in table.iter("td")):
        return
    wanted = [max(_room(text) for text in column) for column in zip(*rows, strict=True)]
    group = Element("colgroup")
    for width in wanted:
        SubElement(group, "col", {"style": f"width: {100 * width / sum(wanted):.1f}%"})
    table.insert(1 if len(table) and table[0].tag == "caption" else 0, group)
    table.set("class", f"{table.get('class', '')} measured".strip())


def _room(text: str) -> float:
    """How wide a cell would like to be, in characters: its longest word, or more for a long text."""
    longest = max((len(word) for word in text.split()), default=1)
    return max(min(longest, MOST_OF_A_WORD) + 3.0, math.sqrt(min(len(text), MOST_OF_A_TEXT)) * 3)


def _figure(svg: Element) -> None:
    """A drawing with the paper's own font and greys. Its title tells the whole of it, because PDF has one text only."""
    svg.set("font-family", "Guide,Guide Ext,Guide Symbols")
    title, description = svg.find(f"{_SVG}title"), svg.find(f"{_SVG}desc")
    if title is not None and description is not None:
        title.text = f"{(title.text or '').rstrip('.')}. {description.text or ''}"
        svg.remove(description)
    style = Element(f"{_SVG}style")
    style.text = _figure_style()
    svg.insert(0, style)


@cache
def _figure_style() -> str:
    return (Path(__file__).parent.parent / "templates" / "paper" / "figure.css").read_text(encoding="utf-8")


def _target(href: str, address: str) -> str:
    whole = urljoin(address, href)
    page, _, anchor = whole.partition("#")
    return f"#{anchor}" if page == address and anchor else whole


def _left_out(element: Element) -> bool:
    classes = str(element.attrib.get("class", "")).split()
    return (
        not isinstance(element.tag, str)
        or element.tag in _NOT_ON_PAPER
        or (element.tag == "button" and "term-word" not in classes)
        or "popover" in element.attrib
        or "hidden" in element.attrib
        or not _SCREEN_ONLY.isdisjoint(classes)
    )


def _remove(parent: Element, child: Element) -> None:
    """Takes `child` out and keeps the words that follow it."""
    index = list(parent).index(child)
    if child.tail:
        if index:
            before = parent[index - 1]
            before.tail = (before.tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)
