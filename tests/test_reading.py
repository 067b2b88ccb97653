"""What a reader gets from the built site, in a real browser: both languages, keyboard, no script, no waste, paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import jinja2
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from guide.codes import check_character
from guide.guide import Guide
from guide.load import load
from tests.browser import CHAPTER, MISSING, PAGES, ROOTS, watched
from tests.printed import pages as sheets

ROOT = Path(__file__).parent.parent
LANGUAGES = sorted(ROOTS)
CHAPTER_BUDGET = 64_000
"""Bytes of a full chapter, cold and compressed (product, budgets)."""
CHAPTER_REQUESTS = 10


@pytest.fixture(scope="session")
def guide() -> Guide:
    """The data, for what a page should show."""
    return load(ROOT).guide


@pytest.fixture(scope="session")
def words(guide: Guide) -> dict[str, dict[str, dict[str, str]]]:
    """The interface's words by language, group and name."""
    return {lang: guide.interface.words(lang) for lang in ("en", "es")}


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    """A wide window."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """The narrowest window that the guide supports."""
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        yield context.new_page()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A browser without JavaScript."""
    with browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}) as context:
        yield context.new_page()


def focused(page: Page) -> str:
    """What has the keyboard: its id, else its class, else its text."""
    return str(page.evaluate("(e => e.id || e.className || e.textContent)(document.activeElement)"))


# ---- languages ----


@pytest.mark.parametrize(("here", "there"), [("en", "es"), ("es", "en")])
def test_the_language_switch_keeps_the_page_and_the_section_that_is_read(
    wide: Page, member_site: str, here: str, there: str
) -> None:
    """Reading the middle of a chapter and changing the language leads to the same section of the same chapter."""
    wide.goto(f"{member_site}{ROOTS[here]}{CHAPTER}")
    wide.locator("#working-with-others").evaluate("section => section.scrollIntoView()")
    wide.locator(".toc [aria-current]").wait_for()
    # with the mouse itself: Playwright's click would scroll the page, because the header is sticky
    box = wide.locator("a.language").bounding_box()
    assert box
    wide.mouse.click(box["x"] + 10, box["y"] + 10)
    wide.wait_for_url(f"{member_site}{ROOTS[there]}{CHAPTER}#working-with-others")
    expect(wide.locator("#working-with-others")).to_be_in_viewport()


def test_the_language_switch_keeps_a_requirement(wide: Page, member_site: str) -> None:
    """A link to a requirement is the same requirement in the other language."""
    wide.goto(f"{member_site}{CHAPTER}#IT-09")
    wide.locator("a.language").click()
    wide.wait_for_url(f"{member_site}es/{CHAPTER}#IT-09")


def test_at_the_top_the_language_switch_adds_no_section(wide: Page, member_site: str) -> None:
    """Whoever has not scrolled begins at the top of the other language as well."""
    wide.goto(f"{member_site}es/how-to-use/")
    wide.locator("a.language").click()
    wide.wait_for_url(f"{member_site}how-to-use/")


