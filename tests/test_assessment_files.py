"""Files in and out of the browser: refused with a reason, merged without loss, carried on, typed from paper."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route, expect

from guide.assessment_file import open_file
from tests.assessing import (
    Json,
    answer_to,
    as_file,
    assessment,
    bring_together,
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
from tests.browser import watched
from tests.test_assessment_file import NORTH, changed

ALL = sorted((Path(__file__).parent / "cases" / "assessment_file").glob("*.yml"))
SEEN_BY_PYTHON_ONLY = {"a_key_that_stands_twice"}
"""The browser's own reader of JSON takes the last of two values for one key and does not tell."""
CASES = [
    path for path in ALL if yaml.safe_load(path.read_text("utf-8"))["refused"] and path.stem not in SEEN_BY_PYTHON_ONLY
]
GOOD = [path for path in ALL if not yaml.safe_load(path.read_text("utf-8"))["refused"]]
HOSTILE = (
    '<img src=x onerror="document.title=1"> </template><script>document.title=1</script> __proto__ {site} \u202e =1+1'
)


@pytest.fixture(scope="module")
def data(member_site: str) -> Json:
    """The slim catalogue."""
    return catalogue(member_site)


def item_of(data: Json, name: str) -> Json:
    """A requirement of the slim catalogue."""
    found: Json = next(one for one in data["requirements"] if one["id"] == name)
    return found


@pytest.fixture(scope="module")
def refusing(browser: Browser, member_site: str) -> Iterator[Page]:
    """An assessment page that is offered one bad file after the other."""
    with browser.new_context() as context:
        page = context.new_page()
        open_assessment(page, member_site)
        with watched(page, member_site) as wrong:
            yield page
        assert not wrong
        assert records(page) == {}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_with_its_reason(refusing: Page, data: Json, member_site: str, path: Path) -> None:
    """The page says why, naming the same place as `guide report`; nothing of the file is taken over."""
    case = yaml.safe_load(path.read_text("utf-8"))
    content = NORTH.read_bytes()
    for change in case["change"]:
        content = changed(content, change)
    upload(refusing, [("offered.csbp.json", content)])
    if "kdf.iterations" not in str(case) and case["refused"] in {"passphrase-needed", "passphrase-wrong"}:
        form = refusing.locator("csbp-files dialog form")
        form.locator("[name=passphrase]").fill(case.get("passphrase", "x"))
        form.locator("button").nth(1 if case["refused"] == "passphrase-needed" else 0).click()
    sentence = refusing.locator("#csbp-words").get_attribute(f"data-refused-{case['refused']}")
    assert sentence
    wanted = sentence.replace("{file}", "offered.csbp.json").replace("{detail}", case.get("detail", ""))
    expect(refusing.locator(".refused li")).to_have_text(wanted)
    expect(refusing.locator(".run-progress")).to_contain_text("0 of")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_opened(page: Page, member_site: str, path: Path) -> None:
    """What `guide report` opens, the browser opens too, and can save again."""
    content = NORTH.read_bytes()
    for change in yaml.safe_load(path.read_text("utf-8"))["change"]:
        content = changed(content, change)
    open_assessment(page, member_site)
    upload(page, [("offered.csbp.json", content)])
    expect(page.locator(".refused li")).to_have_count(0)
    expect(page.locator("[data-site]").first).to_have_text(json.loads(content.decode("utf-8-sig"))["site"])
    _, again = download(page, "csbp-files [name=save]")
    assert set(json.loads(again)["answers"]) == set(json.loads(content.decode("utf-8-sig"))["answers"])


def test_a_file_of_fifty_megabytes_is_refused_unread(refusing: Page) -> None:
    """Its size is the reason; the page answers at once."""
    refusing.evaluate(
        """() => { const input = document.querySelector("input[name=open]"); const bag = new DataTransfer();
        bag.items.add(new File([new Uint8Array(50 * 1024 * 1024)], "huge.csbp.json"));
        input.files = bag.files; input.dispatchEvent(new Event("change", { bubbles: true })); }"""
    )
    expect(refusing.locator(".refused li")).to_contain_text("huge.csbp.json is larger than 20 MB")


