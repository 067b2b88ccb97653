"""bin/gate refuses what is weak or missing, says everything at once, and opens nothing that a stranger could read."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "acceptance")]

from client import PAGE, Site  # noqa: E402
from gate import command, demo, httpd  # noqa: E402
from gate.build import build_faults, policy_faults  # noqa: E402
from gate.host import host_faults  # noqa: E402
from gate.refusal import Refused  # noqa: E402
from gate.settings import Settings, read  # noqa: E402
from machine import certificate, free_ports  # noqa: E402

SECRET = "b0f1d2c3a4958677e6f5d4c3b2a19080f1e2d3c4b5a69788"
OTHER = "17e3c9a8f0b24d6c8e5f7a9b1d3c5e7f9a0b2c4d6e8f1a3c"


def open_folder() -> Iterator[Path]:
    """A folder that the web server's account can enter; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="gate-settings-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


shared = pytest.fixture(scope="module", name="shared")(open_folder)
own = pytest.fixture(name="tmp_path")(open_folder)


@pytest.fixture(scope="module")
def build(shared: Path) -> Path:
    """A small build that is in order."""
    subprocess.run([sys.executable, str(ROOT / "hosting/acceptance/specimen.py"), str(shared / "build")], check=True)
    return shared / "build"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that has metadata and nothing else."""

    class Metadata(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/.well-known/openid-configuration":
                self.send_error(404)
                return
            address = f"http://127.0.0.1:{self.server.server_address[1]}"
            metadata = {"issuer": address, "end_session_endpoint": f"{address}/out", "jwks_uri": f"{address}/keys"}
            metadata |= {"authorization_endpoint": f"{address}/in", "token_endpoint": f"{address}/token"}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(metadata).encode())

        def log_message(self, format: str, *words: object) -> None:
            """Keeps the test's output clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def good(build: Path, issuer: str, tmp_path: Path) -> dict[str, str]:
    """Settings that are in order, for a gate on loopback."""
    chosen = demo.loopback_settings(tmp_path, build, free_ports(1)[0], issuer, SECRET)
    return chosen | {"GATE_PASSPHRASE": OTHER}


def faults(folder: Path, chosen: dict[str, str]) -> str:
    """Everything that reading these settings and looking at the machine finds wrong."""
    file = folder / "settings"
    file.unlink(missing_ok=True)
    try:
        settings = demo.write_settings(file, chosen)
        return "\n".join(map(str, host_faults(settings, starting=True)))
    except Refused as refused:
        return str(refused)


def test_settings_in_order_are_accepted(tmp_path: Path, good: dict[str, str]) -> None:
    """The control: without a fault nothing is said."""
    assert faults(tmp_path, good) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"GATE_PASSPHRASE": ""}, "GATE_PASSPHRASE: is empty."),
        ({"GATE_PASSPHRASE": "short"}, "GATE_PASSPHRASE: is shorter than 32 characters"),
        ({"GATE_PASSPHRASE": "a" * 64}, "GATE_PASSPHRASE: is shorter than 32 characters or made of too few"),
        ({"GATE_PASSPHRASE": SECRET}, "GATE_PASSPHRASE: is the client secret."),
        ({"GATE_PASSPHRASE": OTHER + '"'}, "GATE_PASSPHRASE: holds a quotation mark"),
        ({"GATE_PASSPHRASE": "${HOME}" + OTHER}, "GATE_PASSPHRASE: holds a quotation mark, backslash, dollar"),
        ({"GATE_CLIENT_SECRET": "changeme"}, "GATE_CLIENT_SECRET: is shorter"),
        ({"GATE_MODE": "odic"}, "GATE_MODE: is 'odic'. Write oidc or local."),
        ({"GATE_MODE": ""}, "GATE_MODE: is empty."),
        ({"GATE_ORIGIN": "http://guide.example.org"}, "GATE_ORIGIN: sends passphrases and sessions"),
        ({"GATE_LISTEN": "0.0.0.0:8080"}, "GATE_ORIGIN: sends passphrases and sessions"),
        ({"GATE_ORIGIN": "https://Guide.example.org", "GATE_TLS": "ahead"}, "GATE_ORIGIN: is not scheme://host"),
        ({"GATE_ORIGIN": "https://guide.example.org/guide", "GATE_TLS": "ahead"}, "GATE_ORIGIN: is not scheme://host"),
        ({"GATE_ORIGIN": "https://guide.example.org:443", "GATE_TLS": "ahead"}, "GATE_ORIGIN: names the usual port."),
        ({"GATE_ORIGIN": "https://guide.example.org"}, "GATE_TLS: is none, but GATE_ORIGIN is https."),
        ({"GATE_ORIGIN": "https://guide.example.org", "GATE_TLS": "ahead", "GATE_HSTS": ""}, "GATE_HSTS: is not a"),
        ({"GATE_ISSUER": "http://login.example.org"}, "GATE_ISSUER: is not an https address."),
        ({"GATE_ISSUER": "https://login.example.org/?tenant=1"}, "GATE_ISSUER: is not an https address."),
        ({"GATE_MEMBER_CLAIM": "groups"}, "GATE_MEMBER_CLAIM: is not one claim with one whole value."),
        ({"GATE_MEMBER_CLAIM": "groups~.*"}, "GATE_MEMBER_CLAIM: is not one claim with one whole value."),
        ({"GATE_MEMBER_CLAIM": "groups:.*"}, "GATE_MEMBER_CLAIM: is not one claim with one whole value."),
        ({"GATE_SCOPE": "membership"}, "GATE_SCOPE: does not ask for openid."),
        ({"GATE_IDLE_SECONDS": "0"}, "GATE_IDLE_SECONDS: is not a number of seconds"),
        ({"GATE_LONGEST_SECONDS": "999999"}, "GATE_LONGEST_SECONDS: is not a number of seconds"),
        ({"GATE_BUILD": "build"}, "GATE_BUILD: is a relative path."),
        ({"GATE_SESSIONS": "shm"}, "GATE_SESSIONS: is 'shm'."),
        ({"GATE_SESSIONS": "redis"}, "GATE_REDIS: is empty."),
        ({"GATE_SESSIONS": "redis", "GATE_REDIS": "127.0.0.1:1", "GATE_REDIS_PASSWORD": "x"}, "GATE_REDIS: does not"),
        ({"GATE_TLS": "here"}, "GATE_CERTIFICATE: is empty."),
        ({"GATE_MODE": "local"}, "GATE_USERS: is empty."),
        ({"GATE_MODE": "local", "GATE_USERS": "/nowhere", "GATE_GROUPS": "/nowhere"}, "/nowhere is not there."),
    ],
)
def test_weak_or_missing_settings_are_refused(
    tmp_path: Path, good: dict[str, str], changes: dict[str, str], words: str
) -> None:
    """Each weak setting is named with its fault and a remedy."""
    assert words in faults(tmp_path, good | changes)


