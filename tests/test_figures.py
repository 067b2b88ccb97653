"""Figures: what `load_figures` refuses, and what the reader gets from `render_figure`, looked at in a real Chromium.

Bad input stands in tests/cases/figures/<what_it_shows>.yml: `figure` (one of sound/), what to `replace` in it `by`
what, and the `problems` that must be told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import markdown  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from guide.figures import Figure, load_figures, render_figure
from guide.figures.text import Style, widest_word, width, wrap
from guide.model import LANGUAGES, Lang
from guide.problems import Stop
from guide.stylesheet import joined
from tests.browser import chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "figures"
SHEETS = ROOT / "overrides" / "assets" / "stylesheets"
CASES = sorted((Path(__file__).parent / "cases" / "figures").glob("*.yml"))
LOOK = (Path(__file__).parent / "cases" / "figures" / "look.js").read_text(encoding="utf-8")
FIGURES = {figure.id: figure for figure in load_figures(FOLDER)}
SVG = "{http://www.w3.org/2000/svg}"
EACH = pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in FIGURES for lang in LANGUAGES])

Shown = Callable[[Lang, int], Page]

#: Width of the column and of the window: a telephone, the narrowest column with a wide drawing, a desktop.
COLUMNS = {"telephone": 288, "narrowest wide": 560, "desktop": 688}


def html(*figures: Figure[Any], lang: Lang) -> str:
    """Figures as they stand in a page."""
    return "\n\n".join(render_figure(figure, lang) for figure in figures)


# --- what is refused


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_bad_figures_are_explained(case: Path, tmp_path: Path) -> None:
    """Each mistake gives exactly the messages of its case, with file, line, id and remedy."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    folder = tmp_path / "data" / "figures"
    folder.mkdir(parents=True)
    good = (case.parent / "sound" / f"{told['figure']}.yml").read_text(encoding="utf-8")
    assert told["replace"] in good, "the case no longer fits the figure"
    (folder / f"{told['figure']}.yml").write_text(good.replace(told["replace"], told["by"], 1), encoding="utf-8")
    with pytest.raises(Stop) as stopped:
        load_figures(folder)
    assert [str(problem) for problem in stopped.value.problems] == told["problems"]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    """Two broken files give the problems of both, and the good ones do not hide them."""
    folder = tmp_path / "data" / "figures"
    shutil.copytree(FOLDER, folder)
    for name in ("four-ps", "psems-cycle"):
        path = folder / f"{name}.yml"
        path.write_text(path.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    with pytest.raises(Stop) as stopped:
        load_figures(folder)
    assert [problem.id for problem in stopped.value.problems] == ["four-ps", "psems-cycle"]


def test_a_folder_without_figures_is_a_problem(tmp_path: Path) -> None:
    """An empty folder is a mistake, not a guide without figures."""
    with pytest.raises(Stop, match="no figure"):
        load_figures(tmp_path / "data" / "figures")


def test_each_kind_is_used() -> None:
    """A kind that no figure uses is code that nobody sees."""
    from guide.figures.render import KINDS

    assert {figure.kind for figure in FIGURES.values()} == set(KINDS)


# --- lines


@given(st.text(alphabet="abcñé WM.-/", min_size=1, max_size=80), st.integers(60, 400), st.booleans())
def test_wrapping_keeps_every_sign(text: str, room: int, balanced: bool) -> None:
    """Broken lines put together again are the text, and no line that can be broken is wider than its room."""
    style = Style(13)
    lines = wrap(text, style, room, balanced)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    limit = max(room, widest_word(text, style)[0])
    assert all(width(line.strip(), style) <= limit + 0.01 for line in lines)


def test_a_no_break_space_holds_number_and_unit_together() -> None:
    """ "9 months" stays on one line where its space may not break."""
    assert wrap("about 9\u00a0months", Style(13), 90) == ("about", "9\u00a0months")


# --- the markup


@EACH
def test_a_figure_is_well_formed(name: str, lang: Lang) -> None:
    """The figure is well-formed XML: two drawings with role, title and description, and a caption."""
    figure = ElementTree.fromstring(render_figure(FIGURES[name], lang))
    assert figure.tag == "figure"
    assert figure.get("id") == f"figure-{name}"
    assert figure.get("class") == f"figure figure-{FIGURES[name].kind}"
    ids = {element.get("id"): element for element in figure.iter() if element.get("id")}
    drawings = list(figure.iter(f"{SVG}svg"))
    assert len(drawings) == 2
    for drawing in drawings:
        title, description = (ids[item] for item in (drawing.get("aria-labelledby") or "").split())
        assert drawing.get("role") == "img"
        assert title.text == FIGURES[name].title[lang]
        assert description.text == FIGURES[name].alt[lang]
    assert figure.find("figcaption") is figure[-1]


def test_ids_are_unique_on_a_page_with_all_figures() -> None:
    """All figures can stand on one page."""
    for lang in LANGUAGES:
        ids = re.findall(r'\bid="([^"]+)"', html(*FIGURES.values(), lang=lang))
        assert len(ids) == len(set(ids))


@EACH
def test_nothing_that_a_strict_policy_forbids(name: str, lang: Lang) -> None:
    """No style attribute, no style or script element, no handler, no address; colours only as currentColor or none."""
    figure = ElementTree.fromstring(render_figure(FIGURES[name], lang))
    for element in figure.iter():
        assert element.tag.removeprefix(SVG) not in {"style", "script", "use", "image", "a", "foreignObject"}
        assert not [key for key in element.attrib if key == "style" or key.startswith("on") or "href" in key]
        assert {element.get("fill", "none"), element.get("stroke", "none")} <= {"none", "currentColor"}


@EACH
def test_the_list_says_everything_that_the_drawing_says(name: str, lang: Lang) -> None:
    """Every label of both drawings also stands in the list, word for word."""
    figure = ElementTree.fromstring(render_figure(FIGURES[name], lang))
    words = figure.find("figcaption/details")
    assert words is not None
    said = " ".join("".join(words.itertext()).split())
    for text in figure.iter(f"{SVG}text"):
        label = "".join(f"{line.text} " for line in text).strip() or text.text or ""
        plain = re.sub(r"(?<=[-/–]) ", "", label)
        assert plain.isdigit() or label in said or plain in said, label


@EACH
def test_markdown_leaves_a_figure_alone(name: str, lang: Lang) -> None:
    """A figure passes through Markdown unchanged, as a block between paragraphs."""
    figure = render_figure(FIGURES[name], lang)
    page = markdown.markdown(f"before\n\n{figure}\n\nafter", extensions=["attr_list", "md_in_html", "tables"])
    assert page.startswith(f"<p>before</p>\n{figure}\n")
    assert page.endswith("\n<p>after</p>")


def test_texts_are_escaped() -> None:
    """A text with markup in it is shown, not obeyed."""
    figure = FIGURES["four-ps"]
    title = figure.title.model_copy(update={"en": "<b>&</b>"})
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in render_figure(figure.model_copy(update={"title": title}), "en")


# --- what the reader sees


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all looks."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of one's own."""
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Shown:
    """A page with all figures in a language and a column; drawn once, to be looked at and not changed."""

    @cache
    def draw(lang: Lang, column: int) -> Page:
        opened = browser.new_page()
        show(opened, lang, column)
        return opened

    return draw


def show(page: Page, lang: Lang, column: int, scheme: str = "default", styled: bool = True) -> None:
    """All figures in a column of the site, `column` pixels wide."""
    styles = f"<style>{joined((SHEETS / 'guide.css').read_text(encoding='utf-8'), SHEETS)}</style>" if styled else ""
    page.set_viewport_size({"width": column + 40, "height": 900})
    named = f' data-md-color-scheme="{scheme}"' if scheme else ""
    page.set_content(
        f'<!doctype html><html lang="{lang}"{named}><head><meta charset="utf-8"><title>figures</title>{styles}'
        f"<style>.column {{ width: {column}px; }}</style></head>"
        f'<body><article class="column prose">{html(*FIGURES.values(), lang=lang)}</article></body></html>'
    )


def look(page: Page, what: str) -> list[str]:
    """What tests/cases/figures/look.js finds wrong on the page."""
    found: list[str] = page.evaluate(f"{LOOK}\nlook.{what}()")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
class TestLayout:
    """In both languages, on a telephone, in the narrowest column with a wide drawing, and on a desktop."""

    def test_one_drawing_is_shown(self, shown: Shown, lang: Lang, column: int) -> None:
        """The narrow drawing on a telephone, the wide one from 560 px; never both, never none."""
        assert look(shown(lang, column), "shown") == ["narrow" if column < 560 else "wide"]

    def test_labels_stay_in_the_picture(self, shown: Shown, lang: Lang, column: int) -> None:
        """No label leaves the drawing, crosses the edge of a box or lies on another label."""
        page = shown(lang, column)
        assert look(page, "outside") + look(page, "crossing") + look(page, "overlapping") == []

    def test_type_is_large_enough(self, shown: Shown, lang: Lang, column: int) -> None:
        """No label is smaller than 11 px on the screen."""
        assert look(shown(lang, column), "small") == []

    def test_nothing_is_wider_than_the_column(self, shown: Shown, lang: Lang, column: int) -> None:
        """No figure makes the page scroll sideways."""
        assert shown(lang, column).evaluate("document.documentElement.scrollWidth") <= column + 40


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("column", [288, 688])
def test_contrast(page: Page, scheme: str, column: int) -> None:
    """In light and dark, labels reach 4.5:1 and lines and marks 3:1 against what lies behind them."""
    show(page, "es", column, scheme)
    assert look(page, "contrast") == []


def test_dark_without_a_script(page: Page) -> None:
    """Where no script names the scheme, figures are dark when the reader's system is dark."""
    page.emulate_media(color_scheme="dark")
    show(page, "en", 688, scheme="")
    assert look(page, "contrast") == []
    assert page.evaluate("getComputedStyle(document.querySelector('.fig-fill-1')).fill") == "rgb(31, 45, 66)"


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_print(page: Page, scheme: str) -> None:
    """Paper is white whatever the screen was: labels keep their contrast, and the list stays off the page."""
    show(page, "es", 688, scheme)
    page.emulate_media(media="print")
    assert look(page, "contrast") == []
    assert not page.locator(".figure-words").first.is_visible()


def test_without_a_style_sheet(page: Page) -> None:
    """Without CSS the wide drawing is there alone, and its labels are black on white or on nothing."""
    show(page, "en", 688, styled=False)
    assert look(page, "shown") == ["wide"]
    assert look(page, "contrast") == []


def test_the_list_opens_with_the_keyboard(page: Page) -> None:
    """The same content in words is one key away, without JavaScript."""
    show(page, "en", 688)
    summary = page.locator("#figure-four-ps summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#figure-four-ps details li").first.is_visible()
