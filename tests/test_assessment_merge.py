"""Bringing files together, the rules alone: weeks of edits by three officers, exchanged in any order, against a model.

The modules tally.js and merge.js run in a real browser; what they must come to is worked out from who had seen what.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.in_browser import modules_page

Json = dict[str, Any]
OFFICERS = ("Ana", "Luis", "Marta")
ITEMS = ("IT-01", "IT-02")
# One whole story at a time: edits, files and exchanges on three devices. Everything that happened comes back.
STORY = """async (text) => {
  const { compare, settle, lowest } = await import("/assets/javascripts/assessment/merge.js");
  const { tally, stand } = await import("/assets/javascripts/assessment/tally.js");
  const { base, officers, steps } = JSON.parse(text);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const mapped = (answers, change) => Object.fromEntries(Object.entries(answers).map(([id, one]) => [id, change(one)]));
  const counted = (answers) => mapped(answers, (one) => ({ ...one, said: tally(one) }));
  const line = (name, said) => `${name}: ${Number.isInteger(said) || said === "na" ? `level ${said}` : said}`;
  const devices = officers.map(() => counted(copy(base)));
  const [files, told] = [[], []];
  const edit = ({ who, id, kind, value, place, moment }) => {
    const one = devices[who][id];
    const lines = one.note.split("\\n").filter(Boolean);
    let gone = null;
    if (kind === "level") Object.assign(one, { level: value, na: null, by: officers[who] });
    if (kind === "evidence") {
      one.evidence = [...one.evidence, { type: "record", reference: value, custodian: "", date: null }];
    }
    if (kind === "drop" && one.evidence.length) {
      gone = one.evidence.splice(place % one.evidence.length, 1)[0].reference;
    }
    if (kind === "note") one.note = [...lines, value].join("\\n");
    if (kind === "strike" && lines.length) {
      gone = lines.splice(place % lines.length, 1)[0];
      one.note = lines.join("\\n");
    }
    if (kind === "owner") one.owner = value;
    one.updated = new Date(moment).toISOString();
    return gone;
  };
  for (const step of steps) {
    const { what, who } = step;
    if (what === "edit") told.push({ ...step, gone: edit(step) });
    if (what === "file") {
      devices[who] = counted(devices[who]);
      files.push(copy(devices[who]));
      told.push(step);
    }
    if (what === "bring") {
      const used = step.files.map((place) => place % files.length);
      const brought = used.map((place) => ({ name: `${place}`, answers: copy(files[place]) }));
      const found = compare([{ name: "here", answers: devices[who] }, ...brought], line);
      const results = {};
      for (const { id, result } of [...found.changed, ...found.agreed, ...found.blank]) results[id] = result;
      const conflicts = {};
      const said = ({ one }) => [one.by, stand(one)];
      for (const { id, voices, live } of found.conflicts) {
        const chosen = step.lowest ? lowest(live) : live[step.place % live.length];
        results[id] = settle(voices, chosen, line);
        conflicts[id] = { chosen: said(chosen), note: results[id].note };
      }
      Object.assign(devices[who], copy(results));
      const changed = found.changed.map(({ id }) => id);
      told.push({ ...step, files: used, conflicts, changed, stands: mapped(results, stand) });
    }
  }
  return JSON.stringify({ told, devices });
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with modules_page() as page:
        yield page


def answer(level: int | None, by: str = "Lead", **fields: Any) -> Json:
    """An answer as a file holds it."""
    return {
        "level": level, "na": None, "evidence": [], "alternative": None, "note": "", "owner": "", "due": None,
        "target": None, "text_hash": {"en": "0" * 12, "es": "0" * 12}, "asked": None, "by": by,
        "updated": "2026-11-01T08:00:00.000Z", "auditor_level": None, **fields,
    }  # fmt: skip


BASE = {
    "IT-01": answer(2, evidence=[{"type": "record", "reference": "e0", "custodian": "", "date": None}], note="n0"),
    "IT-02": answer(None, by=""),
}
"""The file that all three start from."""


# --- what must come of it, from who had seen what ---------------------------------------------------------------------


@dataclass
class Known:
    """What one device knows of the stands on one requirement: the one that it holds, and all that it has ever seen."""

    holds: int | None
    seen: set[int] = field(default_factory=set)

    def copy(self) -> Known:
        return Known(self.holds, set(self.seen))


@dataclass
class Stands:
    """Each stand that was ever taken gets a number; here are its author and level."""

    taken: list[tuple[str, int]] = field(default_factory=lambda: [("Lead", 2)])

    def take(self, by: str, level: int) -> int:
        self.taken.append((by, level))
        return len(self.taken) - 1

    def again(self, number: int) -> int:
        return self.take(*self.taken[number])

    @staticmethod
    def beaten(one: Known, other: Known) -> bool:
        """Whether whoever holds `other` had seen what `one` holds and holds it no more."""
        return one.holds in other.seen and other.holds != one.holds

    def left(self, voices: list[Known]) -> list[int]:
        """Stands that count among `voices`, without those that somebody who knew them gave up."""
        found = []
        for one in voices:
            by_others = [
                other
                for other in voices
                if self.beaten(one, other) and not (other.holds is not None and self.beaten(other, one))
            ]
            if one.holds is not None and not by_others:
                found.append(one.holds)
        return found


@st.composite
def stories(draw: st.DrawFn) -> list[Json]:
    """Edits, files and exchanges of some weeks; every piece of evidence, line and owner is a word of its own."""
    count = 0
    steps: list[Json] = []
    for _ in range(draw(st.integers(3, 25))):
        who = draw(st.integers(0, 2))
        what = draw(st.sampled_from(["edit", "edit", "edit", "file", "bring", "bring"]))
        if what == "bring" and not any(step["what"] == "file" for step in steps):
            what = "file"
        step: Json = {"what": what, "who": who}
        if what == "edit":
            count += 1
            kind = draw(st.sampled_from(["level", "level", "evidence", "drop", "note", "strike", "owner"]))
            value: Any = draw(st.sampled_from([None, 0, 1, 2, 3, 4])) if kind == "level" else f"{kind[0]}{count}."
            moment = 1_793_000_000_000 + draw(st.integers(-4_000, 4_000)) * 3_600_000 + count  # clocks are not trusted
            step |= {"id": draw(st.sampled_from(ITEMS)), "kind": kind, "value": value, "place": count, "moment": moment}
        if what == "bring":
            step |= {
                "files": draw(st.lists(st.integers(0, 40), min_size=1, max_size=3)),
                "place": draw(st.integers(0, 5)),
            }
        steps.append(step)
    return steps


def to_the_end(steps: list[Json]) -> list[Json]:
    """The story, and then three rounds in which each brings in the files of all."""
    end = list(steps)
    for _ in range(3):
        first = sum(step["what"] == "file" for step in end)
        end += [{"what": "file", "who": who} for who in range(3)]
        end += [
            {"what": "bring", "who": who, "files": [first + n for n in range(3)], "lowest": True} for who in range(3)
        ]
    return end


def run(page: Page, steps: list[Json], base: Json = BASE) -> Json:
    found: Json = json.loads(page.evaluate(STORY, json.dumps({"base": base, "officers": OFFICERS, "steps": steps})))
    return found


def said(one: Json) -> Json:
    """An answer as far as it says something, whatever the order."""
    return {
        "stand": (one["level"], one["by"] if one["level"] is not None else ""), "owner": one["owner"],
        "note": sorted(filter(None, one["note"].split("\n"))),
        "evidence": sorted(piece["reference"] for piece in one["evidence"]),
    }  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(steps=stories())
def test_weeks_of_exchange_lose_nothing_and_invent_nothing(page: Page, steps: list[Json]) -> None:
    """In the end all agree; what was added and not taken back is there once; what was taken back is gone; a conflict is
    shown exactly where two took a stand without knowing of each other, and whoever loses it stands in the note."""
    found = run(page, to_the_end(steps))
    stands = Stands()
    known = [{"IT-01": Known(0, {0}), "IT-02": Known(None)} for _ in OFFICERS]
    filed: list[dict[str, Known]] = []
    added: dict[str, set[str]] = {"IT-01": {"e0", "n0"}, "IT-02": set()}
    gone: dict[str, set[str]] = {name: set() for name in ITEMS}
    struck: dict[str, str] = dict.fromkeys(ITEMS, "")
    lost: dict[str, set[str]] = {name: set() for name in ITEMS}
    for step in found["told"]:
        who = step["who"]
        if step["what"] == "edit":
            name, mine = step["id"], known[who][step["id"]]
            if step["kind"] == "level":
                mine.holds = None if step["value"] is None else stands.take(OFFICERS[who], step["value"])
                mine.seen |= {mine.holds} - {None}
            if step["kind"] in {"evidence", "note"}:
                added[name].add(step["value"])
            if step["kind"] == "drop" and step["gone"]:
                gone[name].add(step["gone"])
            if step["kind"] == "strike" and step["gone"]:
                struck[name] += step["gone"] + "\n"
        elif step["what"] == "file":
            filed.append({name: one.copy() for name, one in known[who].items()})
        else:
            for name in ITEMS:
                voices = [known[who][name], *(filed[place][name] for place in step["files"])]
                left = stands.left(voices)
                levels = {stands.taken[number][1] for number in left}
                assert (name in step["conflicts"]) == (len(levels) > 1), (name, step)
                mine = Known(None, set().union(*(one.seen for one in voices)))
                if conflict := step["conflicts"].get(name):
                    chosen = next(number for number in left if list(stands.taken[number]) == conflict["chosen"])
                    beaten = any(stands.beaten(Known(chosen), other) for other in voices)
                    mine.holds = stands.again(chosen) if beaten else chosen
                    mine.seen |= {mine.holds}
                    for by, level in {
                        stands.taken[number] for number in left if stands.taken[number][1] != stands.taken[chosen][1]
                    }:
                        assert f"— {by}: level {level}" in conflict["note"].split("\n")
                        lost[name].add(f"— {by}: level {level}")
                elif left:
                    mine.holds = left[0]
                known[who][name] = mine
                assert step["stands"].get(name) == (None if mine.holds is None else stands.taken[mine.holds][1])
    first, *others = ({name: said(one) for name, one in device.items()} for device in found["devices"])
    assert all(other == first for other in others)
    last = [step for step in found["told"] if step["what"] == "bring"][-3:]
    assert not [step for step in last if step["conflicts"] or step["changed"]], (
        "nothing is new when nothing was written"
    )
    for name in ITEMS:
        note = "\n".join(first[name]["note"])
        evidence = {word for word in added[name] if word[0] == "e"}
        assert set(first[name]["evidence"]) == evidence - gone[name]
        assert len(first[name]["evidence"]) == len(evidence - gone[name])
        for word in added[name] - evidence:
            assert note.count(word) <= 1
            assert word in note or word in struck[name]
        for line in lost[name]:
            assert line in first[name]["note"] or line in struck[name].split("\n")
