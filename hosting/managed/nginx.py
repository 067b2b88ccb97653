"""Fills in nginx.conf and nginx-headers.conf for one host: python hosting/managed/nginx.py --help

Enters: a build, the host's name, its certificate and the provider's sign-out address. Leaves: nginx.conf and
headers.conf in one folder, the same text that try_nginx.py puts to the acceptance test.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from gate.build import build_faults, policies  # noqa: E402
from gate.refusal import Refusal, Refused  # noqa: E402

SIGNED_OUT = "/signin/signed-out.html"


def signed_out(origin: str, sign_out_at: str, client: str) -> str:
    """Where the proxy sends a reader after sign-out, as a value of `rd`: to the provider, which sends them back."""
    if not sign_out_at:
        return quote(SIGNED_OUT, safe="")
    back = quote(origin + SIGNED_OUT, safe="")
    return quote(f"{sign_out_at}?client_id={quote(client, safe='')}&post_logout_redirect_uri={back}", safe="")


def faults(build: Path, words: dict[str, str]) -> list[Refusal]:
    """What keeps the files from being written: a build that is not in order, a value that would bend the text."""
    found = list(build_faults(build))
    if not re.fullmatch(r"[a-z0-9.-]+", words["host"]):
        found.append(Refusal("--host", f"{words['host']!r} is no host name.", "Write it in lower case, without https."))
    for name, value in words.items():
        if re.search(r"[\s;{}$\"'\\]", value) and name not in ("user", "hsts"):
            found.append(
                Refusal(f"--{name}", f"{value!r} cannot stand in nginx.conf.", "Take a plain path or address.")
            )
    return found


def write(build: Path, out: Path, words: dict[str, str], templates: Path = HERE) -> Path:
    """Writes both files into `out` and returns the path of nginx.conf.

    `words` fills the places in double braces, all but the build's own. Raises Refused with every reason why not.
    """
    if found := faults(build, words):
        raise Refused(found)
    policy = policies(build)
    all_words = {**words, "build": str(build.resolve()), "headers": str((out / "headers.conf").resolve())}
    all_words |= {"policy_member": policy["member"], "policy_public": policy["public"]}
    out.mkdir(parents=True, exist_ok=True)
    for source, target in (("nginx.conf", "nginx.conf"), ("nginx-headers.conf", "headers.conf")):
        text = (templates / source).read_text()
        (out / target).write_text(re.sub(r"\{\{(\w+)\}\}", lambda place: all_words[place[1]], text))
    return out / "nginx.conf"


def main() -> int:
    """Writes the files; returns 0, or 1 with every reason why not."""
    parser = argparse.ArgumentParser(description="nginx.conf and headers.conf for one host.")
    parser.add_argument("--build", type=Path, default=Path("/srv/practice-guide/build"))
    parser.add_argument("--host", required=True, help="what members type, for example guide.example.org")
    parser.add_argument("--certificate", help="if not that of certbot for the host")
    parser.add_argument("--key", help="if not that of certbot for the host")
    parser.add_argument("--sign-out-at", default="", help="the provider's end_session_endpoint, as its metadata says")
    parser.add_argument("--client-id", default="practice-guide")
    parser.add_argument("--run", default="/var/lib/practice-guide-nginx", help="audit log, error log, temporary files")
    parser.add_argument("--hsts", default="max-age=63072000")
    parser.add_argument("--out", type=Path, default=Path("/etc/practice-guide/nginx"))
    given = parser.parse_args()
    certbot = f"/etc/letsencrypt/live/{given.host}"
    words = {
        "host": given.host,
        "origin": f"https://{given.host}",
        "listen": "443",
        "plain": "80",
        "certificate": given.certificate or f"{certbot}/fullchain.pem",
        "key": given.key or f"{certbot}/privkey.pem",
        "proxy": "127.0.0.1:4180",
        "run": given.run,
        "pid": "/run/nginx.pid",
        "user": "user www-data;",
        "hsts": given.hsts,
        "signed_out": signed_out(f"https://{given.host}", given.sign_out_at, given.client_id),
    }
    try:
        print(f"{write(given.build, given.out, words)} is written; hosting/managed/nginx-oauth2-proxy.md goes on.")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
