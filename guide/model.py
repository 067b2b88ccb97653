"""The guide as data: frozen values without input or output.

Enters: plain mappings from `load`. Leaves: a Guide, which everything to the right of `load` reads and nothing changes.
Field descriptions here are what editors see in their YAML editor (data/schema/) and in data/README.md.
"""

from __future__ import annotations

import datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

Lang = Literal["en", "es"]
LANGUAGES: tuple[Lang, ...] = ("en", "es")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
WordKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
ChapterCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[0-9]{2}$")]
CaseId = Annotated[str, StringConstraints(pattern=r"^I[0-9]{2}$")]


class Frozen(BaseModel):
    """Unknown keys are refused, values cannot be changed, nothing is coerced (YAML already has types)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Text(Frozen):
    """The same statement in both languages; neither may be empty. Plain text: no Markdown, no HTML."""

    en: Words
    es: Words

    def __getitem__(self, lang: Lang) -> str:
        return self.en if lang == "en" else self.es


class Phase(StrEnum):
    """The four Ps of CSBP (preview guide, cover): which one a requirement serves most."""

    PREVENT = "prevent"
    PROTECT = "protect"
    PREPARE = "prepare"
    PURSUE = "pursue"


class Weight(IntEnum):
    """How much a requirement counts (scoring model 3.2); 3: life safety, legal duty or single point of failure."""

    SUPPORTING = 1
    IMPORTANT = 2
    ESSENTIAL = 3


class Domain(StrEnum):
    """The six groups of chapters for navigation and roll-up (scoring model 3.9)."""

    GOVERNANCE = "A"
    RISK = "B"
    COMMUNITY = "C"
    COMMUNICATION = "D"
    TECHNOLOGY = "E"
    RESPONSE = "F"


class AppliesTo(StrEnum):
    """Where a requirement makes sense."""

    SEAPORT = "seaport"
    AIRPORT = "airport"
    BOTH = "both"


class Role(StrEnum):
    """Who acts on a requirement or belongs in the room; the words stand in data/interface.yml under `roles`."""

    ACCOUNTABLE_MANAGER = "accountable_manager"
    SECURITY_MANAGER = "security_manager"
    PFSO = "pfso"
    SHIFT_SUPERVISOR = "shift_supervisor"
    OPERATIONS = "operations"
    POLICE = "police"
    HUMAN_RESOURCES = "human_resources"
    IT_OT = "it_ot"
    LEGAL = "legal"
    COMMUNICATIONS = "communications"
    TRAINING = "training"
    CONTROL_ROOM = "control_room"
    EMERGENCY_PLANNING = "emergency_planning"
    TENANTS = "tenants"
    CUSTOMS = "customs"
    PROCUREMENT = "procurement"
    AUDIT = "audit"


class Retired(Frozen):
    """A requirement that is no longer asked keeps its id for ever (data/README.md, "What an id promises")."""

    edition: Words
    """Edition in which it was retired, for example 2027.06."""
    reason: Text
    replaced_by: tuple[RequirementId, ...] = ()
    """Ids that now cover the subject, if any."""


class Citation(Frozen):
    """A document of data/references.yml, and where in it."""

    id: Slug
    clause: Words | None = None
    """Chapter or clause in neutral notation (`ch. 3`, `cl. 8.2`, `A/16.3`), only where the fact base gives it."""


class CloseTheGap(Frozen):
    """How to get from a gap to the target."""

    week: Text
    """First step, possible within a week."""
    full: Text
    """The full measure."""
    low_cost: Text
    """A way for a small site with little money."""


class Requirement(Frozen):
    """One testable statement, answered with a level 0-4 or "not applicable"."""

    id: RequirementId
    """Two letters of the chapter and a number; never used again for another meaning."""
    text: Text
    """One idea, testable by a stranger, voluntary wording."""
    why: Text
    """One sentence: what goes wrong without it."""
    evidence: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    """What an auditor would accept."""
    close_the_gap: CloseTheGap
    weight: Weight
    phase: Phase
    references: Annotated[tuple[Citation, ...], Field(min_length=1)]
    evidence_max_age_days: Annotated[int, Field(ge=30, le=1826)] = 365
    """Evidence older than this no longer supports level 3 (365; 183 for six-month reviews; 92 for quarterly drills)."""
    applies_to: AppliesTo = AppliesTo.BOTH
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)]
    """Who acts, lead first."""
    cases: tuple[CaseId, ...] = ()
    """Incidents that show why."""
    retired: Retired | None = None


class Checklist(Frozen):
    """The requirements of one chapter (data/checklists/<slug>.yml)."""

    chapter: ChapterCode
    in_the_room: Annotated[tuple[Role, ...], Field(min_length=2, max_length=7)]
    """Who should be present when the chapter is assessed."""
    bring: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]
    """Documents to bring."""
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1)]


class PlanStep(Frozen):
    """One line of the minute-by-minute plan; the minutes of a plan add up to 60."""

    minutes: Annotated[int, Field(ge=1, le=60)]
    activity: Text
    how: Text
    """What the facilitator does."""


class Discussion(Frozen):
    """A question for the room."""

    question: Text
    notes: Text
    """For the facilitator: what a good answer contains, how to bring it out."""


class Inject(Frozen):
    """A message handed over during the tabletop."""

    minute: Annotated[int, Field(ge=0, le=90)]
    """Minutes after the start of the tabletop."""
    to: Text
    """Who receives the card."""
    message: Text
    listen_for: Text
    """What a good reaction sounds like."""


class Tabletop(Frozen):
    """One exercise around a table."""

    title: Text
    setting: Text
    injects: Annotated[tuple[Inject, ...], Field(min_length=4, max_length=6)]
    products: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    """What the group hands in."""


class QuizQuestion(Frozen):
    """A question with one right answer."""

    question: Text
    options: Annotated[tuple[Text, ...], Field(min_length=3, max_length=4)]
    answer: Annotated[int, Field(ge=1, le=4)]
    """Number of the right option, counted from 1."""
    reason: Text


class Training(Frozen):
    """The one-hour session of a chapter (data/training/<slug>.yml)."""

    chapter: ChapterCode
    objectives: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    bring: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]
    plan: Annotated[tuple[PlanStep, ...], Field(min_length=4, max_length=10)]
    discussion: Annotated[tuple[Discussion, ...], Field(min_length=5, max_length=5)]
    tabletop: Tabletop
    quiz: Annotated[tuple[QuizQuestion, ...], Field(min_length=5, max_length=5)]
    follow_up: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]
    """What participants do afterwards, with a time."""


class Chapter(Frozen):
    """One of the 23 chapters (data/chapters.yml); order in the file is order in the guide."""

    code: ChapterCode
    slug: Slug
    domain: Domain
    title: Text
    purpose: Text
    """One sentence, shown in lists and in the public preview."""
    sought: Text | None = None
    """What officers type when they look for this chapter and its text does not say; only the search reads it."""


class Case(Frozen):
    """A documented incident (data/cases.yml)."""

    id: CaseId
    title: Text
    date: Words
    """ISO 8601: a day (2013-11-01), a month (1985-10), a year or a range with a slash."""
    place: Text
    kind: Literal["attack", "crime", "accident", "disruption", "explosion"]
    """What it was, never more than is established."""
    facts: Text
    """Three to five sentences, only what the fact base carries."""
    lessons: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Titles of inquiry or other reports, with issuer and year."""
    confidence: Literal["confirmed", "partly"]
    """`partly` where some details still wait for confirmation by an editor."""
    open: Text | None = None
    """Which details wait, where `confidence` is `partly`: readers leave them out until an editor has seen them."""


