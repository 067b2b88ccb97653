"""The scoring model: the published vector, golden cases, properties, and Python against the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from guide.assessment import Headline
from guide.load import load
from guide.model import LANGUAGES
from guide.readiness import readiness
from guide.render import WORDS_A_MINUTE
from guide.result import Result
from guide.scoring import band, proposed_due, tenths
from tests.in_browser import modules_page
from tests.scoring_cases import RULES, Json, answer_json, as_json, case_json, score_json, scorer

CASES = sorted((Path(__file__).parent / "cases" / "scoring").glob("*.yml"))
VECTOR: Json = json.loads((Path(__file__).parent / "cases" / "scoring" / "vector.json").read_text("utf-8"))
RULES_JSON: Json = RULES.model_dump(mode="json")
# Text in and out: the test tool takes far longer to hand over an object than the browser to score it.
IN_BATCHES = """async (text) => {
  const [rules, batch] = JSON.parse(text);
  const { score, readiness, proposedDue, headline } = await import("/assets/javascripts/assessment/scoring.js");
  return JSON.stringify(batch.map(([catalogue, assessment]) => {
    const result = score({ ...catalogue, scoring: rules }, assessment);
    const day = assessment.review_date;
    return {
      result,
      readiness: [2, 3].map((target) => readiness(score({ ...catalogue, scoring: rules }, assessment, target), rules)),
      due: ["P1", "P2", "P3", "P4"].map((id) => proposedDue(id, day, rules)),
      headline: headline(result, "2026.11"),
    };
  }));
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with modules_page() as page:
        yield page


def in_browser(page: Page, batch: list[tuple[Json, Json]]) -> list[Json]:
    found: list[Json] = json.loads(page.evaluate(IN_BATCHES, json.dumps([RULES_JSON, batch])))
    return found


def in_python(catalogue: Json, assessment: Json) -> Json:
    """What IN_BATCHES gives, made by Python."""
    scored = scorer(catalogue, assessment)
    result = scored(assessment["target"])
    day = date.fromisoformat(assessment["review_date"])
    fields = Headline.model_fields.keys() - {"edition", "target"}
    return {
        "result": as_json(result),
        "readiness": [as_json(readiness(scored(level), RULES)) for level in (2, 3)],
        "due": [as_json(proposed_due(step.id, day, RULES)) for step in RULES.priority.classes],
        "headline": {"edition": "2026.11", "target": result.target}
        | {name: getattr(result.overall, name) for name in fields},
    }


# --- the published vector -------------------------------------------------------------------------------------------


def vector_json(target: int) -> tuple[Json, Json]:
    """The vector's input in the exchanged form."""
    given_ = VECTOR["input"]
    answers = [answer for chapter in given_["chapters"] for answer in chapter["answers"]]
    requirements = [
        {
            "id": answer["id"], "chapter": answer["id"][:2], "weight": answer["w"], "phase": "prevent",
            "evidence_max_age_days": given_["evidence_max_age_days"],
        }
        for answer in answers
    ]  # fmt: skip
    chapters = [{"code": chapter["code"], "domain": "A"} for chapter in given_["chapters"]]
    short = {
        answer["id"]: {
            "level": answer["level"],
            "evidence": answer.get("evidence_date") or [],
            "na": {"reason": answer["na_reason"], "approved_by": answer["na_approved_by"]}
            if answer.get("na")
            else None,
        }
        for answer in answers
    }
    assessment = {
        "review_date": given_["review_date"],
        "target": target,
        "risk": {chapter["code"]: chapter["risk"] for chapter in given_["chapters"]},
        "answers": {id_: answer_json(answer) for id_, answer in short.items()},
    }
    return {"requirements": requirements, "chapters": chapters}, assessment


def check_vector(result: Json, expected: Json) -> None:
    """Every figure of the vector stands in the result, and nothing is there where the vector has nothing."""
    names = {band.id: band.label.en for band in RULES.bands.scale}

    def total(found: Json, wanted: Json) -> None:
        wanted = {name: value for name, value in wanted.items() if name not in {"rows", "code", "target"}}
        assert {**found, "band": names[found["band"]]} | wanted == {**found, "band": names[found["band"]]}

    total(result["overall"], expected["overall"])
    assert [found["key"] for found in result["chapters"]] == [wanted["code"] for wanted in expected["chapters"]]
    for found, wanted in zip(result["chapters"], expected["chapters"], strict=True):
        total(found, wanted)
    finding = ("claimed", "supported", "basis", "points", "max", "gap", "priority_score", "priority")
    rows = {row["id"]: row for row in result["rows"]}
    for wanted in (row for chapter in expected["chapters"] for row in chapter["rows"]):
        found = {name: rows[wanted["id"]][name] for name in finding if rows[wanted["id"]][name] is not None}
        assert found | {"id": wanted["id"], "status": rows[wanted["id"]]["status"]} == wanted


@pytest.mark.parametrize("name", ["registration", "certification"])
def test_python_gives_the_published_vector(name: str) -> None:
    """Rows, chapters and the whole equal the reference output, at both targets."""
    expected = VECTOR["expected"][name]
    check_vector(as_json(score_json(*vector_json(expected["target"]))), expected)


@pytest.mark.parametrize("name", ["registration", "certification"])
def test_the_browser_gives_the_published_vector(page: Page, name: str) -> None:
    """scoring.js gives the reference output too."""
    expected = VECTOR["expected"][name]
    check_vector(in_browser(page, [vector_json(expected["target"])])[0]["result"], expected)


# --- golden cases ---------------------------------------------------------------------------------------------------


def check_case(found: Json, expected: Json) -> None:
    """Everything that the case names is so; what it does not name is free."""
    result = found["result"]
    parts = {"overall": {"": result["overall"]}, "lists": {"": result}}
    for name in ("rows", "chapters", "domains", "phases"):
        parts[name] = {entry.get("key") or entry["id"]: entry for entry in result[name]}
    parts["readiness"] = {
        entry["target"]: {
            "ready": entry["ready"],
            "unmet": [criterion["id"] for criterion in entry["criteria"] if not criterion["met"]],
        }
        for entry in found["readiness"]
    }
    for name, wanted in expected.items():
        for key, values in ({"": wanted} if name in {"overall", "lists"} else wanted).items():
            seen = {field: parts[name][key][field] for field in values}
            assert seen == values, f"{name} {key}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_case(page: Page, path: Path) -> None:
    """Python and the browser both give what the case expects."""
    case: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    pair = case_json(case)
    check_case(in_python(*pair), case["expected"])
    check_case(in_browser(page, [pair])[0], case["expected"])


# --- random assessments ---------------------------------------------------------------------------------------------

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31)).map(date.isoformat)
REASONS = st.one_of(
    st.sampled_from(
        ["", "no", " 12345678\u2003", "1234567890", "No vessels call here", "\ufeff123456789\x1f", "𝒩𝒪 𝓋𝑒𝓈𝓈𝑒𝓁"]
    ),
    st.text(max_size=14),
)
LEVELS = st.one_of(st.none(), st.integers(0, 4), st.integers(2, 4))
CLAIMS = st.one_of(
    st.none(), st.none(), st.fixed_dictionaries({"reason": REASONS, "approved_by": st.sampled_from(["", " \t", "AM"])})
)
ANSWERS = st.fixed_dictionaries(
    {
        "level": LEVELS,
        "na": CLAIMS,
        "evidence": st.lists(st.one_of(st.none(), DAYS), max_size=2),
        "target": st.sampled_from([None, None, 4]),
        "alternative": st.sampled_from([None, "", "\u00a0", "Patrol"]),
        "auditor_level": LEVELS,
    }
).map(answer_json)