def test_what_the_browser_saves_python_opens_unchanged(
    page: Page, member_site: str, data: Json, tmp_path: Path
) -> None:
    """A full assessment goes in and out of the browser without a change, and its fingerprint fits in Python."""
    whole = full(data, site=f"Quay {HOSTILE}")
    open_assessment(page, member_site, whole)
    name, content = download(page, "csbp-files [name=save]")
    path = tmp_path / name
    path.write_bytes(content)
    opened = open_file(path)
    assert opened.assessment.site == whole["site"]
    found = json.loads(content)
    assert found["fingerprint"]

    def strip(one: Json) -> Json:
        return {key: value for key, value in one.items() if value is not None and key != "said"}

    assert {k: strip(v) for k, v in found["answers"].items()} == {k: strip(v) for k, v in whole["answers"].items()}
    for key in whole.keys() - {"answers", "fingerprint", "updated"}:
        assert found[key] == whole[key], key


def test_hostile_words_stay_words(page: Page, member_site: str, data: Json) -> None:
    """Markup, placeholders and direction marks in every text field are shown as they are, on every page."""
    item = item_of(data, "IT-01")
    texts = dict.fromkeys(("note", "owner", "by", "alternative"), HOSTILE)
    answer = answer_to(item, 0, evidence=[evidence("2026-01-01", HOSTILE)], **texts)
    na = {"reason": HOSTILE, "approved_by": HOSTILE}
    answers = {"IT-01": answer, "IT-02": answer_to(item_of(data, "IT-02"), None, na=na)}
    open_assessment(page, member_site, assessment(data, answers, site=HOSTILE, scope=HOSTILE, marking=HOSTILE))
    other = assessment(data, {"IT-01": {**answer, "level": 3}})
    upload(page, [(f"{HOSTILE[:4]}.json", as_file(other))], "bring")
    expect(page.locator("csbp-merge .conflict", has_text="IT-01")).to_have_count(1)
    page.goto(f"{member_site}report/")
    expect(page.locator(".report")).to_contain_text(HOSTILE)
    assert page.title() != "1"
    assert page.locator("csbp-report img").count() == 0


def test_the_action_plan_holds_no_formula_and_opens_in_excel(page: Page, member_site: str, data: Json) -> None:
    """UTF-16 with its mark, tabs, CRLF, no line break in a cell; what begins like a formula is made text."""
    bad = {"IT-01": "=1+1", "IT-02": "+cmd|' /C calc'!A0", "IT-03": "-2+3", "IT-04": "@SUM(A1)", "IT-05": "\t=1"}
    answers = {name: answer_to(item_of(data, name), 0, owner=text, note=f'"{text}";x\ny') for name, text in bad.items()}
    open_assessment(page, member_site, assessment(data, answers))
    for lang, head in (("", "Priority"), ("es/", "Prioridad")):
        page.goto(f"{member_site}{lang}report/")
        expect(page.locator(".report")).to_be_visible()
        name, content = download(page, "[name=plan]")
        assert name.endswith(".csv")
        assert content.startswith(b"\xff\xfe")
        text = content.decode("utf-16")
        assert text.startswith(f'"{head}"\t')
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
        assert len(rows) == text.count("\r\n") == text.count("\n")
        assert f'"{bad["IT-03"]}";x / y' in {cell.lstrip("'") for row in rows for cell in row}
        assert {f"'{cell}" for cell in bad.values()} <= {cell for row in rows for cell in row}
        assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t")]


