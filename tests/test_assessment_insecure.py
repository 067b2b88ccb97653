"""Over plain http, where browsers offer no cryptography: assessments go on, and what does not work is said in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from guide.assessment_file import open_file
from tests.assessing import answer_to, as_file, assessment, catalogue, download, open_assessment, saved, stored, upload
from tests.browser import CHAPTER, watched

PLAIN = "http://guide.test/"
"""Not the device itself and without TLS, so not a secure context."""
SEALED = {
    "format": "csbp-assessment-encrypted", "schema": 1,
    "kdf": {"name": "PBKDF2", "hash": "SHA-256", "iterations": 600_000, "salt": "A" * 22 + "=="},
    "cipher": {"name": "AES-GCM", "iv": "A" * 16}, "data": "AAAA",
}  # fmt: skip
AT_ONCE = """([start, field]) => {
  const say = (round) => {
    for (let number = 1; number < 9; number += 1) {
      const control = document.querySelector(`#IT-0${number} [name=${field}]`);
      control.value = round;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (round === 39) document.documentElement.dataset.said = "all";
  };
  for (let round = 0; round < 40; round += 1) setTimeout(say, start - Date.now() + 25 * round, round);
}"""
"""Writes rounds 0 to 39 into a field of eight requirements, from a moment on; other tabs do so at the same moments."""
WORDS = {"": "not opened over a secure connection", "es/": "no se abrió con una conexión segura"}


@pytest.fixture
def plain(context: BrowserContext, member_site: str) -> Iterator[Page]:
    """A tab that reads the member site over plain http, in which nothing goes wrong."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLAIN)
        route.fulfill(response=route.fetch(url=f"{member_site}{path}"))

    context.route(f"{PLAIN}**", answer)
    page = context.new_page()
    with watched(page, PLAIN) as wrong:
        yield page
        context.unroute_all(behavior="ignoreErrors")  # a picture may still be on its way
    assert not wrong


def test_an_assessment_begins_over_plain_http_and_its_file_opens(plain: Page, tmp_path: Path) -> None:
    """An answer in a chapter begins one, under an identifier of the usual form; Python opens what is saved."""
    plain.goto(f"{PLAIN}{CHAPTER}")
    assert plain.evaluate("isSecureContext") is False
    plain.locator("#IT-01 input[value='2']").check()
    saved(plain)
    open_assessment(plain, PLAIN)
    _, content = download(plain, "csbp-files [name=save]")
    whole = json.loads(content)
    assert (UUID(whole["id"]).version, UUID(whole["id"]).variant) == (4, "specified in RFC 4122")
    (tmp_path / "plain.csbp.json").write_bytes(content)
    assert open_file(tmp_path / "plain.csbp.json").assessment.answers["IT-01"].level == 2


@pytest.mark.parametrize("lang", WORDS)
def test_what_needs_encryption_is_not_offered_over_plain_http_and_the_page_says_why(
    plain: Page, page: Page, member_site: str, lang: str
) -> None:
    """Sealing, passphrase, freezing and checking give way to a sentence, which stands on no page that is secure."""
    data = catalogue(member_site)
    whole = assessment(data, {one["id"]: answer_to(one, 2) for one in data["requirements"][:3]})
    for tab, site, secure in ((plain, PLAIN, False), (page, member_site, True)):
        open_assessment(tab, site, whole, lang)
        tab.locator("#this-device").evaluate("part => part.open = true")
        said = tab.get_by_text(WORDS[lang])
        for path, controls in (
            ("assessment/", ("csbp-files [name=seal]", ".set-passphrase", ".health", "[name=persist]")),
            ("report/", ("[name=freeze]",)),
            ("fingerprint/", ("csbp-check form",)),
        ):
            if path != "assessment/":
                tab.goto(f"{site}{lang}{path}")
            for control in controls:
                expect(tab.locator(control)).to_be_visible(visible=secure)
            for sentence in said.all():
                expect(sentence).to_be_visible(visible=not secure)
            assert said.count() >= 1


def test_a_sealed_file_is_refused_over_plain_http_with_the_reason(plain: Page) -> None:
    """Nobody is asked for a passphrase that could not be used, nor told that it was wrong."""
    open_assessment(plain, PLAIN)
    upload(plain, [("sealed.csbp.json", json.dumps(SEALED).encode())])
    expect(plain.locator(".refused")).to_contain_text("was not opened over a secure connection")
    expect(plain.locator("csbp-files dialog")).to_be_hidden()


def test_report_and_hand_over_work_over_plain_http(plain: Page, page: Page, member_site: str) -> None:
    """A round frozen elsewhere is shown, neither confirmed nor called altered; a hand-over has no fingerprint."""
    data = catalogue(member_site)
    open_assessment(page, member_site, assessment(data, {one["id"]: answer_to(one, 2) for one in data["requirements"]}))
    page.goto(f"{member_site}report/")
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill("Spring")
    page.locator("form.freeze button").first.click()
    expect(page.locator(".report-said")).to_contain_text("Frozen")
    saved(page)
    open_assessment(page, member_site)
    _, content = download(page, "csbp-files [name=save]")
    saved(page)
    open_assessment(plain, PLAIN, json.loads(content))
    plain.goto(f"{PLAIN}report/")
    expect(plain.locator(".report")).to_contain_text("Spring")
    expect(plain.locator(".report-cover code")).to_have_count(0)
    assert "does not fit" not in plain.locator(".report").inner_text()
    plain.locator("[name=share]").click()
    expect(plain.locator(".leaving table")).to_be_visible()
    _, handed = download(plain, "[name=send]")
    whole = json.loads(handed)
    assert (whole["fingerprint"], whole["snapshots"]) == (None, [])
    upload_again = as_file(whole)
    open_assessment(page, member_site)
    upload(page, [("auditor.csbp.json", upload_again)])
    expect(page.locator(".refused")).to_be_empty()


def test_two_tabs_that_write_at_the_same_moment_keep_both_over_plain_http(plain: Page, context: BrowserContext) -> None:
    """No lock can be had there: what is stored is read and written over in one step."""
    plain.goto(f"{PLAIN}{CHAPTER}")
    plain.locator("#IT-01 input[value='2']").check()
    saved(plain)
    other = context.new_page()
    for tab in (plain, other):
        tab.goto(f"{PLAIN}{CHAPTER}")
        expect(tab.locator("#IT-01 csbp-answer form")).to_be_visible()
    assert plain.evaluate("navigator.locks === undefined")
    start = plain.evaluate("Date.now()") + 1000
    for tab, field in ((plain, "note"), (other, "owner")):
        tab.evaluate(AT_ONCE, [start, field])
    for tab in (plain, other):
        expect(tab.locator("html")).to_have_attribute("data-said", "all")
        saved(tab)
    answers = [stored(plain, f"IT-{number:02}") for number in range(1, 9)]
    assert [(one["note"], one["owner"]) for one in answers] == [("39", "39")] * 8