@st.composite
def assessments(draw: st.DrawFn) -> tuple[Json, Json]:
    """A small catalogue and an assessment of it, with every kind of answer and some nonsense."""
    requirements, answers, chapters = [], {}, []
    for code in draw(st.sampled_from([("AA",), ("AA", "BB"), ("AA", "BB", "CC")])):
        chapters.append({"code": code, "domain": draw(st.sampled_from("AB"))})
        for number in range(1, draw(st.integers(1, 4)) + 1):
            id_ = f"{code}-{number:02d}"
            requirements.append(
                {
                    "id": id_,
                    "chapter": code,
                    "weight": draw(st.integers(1, 3)),
                    "phase": draw(st.sampled_from(["prevent", "pursue"])),
                    "evidence_max_age_days": draw(st.sampled_from([92, 183, 365, 548])),
                }
            )
            answer = draw(st.one_of(ANSWERS, ANSWERS, st.none()))
            if answer is not None:
                answers[id_] = answer
    risk = draw(st.dictionaries(st.sampled_from(["AA", "BB", "AA-01", "BB-02"]), st.integers(1, 3), max_size=3))
    assessment = {
        "review_date": draw(DAYS),
        "target": draw(st.sampled_from([2, 3])),
        "risk": risk,
        "answers": answers,
    }
    return {"requirements": requirements, "chapters": chapters}, assessment