def test_files_that_disagree_on_everything_are_brought_together_without_loss(
    page: Page, member_site: str, data: Json
) -> None:
    """Three officers, three levels for each of ten requirements: all must be chosen, every note and record stays."""
    names = [item["id"] for item in data["requirements"][:10]]

    def by(who: str, level: int) -> Json:
        answers = {
            name: answer_to(
                item_of(data, name),
                level,
                by=who,
                note=f"{who} on {name}",
                evidence=[evidence("2026-09-01", f"{who} {name}")],
                owner=f"owner {who}",
                due=f"2027-0{level + 1}-01",
                updated=f"2026-11-1{level}T08:00:00.000Z",
            )
            for name in names
        }
        return assessment(data, answers)

    mine, ana, luis = by("Marta", 1), by("Ana", 3), by("Luis", 2)
    open_assessment(page, member_site, mine)
    upload(page, [("ana.csbp.json", as_file(ana)), ("luis.csbp.json", as_file(luis))], "bring")
    expect(page.locator("csbp-merge .conflict")).to_have_count(10)
    expect(page.locator("csbp-merge .conflict").first).to_contain_text("Ana")
    expect(page.locator("[name=apply]")).to_be_disabled()
    page.locator("[name=lowest]").click()
    page.locator(f"input[name=merge-{names[0]}][value='1']").check()
    bring_together(page)
    for name in names:
        found = stored(page, name)
        assert found["level"] == (3 if name == names[0] else 1)
        assert {piece["reference"] for piece in found["evidence"]} == {
            f"{who} {name}" for who in ("Marta", "Ana", "Luis")
        }
        for who in ("Marta", "Ana", "Luis"):
            assert f"{who} on {name}" in found["note"]
            assert f"owner {who}" in found["note"] + found["owner"]
        for level in (1, 2, 3):
            assert f"2027-0{level + 1}-01" in found["note"] + str(found["due"])


def test_what_agrees_or_stands_on_one_side_only_needs_no_choice(page: Page, member_site: str, data: Json) -> None:
    """Agreements join their evidence, single answers are taken over, blanks are counted, twice is as once."""
    one, two, three = (item["id"] for item in data["requirements"][:3])
    mine = assessment(
        data, {one: answer_to(item_of(data, one), 2), two: answer_to(item_of(data, two), None, note="to ask")}
    )
    theirs = {
        one: answer_to(item_of(data, one), 2, evidence=[evidence("2026-09-01")]),
        two: answer_to(item_of(data, two), 4, by="Ana"),
        three: answer_to(item_of(data, three), None, na={"reason": "No vessels call here", "approved_by": "AM"}),
    }
    open_assessment(page, member_site, mine)
    for _ in range(2):
        upload(page, [("theirs.csbp.json", as_file(assessment(data, theirs)))], "bring")
        blank = len(data["requirements"]) - 3
        expect(page.locator("csbp-merge dd").nth(3)).to_have_text(str(blank))
        expect(page.locator("csbp-merge .conflict")).to_have_count(0)
        bring_together(page)
    assert len(stored(page, one)["evidence"]) == 1
    assert (stored(page, two)["level"], stored(page, two)["note"]) == (4, "to ask")
    assert stored(page, three)["na"]["approved_by"] == "AM"


def test_opening_a_file_twice_never_overwrites(page: Page, member_site: str, data: Json) -> None:
    """An assessment that is already here is not replaced by a file: what stands here is newer than the copy."""
    name = data["requirements"][0]["id"]
    old = assessment(data, {name: answer_to(item_of(data, name), 1)})
    open_assessment(page, member_site, old)
    page.locator("[name=back]").click()
    page.locator(".run-item input[value='4']").check()
    saved(page)
    upload(page, [("old.csbp.json", as_file(old))])
    expect(page.locator("csbp-merge dd").nth(4)).to_have_text("1")
    expect(page.locator("csbp-merge .conflict")).to_have_count(0)
    bring_together(page)
    assert stored(page, name)["level"] == 4


def test_what_is_written_while_files_are_compared_is_not_overwritten(page: Page, member_site: str, data: Json) -> None:
    """What was written here after the comparison, in this tab or another, is compared again before anything changes."""
    item = data["requirements"][0]
    name = item["id"]
    open_assessment(page, member_site, assessment(data, {name: answer_to(item, 2, by="Marta")}))
    theirs = assessment(data, {name: answer_to(item, 3, note="Ana saw the log", by="Ana")})
    upload(page, [("ana.csbp.json", as_file(theirs))], "bring")
    page.locator("csbp-merge input").last.check()
    page.locator("[name=back]").click()
    page.locator(".run-item .answer-more").evaluate("part => part.open = true")
    page.locator(".run-item input[value='4']").check()
    page.locator(".run-item [name=note]").fill("Written while the files were compared")
    page.locator(".run-item [name=owner]").fill("Night shift")
    saved(page)
    page.locator("[name=apply]").click()
    expect(page.locator(".merge-open")).to_contain_text("compared again")
    expect(page.locator(".conflict .voice").first).to_contain_text("4 Effective")
    expect(page.locator(".conflict input").last).to_be_checked()
    other = page.context.new_page()
    other.goto(f"{member_site}assessment/")
    expect(other.locator(".item .requirement-id")).to_have_text(name)
    other.locator(".answer-more").evaluate("part => part.open = true")
    other.locator("[name=alternative]").fill("Patrol on foot")
    saved(other)
    page.locator("[name=apply]").click()
    expect(page.locator(".merge-open")).to_contain_text("compared again")
    assert stored(page, name)["level"] == 4
    bring_together(page)
    found = stored(page, name)
    assert (found["level"], found["by"], found["owner"], found["alternative"]) == (
        3,
        "Ana",
        "Night shift",
        "Patrol on foot",
    )
    lines = found["note"].split("\n")
    assert lines[0] == "Ana saw the log"
    assert [line for line in lines if line.endswith("level 4")]
    assert [line for line in lines if line.endswith("Written while the files were compared")]


