"""Writes the running configuration and starts, probes, reloads and stops httpd.

Enters: Settings that passed the checks. Leaves: one httpd whose pid stands in GATE_STATE/run/httpd.pid.
"""

from __future__ import annotations

import grp
import os
import re
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

from gate.build import policies
from gate.host import HTTPD, account
from gate.refusal import Refusal, Refused
from gate.settings import Settings

CONF = Path(__file__).resolve().parent.parent / "apache"


def run_folder(settings: Settings) -> Path:
    """Where this node keeps its generated configuration and pid."""
    return settings.state / "run"


def defines(settings: Settings, conf: Path) -> dict[str, str]:
    """The names that the configuration files use, with their values; a name with the value "" is a plain switch."""
    runner = account(settings)
    policy = policies(settings.build)
    secure = settings.secure
    named = {
        "GATE_ORIGIN": settings["GATE_ORIGIN"],
        "GATE_ORIGIN_PATTERN": settings["GATE_ORIGIN"].replace(".", "[.]").replace("[:", r"\[:"),
        "GATE_MODE": settings["GATE_MODE"],
        "GATE_LISTEN": settings["GATE_LISTEN"],
        "GATE_PORT": settings["GATE_LISTEN"].rpartition(":")[2],
        "GATE_MEMBER_ROOT": str(settings.build / "member"),
        "GATE_PUBLIC_ROOT": str(settings.build / "public"),
        "GATE_CONF": str(conf),
        "GATE_LOGS": str(settings.state / "logs"),
        "GATE_CSP_MEMBER": policy["member"],
        "GATE_CSP_PUBLIC": policy["public"],
    }
    if runner is not None:
        named |= {"GATE_USER": runner.pw_name, "GATE_GROUP": grp.getgrgid(runner.pw_gid).gr_name}
    if secure:
        named |= {"GATE_HTTPS": "", "GATE_HSTS": settings["GATE_HSTS"]}
    if settings["GATE_TLS"] == "here":
        named |= {"GATE_TLS": "", "GATE_CERTIFICATE": settings["GATE_CERTIFICATE"], "GATE_KEY": settings["GATE_KEY"]}
    if settings["GATE_PLAIN_LISTEN"]:
        named |= {"GATE_PLAIN_LISTEN": settings["GATE_PLAIN_LISTEN"], "GATE_ACME": str(settings.state / "acme")}
        named["GATE_PLAIN_PORT"] = settings["GATE_PLAIN_LISTEN"].rpartition(":")[2]
    if settings["GATE_MODE"] == "local":
        return named | {"GATE_USERS": settings["GATE_USERS"], "GATE_GROUPS": settings["GATE_GROUPS"]}
    for name in ("GATE_ISSUER", "GATE_CLIENT_ID", "GATE_CLIENT_SECRET", "GATE_PASSPHRASE", "GATE_SCOPE"):
        named[name] = settings[name]
    for name in ("GATE_IDLE_SECONDS", "GATE_LONGEST_SECONDS", "GATE_SESSIONS"):
        named[name] = settings[name]
    named["GATE_MEMBER_CLAIM_NAME"] = settings["GATE_MEMBER_CLAIM"].partition(":")[0]
    named["GATE_MEMBER_PATTERN"] = pattern(settings["GATE_MEMBER_CLAIM"])
    named["GATE_ISSUER_METADATA"] = f"{settings['GATE_ISSUER'].rstrip('/')}/.well-known/openid-configuration"
    # __Host-: the browser itself refuses this cookie without Secure, with a Domain, or from a neighbouring host
    named["GATE_COOKIE"] = "__Host-gate" if secure else "gate"
    if settings["GATE_ASK_AGAIN"] == "on":
        named["GATE_ASK_AGAIN"] = ""
    if settings["GATE_SESSIONS"] == "redis":
        named |= {"GATE_SESSIONS_REDIS": "", "GATE_REDIS": settings["GATE_REDIS"]}
        return named | {"GATE_REDIS_PASSWORD": settings["GATE_REDIS_PASSWORD"]}
    return named | {"GATE_SESSIONS_FILE": "", "GATE_SESSION_FOLDER": str(settings.state / "sessions")}


def pattern(claim: str) -> str:
    """`claim:value` as the pattern that fits this value and no other; settings.py lets no other sign through."""
    name, _, value = claim.partition(":")
    exact = re.sub(r"([.+])", r"[\1]", value)
    # the end of the value, written without "$" (which forgives a line end) and without a backslash (httpd eats those)
    return f"{name}~^{exact}(?!(?s:.))"


