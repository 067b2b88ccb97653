"""The certification path: from a date of admission and a route to dated milestones, and to a calendar file.

Enters: the rules of data/lifecycle.yml and dates. Leaves: Milestones in order, and the text of an .ics file.
assessment/lifecycle.js does the same; tests/test_lifecycle.py holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from guide.days import add_months
from guide.lifecycle_model import Lifecycle, MilestoneKind, Route
from guide.model import Lang

SEED = re.compile(r"[A-Za-z0-9-]{1,64}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
FOLD_AT = 75
"""Octets in a content line, without the line break (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class Milestone:
    """One date on the path: `kind`, `number` (from 1 for milestones that repeat, otherwise 0), the `day`, and whether
    it rests on an `assumed` date of decision."""

    kind: MilestoneKind
    number: int
    day: date
    assumed: bool


def milestones(admission: date, route: Route, rules: Lifecycle, decision: date | None = None) -> tuple[Milestone, ...]:
    """Every milestone from admission to the end of validity, in order of date.

    Without a `decision` it is assumed to fall on the last day for implementation, and what rests on it is marked.
    Raises ValueError for a decision before admission.
    """
    if decision is not None and decision < admission:
        raise ValueError("the decision lies before the admission")
    rank = {words.kind: place for place, words in enumerate(rules.milestones)}
    found = _found(admission, route, rules, decision)
    return tuple(sorted(found, key=lambda milestone: (milestone.day, rank[milestone.kind], milestone.number)))


def _found(admission: date, route: Route, rules: Lifecycle, decision: date | None) -> Iterator[Milestone]:
    of_route = rules.route(route)
    assumed = decision is None
    implemented = add_months(admission, rules.implementation_months)
    decided = decision or implemented
    expiry = add_months(decided, of_route.valid_months)
    yield Milestone("admission", 0, admission, False)
    before = rules.implementation_months - rules.self_assessment_months_before
    yield Milestone("self_assessment", 0, add_months(admission, before), False)
    yield Milestone("implementation_end", 0, implemented, False)
    yield Milestone("decision", 0, decided, assumed)
    number = 1
    while (day := add_months(admission, number * rules.document_review_every_months)) <= expiry:
        yield Milestone("document_review", number, day, False)
        number += 1
    if of_route.audit_every_months is not None:
        audits = (of_route.valid_months - 1) // of_route.audit_every_months
        for number in range(1, audits + 1):
            yield Milestone("annual_audit", number, add_months(decided, number * of_route.audit_every_months), assumed)
    yield Milestone("renewal", 0, add_months(decided, of_route.valid_months - rules.renewal_months_before), assumed)
    yield Milestone("expiry", 0, expiry, assumed)


def title(milestone: Milestone, rules: Lifecycle, lang: Lang) -> str:
    """What the milestone is called, with its number where it repeats."""
    return rules.words(milestone.kind).title[lang].replace("{number}", str(milestone.number))


def note(milestone: Milestone, rules: Lifecycle, lang: Lang) -> str:
    """What the milestone asks for, whose rule it is, and whether its date is assumed."""
    words = rules.words(milestone.kind)
    basis = next(basis.label[lang] for basis in rules.bases if basis.basis == words.basis)
    return " ".join([words.note[lang], f"({basis})", *([rules.assumed[lang]] if milestone.assumed else [])])


def calendar(
    path: Iterable[Milestone], route: Route, rules: Lifecycle, lang: Lang, *, seed: str, stamp: datetime, site: str = ""
) -> str:
    """The .ics file (RFC 5545) of a path: all-day events, one a milestone.

    `seed` (letters, digits, hyphens; the id of the assessment) keeps each event's UID the same when dates change, so
    that a calendar moves the event instead of showing it twice. `stamp` is the moment of making, with time zone.
    Raises ValueError for a seed or stamp of another form.
    """
    if not SEED.fullmatch(seed):
        raise ValueError("the seed of a calendar file is made of letters, digits and hyphens")
    if stamp.tzinfo is None:
        raise ValueError("the stamp of a calendar file needs a time zone")
    made = stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    category = rules.calendar.category[lang]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{rules.calendar.uid_suffix}//1//{lang.upper()}"]
    lines.append("CALSCALE:GREGORIAN")
    for milestone in path:
        summary = f"{category}: {title(milestone, rules, lang)}" + (f" ({site})" if site else "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{seed}-{route}-{milestone.kind}-{milestone.number}@{rules.calendar.uid_suffix}",
            f"DTSTAMP:{made}",
            f"DTSTART;VALUE=DATE:{milestone.day.isoformat().replace('-', '')}",
            f"SUMMARY:{escape(summary)}",
            f"DESCRIPTION:{escape(note(milestone, rules, lang))}",
            f"CATEGORIES:{escape(category)}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
        ]
        if rules.calendar.remind_days_before and milestone.kind != "admission":
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{rules.calendar.remind_days_before}D"]
            lines += [f"DESCRIPTION:{escape(summary)}", "END:VALARM"]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def escape(text: str) -> str:
    """`text` as an RFC 5545 TEXT value: backslash, semicolon, comma and line break escaped, control characters out."""
    text = CONTROL.sub("", text.replace("\r\n", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """A content line broken into lines of at most 75 octets, never inside a character (RFC 5545, 3.1)."""
    out, room = [], FOLD_AT
    for character in line:
        octets = len(character.encode())
        if octets > room:
            out.append("\r\n ")
            room = FOLD_AT - 1
        out.append(character)
        room -= octets
    return "".join(out)