def test_files_are_no_longer_compared_with_an_assessment_that_was_left(
    page: Page, member_site: str, data: Json
) -> None:
    """Where another assessment is chosen, or this one removed, the comparison closes; nothing of it is written."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 2)}))
    theirs = assessment(data, {item["id"]: answer_to(item, 0, note="x")})
    upload(page, [("ana.csbp.json", as_file(theirs))], "bring")
    expect(page.locator("[name=apply]")).to_be_visible()
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=remove]").click()
    page.locator("[name=really-remove]").click()
    expect(page.locator("csbp-merge section")).to_have_count(0)
    saved(page)
    assert set(records(page)) == {"settings"}


def go_to(page: Page, item: Json) -> None:
    """One requirement in the run."""
    page.locator("[name=chapter]").select_option(item["chapter"])
    page.locator("[name=view]").select_option("all")
    while page.locator("[name=back]").is_enabled():
        page.locator("[name=back]").click()
    while page.locator(".item .requirement-id").inner_text() != item["id"]:
        page.locator("[name=next]").click()
    page.locator(".run-item .answer-more").evaluate("part => part.open = true")


def test_what_was_taken_back_does_not_return_from_a_colleagues_untouched_copy(
    page: Page, member_site: str, data: Json
) -> None:
    """A level taken back, a title corrected, a risk lowered and a target changed stay so; nobody is asked."""
    first, second = data["requirements"][:2]
    answers = {
        first["id"]: answer_to(first, 3, by="Lead", evidence=[evidence("2026-09-01", "Log 7 (tpyo)")]),
        second["id"]: answer_to(second, 4, by="Lead"),
    }
    base = assessment(data, answers, risk={"PC": 3})
    open_assessment(page, member_site, base)
    go_to(page, first)
    page.locator(".evidence-row .wide input").first.fill("Log 7")
    go_to(page, second)
    page.locator(".run-item [name=clear]").click()
    page.locator("#about-this-assessment").evaluate(
        "part => part.querySelectorAll('details').forEach(one => one.open = true) || (part.open = true)"
    )
    page.locator("[name=risk-PC]").select_option("1")
    page.locator("[name=target][value='2']").check()
    saved(page)
    upload(page, [("shift-officer.csbp.json", as_file(base))], "bring")
    expect(page.locator("csbp-merge dd")).to_have_text(["1", "0", "0", str(len(data["requirements"]) - 1), "2"])
    expect(page.locator("csbp-merge .conflict, .merge-files strong, .merge-taken")).to_have_count(0)
    bring_together(page)
    assert [piece["reference"] for piece in stored(page, first["id"])["evidence"]] == ["Log 7"]
    assert stored(page, second["id"])["level"] is None
    head = next(value for key, value in records(page).items() if key.startswith("head/"))
    assert (head["risk"], head["target"]) == ({"PC": 1}, 2)


def test_three_officers_exchange_files_for_weeks_and_are_asked_only_where_two_disagree(
    browser: Browser, member_site: str, data: Json
) -> None:
    """Each edits his own requirements: all take over, nobody chooses, notes do not grow; then two rate one anew."""
    officers, items = ("Lead", "Shift officer", "Systems officer"), data["requirements"][:3]
    base = assessment(data, {item["id"]: answer_to(item, 1, by="Lead", note="First look.") for item in items})
    contexts = [browser.new_context(accept_downloads=True) for _ in officers]
    tabs = [context.new_page() for context in contexts]

    def exchange(changed: int, conflicts: int) -> None:
        files = [
            (f"{who}.csbp.json", download(tab, "csbp-files [name=save]")[1])
            for who, tab in zip(officers, tabs, strict=True)
        ]
        for place, tab in enumerate(tabs):
            upload(tab, files[:place] + files[place + 1 :], "bring")
            expect(tab.locator("csbp-merge dd").nth(1)).to_have_text(str(changed))
            expect(tab.locator("csbp-merge .conflict")).to_have_count(conflicts)
            if conflicts:
                tab.locator("csbp-merge [name=lowest]").click()
            bring_together(tab)

    for tab, who in zip(tabs, officers, strict=True):
        open_assessment(tab, member_site, base)
        tab.locator("#about-this-assessment").evaluate("part => part.open = true")
        tab.locator("[name=name]").fill(who)
    for week in (2, 3):
        for tab, item, who in zip(tabs, items, officers, strict=True):
            go_to(tab, item)
            tab.locator(f".run-item input[value='{week}']").check()
            note = tab.locator(".run-item [name=note]")
            note.fill(f"{note.input_value()}\n{who}, week {week}.")
            saved(tab)
        exchange(changed=2, conflicts=0)
    tabs[0].locator("[name=target][value='2']").check()
    for level, tab in enumerate(tabs[:2], 1):
        go_to(tab, items[2])
        tab.locator(f".run-item input[value='{level}']").check()
        saved(tab)
    exchange(changed=0, conflicts=1)
    exchange(changed=0, conflicts=0)
    found = [json.loads(download(tab, "csbp-files [name=save]")[1]) for tab in tabs]
    for whole in found:
        assert whole["target"] == 2
        answers = [whole["answers"][item["id"]] for item in items]
        assert [one["level"] for one in answers] == [3, 3, 1]
        assert [one["by"] for one in answers] == ["Lead", "Shift officer", "Lead"]
        assert answers[1]["note"] == "First look.\nShift officer, week 2.\nShift officer, week 3."
        assert answers[2]["note"].split("\n")[-1] == "— Shift officer: level 2"
        assert answers == [found[0]["answers"][item["id"]] for item in items]
    for context in contexts:
        context.close()


def test_an_answer_dated_in_the_future_is_marked_and_is_not_the_newest(
    page: Page, member_site: str, data: Json
) -> None:
    """One clock that was years ahead does not win every choice."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 2)}))
    theirs = answer_to(item, 4, by="Ana", updated="2091-01-01T10:00:00.000Z")
    upload(page, [("ana.csbp.json", as_file(assessment(data, {item["id"]: theirs})))], "bring")
    expect(page.locator(".conflict .voice").last).to_contain_text("a clock was wrong")
    page.locator("[name=newest]").click()
    expect(page.locator(".conflict input").first).to_be_checked()