def write(settings: Settings, conf: Path = CONF) -> None:
    """Writes settings.conf and barred.conf under GATE_STATE/run, readable by nobody else."""
    runner = account(settings)
    state = settings.state
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    for name in ("run", "sessions", "logs"):
        (state / name).mkdir(mode=0o700, exist_ok=True)
    (state / "acme" / ".well-known" / "acme-challenge").mkdir(mode=0o755, parents=True, exist_ok=True)
    if runner is not None:
        os.chown(state / "sessions", runner.pw_uid, runner.pw_gid)
        # lock files are opened by the workers too; what else lies here stays unreadable for them
        (state / "run").chmod(0o711)
    lines = [
        f'Define {name} "{value}"' if value else f"Define {name}" for name, value in defines(settings, conf).items()
    ]
    _private(run_folder(settings) / "settings.conf", lines)
    _private(run_folder(settings) / "barred.conf", [f'Require not user "{subject}"' for subject in barred(settings)])


def _private(path: Path, lines: list[str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    fresh.replace(path)


def barred(settings: Settings) -> list[str]:
    """The subjects that `gate bar` keeps out on this node."""
    path = settings.state / "barred"
    return [line for line in path.read_text().splitlines() if line] if path.is_file() else []


def httpd(settings: Settings, conf: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs httpd once with the running configuration: `-t` to test it, `-k start` to start it."""
    return subprocess.run(
        [str(HTTPD), "-f", str(conf / "httpd.conf"), *words],
        env={"GATE_RUN": str(run_folder(settings)), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        umask=0o077,
        check=False,
    )


def syntax(settings: Settings, conf: Path = CONF) -> None:
    """Has httpd read its configuration. Raises Refused with httpd's own words."""
    answer = httpd(settings, conf, "-t")
    if answer.returncode:
        words = " ".join(line for line in answer.stderr.splitlines() if line and "Syntax OK" not in line)
        raise Refused([Refusal(str(conf), f"httpd refuses the configuration: {words}", "Undo the last change there.")])


def running(settings: Settings) -> int | None:
    """The pid of this gate's httpd, or None. A left-over pid file of another process does not count."""
    try:
        pid = int((run_folder(settings) / "httpd.pid").read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        surroundings = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    ours = f"GATE_RUN={run_folder(settings)}".encode()
    return pid if words[0].endswith(b"apache2") and ours in surroundings else None


def listening(address: str) -> bool:
    """Whether somebody answers at `address` (host:port; 0.0.0.0 and [::] mean this machine)."""
    host, _, port = address.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _await(condition: bool, settings: Settings, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if listening(settings["GATE_LISTEN"]) is condition and (running(settings) is not None) is condition:
            return True
        time.sleep(0.05)
    return False


def start(settings: Settings, conf: Path = CONF) -> int:
    """Starts httpd and returns its pid once the port answers. Raises Refused with the end of the error log."""
    write(settings, conf)
    syntax(settings, conf)
    answer = httpd(settings, conf, "-k", "start")
    if answer.returncode == 0 and _await(True, settings, 10):
        pid = running(settings)
        if pid is not None:
            return pid
    log = settings.state / "logs" / "error.log"
    tail = " ".join(log.read_text().splitlines()[-3:]) if log.is_file() else ""
    raise Refused([Refusal("httpd", f"did not start: {answer.stderr.strip()} {tail}", "The error log has the rest.")])


def stop(settings: Settings) -> bool:
    """Stops httpd and waits until the port is closed; False if it was not running."""
    pid = running(settings)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    if not _await(False, settings, 15):
        raise Refused([Refusal(str(pid), "does not stop.", f"Look at it with: ps -fp {pid}")])
    return True


def reload(settings: Settings, conf: Path = CONF) -> bool:
    """Has a running httpd read configuration, certificate and barred subjects again; sessions and readers stay."""
    pid = running(settings)
    if pid is None:
        return False
    write(settings, conf)
    syntax(settings, conf)
    os.kill(pid, signal.SIGUSR1)
    return True


def ask(settings: Settings, path: str) -> int:
    """The status that a stranger gets for `path` at this node, whatever its certificate."""
    host, _, port = settings["GATE_LISTEN"].rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))
    named = settings["GATE_ORIGIN"].partition("://")[2]
    request = f"GET {path} HTTP/1.1\r\nHost: {named}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=15) as plain:
        connection: socket.socket = plain
        if settings["GATE_TLS"] == "here":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(plain, server_hostname=settings.host)
        connection.sendall(request.encode())
        line = connection.makefile("rb").readline().split()
    return int(line[1]) if len(line) > 1 else 0


def probe(settings: Settings) -> None:
    """Asks the running server as a stranger. Raises Refused if a member page is given away or the preview is not."""
    refusals = []
    for path in ("/", "/es/", "/data/catalogue.json"):
        status = ask(settings, path)
        # 502 is the module's answer while the provider is out of reach: closed as well
        if status not in (301, 302, 303, 401, 403, 404, 500, 502):
            refusals.append(Refusal(path, f"is answered with {status} to a stranger.", "The gate was stopped again."))
    status = ask(settings, "/preview/")
    if status != 200:
        refusals.append(Refusal("/preview/", f"is answered with {status}.", "The error log says why."))
    if refusals:
        raise Refused(refusals)
