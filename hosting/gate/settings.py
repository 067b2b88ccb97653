"""The operator's settings file: read whole, checked name by name, frozen.

Enters: a file of `NAME = value` lines. Leaves: Settings, or every Refusal at once.
"""

from __future__ import annotations

import ipaddress
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gate.refusal import Refusal, Refused

EXAMPLE = Path(__file__).resolve().parent.parent / "apache" / "settings.example"
WORDS = {
    "GATE_MODE": ("oidc", "local"),
    "GATE_TLS": ("here", "ahead", "none"),
    "GATE_SESSIONS": ("file", "redis"),
    "GATE_ASK_AGAIN": ("on", "off"),
}
ALWAYS = ("GATE_ORIGIN", "GATE_BUILD", "GATE_STATE", "GATE_TLS", "GATE_LISTEN", "GATE_MODE")
OIDC = ("GATE_ISSUER", "GATE_CLIENT_ID", "GATE_CLIENT_SECRET", "GATE_PASSPHRASE", "GATE_SCOPE", "GATE_MEMBER_CLAIM")
OIDC_CHOICES = ("GATE_ASK_AGAIN", "GATE_IDLE_SECONDS", "GATE_LONGEST_SECONDS", "GATE_SESSIONS")
LINE = re.compile(r"\s*([A-Z][A-Z_]*)\s*=\s*(.*?)\s*$")
ORIGIN = re.compile(r"(https?)://([a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\])(?::(\d{1,5}))?")
ADDRESS = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):(\d{1,5})")


@dataclass(frozen=True)
class Settings:
    """The operator's choices; `values` holds every name of settings.example, `file` is where they came from."""

    file: Path
    values: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return dict(self.values)[name]

    @property
    def build(self) -> Path:
        """The folder that holds member/, public/ and csp.json."""
        return Path(self["GATE_BUILD"])

    @property
    def state(self) -> Path:
        """The folder for sessions, logs and the running configuration."""
        return Path(self["GATE_STATE"])

    @property
    def secure(self) -> bool:
        """Whether members reach the site by https, wherever TLS ends."""
        return self["GATE_ORIGIN"].startswith("https://")

    @property
    def host(self) -> str:
        """The host name of the origin, without scheme and port."""
        match = ORIGIN.fullmatch(self["GATE_ORIGIN"])
        return match[2] if match else ""


def names() -> tuple[str, ...]:
    """Every setting there is, in the order of settings.example."""
    return tuple(match[1] for line in EXAMPLE.read_text().splitlines() if (match := LINE.match(line)))


def read(file: Path) -> Settings:
    """The settings in `file`. Raises Refused with every fault: unknown, missing, doubled or senseless."""
    if not file.is_file():
        remedy = f"Copy {EXAMPLE} there, fill it in and make it readable by the operator only."
        raise Refused([Refusal(str(file), "there is no settings file.", remedy)])
    values, refusals = _lines(file)
    for name in names():
        if name not in values:
            refusals.append(
                Refusal(name, "is missing.", f"Add the line `{name} =`; settings.example says what it means.")
            )
    if not refusals:
        settings = Settings(file.resolve(), tuple(values.items()))
        refusals = list(_faults(settings))
        if not refusals:
            return settings
    raise Refused(refusals)


def _lines(file: Path) -> tuple[dict[str, str], list[Refusal]]:
    known = names()
    values: dict[str, str] = {}
    refusals = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.match(line)
        if match is None:
            refusals.append(
                Refusal(f"{file}:{number}", "is not a setting.", "Write NAME = value, or # before a remark.")
            )
        elif match[1] not in known:
            refusals.append(Refusal(match[1], "is not a setting of the gate.", "See settings.example for the names."))
        elif match[1] in values:
            refusals.append(Refusal(match[1], "is set twice.", "Keep one of the two lines."))
        else:
            values[match[1]] = match[2]
    return values, refusals


def _faults(settings: Settings) -> Iterator[Refusal]:
    """What is wrong with the values alone, before the machine is looked at."""
    required = ALWAYS + (OIDC + OIDC_CHOICES if settings["GATE_MODE"] == "oidc" else ("GATE_USERS", "GATE_GROUPS"))
    if settings["GATE_TLS"] == "here":
        required += ("GATE_CERTIFICATE", "GATE_KEY")
    if settings["GATE_SESSIONS"] == "redis":
        required += ("GATE_REDIS", "GATE_REDIS_PASSWORD")
    for name in required:
        if not settings[name]:
            yield Refusal(name, "is empty.", "settings.example says what it means.")
    for name, words in WORDS.items():
        if settings[name] and settings[name] not in words:
            yield Refusal(name, f"is {settings[name]!r}.", f"Write {' or '.join(words)}.")
    for name, value in settings.values:
        # what is written into the web server's configuration must not be able to end a line or a quotation there
        if re.search(r'["\\\x00-\x1f\x7f$]', value) or "%{" in value:
            yield Refusal(
                name, "holds a quotation mark, backslash, dollar sign or control character.", "Choose another."
            )
    mode = stat.S_IMODE(os.stat(settings.file).st_mode)
    if mode & 0o077:
        yield Refusal(str(settings.file), f"others can read it (mode {mode:04o}).", f"chmod 0600 {settings.file}")
    yield from _address_faults(settings)
    if settings["GATE_MODE"] == "oidc":
        yield from _oidc_faults(settings)