def test_a_file_of_another_site_is_named_before_it_is_brought_in(page: Page, member_site: str, data: Json) -> None:
    """Site, scope, date and target of each file are shown; where they differ from those here the page says so."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 1)}))
    same = assessment(data, {item["id"]: answer_to(item, 1)}, 2)
    other = assessment(data, {item["id"]: answer_to(item, 1)}, 3, site="South quay", target=2)
    upload(page, [("same.csbp.json", as_file(same)), ("other.csbp.json", as_file(other))], "bring")
    rows = page.locator(".merge-files li")
    expect(rows.first).to_have_text("same.csbp.json: North quay · All shifts · 22 November 2026 · Certification")
    expect(rows.last).to_contain_text("South quay · All shifts")
    expect(rows.last.locator("strong")).to_be_visible()


def test_the_catalogue_is_fetched_once_by_all_parts_of_a_page(page: Page, member_site: str, data: Json) -> None:
    """Answering, bringing files together and the new edition share one reading; the report reads each language once."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/data/" in request.url else None)
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 1)}))
    other = assessment(data, {item["id"]: answer_to(item, 2)}, 2)
    upload(page, [("other.csbp.json", as_file(other))], "bring")
    expect(page.locator(".conflict")).to_be_visible()
    assert asked == [f"{member_site}data/assessment.en.json"]
    page.goto(f"{member_site}report/")
    for lang in ("both", "es", "en", "both"):
        page.locator("[name=language]").select_option(lang)
        expect(page.locator(".report")).to_have_count(2 if lang == "both" else 1)
    assert sorted(asked[1:]) == [f"{member_site}data/assessment.{lang}.json" for lang in ("en", "es")]


