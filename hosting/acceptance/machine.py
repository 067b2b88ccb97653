"""A gate of the suite's own on loopback, with its demo provider: what only the operator of a machine can do to it.

Enters: a build, and a copy of the configuration if it is not hosting/apache itself. Leaves: a running gate to start,
stop, starve and read the log of.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from gate import httpd
from gate.demo import loopback_settings, within_reach, write_settings
from gate.provider import FOLDER, Provider, prepare
from gate.settings import Settings

AUDIT = re.compile(r'(\S+) subject="(.*)" method=(\S+) path="(.*)" status=(\d+) id=\S+')


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(place.getsockname()[1]) for place in sockets]
    for place in sockets:
        place.close()
    return ports


class Machine:
    """One gate, its provider and its folder; `settings` and `provider` may be used by tests."""

    def __init__(
        self, build: Path, conf: Path = httpd.CONF, *, tls: bool = False, changes: dict[str, str] | None = None
    ):
        """`tls` gives it a certificate of its own and a plain port; `changes` overrides settings by name."""
        prepare()
        self.folder = Path(tempfile.mkdtemp(prefix="practice-guide-acceptance-"))
        self.folder.chmod(0o711)
        self.users = self.folder / "users.json"
        shutil.copyfile(FOLDER / "users.json", self.users)
        gate, plain, idp = free_ports(3)
        secret = secrets.token_hex(32)
        origin = f"{'https' if tls else 'http'}://localhost:{gate}"
        # the provider lives at 127.0.0.1, the gate at localhost: two sites, as in real life
        self.provider = Provider(idp, [origin], secret, self.folder / "provider.log", self.users)
        chosen = loopback_settings(self.folder, within_reach(build, self.folder), gate, self.provider.issuer, secret)
        if tls:
            chosen |= {"GATE_ORIGIN": origin, "GATE_TLS": "here", "GATE_HSTS": "max-age=63072000"}
            chosen |= {"GATE_PLAIN_LISTEN": f"127.0.0.1:{plain}", **certificate(self.folder)}
        self.settings: Settings = write_settings(self.folder / "settings", chosen | (changes or {}))
        self.conf = self.folder / "conf"
        shutil.copytree(conf, self.conf)
        for path in (self.conf, *self.conf.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)

    @property
    def origin(self) -> str:
        """What a browser calls this gate."""
        return self.settings["GATE_ORIGIN"]

    def start(self) -> Machine:
        """Starts provider and gate. Raises Refused if the gate does not start."""
        self.provider.start()
        httpd.start(self.settings, self.conf)
        return self

    def restart(self) -> None:
        """Stops httpd for good and starts it again; the session folder stays."""
        httpd.stop(self.settings)
        httpd.start(self.settings, self.conf)

    def reload(self) -> None:
        """What log rotation and certificate renewal do."""
        httpd.reload(self.settings, self.conf)

    def end(self) -> None:
        """Stops both and removes the folder."""
        try:
            httpd.stop(self.settings)
            self.provider.stop()
        finally:
            shutil.rmtree(self.folder)

    def accounts(self) -> dict[str, dict[str, object]]:
        """The provider's accounts, by name."""
        found: dict[str, dict[str, object]] = json.loads(self.users.read_text())
        return found

    def log(self, name: str) -> str:
        """A log file as text; escapes stay as httpd wrote them."""
        return (self.settings.state / "logs" / name).read_text(errors="backslashreplace")

    def audit(self) -> list[tuple[str, str, str, str]]:
        """The audit log: subject, method, path, status. Raises ValueError at a line of any other form."""
        found = []
        for line in self.log("audit.log").splitlines():
            match = AUDIT.fullmatch(line)
            if match is None:
                raise ValueError(f"not a line of the audit log: {line}")
            found.append((match[2], match[3], match[4], match[5]))
        return found


def certificate(folder: Path) -> dict[str, str]:
    """A certificate for localhost, signed by itself, as two settings."""
    words = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=localhost",
    ]
    words += [
        "-addext",
        "subjectAltName=DNS:localhost",
        "-out",
        str(folder / "cert.pem"),
        "-keyout",
        str(folder / "key.pem"),
    ]
    subprocess.run(["openssl", *words], check=True, capture_output=True)
    (folder / "key.pem").chmod(0o600)
    return {"GATE_CERTIFICATE": str(folder / "cert.pem"), "GATE_KEY": str(folder / "key.pem")}