def test_every_fault_is_said_at_once(tmp_path: Path, good: dict[str, str]) -> None:
    """An operator mends everything in one go instead of starting five times."""
    changes = {"GATE_PASSPHRASE": "short", "GATE_SCOPE": "x", "GATE_MODE": "oidc", "GATE_ISSUER": "ftp://x"}
    assert len(faults(tmp_path, good | changes).splitlines()) == 3


def test_names_are_checked(tmp_path: Path, good: dict[str, str]) -> None:
    """A misspelled, doubled, missing or malformed line is refused, never ignored."""
    demo.write_settings(tmp_path / "settings", good)
    text = (tmp_path / "settings").read_text()
    (tmp_path / "settings").write_text(
        text.replace("GATE_SCOPE =", "GATE_SCOPES =") + "GATE_MODE = oidc\nhello\nGATE_X = 1\n"
    )
    with pytest.raises(Refused) as told:
        read(tmp_path / "settings")
    words = str(told.value)
    for part in (
        "GATE_SCOPES: is not a setting",
        "GATE_MODE: is set twice",
        "is not a setting.",
        "GATE_SCOPE: is missing",
    ):
        assert part in words


def test_a_settings_file_that_others_read_is_refused(tmp_path: Path, good: dict[str, str]) -> None:
    """Secrets in a file for everybody are no secrets."""
    demo.write_settings(tmp_path / "settings", good)
    (tmp_path / "settings").chmod(0o644)
    with pytest.raises(Refused, match="others can read it"):
        read(tmp_path / "settings")


def test_the_machine_is_checked(tmp_path: Path, good: dict[str, str], issuer: str) -> None:
    """A port in use, an open session folder, another issuer's name and nested folders are found before the start."""
    port = issuer.rpartition(":")[2]
    (tmp_path / "state" / "sessions").mkdir(parents=True)
    (tmp_path / "state" / "sessions").chmod(0o755)
    changes = {"GATE_LISTEN": f"127.0.0.1:{port}", "GATE_ISSUER": f"{issuer}/"}
    told = faults(tmp_path, good | changes)
    assert "cannot be used" in told
    assert "can be opened by others" in told
    assert "the provider calls itself" in told
    nested = faults(tmp_path, good | {"GATE_STATE": good["GATE_BUILD"] + "/member/state"})
    assert "GATE_STATE: and GATE_BUILD lie in one another." in nested
    assert "does not answer" in faults(tmp_path, good | {"GATE_ISSUER": "http://127.0.0.1:1"})


