"""The assessment file `.csbp.json`: what it says, field by field, as frozen models.

Enters: nothing (guide/assessment_file.py reads and refuses files). Leaves: Assessment, Snapshot, Answer, Evidence …

The file in short
-----------------
One UTF-8 JSON object holds one assessment of one site. The browser writes it ("save to file"), people pass it on, and
the browser or `guide report` opens it. Nothing else is needed to read it except the guide's catalogue.

- `format` is always `csbp-assessment` and `schema` the version of this description, now 1. A program refuses a file
  with a higher number: it cannot know what it would lose. Once an edition has been published, a new field means a new
  number.
- Days are `YYYY-MM-DD`; moments are ISO 8601 with time zone (`2026-11-22T14:05:00.000Z`).
- A field whose type allows null may also be left out, which says the same. No other field may be left out, and no field
  that is not described here may be added.
- `answers` is keyed by requirement id. A requirement without an entry has never been touched; an entry with `level`
  null and `na` null is unanswered, but may already hold notes or evidence.
- An entry with `na` is a claim of "not applicable", whatever `level` says; the level is kept so that nothing is lost
  when the claim is taken back.
- `text_hash` holds the hashes of the requirement's texts as they stood when it was answered (catalogue.json carries
  the present ones). It is how an answer given under an older edition is recognised.
- `risk` is keyed by chapter code (`IT`) or by requirement id (`IT-04`), which then prevails.
- Evidence is a pointer. No field takes a file, and text fields are never read as HTML, Markdown or formulas.
- `said` lets several people exchange files for weeks: for each statement of an answer (stand, piece of evidence, line
  of the note, owner …) or of the assessment itself, under its hash, how often it was said and taken back. Odd is said,
  even taken back. It is left out of copies that were handed over in part, and may be left out altogether; nothing but
  the browser's bringing together reads it (overrides/assets/javascripts/assessment/merge.js).
- A snapshot is a round that was frozen: its answers and the headline that was shown for them, under a fingerprint. It
  is never changed afterwards.
- The whole file has a fingerprint too. A fingerprint is the lower-case hexadecimal SHA-256 of its object without the
  field `fingerprint`, written as canonical JSON (`canonical` in guide/assessment_file.py; the rules of RFC 8785 for the
  values that occur here), in UTF-8. A file that does not fit its fingerprint is refused as damaged; a snapshot that
  does not fit is opened and named. This finds damage, not forgery: whoever changes a text can make a new fingerprint.

The encrypted form
------------------
The same text, encrypted with a passphrase, inside a small envelope: `format` `csbp-assessment-encrypted`, the key
derivation (`kdf`: PBKDF2 with SHA-256, at least 600,000 iterations, a salt of at least 16 bytes) and the cipher
(`cipher`: AES-256-GCM, an initialisation vector of 12 bytes). The passphrase is used as UTF-8 after Unicode
normalisation form C. `data` is the ciphertext followed by the 16 bytes of the tag. Salt, vector and data are standard
Base64 with padding. Nothing in the envelope names the site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, Strict, StringConstraints

from guide.model import ChapterCode, Frozen, Lang, RequirementId
from guide.scoring_model import BandId, EvidenceType, Level, State

FORMAT = "csbp-assessment"
ENCRYPTED_FORMAT = "csbp-assessment-encrypted"
SCHEMA = 1
LEAST_ITERATIONS = 600_000
MOST_ITERATIONS = 10_000_000
"""A file that asks for more would only keep the machine busy."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def _written_as_day(value: Any) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError("a day is written YYYY-MM-DD")


def _written_as_moment(value: Any) -> Any:
    if isinstance(value, str) and _MOMENT.match(value):
        return value
    raise ValueError("a moment is written YYYY-MM-DDThh:mm:ssZ")


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


# Only the written form is let in, so the reading of it may be lax: pydantic is not strict behind a validator of ours.
Day = Annotated[date, Strict(False), BeforeValidator(_written_as_day)]
Moment = Annotated[AwareDatetime, Strict(False), BeforeValidator(_written_as_moment)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
FullHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
StatementHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,11}$")]
Said = Mapping[StatementHash, Annotated[int, Field(ge=1, le=1_000_000)]]
RiskKey = ChapterCode | RequirementId
RiskValue = Annotated[int, Field(ge=1, le=3)]


class NotApplicableClaim(Frozen):
    """Why a requirement does not apply, and who approves; accepted or not by the rules of data/scoring.yml."""

    reason: str
    approved_by: str


class Evidence(Frozen):
    """A pointer to something that shows the level claimed."""

    type: EvidenceType
    reference: str
    """Title or number."""
    custodian: str
    """Who keeps it (a post rather than a person)."""
    date: Day | None = None
    """Of the evidence itself. Undated evidence supports no more than level 1."""
    verified_by: str | None = None
    """Second person, not the author of the answer."""
    verified_on: Day | None = None


