"""A double click, Enter pressed twice, a click while something is written: done once, and to what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect

from tests.assessing import (
    Json,
    answer_to,
    as_file,
    assessment,
    catalogue,
    evidence,
    open_assessment,
    records,
    saved,
    stored,
    upload,
)
from tests.browser import CHAPTER

SLOW = """() => {
  const { subtle } = crypto
  for (const name of ["digest", "deriveBits"]) {
    const work = subtle[name].bind(subtle)
    Object.getPrototypeOf(subtle)[name] = async (...all) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      return work(...all)
    }
  }
}"""
"""A laptop that takes its time over fingerprints and passphrases."""


@pytest.fixture(scope="module")
def data(member_site: str) -> Json:
    """The slim catalogue."""
    return catalogue(member_site)


def kinds(page: Page, kind: str) -> list[str]:
    """The keys of the stored records of a kind."""
    return [key for key in records(page) if key.startswith(f"{kind}/")]


def few(data: Json, **fields: object) -> Json:
    """An assessment with three answers."""
    return assessment(data, {one["id"]: answer_to(one, 3, **fields) for one in data["requirements"][:3]})


def open_report(page: Page, site: str) -> None:
    """The report page with its document."""
    page.goto(f"{site}report/")
    expect(page.locator(".report-body > *").first).to_be_visible()


def test_a_round_is_frozen_once(page: Page, member_site: str, data: Json) -> None:
    """Enter pressed twice while the fingerprint is still worked out."""
    open_assessment(page, member_site, few(data))
    open_report(page, member_site)
    page.evaluate(SLOW)
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill("Spring")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".report-said")).to_contain_text("Frozen")
    saved(page)
    page.wait_for_timeout(1000)
    assert len(kinds(page, "round")) == 1


def test_a_hand_over_is_what_was_chosen_when_it_was_saved(page: Page, member_site: str, data: Json) -> None:
    """Another level that is chosen while the file is made changes nothing in it."""
    open_assessment(page, member_site, few(data, note="Ziggurat", evidence=[evidence("2026-09-01", "Ziggurat")]))
    open_report(page, member_site)
    page.locator("[name=share]").click()
    page.locator("[name=level][value=full]").check()
    expect(page.locator(".leaving-text")).to_contain_text("Ziggurat")
    page.evaluate(SLOW)
    files: list[Download] = []
    page.on("download", lambda file: files.append(file))
    page.evaluate(
        """() => {
          const dialog = document.querySelector("dialog.sharing")
          dialog.querySelector("[value=headquarters]").click()
          dialog.querySelector("[name=send]").click()
          dialog.querySelector("[value=auditor]").click()
        }"""
    )
    expect(page.locator(".report-said")).to_contain_text("Write the fingerprint")
    page.wait_for_timeout(1000)
    assert [file.suggested_filename for file in files] == ["csbp-headquarters-2026-11-22.csbp.json"]
    assert "Ziggurat" not in Path(files[0].path()).read_text(encoding="utf-8")


def test_no_hand_over_is_sealed_with_an_empty_passphrase(page: Page, member_site: str, data: Json) -> None:
    """A second click while the first file is sealed finds no passphrase, so it must seal nothing."""
    open_assessment(page, member_site, few(data))
    open_report(page, member_site)
    page.locator("[name=share]").click()
    expect(page.locator(".leaving table")).to_be_visible()
    page.locator(".leaving-sealed").evaluate("part => part.open = true")
    for field in page.locator(".leaving-sealed input").all():
        field.fill("four unusual words here")
    page.evaluate(SLOW)
    files: list[Download] = []
    page.on("download", lambda file: files.append(file))
    page.locator("[name=send]").dblclick()
    expect(page.locator(".report-said")).to_contain_text("Write the fingerprint")
    page.wait_for_timeout(1500)
    assert [json.loads(Path(file.path()).read_text())["format"] for file in files] == ["csbp-assessment-encrypted"]


def test_a_double_click_removes_one_piece_of_evidence(page: Page, member_site: str, data: Json) -> None:
    """The row below moves up under the pointer."""
    pieces = [evidence("2026-09-01", f"Log {number}") for number in (1, 2, 3)]
    item = next(one for one in data["requirements"] if one["id"] == "IT-01")
    open_assessment(page, member_site, assessment(data, {"IT-01": answer_to(item, 3, evidence=pieces)}))
    page.goto(f"{member_site}{CHAPTER}")
    page.locator("#IT-01 .answer-more").evaluate("part => part.open = true")
    page.locator("#IT-01 [name=remove]").first.click()
    page.locator("#IT-01 [name=remove]").first.dispatch_event("click", {"detail": 2})
    saved(page)
    assert [one["reference"] for one in stored(page, "IT-01")["evidence"]] == ["Log 2", "Log 3"]


def test_a_double_click_confirms_one_reworded_requirement(page: Page, member_site: str, data: Json) -> None:
    """The next one moves up under the pointer, and nobody has read it yet."""
    old = {"en": "0" * 12, "es": "0" * 12}
    asked = {"lang": "en", "text": "As it was."}
    open_assessment(page, member_site, few(data, text_hash=old, asked=asked))
    page.locator("csbp-carry details").evaluate("part => part.open = true")
    page.locator("csbp-carry [name=confirm]").first.click()
    expect(page.locator("csbp-carry .carried")).to_have_count(2)
    page.locator("csbp-carry [name=confirm]").first.dispatch_event("click", {"detail": 2})
    page.wait_for_timeout(500)
    expect(page.locator("csbp-carry .carried")).to_have_count(2)


def test_one_assessment_is_begun(page: Page, member_site: str, data: Json) -> None:
    """By a double click on the button, and by the first lines from paper."""
    line = f"{data['requirements'][0]['id']} {data['requirements'][0]['check']} 2"
    open_assessment(page, member_site)
    page.locator("csbp-entry textarea").fill(line)
    expect(page.locator("[name=enter]")).to_be_enabled()
    page.evaluate("() => { const enter = document.querySelector('[name=enter]'); enter.click(); enter.click() }")
    expect(page.locator(".entry-count")).to_contain_text("1 entered")
    saved(page)
    assert len(kinds(page, "head")) == 1
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("csbp-details [name=new]").dblclick()
    saved(page)
    assert len(kinds(page, "head")) == 2


def test_files_are_brought_together_once(page: Page, member_site: str, data: Json) -> None:
    """A second click does not compare anew what the first has just changed."""
    mine, theirs = few(data), few(data, owner="Port captain")
    open_assessment(page, member_site, mine)
    upload(page, [("theirs.csbp.json", as_file(theirs))], "bring")
    expect(page.locator("csbp-merge [name=apply]")).to_be_enabled()
    page.evaluate(
        "() => { const apply = document.querySelector('csbp-merge [name=apply]'); apply.click(); apply.click() }"
    )
    expect(page.locator("csbp-merge")).to_contain_text("Brought together")
    saved(page)
    page.wait_for_timeout(500)
    expect(page.locator("csbp-merge")).to_contain_text("Brought together")


def test_a_verdict_on_a_fingerprint_is_taken_off_with_what_it_was_about(
    page: Page, member_site: str, data: Json
) -> None:
    """Another mark, or another file while one is still read: what was found before does not stand beside it."""
    whole = few(data)
    page.goto(f"{member_site}fingerprint/")
    page.locator("[name=mark]").fill(whole["fingerprint"][:16])
    content = as_file(whole)
    page.locator("[name=file]").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": content})
    page.locator("csbp-check button").click()
    expect(page.locator(".checked")).to_contain_text("This is the file")
    page.locator("[name=mark]").fill("0" * 16)
    expect(page.locator(".checked")).to_be_empty()
    page.evaluate(SLOW)
    page.locator("[name=mark]").fill(whole["fingerprint"][:16])
    page.locator("csbp-check button").click()
    page.locator("[name=mark]").fill("0" * 16)
    page.wait_for_timeout(1500)
    expect(page.locator(".checked")).to_be_empty()


def test_a_lock_while_a_file_is_to_be_sealed_can_be_opened_again(
    context: BrowserContext, page: Page, member_site: str, data: Json
) -> None:
    """The question for a passphrase goes with the lock: hidden, it would keep every other part from being reached."""
    open_assessment(page, member_site, few(data))
    page.locator("#this-device").evaluate("part => part.open = true")
    for field in page.locator(".set-passphrase input").all():
        field.fill("cable harbour lantern")
    page.locator(".set-passphrase button").first.click()
    expect(page.locator(".device-said")).not_to_be_empty()
    page.locator("csbp-files [name=seal]").click()
    page.locator("csbp-files dialog [name=passphrase]").fill("half typed")
    other = context.new_page()
    other.goto(f"{member_site}{CHAPTER}")
    other.locator("csbp-status [name=lock]").click()
    page.bring_to_front()
    field = page.locator("csbp-status [name=passphrase]")
    expect(field).to_be_visible()
    field.click()
    field.fill("cable harbour lantern")
    field.press("Enter")
    expect(page.locator(".item-text")).to_be_visible()
    assert page.locator("csbp-files dialog [name=passphrase]").input_value() == ""


def test_an_answer_to_another_wording_is_marked_where_it_stands(page: Page, member_site: str, data: Json) -> None:
    """In its chapter and in the assessment, in both languages, until it is given anew or confirmed."""
    old = {"en": "0" * 12, "es": "0" * 12}
    one, two, three = [item for item in data["requirements"] if item["chapter"] == "IT"][:3]
    answers = {one["id"]: answer_to(one, 2, text_hash=old), two["id"]: answer_to(two, 2, text_hash=old)}
    answers[three["id"]] = answer_to(three, 2)
    open_assessment(page, member_site, assessment(data, answers))
    for lang, words in (("es/", "Con respuesta a otra redacción"), ("", "Answered under another wording")):
        page.goto(f"{member_site}{lang}{CHAPTER}")
        expect(page.locator(f"#{one['id']} .answer-reworded")).to_contain_text(words)
        expect(page.locator(f"#{three['id']} .answer-result")).to_be_visible()
        expect(page.locator(f"#{three['id']} .answer-reworded")).to_be_hidden()
    page.locator(f"#{one['id']} [name=note]").evaluate("field => field.closest('details').open = true")
    page.locator(f"#{one['id']} [name=note]").fill("A note answers nothing anew")
    expect(page.locator(f"#{one['id']} .answer-reworded")).to_be_visible()
    page.locator(f"#{one['id']} input[value='3']").check()
    expect(page.locator(f"#{one['id']} .answer-reworded")).to_be_hidden()
    saved(page)
    open_assessment(page, member_site)
    page.locator("[name=view]").select_option("confirm")
    expect(page.locator(".run-item .requirement-id")).to_have_text(two["id"])
    expect(page.locator(".run-item .answer-reworded")).to_be_visible()
    page.locator("csbp-carry details").evaluate("part => part.open = true")
    page.locator("csbp-carry [name=confirm]").click()
    expect(page.locator(".run-item .answer-reworded")).to_be_hidden()