@pytest.mark.parametrize("path", ["assessment/", "es/report/"])
def test_a_list_that_does_not_load_is_said_and_asked_for_again(
    browser: Browser, member_site: str, data: Json, path: str
) -> None:
    """On a line that breaks the page says that answers are safe; loading again shows everything."""
    with browser.new_context() as context:
        page = context.new_page()
        open_assessment(page, member_site, full(data, share=0.1))
        page.route("**/data/assessment.*.json", lambda route: route.fulfill(status=503))
        page.goto(f"{member_site}{path}")
        expect(page.locator("[data-when=unread]")).to_be_visible()
        page.unroute("**/data/assessment.*.json")
        page.locator("[data-do=reload]").click()
        expect(page.locator(".item-text, .report").first).to_be_visible()
        expect(page.locator("[data-when=unread]")).to_be_hidden()


def test_a_new_edition_keeps_answers_and_asks_to_confirm_what_was_reworded(
    page: Page, member_site: str, data: Json
) -> None:
    """Unchanged, reworded, new, moved and retired requirements are told apart; old and new text stand side by side."""
    newer = copy.deepcopy(data)
    newer["edition"] = "2027.11"
    first, second, third, moved = (item_of(newer, item["id"]) for item in data["requirements"][:4])
    first["text"], first["hash"] = "A text that was sharpened.", {"en": "0" * 12, "es": "1" * 12}
    newer["requirements"] = [one for one in newer["requirements"] if one is not second and one is not moved] + [moved]
    newer["requirements"].append(
        {**third, "id": "PC-99", "text": "Quite new.", "hash": {"en": "2" * 12, "es": "2" * 12}}
    )
    newer["retired"] = [{"id": second["id"], "reason": "Joined with another.", "replaced_by": [third["id"]]}]

    def edition(route: Route) -> None:
        route.fulfill(json=newer)

    answers = {item["id"]: answer_to(item, 3, note=f"note {item['id']}") for item in data["requirements"][:4]}
    page.route("**/data/assessment.en.json", edition)
    open_assessment(page, member_site, assessment(data, answers))
    carried = page.locator("csbp-carry")
    expect(carried.locator("dd")).to_have_text(["2", "1", str(len(newer["requirements"]) - 3), "1"])
    expect(carried).to_contain_text(data["requirements"][0]["text"])
    expect(carried).to_contain_text("A text that was sharpened.")
    for part in carried.locator("details").all():
        part.evaluate("part => part.open = true")
    expect(carried).to_contain_text("Joined with another.")
    carried.locator("[name=confirm]").click()
    expect(carried.locator("section")).to_have_count(0)
    expect(carried.locator("details summary")).to_contain_text("(1)")
    saved(page)
    kept = stored(page, first["id"])
    assert (kept["level"], kept["text_hash"], kept["asked"]["text"]) == (3, first["hash"], "A text that was sharpened.")
    assert stored(page, second["id"])["note"] == f"note {second['id']}"
    _, content = download(page, "csbp-files [name=save]")
    assert set(json.loads(content)["answers"]) == set(answers)


