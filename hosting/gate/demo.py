"""`gate demo`: the real gate on loopback with a demo identity provider, for an operator who has never seen it.

Enters: a build and two ports. Leaves: two sign-ins on the screen, and nothing on the machine when it ends.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from gate import httpd
from gate.build import build_faults
from gate.host import PACKAGES, account, host_faults, readable
from gate.provider import FOLDER, Provider, prepare
from gate.refusal import Refusal, Refused
from gate.settings import EXAMPLE, LINE, Settings, read


def install() -> None:
    """Installs missing Debian packages, after saying which. Raises Refused where that needs the operator."""
    wanted = [package for path, package in PACKAGES.items() if not path.exists()]
    wanted += [
        program for program in ("nodejs", "npm") if shutil.which({"nodejs": "node"}.get(program, program)) is None
    ]
    if not wanted:
        return
    administrator = [] if os.geteuid() == 0 else ["sudo"]
    words = [*administrator, "apt-get", "install", "--yes", "--no-install-recommends", *wanted]
    print(f"Missing packages; running: {' '.join(words)}", flush=True)
    able = all(shutil.which(program) for program in (*administrator, "apt-get"))
    if able:
        subprocess.run([*administrator, "apt-get", "update", "-qq"], check=False)
    if not able or subprocess.run(words, check=False).returncode:
        line = f"As root: apt-get install --no-install-recommends {' '.join(wanted)}"
        raise Refused([Refusal("packages", f"are missing: {' '.join(wanted)}.", line)])


def write_settings(file: Path, chosen: dict[str, str]) -> Settings:
    """Writes settings.example with the values of `chosen` (every other name empty) to `file` and reads it back."""
    lines = []
    for line in EXAMPLE.read_text().splitlines():
        match = LINE.match(line)
        lines.append(f"{match[1]} = {chosen.get(match[1], '')}" if match else line)
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n")
    return read(file)


def loopback_settings(folder: Path, build: Path, port: int, issuer: str, secret: str) -> dict[str, str]:
    """Settings of a gate for one machine: plain HTTP on loopback, the demo provider, sessions in a file."""
    return {
        "GATE_ORIGIN": f"http://localhost:{port}",
        "GATE_BUILD": str(build),
        "GATE_STATE": str(folder / "state"),
        "GATE_RUN_AS": "www-data",
        "GATE_TLS": "none",
        "GATE_LISTEN": f"127.0.0.1:{port}",
        "GATE_HSTS": "max-age=300",
        "GATE_MODE": "oidc",
        "GATE_ISSUER": issuer,
        "GATE_CLIENT_ID": "gate",
        "GATE_CLIENT_SECRET": secret,
        "GATE_PASSPHRASE": secrets.token_hex(32),
        "GATE_SCOPE": "openid membership",
        "GATE_MEMBER_CLAIM": "groups:membership/member",
        "GATE_ASK_AGAIN": "off",
        "GATE_IDLE_SECONDS": "3600",
        "GATE_LONGEST_SECONDS": "28800",
        "GATE_SESSIONS": "file",
    }


def within_reach(build: Path, folder: Path) -> Path:
    """`build`, or a copy in `folder` where the account of the web server could not read it (root's own folders)."""
    if os.geteuid() != 0:
        return build
    runner = account(Settings(Path("/"), (("GATE_RUN_AS", "www-data"),)))
    if runner is None or readable(build / "member" / "index.html", runner):
        return build
    print(f"{runner.pw_name} may not enter {build}; serving a copy.", flush=True)
    copy = folder / "build"
    shutil.copytree(build, copy)
    for place in (copy, *copy.rglob("*")):
        place.chmod(0o755 if place.is_dir() else 0o644)
    return copy


def run(build: Path, port: int) -> str:
    """Runs gate and provider until Ctrl-C. Raises Refused if the build is not there or a port is taken."""
    faults = list(build_faults(build.resolve()))
    if faults:
        raise Refused(faults)
    install()
    prepare()
    for end in (signal.SIGTERM, signal.SIGINT):  # a shell's background job would ignore the second
        signal.signal(end, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="practice-guide-gate-"))
    folder.chmod(0o711)
    secret = secrets.token_hex(32)
    provider = Provider(port + 1, [f"http://localhost:{port}"], secret, folder / "provider.log")
    settings: Settings | None = None
    try:
        provider.start()
        served = within_reach(build.resolve(), folder)
        chosen = loopback_settings(folder, served, port, provider.issuer, secret)
        settings = write_settings(folder / "settings", chosen)
        faults = list(host_faults(settings, starting=True))
        if faults:
            raise Refused(faults)
        httpd.start(settings)
        httpd.probe(settings)
        _tell(settings)
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        if settings is not None:
            httpd.stop(settings)
        provider.stop()
        shutil.rmtree(folder)
    return "Gate and demo provider are closed; nothing is left on the machine."


def _tell(settings: Settings) -> None:
    users = json.loads((FOLDER / "users.json").read_text())
    print(f"\nThe guide stands behind its gate at {settings['GATE_ORIGIN']}/ (public preview: /preview/).")
    for name, meaning in (
        ("member", "a member: everything opens"),
        ("visitor", "not a member: told so, and nothing opens"),
    ):
        print(f"  account {name:8}  passphrase {users[name]['passphrase']:20}  {meaning}")
    print(f"Who read what: {settings.state}/logs/audit.log\nEnd with Ctrl-C.")
    sys.stdout.flush()
