"""Ends sessions: everybody's, or one person's.

Enters: Settings. Leaves: fewer sessions; the number ended.
"""

from __future__ import annotations

import re

from gate.httpd import barred, reload
from gate.redis import Redis
from gate.refusal import Refusal, Refused
from gate.settings import Settings


def sign_out_all(settings: Settings) -> int:
    """Ends every session on this node, or on every node when they share Redis; returns how many entries went."""
    if settings["GATE_MODE"] == "local":
        what = "has no sessions: the browser sends the passphrase every time."
        raise Refused([Refusal("GATE_MODE = local", what, "Change passphrases with htpasswd; that counts at once.")])
    if settings["GATE_SESSIONS"] == "redis":
        with Redis(settings["GATE_REDIS"], settings["GATE_REDIS_PASSWORD"]) as redis:
            # "s:" are sessions, "d:" ties the provider's session ids to them (mod_auth_openidc, src/cache/cache.h)
            keys = redis.keys("s:*") + redis.keys("d:*")
            for key in keys:
                redis.ask("DEL", key)
        return len(keys)
    found = list((settings.state / "sessions").glob("mod-auth-openidc-s-*"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def bar(settings: Settings, subject: str) -> bool:
    """Keeps `subject` (as the audit log writes it) out of this node from now on; False if the gate is not running."""
    if (
        not re.fullmatch(r"[!#$%&'()*+,./0-9:;=?@A-Z^_`a-z{|}~ -]{1,255}", subject)
        or "${" in subject
        or "%{" in subject
    ):
        raise Refused([Refusal(subject, "is not a subject of this provider.", "Copy it from the audit log.")])
    if settings["GATE_MODE"] == "local":
        raise Refused([Refusal(subject, "is an account of this machine.", "htpasswd -D FILE NAME ends it at once.")])
    return _keep(settings, sorted({*barred(settings), subject}))


def unbar(settings: Settings, subject: str) -> bool:
    """Takes `subject` off the list again; False if the gate is not running."""
    if subject not in barred(settings):
        raise Refused([Refusal(subject, "is not barred.", f"Barred are: {', '.join(barred(settings)) or 'nobody'}.")])
    return _keep(settings, [name for name in barred(settings) if name != subject])


def _keep(settings: Settings, subjects: list[str]) -> bool:
    path = settings.state / "barred"
    path.write_text("".join(f"{name}\n" for name in subjects))
    path.chmod(0o600)
    return reload(settings)
