"""A page of the site made fit for paper.

Enters: the HTML of an article as the site shows it. Leaves: the same text without what paper cannot do (buttons,
popovers, folded details), with ids that stay unique in a book and links that lead to the site.
"""

from __future__ import annotations

from urllib.parse import urljoin
from xml.etree.ElementTree import Element, tostring

import tinyhtml5

_HTML = "{http://www.w3.org/1999/xhtml}"
_NOT_ON_PAPER = {"template", "script", "dialog"}
_SCREEN_ONLY = {"no-print", "figure-narrow", "sheet", "card-paper"}
"""Classes of parts that paper shows in its own way (write-in lines, the list of PDFs, the narrow drawing)."""


def printable(html: str, address: str, slug: str = "", inside: frozenset[str] = frozenset()) -> str:
    """`html` for paper. `address` is the page's own, absolute; with a `slug` every id becomes `slug--id` (book), and
    links to pages whose address is in `inside` (address -> slug) stay within the document."""
    body = tinyhtml5.parse(f"<body>{html}</body>", namespace_html_elements=False).find("body")
    assert body is not None
    places = dict(pair.split("\t") for pair in inside)
    _walk(body, address, slug, places)
    return "".join([body.text or "", *(tostring(child, encoding="unicode", method="html") for child in body)])


def _walk(parent: Element, address: str, slug: str, places: dict[str, str]) -> None:
    for child in list(parent):
        if _left_out(child):
            _remove(parent, child)
            continue
        if child.tag == "button":
            child.tag = "span"
            for name in ("type", "popovertarget"):
                child.attrib.pop(name, None)
        elif child.tag == "details":
            child.tag = "div"
        elif child.tag == "summary":
            _remove(parent, child)
            continue
        child.attrib.pop("tabindex", None)
        if slug and "id" in child.attrib:
            child.set("id", f"{slug}--{child.attrib['id']}")
        for name in ("aria-labelledby", "aria-describedby"):
            if slug and name in child.attrib:
                child.set(name, " ".join(f"{slug}--{one}" for one in child.attrib[name].split()))
        if "href" in child.attrib:
            child.set("href", _target(child.attrib["href"], address, slug, places))
        _walk(child, address, slug, places)


def _target(href: str, address: str, slug: str, places: dict[str, str]) -> str:
    whole = urljoin(address, href)
    page, _, anchor = whole.partition("#")
    if page == address and not slug:
        return f"#{anchor}"
    if page in places:
        return f"#{places[page]}--{anchor}" if anchor else f"#{places[page]}"
    return whole


def _left_out(element: Element) -> bool:
    classes = str(element.attrib.get("class", "")).split()
    return (
        not isinstance(element.tag, str)
        or element.tag in _NOT_ON_PAPER
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