def test_the_chosen_language_is_remembered_for_the_gate(wide: Page, member_site: str) -> None:
    """Only a choice sets the cookie; opening a page does not."""
    wide.goto(member_site)
    assert not wide.context.cookies()
    wide.locator("a.language").click()
    wide.wait_for_url(f"{member_site}es/")
    assert [(cookie["name"], cookie["value"]) for cookie in wide.context.cookies()] == [("guide_lang", "es")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_page_answers_in_its_language(wide: Page, member_site: str, words: dict, lang: str) -> None:  # type: ignore[type-arg]
    """The 404 speaks the language of the address and leads home, from any depth."""
    answer = wide.goto(f"{member_site}{ROOTS[lang]}chapters/{MISSING}deeper/")
    assert answer
    assert answer.status == 404
    expect(wide.locator("h1")).to_have_text(words[lang]["site"]["not_found"])
    assert wide.locator("html").get_attribute("lang") == lang
    wide.get_by_role("link", name=words[lang]["site"]["to_home"]).click()
    wide.wait_for_url(f"{member_site}{ROOTS[lang]}")


# ---- keyboard ----


def test_the_first_stop_of_the_keyboard_skips_to_the_text(wide: Page, member_site: str) -> None:
    """Tab, Enter: the keyboard is in the text."""
    wide.goto(f"{member_site}{CHAPTER}")
    wide.keyboard.press("Tab")
    expect(wide.locator(".skip")).to_be_focused()
    wide.keyboard.press("Enter")
    assert focused(wide) == "main"


def test_the_menu_opens_and_closes_by_keyboard(narrow: Page, member_site: str, words: dict) -> None:  # type: ignore[type-arg]
    """On a narrow screen Enter opens the menu, Tab walks into it, Escape closes it and gives the keyboard back."""
    narrow.goto(f"{member_site}{CHAPTER}")
    button = narrow.locator(".menu-button")
    button.focus()
    narrow.keyboard.press("Enter")
    expect(narrow.locator("#site-menu")).to_be_visible()
    narrow.keyboard.press("Tab")
    assert focused(narrow) == "menu-close"
    expect(narrow.get_by_role("link", name="Insider Threat", exact=True)).to_have_attribute("aria-current", "page")
    narrow.keyboard.press("Escape")
    expect(narrow.locator("#site-menu")).to_be_hidden()
    expect(button).to_be_focused()


def test_groups_of_the_menu_fold_by_keyboard(wide: Page, member_site: str) -> None:
    """The current group stands open; another one opens with Enter."""
    wide.goto(f"{member_site}{CHAPTER}")
    assert wide.locator(".menu details[open]").count() == 1
    wide.locator(".menu details:not([open]) summary").first.focus()
    wide.keyboard.press("Enter")
    assert wide.locator(".menu details[open]").count() == 2


def test_a_term_explains_itself_by_keyboard(wide: Page, member_site: str, guide: Guide) -> None:
    """Enter on a term shows its definition beside the word; Escape hides it and the keyboard stays."""
    wide.goto(f"{member_site}{CHAPTER}")
    word = wide.locator(".term-word").first
    card = wide.locator(".term-card").first
    word.focus()
    expect(card).to_be_hidden()
    wide.keyboard.press("Enter")
    expect(card).to_contain_text(guide.terms["insider"].definition.en)
    above, below = word.bounding_box(), card.bounding_box()
    assert above
    assert below
    assert abs(below["y"] - above["y"] - above["height"]) < 20
    wide.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(word).to_be_focused()


def test_on_a_narrow_screen_a_definition_is_a_sheet_at_the_foot(narrow: Page, member_site: str) -> None:
    """The sheet takes the whole width and stands at the lower edge."""
    narrow.goto(f"{member_site}es/{CHAPTER}")
    narrow.locator(".term-word").first.click()
    box = narrow.locator(".term-card").first.bounding_box()
    assert box
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 320, 640)


def test_a_requirement_unfolds_by_keyboard(wide: Page, member_site: str, guide: Guide) -> None:
    """Space on "Why, evidence ..." shows why."""
    wide.goto(f"{member_site}{CHAPTER}")
    row = wide.locator("#IT-01")
    row.locator(".requirement-more summary").focus()
    wide.keyboard.press("Space")
    expect(row.get_by_text(guide.requirements["IT-01"].why.en)).to_be_visible()


def test_the_search_opens_as_a_dialog_and_loads_nothing_before(wide: Page, member_site: str) -> None:
    """The search module is asked for when the dialog opens; the keyboard stands in the field; Escape leads back."""
    asked: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    wide.goto(f"{member_site}{CHAPTER}")
    assert not [url for url in asked if "search" in url]
    button = wide.locator(".search-button")
    with wide.expect_request("**/javascripts/search*.js"):
        button.click()
    expect(wide.locator("#site-search-words")).to_be_focused()
    wide.keyboard.press("Escape")
    expect(wide.locator("#site-search")).to_be_hidden()
    expect(button).to_be_focused()


# ---- light and dark ----


def test_light_and_dark_follow_the_system_until_the_reader_chooses(browser: Browser, member_site: str) -> None:
    """A dark system shows dark; the switch shows light and is remembered before anything is drawn."""
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.add_init_script(
            "document.addEventListener('DOMContentLoaded', () => "
            "window.drawn = document.documentElement.dataset.mdColorScheme)"
        )
        ground = "getComputedStyle(document.body).backgroundColor"
        page.goto(member_site)
        dark = page.evaluate(ground)
        page.locator(".scheme-button").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
        page.goto(f"{member_site}{CHAPTER}")
        assert page.evaluate("window.drawn") == "default"
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.locator(".scheme-button").click()
        assert page.evaluate("localStorage.length") == 0, "back to the system's colours: nothing to remember"


