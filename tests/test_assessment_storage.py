"""Nothing lost: what happens to answers when tabs, browsers, disks and clocks misbehave."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.assessing import (
    answer_to,
    as_file,
    assessment,
    catalogue,
    download,
    evidence,
    full,
    open_assessment,
    records,
    saved,
    stored,
    upload,
)
from tests.browser import CHAPTER, watched

FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  window.room = () => void (IDBObjectStore.prototype.put = put);
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


def open_chapter(page: Page, site: str, lang: str = "") -> None:
    """A chapter with its forms."""
    page.goto(f"{site}{lang}{CHAPTER}")
    expect(page.locator("#IT-01 csbp-answer form")).to_be_visible()


def note_of(page: Page, item: str) -> Any:
    """The field for a note of a requirement, opened."""
    page.locator(f"#{item} .answer-more").evaluate("part => part.open = true")
    return page.locator(f"#{item} [name=note]")


def test_an_answer_in_the_chapter_is_there_on_every_page_and_after_a_restart(page: Page, member_site: str) -> None:
    """Level, note and progress are stored at once and shown in the chapter, the assessment and on the home page."""
    items = catalogue(member_site)["requirements"]
    essential = next(item["id"] for item in items if item["chapter"] == "IT" and item["weight"] == 3)
    open_chapter(page, member_site)
    page.locator(f"#{essential} input[value='1']").check()
    note_of(page, essential).fill("Informal for now")
    saved(page)
    expect(page.locator(f"#{essential} .answer-result")).to_contain_text("Critical gap")
    expect(page.locator("[data-progress=IT]").first).to_contain_text("1 of")
    page.reload()
    expect(page.locator(f"#{essential} input[value='1']")).to_be_checked()
    assert stored(page, essential)["note"] == "Informal for now"
    page.goto(f"{member_site}assessment/")
    expect(page.locator(".run-progress")).to_contain_text("1 of")
    page.goto(member_site)
    expect(page.locator("[data-progress=IT]").first).to_contain_text("1")


def kill_tabs(browser: Browser) -> None:
    """Ends every process of this browser that shows a page, as an operating system does that needs memory."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for process in found:
        if process["type"] == "renderer":
            os.kill(process["id"], signal.SIGKILL)


def test_a_tab_killed_while_typing_loses_at_most_the_last_keystrokes(
    browser: Browser, context: BrowserContext, member_site: str
) -> None:
    """The process of the tab is ended in the middle of a sentence; what was typed a moment before is stored."""
    page = context.new_page()
    open_chapter(page, member_site)
    text = "Evidence is kept in the control room, shelf 3, and checked by the shift"
    note_of(page, "IT-02").press_sequentially(text, delay=4)
    with page.expect_event("crash"):
        kill_tabs(browser)
    other = context.new_page()
    open_chapter(other, member_site)
    kept = note_of(other, "IT-02").input_value()
    assert text.startswith(kept)
    assert len(kept) >= len(text) - 6


def test_typing_without_a_pause_is_written_down_too(page: Page, member_site: str) -> None:
    """Changes that follow each other faster than a write begins do not put it off for ever."""
    open_chapter(page, member_site)
    page.evaluate(
        """() => { const field = document.querySelector("#IT-02 [name=note]");
        window.typing = setInterval(() => {
          field.value += "a"; field.dispatchEvent(new Event("input", { bubbles: true })); }, 4); }"""
    )
    page.wait_for_timeout(500)
    found = stored(page, "IT-02")
    page.evaluate("clearInterval(window.typing)")
    assert found.get("note")