class Reference(Frozen):
    """A document that the guide cites (data/references.yml)."""

    id: Slug
    short: Text
    """As cited in running text, for example "ISPS Code" / "Código PBIP"."""
    title: Text
    """Full title; in Spanish the published Spanish title where one exists, otherwise the original title."""
    issuer: Text
    edition: Words | None = None
    """Year or edition."""
    kind: Literal["treaty", "law", "standard", "guidance", "report", "programme"]
    use: Text
    """What it gives the reader, in one or two sentences."""
    spanish_title: Literal["published", "descriptive", "none"]
    """Whether the Spanish title is official, ours, or the original is kept."""
    confidence: Literal["confirmed", "secondary", "to_confirm"]
    """How sure we are of title and edition."""
    note: Text | None = None
    """What a reader must know: replaced edition, regional scope, not in force."""


class Synonyms(Frozen):
    """Other forms per language, possibly none."""

    en: tuple[Words, ...] = ()
    es: tuple[Words, ...] = ()

    def __getitem__(self, lang: Lang) -> tuple[str, ...]:
        return self.en if lang == "en" else self.es


class Term(Frozen):
    """A word of the field (data/glossary.yml)."""

    id: Slug
    term: Text
    definition: Text
    abbreviation: Text | None = None
    """PFSO / OPIP: the abbreviation used in each language."""
    synonyms: Synonyms | None = None
    rejected: Synonyms | None = None
    """Forms that must not be used in the guide's prose; `guide check` finds them."""
    domain: Words
    source: Words
    status: Literal["confirmed", "to_review"]
    """`to_review`: the Spanish form is general professional knowledge and waits for a native reviewer."""
    note: Text | None = None


class FalseFriend(Frozen):
    """A Spanish trap: an English word and the wrong and right Spanish for it."""

    en: Words
    wrong: Words
    right: Words
    why: Words
    rejected: tuple[Words, ...] = ()
    """The forms of `wrong` that are wrong in every sentence of the guide; `guide check` finds them."""


class Glossary(Frozen):
    """All terms and the Spanish traps."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    false_friends: tuple[FalseFriend, ...] = ()


class Edition(Frozen):
    """The issue of the guide (data/edition.yml)."""

    edition: Words
    """Year and month, for example 2026.11."""
    date: datetime.date
    valid_until: datetime.date
    """Printed copies and the field edition should not be used after this day."""
    marking: Text
    """Protective marking printed on every page."""
    status: Text
    site_url: Words
    """Address of the member site, for QR codes; settings of the host may override it."""


class Interface(RootModel[dict[WordKey, dict[WordKey, Text]]]):
    """Every word that the software itself shows (data/interface.yml): groups of named texts."""

    model_config = ConfigDict(frozen=True)

    def words(self, lang: Lang) -> dict[str, dict[str, str]]:
        """All groups in one language; hyphens become underscores so that templates can write `words.card.minutes`."""
        return {
            group.replace("-", "_"): {name.replace("-", "_"): text[lang] for name, text in texts.items()}
            for group, texts in self.root.items()
        }


class ReportWords(Interface):
    """Every word of the gap report and of the comparison (data/report.yml), in the same form."""

    model_config = ConfigDict(frozen=True)
