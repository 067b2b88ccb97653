"""Looks at the machine: packages, accounts, ports, certificate, identity provider, shared sessions.

Enters: Settings. Leaves: a Refusal for everything that would make the gate weak, or stop it later.
"""

from __future__ import annotations

import grp
import json
import os
import pwd
import re
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from gate.redis import Redis, RedisError
from gate.refusal import Refusal
from gate.settings import Settings

HTTPD = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")
PACKAGES = {
    HTTPD: "apache2-bin",
    MODULES / "mod_auth_openidc.so": "libapache2-mod-auth-openidc",
    Path("/etc/mime.types"): "media-types",
    Path("/usr/bin/htpasswd"): "apache2-utils",
    Path("/usr/bin/openssl"): "openssl",
}
# Debian's fixes of CVE-2024-24814, CVE-2025-31492 and CVE-2025-3891 (the security tracker of the package)
SAFE_MODULE = "2.4.12.3-2+deb12u5"


def host_faults(settings: Settings, *, starting: bool) -> Iterator[Refusal]:
    """What is wrong on this machine; with `starting`, the ports must be free as well."""
    yield from package_faults()
    yield from _folder_faults(settings)
    yield from _account_faults(settings)
    if settings["GATE_TLS"] == "here":
        yield from _certificate_faults(settings)
    if settings["GATE_MODE"] == "oidc":
        yield from _provider_faults(settings)
        yield from _version_faults()
    else:
        yield from _local_faults(settings)
    if settings["GATE_SESSIONS"] == "redis":
        yield from _redis_faults(settings)
    if starting:
        yield from _port_faults(settings)


def package_faults() -> Iterator[Refusal]:
    """What apt has to install."""
    for path, package in PACKAGES.items():
        if not path.exists():
            line = f"apt-get install --no-install-recommends {package}"
            yield Refusal(str(path), f"is missing (Debian package {package}).", line)


def _version_faults() -> Iterator[Refusal]:
    package = PACKAGES[MODULES / "mod_auth_openidc.so"]
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        return  # not from Debian: the operator's own build, named in README.md as their own duty
    older = subprocess.run(["dpkg", "--compare-versions", asked.stdout, "lt", SAFE_MODULE], check=False)
    if older.returncode == 0:
        what = f"is version {asked.stdout}, older than the security fixes in {SAFE_MODULE}."
        yield Refusal(package, what, f"apt-get update && apt-get install --only-upgrade {package}")


def account(settings: Settings) -> pwd.struct_passwd | None:
    """The account that httpd drops to, or None where it simply runs as whoever starts it."""
    return pwd.getpwnam(settings["GATE_RUN_AS"]) if os.geteuid() == 0 else None


def _account_faults(settings: Settings) -> Iterator[Refusal]:
    if os.geteuid() != 0:
        return
    try:
        runner = pwd.getpwnam(settings["GATE_RUN_AS"])
    except KeyError:
        remedy = "Name an account without rights, for example www-data."
        yield Refusal("GATE_RUN_AS", "is no account of this machine, and httpd must not serve as root.", remedy)
        return
    if runner.pw_uid == 0:
        yield Refusal("GATE_RUN_AS", "is root.", "Name an account without rights, for example www-data.")
        return
    there = next(folder for folder in (settings.state, *settings.state.parents) if folder.is_dir())
    if not enterable(there, runner):
        remedy = f"Let {runner.pw_name} enter every folder on the way (chmod a+x): the sessions lie there."
        yield Refusal("GATE_STATE", f"{there} cannot be entered by {runner.pw_name}.", remedy)
    for path in (settings.build / "member" / "index.html", settings.build / "public" / "robots.txt"):
        if path.is_file() and not readable(path, runner):
            remedy = f"Let {runner.pw_name} enter every folder on the way (chmod a+x) and read the files (chmod a+r)."
            yield Refusal(str(path), f"cannot be read by {runner.pw_name}.", remedy)


def readable(path: Path, runner: pwd.struct_passwd) -> bool:
    """Whether `runner` may read `path` and enter every folder above it."""
    return _allowed(path.resolve(), runner, 4) and enterable(path.resolve().parent, runner)


def enterable(folder: Path, runner: pwd.struct_passwd) -> bool:
    """Whether `runner` may enter `folder` and every folder above it."""
    resolved = folder.resolve()
    return all(_allowed(place, runner, 1) for place in (resolved, *resolved.parents))


def _allowed(path: Path, runner: pwd.struct_passwd, bit: int) -> bool:
    found = path.stat()
    groups = {runner.pw_gid} | {group.gr_gid for group in grp.getgrall() if runner.pw_name in group.gr_mem}
    shift = 6 if found.st_uid == runner.pw_uid else 3 if found.st_gid in groups else 0
    return bool(found.st_mode >> shift & bit)


def _folder_faults(settings: Settings) -> Iterator[Refusal]:
    build, state = settings.build.resolve(), settings.state.resolve()
    if state == build or build in state.parents or state in build.parents:
        yield Refusal(
            "GATE_STATE", "and GATE_BUILD lie in one another.", "Keep secrets and logs away from what is served."
        )
    if (build / "member").resolve() == (build / "public").resolve():
        yield Refusal("GATE_BUILD", "has one folder for members and for everybody.", "Run `make site` again.")
    sessions = state / "sessions"
    if sessions.is_dir() and stat.S_IMODE(sessions.stat().st_mode) & 0o077:
        yield Refusal(str(sessions), "can be opened by others.", f"chmod 0700 {sessions}")