def seeded(seed: int) -> tuple[Json, Json]:
    """A longer assessment of common answers from one drawn number: many more a second than field by field."""
    pick = Random(seed)
    requirements, answers = [], {}
    for id_ in (f"{code}-{number:02d}" for code in ("AA", "BB", "CC", "DD") for number in range(1, pick.randint(2, 9))):
        weight, age = pick.randint(1, 3), pick.choice([92, 183, 365])
        place = {"chapter": id_[:2], "phase": pick.choice(["prevent", "protect"])}
        requirements.append({"id": id_, "weight": weight, "evidence_max_age_days": age, **place})
        day = (date(2027, 3, 1) - timedelta(days=pick.randrange(1200))).isoformat()
        claim = {"reason": "No vessels call here"[: pick.randrange(20)], "approved_by": "AM" * pick.randint(0, 4)}
        answer = {
            "level": pick.choice([None, 0, 1, 2, 3, 3, 4]),
            "evidence": pick.choice([[], day, day, day]),
            "na": pick.choice([None, None, None, None, claim]),
            "target": pick.choice([None, None, None, 4]),
        }
        if pick.random() < 0.9:
            answers[id_] = answer_json(answer)
    chapters = [{"code": code, "domain": pick.choice("AB")} for code in ("AA", "BB", "CC", "DD")]
    risk = {key: pick.randint(1, 3) for key in ("AA", "BB", "CC-01") if pick.random() < 0.5}
    assessment = {"review_date": "2026-06-30", "target": pick.choice([2, 3]), "risk": risk, "answers": answers}
    return {"requirements": requirements, "chapters": chapters}, assessment


def fully(pair: tuple[Json, Json]) -> Result:
    return score_json(*pair)


PROPERTY = settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(assessments())
def test_points_stay_between_nothing_and_their_maximum(pair: tuple[Json, Json]) -> None:
    """No row and no total has more points than its maximum; a supported level never beats the claim."""
    result = fully(pair)
    for row in result.rows:
        assert row.max is None or 0 <= (row.points or 0) <= row.max
        assert row.claimed is None or (row.supported or 0) <= row.claimed
    for total in (*result.chapters, *result.domains, *result.phases, result.overall):
        assert 0 <= total.points <= total.max


@PROPERTY
@given(assessments())
def test_roll_up_adds_points_and_never_averages(pair: tuple[Json, Json]) -> None:
    """Chapters, domains and phases each add up to the whole, in points, maxima, weights and counts."""
    result = fully(pair)
    for groups in (result.chapters, result.domains, result.phases):
        for name in ("points", "max", "weight", "level_sum", "requirements", "unanswered", "critical_gaps", "gaps"):
            assert sum(getattr(total, name) for total in groups) == getattr(result.overall, name)


@PROPERTY
@given(assessments())
def test_a_requirement_that_does_not_apply_leaves_every_sum(pair: tuple[Json, Json]) -> None:
    """Marking a requirement as not applicable gives the sums of a catalogue that does not hold it."""
    catalogue, assessment = pair
    first = catalogue["requirements"][0]["id"]
    claim = answer_json({"na": {"reason": "The activity does not exist", "approved_by": "AM"}})
    without = {**catalogue, "requirements": catalogue["requirements"][1:]}
    marked = score_json(catalogue, {**assessment, "answers": {**assessment["answers"], first: claim}}).overall
    smaller = score_json(without, assessment).overall
    for name in (
        "points",
        "max",
        "weight",
        "level_sum",
        "attainment",
        "weighted_level",
        "critical_gaps",
        "gaps",
        "band",
    ):
        assert getattr(marked, name) == getattr(smaller, name)
    assert marked.not_applicable == smaller.not_applicable + 1


@PROPERTY
@given(assessments(), st.integers(0, 400))
def test_better_evidence_never_costs_anything(pair: tuple[Json, Json], age: int) -> None:
    """One more dated piece of evidence for every answer never lowers a level or a point, nor opens a gap."""
    catalogue, assessment = pair
    day = (date.fromisoformat(assessment["review_date"]) - timedelta(days=age)).isoformat()
    answers = {
        id_: {**answer, "evidence": [*answer["evidence"], answer_json({"evidence": day})["evidence"][0]]}
        for id_, answer in assessment["answers"].items()
    }
    before, after = fully(pair), score_json(catalogue, {**assessment, "answers": answers})
    for old, new in zip(before.rows, after.rows, strict=True):
        assert (new.supported or 0) >= (old.supported or 0)
        assert (new.gap or 0) <= (old.gap or 0)
    assert after.overall.points >= before.overall.points
    assert after.overall.critical_gaps <= before.overall.critical_gaps