def _loopback(address: str) -> bool:
    bare = address.strip("[]")
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def _address_faults(settings: Settings) -> Iterator[Refusal]:
    origin = ORIGIN.fullmatch(settings["GATE_ORIGIN"])
    listen = ADDRESS.fullmatch(settings["GATE_LISTEN"])
    if origin is None:
        yield Refusal(
            "GATE_ORIGIN", "is not scheme://host in lower case.", "Write for example https://guide.example.org"
        )
    elif (origin[1], origin[3]) in (("https", "443"), ("http", "80")):
        yield Refusal(
            "GATE_ORIGIN", "names the usual port.", f"Write {origin[1]}://{origin[2]}; browsers leave it out."
        )
    if listen is None:
        yield Refusal("GATE_LISTEN", "is not address:port.", "Write for example 0.0.0.0:443 or [::]:443")
    if settings["GATE_PLAIN_LISTEN"] and not ADDRESS.fullmatch(settings["GATE_PLAIN_LISTEN"]):
        yield Refusal("GATE_PLAIN_LISTEN", "is not address:port.", "Write for example 0.0.0.0:80, or leave it empty.")
    for name in ("GATE_BUILD", "GATE_STATE"):
        if settings[name] and not Path(settings[name]).is_absolute():
            yield Refusal(name, "is a relative path.", "Write it from the root; the server starts in another folder.")
    if origin is None or listen is None:
        return
    if origin[1] == "http" and not (_loopback(origin[2]) and _loopback(listen[1]) and settings["GATE_TLS"] == "none"):
        remedy = "Use https with GATE_TLS = here or ahead; http is for a look on this machine (localhost, 127.0.0.1)."
        yield Refusal("GATE_ORIGIN", "sends passphrases and sessions over the network in the open.", remedy)
    if origin[1] == "https" and settings["GATE_TLS"] == "none":
        yield Refusal(
            "GATE_TLS", "is none, but GATE_ORIGIN is https.", "Write here, or ahead if TLS ends before this server."
        )
    if settings.secure and not re.fullmatch(r"max-age=\d+(; includeSubDomains)?(; preload)?", settings["GATE_HSTS"]):
        yield Refusal("GATE_HSTS", "is not a lifetime.", "Write max-age=300 to begin with, max-age=63072000 later.")


def _weak(secret: str) -> bool:
    return len(secret) < 32 or len(set(secret)) < 10


def _oidc_faults(settings: Settings) -> Iterator[Refusal]:
    for name in ("GATE_CLIENT_SECRET", "GATE_PASSPHRASE"):
        if settings[name] and _weak(settings[name]):
            remedy = "openssl rand -hex 32" if name == "GATE_PASSPHRASE" else "Have the provider generate one."
            yield Refusal(name, "is shorter than 32 characters or made of too few different ones.", remedy)
    if settings["GATE_PASSPHRASE"] and settings["GATE_PASSPHRASE"] == settings["GATE_CLIENT_SECRET"]:
        yield Refusal("GATE_PASSPHRASE", "is the client secret.", "The provider knows that one: openssl rand -hex 32")
    issuer = re.fullmatch(r"(https?)://([^/:?#]+)(:\d+)?(/[^?#]*)?", settings["GATE_ISSUER"])
    if settings["GATE_ISSUER"] and (issuer is None or (issuer[1] == "http" and not _loopback(issuer[2]))):
        yield Refusal(
            "GATE_ISSUER", "is not an https address.", "Write the `issuer` of the provider's metadata, unchanged."
        )
    if settings["GATE_MEMBER_CLAIM"] and not re.fullmatch(
        r"[A-Za-z0-9_./-]+:[\w.+/@:,=-]+(?: [\w.+/@:,=-]+)*", settings["GATE_MEMBER_CLAIM"]
    ):
        remedy = (
            "Write claim:value, for example groups:membership/member. Patterns are refused: they let near misses in."
        )
        yield Refusal("GATE_MEMBER_CLAIM", "is not one claim with one whole value.", remedy)
    if settings["GATE_SCOPE"] and "openid" not in settings["GATE_SCOPE"].split():
        yield Refusal("GATE_SCOPE", "does not ask for openid.", "Write openid and the scope that carries the claim.")
    limits = {"GATE_IDLE_SECONDS": (10, 14400), "GATE_LONGEST_SECONDS": (15, 86400)}
    for name, (least, most) in limits.items():
        if settings[name] and not (settings[name].isdigit() and least <= int(settings[name]) <= most):
            yield Refusal(name, f"is not a number of seconds from {least} to {most}.", "3600 and 28800 suit readers.")
