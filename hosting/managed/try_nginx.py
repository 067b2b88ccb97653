"""Runs the acceptance test against nginx.conf with a stand-in for oauth2-proxy: python hosting/managed/try_nginx.py

Enters: --build. Leaves: the suite's verdict on the part that nginx plays; the real proxy is tested at your own address.
"""

from __future__ import annotations

import argparse
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "acceptance")]

from gate.build import policies  # noqa: E402
from gate.httpd import listening  # noqa: E402
from machine import free_ports  # noqa: E402

DECISIONS = {"session=a-members-session": 202, "session=a-visitors-session": 403}


class StandIn(http.server.BaseHTTPRequestHandler):
    """Answers /oauth2/auth as oauth2-proxy would: 202 for a member, 403 for somebody else, 401 without a session."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Decides by the cookie alone."""
        status = DECISIONS.get(self.headers.get("Cookie", ""), 401) if self.path == "/oauth2/auth" else 404
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 202:
            self.send_header("X-Auth-Request-User", "member")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Thousands of lines help nobody."""


def configure(build: Path, run: Path, port: int, proxy: int) -> Path:
    """Writes nginx.conf with everything filled in; returns its path."""
    policy = policies(build)
    words = {
        "build": str(build.resolve()),
        "run": str(run),
        "host": "localhost",
        "listen": f"127.0.0.1:{port}",
        "proxy": f"127.0.0.1:{proxy}",
        "policy_member": policy["member"],
        "policy_public": policy["public"],
        "hsts": "",
    }
    for source, target in (("nginx.conf", "nginx.conf"), ("nginx-headers.conf", "headers.conf")):
        text = (HERE / source).read_text()
        for name, value in words.items():
            text = text.replace("{{" + name + "}}", value)
        (run / target).write_text(text)
    return run / "nginx.conf"


def main() -> int:
    """Runs the suite; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--build", type=Path, required=True)
    build = parser.parse_args().build.resolve()
    port, proxy = free_ports(2)
    stand_in = http.server.ThreadingHTTPServer(("127.0.0.1", proxy), StandIn)
    threading.Thread(target=stand_in.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="gate-nginx-") as name:
        run = Path(name)
        run.chmod(0o711)
        conf = configure(build, run, port, proxy)
        user = "user www-data;" if os.geteuid() == 0 else ""
        server = subprocess.Popen(["nginx", "-c", str(conf), "-g", f"daemon off; {user}"])
        try:
            end = time.monotonic() + 10
            while not listening(f"127.0.0.1:{port}") and time.monotonic() < end:
                time.sleep(0.05)
            words = [sys.executable, "-m", "pytest", str(HERE.parent / "acceptance"), "-p", "no:cacheprovider", "-rf"]
            words += ["--base-url", f"http://localhost:{port}", "--tree", str(build / "member"), "--only-secrecy"]
            words += ["--requests", "4000"]
            member, visitor = DECISIONS
            people = {"GATE_MEMBER_COOKIE": member, "GATE_OUTSIDER_COOKIE": visitor}
            return subprocess.run(words, env={**os.environ, **people}, check=False).returncode
        finally:
            server.terminate()
            server.wait()
            stand_in.shutdown()


if __name__ == "__main__":
    sys.exit(main())