# ---- without script ----


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_script_a_chapter_is_complete(plain: Page, member_site: str, guide: Guide, lang: str) -> None:
    """Text, checklist, definitions and menu work; what needs script is not offered."""
    plain.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
    expect(plain.locator("#in-brief")).to_be_visible()
    for requirement in guide.in_force("IT"):
        expect(plain.locator(f"#{requirement.id} .requirement-text")).to_have_text(requirement.text[lang])  # type: ignore[index]
    plain.locator("#IT-01 .requirement-more summary").click()
    expect(plain.get_by_text(guide.requirements["IT-01"].why[lang])).to_be_visible()  # type: ignore[index]
    plain.locator(".term-word").first.click()
    expect(plain.locator(".term-card").first).to_be_visible()
    plain.keyboard.press("Escape")
    plain.locator(".menu-button").click()
    expect(plain.locator("#site-menu .menu-home")).to_be_visible()
    assert plain.locator(".needs-script:visible").count() == 0


def test_without_script_the_language_switch_keeps_the_page(plain: Page, member_site: str) -> None:
    """The switch is a link."""
    plain.goto(f"{member_site}{CHAPTER}")
    plain.locator("a.language").click()
    plain.wait_for_url(f"{member_site}es/{CHAPTER}")


# ---- on a telephone ----


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_of_three_columns_is_read_without_scrolling_sideways(narrow: Page, member_site: str, lang: str) -> None:
    """Each cell stands on a line of its own under the name of its column, and nothing sticks out."""
    narrow.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
    frame = narrow.locator(".table-stack").first
    heads = frame.locator("th").all_inner_texts()
    named = frame.locator("tbody tr").first.locator("td").evaluate_all("cells => cells.map(c => c.dataset.name)")
    assert len(heads) > 2
    assert named == heads
    over = "frames => frames.filter(f => f.scrollWidth > f.clientWidth).length"
    assert narrow.locator(".table-stack").evaluate_all(over) == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_figure_of_a_chapter_is_drawn(narrow: Page, member_site: str, lang: str) -> None:
    """On a page with a checklist and its style sheet each figure shows the drawing for narrow screens."""
    narrow.goto(f"{member_site}{ROOTS[lang]}chapters/crisis-response/")
    figures = narrow.locator(".figure")
    assert figures.count() == narrow.locator(".figure-narrow svg:visible").count() > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_any_word_of_a_term_opens_it(plain: Page, member_site: str, lang: str) -> None:
    """A term of several words breaks like text, is tapped anywhere and is one name; no script needed."""
    plain.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
    phrase = plain.locator(".term-phrase").first
    shown = phrase.inner_text()
    phrase.click(position={"x": 6, "y": 8})
    expect(plain.locator(".term-card:popover-open")).to_be_visible()
    expect(phrase.locator("button")).to_have_accessible_name(shown)


def test_the_sections_stay_at_hand(narrow: Page, member_site: str) -> None:
    """In the middle of a chapter its sections are one tap away, and the heading that they lead to is not covered."""
    narrow.goto(f"{member_site}{CHAPTER}")
    narrow.locator("#working-with-others").evaluate("section => section.scrollIntoView()")
    button = narrow.locator(".toc-button")
    expect(button).to_be_in_viewport()
    button.click()
    narrow.locator('.toc a[href="#train-it"]').click()
    expect(narrow.locator("#train-it")).to_be_in_viewport()
    bar, heading = button.bounding_box(), narrow.locator("#train-it").bounding_box()
    assert bar
    assert heading
    assert heading["y"] >= bar["y"] + bar["height"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_door_of_the_home_page_leads_to_a_place_that_is_there(wide: Page, member_site: str, lang: str) -> None:
    """Officer, manager, team, trainer, editor and auditor: each link answers, and its section exists."""
    wide.goto(f"{member_site}{ROOTS[lang]}")
    assert wide.locator(".home-role").count() == 6
    for address in wide.locator(".home-role a").evaluate_all("links => links.map(link => link.href)"):
        answer = wide.goto(address)
        assert answer is None or answer.ok, address
        place = address.partition("#")[2]
        assert not place or wide.locator(f"#{place}").count() == 1, address


# ---- what is loaded ----


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [path for path in PAGES if path != MISSING])
def test_a_page_loads_whole_from_its_own_host(wide: Page, member_site: str, path: str, lang: str) -> None:
    """Nothing is asked of another host, nothing is missing, nothing is refused by the policy, no script fails."""
    with watched(wide, member_site) as wrong:
        wide.goto(f"{member_site}{ROOTS[lang]}{path}", wait_until="networkidle")
    assert not wrong


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_scrolls_sideways(browser: Browser, member_site: str, lang: str, width: int) -> None:
    """Every page type fits its window; wide tables scroll in their own frame."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        too_wide = {}
        for path in PAGES:
            page.goto(f"{member_site}{ROOTS[lang]}{path}")
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                too_wide[path] = found
        assert not too_wide


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_chapter_stays_within_its_weight(browser: Browser, member_site: str, lang: str) -> None:
    """Cold, compressed, all scripts included: at most 64 kB in ten requests (product, budgets)."""
    with browser.new_context() as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}", wait_until="networkidle")
        assert sum(sizes) <= CHAPTER_BUDGET
        assert len(sizes) <= CHAPTER_REQUESTS


# ---- the files themselves ----


def test_no_page_has_inline_style_or_handlers(built_site: Path) -> None:
    """The policy forbids them, so they would silently not work."""
    forbidden = re.compile(r"<[a-z][^>]*\s(?:style|on[a-z]+)=|<style|javascript:", re.IGNORECASE)
    pages = sorted(built_site.rglob("*.html"))
    assert pages
    found = {page.relative_to(built_site).as_posix(): match[0] for page in pages
             if (match := forbidden.search(page.read_text(encoding="utf-8")))}  # fmt: skip
    assert not found


def test_the_policy_needs_no_exception(built_site: Path) -> None:
    """No inline script: nothing but the site's own files may run."""
    for policy in json.loads((built_site / "csp.json").read_text()).values():
        assert "script-src 'self';" in policy


