"""The certification path as data: what data/lifecycle.yml may say.

Enters: plain mappings from `load`, or the `lifecycle` part of catalogue.json. Leaves: a frozen Lifecycle with periods
in months and the words of each milestone; the dates are made in guide/lifecycle.py and assessment/lifecycle.js.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from guide.model import Frozen, Text

Route = Literal["registration", "certification"]
MilestoneKind = Literal[
    "admission",
    "document_review",
    "self_assessment",
    "implementation_end",
    "decision",
    "annual_audit",
    "renewal",
    "expiry",
]
MilestoneBasis = Literal["programme", "assumption", "proposal"]
Months = Annotated[int, Field(ge=1, le=120)]


class MilestoneBasisWords(Frozen):
    """Whether a date is a rule of the programme, its length from a day that is assumed, or advice of this guide."""

    basis: MilestoneBasis
    label: Text


class RouteRules(Frozen):
    """What a route leads to and for how long it is valid."""

    route: Route
    label: Text
    review: Text
    """How INTERPORTPOLICE reviews on this route."""
    valid_months: Months
    """Months of validity, counted from the decision (registration 15, certification 36)."""
    audit_every_months: Months | None
    """Months between audits during validity; null where there are none."""
    validity: Text


class MilestoneWords(Frozen):
    """A kind of milestone; `{number}` in the title counts repetitions from 1."""

    kind: MilestoneKind
    basis: MilestoneBasis
    title: Text
    note: Text


class CalendarRules(Frozen):
    """How the calendar file is written (RFC 5545)."""

    uid_suffix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$")]
    """End of every event's UID; never changed, or calendars show events twice."""
    remind_days_before: Annotated[int, Field(ge=0, le=365)]
    """Days before an event at which the calendar reminds; 0 for no reminder."""
    category: Text
    file_name: Text


class Lifecycle(Frozen):
    """Periods and words of the certification path (data/lifecycle.yml); source: INTERPORTPOLICE's page on registration
    and certification, and for the six-month document review the Preview Guide."""

    introduction: Text
    month_rule: Text
    assumed: Text
    """Said of every date that rests on a decision not yet taken."""
    bases: Annotated[tuple[MilestoneBasisWords, ...], Field(min_length=3, max_length=3)]
    implementation_months: Months
    """From admission to the end of implementation."""
    document_review_every_months: Months
    """Longest interval between reviews of documents."""
    renewal_months_before: Months
    """Before the end of validity (proposal)."""
    self_assessment_months_before: Months
    """Before the end of implementation (proposal)."""
    routes: Annotated[tuple[RouteRules, ...], Field(min_length=2, max_length=2)]
    milestones: tuple[MilestoneWords, ...]
    """In the order in which milestones of the same day are listed."""
    calendar: CalendarRules

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        """Every route, basis and milestone has its words, once. Raises ValueError."""
        for name, found, wanted in (
            ("routes", [rules.route for rules in self.routes], get_args(Route)),
            ("bases", [words.basis for words in self.bases], get_args(MilestoneBasis)),
            ("milestones", [words.kind for words in self.milestones], get_args(MilestoneKind)),
        ):
            if sorted(found) != sorted(wanted):
                raise ValueError(f"{name}: needed once each: {', '.join(wanted)}")
        return self

    def route(self, route: Route) -> RouteRules:
        """The rules of one route."""
        return next(rules for rules in self.routes if rules.route == route)

    def words(self, kind: MilestoneKind) -> MilestoneWords:
        """The words of one kind of milestone."""
        return next(words for words in self.milestones if words.kind == kind)