def test_two_tabs_that_edit_the_same_requirement_agree(context: BrowserContext, page: Page, member_site: str) -> None:
    """Fields written in different tabs are all kept, also evidence added in both, and each tab shows the other's."""
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='2']").check()
    saved(page)
    other = context.new_page()
    open_chapter(other, member_site)
    expect(other.locator("#IT-01 input[value='2']")).to_be_checked()
    note_of(other, "IT-01").fill("from the second tab")
    note_of(page, "IT-01")
    page.locator("#IT-01 [name=owner]").fill("first tab")
    expect(other.locator("#IT-01 [name=owner]")).to_have_value("first tab")
    expect(page.locator("#IT-01 [name=note]")).to_have_value("from the second tab")
    for tab, reference in ((page, "Log A"), (other, "Log B")):
        tab.locator("#IT-01 [name=add]").click()
        tab.locator("#IT-01 .evidence-row input").nth(-5).fill(reference)
    saved(page)
    saved(other)
    page.locator("#IT-01 [name=note]").focus()
    expect(page.locator("#IT-01 .evidence-row")).to_have_count(2)
    titles = page.locator("#IT-01 .evidence-row .wide input")
    mine = next(row for row in titles.all() if row.input_value() == "Log A")
    mine.fill("Log A, amended")
    saved(page)
    found = stored(page, "IT-01")
    assert (found["level"], found["note"], found["owner"]) == (2, "from the second tab", "first tab")
    assert {piece["reference"] for piece in found["evidence"]} == {"Log A, amended", "Log B"}


def test_what_another_tab_stored_while_a_change_waits_is_shown(
    context: BrowserContext, page: Page, member_site: str
) -> None:
    """A note that was stored elsewhere in the moment before this tab writes the owner: both stand in both forms."""
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='2']").check()
    saved(page)
    other = context.new_page()
    open_chapter(other, member_site)
    note = note_of(page, "IT-01")
    page.evaluate(
        """() => { const wait = window.setTimeout;
        window.setTimeout = (work, time) => wait(work, time === 8 ? 1500 : time); }"""
    )
    page.locator("#IT-01 [name=owner]").fill("first tab")
    note_of(other, "IT-01").fill("from the second tab")
    saved(other)
    saved(page)
    expect(other.locator("#IT-01 [name=owner]")).to_have_value("first tab")
    expect(note).to_have_value("from the second tab")


def test_a_clock_that_moves_in_steps_hides_no_word_of_another_tab(
    context: BrowserContext, page: Page, member_site: str
) -> None:
    """Some browsers round the clock, so that what was read and what is read anew come at the same time."""
    page.add_init_script("performance.now = () => 0")
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='2']").check()
    saved(page)
    other = context.new_page()
    open_chapter(other, member_site)
    note_of(other, "IT-01").fill("from the second tab")
    saved(other)
    expect(note_of(page, "IT-01")).to_have_value("from the second tab")


def test_two_tabs_that_write_at_the_same_moment_lose_no_field(context: BrowserContext, member_site: str) -> None:
    """Forty changes to two fields from two tabs at once end with the last value of each."""
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        open_chapter(tab, member_site)
    tabs[0].locator("#IT-03 input[value='3']").check()
    expect(tabs[1].locator("#IT-03 input[value='3']")).to_be_checked()
    typing = """name => { const field = document.querySelector(`#IT-03 [name=${name}]`); let count = 0;
      const step = () => { field.value = `${name} ${++count}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        if (count < 20) setTimeout(step, 3); else document.body.dataset.typed = name; }; step(); }"""
    for tab, name in zip(tabs, ("note", "owner"), strict=True):
        tab.evaluate(typing, name)
    for tab in tabs:
        expect(tab.locator("body")).to_have_attribute("data-typed", "note" if tab is tabs[0] else "owner")
        saved(tab)
    found = stored(tabs[0], "IT-03")
    assert (found["level"], found["note"], found["owner"]) == (3, "note 20", "owner 20")


def test_a_full_disk_is_said_and_nothing_is_lost(page: Page, member_site: str) -> None:
    """Refused writes show a notice and a way to a file; the change is kept, and stored as soon as there is room."""
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='0']").check()
    saved(page)
    page.evaluate(FULL)
    note_of(page, "IT-01").fill("typed on a full disk")
    notice = page.locator("[data-when=full]")
    expect(notice).to_be_visible()
    _, content = download(page, "[data-when=full] [data-do=save]")
    assert b"typed on a full disk" in content
    assert page.locator("#IT-01 [name=note]").input_value() == "typed on a full disk"
    page.evaluate("room()")
    page.locator("#IT-01 [name=owner]").fill("Operations")
    saved(page)
    expect(notice).to_be_hidden()
    assert stored(page, "IT-01")["note"] == "typed on a full disk"