HREF = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
ID = re.compile(r'\sid="([^"]+)"')


@pytest.mark.parametrize("tree", ["member", "public"])
def test_every_link_leads_to_a_page_and_a_place_on_it(built_site: Path, tree: str) -> None:
    """Links within the site find their page and heading; paper and downloads are made by other steps."""
    folder = built_site / tree
    pages = {page: page.read_text(encoding="utf-8") for page in folder.rglob("*.html")}
    ids = {page: set(ID.findall(text)) for page, text in pages.items()}
    broken = set()
    for page, text in pages.items():
        for href in set(HREF.findall(text)):
            path, _, place = href.partition("#")
            if re.match(r"[a-z]+:", href) or path.endswith(".pdf") or "/downloads/" in path:
                continue
            if tree == "public" and path in {"/", "/es/", "/signin/out"}:
                continue  # the way in and out, answered by the gate
            target = folder / path.lstrip("/") if path.startswith("/") else page.parent / path if path else page
            target = (target / "index.html" if target.is_dir() else target).resolve()
            if not (place in ids.get(target, ()) if place else target.is_file()):
                broken.add(f"{page.relative_to(folder)} -> {href}")
    assert not sorted(broken)


def test_every_word_of_a_template_is_in_the_interface() -> None:
    """A word that is not there would be empty on the page: templates name only words that data/interface.yml has."""
    interface = yaml.safe_load((ROOT / "data" / "interface.yml").read_text(encoding="utf-8"))
    known = {(group.replace("-", "_"), name.replace("-", "_")) for group, names in interface.items() for name in names}
    templates = [*(ROOT / "overrides").rglob("*.html"), *(ROOT / "guide" / "templates").rglob("*.html")]
    used = {
        (template.name, group, name)
        for template in templates
        for group, name in re.findall(r"\bwords\.(\w+)\.(\w+)(?!\w*\()", template.read_text(encoding="utf-8"))
    }
    assert used
    assert not sorted(row for row in used if row[1:] not in known)


