"""Nothing in clear and nothing sent: passphrase, lock, sealed files, the network watched through a session."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from guide.assessment_file import open_file
from tests.assessing import (
    as_file,
    assessment,
    bring_together,
    catalogue,
    download,
    full,
    open_assessment,
    records,
    saved,
    upload,
)
from tests.browser import CHAPTER, chromium

PASSPHRASE = "cable harbour lantern ñandú"
SECRET = "Ziggurat-7"
UNSEALS_LATE = """() => {
  const { subtle } = crypto;
  const held = new Promise((release) => (window.release = release));
  window.here = () => void delete subtle.decrypt;
  subtle.decrypt = async (...all) => {
    document.documentElement.dataset.unsealing = "";
    await held;
    return SubtleCrypto.prototype.decrypt.apply(subtle, all);
  };
}"""
"""What is being unsealed from now on waits for release(); what is unsealed after here() does not."""


def protect(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Sets or changes the passphrase on the assessment page."""
    page.locator("#this-device").evaluate("part => part.open = true")
    page.locator(".set-passphrase [name=passphrase]").fill(passphrase)
    page.locator(".set-passphrase [name=again]").fill(passphrase)
    page.locator(".set-passphrase button").first.click()
    expect(page.locator(".device-said")).not_to_be_empty()


def unlock(page: Page, passphrase: str) -> None:
    """Gives the passphrase where the page asks for it."""
    page.locator("csbp-status [name=passphrase]").first.fill(passphrase)
    page.locator("csbp-status form button").first.click()


def in_clear(page: Page) -> str:
    """Everything at rest as one text, bytes read as Latin-1, so that any clear text would show."""
    found = []
    for key, value in records(page).items():
        found.append(key)
        for part in value.values():
            found.append(
                bytes(part["bytes"]).decode("latin-1")
                if isinstance(part, dict) and "bytes" in part
                else json.dumps(part)
            )
    return "\n".join(found)


def test_what_is_written_while_all_is_unsealed_is_not_taken_for_older(page: Page, member_site: str) -> None:
    """Saving a file unseals every record; an answer given meanwhile stands in that file, or is known to be in none."""
    data = catalogue(member_site)
    open_assessment(page, member_site, full(data))
    protect(page)
    saved(page)
    page.locator(".run-item .answer-more").evaluate("part => part.open = true")
    page.evaluate(UNSEALS_LATE)
    with page.expect_download() as downloads:
        page.locator("csbp-files [name=save]").click()
        expect(page.locator("html")).to_have_attribute("data-unsealing", "")
        page.evaluate("here()")
        page.locator(".run-item [name=note]").fill("Said meanwhile")
        saved(page)
        page.evaluate("release()")
    answers = json.loads(Path(downloads.value.path()).read_text())["answers"]
    assert "Said meanwhile" in [one["note"] for one in answers.values()]


def test_sealed_records_hold_no_word_of_an_answer(page: Page, member_site: str) -> None:
    """After a passphrase is set, neither names nor contents at rest tell site, note, level field or requirement."""
    data = catalogue(member_site)
    open_assessment(page, member_site, full(data, share=0.1, site=SECRET))
    page.locator(".answer-more").evaluate("part => part.open = true")
    page.locator(".run-item [name=note]").fill(f"note {SECRET}")
    saved(page)
    assert SECRET in in_clear(page)
    protect(page)
    page.locator(".run-item [name=owner]").fill(f"owner {SECRET}")
    saved(page)
    clear = in_clear(page)
    assert len(records(page)) > 10
    for word in (
        SECRET,
        "owner",
        "note",
        "level",
        "answer/",
        "head/",
        data["requirements"][0]["id"],
        "Security manager",
    ):
        assert word not in clear


def test_the_passphrase_opens_on_every_page_of_a_visit_and_no_other_does(
    browser: Browser, context: BrowserContext, member_site: str
) -> None:
    """Unlocked pages follow one another without asking; after a lock only the right passphrase opens."""
    page = context.new_page()
    open_assessment(page, member_site, full(catalogue(member_site), share=0.2))
    before = page.locator(".run-progress").inner_text()
    protect(page)
    page.goto(f"{member_site}{CHAPTER}")
    expect(page.locator("#IT-01 csbp-answer form")).to_be_visible()
    page.goto(f"{member_site}assessment/")
    expect(page.locator(".run-progress")).to_have_text(before)
    page.locator("#this-device").evaluate("part => part.open = true")
    page.locator("[name=lock]").click()
    expect(page.locator(".run")).to_be_hidden()
    assert "North quay" not in page.locator("article").inner_text()
    page.reload()
    unlock(page, "not the passphrase")
    expect(page.locator(".unlock-wrong")).to_be_visible()
    expect(page.locator(".run")).to_be_hidden()
    unlock(page, PASSPHRASE)
    expect(page.locator(".run-progress")).to_have_text(before)


