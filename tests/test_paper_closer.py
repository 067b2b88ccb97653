"""A few lines that would stand alone on a last page are taken onto the page before."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from guide.paper.layout import lay_out, lay_out_full

LINES = 150


def page(lines: int) -> str:
    """A printed document with so many short paragraphs, as the templates give it: marked as safe."""
    body = "".join(f"<p>Line {line}</p>" for line in range(lines))
    return Markup(
        f'<html lang="en"><head><title>T</title></head><body class="handout" data-running="R">{body}</body></html>'
    )


def words(layout: object) -> str:
    """All that stands on the pages."""
    pages = layout.pages  # type: ignore[attr-defined]
    return " ".join(box.text for one in pages for box in one._page_box.descendants() if hasattr(box, "text"))


@pytest.fixture
def spilling() -> str:
    """A document with one line on its third page."""
    return next(page(lines) for lines in range(60, LINES) if len(lay_out(page(lines)).pages) == 3)


def test_a_lonely_line_joins_the_page_before(spilling: str) -> None:
    """The closer setting saves the page, and shows the same words: nothing of the mark-up becomes text."""
    plain, full = lay_out(spilling), lay_out_full(spilling)
    assert len(full.pages) == len(plain.pages) - 1
    assert "<body" not in words(full)
    assert words(full).count("Line ") == words(plain).count("Line ")
    assert full.pages[0]._page_box.children[0].children[0].element.get("class") == "tight handout"