def test_reworded_requirements_are_confirmed_one_after_the_other_without_searching(
    page: Page, member_site: str, data: Json
) -> None:
    """The list stays open, and the focus goes to the next one; where only the other language changed it says so."""
    other = {"en": "0" * 12, "es": "0" * 12}
    items = data["requirements"][:3]
    answers = {item["id"]: answer_to(item, 2, text_hash=other) for item in items}
    answers[items[0]["id"]]["asked"] = {"lang": "en", "text": "As it was asked before."}
    open_assessment(page, member_site, assessment(data, answers))
    page.locator("csbp-carry details").evaluate("part => part.open = true")
    carried = page.locator("csbp-carry .carried")
    expect(carried.first).to_contain_text("As it was asked before.")
    expect(carried.last).to_contain_text("Only the text in the other language has changed")
    assert data["edition"] not in page.locator("csbp-carry section > p").first.inner_text()
    for left in (2, 1):
        page.locator("csbp-carry [name=confirm]").first.press("Enter")
        expect(carried).to_have_count(left)
        expect(page.locator("csbp-carry [name=confirm]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(carried).to_have_count(0)
    expect(page.locator(".item-text")).to_be_focused()


def test_a_file_needs_a_real_passphrase_and_a_sealed_device_says_what_is_not(
    page: Page, member_site: str, data: Json
) -> None:
    """One letter is too short; with a passphrase on the device the sealed file is the usual one, the other is named."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 2)}))
    expect(page.locator(".file-clear")).to_be_hidden()
    page.locator("csbp-files [name=seal]").click()
    for name in ("passphrase", "again"):
        page.locator(f"csbp-files dialog [name={name}]").fill("a")
    page.locator("csbp-files dialog form").evaluate("form => form.noValidate = true")
    page.locator("csbp-files dialog button").first.click()
    expect(page.locator("csbp-files dialog .ask-short")).to_be_visible()
    page.locator("csbp-files dialog [name=cancel]").click()
    page.locator("csbp-device > details").evaluate("part => part.open = true")
    for name in ("passphrase", "again"):
        page.locator(f".set-passphrase [name={name}]").fill("cable harbour lantern")
    page.locator(".set-passphrase button").first.click()
    expect(page.locator(".file-clear")).to_be_visible()
    expect(page.locator("csbp-files .file-ways .button-strong")).to_have_attribute("name", "seal")


def test_files_of_a_day_are_told_apart_by_site_and_author(page: Page, member_site: str, data: Json) -> None:
    """Accents become their letters; who saved stands in the name."""
    item = data["requirements"][0]
    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 2)}, site="Muelle Núñez"))
    page.locator("#about-this-assessment").evaluate("part => part.open = true")
    page.locator("[name=name]").fill("Jefa de turno")
    saved(page)
    assert download(page, "csbp-files [name=save]")[0].startswith("csbp-muelle-nunez-jefa-de-turno-2")


def test_fast_entry_takes_right_lines_and_names_what_is_wrong_with_others(
    page: Page, member_site: str, data: Json
) -> None:
    """Codes with their check character are entered; a wrong one, an unknown code, a double and N/A say why not."""
    one, two, three = data["requirements"][:3]

    def code(item: Json) -> str:
        return str(item["id"].replace("-", "") + item["check"])

    wrong = "A" if three["check"] != "A" else "B"
    lines = [
        f"{code(one)} 3",
        f" {two['id'].lower()} {two['check'].lower()} = 0",
        f"{three['id'].replace('-', '')}{wrong} 2",
        "XX99A 1",
        f"{code(one)} 4",
        f"{code(three)} N/A",
        "hello",
        f"{code(three)} 5",
    ]
    open_assessment(page, member_site)
    page.locator("csbp-entry textarea").fill("\n".join(lines))
    states = page.locator(".entry-lines li")
    expect(states).to_have_count(8)
    assert [states.nth(place).get_attribute("data-state") for place in range(8)] == ["right", "right"] + ["wrong"] * 6
    expect(states.nth(2)).to_contain_text("check character")
    page.locator("csbp-entry [name=enter]").click()
    expect(page.locator(".entry-count")).to_contain_text("2 entered.")
    saved(page)
    assert (stored(page, one["id"])["level"], stored(page, two["id"])["level"]) == (3, 0)
    assert stored(page, three["id"]) == {}
    assert len(page.locator("csbp-entry textarea").input_value().splitlines()) == 6
    page.locator("csbp-entry textarea").fill(f"{code(one)} 2")
    expect(states.first).to_have_attribute("data-state", "changes")


def test_a_triage_leads_from_level_to_level_and_ends_with_a_result(page: Page, member_site: str, data: Json) -> None:
    """It says how many essentials are open and for how long, goes on by itself after a level, and stops at the end."""
    essential = [item for item in data["requirements"] if item["weight"] == 3]
    shown, place = page.locator(".item .requirement-id"), page.locator(".run-place")
    button, done = page.locator("[name=triage]"), page.locator(".run-done")

    def label(count: int) -> str:
        return f"Triage: {count} essentials, about {-(-count * data['scoring']['effort']['triage_seconds'] // 60)} min"

    open_assessment(page, member_site, assessment(data, {item["id"]: answer_to(item, 1) for item in essential[3:-1]}))
    expect(button).to_have_text(label(4))
    button.click()
    expect(page.locator(".run-triage")).to_be_visible()
    expect(page.locator(".run-item .answer-more")).to_be_hidden()
    page.locator(".run-item input[value='na']").click()
    page.wait_for_timeout(600)
    expect(shown).to_have_text(essential[0]["id"])
    expect(page.locator("[name=reason]")).to_be_visible()
    page.locator(".run-item input[value='2']").dblclick()
    expect(place).to_have_text(f"{essential[0]['id']}: 2 Present and suitable · 2 of {len(essential)}")
    expect(page.locator(".item-text")).to_be_focused()
    expect(button).to_have_text(label(3))
    page.wait_for_timeout(600)
    assert page.locator(".run-item input:checked").count() == 0
    page.locator("[name=back]").click()
    expect(page.locator(".run-item input[value='2']")).to_be_checked()
    page.locator(".run-item [name=clear]").click()
    page.wait_for_timeout(600)
    expect(shown).to_have_text(essential[0]["id"])
    page.locator(".run-item input[value='0']").click()
    expect(shown).to_have_text(essential[1]["id"])
    saved(page)
    page.reload()
    expect(shown).to_have_text(essential[0]["id"])
    button.click()
    for item in (*essential[1:3], essential[-1]):
        expect(shown).to_have_text(item["id"])
        expect(done).to_be_hidden()
        page.locator(".run-item input[value='3']").click()
    expect(done).to_be_focused()
    expect(done).to_contain_text(f"answered: {len(essential)}. Not in place or partial: {len(essential) - 3}.")
    expect(done).to_contain_text("evidence still to come: 3.")
    expect(done.locator("a")).to_have_attribute("href", "../report/")
    saved(page)
    done.locator("[name=evidence]").click()
    expect(place).to_have_text("1 of 3")
    page.locator(".run-item input[value='4']").click()
    page.wait_for_timeout(600)
    expect(shown).to_have_text(essential[1]["id"])


def test_next_five_and_resume(page: Page, member_site: str, data: Json) -> None:
    """Next five holds the weightiest open ones, resume the last one answered, a choice of views what fits it."""
    essential = [item for item in data["requirements"] if item["weight"] == 3]
    open_assessment(page, member_site, assessment(data, {essential[0]["id"]: answer_to(essential[0], 1)}))
    page.locator("[name=view]").select_option("triage")
    page.locator(".run-item input[value='2']").check()
    saved(page)
    page.locator("[name=five]").click()
    expect(page.locator(".run-place")).to_have_text("1 of 5")
    expect(page.locator(".item .requirement-id")).to_have_text(essential[2]["id"])
    page.reload()
    expect(page.locator(".item .requirement-id")).to_have_text(essential[1]["id"])
    page.locator("[name=view]").select_option("evidence")
    expect(page.locator(".run-place")).to_have_text("1 of 1")
    page.locator("[name=chapter]").select_option("IT")
    expect(page.locator(".run-none")).to_be_visible()


def test_not_applicable_needs_reason_and_approver(page: Page, member_site: str, data: Json) -> None:
    """Without both the page says that it counts as not answered; with both it leaves the score."""
    open_assessment(page, member_site)
    page.locator(".run-item input[value='na']").check()
    result = page.locator(".run-item .answer-result")
    expect(result).to_contain_text("counts as not answered")
    page.locator("[name=reason]").fill("No vessels call at this site")
    page.locator("[name=approved_by]").fill("Accountable manager")
    expect(result).to_contain_text("Not applicable")
    page.locator(".run-item [name=clear]").click()
    expect(result).to_be_hidden()
    saved(page)
    found: Any = stored(page, data["requirements"][0]["id"])
    assert (found["level"], found["na"]) == (None, None)