@pytest.mark.parametrize(
    "refusal",
    ["delete Window.prototype.indexedDB; Object.defineProperty(window, 'indexedDB', { value: undefined })",
     "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"],
    ids=["missing", "refused"],
)  # fmt: skip
def test_without_a_database_answers_stay_in_memory_and_go_to_a_file(page: Page, member_site: str, refusal: str) -> None:
    """The page says that nothing is kept, still works, and saves to a file that can be opened again."""
    page.add_init_script(refusal)
    open_assessment(page, member_site)
    expect(page.locator("[data-when=refused]")).to_be_visible()
    page.locator(".run-item input[value='2']").check()
    name, content = download(page, "csbp-files [name=save]")
    assert name.endswith(".csbp.json")
    saved(page)
    page.reload()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    upload(page, [(name, content)])
    expect(page.locator(".run-progress")).to_contain_text("1 of")


def share(page: Page) -> None:
    """Says on the assessment page that this computer is shared, and answers the first requirement."""
    page.locator("#this-device").evaluate("part => part.open = true")
    page.locator("[name=share]").click()
    expect(page.locator("[data-when=shared]").first).to_be_visible()
    page.locator(".run-item input[value='3']").check()
    expect(page.locator(".run-progress")).to_contain_text("1 of")
    saved(page)


def test_a_shared_computer_is_not_written_to(context: BrowserContext, page: Page, member_site: str) -> None:
    """Nothing reaches the database, a link opens a tab with the same answers, and a reload starts empty."""
    open_assessment(page, member_site)
    share(page)
    with context.expect_page() as opening:
        page.locator(".run-ways a").click()
    expect(opening.value.locator(".report")).to_contain_text("1 answered")
    assert records(page) == {}
    download(page, "csbp-files [name=save]")
    saved(page)
    opening.value.close()
    page.reload()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    expect(page.locator("[data-when=shared]").first).to_be_visible()


def test_a_shared_computer_is_one_in_every_tab(context: BrowserContext, page: Page, member_site: str) -> None:
    """Tabs that were open, that a link opens, that a hand opens: all show the answers, none writes to the disk."""
    before = context.new_page()
    open_chapter(before, member_site)
    open_assessment(page, member_site)
    share(page)
    expect(before.locator("[data-when=shared]").first).to_be_visible()
    with context.expect_page() as opening:
        page.locator(".item .requirement-id").click(modifiers=["Control"])
    by_hand = context.new_page()
    open_chapter(by_hand, member_site, "es/")
    for place, tab in enumerate((before, opening.value, by_hand)):
        expect(tab.locator("[data-when=shared]").first).to_be_visible()
        tab.bring_to_front()  # a tab that nobody sees takes a click only after seconds
        tab.locator("csbp-answer input[value='2']").nth(place).check()
    expect(page.locator(".run-progress")).to_contain_text("4 of")
    assert records(page) == {}
    page.bring_to_front()
    page.locator("[name=unshare]").click()
    expect(page.locator(".device-said")).to_contain_text("Save to a file first")
    expect(page.locator("[data-when=shared]").first).to_be_visible()
    download(page, "csbp-files [name=save]")
    page.locator("[name=unshare]").click()
    for tab in (page, before, opening.value, by_hand):
        expect(tab.locator("[data-when=shared]").first).to_be_hidden()
    before.bring_to_front()
    before.locator("#IT-01 input[value='1']").check()
    saved(before)
    assert stored(before, "IT-01")["level"] == 1


def test_the_last_tab_that_holds_what_no_file_holds_warns(
    context: BrowserContext, page: Page, member_site: str
) -> None:
    """In memory every tab knows which assessments are in no file: each closes with a warning until all are saved."""
    open_assessment(page, member_site)
    share(page)
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=site]").fill("First quay")
    page.locator("[name=new]").click()
    page.locator("[name=site]").fill("Second quay")
    with context.expect_page() as opening:
        page.locator(".run-ways a").click()
    other = opening.value
    expect(other.locator("[data-sites]:visible")).to_have_text("First quay · Second quay")
    download(page, "csbp-files [name=save]")
    expect(other.locator("[data-sites]:visible")).to_have_text("First quay")
    page.close()
    other.mouse.click(600, 300)
    with other.expect_event("dialog") as asking:
        other.close(run_before_unload=True)
    assert asking.value.type == "beforeunload"
    asking.value.dismiss()
    other.bring_to_front()
    again = context.new_page()
    open_assessment(again, member_site)
    again.locator("#about-this-assessment").evaluate("part => part.open = true")
    again.locator("[name=current]").select_option(index=1)
    expect(again.locator(".run-progress")).to_contain_text("1 of")
    download(again, "csbp-files [name=save]")
    expect(again.locator("[data-sites]:visible")).to_have_count(0)
    again.reload()  # an unanswered warning would stop it here
    expect(again.locator("[data-when=shared]").first).to_be_visible()


