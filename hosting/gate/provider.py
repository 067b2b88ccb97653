"""The demo identity provider as a process: started, stopped, and proved stopped.

Enters: a port, the gate's origins, a client secret. Leaves: an OpenID provider on loopback.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from pathlib import Path

from gate.httpd import listening
from gate.refusal import Refusal, Refused

FOLDER = Path(__file__).resolve().parent.parent / "demo-idp"


def prepare() -> None:
    """Installs the provider's packages once, exactly as package-lock.json says. Raises Refused if npm cannot."""
    if (FOLDER / "node_modules" / ".package-lock.json").is_file():
        return
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            line = "apt-get install --no-install-recommends nodejs npm"
            raise Refused([Refusal(program, "is missing; the demo identity provider needs it.", line)])
    with (FOLDER / "package-lock.json").open() as lock:
        # two test runs may come here at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "node_modules" / ".package-lock.json").is_file():
            _install()


def _install() -> None:
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    answer = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Refused([Refusal("npm ci", answer.stderr.strip(), f"Run it by hand in {FOLDER}.")])


class Provider:
    """The demo identity provider for one or more gates; `issuer` is its address."""

    def __init__(
        self, port: int, origins: list[str], secret: str, log: Path, users: Path = FOLDER / "users.json"
    ) -> None:
        self.port, self.log = port, log
        self.issuer = f"http://127.0.0.1:{port}"
        self._surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "DEMO_PORT": str(port),
            "DEMO_ORIGINS": ",".join(origins),
            "DEMO_CLIENT_SECRET": secret,
            "DEMO_USERS": str(users),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers. Raises Refused with the end of its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["node", "idp.js"], cwd=FOLDER, env=self._surroundings, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + 20
        while time.monotonic() < end and self._process.poll() is None:
            if listening(f"127.0.0.1:{self.port}"):
                return
            time.sleep(0.05)
        self.stop()
        words = " ".join(self.log.read_text().splitlines()[-3:])
        raise Refused([Refusal("demo identity provider", f"did not start: {words}", f"Run node idp.js in {FOLDER}.")])

    def stop(self) -> None:
        """Stops it; the port is closed when this returns."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if listening(f"127.0.0.1:{self.port}"):
            raise Refused([Refusal(f"127.0.0.1:{self.port}", "is still open.", "Another program holds that port.")])
