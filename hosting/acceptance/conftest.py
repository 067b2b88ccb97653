"""Options and people of the acceptance test.

Enters: --base-url and two cookies, or --own-gate. Leaves: a site, a stranger, an outsider and a member to ask it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for place in (HERE, HERE.parent):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

import trees as build_trees  # noqa: E402
from client import SCRIPT, Site  # noqa: E402
from figures import FIGURES  # noqa: E402
from machine import Machine  # noqa: E402
from signin import Reader, sign_in  # noqa: E402

NEEDS = {
    "signs_in": "signs in by itself: --demo-sign-in or --own-gate",
    "own_gate": "stops, starves and reads the logs of the gate: --own-gate",
    "comfort": "language, caching and compression as hosting/apache does them; left out by --only-secrecy",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The questions that the suite needs answered."""
    group = parser.getgroup("the gate")
    group.addoption("--base-url", help="scheme://host[:port] of the gated guide")
    group.addoption("--tree", type=Path, help="the member folder that is served there, for example build/member")
    group.addoption("--public-tree", type=Path, help="the public folder; the member folder's neighbour if not given")
    member, outsider = os.environ.get("GATE_MEMBER_COOKIE", ""), os.environ.get("GATE_OUTSIDER_COOKIE", "")
    group.addoption("--member-cookie", default=member, help="of a member; or Authorization: …")
    group.addoption("--outsider-cookie", default=outsider, help="of a non-member, or none")
    group.addoption("--demo-sign-in", action="store_true", help="sign in at the demo provider instead of with cookies")
    group.addoption(
        "--own-gate", action="store_true", help="start a gate and a demo provider on loopback and test those"
    )
    group.addoption("--conf", type=Path, help="with --own-gate: a changed copy of hosting/apache")
    group.addoption("--insecure", action="store_true", help="do not check the certificate")
    group.addoption("--requests", type=int, default=12000, help="hostile requests for each of stranger and outsider")
    group.addoption("--only-secrecy", action="store_true", help="leave out what is comfort: for managed hosts")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers and makes room for the figures."""
    config.stash[FIGURES] = []
    for name, meaning in NEEDS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out, and counts as deselected, what cannot be done to somebody else's host."""
    own = config.getoption("--own-gate")
    able = {
        "signs_in": own or config.getoption("--demo-sign-in"),
        "own_gate": own,
        "comfort": not config.getoption("--only-secrecy"),
    }
    wanted = [item for item in items if all(able[name] for name in NEEDS if item.get_closest_marker(name))]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


def pytest_report_header(config: pytest.Config) -> str:
    """Says what this run can prove."""
    if config.getoption("--own-gate"):
        return "gate: its own, on loopback"
    return f"gate: {config.getoption('--base-url')}; without --own-gate: no outages, expiry or logs"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints the figures."""
    for figure in config.stash[FIGURES]:
        terminalreporter.write_line(figure)


@pytest.fixture(scope="session")
def folders(request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """The member and the public folder."""
    member = request.config.getoption("--tree")
    if member is None or not member.is_dir():
        pytest.exit(f"--tree {member}: name the member folder of the build (make site writes build/member)", 2)
    member = member.resolve()
    return member, (request.config.getoption("--public-tree") or member.parent / "public").resolve()


@pytest.fixture(scope="session")
def trees(folders: tuple[Path, Path]) -> build_trees.Trees:
    """What is to be hidden and what may be seen."""
    return build_trees.read(*folders)


@pytest.fixture(scope="session")
def machine(request: pytest.FixtureRequest, folders: tuple[Path, Path]) -> Iterator[Machine]:
    """The gate that belongs to this run."""
    conf = request.config.getoption("--conf")
    made = Machine(folders[0].parent, *([conf] if conf else []))
    try:
        yield made.start()
    finally:
        made.end()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The server to be tested."""
    if request.config.getoption("--own-gate"):
        return Site(request.getfixturevalue("machine").origin)
    base = request.config.getoption("--base-url")
    if not base:
        pytest.exit("name the gate: --base-url https://guide.example.org, or --own-gate for one on loopback", 2)
    return Site(base, insecure=request.config.getoption("--insecure"))


@pytest.fixture(scope="session")
def enter(site: Site) -> Callable[[str], Reader]:
    """Signs an account of the demo provider in and returns its reader."""
    accounts = json.loads((HERE.parent / "demo-idp" / "users.json").read_text())

    def entered(account: str) -> Reader:
        reader, _, _ = sign_in(Site(site.base), account, accounts[account]["passphrase"])
        return reader

    return entered


def _cookie(request: pytest.FixtureRequest, option: str, account: str) -> str:
    if request.config.getoption("--own-gate") or request.config.getoption("--demo-sign-in"):
        entered: Callable[[str], Reader] = request.getfixturevalue("enter")
        return entered(account).cookie()
    cookie = str(request.config.getoption(option))
    if not cookie:
        remedy = "sign in with a browser, copy the Cookie header of a page and pass it here or in the environment"
        pytest.exit(f"{option}: {remedy} (GATE_MEMBER_COOKIE, GATE_OUTSIDER_COOKIE)", 2)
    return cookie


@pytest.fixture(scope="session")
def member_cookie(request: pytest.FixtureRequest) -> str:
    """A member's session, opened once."""
    return _cookie(request, "--member-cookie", "member")


@pytest.fixture(scope="session")
def outsider_cookie(request: pytest.FixtureRequest) -> str:
    """A non-member's session, opened once."""
    return _cookie(request, "--outsider-cookie", "visitor")


def still(site: Site, cookie: str, wanted: int, who: str) -> None:
    """Stops a test whose reader is not who it says: a session that has ended would make every refusal look right."""
    answer = site.ask("/es/", headers=SCRIPT, cookie=cookie)
    assert answer.status == wanted, f"the session of the {who} is not live (status {answer.status}, not {wanted})"


@pytest.fixture
def member(site: Site, member_cookie: str) -> Iterator[str]:
    """The Cookie header of a member, live before and after the test."""
    still(site, member_cookie, 200, "member")
    yield member_cookie
    site.close()
    still(site, member_cookie, 200, "member")


@pytest.fixture
def outsider(site: Site, outsider_cookie: str) -> Iterator[str]:
    """The Cookie header of somebody who signed in and is no member, live before and after the test."""
    if outsider_cookie == "none":  # a host that gives no session to a non-member: a second stranger
        yield ""
        return
    still(site, outsider_cookie, 403, "outsider")
    yield outsider_cookie
    site.close()
    still(site, outsider_cookie, 403, "outsider")


@pytest.fixture(params=["stranger", "outsider"])
def nobody(request: pytest.FixtureRequest) -> str:
    """The Cookie header of somebody who is no member: first of one who never signed in, then of one who did."""
    return "" if request.param == "stranger" else str(request.getfixturevalue("outsider"))