def test_a_frozen_round_is_in_no_file_either(context: BrowserContext, page: Page, member_site: str) -> None:
    """After a copy was saved, freezing a round asks for another; what came with a file does not."""
    open_assessment(page, member_site)
    share(page)
    with context.expect_page() as opening:
        page.locator(".run-ways a").click()
    report = opening.value
    expect(report.locator(".report")).to_be_visible()
    _, content = download(page, "csbp-files [name=save]")
    expect(report.locator("[data-when=unsaved]:visible")).to_have_count(0)
    report.locator("[name=freeze]").click()
    report.locator("dialog [name=title]").fill("First round")
    report.locator("form.freeze button").first.click()
    for tab in (report, page):
        expect(tab.locator("[data-when=unsaved]:visible")).to_have_count(1)
    _, content = download(page, "csbp-files [name=save]")
    expect(report.locator("[data-when=unsaved]:visible")).to_have_count(0)
    report.close()
    saved(page)
    page.reload()
    open_assessment(page, member_site)
    upload(page, [("copy.csbp.json", content)])
    expect(page.locator(".run-progress")).to_contain_text("1 of")
    expect(page.locator("[data-when=unsaved]:visible")).to_have_count(0)


def test_removal_leaves_a_shared_computer_shared(page: Page, member_site: str) -> None:
    """After everything was removed the mode is the same: the next answer is not written to the disk either."""
    open_assessment(page, member_site)
    share(page)
    page.locator("[name=wipe]").click()
    with page.expect_navigation():
        page.locator("[name=really-wipe]").click()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    page.locator(".run-item input[value='2']").check()
    expect(page.locator(".run-progress")).to_contain_text("1 of")
    expect(page.locator("[data-when=shared]").first).to_be_visible()
    assert page.evaluate("indexedDB.databases()") == []


def test_a_clock_that_was_set_back_does_not_make_new_answers_old(page: Page, member_site: str) -> None:
    """With the clock a year behind, a change is still newer than what it replaces."""
    data = catalogue(member_site)
    item = next(one for one in data["requirements"] if one["id"] == "IT-01")
    open_assessment(page, member_site, assessment(data, {"IT-01": answer_to(item, 1)}))
    page.add_init_script("const now = Date.now; Date.now = () => now() - 365 * 86400000;")
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='2']").check()
    saved(page)
    found = stored(page, "IT-01")
    assert found["level"] == 2
    assert found["updated"] > "2026-11-20T10:00:00.000Z"


def test_the_language_can_be_switched_half_way(page: Page, member_site: str) -> None:
    """The Spanish chapter shows what was answered in English, and further answers join the same assessment."""
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='2']").check()
    saved(page)
    open_chapter(page, member_site, "es/")
    expect(page.locator("#IT-01 input[value='2']")).to_be_checked()
    page.locator("#IT-02 input[value='3']").check()
    saved(page)
    found = records(page)
    assert sum(key.startswith("head/") for key in found) == 1
    page.goto(f"{member_site}assessment/")
    expect(page.locator(".run-progress")).to_contain_text("2 of")
    expect(page.locator("csbp-carry")).to_be_empty()


def test_removal_takes_only_what_is_ours(page: Page, member_site: str) -> None:
    """After removal the database is gone; other databases and the choice of colours are still there."""
    open_assessment(page, member_site, full(catalogue(member_site), share=0.2))
    page.evaluate("localStorage.setItem('guide_scheme', 'slate'); localStorage.setItem('csbp_x', '1')")
    page.evaluate("new Promise(done => indexedDB.open('another').onsuccess = done).then(() => 0)")
    page.locator("#this-device").evaluate("part => part.open = true")
    page.locator("[name=wipe]").click()
    with page.expect_navigation():
        page.locator("[name=really-wipe]").click()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    assert records(page) == {}
    assert page.evaluate("[localStorage.guide_scheme, localStorage.csbp_x ?? null]") == ["slate", None]
    assert "another" in page.evaluate("indexedDB.databases().then(all => all.map(({ name }) => name))")