@pytest.mark.parametrize(("forge", "shown"), [(None, False), ("https://forge.example/edit/main/{path}", True)])
def test_a_change_is_offered_only_where_changes_are_taken(forge: str | None, shown: bool) -> None:
    """The link leads to the page's source on the configured forge; without one there is no link."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "overrides"), autoescape=True)
    html = environment.get_template("partials/page-end.html").render(
        config={"extra": {"forge": forge} if forge else {}}, page={}, source="docs/en/about.md",
        words={"site": {"change_this_page": "Change this page"}},
    )  # fmt: skip
    assert ("https://forge.example/edit/main/docs/en/about.md" in html) is shown
    assert ("Change this page" in html) is shown


def test_the_keyboard_never_hides_under_the_header(wide: Page, member_site: str) -> None:
    """Walking back up through a long page, what has the keyboard stays below the sticky header."""
    wide.goto(f"{member_site}{CHAPTER}#related-references")
    wide.locator(".references a").last.focus()
    edge = wide.locator(".header").bounding_box()
    assert edge
    for _ in range(25):
        wide.keyboard.press("Shift+Tab")
        top = wide.evaluate("document.activeElement.getBoundingClientRect().bottom")
        assert top > edge["height"]


# ---- paper ----


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printed_chapter_is_a_worksheet_without_navigation(
    wide: Page, member_site: str, guide: Guide, words: dict, tmp_path: Path, lang: str  # type: ignore[type-arg]
) -> None:  # fmt: skip
    """Every requirement is on it, with running title, edition, marking and page numbers; no menu, no buttons."""
    wide.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
    file = tmp_path / "chapter.pdf"
    wide.pdf(path=file, prefer_css_page_size=True, format="A4")
    # ligatures of the font are letters again
    pages = [normalize("NFKC", page) for page in sheets(file)]
    text = " ".join(pages)
    missing = [r.id for r in guide.in_force("IT") if r.id not in text or r.text[lang] not in text]  # type: ignore[index]
    assert not missing
    site = words[lang]["site"]
    for word in ("skip", "on_this_page", "search", "other_language", "previous", "change_this_page"):
        assert not re.search(rf"\b{re.escape(site[word])}\b", text), site[word]
    for page in pages:
        assert guide.chapter("IT").title[lang] in page  # type: ignore[index]
        assert guide.edition.edition in page
        assert guide.edition.marking[lang] in page  # type: ignore[index]
    assert f"2 / {len(pages)}" in pages[1]


def printed(page: Page, height: int, folder: Path) -> list[str]:
    """The text of each sheet, `height` millimetres high, with single spaces and no ligatures."""
    file = folder / f"{height}.pdf"
    page.pdf(path=file, prefer_css_page_size=True, width="210mm", height=f"{height}mm")
    return [normalize("NFKC", sheet) for sheet in sheets(file)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printed_chapter_opens_its_cases_and_gives_each_code_its_check_character(
    wide: Page, member_site: str, guide: Guide, lang: str, tmp_path: Path
) -> None:
    """What is folded on the screen is on paper: facts and lessons; a code can be typed later as it is printed."""
    wide.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
    text = "".join(printed(wide, 297, tmp_path)).replace(" ", "")
    cases = wide.locator(".case-head > a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    assert cases
    for case in cases:
        for told in (guide.cases[case].facts, *guide.cases[case].lessons):
            assert "".join(told[lang].split()) in text  # type: ignore[index]
    for requirement in guide.in_force("IT"):
        assert requirement.id.replace("-", "") + check_character(requirement.id) in text


ADJACENT = """lists => lists.map(list => [...list.children].map(item => item.innerText.replace(/\\s+/g, " ").trim()))
  .filter(items => items.length > 1)
  .flatMap(items => [items.slice(0, 2), items.slice(-2)])"""
"""The first two and the last two items of each list."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_item_of_a_printed_list_and_no_caption_stands_alone(
    wide: Page, member_site: str, lang: str, tmp_path: Path
) -> None:
    """However high the sheet: an end item keeps its neighbour, a caption the first row of its table."""
    wide.goto(f"{member_site}{ROOTS[lang]}chapters/crisis-response/")
    pairs = wide.locator(".prose > :is(ul, ol), .references > ul").evaluate_all(ADJACENT)
    pairs += wide.locator("table:has(caption)").evaluate_all(
        "tables => tables.map(table => [table.caption.innerText, table.tBodies[0].rows[0].cells[2].innerText])"
    )
    assert len(pairs) > 20
    for height in (220, 240, 260, 279, 297):
        shown = printed(wide, height, tmp_path)
        apart = [
            (one, two)
            for one, two in pairs
            if not any(" ".join(one.split()[-2:]) in sheet and two[:25] in sheet for sheet in shown)
        ]
        assert not apart, height


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_under_a_head_without_a_name_has_no_gap_before_it(narrow: Page, member_site: str, lang: str) -> None:
    """On a telephone a name that is not there takes no room."""
    narrow.goto(f"{member_site}{ROOTS[lang]}certification-path/")
    shown = narrow.locator('.table-stack td[data-name=""]').evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').display)"
    )
    assert set(shown) == {"none"}


def test_no_citation_says_its_title_twice(built_site: Path) -> None:
    """A document whose short name is its title is named once."""
    chapters = sorted((built_site / "member").glob("**/chapters/*/index.html"))
    assert chapters
    for chapter in chapters:
        text = chapter.read_text(encoding="utf-8")
        assert not re.search(r">([^<]+)</a>: \1[<&]", text), chapter