def test_a_changed_passphrase_replaces_the_old_one(page: Page, member_site: str) -> None:
    """The new one opens, the old one does not; taking it off stores everything in clear again."""
    open_assessment(page, member_site, full(catalogue(member_site), share=0.1, site=SECRET))
    protect(page)
    page.locator(".device-said").evaluate("part => part.textContent = ''")
    protect(page, "a second one altogether")
    page.locator("[name=lock]").click()
    unlock(page, PASSPHRASE)
    expect(page.locator(".unlock-wrong")).to_be_visible()
    unlock(page, "a second one altogether")
    expect(page.locator(".run")).to_be_visible()
    assert SECRET not in in_clear(page)
    page.locator("[name=open-up]").click()
    expect(page.locator("[name=lock]")).to_be_hidden()
    assert SECRET in in_clear(page)


def test_a_forgotten_passphrase_means_lost_and_the_page_says_so(page: Page, member_site: str) -> None:
    """Where it is asked for the page says that nobody can recover it; removing everything allows a new start."""
    open_assessment(page, member_site, full(catalogue(member_site), share=0.1))
    protect(page)
    page.locator("[name=lock]").click()
    expect(page.locator("csbp-status form").first).to_contain_text("lost")
    page.locator("[name=wipe]").click()
    with page.expect_navigation():
        page.locator("[name=really-wipe]").click()
    expect(page.locator(".run-progress")).to_contain_text("0 of")
    assert records(page) == {}


def test_it_locks_by_itself_after_a_quarter_of_an_hour(page: Page, member_site: str) -> None:
    """Without a hand on it the page hides its answers and forgets the keys."""
    page.clock.install()
    open_assessment(page, member_site, full(catalogue(member_site), share=0.1))
    protect(page)
    page.clock.fast_forward(16 * 60 * 1000)
    expect(page.locator("csbp-status form").first).to_be_visible()
    expect(page.locator(".run")).to_be_hidden()


def test_a_lock_leaves_nothing_to_read(page: Page, member_site: str) -> None:
    """Neither fields and counts nor the report and an open dialog keep a word of an assessment that locked itself."""
    words = "document.documentElement.textContent + [...document.querySelectorAll('input')].map((one) => one.value)"
    page.clock.install()
    open_assessment(page, member_site, full(catalogue(member_site), share=0.2, site=SECRET))
    protect(page)
    for path in ("assessment/", "report/"):
        page.goto(f"{member_site}{path}")
        expect(page.locator("[data-site]").first).to_have_text(SECRET)
        if path == "report/":
            page.locator("[name=share]").click()
            expect(page.locator(".leaving table")).to_contain_text(SECRET)
        page.clock.fast_forward(16 * 60 * 1000)
        expect(page.locator("csbp-status form").first).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert SECRET not in page.evaluate(words)
        assert set(page.locator("[data-chapter-count]").all_text_contents()) <= {"–"}
        unlock(page, PASSPHRASE)
        expect(page.locator("[data-site]").first).to_have_text(SECRET)


def test_a_clock_set_back_does_not_put_off_the_lock(page: Page, member_site: str) -> None:
    """Three hours back, then sixteen minutes without a hand: locked all the same."""
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    page.clock.install(time=noon)
    open_assessment(page, member_site, full(catalogue(member_site), share=0.1))
    protect(page)
    page.clock.set_system_time(noon - timedelta(hours=3))
    page.clock.fast_forward(16 * 60 * 1000)
    expect(page.locator("csbp-status form").first).to_be_visible()


