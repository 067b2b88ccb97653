"""The workbook to fill in: every score equals guide/scoring.py after LibreOffice has calculated it."""

from __future__ import annotations

import io
import re
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


class Case:
    """A guide in a language, what was filled in, and the calculated workbook."""

    def __init__(self, guide: Guide, what: office.Filled | None, lang: Lang) -> None:
        self.guide, self.what, self.lang = guide, what, lang
        self.book: Any = None


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Every workbook of these tests, calculated by one start of LibreOffice."""
    found = {f"blank-{lang}": Case(GUIDE, None, lang) for lang in LANGUAGES}
    found |= {
        f"vector-{lang}-{step}": Case(*vector_case, lang)
        for step, target in STEPS.items()
        for vector_case in [vector(target)]
        for lang in LANGUAGES
    }
    found |= {f"whole-{lang}": Case(GUIDE, whole(number), lang) for number, lang in enumerate(LANGUAGES)}
    found |= {f"random-{number}": Case(SMALL, one, LANGUAGES[number % 2]) for number, one in enumerate(drawn())}
    templates = {}
    files = {}
    for name, case in found.items():
        key = (len(places(case.guide)), case.lang)
        if key not in templates:
            templates[key] = workbook(case.guide, case.lang)
        files[name] = office.filled(templates[key], case.guide, case.lang, case.what)
    for name, book in office.calculated(files, tmp_path_factory.mktemp("office")).items():
        found[name].book = book
    return found


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


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_gives_the_published_vector(cases: dict[str, Case], step: str, lang: Lang) -> None:
    """Filled with the vector, the workbook shows its attainment by chapter and overall, in both languages."""
    name, expected = f"vector-{lang}-{step}", VECTOR["expected"][step]
    check(cases[name])
    figures = office.totals(cases[name].book, cases[name].guide, cases[name].lang)
    assert figures["overall"]["attainment"] == pytest.approx(expected["overall"]["attainment"] / 100)
    for chapter in expected["chapters"]:
        assert figures[chapter["code"]]["attainment"] == pytest.approx(chapter["attainment"] / 100)


def test_random_answers_score_as_in_python(cases: dict[str, Case]) -> None:
    """A few dozen random assessments give the same rows, totals, readiness and plan as guide/scoring.py."""
    chosen = [case for name, case in cases.items() if name.startswith("random-")]
    assert len(chosen) >= RANDOM // 2
    for case in chosen:
        check(case)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_guide_scores_as_in_python(cases: dict[str, Case], lang: Lang) -> None:
    """With every requirement of the guide answered, every figure equals guide/scoring.py."""
    check(cases[f"whole-{lang}"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_an_unfilled_workbook_shows_is_what_it_calculates(cases: dict[str, Case], lang: Lang) -> None:
    """Programs that do not calculate on opening show the value stored beside each formula: it must be the right one."""
    data = workbook(GUIDE, lang)
    formulas, stored = (openpyxl.load_workbook(io.BytesIO(data), data_only=only) for only in (False, True))
    calculated = cases[f"blank-{lang}"].book
    for sheet in formulas:
        for cell in (cell for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"):
            shown, right = (book[sheet.title][cell.coordinate].value for book in (stored, calculated))
            assert (shown or None) == (right or None), f"{sheet.title}!{cell.coordinate}"


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request: pytest.FixtureRequest) -> tuple[Lang, Any]:
    """The unfilled workbook as openpyxl reads it."""
    return request.param, openpyxl.load_workbook(io.BytesIO(workbook(GUIDE, request.param)))


def test_without_a_review_date_there_is_no_result(cases: dict[str, Case]) -> None:
    """Until the review date is known no attainment and no band is shown, and the sheets say why."""
    case = cases["blank-en"]
    assert office.headline(case.book, GUIDE, "en")[:2] == [None, None]
    missing = GUIDE.interface.words("en")["workbook"]["review_date_missing"]
    assert office.sheet(case.book, GUIDE, "en", "results")["A2"].value == missing


def test_only_input_cells_are_open(opened: tuple[Lang, Any]) -> None:
    """Every sheet is protected; no formula is open, and every cell for an answer is."""
    lang, book = opened
    words = GUIDE.interface.words(lang)["workbook"]
    assert [sheet.title for sheet in book] == [words[f"sheet_{key}"] for key in office.SHEETS]
    for sheet in book:
        assert sheet.protection.sheet
        assert all(cell.protection.locked for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f")
    answers = office.sheet(book, GUIDE, lang, "requirements")
    for place in places(GUIDE):
        assert not any(answers[f"{REQUIREMENT_COLUMNS[key]}{place.row}"].protection.locked for key in INPUTS)


def test_lists_dates_and_charts_are_there(opened: tuple[Lang, Any]) -> None:
    """Levels, own target, risk and target are chosen from lists, dates are checked, two charts follow the result."""
    lang, book = opened
    last = places(GUIDE)[-1].row
    by_cells = {
        (key, str(cells)): (rule.type, rule.formula1)
        for key in ("start", "requirements")
        for rule in office.sheet(book, GUIDE, lang, key).data_validations.dataValidation
        for cells in rule.sqref.ranges
    }
    assert by_cells["requirements", f"E5:E{last}"] == ("list", "Levels")
    assert by_cells["requirements", f"K5:K{last}"] == ("list", "OwnTarget")
    assert by_cells["requirements", f"H5:H{last}"][0] == "date"
    assert by_cells["start", "B7"][0] == "date"
    assert by_cells["start", "B8"] == ("list", "TargetLabels")
    assert len(office.sheet(book, GUIDE, lang, "results")._charts) == 2


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
    assert workbook(SMALL, lang) == workbook(SMALL, lang)


def test_text_of_the_guide_never_becomes_a_formula() -> None:
    """A requirement that begins like a formula stays text, also when somebody edits the cell."""
    checklist = SMALL.checklists["IT"]
    nasty = checklist.requirements[0].text.model_copy(update={"en": '=HYPERLINK("https://example.org")'})
    changed = checklist.requirements[0].model_copy(update={"text": nasty})
    fields = {name: getattr(SMALL, name) for name in Guide.model_fields}
    listed = {"IT": checklist.model_copy(update={"requirements": (changed,)})}
    guide = Guide.model_construct(**{**fields, "checklists": listed})
    cell = office.sheet(openpyxl.load_workbook(io.BytesIO(workbook(guide, "en"))), guide, "en", "requirements")["D5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_a_guide_without_requirements_is_refused() -> None:
    """There is no workbook of nothing."""
    fields = {name: getattr(SMALL, name) for name in Guide.model_fields}
    with pytest.raises(ValueError, match="at least one requirement"):
        workbook(Guide.model_construct(**{**fields, "checklists": {}}), "en")