def test_certificates_are_checked(tmp_path: Path, good: dict[str, str]) -> None:
    """A certificate for another host, an open key and a key of another pair are refused."""
    other = tmp_path / "other"
    other.mkdir()
    chosen = good | {"GATE_TLS": "here", "GATE_HSTS": "max-age=300", **certificate(tmp_path)}
    port = good["GATE_LISTEN"].rpartition(":")[2]
    assert faults(tmp_path, chosen | {"GATE_ORIGIN": f"https://localhost:{port}"}) == ""
    assert "is not for guide.example.org" in faults(tmp_path, chosen | {"GATE_ORIGIN": "https://guide.example.org"})
    wrong = chosen | {"GATE_ORIGIN": f"https://localhost:{port}", "GATE_KEY": certificate(other)["GATE_KEY"]}
    assert "does not belong to the certificate" in faults(tmp_path, wrong)
    (tmp_path / "key.pem").chmod(0o644)
    assert "GATE_KEY: can be read by others" in faults(tmp_path, chosen | {"GATE_ORIGIN": f"https://localhost:{port}"})


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("mkdir member/.git && touch member/.git/config", "member/.git: does not belong on a web server."),
        ("echo 'Require all granted' > member/.htaccess", "member/.htaccess: does not belong"),
        ("ln -s ../../member public/preview/all", "public/preview/all: is a symbolic link."),
        ("cp member/es/index.html public/preview/x.html", "public/preview/x.html: is the member file es/index.html."),
        ("touch member/sw.js", "member/sw.js: does not belong"),
        ("touch member/assets/reader.js.map", "member/assets/reader.js.map: does not belong"),
        ("cp -r member/paper public/paper", "public/paper: is not part of the public folder."),
        ("rm public/errors/403.es.html", "public/errors/403.es.html: is missing."),
        ("rm csp.json", "is not a finished build"),
        ('echo \'{"member": "x"}\' > csp.json', "csp.json: cannot be read"),
        ("sed -i \"s/script-src 'self'/script-src 'unsafe-inline'/\" csp.json", "allows 'unsafe-inline'."),
        ("sed -i \"s/default-src 'none'; //\" csp.json", "has no strict default-src."),
        ("rm -r member", "is not a finished build"),
        ("gzip -c member/es/index.html > public/robots.txt.gz", "public/robots.txt.gz: is not the compressed copy"),
    ],
)
def test_a_build_with_something_wrong_is_refused(build: Path, tmp_path: Path, damage: str, words: str) -> None:
    """What should never stand on a web server is found before it does."""
    shutil.copytree(build, tmp_path / "build", symlinks=True)
    assert list(build_faults(tmp_path / "build")) == []
    subprocess.run(["sh", "-c", damage], cwd=tmp_path / "build", check=True)
    assert words in "\n".join(map(str, build_faults(tmp_path / "build")))


@pytest.mark.parametrize("policy", ["default-src *", "script-src https:", "default-src 'none'\nX: y", 'a "b"', "100%"])
def test_a_loose_policy_is_refused(policy: str) -> None:
    """A policy that allows everything, or could end its line in the configuration, is not served."""
    assert list(policy_faults("member", policy))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("settings.conf", 'Define GATE_MODE "oidc"', 'Define GATE_MODE "basic"'), "gate-basic.conf"),
        (("settings.conf", 'Define GATE_MODE "oidc"', ""), "GATE_MODE"),
        (("settings.conf", f'Define GATE_PASSPHRASE "{OTHER}"', ""), "GATE_PASSPHRASE is not set"),
        (("settings.conf", f'Define GATE_CLIENT_SECRET "{SECRET}"', ""), "GATE_CLIENT_SECRET is not set"),
        (("settings.conf", 'Define GATE_MEMBER_PATTERN "', 'Define GATE_OTHER "'), "GATE_MEMBER_PATTERN is not set"),
        (("gate-oidc.conf", "mod_auth_openidc.so", "mod_no_such.so"), "mod_no_such.so"),
        (("gate-oidc.conf", "<Macro GateMember>", "<Macro GateMembers>"), "gatemember"),
        (("gate-oidc.conf", "<Macro GateSignIn>", "<Macro GateSignsIn>"), "gatesignin"),
    ],
)
def test_httpd_does_not_start_half_configured(
    tmp_path: Path, good: dict[str, str], change: tuple[str, str, str], words: str
) -> None:
    """Even started by hand, without bin/gate, an undefined setting, a missing module or macro stops the server."""
    settings = demo.write_settings(tmp_path / "settings", good)
    conf = tmp_path / "conf"
    shutil.copytree(httpd.CONF, conf)
    httpd.write(settings, conf)
    file = httpd.run_folder(settings) / change[0] if change[0] == "settings.conf" else conf / change[0]
    text = file.read_text()
    assert change[1] in text
    file.write_text(text.replace(change[1], change[2]))
    answer = httpd.httpd(settings, conf, "-t")
    assert answer.returncode != 0
    assert words in answer.stderr


