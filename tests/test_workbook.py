"""The workbook to fill in: every score equals guide/scoring.py after LibreOffice has calculated it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guide.export.workbook import workbook
from guide.export.workbook_layout import INPUTS, PLAN_ROWS, REQUIREMENT_COLUMNS, places
from guide.guide import Guide
from guide.load import load
from guide.marks import IN_STEP, Behind, told
from guide.model import LANGUAGES, Lang
from guide.readiness import readiness
from guide.scoring import proposed_due
from tests import workbook_in_office as office
from tests.test_scoring import VECTOR

ROOT = Path(__file__).parent.parent
GUIDE = load(ROOT).guide
#: Every weight and every usual age of evidence, in three chapters of three domains.
SMALL = office.smaller(
    GUIDE,
    {code: [(1, 92), (2, 183), (3, 365), (3, 92), (2, 365), (3, 183)] for code in ("IT", "CC", "PC")},
)
RANDOM = 24
STEPS = {"registration": 2, "certification": 3}
#: Functions that Excel 2016 and LibreOffice 7 both know.
KNOWN = {
    "AND", "CHAR", "CHOOSE", "COUNT", "COUNTIF", "COUNTIFS", "EDATE", "FIND", "IF", "IFERROR", "INDEX", "INT",
    "ISNUMBER", "LEFT", "LEN", "MATCH", "MAX", "MIN", "NOT", "OR", "RANK", "RIGHT", "ROW", "ROWS", "SUBSTITUTE", "SUM",
    "SUMIFS", "SUMPRODUCT", "TRIM", "UPPER",
}  # fmt: skip


def vector(target: int) -> tuple[Guide, office.Filled]:
    """The published vector as a guide and an assessment."""
    given_ = VECTOR["input"]
    age = given_["evidence_max_age_days"]
    guide = office.smaller(GUIDE, {c["code"]: [(a["w"], age) for a in c["answers"]] for c in given_["chapters"]})
    answers = {
        answer["id"]: {
            "level": "N/A" if answer.get("na") else answer["level"],
            "date": date.fromisoformat(answer["evidence_date"]) if answer.get("evidence_date") else None,
            "reason": answer.get("na_reason"),
            "approver": answer.get("na_approved_by"),
        }
        for chapter in given_["chapters"]
        for answer in chapter["answers"]
    }
    risk = {chapter["code"]: chapter["risk"] for chapter in given_["chapters"]}
    return guide, office.Filled(date.fromisoformat(given_["review_date"]), target, risk, answers)


REASONS = [
    None, "", "no", "1234567890", "  123456789  ", "12345678 90", "No ships  call", "\u00a0 No berth \n",
    "1234\t  \t5678", "ninguno aquí", "aaaaaaaaab aa",
]  # fmt: skip


@st.composite
def assessments(draw: st.DrawFn) -> office.Filled:
    """Any answers to the small guide, with blanks, times of day and lower-case claims of "not applicable"."""
    review = draw(st.dates(date(2020, 2, 1), date(2027, 12, 31)))

    def answer() -> dict[str, Any]:
        age = draw(st.one_of(st.none(), st.integers(-5, 800), st.sampled_from([92, 93, 183, 184, 365, 366])))
        day: Any = None if age is None else review - timedelta(days=age)
        if day and draw(st.integers(0, 9)) == 0:
            day = datetime(day.year, day.month, day.day, 18, 30)
        return {
            "level": draw(st.sampled_from([None, 0, 1, 2, 3, 3, 4, 4, "N/A", "n/a "])),
            "date": day,
            "reason": draw(st.sampled_from(REASONS)),
            "approver": draw(st.sampled_from([None, "", " \t", "Accountable manager"])),
            "own_target": draw(st.sampled_from([None, None, None, 4])),
        }

    answers = {place.requirement.id: answer() for place in places(SMALL) if draw(st.integers(0, 9))}
    risk = {code: draw(st.integers(1, 3)) for code in ("IT", "CC", "PC") if draw(st.booleans())}
    return office.Filled(review, draw(st.sampled_from([2, 3])), risk, answers)


def every_reason() -> office.Filled:
    """Each reason once, approved: some are long enough only if blanks at their ends were counted."""
    claims = [{"level": "N/A", "reason": reason, "approver": "Accountable manager"} for reason in REASONS]
    ids = (place.requirement.id for place in places(SMALL))
    return office.Filled(date(2026, 6, 30), 3, {}, dict(zip(ids, claims, strict=False)))


def drawn() -> list[office.Filled]:
    """A few dozen random assessments."""
    found: list[office.Filled] = []

    @settings(max_examples=RANDOM, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(assessments())
    def collect(one: office.Filled) -> None:
        found.append(one)

    collect()
    return found


def whole(seed: int) -> office.Filled:
    """Answers to every requirement of the guide, the same each time."""
    review, answers = date(2026, 6, 30), {}
    for number, place in enumerate(places(GUIDE)):
        step = (number * 7919 + seed) % 101
        answers[place.requirement.id] = {
            "level": (None, "N/A", 0, 1, 2, 3, 3, 3, 4)[step % 9],
            "date": None if step % 5 == 0 else review - timedelta(days=step * 5),
            "reason": "No such activity here",
            "approver": "Accountable manager",
        }
    return office.Filled(review, 3, {"IT": 3, "CC": 1}, answers)


@dataclass(frozen=True)
class Case:
    """A guide in a language, what was filled in (nothing for None), and the calculated workbook."""

    guide: Guide
    what: office.Filled | None
    lang: Lang
    book: Any = None


def calculated(cases: list[Case], folder: Path) -> list[Case]:
    """The same cases with their workbooks; LibreOffice is started once."""
    templates: dict[tuple[int, Lang], bytes] = {}
    files = {}
    for number, case in enumerate(cases):
        key = (id(case.guide), case.lang)
        if key not in templates:
            templates[key] = workbook(case.guide, IN_STEP, case.lang)
        files[str(number)] = office.filled(templates[key], case.guide, case.lang, case.what)
    return [
        replace(case, book=book) for case, book in zip(cases, office.calculated(files, folder).values(), strict=True)
    ]


def check(case: Case) -> None:
    """Rows, totals, headline, readiness and plan are those of guide/scoring.py."""
    assert case.what is not None
    guide, lang, book = case.guide, case.lang, case.book
    rules, result = guide.scoring, case.what.score(case.guide)
    shown = office.rows(book, guide, lang)
    for row in result.rows:
        expected = {name: getattr(row, name) for name in shown[row.id]}
        assert shown[row.id] == expected, (row.id, case.what.answers.get(row.id), case.what.review_date)
    bands = {band.id: f"{band.symbol} {band.label[lang]}" for band in rules.bands.scale}
    words = guide.interface.words(lang)["workbook"]
    figures = office.totals(book, guide, lang)
    for total in (*result.chapters, *result.domains, result.overall):
        found = figures[total.key]
        nothing = words["nothing_applies"]
        assert found["attainment"] == (nothing if total.attainment is None else pytest.approx(total.attainment / 100))
        assert found["weighted_level"] == (nothing if total.weighted_level is None else total.weighted_level)
        assert found["completeness"] == pytest.approx((total.completeness or 0) / 100)
        assert found["band"] == (bands[total.band] if total.band else None)
        same = {
            "points": total.points, "most": total.max, "weight": total.weight, "weighted": total.level_sum,
            "critical": total.critical_gaps, "not_in_place": total.critical_not_in_place,
            "not_evidenced": total.critical_not_evidenced, "gaps": total.gaps, "observations": total.observations,
            "unanswered": total.unanswered, "not_applicable": total.not_applicable, "count": total.requirements,
        }  # fmt: skip
        assert {name: found[name] for name in same} == same, total.key
    flagged = {key for key, found in figures.items() if found["scope_flag"]}
    assert flagged == set(result.check_scope)
    state = rules.score.provisional.label[lang] if result.overall.provisional else words["complete"]
    assert office.headline(book, guide, lang)[2] == state
    ready = readiness(result, rules)
    met = [criterion.met for criterion in ready.criteria]
    met += [True] * (5 - len(met))
    assert office.readiness_shown(book, guide, lang) == [ready.ready, *met]
    urgent = {row.id: row.priority for row in result.rows if row.priority}
    plan = [(i, urgent[i], proposed_due(urgent[i], case.what.review_date, rules)) for i in result.priorities]
    assert office.plan(book, guide, lang) == plan[:PLAN_ROWS]


def test_the_workbook_gives_the_published_vector(tmp_path: Path) -> None:
    """Filled with the vector, the workbook shows its figures by chapter and overall, for both targets and languages."""
    steps = {step: vector(target) for step, target in STEPS.items()}
    wanted = [(step, lang) for step in STEPS for lang in LANGUAGES]
    found = calculated([Case(*steps[step], lang) for step, lang in wanted], tmp_path)
    for (step, _), case in zip(wanted, found, strict=True):
        check(case)
        expected, figures = VECTOR["expected"][step], office.totals(case.book, case.guide, case.lang)
        assert figures["overall"]["attainment"] == pytest.approx(expected["overall"]["attainment"] / 100)
        for chapter in expected["chapters"]:
            assert figures[chapter["code"]]["attainment"] == pytest.approx(chapter["attainment"] / 100)


def test_random_answers_score_as_in_python(tmp_path: Path) -> None:
    """A few dozen random assessments give the same rows, totals, readiness and plan as guide/scoring.py."""
    filled = [every_reason(), *drawn()]
    found = calculated([Case(SMALL, one, LANGUAGES[n % 2]) for n, one in enumerate(filled)], tmp_path)
    assert len(found) >= RANDOM // 2
    for case in found:
        check(case)


def test_a_chapter_that_does_not_apply_leaves_every_sum(tmp_path: Path) -> None:
    """A chapter of which everything is not applicable shows n/a, has no band and leaves the whole untouched."""
    claim = {"level": "N/A", "reason": "No such place here", "approver": "Accountable manager"}
    some = {"level": 3, "date": date(2026, 6, 1)}
    answers = {p.requirement.id: claim if p.chapter.code == "IT" else some for p in places(SMALL)}
    (case,) = calculated([Case(SMALL, office.Filled(date(2026, 6, 30), 3, {}, answers), "en")], tmp_path)
    check(case)
    figures = office.totals(case.book, SMALL, "en")
    assert (figures["IT"]["attainment"], figures["IT"]["band"]) == ("n/a", None)
    assert figures["overall"]["attainment"] == 1


def test_the_whole_guide_scores_as_in_python(tmp_path: Path) -> None:
    """With every requirement of the guide answered, every figure equals guide/scoring.py."""
    (case,) = calculated([Case(GUIDE, whole(1), "es")], tmp_path)
    check(case)


def test_what_an_unfilled_workbook_shows_is_what_it_calculates(tmp_path: Path) -> None:
    """Programs that do not calculate on opening show the value stored beside each formula: it must be the right one.
    Without a review date that is no attainment and no band, and a sentence that says why."""
    for case in calculated([Case(SMALL, None, lang) for lang in LANGUAGES], tmp_path):
        data = workbook(SMALL, IN_STEP, case.lang)
        formulas, stored = (openpyxl.load_workbook(io.BytesIO(data), data_only=only) for only in (False, True))
        for sheet in formulas:
            for cell in (cell for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"):
                shown, right = (book[sheet.title][cell.coordinate].value for book in (stored, case.book))
                assert (shown or None) == (right or None), f"{sheet.title}!{cell.coordinate}"
        assert office.headline(case.book, SMALL, case.lang)[:2] == [None, None]
        missing = SMALL.interface.words(case.lang)["workbook"]["review_date_missing"]
        assert office.sheet(case.book, SMALL, case.lang, "results")["A2"].value == missing


NOT_UNDERSTOOD: dict[str, tuple[dict[str, Any], str]] = {
    "IT-01": ({"level": "three"}, "check_level"),
    "IT-02": ({"level": 2.5}, "check_level"),
    "IT-03": ({"level": 7}, "check_level"),
    "IT-04": ({"level": 3, "date": "last spring"}, "check_date"),
    "IT-05": ({"level": 1, "own_target": 3}, "check_target"),
}


def test_an_entry_that_is_not_understood_is_named_and_scores_nothing(tmp_path: Path) -> None:
    """What is pasted past the lists is not guessed at: the row says what is wrong, and no formula breaks."""
    template = workbook(SMALL, IN_STEP, "en")
    what = office.Filled(date(2026, 6, 30), 3, {}, {id_: entry for id_, (entry, _) in NOT_UNDERSTOOD.items()})
    (book,) = office.calculated({"odd": office.filled(template, SMALL, "en", what)}, tmp_path).values()
    answers, words = office.sheet(book, SMALL, "en", "requirements"), SMALL.interface.words("en")["workbook"]
    for place in places(SMALL):
        if place.requirement.id in NOT_UNDERSTOOD:
            assert answers[f"U{place.row}"].value == words[NOT_UNDERSTOOD[place.requirement.id][1]]
    rows = office.rows(book, SMALL, "en")
    assert [rows[f"IT-0{n}"]["status"] for n in (1, 2, 3)] == ["unanswered"] * 3
    assert (rows["IT-04"]["basis"], rows["IT-05"]["target"]) == ("no_evidence", 3)
    values = (str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert not [value for value in values if value.startswith("#")]


def test_a_text_out_of_step_is_marked_where_it_is_read_and_in_the_plan(tmp_path: Path) -> None:
    """Under the statement on three sheets, under the title of its chapter, in the instructions; the row has room."""
    behind = Behind("ENGLISH_MOVED", "2026-11-10")
    marks = {lang: dict.fromkeys(("IT-01", "chapter:IT", "scoring"), behind) for lang in LANGUAGES}
    what = office.Filled(date(2026, 6, 30), 3, {}, {place.requirement.id: {"level": 0} for place in places(SMALL)})
    files = {lang: office.filled(workbook(SMALL, marks, lang), SMALL, lang, what) for lang in LANGUAGES}
    for lang, book in zip(LANGUAGES, office.calculated(files, tmp_path).values(), strict=True):
        said = told(behind, SMALL.interface.words(lang))
        cells = {
            sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row if said in str(cell.value or "")]
            for sheet in book
        }
        named = {SMALL.interface.words(lang)["workbook"][f"sheet_{key}"]: key for key in
                 ("instructions", "start", "requirements", "guidance", "plan")}  # fmt: skip
        statement = f"{SMALL.requirements['IT-01'].text[lang]}\n[{said}]"
        title = f"IT  {SMALL.chapter('IT').title[lang]}\n[{said}]"
        expected = {"instructions": [said], "start": [title]}
        found = {named[title]: values for title, values in cells.items() if values}
        assert found == {key: expected.get(key, [statement]) for key in named.values()}
        answers = office.sheet(openpyxl.load_workbook(io.BytesIO(files[lang])), SMALL, lang, "requirements")
        bare = office.sheet(
            openpyxl.load_workbook(io.BytesIO(workbook(SMALL, IN_STEP, lang))), SMALL, lang, "requirements"
        )
        assert answers.row_dimensions[5].height > bare.row_dimensions[5].height


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request: pytest.FixtureRequest) -> tuple[Lang, Any]:
    """The unfilled workbook as openpyxl reads it."""
    return request.param, openpyxl.load_workbook(io.BytesIO(workbook(SMALL, IN_STEP, request.param)))


def test_only_input_cells_are_open(opened: tuple[Lang, Any]) -> None:
    """Every sheet is protected; no formula is open, and every cell for an answer is."""
    lang, book = opened
    words = SMALL.interface.words(lang)["workbook"]
    assert [sheet.title for sheet in book] == [words[f"sheet_{key}"] for key in office.SHEETS]
    for sheet in book:
        assert sheet.protection.sheet
        assert all(cell.protection.locked for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f")
    answers = office.sheet(book, SMALL, lang, "requirements")
    for place in places(SMALL):
        assert not any(answers[f"{REQUIREMENT_COLUMNS[key]}{place.row}"].protection.locked for key in INPUTS)


def test_lists_dates_and_charts_are_there(opened: tuple[Lang, Any]) -> None:
    """Levels, own target, risk and target are chosen from lists, dates are checked, two charts follow the result."""
    lang, book = opened
    last = places(SMALL)[-1].row
    by_cells = {
        (key, str(cells)): (rule.type, rule.formula1)
        for key in ("start", "requirements")
        for rule in office.sheet(book, SMALL, lang, key).data_validations.dataValidation
        for cells in rule.sqref.ranges
    }
    assert by_cells["requirements", f"E5:E{last}"] == ("list", "Levels")
    assert by_cells["requirements", f"K5:K{last}"] == ("list", "OwnTarget")
    assert by_cells["requirements", f"H5:H{last}"][0] == "date"
    assert by_cells["start", "B7"][0] == "date"
    assert by_cells["start", "B8"] == ("list", "TargetLabels")
    assert len(office.sheet(book, SMALL, lang, "results")._charts) == 2


def test_formulas_use_only_functions_that_both_programs_know(opened: tuple[Lang, Any]) -> None:
    """No formula needs a function newer than Excel 2016 or unknown to LibreOffice."""
    used: set[str] = set()
    for sheet in opened[1]:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    used |= set(re.findall(r"([A-Z_a-z.]+)\(", re.sub(r'"[^"]*"', '""', cell.value)))
    assert used <= KNOWN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_guide_gives_the_same_workbook(lang: Lang) -> None:
    """Two runs give the same bytes."""
    assert workbook(SMALL, IN_STEP, lang) == workbook(SMALL, IN_STEP, lang)


def test_text_of_the_guide_never_becomes_a_formula() -> None:
    """A requirement that begins like a formula stays text, also when somebody edits the cell."""
    checklist = SMALL.checklists["IT"]
    nasty = checklist.requirements[0].text.model_copy(update={"en": '=HYPERLINK("https://example.org")'})
    changed = checklist.requirements[0].model_copy(update={"text": nasty})
    fields = {name: getattr(SMALL, name) for name in Guide.model_fields}
    listed = {"IT": checklist.model_copy(update={"requirements": (changed,)})}
    guide = Guide.model_construct(**{**fields, "checklists": listed})
    cell = office.sheet(
        openpyxl.load_workbook(io.BytesIO(workbook(guide, IN_STEP, "en"))), guide, "en", "requirements"
    )["D5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_a_guide_without_requirements_is_refused() -> None:
    """There is no workbook of nothing."""
    fields = {name: getattr(SMALL, name) for name in Guide.model_fields}
    with pytest.raises(ValueError, match="at least one requirement"):
        workbook(Guide.model_construct(**{**fields, "checklists": {}}), IN_STEP, "en")
