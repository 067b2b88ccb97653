"""The same gate with a certificate: what changes when it stands on the network."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from client import PAGE, SCRIPT, Answer, Site
from machine import Machine
from signin import Reader, sign_in
from test_headers import score
from trees import Trees
from tricks import paths

pytestmark = pytest.mark.own_gate


@pytest.fixture(scope="module")
def secure(folders: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A gate with a certificate of its own and a plain port."""
    conf = request.config.getoption("--conf")
    made = Machine(folders[0].parent, *([conf] if conf else []), tls=True)
    try:
        yield made.start()
    finally:
        made.end()


@pytest.fixture(scope="module")
def there(secure: Machine) -> Site:
    """The site behind that gate."""
    return Site(secure.origin, insecure=True)


@pytest.fixture(scope="module")
def reader(secure: Machine, there: Site) -> Reader:
    """A member who signed in over TLS."""
    found, _, answer = sign_in(there, "member", str(secure.accounts()["member"]["passphrase"]))
    assert answer.status == 200
    return found


def test_every_answer_reaches_the_top_score(there: Site, reader: Reader, secure: Machine) -> None:
    """Each kind of answer scores at least 130 (A+ begins at 100) by the rules of Mozilla's HTTP Observatory."""
    asks: dict[str, Answer] = {
        "page": reader.ask("/es/"),
        "data": reader.ask("/data/catalogue.json", headers=SCRIPT),
        "missing": reader.ask("/no/such/page/"),
        "refused page": there.ask("/es/"),
        "refused script": there.ask("/es/", headers=SCRIPT),
        "preview": there.ask("/preview/"),
        "sign-in": there.ask("/signin/"),
    }
    scores = {kind: score(answer) for kind, answer in asks.items()}
    assert min(scores.values()) >= 130, scores


def test_the_session_cookie_is_bound_to_the_host(there: Site, reader: Reader) -> None:
    """The cookie's name starts with __Host-: browsers take it only with Secure, from this host, for the whole site."""
    assert [name for name in reader.cookies[there.base] if name.startswith("__Host-")] == ["__Host-gate"]


def test_old_protocols_are_refused(secure: Machine) -> None:
    """TLS 1.1 and plain HTTP get no answer on the port for TLS."""
    host, _, port = secure.settings["GATE_LISTEN"].rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((host, int(port)), timeout=5) as plain, pytest.raises((ssl.SSLError, OSError)):
        context.wrap_socket(plain, server_hostname="localhost")
    with socket.create_connection((host, int(port)), timeout=5) as plain:
        plain.sendall(b"GET /es/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b" 400 " in plain.makefile("rb").readline()


def test_plain_http_only_leads_to_https(secure: Machine, trees: Trees) -> None:
    """The plain port serves no file: it redirects to the same page, and answers a certificate authority."""
    plain = Site(f"http://{secure.settings['GATE_PLAIN_LISTEN']}")
    for url in ("/", "/es/", "/preview/", "/data/catalogue.json"):
        answer = plain.ask(url, host=f"localhost:{plain.named.rpartition(':')[2]}")
        assert (answer.status, answer.header("Location")) == (301, secure.origin + url)
    challenge = secure.settings.state / "acme" / ".well-known" / "acme-challenge" / "token"
    challenge.write_text("answer")
    challenge.chmod(0o644)
    assert plain.ask("/.well-known/acme-challenge/token").body == b"answer"
    for url in ("/.well-known/acme-challenge/../../index.html", "/.well-known/acme-challenge/%2e%2e/%2e%2e/es/"):
        assert not trees.detector.content(plain.ask(url).body)


def test_http2_gives_nothing_away(secure: Machine, there: Site, trees: Trees, reader: Reader, tmp_path: Path) -> None:
    """HTTP/2 has its own parser: the path tricks get a stranger nothing there either, and a member content."""

    def ask(targets: list[str], cookie: str) -> bytes:
        script = tmp_path / "curl"
        script.write_text("".join(f'url = "{there.base}{target}"\n' for target in targets))
        words = ["curl", "--http2", "--insecure", "--silent", "--path-as-is", "--globoff", "--config", str(script)]
        words += ["--header", "Accept: text/html", "--write-out", "\n[%{http_version}]\n"]
        return subprocess.run([*words, "--cookie", cookie], capture_output=True, check=False, timeout=120).stdout

    targets = []
    for file in trees.plain[:: max(1, len(trees.plain) // 8)]:
        for target in paths(file.url, there.base).values():
            if target.startswith("/") and not set(target) & set('"\\{}[]\0 ') and target.isascii():
                targets.append(target)
    stranger, member = ask(targets, "x=y"), ask(targets, reader.cookie())
    assert stranger.count(b"\n[2]\n") > len(targets) * 0.9
    assert not trees.detector.content(stranger)
    assert trees.detector.content(member)


def test_a_member_reads_over_tls(there: Site, reader: Reader, trees: Trees) -> None:
    """The positive control over TLS: pages arrive whole, and without the cookie they do not."""
    file = next(file for file in trees.plain if file.url == "/es/index.html")
    assert reader.ask("/es/").text == file.content
    assert there.ask("/es/", headers=PAGE).status == 302
