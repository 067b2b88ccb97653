"""Runs the acceptance test against nginx.conf with a stand-in for oauth2-proxy: python hosting/managed/try_nginx.py

Enters: --build. Leaves: the suite's verdict on the part that nginx plays; the real proxy is tested at your own address.
"""

from __future__ import annotations

import argparse
import base64
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "acceptance")]

import nginx  # noqa: E402
from gate.demo import within_reach  # noqa: E402
from gate.httpd import listening  # noqa: E402
from machine import certificate, free_ports  # noqa: E402

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
MEMBER, VISITOR = "session=a-members-session", "session=a-visitors-session"
DECISIONS = {MEMBER: 202, VISITOR: 403}
SIGN_IN_AT = "https://login.example.org/sign-in"
SIGN_OUT_AT = "https://login.example.org/sign-out"
# what of the comfort nginx has as well; Debian's has no brotli
COMFORT = "not compressed"


class StandIn(http.server.BaseHTTPRequestHandler):
    """Answers /oauth2/auth as oauth2-proxy would: 202 for a member, 403 for somebody else, 401 without a session.

    A sign-in is a redirect to the provider, with the page to come back to sealed in `state`; what nginx sent with it
    and with its questions is kept for a test.
    """

    protocol_version = "HTTP/1.1"
    # shared by all connections
    asked: list[dict[str, str]] = []  # noqa: RUF012
    started: list[dict[str, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        """Decides by the cookie alone."""
        path = self.path.partition("?")[0]
        if path == "/oauth2/auth":
            self.asked.append(dict(self.headers.items()))
            cookies = self.headers.get("Cookie", "").split("; ")
            status = next((DECISIONS[cookie] for cookie in cookies if cookie in DECISIONS), 401)
        elif path == "/oauth2/callback":
            status = 403  # what the proxy says to somebody who signed in and is no member
        elif path == "/oauth2/start":
            self.started.append(dict(self.headers.items()))
            status = 302
        else:
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            back = self.headers.get("X-Auth-Request-Redirect", "/").encode()
            self.send_header("Location", f"{SIGN_IN_AT}?state={base64.urlsafe_b64encode(back).decode()}")
            self.send_header("Set-Cookie", "__Host-gate_csrf=x; Path=/; HttpOnly; Secure; SameSite=Lax")
        if status == 202:
            self.send_header("X-Auth-Request-User", "member")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Thousands of lines help nobody."""


@dataclass
class Running:
    """nginx with its stand-in: the origin, the plain port's origin, the folder with its logs, and the stand-in."""

    origin: str
    plain: str
    folder: Path
    proxy: http.server.ThreadingHTTPServer

    def audit(self) -> list[str]:
        """The lines of the audit log."""
        return (self.folder / "audit.log").read_text().splitlines()


@contextmanager
def running(build: Path, templates: Path = HERE) -> Iterator[Running]:
    """nginx on loopback with a certificate of its own, until the block ends. Raises OSError if it does not start."""
    port, plain, proxy = free_ports(3)
    stand_in = http.server.ThreadingHTTPServer(("127.0.0.1", proxy), StandIn)
    threading.Thread(target=stand_in.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="gate-nginx-") as name:
        run = Path(name)
        run.chmod(0o711)
        made = certificate(run)
        origin = f"https://localhost:{port}"
        words = {
            "host": "localhost",
            "origin": origin,
            "listen": f"127.0.0.1:{port}",
            "plain": f"127.0.0.1:{plain}",
            "certificate": made["GATE_CERTIFICATE"],
            "key": made["GATE_KEY"],
            "proxy": f"127.0.0.1:{proxy}",
            "run": str(run),
            "pid": str(run / "nginx.pid"),
            "user": "user www-data;" if os.geteuid() == 0 else "",
            "hsts": "max-age=63072000",
            "signed_out": nginx.signed_out(origin, SIGN_OUT_AT, "practice-guide"),
        }
        conf = nginx.write(within_reach(build, run), run / "conf", words, templates)
        server = subprocess.Popen([NGINX, "-c", str(conf), "-g", "daemon off;"])
        try:
            end = time.monotonic() + 10
            while not listening(f"127.0.0.1:{port}"):
                if server.poll() is not None or time.monotonic() > end:
                    raise OSError(f"nginx does not start: {conf}")
                time.sleep(0.05)
            yield Running(origin, f"http://127.0.0.1:{plain}", run, stand_in)
        finally:
            server.terminate()
            server.wait()
            stand_in.shutdown()
            stand_in.server_close()


def accept(origin: str, build: Path, *options: str) -> int:
    """Runs the acceptance test, or what `options` leave of it; returns its exit status."""
    words = [sys.executable, "-m", "pytest", str(HERE.parent / "acceptance"), "-p", "no:cacheprovider", "-rf"]
    words += ["--insecure", "--base-url", origin, "--tree", str(build / "member"), *options]
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    others["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the suite uses no plugin, and some take seconds to import
    people = {"GATE_MEMBER_COOKIE": MEMBER, "GATE_OUTSIDER_COOKIE": VISITOR}
    return subprocess.run(words, env={**others, **people}, check=False).returncode


def main() -> int:
    """Runs the suite; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--templates", type=Path, default=HERE, help="a changed copy of the two files, to see it fail")
    given, options = parser.parse_known_args()
    build = given.build.resolve()
    with running(build, given.templates) as server:
        return accept(server.origin, build, "-k", COMFORT, "--requests", "4000", *options)


if __name__ == "__main__":
    sys.exit(main())
