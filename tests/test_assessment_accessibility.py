"""Every state of the self-assessment for everybody: axe, keyboard, size of targets, what is announced."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assessing import (
    Json,
    answer_to,
    as_file,
    assessment,
    catalogue,
    full,
    open_assessment,
    saved,
    upload,
)
from tests.browser import violations

SMALL = """() => [...document.querySelectorAll("article :is(button, a, input, select, textarea, summary)")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".vh") && !one.matches(".vh"))
  .map((one) => [one, one.type === "radio" || one.type === "checkbox" ? one.closest("label") : one])
  .filter(([one, box]) => one.tagName !== "A" || getComputedStyle(one).display !== "inline")
  .filter(([, box]) => { const { width, height } = box.getBoundingClientRect(); return width < 24 || height < 24; })
  .map(([one]) => one.outerHTML.slice(0, 90))"""
OPEN = "document.querySelectorAll('article details').forEach((part) => (part.open = true))"
WIDE = "document.documentElement.scrollWidth <= innerWidth"


def half(page: Page, site: str, lang: str, data: Json) -> None:
    """Some answers, everything unfolded, evidence and N/A fields shown."""
    open_assessment(page, site, full(data, 8, 0.4), lang)
    page.evaluate(OPEN)
    page.locator(".run-item input[value='na']").check()
    page.locator(".run-item [name=add]").click()


def empty(page: Page, site: str, lang: str, data: Json) -> None:
    """Nothing answered, everything unfolded, one wrong and one right line of fast entry."""
    open_assessment(page, site, lang=lang)
    page.evaluate(OPEN)
    item = data["requirements"][0]
    page.locator("csbp-entry textarea").fill(f"{item['id']}{item['check']} 3\nXX 3")


def chapter(page: Page, site: str, lang: str, data: Json) -> None:
    """A chapter with answers."""
    open_assessment(page, site, full(data, 8, 0.7), lang)
    page.goto(f"{site}{lang}chapters/insider-threat/")
    expect(page.locator("#IT-01 csbp-answer form")).to_be_visible()
    page.locator("#IT-01 .answer-more").evaluate("part => part.open = true")


def merging(page: Page, site: str, lang: str, data: Json) -> None:
    """Two files that differ, beside a refused one."""
    item = data["requirements"][0]
    open_assessment(page, site, assessment(data, {item["id"]: answer_to(item, 1, note="mine", by="Marta")}), lang)
    other = assessment(data, {item["id"]: answer_to(item, 3, note="theirs", by="Ana")})
    upload(page, [("other.csbp.json", as_file(other)), ("bad.json", b"{")], "bring")
    expect(page.locator(".conflict")).to_be_visible()


def carried(page: Page, site: str, lang: str, data: Json) -> None:
    """A new edition with a reworded and a retired requirement."""
    newer = copy.deepcopy(data)
    newer["requirements"][0]["hash"] = {"en": "0" * 12, "es": "0" * 12}
    gone = newer["requirements"].pop(1)
    newer["retired"] = [{"id": gone["id"], "reason": "Joined.", "replaced_by": []}]
    page.route("**/data/assessment.*.json", lambda route: route.fulfill(json=newer))
    answers = {item["id"]: answer_to(item, 2) for item in data["requirements"][:2]}
    open_assessment(page, site, assessment(data, answers), lang)
    page.evaluate(OPEN)
    expect(page.locator(".carried").first).to_be_visible()
    page.unroute("**/data/assessment.*.json")


def asking(page: Page, site: str, lang: str, data: Json) -> None:
    """The dialog for a passphrase, with two that differ."""
    open_assessment(page, site, full(data, 8, 0.1), lang)
    page.locator("csbp-files [name=seal]").click()
    page.locator("csbp-files dialog [name=passphrase]").fill("seven gulls")
    page.locator("csbp-files dialog [name=again]").fill("seven terns")
    page.locator("csbp-files dialog form button").first.click()
    expect(page.locator("csbp-files .ask-differ")).to_be_visible()


def removing(page: Page, site: str, lang: str, data: Json) -> None:
    """The dialog before everything is removed."""
    open_assessment(page, site, full(data, 8, 0.1), lang)
    page.locator("#this-device").evaluate("part => part.open = true")
    page.locator("[name=wipe]").click()


def locked(page: Page, site: str, lang: str, data: Json) -> None:
    """Locked, after a wrong passphrase."""
    open_assessment(page, site, full(data, 8, 0.1), lang)
    page.locator("#this-device").evaluate("part => part.open = true")
    for field in ("passphrase", "again"):
        page.locator(f".set-passphrase [name={field}]").fill("long enough words")
    page.locator(".set-passphrase button").first.click()
    page.locator("[name=lock]").click()
    page.locator("csbp-status [name=passphrase]").fill("wrong")
    page.locator("csbp-status form button").click()
    expect(page.locator(".unlock-wrong")).to_be_visible()


def report(page: Page, site: str, lang: str, data: Json) -> None:
    """The report of some answers, in both languages, with a frozen round."""
    chapters = {chapter["code"] for chapter in data["chapters"][:1]}
    whole = full(data, 9, 1)
    whole = assessment(data, {key: value for key, value in whole["answers"].items() if key[:2] in chapters})
    open_assessment(page, site, whole, lang)
    page.goto(f"{site}{lang}report/")
    expect(page.locator(".report").first).to_be_visible()
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill("Spring")
    page.locator("form.freeze button").first.click()
    page.locator("[name=language]").select_option("both")
    expect(page.locator(".report")).to_have_count(2)
    expect(page.locator(".trend").first).to_be_visible()


def sharing(page: Page, site: str, lang: str, data: Json) -> None:
    """The dialog that shows what leaves."""
    open_assessment(page, site, full(data, 8, 0.1), lang)
    page.goto(f"{site}{lang}report/")
    page.locator("[name=share]").click()
    expect(page.locator(".leaving table")).to_be_visible()


def handing_over(page: Page, site: str, lang: str, data: Json) -> None:
    """The same with a frozen round that leaves too, a list unfolded and a field that has no name."""
    open_assessment(page, site, full(data, 8, 0.1), lang)
    page.goto(f"{site}{lang}report/")
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill("Spring")
    page.locator("form.freeze button").first.click()
    page.evaluate("document.getElementById('csbp-names').content.querySelector('li').remove()")
    page.locator("[name=share]").click()
    page.locator("dialog [name=level][value=full]").check()
    expect(page.locator(".leaving tbody").last).to_be_visible()
    page.locator(".leaving details").first.evaluate("part => part.open = true")


def triage(page: Page, site: str, lang: str, data: Json) -> None:
    """In a triage, one level taken."""
    open_assessment(page, site, lang=lang)
    page.locator("[name=triage]").click()
    page.locator(".run-item input[value='2']").click()
    expect(page.locator(".run-item input:checked")).to_have_count(0)


def triaged(page: Page, site: str, lang: str, data: Json) -> None:
    """At the end of a triage."""
    answers = {item["id"]: answer_to(item, 2) for item in data["requirements"] if item["weight"] == 3}
    open_assessment(page, site, assessment(data, answers), lang)
    page.locator("[name=triage]").click()
    expect(page.locator(".run-done")).to_be_visible()


def planner(page: Page, site: str, lang: str, data: Json) -> None:
    """The planner with a path."""
    page.goto(f"{site}{lang}certification/")
    page.locator("[name=admission]").fill("2026-08-31")
    expect(page.locator(".path [data-day]").first).to_be_visible()


STATES: tuple[Callable[[Page, str, str, Json], None], ...] = (
    empty, half, chapter, merging, carried, asking, removing, locked, report, sharing, handing_over, triage, triaged,
    planner,
)  # fmt: skip


@pytest.fixture(scope="module")
def data(member_site: str) -> Json:
    """The slim catalogue."""
    return catalogue(member_site)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a fresh browser."""
    with browser.new_context(reduced_motion="reduce") as context:
        yield context.new_page()


