"""The gap report, hand-over, rounds, fingerprint check and planner in the browser, held against Python."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from guide.assessment_file import fingerprint, open_file
from guide.export.catalogue import catalogue_json
from guide.guide import Guide
from guide.lifecycle import calendar, milestones
from guide.load import load
from guide.marks import IN_STEP
from guide.report.catalogue import Catalogue
from guide.report.reading import Reading, read
from tests.assessing import (
    Json,
    answer_to,
    as_file,
    assessment,
    catalogue,
    download,
    evidence,
    full,
    open_assessment,
    saved,
)

ROOT = Path(__file__).parent.parent


CUT_WORDS = """cells => cells.flatMap((cell) => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), cut = [];
  for (let node; (node = walker.nextNode());)
    for (const { 0: word, index } of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) cut.push(word);
    }
  return cut;
})"""
"""The words of some cells that stand on two lines."""


@pytest.fixture(scope="module")
def data(member_site: str) -> Json:
    """The slim catalogue."""
    return catalogue(member_site)


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The guide's data."""
    return load(ROOT).guide


def in_python(whole: Json, guide: Guide, folder: Path) -> Reading:
    """The same file as `guide report` reads it."""
    path = folder / "team.csbp.json"
    path.write_bytes(as_file(whole))
    return read(open_file(path), Catalogue.model_validate_json(catalogue_json(guide, IN_STEP)))


def open_report(page: Page, site: str, lang: str = "") -> None:
    """The report page with its document."""
    page.goto(f"{site}{lang}report/")
    expect(page.locator(".report").first).to_be_visible()


