"""What the tests of the self-assessment share: files to open, and a look into the browser's database.

Enters: the built member site. Leaves: assessments as Python dictionaries in the form of guide/assessment.py.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, expect

from guide.assessment_file import fingerprint

Json = dict[str, Any]
RECORDS = """async () => {
  const request = indexedDB.open("csbp-assessment");
  const base = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const table = base.transaction("records").objectStore("records");
  const [keys, values] = [table.getAllKeys(), table.getAll()];
  await new Promise((resolve) => (values.onsuccess = resolve));
  base.close();
  const bytes = (value) => Array.from(new Uint8Array(value.buffer ?? value));
  const binary = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  const plain = (key, value) => binary(value) ? { bytes: bytes(value) } : value;
  return JSON.stringify(keys.result.map((key, place) => [key, values.result[place]]), plain);
}"""

expect.set_options(timeout=20_000)
"""Milliseconds; eight workers on two cores are slow, and no test waits for nothing."""


def records(page: Page) -> dict[str, Any]:
    """Everything in the browser's database, by name."""
    return dict(json.loads(page.evaluate(RECORDS)))


def stored(page: Page, item: str) -> Json:
    """The stored answer to one requirement; {} where there is none."""
    return next((value for key, value in records(page).items() if key.endswith(f"/{item}")), {})


def catalogue(site: str, lang: str = "en") -> Json:
    """The slim catalogue that the pages fetch."""
    with urllib.request.urlopen(f"{site}data/assessment.{lang}.json") as answer:
        found: Json = json.load(answer)
    return found


def answer_to(item: Json, level: int | None, **fields: Any) -> Json:
    """A whole answer to a requirement of the slim catalogue."""
    return {
        "level": level, "na": None, "evidence": [], "alternative": None, "note": "", "owner": "", "due": None,
        "target": None, "text_hash": item["hash"], "asked": {"lang": "en", "text": item["text"]}, "by": "",
        "updated": "2026-11-20T10:00:00.000Z", "auditor_level": None, **fields,
    }  # fmt: skip


def evidence(date: str | None, reference: str = "Log 7") -> Json:
    """A pointer to a record."""
    return {
        "type": "record", "reference": reference, "custodian": "Security office", "date": date, "verified_by": None,
        "verified_on": None,
    }  # fmt: skip


def assessment(data: Json, answers: Json, number: int = 1, **fields: Any) -> Json:
    """A whole file with these answers and a fingerprint that fits."""
    whole = {
        "format": "csbp-assessment", "schema": 1, "edition": data["edition"], "id": str(UUID(int=number)),
        "site": "North quay", "scope": "All shifts", "review_date": "2026-11-22", "target": 3, "language": "en",
        "marking": None, "created": "2026-11-20T08:00:00.000Z", "updated": "2026-11-20T10:00:00.000Z",
        "risk": {"IT": 3}, "answers": answers, "snapshots": [], **fields,
    }  # fmt: skip
    return {**whole, "fingerprint": fingerprint(whole)}


def full(data: Json, seed: int = 1, share: float = 1.0, **fields: Any) -> Json:
    """An assessment with answers of every kind to a `share` of the requirements."""
    pick = Random(seed)
    answers = {}
    for item in data["requirements"]:
        level = pick.choice([0, 1, 2, 2, 3, 3, 3, 4])
        dated = [evidence(pick.choice(["2026-09-01", "2026-05-02", "2024-01-15"]))]
        na = {"reason": "The activity does not exist at this site", "approved_by": "Accountable manager"}
        if pick.random() <= share:
            answers[item["id"]] = answer_to(
                item, level, evidence=dated if level >= 2 and pick.random() < 0.8 else [],
                na=na if pick.random() < 0.05 else None, note=pick.choice(["", "Two posts are vacant at night."]),
                owner=pick.choice(["", "Shift supervisor"]), due=pick.choice([None, "2027-03-01", "2026-10-01"]),
                by="Security manager",
            )  # fmt: skip
    return assessment(data, answers, seed, **fields)


def upload(page: Page, files: Iterable[tuple[str, bytes]], how: str = "open") -> None:
    """Opens files on the assessment page (`how`: open, bring)."""
    chosen: list[Any] = [{"name": name, "mimeType": "application/json", "buffer": content} for name, content in files]
    page.locator(f"input[name={how}]").set_input_files(chosen)


def as_file(whole: Json) -> bytes:
    """The bytes of a file."""
    return json.dumps(whole, ensure_ascii=False).encode()


def open_assessment(page: Page, site: str, whole: Json | None = None, lang: str = "") -> None:
    """The assessment page, ready; with an assessment opened in it where one is given."""
    page.goto(f"{site}{lang}assessment/")
    expect(page.locator(".item-text")).to_be_visible()
    if whole is not None:
        upload(page, [("team.csbp.json", as_file(whole))])
        expect(page.locator("[data-site]").first).to_have_text(whole["site"])
        saved(page)


def saved(page: Page) -> None:
    """Waits until everything is stored; from now on a watched page may be left (tests/browser.py)."""
    expect(page.locator("csbp-status")).to_have_attribute("data-state", "saved")
    page.evaluate("window.unseen = false")


def bring_together(page: Page) -> None:
    """Applies a comparison that has no open question, and waits until it is stored."""
    page.locator("csbp-merge [name=apply]").click()
    expect(page.locator("csbp-merge")).to_contain_text("Brought together")
    saved(page)


def download(page: Page, button: str) -> tuple[str, bytes]:
    """Name and content of the file that a button gives."""
    with page.expect_download() as waiting:
        page.locator(button).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
