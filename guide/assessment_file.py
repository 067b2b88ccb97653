"""Assessment files in, Assessments out, or one clear reason why not.

Enters: a path to a `.csbp.json` file (plain or encrypted) and perhaps a passphrase. Leaves: Opened, or RefusedError.
The format is described in guide/assessment.py; the sentences of a refusal stand in data/report.yml under `refused`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import importlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError

from guide.assessment import ENCRYPTED_FORMAT, FORMAT, SCHEMA, Assessment, EncryptedAssessment

M = TypeVar("M", Assessment, EncryptedAssessment)

FIGURES_FORMAT = "csbp-figures"
"""What a hand-over without names holds: figures by domain, no answers."""
_HALF = re.compile("[\ud800-\udfff]")
"""Browsers write half of a surrogate pair as an escape; no Unicode text can hold it."""
MOST_BYTES = 20 * 1024 * 1024
"""A full assessment with twenty frozen rounds stays below half of this."""


class Reason(StrEnum):
    """Why a file was refused; each has a sentence in data/report.yml."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_TEXT = "not-text"
    NOT_JSON = "not-json"
    FOREIGN = "foreign"
    FIGURES = "figures"
    HALF_CHARACTER = "half-character"
    NEWER = "newer"
    DAMAGED = "damaged"
    PASSPHRASE_NEEDED = "passphrase-needed"
    PASSPHRASE_WRONG = "passphrase-wrong"
    NO_CRYPTOGRAPHY = "no-cryptography"


class RefusedError(Exception):
    """A file that was not opened: its `file` name, the `reason`, and a `detail` (a place in the file, or "")."""

    def __init__(self, file: str, reason: Reason, detail: str = "") -> None:
        self.file, self.reason, self.detail = file, reason, detail
        super().__init__(f"{file}: {reason} {detail}".rstrip())


@dataclass(frozen=True)
class Opened:
    """An assessment as opened from `file`; `altered` names the snapshots that no longer fit their fingerprint."""

    file: str
    assessment: Assessment
    encrypted: bool
    altered: frozenset[UUID]


def open_file(path: Path, passphrase: Callable[[str], str] | None = None) -> Opened:
    """The assessment in `path`; `passphrase` is asked (with the file's name) only for an encrypted file.

    Raises RefusedError for a file that is unreadable, too large, damaged, from another tool or from a newer version.
    """
    name = path.name
    text = _text(path, name)
    data = _object(text, name)
    encrypted = data.get("format") == ENCRYPTED_FORMAT
    if encrypted:
        _version(data, name)
        if passphrase is None:
            raise RefusedError(name, Reason.PASSPHRASE_NEEDED)
        envelope = _fit(EncryptedAssessment, text, name)
        text = _decrypt(envelope, passphrase(name), name)
        data = _object(text, name)
    if data.get("format") == FIGURES_FORMAT:
        raise RefusedError(name, Reason.FIGURES)
    if data.get("format") != FORMAT:
        raise RefusedError(name, Reason.FOREIGN)
    _version(data, name)
    assessment = _fit(Assessment, text, name)
    if assessment.fingerprint not in {None, fingerprint(data)}:
        raise RefusedError(name, Reason.DAMAGED, "fingerprint")
    altered = frozenset(UUID(raw["id"]) for raw in data["snapshots"] if fingerprint(raw) != raw["fingerprint"])
    return Opened(name, assessment, encrypted, altered)


def canonical(value: Any) -> str:
    """`value` as canonical JSON: keys in order, no blanks, only what must be escaped is, 60.0 written as 60."""
    return json.dumps(_plain_numbers(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(part: dict[str, Any]) -> str:
    """SHA-256 (lower-case hexadecimal) of a file or snapshot as it stands, without its own fingerprint."""
    rest = {key: value for key, value in part.items() if key != "fingerprint"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RefusedError(name, Reason.UNREADABLE, error.strerror or "") from None
    if len(content) > MOST_BYTES:
        raise RefusedError(name, Reason.TOO_LARGE, str(MOST_BYTES // 1024 // 1024))
    if not content.strip():
        raise RefusedError(name, Reason.EMPTY)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError(name, Reason.NOT_TEXT) from None


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RefusedError(name, Reason.NOT_JSON) from None
    if not isinstance(data, dict):
        raise RefusedError(name, Reason.FOREIGN)
    if _HALF.search(json.dumps(data, ensure_ascii=False)):
        raise RefusedError(name, Reason.HALF_CHARACTER)
    return data


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _version(data: dict[str, Any], name: str) -> None:
    schema = data.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise RefusedError(name, Reason.DAMAGED, "schema")
    if schema > SCHEMA:
        raise RefusedError(name, Reason.NEWER, str(schema)[:20])


def _fit(model: type[M], text: str, name: str) -> M:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise RefusedError(name, Reason.DAMAGED, _place(error.errors()[0]["loc"])) from None


def _place(loc: tuple[int | str, ...]) -> str:
    """Where the first fault stands, as a short printable path: a hostile key must not reach the terminal."""
    path = ".".join(str(step) for step in loc if step != "[key]")
    return "".join(character if character.isprintable() else "?" for character in path)[:80]


def _decrypt(envelope: EncryptedAssessment, passphrase: str, name: str) -> str:
    try:
        aead = importlib.import_module("cryptography.hazmat.primitives.ciphers.aead")
        wrong: type[Exception] = importlib.import_module("cryptography.exceptions").InvalidTag
    except ImportError:
        raise RefusedError(name, Reason.NO_CRYPTOGRAPHY) from None
    salt, vector = _bytes(envelope.kdf.salt, "kdf.salt", name), _bytes(envelope.cipher.iv, "cipher.iv", name)
    sealed = _bytes(envelope.data, "data", name)
    if len(salt) < 16 or len(vector) != 12 or len(sealed) < 16:
        raise RefusedError(name, Reason.DAMAGED, "kdf.salt, cipher.iv, data")
    secret = unicodedata.normalize("NFC", passphrase).encode()
    key = hashlib.pbkdf2_hmac("sha256", secret, salt, envelope.kdf.iterations, 32)
    try:
        content: bytes = aead.AESGCM(key).decrypt(vector, sealed, None)
        return content.decode()
    except wrong:
        raise RefusedError(name, Reason.PASSPHRASE_WRONG) from None
    except UnicodeDecodeError:
        raise RefusedError(name, Reason.NOT_TEXT) from None


def _bytes(text: str, where: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise RefusedError(name, Reason.DAMAGED, where) from None