@pytest.mark.parametrize("address", ["report/", "es/assessment/"])
def test_the_catalogue_is_asked_for_with_the_page_and_once(page: Page, member_site: str, address: str) -> None:
    """It does not wait for the scripts, and what came early is what they use."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "data/assessment." in request.url else None)
    page.goto(f"{member_site}{address}", wait_until="networkidle")
    assert len(asked) == 1
    entry = "performance.getEntriesByType('resource').find(({ name }) => name.includes('data/assessment.'))"
    assert page.evaluate(f"{entry}.initiatorType") == "link"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_report_says_what_python_says(
    page: Page, member_site: str, data: Json, guide: Guide, tmp_path: Path, lang: str
) -> None:
    """Headline, domains, chapters, critical gaps and order of priorities are those of `guide report`."""
    whole = full(data, 3, 0.9)
    reading = in_python(whole, guide, tmp_path)
    open_assessment(page, member_site, whole)
    open_report(page, member_site, "es/" if lang == "es" else "")
    figure = f"{reading.result.overall.attainment:.1f}"
    wanted = f"{figure}%" if lang == "en" else f"{figure.replace('.', ',')}\u00a0%"
    expect(page.locator(".figures-row dd").first).to_have_text(wanted)
    expect(page.locator(".figures-row dd").nth(2)).to_have_text(str(reading.result.overall.critical_gaps))
    tables = page.locator("table.totals")
    for place, totals in ((0, reading.result.domains), (1, reading.result.chapters)):
        codes = tables.nth(place).locator("tbody .code").all_text_contents()
        assert codes == [total.key for total in totals]
        critical = tables.nth(place).locator("tbody td:nth-of-type(3)").all_text_contents()
        assert critical == [str(total.critical_gaps) for total in totals]
    assert page.locator("table.plan th b").all_text_contents() == list(reading.result.priorities)
    assert page.locator(".gap").count() == len(reading.result.critical)
    assert page.locator("article.report").get_attribute("lang") == lang


def test_the_same_answers_make_a_report_in_both_languages(page: Page, member_site: str, data: Json) -> None:
    """Chosen in the page, English and Spanish stand one after the other, each marked as its language."""
    open_assessment(page, member_site, full(data, 4, 0.3))
    open_report(page, member_site)
    page.locator("[name=language]").select_option("both")
    expect(page.locator(".report")).to_have_count(2)
    assert [page.locator(".report").nth(n).get_attribute("lang") for n in (0, 1)] == ["en", "es"]
    expect(page.locator(".report").nth(1)).to_contain_text("Brechas críticas")
    first, second = (page.locator(".report").nth(n).locator("table.plan th b").all_text_contents() for n in (0, 1))
    assert first == second


def test_a_provisional_result_is_stamped_and_lists_what_is_open(page: Page, member_site: str, data: Json) -> None:
    """With one answer the report is provisional and names every open requirement."""
    name = data["requirements"][0]["id"]
    open_assessment(page, member_site, assessment(data, {name: answer_to(data["requirements"][0], 2)}))
    open_report(page, member_site)
    expect(page.locator(".stamp")).to_contain_text(str(len(data["requirements"]) - 1))
    expect(page.locator(".report")).to_contain_text(data["requirements"][-1]["id"])


def printed(page: Page) -> list[str]:
    """The lines of each sheet as a browser prints the page, in the order in which they were set."""
    paper = page.pdf(prefer_css_page_size=True)
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=paper, check=True, capture_output=True)
    return read.stdout.decode().split("\f")[:-1]


def test_it_prints_as_a_document_with_mark_edition_and_signatures(page: Page, member_site: str, data: Json) -> None:
    """Every page carries the chosen handling mark, edition and number; controls and navigation stay off the paper."""
    open_assessment(page, member_site, full(data, 5, 0.2, marking="RESTRICTED - NORTH QUAY"))
    open_report(page, member_site)
    pages = printed(page)
    assert len(pages) > 3
    assert all(
        re.fullmatch(r"\d → \d", cell.strip()) for cell in page.locator(".plan td:nth-child(2)").all_text_contents()
    )
    for number, text in enumerate(pages, 1):
        lines = text.strip().split("\n")
        assert not re.match(r"P\d \(\d+\)", lines[-1]), "the title of a table stands alone at the foot of a page"
        assert "RESTRICTED - NORTH QUAY" in text
        assert data["edition"] in text
        assert f"{number} / {len(pages)}" in text
    assert "Approved by the accountable manager" in pages[0].replace("\n", " ")
    assert "Freeze this round" not in "".join(pages)


def test_a_frozen_round_gets_a_fingerprint_a_trend_and_can_be_checked(
    page: Page, member_site: str, data: Json, tmp_path: Path
) -> None:
    """Freezing prints a fingerprint that Python computes too; later answers do not carry it; the check is right."""
    open_assessment(page, member_site, full(data, 6))
    open_report(page, member_site)
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill("Spring round")
    page.locator("dialog [name=state]").select_option("signed")
    page.locator("form.freeze button").first.click()
    expect(page.locator(".report-said")).to_contain_text("Frozen")
    saved(page)
    printed = page.locator(".report-cover code").inner_text()
    expect(page.locator(".trend")).to_be_visible()
    page.goto(f"{member_site}assessment/")
    expect(page.locator(".item-text")).to_be_visible()
    page.locator(".run-item input[value='4']").check()
    saved(page)
    name, content = download(page, "csbp-files [name=save]")
    saved(page)
    (path := tmp_path / name).write_bytes(content)
    opened = open_file(path)
    assert not opened.altered
    round_ = json.loads(content)["snapshots"][0]
    assert fingerprint(round_) == round_["fingerprint"]
    assert round_["fingerprint"].startswith(printed.replace(" ", ""))
    open_report(page, member_site)
    expect(page.locator(".report-cover code")).to_have_count(0)
    forged = json.loads(content)
    first = next(iter(forged["snapshots"][0]["answers"].values()))
    first["note"] += " (changed)"
    forged["fingerprint"] = fingerprint(forged)
    for lang, bytes_, mark, wanted in (
        ("", content, printed, "exactly the round"),
        ("es/", content, printed, "exactamente la ronda"),
        ("", content, "0000 1111 2222 3333", "No round"),
        ("", as_file(forged), printed, "No round"),
        ("", content[:200], printed, "breaks off"),
    ):
        page.goto(f"{member_site}{lang}fingerprint/")
        page.locator("[name=mark]").fill(mark)
        page.locator("[name=file]").set_input_files(
            {"name": "given.json", "mimeType": "application/json", "buffer": bytes_}
        )
        page.locator("csbp-check button").click()
        expect(page.locator(".checked")).to_contain_text(wanted)


def freeze(page: Page, title: str) -> str:
    """The fingerprint of a round frozen now."""
    page.locator("[name=freeze]").click()
    page.locator("dialog [name=title]").fill(title)
    page.locator("form.freeze button").first.click()
    expect(page.locator(".report-said")).to_contain_text("Frozen")
    saved(page)
    return page.locator(".report-said").inner_text().partition(": ")[2]


def test_the_cover_bears_a_fingerprint_only_over_its_own_figures(page: Page, member_site: str, data: Json) -> None:
    """Another target under the same answers is another result; a clock that was ahead hides no later round."""
    open_assessment(page, member_site, full(data, 6, 0.3))
    open_report(page, member_site)
    page.clock.set_fixed_time(datetime(2031, 5, 1, tzinfo=UTC))
    first = freeze(page, "A clock that was ahead")
    expect(page.locator(".report-cover code")).to_have_text(first)
    page.goto(f"{member_site}assessment/")
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=target][value='2']").check()
    saved(page)
    open_report(page, member_site)
    expect(page.locator(".report-cover code")).to_have_count(0)
    page.clock.set_fixed_time(datetime(2026, 11, 22, tzinfo=UTC))
    second = freeze(page, "Now")
    assert second != first
    expect(page.locator(".report-cover code")).to_have_text(second)


def check(page: Page, site: str, mark: str, content: bytes) -> str:
    """What the check page says."""
    page.goto(f"{site}fingerprint/")
    page.locator("[name=mark]").fill(mark)
    page.locator("[name=file]").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": content})
    page.locator("csbp-check button").click()
    expect(page.locator(".checked")).not_to_be_empty()
    return page.locator(".checked").inner_text()


def test_what_was_handed_over_is_checked_by_the_files_own_fingerprint(page: Page, member_site: str, data: Json) -> None:
    """It is shown when the file is saved; a file without rounds is no forgery; a slip of the keyboard neither."""
    open_assessment(page, member_site, full(data, 6, 0.3))
    open_report(page, member_site)
    round_ = freeze(page, "Spring")
    page.locator("[name=share]").click()
    expect(page.locator(".leaving-row").first).to_be_visible()
    _, content = download(page, "[name=send]")
    expect(page.locator(".report-said")).to_contain_text("Write the fingerprint")
    own = page.locator(".report-said").inner_text()[-19:]
    assert json.loads(content)["fingerprint"].startswith(own.replace(" ", ""))
    assert "This is the file" in check(page, member_site, own, content)
    without = check(page, member_site, round_, content)
    assert "handed over without" in without
    assert own in without
    assert "✗" not in without
    for slip in (own[:14], own.replace(" ", "")[:15] + "O", f"Fingerprint {own}"):
        assert "digits and the first six letters" in check(page, member_site, slip, content)


def test_the_browsers_report_names_old_evidence_and_other_wordings_as_pythons_does(
    page: Page, member_site: str, data: Json, guide: Guide, tmp_path: Path
) -> None:
    """Level 2 on old evidence, evidence dated after the review, and answers given to another wording."""
    one, two, three, four = data["requirements"][:4]
    other = {"text_hash": {"en": "0" * 12, "es": "0" * 12}}
    answers = {
        one["id"]: answer_to(one, 2, evidence=[evidence("2022-01-01")]),
        two["id"]: answer_to(two, 3, evidence=[evidence("2026-12-24")]),
        three["id"]: answer_to(three, 1, **other),
        four["id"]: answer_to(four, 1),
    }
    whole = assessment(data, answers)
    reading = in_python(whole, guide, tmp_path)
    open_assessment(page, member_site, whole)
    open_report(page, member_site)
    report = page.locator(".report")
    old = report.locator("div:has(> h4:text('older than the age allowed')) li b")
    ahead = report.locator("div:has(> h4:text('dated after the review date')) li b")
    assert tuple(old.all_text_contents()) == reading.result.review_evidence == (one["id"],)
    assert tuple(ahead.all_text_contents()) == reading.result.evidence_after_review == (two["id"],)
    expect(report.locator("div:has(> h4:text('another wording')) p")).to_have_text(three["id"])
    assert reading.reworded == (three["id"],)


def test_each_language_is_printed_under_its_own_running_lines(page: Page, member_site: str, data: Json) -> None:
    """A Spanish report from the English page, and both after one another; the plan is all in one language."""
    open_assessment(page, member_site, full(data, 5, 0.05, site="Muelle Norte"))
    open_report(page, member_site)
    english, spanish = "Handle as sensitive security information", "Tratar como información sensible"

    page.locator("[name=language]").select_option("es")
    expect(page.locator(".report[lang=es]")).to_be_visible()
    texts = printed(page)
    assert all(spanish in text and english not in text for text in texts), texts
    _, content = download(page, "[name=plan]")
    rows = list(csv.reader(io.StringIO(content.decode("utf-16"), newline=""), delimiter="\t"))
    assert rows[0][0] == "Prioridad"
    days = [row[9] for row in rows[1:] if len(row) > 2]
    assert all(not day or date.fromisoformat(day) for day in days)
    assert ["Autoridad o recinto", "Muelle Norte"] in rows
    assert spanish in rows[-1][1]
    page.locator("[name=language]").select_option("both")
    expect(page.locator(".report")).to_have_count(2)
    texts = printed(page)
    cut = next(place for place, text in enumerate(texts) if spanish in text)
    assert 1 < cut < len(texts) - 2
    assert all(english in text and spanish not in text for text in texts[:cut])
    assert all(spanish in text and english not in text for text in texts[cut:])


def test_nothing_but_the_year_and_figures_is_in_the_anonymous_name_and_no_reason_in_headquarters_file(
    page: Page, member_site: str, data: Json
) -> None:
    """A name of a file tells no review date, and what was said in confidence stays; the score does too."""
    one, two = data["requirements"][:2]
    na = {"reason": "Inspector J. told us that the gate camera is broken", "approved_by": "Accountable manager"}
    brief = {"reason": "short", "approved_by": "Accountable manager"}
    answers = {one["id"]: answer_to(one, None, na=na), two["id"]: answer_to(two, None, na=brief)}
    open_assessment(page, member_site, assessment(data, answers))
    open_report(page, member_site)
    page.locator("[name=share]").click()
    page.locator("[name=level][value=anonymous]").check()
    expect(page.locator(".leaving-text")).to_contain_text("csbp-figures")
    assert download(page, "[name=send]")[0] == "csbp-anonymous-2026.json"
    page.locator("[name=share]").click()
    page.locator("[name=level][value=headquarters]").check()
    expect(page.locator(".leaving-text")).to_contain_text("csbp-assessment")
    _, content = download(page, "[name=send]")
    reasons = [answer["na"]["reason"] for answer in json.loads(content)["answers"].values()]
    assert reasons == ["Reason kept by the authority", ""]


def test_a_passphrase_of_one_letter_seals_no_hand_over(page: Page, member_site: str, data: Json) -> None:
    """Eight characters at least, as for the device."""
    open_assessment(page, member_site, full(data, 7, 0.1))
    open_report(page, member_site)
    page.locator("[name=share]").click()
    page.locator(".leaving-sealed").evaluate("part => part.open = true")
    for field in page.locator(".leaving-sealed input").all():
        field.fill("a")
    page.locator("[name=send]").click()
    expect(page.locator(".leaving-sealed .ask-short")).to_be_visible()
    expect(page.locator("dialog.sharing")).to_be_visible()


@pytest.mark.parametrize("lang", ["", "es/"])
def test_no_word_in_the_head_or_date_of_the_printed_plan_is_cut(
    page: Page, member_site: str, data: Json, lang: str
) -> None:
    """Six columns share the width of the paper: no word of a head, and no month, is divided."""
    september = {id: {**answer, "due": "2027-09-30"} for id, answer in full(data, 4)["answers"].items()}
    open_assessment(page, member_site, assessment(data, september))
    open_report(page, member_site, lang)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 665, "height": 900})  # A4 less its margins
    reasons = page.locator(".plan tbody th > .soft:last-child").all_inner_texts()
    assert all(reason.count(".") >= 1 for reason in reasons), "status and reason are sentences of their own"
    cut = page.locator(".plan").first.locator("thead th, td:nth-child(5)").evaluate_all(CUT_WORDS)
    assert not cut


def test_the_trends_chart_keeps_its_labels_apart_on_a_telephone(page: Page, member_site: str, data: Json) -> None:
    """After nine rounds the chart shows the last five and today; the table lists all."""
    page.set_viewport_size({"width": 320, "height": 700})
    open_assessment(page, member_site, full(data, 6, 0.2))
    open_report(page, member_site)
    for number in range(9):
        freeze(page, f"Round {number}")
    expect(page.locator("table:has(th:text('Round')) tbody tr")).to_have_count(10)
    boxes = [one.bounding_box() for one in page.locator(".trend-value").all()]
    assert len(boxes) == 6
    for left, right in pairwise(boxes):
        assert left
        assert right
        assert left["x"] + left["width"] <= right["x"]


def test_plan_and_milestones_are_read_without_scrolling_sideways_on_a_telephone(
    page: Page, member_site: str, data: Json
) -> None:
    """At 320 pixels their rows are stacked."""
    page.set_viewport_size({"width": 320, "height": 700})
    open_assessment(page, member_site, full(data, 6, 0.2))
    open_report(page, member_site)
    wide = "part => part.scrollWidth > part.clientWidth"
    for part in page.locator(".table-scroll:has(.plan)").all():
        assert not part.evaluate(wide)
    page.goto(f"{member_site}certification/")
    page.locator("[name=admission]").fill("2026-08-31")
    expect(page.locator(".path .table-scroll")).to_be_visible()
    assert not page.locator(".path .table-scroll").evaluate(wide)


def test_each_level_of_disclosure_shows_every_field_and_leaves_out_what_it_says(
    page: Page, member_site: str, data: Json, guide: Guide, tmp_path: Path
) -> None:
    """The preview is the file; auditor and headquarters score the same; anonymous names nothing."""
    whole = full(data, 7, 0.6, site="Secret quay")
    overall = in_python(whole, guide, tmp_path).result.overall
    open_assessment(page, member_site, whole)
    open_report(page, member_site)
    forbidden = {
        "full": [], "auditor": ["Two posts", "Shift supervisor", "Security manager"],
        "headquarters": ["Two posts", "Shift supervisor", "Security manager", "Log 7", "Security office"],
        "anonymous": ["Secret quay", data["requirements"][0]["id"], "2026-11-22", "Two posts", "Accountable manager"],
    }  # fmt: skip
    for level, words in forbidden.items():
        page.locator("[name=share]").click()
        page.locator(f"dialog [name=level][value={level}]").check()
        expect(page.locator(".leaving-text")).to_contain_text("csbp-figures" if level == "anonymous" else "csbp-assess")
        shown = set(page.locator(".leaving code").all_inner_texts())
        preview = page.locator(".leaving-text").text_content()
        name, content = download(page, "[name=send]")
        assert content.decode() == preview
        for word in words:
            assert word not in content.decode(), (level, word)
        assert {path.rpartition(".")[2] for path in shown} >= {"edition", "target", "format"}
        if level != "anonymous":
            (path := tmp_path / name).write_bytes(content)
            reading = read(open_file(path), Catalogue.model_validate_json(catalogue_json(guide, IN_STEP)))
            assert reading.result.overall == overall


def test_what_is_handed_over_can_be_sealed(page: Page, member_site: str, data: Json, tmp_path: Path) -> None:
    """With a passphrase, given twice alike, the auditor's file leaves encrypted under a name that tells nothing."""
    open_assessment(page, member_site, full(data, 7, 0.3, site="Secret quay"))
    open_report(page, member_site)
    page.locator("[name=share]").click()
    page.locator(".leaving-sealed").evaluate("part => part.open = true")
    first, again = page.locator(".leaving-sealed input").all()
    first.fill("cable harbour lantern")
    page.locator("[name=send]").click()
    expect(page.locator(".leaving-sealed .ask-differ")).to_be_visible()
    again.fill("cable harbour lantern")
    name, content = download(page, "[name=send]")
    assert "quay" not in name
    assert b"Secret quay" not in content
    (path := tmp_path / name).write_bytes(content)
    assert open_file(path, lambda _: "cable harbour lantern").assessment.site == "Secret quay"
    page.locator("[name=share]").click()
    assert [field.input_value() for field in (first, again)] == ["", ""]