def test_several_assessments_stand_side_by_side(page: Page, member_site: str) -> None:
    """A second assessment starts empty, the first keeps its answers, and removing one leaves the other."""
    open_assessment(page, member_site, full(catalogue(member_site), share=0.3))
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    before = page.locator(".run-progress").inner_text()
    page.locator("[name=new]").click()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    page.locator("[name=site]").fill("South quay")
    page.locator("[name=scope]").fill("Night shift")
    saved(page)
    page.locator("[name=current]").select_option(index=1)
    expect(page.locator(".run-progress")).to_have_text(before)
    page.locator("[name=remove]").click()
    page.locator("[name=really-remove]").click()
    expect(page.locator("[name=site]")).to_have_value("South quay")
    saved(page)
    page.reload()
    expect(page.locator("[name=scope]")).to_have_value("Night shift")
    assert [key for key in records(page) if key.startswith("answer/")] == []


def test_a_copy_is_asked_for_after_a_week(page: Page, member_site: str) -> None:
    """A week after the first answer that no file holds a notice offers to save; it comes again after each such week."""
    page.clock.install(time=datetime(2026, 11, 22, 9, tzinfo=UTC))
    old = full(catalogue(member_site), share=0.1, created="2026-10-01T08:00:00.000Z")
    open_assessment(page, member_site, old)
    notice = page.locator("[data-when=copy]")
    for day, level in ((datetime(2026, 11, 23, tzinfo=UTC), 4), (datetime(2026, 12, 4, tzinfo=UTC), 2)):
        page.clock.set_system_time(day)
        expect(notice).to_be_hidden()
        page.locator(f".run-item input[value='{level}']").check()
        page.clock.run_for(100)
        saved(page)
        expect(notice).to_be_hidden()
        page.clock.set_system_time(day + timedelta(days=7, hours=1))
        page.reload()
        expect(notice).to_be_visible()
        download(page, "[data-when=copy] [data-do=save]")
        page.clock.run_for(100)
        expect(notice).to_be_hidden()


def test_a_clock_that_was_wrong_does_not_silence_the_notice(page: Page, member_site: str) -> None:
    """An answer of 2031, corrected to 2026: a copy is asked for at once, and a week after the next change."""
    page.clock.install(time=datetime(2031, 1, 1, tzinfo=UTC))
    open_assessment(page, member_site)
    page.locator(".run-item input[value='2']").check()
    page.clock.run_for(100)
    saved(page)
    right = datetime(2026, 11, 25, tzinfo=UTC)
    page.clock.set_system_time(right)
    page.reload()
    notice = page.locator("[data-when=copy]")
    expect(notice).to_be_visible()
    download(page, "[data-when=copy] [data-do=save]")
    page.clock.run_for(100)
    expect(notice).to_be_hidden()
    page.locator(".run-item input[value='3']").check()
    page.clock.run_for(100)
    saved(page)
    expect(notice).to_be_hidden()
    page.clock.set_system_time(right + timedelta(days=8))
    page.reload()
    expect(notice).to_be_visible()


def two_quays(page: Page, site: str) -> None:
    """Alpha quay, which is worked on, and Bravo quay; both with an answer."""
    items = {item["id"]: item for item in catalogue(site)["requirements"]}
    na = {"reason": "Alpha's own reason", "approved_by": "Manager of Alpha"}
    bravo = {"IT-03": answer_to(items["IT-03"], 1)}
    alpha = {
        "IT-01": answer_to(items["IT-01"], None, na=na),
        "IT-02": answer_to(items["IT-02"], 1, note="Alpha's note"),
    }
    open_assessment(page, site, assessment(catalogue(site), bravo, 2, site="Bravo quay"))
    upload(page, [("alpha.csbp.json", as_file(assessment(catalogue(site), alpha, 1, site="Alpha quay")))])
    expect(page.locator("[data-site]").first).to_have_text("Alpha quay")
    saved(page)
    page.locator("#about-this-assessment").evaluate("part => part.open = true")


def work_on(page: Page, name: str) -> None:
    """Chooses an assessment by its site."""
    label = page.locator("[name=current] option", has_text=name).inner_text()
    page.locator("[name=current]").select_option(label=label)