def test_a_gate_that_gives_a_page_away_is_stopped_again(
    tmp_path: Path, good: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gate start` asks for a member page as a stranger; an open configuration does not stay up."""
    conf = tmp_path / "conf"
    shutil.copytree(httpd.CONF, conf)
    for path in (tmp_path, conf, *conf.iterdir()):
        path.chmod(0o755)
    site = (conf / "site.conf").read_text()
    (conf / "site.conf").write_text(
        site.replace(
            "  Use GateEndpoints\n", '  Use GateEndpoints\n  <Location "/es/">\n Require all granted\n</Location>\n'
        )
    )
    monkeypatch.setattr(httpd.start, "__defaults__", (conf,))
    settings = demo.write_settings(tmp_path / "settings", good)
    assert command.main(["--settings", str(settings.file), "start"]) == 1
    assert "/es/: is answered with 200 to a stranger." in capsys.readouterr().err
    assert httpd.running(settings) is None
    assert not httpd.listening(settings["GATE_LISTEN"])


def test_a_silent_provider_does_not_prevent_a_start(
    tmp_path: Path, good: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """After a power cut the guide comes back for whoever has a session, and for the preview; `check` still says it."""
    settings = demo.write_settings(tmp_path / "settings", good | {"GATE_ISSUER": "http://127.0.0.1:1"})
    try:
        assert command.main(["--settings", str(settings.file), "start"]) == 0
        assert "Started all the same: GATE_ISSUER" in capsys.readouterr().err
        assert httpd.ask(settings, "/preview/") == 200
        assert httpd.ask(settings, "/es/") in (302, 500, 502)
        assert command.main(["--settings", str(settings.file), "check"]) == 1
    finally:
        httpd.stop(settings)


def test_behind_a_balancer_the_site_is_still_https(tmp_path: Path, good: dict[str, str]) -> None:
    """With TLS ended ahead, addresses, cookies and headers are those of https, and no forwarded header is believed."""
    changes = {"GATE_ORIGIN": "https://guide.example.org", "GATE_TLS": "ahead", "GATE_HSTS": "max-age=63072000"}
    settings = demo.write_settings(tmp_path / "settings", good | changes)
    httpd.start(settings)
    try:
        httpd.probe(settings)
        site = Site(f"http://{settings['GATE_LISTEN']}")
        forged = (*PAGE, ("X-Forwarded-Host", "unknown.invalid"), ("X-Forwarded-Proto", "http"))
        answer = site.ask("/chapters/", headers=forged, host="guide.example.org")
        assert answer.status == 302
        assert "redirect_uri=https%3A%2F%2Fguide.example.org%2F_gate%2Fcallback" in answer.header("Location")
        assert "; Secure" in answer.header("Set-Cookie")
        assert answer.header("Strict-Transport-Security") == "max-age=63072000"
        assert site.ask("/preview", host="guide.example.org").header("Location") == "https://guide.example.org/preview/"
        assert site.ask("/preview/", host="other.example.org").status == 403
    finally:
        httpd.stop(settings)


def test_start_reload_stop(tmp_path: Path, good: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The operator's everyday words work, twice as well as once, and the port is closed at the end."""
    settings: Settings = demo.write_settings(tmp_path / "settings", good)

    def gate(*words: str) -> tuple[int, str]:
        status = command.main(["--settings", str(settings.file), *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    assert gate("stop") == (0, "The gate was not running.\n")
    assert gate("check")[0] == 0
    status, words = gate("start")
    assert (status, settings["GATE_ORIGIN"] in words) == (0, True), words
    assert gate("start")[0] == 1
    assert gate("check") == (0, "Settings, build and machine are in order.\n")
    assert gate("reload") == (0, "The gate has read everything again.\n")
    assert gate("sign-out-all")[0] == 0
    assert gate("bar", "some body")[0] == 0
    assert gate("bar", 'x" \nRequire all granted')[0] == 1
    assert gate("unbar", "some body")[0] == 0
    assert gate("unbar", "some body")[0] == 1
    assert gate("stop") == (0, "The gate is closed.\n")
    assert not httpd.listening(settings["GATE_LISTEN"])


def test_the_command_needs_nothing_but_python(tmp_path: Path) -> None:
    """bin/gate runs with the system's own Python and no package, and explains a missing settings file."""
    words = ["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "python3", "-I", str(ROOT / "hosting" / "bin" / "gate")]
    answer = subprocess.run(
        [*words, "--settings", str(tmp_path / "none"), "check"], capture_output=True, text=True, cwd=os.sep, check=False
    )
    assert answer.returncode == 1
    assert "there is no settings file" in answer.stderr