def test_auditors_levels_stand_beside_the_authoritys_own(page: Page, member_site: str, data: Json) -> None:
    """On an auditor's copy each form takes a second level; differences of two levels are listed in the report."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 4)}))
    page.locator("[name=back]").click()
    page.locator(".answer-more").evaluate("part => part.open = true")
    expect(page.locator("[name=auditor_level]")).to_be_hidden()
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=auditor]").check()
    page.locator("[name=auditor_level]").select_option("1")
    saved(page)
    open_report(page, member_site)
    expect(page.locator(".report")).to_contain_text("Where the auditor differs")


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("route", ["registration", "certification"])
def test_the_planner_gives_pythons_dates_and_calendar(
    page: Page, member_site: str, guide: Guide, lang: str, route: str
) -> None:
    """Every milestone of the rules with its date, in a table, on a line and in a calendar file; nothing is stored."""
    rules, start = guide.lifecycle, date(2026, 8, 31)
    page.goto(f"{member_site}{'es/' if lang == 'es' else ''}certification/")
    page.locator("[name=route]").select_option(route)
    page.locator("[name=admission]").fill(start.isoformat())
    path = milestones(start, route, rules)  # type: ignore[arg-type]
    assert [one.get_attribute("data-day") for one in page.locator(".path [data-day]").all()] == [
        m.day.isoformat() for m in path
    ]
    assert page.locator(".path circle").count() == len(path)
    name, content = download(page, "[name=calendar]")
    assert name == rules.calendar.file_name[lang]  # type: ignore[index]
    stamp = datetime(2026, 1, 1, tzinfo=UTC)
    wanted = calendar(path, route, rules, lang, seed="path-2026-08-31", stamp=stamp)  # type: ignore[arg-type]

    def unstamped(text: str) -> list[str]:
        return [line for line in text.split("\r\n") if not line.startswith("DTSTAMP")]

    assert unstamped(content.decode()) == unstamped(wanted)
    page.locator("[name=decision]").fill("2026-01-01")
    expect(page.locator(".path-wrong")).to_be_visible()
    assert page.evaluate("indexedDB.databases()") == []


def test_the_script_stays_within_its_budget(built_site: Path, member_site: str, browser: Browser) -> None:
    """Beyond what every page loads: 9 kB compressed and four requests in a chapter, 25 kB where all of it is needed."""

    def scripts(path: str) -> set[str]:
        with browser.new_context() as context:
            page = context.new_page()
            asked: set[str] = set()
            page.on("request", lambda request: asked.add(request.url))
            page.goto(f"{member_site}{path}", wait_until="networkidle")
            return {url.removeprefix(member_site) for url in asked if url.endswith(".js")}

    def weight(found: set[str]) -> int:
        return sum((built_site / "member" / f"{script}.br").stat().st_size for script in found)

    usual = weight(scripts("about/"))
    for path, most in (("chapters/insider-threat/", 9_000), ("assessment/", 25_000), ("report/", 25_000), ("", 9_000)):
        found = scripts(path)
        assert 0 < weight(found) - usual <= most, (path, weight(found) - usual)
        assert len(found) <= 5


def test_a_text_out_of_step_is_marked_where_it_is_answered_and_reported(
    page: Page, member_site: str, data: Json
) -> None:
    """The sentence that the catalogue carries stands under the statement, in the assessment and in the report."""
    first = data["requirements"][0]
    changed = {**data, "requirements": [{**first, "behind": "The English text moved."}, *data["requirements"][1:]]}
    page.route("**/data/assessment.en.json", lambda route: route.fulfill(json=changed))
    answers = {one["id"]: answer_to(one, 0) for one in data["requirements"]}
    open_assessment(page, member_site, assessment(data, answers))
    expect(page.locator(".run-item")).to_contain_text(first["text"])
    expect(page.locator(".run-item .requirement-note")).to_have_text("The English text moved.")
    page.locator("[name=next]").click()
    expect(page.locator(".run-item .requirement-note")).to_have_count(0)
    open_report(page, member_site)
    marks = page.locator(".report-behind")
    assert marks.count() >= 1
    assert set(marks.all_text_contents()) == {"The English text moved."}
    expect(page.locator(".report tr, .report .gap", has=marks).first).to_contain_text(first["id"])