@pytest.mark.parametrize("lang", ["", "es/"], ids=["en", "es"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_a_barrier(page: Page, member_site: str, data: Json, state: object, lang: str) -> None:
    """Axe finds nothing, targets have 24 pixels and nothing scrolls sideways: 1280 light and 320 dark."""
    assert callable(state)
    page.set_viewport_size({"width": 1280, "height": 900})
    state(page, member_site, lang, data)
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")  # where the head of the page covers nothing
        assert violations(page, "document.querySelector('main')") == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate(WIDE)


def test_a_requirement_is_answered_with_the_keyboard_alone(page: Page, member_site: str, data: Json) -> None:
    """From the first button: into the levels, choose, open the details, write a note, go on; focus is always seen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    open_assessment(page, member_site)
    page.locator("[name=five]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".item-text")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".run-item input[value='2']")).to_be_checked()
    outline = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Tab")
    expect(page.locator(".run-item [name=clear]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator(".run-item [name=note]")).to_be_focused()
    page.keyboard.type("By keyboard")
    saved(page)
    page.locator("[name=next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".item-text")).to_be_focused()


def test_a_triage_goes_on_by_enter_and_never_by_arrow_keys(page: Page, member_site: str, data: Json) -> None:
    """Arrow keys pass over levels; Enter takes one, says so, and leads to the next one, at last to the result."""
    essential = [item for item in data["requirements"] if item["weight"] == 3]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 1) for item in essential[2:]}))
    hint = page.locator("[name=triage]").get_attribute("aria-describedby")
    assert "press Enter" in page.locator(f"#{hint}").inner_text()
    page.locator("[name=triage]").focus()
    page.keyboard.press("Enter")
    for place, end in ((0, ".item-text"), (1, ".run-done")):
        expect(page.locator(".item .requirement-id")).to_have_text(essential[place]["id"])
        page.keyboard.press("Tab")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
        expect(page.locator(".run-item input[value='3']")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(end)).to_be_focused()
    expect(page.locator(".run-place")).to_have_text(f"{essential[0]['id']}: 3 Operating · 2 of {len(essential)}")


def test_changes_of_state_are_announced(page: Page, member_site: str) -> None:
    """Place in the list, count of fast entry and trouble with storage stand in live regions from the start."""
    open_assessment(page, member_site)
    for place in (".run-place", ".entry-count", ".status-line"):
        assert page.locator(place).get_attribute("role") == "status"
    assert page.locator("[data-when=full]").get_attribute("role") == "alert"
    assert page.locator("[role=alert] .refused").count() == 1


def test_a_chosen_level_stays_legible_under_the_pointer(page: Page, member_site: str) -> None:
    """The pointer rests on what was just pressed: its text keeps the ground that it is legible on."""
    open_assessment(page, member_site)
    page.locator(".run-item input[value='3']").check()
    colours = "part => { const { color, backgroundColor } = getComputedStyle(part); return [color, backgroundColor]; }"
    chosen = page.locator(".answer-levels :checked + span")
    under = chosen.evaluate(colours)
    page.mouse.move(1, 1)
    assert chosen.evaluate(colours) == under