@PROPERTY
@given(assessments())
def test_risk_never_changes_a_score(pair: tuple[Json, Json]) -> None:
    """With other risks every total is the same."""
    catalogue, assessment = pair
    other = score_json(catalogue, {**assessment, "risk": {"AA": 3, "BB": 1, "CC": 2}})
    assert (other.overall, other.chapters) == (fully(pair).overall, fully(pair).chapters)


@PROPERTY
@given(assessments())
def test_unanswered_requirements_are_no_findings(pair: tuple[Json, Json]) -> None:
    """A row without answer has no gap and no priority; critical gaps are exactly the two kinds together."""
    result = fully(pair)
    for row in result.rows:
        if row.status in {"unanswered", "not_applicable"}:
            assert (row.gap, row.priority, row.critical, row.basis) == (None, None, None, None)
        assert (row.critical is not None) == (row.status == "critical_gap")
    assert result.overall.critical_gaps == len(result.critical)
    assert set(result.critical) <= set(result.priorities)


@settings(max_examples=300, deadline=None, database=None)
@given(st.integers(1, 3000).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))))
def test_rounding_is_half_up_and_only_for_display(figures: tuple[int, int]) -> None:
    """One decimal, halves up, exactly; the band follows the exact figure."""
    points, most = figures
    exact = Fraction(100 * points, most)
    assert tenths(100 * points, most) == (exact * 10 + Fraction(1, 2)).__floor__() / 10
    wanted = next(step.id for step in RULES.bands.scale if exact >= step.from_percent)
    assert band(points, most, 0, RULES) == wanted


def test_python_and_the_browser_agree_on_thousands_of_assessments(page: Page) -> None:
    """2,500 random assessments give the same rows, totals, lists, readiness, clocks and headline on both sides."""
    pairs: list[tuple[Json, Json]] = []
    quick = settings(deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))

    @settings(quick, max_examples=500)
    @given(assessments())
    def odd_ones(pair: tuple[Json, Json]) -> None:
        pairs.append(pair)

    @settings(quick, max_examples=2000)
    @given(st.integers(0, 2**63))
    def common_ones(seed: int) -> None:
        pairs.append(seeded(seed))

    odd_ones()
    common_ones()
    assert len(pairs) > 2000
    differing = []
    for start in range(0, len(pairs), 500):
        batch = pairs[start : start + 500]
        for pair, found in zip(batch, in_browser(page, batch), strict=True):
            if found != in_python(*pair):
                differing.append(pair)
    smallest = min(differing, key=lambda pair: len(json.dumps(pair)), default=None)
    if smallest:
        assert in_browser(page, [smallest])[0] == in_python(*smallest), json.dumps(smallest)


def test_the_words_state_the_same_figures_as_the_values() -> None:
    """Where a sentence of scoring.yml repeats a threshold, in either language, it is the threshold in force."""
    na, priority, bands = RULES.not_applicable, RULES.priority, RULES.bands
    for lang in ("en", "es"):
        assert f"{na.reason_min_characters} " in na.rule[lang]
        assert f"{na.check_scope_above_percent}" in na.check_scope[lang]
        assert priority.critical_never_below in priority.rule[lang]
        assert next(step.label[lang] for step in bands.scale if step.id == bands.capped_at) in bands.rule[lang]
        for step in priority.classes:
            for value in (step.interim_hours, step.plan_days, step.close_days, step.close_months):
                assert value is None or str(value) in step.clock[lang]
        for band_ in bands.scale[:-1]:
            assert str(band_.from_percent) in band_.range[lang]
        assert "PSOE" not in RULES.model_dump_json()
        for level in (RULES.evidence.dated_from_level, RULES.evidence.recent_from_level):
            assert str(level) in RULES.evidence.rule[lang]


def test_the_triage_leaves_time_to_read_and_to_choose() -> None:
    """Its seconds cover the reading of an essential statement in either language and four more to choose a level."""
    asked = load(Path(__file__).parent.parent).guide.requirements.values()
    essential = [one for one in asked if not one.retired and one.weight >= RULES.effort.triage_weight]
    for lang in LANGUAGES:
        words = sum(len(one.text[lang].split()) for one in essential) / len(essential)
        assert words / WORDS_A_MINUTE * 60 + 4 <= RULES.effort.triage_seconds