def test_a_lock_closes_every_tab_and_an_unlock_opens_them(context: BrowserContext, member_site: str) -> None:
    """What was typed in another tab is written and sealed before that tab locks too, and there when one unlocks."""
    first, report, chapter = (context.new_page() for _ in range(3))
    open_assessment(first, member_site, full(catalogue(member_site), share=0.2, site=SECRET))
    protect(first)
    report.goto(f"{member_site}report/")
    expect(report.locator(".report")).to_contain_text(SECRET)
    chapter.goto(f"{member_site}{CHAPTER}")
    chapter.locator("#IT-01 .answer-more").evaluate("part => part.open = true")
    note = chapter.locator("#IT-01 [name=note]")
    note.fill("before")
    saved(chapter)
    # a hand that is still typing: the write of these words has not begun when the lock comes
    chapter.evaluate(
        """() => { const [wait, note] = [window.setTimeout, document.querySelector("#IT-01 [name=note]")];
        window.setTimeout = (work, time) => wait(work, time === 8 ? 60_000 : time);
        note.value = "typed last"; note.dispatchEvent(new Event("input", { bubbles: true })); }"""
    )
    report.locator("csbp-status [name=lock]").click()
    for tab in (first, report, chapter):
        expect(tab.locator("csbp-status form")).to_be_visible()
    for tab in (first, report, chapter):
        assert SECRET not in tab.evaluate("document.documentElement.textContent")
    expect(chapter.locator("csbp-answer")).to_have_count(0)
    assert "typed last" not in in_clear(first)
    unlock(first, PASSPHRASE)
    expect(report.locator(".report")).to_contain_text(SECRET)
    expect(note).to_have_value("typed last")
    chapter.reload()
    expect(note).to_have_value("typed last")


