"""The small-site mode, names and passphrases in a file, passes the same acceptance test by its address alone."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "acceptance")]

from client import PAGE, SCRIPT, Site  # noqa: E402
from gate import demo, httpd  # noqa: E402
from gate.host import host_faults  # noqa: E402
from gate.settings import Settings  # noqa: E402
from machine import free_ports  # noqa: E402

PASSPHRASES = {"member": "a-generated-phrase-1", "muñoz": "frase-generada-ñ-2", "visitor": "a-generated-phrase-3"}


@pytest.fixture(scope="module")
def gate() -> Iterator[Settings]:
    """A running gate in local mode, with two members and one who is none."""
    with tempfile.TemporaryDirectory(prefix="gate-local-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        specimen = ROOT / "hosting" / "acceptance" / "specimen.py"
        subprocess.run([sys.executable, str(specimen), str(folder / "build")], check=True)
        users, groups = folder / "users", folder / "groups"
        for user, phrase in PASSPHRASES.items():
            # the lowest cost: the tests send thousands of requests, and httpd computes the hash for each
            words = ["htpasswd", "-B", "-C", "4", "-i", *([] if users.exists() else ["-c"]), str(users), user]
            subprocess.run(words, input=phrase.encode(), check=True, capture_output=True)
        groups.write_text("member: member muñoz\n")
        for file in (users, groups):
            file.chmod(0o644)
        chosen = demo.loopback_settings(folder, folder / "build", free_ports(1)[0], "", "")
        chosen |= {"GATE_MODE": "local", "GATE_USERS": str(users), "GATE_GROUPS": str(groups), "GATE_ISSUER": ""}
        settings = demo.write_settings(folder / "settings", chosen)
        assert list(host_faults(settings, starting=True)) == []
        httpd.start(settings)
        try:
            httpd.probe(settings)
            yield settings
        finally:
            httpd.stop(settings)


def basic(user: str, phrase: str | None = None) -> str:
    """The header that a browser sends for this account."""
    pair = f"{user}:{PASSPHRASES[user] if phrase is None else phrase}"
    return f"Authorization: Basic {base64.b64encode(pair.encode()).decode()}"


def test_it_passes_the_acceptance_test_by_its_address(gate: Settings) -> None:
    """Given only a base URL and two people, the suite passes: as an operator would run it against any host."""
    words = [sys.executable, "-m", "pytest", str(ROOT / "hosting" / "acceptance"), "-p", "no:cacheprovider"]
    words += ["--base-url", gate["GATE_ORIGIN"], "--tree", f"{gate['GATE_BUILD']}/member", "--requests", "1200"]
    people = {"GATE_MEMBER_COOKIE": basic("member"), "GATE_OUTSIDER_COOKIE": basic("visitor")}
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the suite uses no plugin
    answer = subprocess.run(words, env=bare | people, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-4000:]
    assert "1200 hostile requests as outsider: 0 leaks" in answer.stdout


def test_accounts_are_what_the_files_say(gate: Settings) -> None:
    """A wrong passphrase, an unknown name and an empty one are refused; a name with ñ is as good as any."""
    site = Site(gate["GATE_ORIGIN"])
    asked = {basic("member"): 200, basic("muñoz"): 200, basic("visitor"): 403, basic("member", "wrong"): 401}
    asked |= {basic("nobody", "x"): 401, basic("", ""): 401, basic("member", ""): 401, "": 401}
    assert {who: site.ask("/es/", headers=SCRIPT, cookie=who).status for who in asked} == asked
    assert "Basic realm=" in site.ask("/es/").header("WWW-Authenticate")


def test_taking_somebody_off_counts_at_once(gate: Settings) -> None:
    """The groups file is read for every request: who is taken off it is refused by the next one."""
    site, groups = Site(gate["GATE_ORIGIN"]), Path(gate["GATE_GROUPS"])
    before = groups.read_text()
    groups.write_text("member: muñoz\n")
    try:
        assert site.ask("/es/", cookie=basic("member")).status == 403
        assert site.ask("/es/", cookie=basic("muñoz")).status == 200
    finally:
        groups.write_text(before)


def test_signing_out_makes_the_browser_forget(gate: Settings) -> None:
    """Even the right passphrase is refused there, with the signed-out page, so that the browser drops it."""
    site = Site(gate["GATE_ORIGIN"])
    answer = site.ask("/signin/out", headers=PAGE, cookie=basic("member"))
    assert answer.status == 401
    assert b"signed out" in answer.text
    assert answer.header("Clear-Site-Data") == '"cache"'
