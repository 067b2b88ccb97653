"""Restart, log rotation, a provider that is gone, time that passes, and what the operator can do about people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client import PAGE, SCRIPT, Site
from gate import sessions
from gate.httpd import listening
from machine import Machine
from signin import Reader, sign_in

pytestmark = pytest.mark.own_gate


@pytest.fixture(scope="module")
def machine(folders: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A gate for these tests alone: they end sessions that others still need."""
    conf = request.config.getoption("--conf")
    made = Machine(folders[0].parent, *([conf] if conf else []))
    try:
        yield made.start()
    finally:
        made.end()


@pytest.fixture(scope="module")
def site(machine: Machine) -> Site:
    """The site behind that gate."""
    return Site(machine.origin)


@pytest.fixture(scope="module")
def enter(machine: Machine) -> Callable[[str], Reader]:
    """Signs an account in there."""

    def entered(account: str) -> Reader:
        reader, _, _ = sign_in(Site(machine.origin), account, str(machine.accounts()[account]["passphrase"]))
        return reader

    return entered


def status(site: Site, reader: Reader, url: str = "/es/") -> int:
    """What a script of that reader's page is told."""
    return site.ask(url, headers=SCRIPT, cookie=reader.cookie()).status


def test_a_restart_signs_nobody_out(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """Sessions outlive a restart and a log rotation; a stranger stays out through both."""
    reader = enter("member")
    machine.restart()
    assert (status(site, reader), status(site, Reader(site))) == (200, 401)
    machine.reload()
    assert (status(site, reader), status(site, Reader(site))) == (200, 401)


def test_a_silent_provider_stops_new_readers_only(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """While the provider is gone, members read on, the preview is open, strangers stay out; then all is well again."""
    reader = enter("member")
    machine.provider.stop()
    try:
        assert not listening(f"127.0.0.1:{machine.provider.port}")
        assert status(site, reader) == 200
        assert site.ask("/preview/").status == 200
        assert status(site, Reader(site)) == 401
        assert site.ask("/es/", headers=PAGE).status in (302, 500, 502)
        machine.restart()
        assert status(site, reader) == 200
        assert site.ask("/es/", headers=PAGE).status in (302, 500, 502)
    finally:
        machine.provider.start()
    assert status(site, enter("member")) == 200


def test_everybody_can_be_signed_out_at_once(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """`gate sign-out-all` ends every session without a restart, and members can come back."""
    readers = [enter("member"), enter("member"), enter("visitor")]
    assert [status(site, reader) for reader in readers] == [200, 200, 403]
    assert sessions.sign_out_all(machine.settings) >= 3
    assert [status(site, reader) for reader in readers] == [401, 401, 401]
    assert status(site, enter("member")) == 200


def test_one_person_can_be_kept_out_now(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """`gate bar` ends that person's access at once, in open sessions and new ones, and nobody else's."""
    reader, outsider = enter("member"), enter("visitor")
    (machine.settings.state / "barred").write_text("somebody else\n")
    sessions.bar(machine.settings, "member")
    _settled(site, reader, 403)
    assert status(site, enter("member")) == 403
    sessions.unbar(machine.settings, "member")
    _settled(site, reader, 200)
    assert status(site, outsider) == 403
    sessions.unbar(machine.settings, "somebody else")


def _settled(site: Site, reader: Reader, wanted: int) -> None:
    """Waits for the end of a graceful reload: old workers finish the connections that they hold."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        site.close()
        if status(site, reader) == wanted:
            break
        time.sleep(0.1)
    site.close()
    assert status(site, reader) == wanted


def test_the_provider_can_end_a_session(machine: Machine, site: Site, enter: Callable[[str], Reader]) -> None:
    """A notice of the provider (back-channel logout) ends the session that it names."""
    reader, other = enter("member"), enter("member")
    assert status(site, reader) == 200
    # signing out at the provider's own page, without the gate
    _url, page = reader.follow(f"{machine.provider.issuer}/session/end")
    token = page.text.split(b'name="xsrf" value="')[1].split(b'"')[0].decode()
    reader.follow(f"{machine.provider.issuer}/session/end/confirm", form={"xsrf": token, "logout": "yes"})
    assert status(site, reader) == 401
    assert status(site, other) == 200


@pytest.fixture
def impatient(folders: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A gate that ends a session after ten idle seconds, and after fifteen in any case."""
    conf = request.config.getoption("--conf")
    changes = {"GATE_IDLE_SECONDS": "10", "GATE_LONGEST_SECONDS": "15"}
    made = Machine(folders[0].parent, *([conf] if conf else []), changes=changes)
    try:
        yield made.start()
    finally:
        made.end()


def test_a_session_ends_by_itself(impatient: Machine) -> None:
    """Unused for the idle time it is over; used all the time it is over after the longest time."""
    site = Site(impatient.origin)
    passphrase = str(impatient.accounts()["member"]["passphrase"])
    begun = time.monotonic()
    busy, _, _ = sign_in(Site(site.base), "member", passphrase)
    idle, _, _ = sign_in(Site(site.base), "member", passphrase)
    entered = time.monotonic()
    alive, tired = True, False
    while alive:
        time.sleep(0.5)
        before = time.monotonic()
        alive = busy.ask("/es/", headers=SCRIPT).status == 200
        assert alive or time.monotonic() > begun + 14, "a busy session ends too early"
        assert not alive or before < entered + 17.5, "a busy session never ends"
        if not tired and (before > entered + 11 or not alive):
            assert idle.ask("/es/", headers=SCRIPT).status == 401, "an idle session lives on"
            tired = True


def test_a_changed_membership_counts_at_the_next_sign_in(
    machine: Machine, site: Site, enter: Callable[[str], Reader]
) -> None:
    """Taken off the members' group, a person is refused at the next sign-in, and let in when put back."""
    before = machine.users.read_text()
    machine.users.write_text(before.replace('"membership/member", "port/reader"', '"port/reader"'))
    try:
        assert status(site, enter("member")) == 403
    finally:
        machine.users.write_text(before)
    assert status(site, enter("member")) == 200