def test_text_of_one_assessment_does_not_land_in_another(context: BrowserContext, page: Page, member_site: str) -> None:
    """Another assessment is chosen in one tab: the other shows its fields, and none of the former's words."""
    two_quays(page, member_site)
    other = context.new_page()
    open_chapter(other, member_site)
    note = note_of(other, "IT-02")
    note.click()
    other.keyboard.press("End")
    other.keyboard.type(" goes on")
    work_on(page, "Bravo")
    expect(other.locator("[data-site]").first).to_have_text("Bravo quay")
    expect(note).to_have_value("")
    expect(other.locator("#IT-03 input[value='1']")).to_be_checked()
    note_of(other, "IT-02").click()
    other.keyboard.type("Bravo's")
    other.locator("#IT-01 input[value='na']").check()
    saved(other)
    found = records(other)
    notes = {one["note"] for key, one in found.items() if key.endswith("/IT-02")}
    assert notes == {"Alpha's note goes on", "Bravo's"}
    claims = [one["na"] for key, one in found.items() if key.endswith("/IT-01")]
    assert {"reason": "", "approved_by": ""} in claims
    expect(other.locator("#IT-01 .answer-result")).to_contain_text("reason")
    report = context.new_page()
    report.goto(f"{member_site}report/")
    expect(report.locator("[data-site]").first).to_have_text("Bravo quay")
    work_on(page, "Alpha")
    expect(report.locator("[data-site]").first).to_have_text("Alpha quay")


def test_a_field_about_one_assessment_is_not_written_to_another(
    context: BrowserContext, page: Page, member_site: str
) -> None:
    """Another assessment is chosen in one tab: the field in hand in the other and its open question follow."""
    two_quays(page, member_site)
    other = context.new_page()
    open_assessment(other, member_site)
    other.locator("#about-this-assessment").evaluate("part => part.open = true")
    other.locator("[name=scope]").fill("Alpha's scope")
    saved(other)
    work_on(page, "Bravo")
    expect(other.locator("[name=scope]")).to_have_value("All shifts")
    other.locator("[name=remove]").click()
    work_on(page, "Alpha")
    expect(other.locator("csbp-details dialog")).to_be_hidden()
    expect(other.locator("[name=scope]")).to_have_value("Alpha's scope")
    assert {one["scope"] for key, one in records(page).items() if "head/" in key} == {"Alpha's scope", "All shifts"}


def test_a_changed_target_is_seen_in_every_form_at_once(context: BrowserContext, page: Page, member_site: str) -> None:
    """Level 2 falls short of certification and suffices for registration: forms here and in another tab say so."""
    item = next(one for one in catalogue(member_site)["requirements"] if one["id"] == "IT-01")
    whole = assessment(catalogue(member_site), {"IT-01": answer_to(item, 2, evidence=[evidence("2026-11-01")])})
    open_assessment(page, member_site, whole)
    page.evaluate("document.dispatchEvent(new CustomEvent('ask', { detail: 'IT-01' }))")
    other = context.new_page()
    open_chapter(other, member_site)
    verdicts = [page.locator(".run-item .answer-result"), other.locator("#IT-01 .answer-result")]
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    for target, said in ((3, "Gap"), (2, "Conforms")):
        page.locator(f"[name=target][value='{target}']").check()
        for verdict in verdicts:
            expect(verdict).to_contain_text(said)


def test_not_applicable_without_a_reason_is_not_answered(page: Page, member_site: str) -> None:
    """It counts neither in the chapter nor in the assessment nor at home, until reason and approver are given."""
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='1']").check()
    page.locator("#IT-02 input[value='na']").check()
    saved(page)
    place = page.locator("[data-progress=IT]").first
    expect(place).to_contain_text("1 of")
    page.goto(f"{member_site}assessment/")
    expect(page.locator(".run-progress")).to_contain_text("1 of")
    expect(page.locator("[data-chapter-count=IT]")).to_contain_text("1 /")
    page.locator("[name=view]").select_option("open")
    page.locator("[name=chapter]").select_option("IT")
    expect(page.locator(".item .requirement-id")).to_have_text("IT-02")
    page.goto(member_site)
    expect(place).to_contain_text("1 ")
    open_chapter(page, member_site)
    page.locator("#IT-02 [name=reason]").fill("Nobody works here alone")
    page.locator("#IT-02 [name=approved_by]").fill("Accountable manager")
    expect(place).to_contain_text("2 of")
    saved(page)
    page.goto(member_site)
    expect(place).to_contain_text("2 ")


