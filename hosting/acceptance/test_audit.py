"""The audit log says who asked for what, when, and what became of it; and nothing else about anybody."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from client import PAGE, SCRIPT, Site
from machine import Machine
from signin import Reader

pytestmark = pytest.mark.own_gate


def written(machine: Machine, wanted: int) -> list[tuple[str, str, str, str]]:
    """The audit log once it has at least `wanted` lines; httpd writes a line after its answer has left."""
    end = time.monotonic() + 5
    while len(found := machine.audit()) < wanted and time.monotonic() < end:
        time.sleep(0.02)
    return found


def test_each_decision_is_one_line(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """Read, refused, missing and signed out are written with the subject and the path that was asked for."""
    member, visitor = enter("member"), enter("visitor")
    time.sleep(0.1)  # the lines of the two sign-ins
    before = len(machine.audit())
    coded = (*PAGE, ("Accept-Encoding", "br"))
    site.ask("/es/", headers=coded, cookie=member.cookie())
    site.ask("/data/catalogue.json", headers=coded, cookie=visitor.cookie())
    site.ask("/no/such/page/", cookie=member.cookie())
    site.ask("/data/catalogue.json", headers=SCRIPT)
    site.ask("/preview/")
    assert written(machine, before + 5)[before:] == [
        ("member", "GET", "/es/", "200"),
        ("visitor", "GET", "/data/catalogue.json", "403"),
        ("member", "GET", "/no/such/page/", "404"),
        ("-", "GET", "/data/catalogue.json", "401"),
        ("-", "GET", "/preview/", "200"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/x%0a2026-01-01T00:00:00+0000%20subject=%22member%22",
        "/x%0d%0ay",
        '/x"%20subject="member',
        "/x%22%20status=200",
        "/x%1b[2Jy",
        "/x%00y",
        "/x\\n\\r",
        "/%c3%b1/%ff%fe",
        "/x%09y",
    ],
)
def test_a_path_cannot_write_lines_of_its_own(machine: Machine, site: Site, path: str) -> None:
    """Line ends, quotation marks and control characters of a request stay inside their own line, escaped."""
    before = len(machine.audit())
    lines = machine.log("audit.log").count("\n")
    site.ask(path, headers=(*SCRIPT, ("User-Agent", 'x\x0b" subject="member'), ("Referer", '"\x0b')))
    site.close()
    time.sleep(0.05)
    found = machine.audit()[before:]
    assert machine.log("audit.log").count("\n") - lines == len(found) <= 1
    assert all(subject == "-" for subject, _, _, _ in found)
    assert all(ord(char) >= 32 for char in machine.log("audit.log").replace("\n", ""))


def test_the_logs_hold_no_secret(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """No cookie, code, search word, address or secret stands in the audit log, and no secret in the error log."""
    reader = enter("member")
    site.ask("/es/?q=evacuation", headers=(*PAGE, ("User-Agent", "a-telling-browser")), cookie=reader.cookie())
    time.sleep(0.05)
    audit, errors = machine.log("audit.log"), machine.log("error.log")
    for word in ("evacuation", "a-telling-browser", "code=", "state=", "127.0.0.1", "?"):
        assert word not in audit, word
    secrets = [machine.settings["GATE_CLIENT_SECRET"], machine.settings["GATE_PASSPHRASE"]]
    secrets += list(reader.cookies[site.base].values())
    for secret in secrets:
        assert secret not in audit + errors


def test_logs_and_settings_are_the_operators(machine: Machine) -> None:
    """Nobody but their owner can open sessions, logs and the running configuration."""
    state = machine.settings.state
    private = [state / "sessions", state / "logs", state / "run" / "settings.conf", state / "logs" / "audit.log"]
    private += list((state / "sessions").iterdir())
    assert not [f"{path} {path.stat().st_mode:o}" for path in private if path.stat().st_mode & 0o077]
