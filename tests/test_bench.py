"""The bench: every promised row is there, what it measures is real, and what got worse is named. No clock is judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser

from guide.checking import check
from guide.content import Content
from guide.search import Index
from tests.bench import answering, building, reading
from tests.bench.__main__ import PARTS, RECORDED, scripts
from tests.bench.many import multiply
from tests.bench.plain import PlainHere, Words, make_plain
from tests.bench.result import Result, incomparable, worse
from tests.bench.rows import ROWS, Figure
from tests.browser import CHAPTER
from tests.conftest import ROOT

#: Budgets that were agreed, by row; a budget may be tightened here and in the row, never quietly loosened.
AGREED = {
    "page.weight.median": 64, "page.weight.largest": 64, "page.requests": 10, "page.missing": 0, "search.weight": 190,
    "build.ratio": 1.5, "preview.time": 500, "answer.saved": 50, "answer.report": 300, "paper.cold": 90,
    "paper.warm": 5,
}  # fmt: skip


def result(change: Mapping[str, Figure] | None = None, **fields: object) -> Result:
    """A run in which every row has the same figure."""
    figures = {row.name: Figure(10.0, 20.0) for row in ROWS} | dict(change or {})
    return replace(Result({"cores": "2"}, {"mkdocs": "1.6.1"}, 0.5, figures, {}), **fields)  # type: ignore[arg-type]


def test_every_agreed_budget_has_its_row() -> None:
    """The budgets of the rows are those that were agreed, and 20 × the chapters has time and memory."""
    budgets = {row.name: row.budget for row in ROWS if row.budget is not None}
    assert {name: budgets[name] for name in AGREED} == AGREED
    assert {"build.linear.time", "build.linear.memory"} <= budgets.keys()


def test_every_row_belongs_to_one_part() -> None:
    """Each row is measured by exactly one part of the run, so that leaving out a part says so for all of its rows."""
    for row in ROWS:
        assert sum(row.name.startswith(names) for names in PARTS.values()) == 1, row.name


def test_the_table_has_every_row_and_says_what_was_not_measured() -> None:
    """A row without a figure is printed with the reason."""
    figures = {row.name: Figure(1.0) for row in ROWS if row.name != "paper.cold"}
    lines = list(result(figures=figures, reasons={"paper.cold": "no fonts"}).table())
    assert all(any(line.startswith(row.what) for line in lines) for row in ROWS)
    (paper,) = [line for line in lines if line.startswith("All paper, nothing kept")]
    assert "not measured" in paper
    assert paper.endswith("no fonts")


def test_a_budget_that_is_not_kept_is_named() -> None:
    """One byte above is not met; on a busy machine the verdict on a time says so."""
    over = result({"page.weight.largest": Figure(64.1), "answer.saved": Figure(60.0)}, busy=4.0)
    assert "page.weight.largest" in over.missed()
    verdicts = {row.name: over.verdict(row) for row in ROWS}
    assert verdicts["page.weight.largest"] == "NOT MET"
    assert verdicts["answer.saved"] == "NOT MET on a busy machine"
    assert verdicts["page.requests"] == "met"


def test_what_got_worse_by_more_than_fifteen_per_cent_is_named() -> None:
    """16 % more is told, 14 % is not, and less is no news."""
    recorded = result().as_json()
    assert list(worse(result({"page.requests": Figure(11.4, 20.0)}), recorded)) == []
    assert list(worse(result({"page.requests": Figure(5.0, 20.0)}), recorded)) == []
    (said,) = worse(result({"page.requests": Figure(11.6, 20.0)}), recorded)
    assert "from 10 to 11.6 requests" in said


def test_times_are_compared_beside_plain() -> None:
    """A machine that is slower for both is no news; being slower than plain was is."""
    recorded = result().as_json()
    assert list(worse(result({"build.time": Figure(30.0, 60.0)}), recorded)) == []
    (said,) = worse(result({"build.time": Figure(30.0, 40.0)}), recorded)
    assert "0.5 to 0.75 × plain" in said


def test_times_without_a_twin_are_compared_on_the_same_machine_only() -> None:
    """On another machine they are listed as not compared."""
    alone = {"paper.cold": Figure(50.0)}
    recorded = result(alone).as_json()
    slower = result({"paper.cold": Figure(80.0)})
    assert len(list(worse(slower, recorded))) == 1
    elsewhere = replace(slower, machine={"cores": "8"})
    assert list(worse(elsewhere, recorded)) == []
    assert incomparable(elsewhere, recorded) == ["paper.cold"]


def test_a_row_that_failed_is_worse_and_one_left_out_is_not() -> None:
    """Nothing disappears from the weekly run unnoticed."""
    recorded = result().as_json()
    figures = {row.name: Figure(10.0, 20.0) for row in ROWS if row.name != "search.weight"}
    failed = result(figures=figures, reasons={"search.weight": "no result"})
    assert ["not measured any more (no result)" in said for said in worse(failed, recorded)] == [True]
    assert list(worse(result(figures=figures, reasons={"search.weight": "left out (--quick)"}), recorded)) == []


def test_the_recorded_figures_are_a_whole_run() -> None:
    """The run to compare with has every row of today, measured, with machine and versions."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert recorded["machine"]["cores"]
    assert recorded["versions"]["mkdocs-material"]
    assert set(recorded["rows"]) == {row.name for row in ROWS}
    assert [name for name, row in recorded["rows"].items() if row["ours"] is None] == []


