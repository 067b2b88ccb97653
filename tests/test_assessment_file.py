"""Assessment files: what is refused and how it is said, the encrypted form, and the description for other tools."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.assessment import Assessment, json_schema
from guide.assessment_file import MOST_BYTES, Opened, Reason, RefusedError, canonical, fingerprint, open_file
from guide.model import LANGUAGES
from guide.report.wording import read_words, refusal
from tests.in_browser import modules_page

ROOT = Path(__file__).parent.parent
NORTH = ROOT / "tests" / "gap_report" / "north.csbp.json"
CASES = sorted((ROOT / "tests" / "cases" / "assessment_file").glob("*.yml"))
WORDS = read_words(ROOT)
ENVELOPE = {
    "format": "csbp-assessment-encrypted",
    "schema": 1,
    "kdf": {"name": "PBKDF2", "hash": "SHA-256", "iterations": 600_000, "salt": "MDEyMzQ1Njc4OWFiY2RlZg=="},
    "cipher": {"name": "AES-GCM", "iv": "MDEyMzQ1Njc4OWFi"},
    "data": "bm90IGEgcmVhbCBjaXBoZXJ0ZXh0",
}
ENCRYPT = """async ([text, passphrase]) => {
  const { sealText } = await import("/assets/javascripts/assessment/vault.js");
  return JSON.stringify(await sealText(text, passphrase));
}"""
FINGERPRINT = """async (text) => {
  const { canonical, fingerprint } = await import("/assets/javascripts/assessment/fingerprint.js");
  const { fingerprint: _, ...rest } = JSON.parse(text);
  return [canonical(rest), await fingerprint(JSON.parse(text))];
}"""


def at(data: Any, path: str) -> tuple[Any, Any]:
    """The container of a dotted path, and its last step."""
    *steps, last = path.split(".")
    for step in steps:
        data = data[int(step) if isinstance(data, list) else step]
    return data, int(last) if isinstance(data, list) else last


def changed(content: bytes, change: dict[str, Any]) -> bytes:
    """One change of a case."""
    if "bytes" in change:
        return bytes.fromhex(change["bytes"])
    if "keep_bytes" in change:
        return content[: change["keep_bytes"]]
    if "nest" in change:
        return b"[" * int(change["nest"])
    if "replace" in change:
        replaced: str = content.decode().replace(change["replace"], change["by"], 1)
        return replaced.encode()
    data: Any = json.loads(content)
    if "envelope" in change:
        data = json.loads(json.dumps(ENVELOPE))
        for path, value in change["envelope"].items():
            container, step = at(data, path)
            container[step] = value
    elif "seal" in change:
        data["fingerprint"] = fingerprint(data)
    elif "remove" in change:
        container, step = at(data, change["remove"])
        del container[step]
    else:
        container, step = at(data, change["set"])
        container[step] = change["to"]
    return json.dumps(data, ensure_ascii=False).encode()


def opened(path: Path, passphrase: str | None = None) -> Opened | RefusedError:
    ask: Callable[[str], str] | None = (lambda name: passphrase) if passphrase is not None else None
    try:
        return open_file(path, ask)
    except RefusedError as refused:
        return refused


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_file(path: Path, tmp_path: Path) -> None:
    """The file of the case is opened, or refused for that reason, at that place, in those words."""
    case = yaml.safe_load(path.read_text("utf-8"))
    file = tmp_path / "north.csbp.json"
    content = NORTH.read_bytes()
    for change in case["change"]:
        content = changed(content, change)
    file.write_bytes(content)
    found = opened(file, case.get("passphrase"))
    if case["refused"] is None:
        assert isinstance(found, Opened)
        return
    assert isinstance(found, RefusedError)
    assert (found.reason, found.detail) == (case["refused"], case.get("detail", ""))
    for lang, sentence in case.get("sentence", {}).items():
        assert refusal(found, WORDS, lang) == sentence


def test_a_file_of_fifty_megabytes_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    """A huge file costs no more than the limit."""
    file = tmp_path / "huge.csbp.json"
    with file.open("wb") as out:
        out.seek(50 * 1024 * 1024)
        out.write(b" ")
    found = opened(file)
    assert isinstance(found, RefusedError)
    assert (found.reason, found.detail) == (Reason.TOO_LARGE, str(MOST_BYTES // 1024 // 1024))


@pytest.mark.parametrize("name", ["nothing.csbp.json", "."])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    """A missing file and a folder are refused with the system's own reason."""
    found = opened(tmp_path / name)
    assert isinstance(found, RefusedError)
    assert found.reason is Reason.UNREADABLE
    assert found.detail


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    """One sentence, with the name of the file and one full stop at the end."""
    for reason in Reason:
        for lang in LANGUAGES:
            sentence = refusal(RefusedError("north.csbp.json", reason, "here"), WORDS, lang)
            assert "north.csbp.json" in sentence
            assert sentence.endswith(".")
            assert ". " not in sentence