def test_what_a_full_disk_refused_before_a_lock_is_there_after_it(page: Page, member_site: str) -> None:
    """An answer that could not be written stays in memory while locked, unseen, and is shown and written afterwards."""
    open_assessment(page, member_site, full(catalogue(member_site), share=1.0))
    protect(page)
    page.locator(".answer-more").evaluate("part => part.open = true")
    before = page.locator(".run-progress").inner_text()
    page.evaluate(
        """() => { const put = IDBObjectStore.prototype.put;
        window.room = () => void (IDBObjectStore.prototype.put = put);
        IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    page.locator(".run-item [name=note]").fill("on a full disk")
    expect(page.locator("[data-when=full]")).to_be_visible()
    page.locator("csbp-status [name=lock]").click()
    expect(page.locator(".run")).to_be_hidden()
    unlock(page, PASSPHRASE)
    expect(page.locator(".run-progress")).to_have_text(before)
    expect(page.locator(".run-item [name=note]")).to_have_value("on a full disk")
    page.evaluate("room()")
    page.locator(".answer-more").evaluate("part => part.open = true")
    page.locator(".run-item [name=owner]").fill("Operations")
    saved(page)
    page.reload()
    expect(page.locator(".run-progress")).to_have_text(before)
    expect(page.locator(".run-item [name=note]")).to_have_value("on a full disk")


def test_the_way_back_leads_to_nothing_after_a_lock(member_site: str) -> None:
    """A page that the browser kept for the Back button shows no word of the assessment that was locked meanwhile."""
    with chromium(ignore_default_args=["--disable-back-forward-cache"]) as keeping, keeping.new_context() as context:
        page = context.new_page()
        open_assessment(page, member_site, full(catalogue(member_site), share=0.2, site=SECRET))
        protect(page)
        page.goto(f"{member_site}report/")
        expect(page.locator(".report")).to_contain_text(SECRET)
        page.goto(f"{member_site}{CHAPTER}")
        page.locator("csbp-status [name=lock]").click()
        expect(page.locator("csbp-answer")).to_have_count(0)
        page.evaluate("void history.back()")
        expect(page).to_have_url(f"{member_site}report/")
        expect(page.locator("csbp-status form")).to_be_visible()
        assert SECRET not in page.evaluate("document.documentElement.textContent")
        unlock(page, PASSPHRASE)
        expect(page.locator(".report")).to_contain_text(SECRET)
        page.evaluate("window.kept = true")
        page.goto(f"{member_site}about/")
        page.evaluate("void history.back()")
        expect(page).to_have_url(f"{member_site}report/")
        expect(page.locator(".report")).to_be_visible()
        page.goto(f"{member_site}about/")
        # the keys are gone although no tab said so, as after hours in which the computer slept
        page.evaluate(
            "navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(one => one.unregister())))"
        )
        page.evaluate("void history.back()")
        expect(page.locator("csbp-status form")).to_be_visible()
        assert page.evaluate("window.kept") is True, "the browser kept no page: this would prove nothing"
        assert SECRET not in page.evaluate("document.documentElement.textContent")


def test_another_tab_with_the_old_key_writes_nothing_in_clear(context: BrowserContext, member_site: str) -> None:
    """A tab that was open when the passphrase was set asks for it, and seals what is typed there afterwards."""
    first, second = context.new_page(), context.new_page()
    open_assessment(first, member_site, full(catalogue(member_site), share=0.1, site="quay"))
    second.goto(f"{member_site}{CHAPTER}")
    expect(second.locator("#IT-01 csbp-answer form")).to_be_visible()
    protect(first)
    expect(second.locator("csbp-status form")).to_be_visible()
    unlock(second, PASSPHRASE)
    second.locator("#IT-01 .answer-more").evaluate("part => part.open = true")
    second.locator("#IT-01 [name=note]").fill(SECRET)
    saved(second)
    assert SECRET not in in_clear(second)


def test_a_sealed_file_opens_with_its_passphrase_in_the_browser_and_in_python(
    page: Page, member_site: str, tmp_path: Path
) -> None:
    """Name and envelope tell no site; the browser and `guide report` both open it, and refuse a wrong passphrase."""
    whole = full(catalogue(member_site), share=0.3, site=SECRET)
    open_assessment(page, member_site, whole)
    page.locator("csbp-files [name=seal]").click()
    form = page.locator("csbp-files dialog form")
    form.locator("[name=passphrase]").fill(PASSPHRASE)
    form.locator("[name=again]").fill("something else")
    form.locator("button").first.click()
    expect(form.locator(".ask-differ")).to_be_visible()
    form.locator("[name=again]").fill(PASSPHRASE)
    name, content = download(page, "csbp-files dialog form button >> nth=0")
    assert SECRET.encode() not in content
    assert SECRET.lower() not in name
    path = tmp_path / name
    path.write_bytes(content)
    opened = open_file(path, lambda _: PASSPHRASE)
    assert opened.assessment.site == SECRET
    assert len(opened.assessment.answers) == len(whole["answers"])
    with page.context.browser.new_context() as other:  # type: ignore[union-attr]
        fresh = other.new_page()
        fresh.goto(f"{member_site}es/assessment/")
        expect(fresh.locator(".item-text")).to_be_visible()
        for passphrase in ("wrong", PASSPHRASE):
            upload(fresh, [(name, content)])
            fresh.locator("csbp-files dialog [name=passphrase]").fill(passphrase)
            fresh.locator("csbp-files dialog form button").first.click()
            if passphrase == "wrong":
                expect(fresh.locator(".refused li")).to_contain_text("frase de contraseña no abre")
        expect(fresh.locator("[data-site]").first).to_have_text(SECRET)


def test_no_request_of_a_whole_session_leaves_the_site_or_carries_data(
    context: BrowserContext, member_site: str
) -> None:
    """Answering, files, passphrase, merge, report, planner: only GETs of the site's own files, no query, no body."""
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))
    data = catalogue(member_site)
    page = context.new_page()
    open_assessment(page, member_site, full(data, share=0.5, site=SECRET))
    upload(page, [("other.csbp.json", as_file(assessment(data, full(data, 2, 0.5)["answers"], 1)))], "bring")
    page.locator("csbp-merge [name=newest]").click()
    bring_together(page)
    page.locator(".answer-more").evaluate("part => part.open = true")
    page.locator(".run-item [name=note]").fill(f"note {SECRET}")
    protect(page)
    download(page, "csbp-files [name=save]")
    saved(page)
    page.goto(f"{member_site}es/report/")
    page.locator("[name=language]").select_option("both")
    expect(page.locator(".report")).to_have_count(2)
    download(page, "[name=plan]")
    page.locator("[name=share]").click()
    download(page, "[name=send]")
    page.goto(f"{member_site}certification/")
    page.locator("[name=admission]").fill("2026-08-31")
    download(page, "[name=calendar]")
    page.goto(f"{member_site}{CHAPTER}")
    expect(page.locator("#IT-01 csbp-answer form")).to_be_visible()
    assert len(asked) > 10
    for request in asked:
        assert request.url.startswith((member_site, f"blob:{member_site}")), request.url
        assert request.method == "GET"
        assert request.post_data_buffer is None
        assert "?" not in request.url
        assert SECRET.lower() not in request.url.lower()
