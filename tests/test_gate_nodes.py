"""Two nodes of the gate share their sessions through a real Redis on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "acceptance")]

from client import PAGE, SCRIPT, Site  # noqa: E402
from gate import httpd, sessions  # noqa: E402
from gate.host import host_faults  # noqa: E402
from gate.redis import Redis  # noqa: E402
from machine import Machine, free_ports  # noqa: E402
from signin import Reader, sign_in, sign_out  # noqa: E402
from trees import read  # noqa: E402

PASSWORD = "a-generated-password-for-redis"
SHARED = ("GATE_ORIGIN", "GATE_ISSUER", "GATE_CLIENT_SECRET", "GATE_PASSPHRASE")


class Server:
    """A redis-server of the test's own, with a password, that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.address = f"127.0.0.1:{free_ports(1)[0]}"
        self.conf = folder / "redis.conf"
        port = self.address.rpartition(":")[2]
        lines = [f"port {port}", "bind 127.0.0.1", f"requirepass {PASSWORD}", 'save ""', f"dir {folder}"]
        self.conf.write_text("\n".join(lines) + "\n")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits for its port."""
        self.process = subprocess.Popen(["redis-server", str(self.conf)], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not httpd.listening(self.address) and time.monotonic() < end:
            time.sleep(0.02)

    def stop(self) -> None:
        """Stops it; the port is closed when this returns."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
        assert not httpd.listening(self.address)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Redis."""
    server = Server(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def nodes(redis: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Machine]]:
    """Two gates with one origin, as behind a load balancer."""
    folder = tmp_path_factory.mktemp("nodes") / "build"
    subprocess.run([sys.executable, str(ROOT / "hosting/acceptance/specimen.py"), str(folder)], check=True)
    shared = {"GATE_SESSIONS": "redis", "GATE_REDIS": redis.address, "GATE_REDIS_PASSWORD": PASSWORD}
    one = Machine(folder, changes=shared)
    other = Machine(folder, changes=shared | {name: one.settings[name] for name in SHARED})
    try:
        one.start()
        httpd.start(other.settings, other.conf)
        yield one, other
    finally:
        other.end()
        one.end()


def at(node: Machine) -> Site:
    """That node, under the name that both have."""
    return Site(node.origin, connect=node.settings["GATE_LISTEN"])


def enter(node: Machine) -> Reader:
    """A member who signed in through that node."""
    reader, _, answer = sign_in(at(node), "member", str(node.accounts()["member"]["passphrase"]), at="/es/")
    assert answer.status == 200
    return reader


def test_redis_is_looked_at_before_the_start(nodes: tuple[Machine, Machine], redis: Server) -> None:
    """With the right password nothing is said; a Redis without one is refused."""
    assert list(host_faults(nodes[0].settings, starting=False)) == []
    with Redis(redis.address, PASSWORD) as connection:
        connection.ask("CONFIG", "SET", "requirepass", "")
        try:
            told = "\n".join(map(str, host_faults(nodes[0].settings, starting=False)))
        finally:
            connection.ask("CONFIG", "SET", "requirepass", PASSWORD)
    assert "GATE_REDIS" in told


def test_a_session_counts_on_both_nodes(nodes: tuple[Machine, Machine]) -> None:
    """Who signed in through one node reads through the other, and each node writes its own audit line."""
    reader = enter(nodes[0])
    for node in nodes:
        assert at(node).ask("/es/", headers=SCRIPT, cookie=reader.cookie()).status == 200
        assert at(node).ask("/es/", headers=SCRIPT).status == 401
    time.sleep(0.1)
    assert ("member", "GET", "/es/", "200") in nodes[1].audit()


def test_a_sign_in_may_change_nodes_on_the_way(nodes: tuple[Machine, Machine]) -> None:
    """The provider's answer may arrive at the node that did not ask."""
    reader = Reader(at(nodes[0]))
    url, form = reader.follow(nodes[0].origin + "/es/")
    action = form.text.split(b'action="')[1].split(b'"')[0].decode()
    reader.site = at(nodes[1])
    origin = url.split("/interaction/")[0]
    phrase = str(nodes[0].accounts()["member"]["passphrase"])
    where, answer = reader.follow(origin + action, form={"login": "member", "passphrase": phrase})
    assert (where, answer.status) == (nodes[0].origin + "/es/", 200)