SEALED = changed(NORTH.read_bytes(), {"seal": True})


@settings(max_examples=300, deadline=None, database=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_nothing(tmp_path_factory: Any, place: int, bit: int) -> None:
    """No flipped bit ends in anything but a reason, or in the very same assessment (a blank between two fields)."""
    content = bytearray(SEALED)
    content[place] ^= 1 << bit
    file = tmp_path_factory.getbasetemp() / "flipped.csbp.json"
    file.write_bytes(content)
    found = opened(file)
    if isinstance(found, Opened):
        assert json.loads(content) == json.loads(SEALED)


def test_an_altered_round_is_noticed() -> None:
    """A snapshot that no longer fits its fingerprint is named; the others are not."""
    found = opened(NORTH)
    assert isinstance(found, Opened)
    titles = {one.title: one.id in found.altered for one in found.assessment.snapshots}
    assert titles == {"First round": False, "Winter round": False, "Spring round, corrected": True}


def test_the_fingerprint_is_the_same_in_the_browser() -> None:
    """fingerprint.js writes the same canonical text and makes the same mark, whatever stands in the texts."""
    snapshot = json.loads(NORTH.read_text("utf-8"))["snapshots"][1]
    snapshot["title"] = 'Ñ "quoted" \\ \u2028 \u0007 \U0001f6a2 60.0'
    with modules_page() as page:
        written, digest = page.evaluate(FINGERPRINT, json.dumps(snapshot))
    assert written == canonical({key: value for key, value in snapshot.items() if key != "fingerprint"})
    assert digest == fingerprint(snapshot)


def test_a_file_encrypted_by_the_browser_opens_here(tmp_path: Path) -> None:
    """The envelope of vault.js opens with the passphrase and not with another; no answer stands in it in clear text."""
    file = tmp_path / "secret.csbp.json"
    with modules_page() as page:
        envelope = page.evaluate(ENCRYPT, [NORTH.read_text("utf-8"), "muelle Ñ 7, correcto"])
    file.write_text(envelope, encoding="utf-8")
    found = opened(file, "muelle N\u0303 7, correcto")
    assert isinstance(found, Opened), f"{found} (add cryptography to pyproject.toml)"
    assert found.encrypted
    assert found.assessment.site == "Example site North"
    assert "Example" not in envelope
    wrong = opened(file, "muelle Ñ 7, incorrecto")
    assert isinstance(wrong, RefusedError)
    assert wrong.reason is Reason.PASSPHRASE_WRONG


def test_without_the_cryptography_package_an_encrypted_file_is_refused_clearly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to install."""
    file = tmp_path / "secret.csbp.json"
    file.write_text(json.dumps(ENVELOPE), encoding="utf-8")

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    found = opened(file, "anything")
    assert isinstance(found, RefusedError)
    assert "cryptography" in refusal(found, WORDS, "es")


def test_half_of_a_character_is_named(tmp_path: Path) -> None:
    """A browser writes a picture sign that was cut in two as an escape; the reason is said, not an empty place."""
    data = json.loads(NORTH.read_text("utf-8"))
    data["site"] = "Quay \ud83d"
    (path := tmp_path / "half.csbp.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(RefusedError) as refused:
        open_file(path)
    assert refused.value.reason is Reason.HALF_CHARACTER


def test_every_field_of_the_file_is_described() -> None:
    """No model of the file is without a description in the schema."""
    schema = json_schema()
    for name, part in {"Assessment": schema, **schema["$defs"]}.items():
        assert part.get("description") or part.get("enum"), name
    assert set(schema["required"]) == {
        name
        for name in (field.alias or key for key, field in Assessment.model_fields.items())
        if name not in {"marking", "fingerprint", "said"}
    }