def _certificate_faults(settings: Settings) -> Iterator[Refusal]:
    certificate, key = Path(settings["GATE_CERTIFICATE"]), Path(settings["GATE_KEY"])
    missing = [
        (name, path) for name, path in (("GATE_CERTIFICATE", certificate), ("GATE_KEY", key)) if not path.is_file()
    ]
    for name, path in missing:
        yield Refusal(name, f"{path} is not there.", "OPERATIONS.md, section 2, shows how to get one.")
    if missing:
        return
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Refusal("GATE_KEY", "can be read by others.", f"chmod 0600 {key}")

    def openssl(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)

    if openssl("x509", "-in", str(certificate), "-noout", "-checkend", str(7 * 86400)).returncode:
        yield Refusal("GATE_CERTIFICATE", "has expired or expires within a week.", "Renew it: certbot renew")
    flag = "-checkip" if re.fullmatch(r"[\d.]+|\[.*\]", settings.host) else "-checkhost"
    answer = openssl("x509", "-in", str(certificate), "-noout", flag, settings.host.strip("[]"))
    if "does match" not in answer.stdout:
        yield Refusal("GATE_CERTIFICATE", f"is not for {settings.host}.", "Get one that names the host of GATE_ORIGIN.")
    pair = [openssl("x509", "-in", str(certificate), "-noout", "-pubkey"), openssl("pkey", "-in", str(key), "-pubout")]
    if pair[0].stdout != pair[1].stdout:
        yield Refusal("GATE_KEY", "does not belong to the certificate.", "Name the key that was made with it.")


def _provider_faults(settings: Settings) -> Iterator[Refusal]:
    address = f"{settings['GATE_ISSUER'].rstrip('/')}/.well-known/openid-configuration"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            metadata = json.load(answer)
    except (OSError, ValueError) as error:
        remedy = "Check the address and this machine's way out."
        yield Refusal("GATE_ISSUER", f"{address} does not answer ({error}).", remedy, passing=True)
        return
    if metadata.get("issuer") != settings["GATE_ISSUER"]:
        yield Refusal("GATE_ISSUER", f"the provider calls itself {metadata.get('issuer')!r}.", "Write exactly that.")
    if "S256" not in metadata.get("code_challenge_methods_supported", ["S256"]):
        yield Refusal("GATE_ISSUER", "does not support PKCE (S256).", "Switch it on for this client, or take another.")
    if "end_session_endpoint" not in metadata:
        remedy = "Signing out would leave the provider's session open; use GATE_ASK_AGAIN = on with such a provider."
        if settings["GATE_ASK_AGAIN"] != "on":
            yield Refusal("GATE_ISSUER", "has no sign-out address (end_session_endpoint).", remedy)


def _local_faults(settings: Settings) -> Iterator[Refusal]:
    for name in ("GATE_USERS", "GATE_GROUPS"):
        path = Path(settings[name])
        if not path.is_file():
            yield Refusal(name, f"{path} is not there.", "settings.example shows how to make it.")
        elif settings.build.resolve() in path.resolve().parents:
            yield Refusal(name, "lies in the folder that is served.", "Move it beside the settings file.")
    users, groups = Path(settings["GATE_USERS"]), Path(settings["GATE_GROUPS"])
    if users.is_file():
        for line in users.read_text().splitlines():
            if line.strip() and not re.fullmatch(r"[^:]+:\$2[aby]\$\d\d\$.{53}", line.strip()):
                name = line.split(":")[0]
                yield Refusal("GATE_USERS", f"the passphrase of {name!r} is not kept as bcrypt.", "htpasswd -B -C 8")
    if groups.is_file() and not re.search(r"^member:[ \t]*\S", groups.read_text(), re.MULTILINE):
        yield Refusal("GATE_GROUPS", "names nobody as a member.", "Write one line: member: NAME NAME")


def _redis_faults(settings: Settings) -> Iterator[Refusal]:
    try:
        with Redis(settings["GATE_REDIS"], settings["GATE_REDIS_PASSWORD"]) as redis:
            redis.ask("PING")
    except (OSError, RedisError) as error:
        remedy = "Start it, and check address and password."
        yield Refusal("GATE_REDIS", f"does not answer ({error}).", remedy, passing=isinstance(error, OSError))
        return
    try:
        with Redis(settings["GATE_REDIS"], "") as redis:
            redis.ask("PING")
    except (OSError, RedisError):
        return
    yield Refusal("GATE_REDIS", "answers without a password.", "Set requirepass; sessions are as good as passphrases.")


def _port_faults(settings: Settings) -> Iterator[Refusal]:
    for name in ("GATE_LISTEN", "GATE_PLAIN_LISTEN"):
        if not settings[name]:
            continue
        host, _, port = settings[name].rpartition(":")
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), int(port)))
            except OSError as error:
                yield Refusal(
                    name, f"{settings[name]} cannot be used ({error.strerror}).", "Stop what holds it: ss -ltnp"
                )