def test_html_becomes_paragraphs_of_its_words() -> None:
    """Sentences stay whole, items become items, signs of Markdown stay signs, and templates are not text."""
    html = "<p>One <b>two</b> * three</p><ul><li>four</li></ul><template><p>five</p></template>"
    assert Words(html).blocks == [r"One two \* three", "- four"]


def test_the_plain_guide_has_the_words_of_the_guide(tmp_path: Path) -> None:
    """Every requirement of a chapter stands in its plain page, in both languages, and no macro is left."""
    make_plain(ROOT, tmp_path)
    guide = Content(ROOT).guide
    for lang in ("en", "es"):
        text = (tmp_path / "docs" / lang / "chapters" / "insider-threat.md").read_text(encoding="utf-8")
        assert "{{" not in text
        for requirement in guide.in_force("IT"):
            assert Words(requirement.text[lang]).blocks[0] in text


def test_a_term_in_plain_words_is_the_word_alone(specimen: Path) -> None:
    """The card of a term stays in the glossary: plain MkDocs has none."""
    content = Content(specimen)
    name, page = next((name, page) for name, page in content.pages["en"].items() if page.is_chapter)
    where = SimpleNamespace(
        file=SimpleNamespace(locale="en", src_uri=f"en/{name}"), url=f"chapters/{page.slug}/", meta={}
    )
    here = PlainHere(content, content.renderers(), where)  # type: ignore[arg-type]
    term = next(iter(content.guide.terms.values()))
    assert here.inline(here.renderer.term(term.id, "this word", here.base, 1)) == "this word"


def test_the_multiplied_guide_is_a_whole_guide(tmp_path: Path) -> None:
    """Three times the chapters have their own codes, ids, pages and sessions, and only repeat their paragraphs."""
    multiply(ROOT, tmp_path / "guide", 3)
    before, after = Content(ROOT).guide, Content(tmp_path / "guide").guide
    assert len(after.chapters) == 3 * len(before.chapters)
    assert len(after.requirements) == 3 * len(before.requirements)
    assert len(after.training) == 3 * len(before.training)
    assert {problem.rule for problem in check(tmp_path / "guide")} == {"paragraph-once"}


def test_one_build_is_measured(tmp_path: Path) -> None:
    """A build in a process of its own costs time and memory, and leaves the pages."""
    multiply(ROOT, tmp_path / "guide")
    cost = building.built(tmp_path / "guide", ROOT)
    assert cost.processor > 0
    assert cost.memory > 20
    assert (tmp_path / "guide" / "site" / CHAPTER / "index.html").exists()


def test_a_cold_chapter_is_weighed(browser: Browser, member_site: str) -> None:
    """Page, style and scripts are counted as they are sent, nothing twice and nothing missing; the budget is kept."""
    with reading.cold(browser, f"{member_site}{CHAPTER}") as (page, traffic):
        reading.read(page)
        seen = traffic()
    assert seen.missing == 0
    assert 3 <= seen.requests <= AGREED["page.requests"]
    assert 1 < seen.scripts < seen.weight <= AGREED["page.weight.largest"]


@pytest.mark.parametrize(("root", "words"), reading.QUERIES.items(), ids=["en", "es"])
def test_the_first_result_is_weighed(browser: Browser, member_site: str, root: str, words: str) -> None:
    """The search asks for its index when it is opened, and all of it with the page keeps the budget."""
    with reading.cold(browser, f"{member_site}{root}{CHAPTER}") as (page, traffic):
        before = traffic().weight
        reading.search_ours(page, words)
        page.wait_for_timeout(reading.SETTLES)
        after = traffic().weight
    index = json.dumps(Index(Content(ROOT), "es" if root else "en", public=False).as_json())
    assert after - before > len(index) / 1000 / 10
    assert after <= AGREED["search.weight"]


def test_answers_are_timed_in_the_browser(browser: Browser, member_site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An input is followed until it is stored, and the report until it is seen, with every requirement answered."""
    monkeypatch.setattr(answering, "RUNS", 1)
    monkeypatch.setattr(answering, "REPORTS", 1)
    figures = answering.measure(browser, member_site)
    assert all(figure.ours and figure.ours > 0 for figure in figures.values())
    assert "requirements" in figures["answer.saved"].note


def test_scripts_of_the_assessment_are_weighed() -> None:
    """All modules are counted."""
    (figure,) = scripts().values()
    assert figure.ours is not None
    assert figure.ours > 5
