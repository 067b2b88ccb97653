"""The preview of a hand-over in words: every field has its name, everything it says can be read, nothing is hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from guide.assessment import Assessment
from tests.assessing import Json, answer_to, assessment, catalogue, evidence, open_assessment

FIGURES = {
    "year", "overall.attainment", "overall.weighted_level", "overall.completeness", "overall.provisional",
    "overall.band", "overall.critical_gaps", "overall.gaps", "domains.domain", "domains.attainment",
    "domains.critical_gaps",
}  # fmt: skip
"""What the anonymous file holds beyond the fields of an assessment."""
NAMES = """() => [...document.getElementById("csbp-names").content.querySelectorAll("li")]
  .map((one) => [one.dataset.path, one.textContent.trim()])"""


@pytest.fixture(scope="module")
def data(member_site: str) -> Json:
    """The slim catalogue."""
    return catalogue(member_site)


def fields(model: Json, shapes: Json, path: str = "") -> Iterator[str]:
    """Every path below `path` at which the file format may say something, as the preview writes it."""
    for kind in model.get("anyOf", [model]):
        kind = shapes[kind["$ref"].rpartition("/")[2]] if "$ref" in kind else kind
        keyed = kind.get("additionalProperties") or next(iter(kind.get("patternProperties", {}).values()), None)
        if kind.get("type") == "array":
            yield from fields(kind["items"], shapes, path)
        elif "properties" in kind:
            for name, inner in kind["properties"].items():
                yield from fields(inner, shapes, f"{path}.{name}" if path else name)
        elif kind.get("type") == "object" and keyed:
            yield from fields(keyed, shapes, f"{path}.*")
        else:
            yield path


def whole(data: Json) -> Json:
    """An assessment in which something stands in most fields."""
    one, two, three = data["requirements"][:3]
    na = {"reason": "No vessels call at this site", "approved_by": "Accountable manager"}
    dated = [{**evidence("2026-09-01"), "verified_by": "Deputy", "verified_on": "2026-09-02"}]
    answers = {
        one["id"]: answer_to(one, 3, evidence=dated, note="One vacancy", owner="Shift supervisor", by="Marta"),
        two["id"]: answer_to(two, 3, evidence=dated, note="Two\nvacancies", alternative="A patrol", due="2027-03-01"),
        three["id"]: answer_to(three, None, na=na, by="Marta"),
    }
    return assessment(data, answers, marking="RESTRICTED")


def open_preview(page: Page, site: str, data: Json, lang: str = "", *, frozen: bool = True) -> None:
    """The dialog, for an assessment with a frozen round."""
    open_assessment(page, site, whole(data), lang)
    page.goto(f"{site}{lang}report/")
    if frozen:
        page.locator("[name=freeze]").click()
        page.locator("dialog [name=title]").fill("Spring")
        page.locator("form.freeze button").first.click()
        expect(page.locator(".report-said")).not_to_be_empty()
    page.locator("[name=share]").click()
    expect(page.locator(".leaving table")).to_be_visible()


def choose(page: Page, level: str) -> None:
    """Another receiver, and the preview for it."""
    page.locator(f"dialog [name=level][value={level}]").check()
    kind = "csbp-figures" if level == "anonymous" else "csbp-assessment"
    expect(row(page, "format")).to_contain_text(kind)


def row(page: Page, path: str) -> Locator:
    """The row of a field."""
    return page.locator(".leaving-row").filter(has=page.locator(f'code:text-is("{path}")'))


@pytest.mark.parametrize("lang", ["", "es/"], ids=["en", "es"])
def test_every_field_of_the_file_format_has_a_name_in_words(page: Page, member_site: str, lang: str) -> None:
    """A field that the format gains needs a name here, and no name stays for a field that is gone."""
    page.goto(f"{member_site}{lang}report/")
    names: list[list[str]] = page.evaluate(NAMES)
    schema: dict[str, Any] = Assessment.model_json_schema(by_alias=True)
    wanted = set(fields(schema, schema["$defs"])) | FIGURES
    assert {path for path, _ in names} == wanted
    assert len(names) == len(wanted)
    assert all(name and name not in path for path, name in names)


@pytest.mark.parametrize("lang", ["", "es/"], ids=["en", "es"])
def test_no_level_shows_a_field_by_its_path_alone(page: Page, member_site: str, data: Json, lang: str) -> None:
    """With a frozen round, whatever the receiver: the group for fields without a name stays empty."""
    open_preview(page, member_site, data, lang)
    for level in ("full", "auditor", "headquarters", "anonymous"):
        choose(page, level)
        assert "" not in page.locator(".leaving-row th span").all_text_contents()
        assert page.locator(".leaving tbody").last.locator(".leaving-row").count() == 0
        expect(page.locator(".leaving tbody").last).to_be_hidden()


def test_everything_that_a_field_says_can_be_read_with_where_it_stands(
    page: Page, member_site: str, data: Json
) -> None:
    """The number of entries, the first one, and on demand each thing said once with its requirements."""
    one, two, three = (item["id"] for item in data["requirements"][:3])
    open_preview(page, member_site, data, frozen=False)
    choose(page, "full")
    note, by, level = (row(page, f"answers.*.{name}") for name in ("note", "by", "level"))
    assert note.locator("td").first.inner_text() == "2"
    expect(note.locator("li").first).to_be_hidden()
    note.locator("summary").press("Enter")
    assert note.locator("li").all_inner_texts() == [f"One vacancy {one}", f"Two\nvacancies {two}"]
    assert by.locator("li").all_text_contents() == [f"Marta  {one} {three}"]
    assert level.locator("li").all_text_contents() == [f"3  {one} {two}"]
    expect(row(page, "risk.*")).to_contain_text("3 IT")
    expect(row(page, "answers.*.na.reason").locator("bdi")).to_have_text("No vessels call at this site")
    expect(row(page, "marking")).to_contain_text("Handling mark")
    expect(row(page, "answers.*.auditor_level")).to_contain_text("empty")
    assert page.locator('code:text-is("answers.*.na")').count() == 0


def test_what_a_level_empties_is_called_left_out(page: Page, member_site: str, data: Json) -> None:
    """Field by field where others of the group leave, once for a group of which nothing does."""
    open_preview(page, member_site, data)
    none = page.locator(".leaving-none:visible")
    auditor = {"note", "owner", "by", "said.*"}
    pointers = {f"evidence.{name}" for name in ("reference", "custodian", "verified_by", "verified_on")}
    headquarters = auditor | pointers | {"alternative"}
    for level, gone, rounds in (("full", set(), 0), ("auditor", auditor, 1), ("headquarters", headquarters, 1)):
        choose(page, level)
        left = page.locator(".leaving-row[data-left]:visible code").all_inner_texts()
        assert {path.removeprefix("answers.*.") for path in left if path.startswith("answers.")} == gone
        assert all(row(page, path).locator("b").inner_text() == "left out" for path in left)
        expect(none).to_have_count(5 * rounds)
    choose(page, "anonymous")
    expect(row(page, "site")).to_contain_text("left out")
    expect(row(page, "overall.attainment").locator("td").first).to_have_text("1")
    assert "".join(row(page, "domains.attainment").locator("small").all_text_contents()).split() == list("ABCDEF")


def test_a_field_without_a_name_is_shown_by_its_path(page: Page, member_site: str, data: Json) -> None:
    """Even if words are missing, nothing leaves unseen."""
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.getElementById('csbp-names')"
        "?.content.querySelector('[data-path=\"answers.*.note\"]').remove())"
    )
    open_preview(page, member_site, data)
    choose(page, "full")
    stranger = page.locator(".leaving tbody").last.locator(".leaving-row")
    expect(stranger).to_have_count(1)
    expect(stranger).to_contain_text("answers.*.note")
    expect(stranger).to_contain_text("One vacancy")


def test_technical_fields_stand_together_and_say_what_they_are_for(page: Page, member_site: str, data: Json) -> None:
    """Format, version, identifiers, hashes and fingerprints are the last named group, under a sentence."""
    open_preview(page, member_site, data)
    choose(page, "full")
    group = page.locator(".leaving tbody").nth(-2)
    expect(group.locator(".leaving-group")).to_contain_text("notices damage")
    assert set(group.locator("code").all_text_contents()) == {
        "format", "schema", "id", "fingerprint", "said.*", "answers.*.said.*", "answers.*.text_hash.en",
        "answers.*.text_hash.es", "snapshots.id",
        "snapshots.fingerprint", "snapshots.answers.*.text_hash.en", "snapshots.answers.*.text_hash.es",
    }  # fmt: skip


def test_nothing_can_be_handed_over_before_the_report_is_made(page: Page, member_site: str, data: Json) -> None:
    """On a slow line the buttons wait for the catalogue; the dialog is never empty."""
    open_assessment(page, member_site, whole(data))
    waiting: list[Route] = []
    page.route("**/data/assessment.en.json", lambda route: waiting.append(route))
    page.goto(f"{member_site}report/", wait_until="commit")
    expect(page.locator("csbp-status a")).to_be_visible()
    page.wait_for_timeout(500)
    assert waiting
    expect(page.locator(".report-tools")).to_be_hidden()
    for route in waiting:
        route.continue_()
    page.locator("[name=share]").click()
    expect(page.locator(".leaving table")).to_be_visible()


def test_a_level_chosen_in_the_last_moment_is_what_leaves(page: Page, member_site: str, data: Json) -> None:
    """Choosing anonymous and saving in one breath never gives the auditor's file under the anonymous name."""
    open_preview(page, member_site, data, frozen=False)
    with page.expect_download() as waiting:
        page.evaluate(
            """() => {
              const dialog = document.querySelector("dialog.sharing")
              dialog.querySelector("[value=headquarters]").click()
              dialog.querySelector("[value=anonymous]").click()
              dialog.querySelector("[name=send]").click()
            }"""
        )
    assert waiting.value.suggested_filename.startswith("csbp-anonymous-")
    assert json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["format"] == "csbp-figures"