def test_whoever_adds_evidence_does_not_become_the_author(page: Page, member_site: str) -> None:
    """A second person verifies, an auditor rates: the answer stays its author's, and the report names who verified."""
    item = next(one for one in catalogue(member_site)["requirements"] if one["id"] == "IT-01")
    mine = answer_to(item, 2, by="Shift officer", evidence=[evidence("2026-11-01")])
    open_assessment(page, member_site, assessment(catalogue(member_site), {"IT-01": mine}))
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=name]").fill("Systems officer")
    page.locator("[name=auditor]").check()
    saved(page)
    open_chapter(page, member_site)
    page.locator("#IT-01 .answer-more").evaluate("part => part.open = true")
    row = page.locator("#IT-01 .evidence-row")
    row.get_by_label("Verified by").fill("Systems officer")
    row.get_by_label("Verified on").fill("2026-11-20")
    expect(page.locator("#IT-01 [name=auditor_level]")).to_be_visible()
    page.locator("#IT-01 [name=auditor_level]").select_option("3")
    saved(page)
    found = stored(page, "IT-01")
    assert (found["by"], found["auditor_level"]) == ("Shift officer", 3)
    page.goto(f"{member_site}report/")
    expect(page.locator("table.plan tbody tr").first).to_contain_text("Systems officer")
    open_chapter(page, member_site)
    page.locator("#IT-01 input[value='3']").check()
    saved(page)
    assert stored(page, "IT-01")["by"] == "Systems officer"


def test_lines_from_paper_are_kept_and_say_what_they_replace(page: Page, member_site: str) -> None:
    """A reload keeps lines that are not entered yet; one that would replace "not applicable" shows its reason."""
    one, two = catalogue(member_site)["requirements"][:2]
    na = {"reason": "No vessels call at this site", "approved_by": "Accountable manager"}
    answers = {item["id"]: answer_to(item, None, na=na) for item in (one, two)}
    open_assessment(page, member_site, assessment(catalogue(member_site), answers))
    lines = [f"{item['id'].replace('-', '')}{item['check']} 2" for item in (one, two)]
    field, shown = page.locator("csbp-entry textarea"), page.locator(".entry-lines li")
    field.fill("\n".join(lines))
    saved(page)
    page.reload()
    expect(field).to_have_value("\n".join(lines))
    for place in (0, 1):
        expect(shown.nth(place)).to_have_attribute("data-state", "changes")
        expect(shown.nth(place)).to_contain_text("“not applicable”: No vessels call at this site")
    field.fill(lines[0])
    page.locator("csbp-entry [name=enter]").click()
    expect(page.locator(".entry-count")).to_contain_text("1 entered.")
    saved(page)
    assert (stored(page, one["id"])["level"], stored(page, one["id"])["na"]) == (2, None)
    assert stored(page, two["id"])["na"] == na
    page.reload()
    expect(page.locator(".run-progress")).to_contain_text("2 of")
    expect(field).to_have_value("")


def test_a_test_that_leaves_before_it_saw_its_answers_saved_is_told(context: BrowserContext, member_site: str) -> None:
    """However quickly they are stored; after they were seen saved the page may be left."""
    for level, seen in ((2, True), (3, False)):
        tab = context.new_page()
        with watched(tab, member_site) as wrong:
            open_chapter(tab, member_site)
            tab.locator(f"#IT-01 input[value='{level}']").check()
            expect(tab.locator("csbp-status")).to_have_attribute("data-state", "saved")
            if seen:
                saved(tab)
            tab.reload()
        assert wrong == ([] if seen else ["console: left before the test saw everything saved"])


@pytest.mark.parametrize("path", ["assessment/", "report/", "es/assessment/", "es/report/"])
def test_without_javascript_the_page_says_what_works(browser: Browser, member_site: str, path: str) -> None:
    """No dead control is shown; the reader is told why and led to the worksheets."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{member_site}{path}")
        assert "worksheet.pdf" in page.content()
        expect(page.locator("noscript a[href$='-worksheet.pdf']").first).to_be_visible()
        expect(page.locator(".assessing button:visible, .assessing input:visible")).to_have_count(0)