def test_signing_out_counts_on_both_nodes(nodes: tuple[Machine, Machine]) -> None:
    """A cookie copied before the sign-out at one node opens nothing at the other."""
    reader = enter(nodes[0])
    copied = reader.cookie()
    assert at(nodes[1]).ask("/es/", cookie=copied).status == 200
    sign_out(reader)
    assert at(nodes[1]).ask("/es/", headers=SCRIPT, cookie=copied).status == 401


def test_everybody_is_signed_out_everywhere(nodes: tuple[Machine, Machine]) -> None:
    """`gate sign-out-all` on one node ends the sessions of both."""
    readers = [enter(node) for node in nodes]
    assert sessions.sign_out_all(nodes[0].settings) >= 2
    for node in nodes:
        for reader in readers:
            assert at(node).ask("/es/", headers=SCRIPT, cookie=reader.cookie()).status == 401


def test_a_node_may_restart(nodes: tuple[Machine, Machine]) -> None:
    """A restart of one node signs nobody out."""
    reader = enter(nodes[1])
    nodes[1].restart()
    assert at(nodes[1]).ask("/es/", headers=SCRIPT, cookie=reader.cookie()).status == 200


def test_what_lies_in_redis_is_sealed(nodes: tuple[Machine, Machine], redis: Server) -> None:
    """Who reads Redis sees no subject, group or cookie that would open the gate."""
    reader = enter(nodes[0])
    with Redis(redis.address, PASSWORD) as connection:
        stored = {key: str(connection.ask("GET", key)) for key in connection.keys("*")}
    assert stored
    cookie = reader.cookies[nodes[0].origin]["gate"]
    for words in stored.items():
        for secret in ("membership", "demo-port", "id_token", cookie):
            assert secret not in "".join(words), words[0]


def test_without_redis_the_gate_is_closed(nodes: tuple[Machine, Machine], redis: Server) -> None:
    """While Redis is gone nobody reads, the preview is open; when it is back, members sign in again."""
    reader = enter(nodes[0])
    trees = read(nodes[0].settings.build / "member", nodes[0].settings.build / "public")
    redis.stop()
    try:
        for node in nodes:
            for cookie in ("", reader.cookie()):
                for headers in (PAGE, SCRIPT):
                    answer = at(node).ask("/es/", headers=headers, cookie=cookie)
                    assert answer.status in (302, 401, 500, 503)
                    assert not trees.detector.leak(answer)
            assert at(node).ask("/preview/").status == 200
    finally:
        redis.start()
    assert enter(nodes[1]).ask("/es/").status == 200


def test_the_suite_passes_on_a_node(nodes: tuple[Machine, Machine]) -> None:
    """A node with shared sessions passes the tests of paths, requests and headers like a single one."""
    people = {"GATE_MEMBER_COOKIE": enter(nodes[1]).cookie()}
    visitor, _, _ = sign_in(at(nodes[1]), "visitor", str(nodes[1].accounts()["visitor"]["passphrase"]))
    people["GATE_OUTSIDER_COOKIE"] = visitor.cookie()
    words = [sys.executable, "-m", "pytest", str(ROOT / "hosting/acceptance/test_leaks.py"), "-p", "no:cacheprovider"]
    words += [
        "--base-url",
        nodes[0].origin,
        "--tree",
        f"{nodes[0].settings['GATE_BUILD']}/member",
        "--requests",
        "1500",
    ]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the suite uses no plugin
    answer = subprocess.run(words, env=bare | people, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-4000:]
