"""The certification path: golden dates, the calendar file, and Python against the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from guide.days import add_months
from guide.lifecycle import calendar, escape, fold, milestones
from guide.lifecycle_model import Lifecycle
from guide.load import fit, read_yaml
from guide.model import LANGUAGES
from tests.in_browser import modules_page

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests" / "cases" / "certification_path").glob("*.yml"))
RULES = fit(Lifecycle, read_yaml(ROOT / "data" / "lifecycle.yml", ROOT))
SEED = "0f0e1a52-5a40-4a8e-9a5c-2f6c1f1f7a10"
STAMP = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
IN_BATCHES = """async (text) => {
  const [rules, stamp, seed, batch] = JSON.parse(text);
  const { milestones, calendar } = await import("/assets/javascripts/assessment/lifecycle.js");
  return JSON.stringify(batch.map(([admission, route, decision, lang, site]) => {
    try {
      const path = milestones(admission, route, rules, decision);
      return { path, file: calendar(path, route, rules, lang, { seed, stamp: new Date(stamp), site }) };
    } catch (error) {
      if (error instanceof RangeError) return "refused";
      throw error;
    }
  }));
}"""
Query = tuple[str, str, str | None, str, str]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with modules_page() as page:
        yield page


def in_browser(page: Page, batch: list[Query]) -> list[Any]:
    rules = RULES.model_dump(mode="json")
    found: list[Any] = json.loads(page.evaluate(IN_BATCHES, json.dumps([rules, STAMP.isoformat(), SEED, batch])))
    return found


def in_python(query: Query) -> Any:
    """What IN_BATCHES gives, made by Python."""
    admission, route, decision, lang, site = query
    decided = date.fromisoformat(decision) if decision else None
    try:
        path = milestones(date.fromisoformat(admission), route, RULES, decided)  # type: ignore[arg-type]
    except ValueError:
        return "refused"
    file = calendar(path, route, RULES, lang, seed=SEED, stamp=STAMP, site=site)  # type: ignore[arg-type]
    return {
        "path": [{"kind": m.kind, "number": m.number, "day": m.day.isoformat(), "assumed": m.assumed} for m in path],
        "file": file,
    }


def in_words(found: Any) -> Any:
    """Milestones as a case lists them."""
    if found == "refused":
        return found
    number = {m["number"]: f" {m['number']}" for m in found["path"]} | {0: ""}
    assumed = {True: " (assumed)", False: ""}
    return [f"{m['day']} {m['kind']}{number[m['number']]}{assumed[m['assumed']]}" for m in found["path"]]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_path(page: Page, path: Path) -> None:
    """Python and the browser give the dates of the case, or both refuse."""
    case = yaml.safe_load(path.read_text("utf-8"))
    query = (case["admission"], case["route"], case["decision"], "en", "")
    assert in_words(in_python(query)) == case["expected"]
    assert in_words(in_browser(page, [query])[0]) == case["expected"]


@settings(max_examples=300, deadline=None, database=None)
@given(st.dates(date(1, 1, 1), date(9990, 1, 1)), st.integers(0, 100))
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    """The month is right, the day is the same or the last of its month, and adding in one go is monotonic."""
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)
    assert add_months(day, months + 1) > found


ROUTES = st.sampled_from(["registration", "certification"])
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
SITES = st.one_of(
    st.sampled_from(
        [
            "",
            "Puerto de Ñandú; muelle 3, zona \\ A",
            "港湾公社第三ターミナル" * 5,
            "a\r\nb\nc\x00\x1b[2J\x7f",
            "🚢" * 30,
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
)


def test_python_and_the_browser_give_the_same_path_and_the_same_file(page: Page) -> None:
    """For 500 random days, routes, languages and hostile names: the same milestones, the same bytes of .ics."""
    queries: list[Query] = []

    @settings(max_examples=500, deadline=None, database=None)
    @given(st.tuples(DAYS, ROUTES, st.none() | DAYS, st.sampled_from(LANGUAGES), SITES))
    def collect(query: Query) -> None:
        queries.append(query)

    collect()
    for query, found in zip(queries, in_browser(page, queries), strict=True):
        assert found == in_python(query), query


def read_calendar(text: str) -> list[dict[str, str]]:
    """Events of a calendar file, read strictly: every line ends in CRLF, has at most 75 octets and a name and value."""
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all("\n" not in line and "\r" not in line and len(line.encode()) <= 75 for line in lines)
    events: list[dict[str, str]] = []
    inside = ""
    for line in "\r\n".join(lines).replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        assert re.fullmatch(r"[A-Z-]+(;[A-Z]+=[A-Z]+)*", name), line
        if name == "BEGIN":
            inside = value
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            inside = "VEVENT" if value == "VALARM" else "VCALENDAR"
        elif inside == "VEVENT":
            assert name not in events[-1], f"{name} twice"
            events[-1][name] = value
    return events


@settings(max_examples=150, deadline=None, database=None)
@given(DAYS, ROUTES, st.sampled_from(LANGUAGES), SITES)
def test_the_calendar_file_keeps_to_the_standard(admission: str, route: str, lang: str, site: str) -> None:
    """Every event has what RFC 5545 asks for, once; a name can neither break a line nor add a property."""
    events = read_calendar(in_python((admission, route, None, lang, site))["file"])
    assert len(events) == len(in_python((admission, route, None, lang, site))["path"])
    for event in events:
        assert set(event) == {
            "UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY", "DESCRIPTION", "CATEGORIES", "CLASS", "TRANSP",
        }  # fmt: skip
        assert event["DTSTAMP"] == "20261122T140509Z"
        assert re.fullmatch(r"\d{8}", event["DTSTART;VALUE=DATE"])


def test_events_keep_their_identity_when_dates_change() -> None:
    """Another admission date gives the same UIDs, so that a calendar moves the events; no UID stands twice."""
    first, second = (
        [event["UID"] for event in read_calendar(in_python((day, "certification", None, "en", ""))["file"])]
        for day in ("2026-01-15", "2026-02-20")
    )
    assert sorted(first) == sorted(second)
    assert len(set(first)) == len(first)


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_folding_and_escaping_lose_nothing(text: str) -> None:
    """Unfolded and unescaped, the text is what it was, without control characters."""
    line = escape(text)
    back = fold(line).replace("\r\n ", "")
    assert back == line
    plain = re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), back)
    assert plain == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))


@pytest.mark.parametrize("seed", ["", "a b", "x\r\nATTENDEE:mailto:a@b", "a" * 65])
def test_a_seed_of_another_form_is_refused(seed: str) -> None:
    """The UID takes letters, digits and hyphens only."""
    with pytest.raises(ValueError, match="seed"):
        calendar((), "registration", RULES, "en", seed=seed, stamp=STAMP)