class TextHash(Frozen):
    """Hashes of the requirement's texts that were answered."""

    en: Hash
    es: Hash


class Asked(Frozen):
    """The requirement as the person read it."""

    lang: Lang
    text: str


class Answer(Frozen):
    """What the authority says about one requirement."""

    level: Level | None = None
    """Highest level that is fully true, as claimed."""
    na: NotApplicableClaim | None = None
    evidence: tuple[Evidence, ...]
    alternative: str | None = None
    """Description of an alternative measure, scored by the same tests and flagged."""
    note: str
    owner: str
    """Who closes the gap."""
    due: Day | None = None
    """When the gap will be closed."""
    target: Literal[4] | None = None
    """The authority's own, higher target."""
    text_hash: TextHash
    asked: Asked | None = None
    """The wording that was answered, to be shown beside a new one when the guide changes."""
    by: str
    """Who answered."""
    updated: Moment
    auditor_level: Level | None = None
    """Level that an auditor gives, on the auditor's copy."""
    said: Said | None = None
    """How often each statement of the answer was said and taken back."""


class Headline(Frozen):
    """The figures shown for a snapshot when it was taken, so that a trend needs no old catalogue."""

    edition: str
    target: Annotated[int, Field(ge=2, le=3)]
    requirements: Annotated[int, Field(ge=0)]
    points: Annotated[int, Field(ge=0)]
    max: Annotated[int, Field(ge=0)]
    attainment: Annotated[float, Field(ge=0, le=100)] | None
    """Per cent with one decimal; null when nothing applies."""
    weighted_level: Annotated[float, Field(ge=0, le=4)] | None
    completeness: Annotated[float, Field(ge=0, le=100)] | None
    provisional: bool
    critical_gaps: Annotated[int, Field(ge=0)]
    critical_not_in_place: Annotated[int, Field(ge=0)]
    critical_not_evidenced: Annotated[int, Field(ge=0)]
    band: BandId | None


class Snapshot(Frozen):
    """A frozen round."""

    id: UUID
    taken: Moment
    title: str
    by: str
    state: State
    fingerprint: FullHash
    """SHA-256 of everything else in the snapshot."""
    answers: Mapping[RequirementId, Answer]
    result: Headline


class Assessment(Frozen):
    """One assessment of one site: the whole file."""

    format: Literal["csbp-assessment"]
    schema_: Annotated[Literal[1], Field(alias="schema")]
    edition: Annotated[str, AfterValidator(_not_blank)]
    """Edition of the guide under which it was last saved."""
    id: UUID
    """Stays the same through every save, copy and merge."""
    site: str
    scope: str
    review_date: Day
    """Day on which evidence must be valid."""
    target: Literal[2, 3]
    """2 for the Registration review, 3 for Certification."""
    language: Lang
    """Language in which the notes are written."""
    marking: str | None = None
    """Protective marking for prints; null for the guide's own."""
    created: Moment
    updated: Moment
    risk: Mapping[RiskKey, RiskValue]
    """Local risk: 1 low, 2 medium, 3 high."""
    answers: Mapping[RequirementId, Answer]
    snapshots: tuple[Snapshot, ...]
    """Oldest first."""
    fingerprint: FullHash | None = None
    """SHA-256 of everything else in the file, so that damage is noticed; null where the browser could not make one."""
    said: Said | None = None
    """How often each statement about the assessment (site, target, a risk …) was said and taken back."""


class KeyDerivation(Frozen):
    """From passphrase to key."""

    name: Literal["PBKDF2"]
    hash: Literal["SHA-256"]
    iterations: Annotated[int, Field(ge=LEAST_ITERATIONS, le=MOST_ITERATIONS)]
    salt: str
    """Base64, at least 16 bytes."""


class Cipher(Frozen):
    """How `data` is encrypted."""

    name: Literal["AES-GCM"]
    iv: str
    """Base64, 12 bytes."""


class EncryptedAssessment(Frozen):
    """An assessment under a passphrase."""

    format: Literal["csbp-assessment-encrypted"]
    schema_: Annotated[Literal[1], Field(alias="schema")]
    kdf: KeyDerivation
    cipher: Cipher
    data: str
    """Base64: ciphertext and tag."""


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the plain file for other tools; stands in data/schema/assessment-file.json."""
    schema = Assessment.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "CSBP/PSeMS assessment file, schema version 1",
    }


def newest_evidence(answer: Answer) -> date | None:
    """Day of the newest dated evidence."""
    return max((piece.date for piece in answer.evidence if piece.date is not None), default=None)
