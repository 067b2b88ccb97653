"""Makes a folder for Cloudflare Workers from a build: the files, _headers, _redirects and wrangler.json.

Enters: build/ and the host's name. Leaves: a folder to deploy, closed to everybody by no rule of its own: who may read
is decided by Cloudflare Access in front of it. `python hosting/managed/cloudflare.py --help`.
Source: developers.cloudflare.com, "Static Assets", "Headers", "Redirects", "HTML handling" (Workers).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import upload  # noqa: E402
from azure import headers  # noqa: E402
from gate.build import policies  # noqa: E402
from gate.refusal import Refusal, Refused  # noqa: E402

LARGEST = 25 * 1024 * 1024  # bytes of one file, by Cloudflare's limits
LONGEST = 2000  # characters of one line of _headers
LOGOUT = "/cdn-cgi/access/logout"
#: public folder -> the language in which it says that something is missing
ERRORS = {"preview": "en", "preview/es": "es", "signin": "en", "signin/es": "es", "errors": "en"}

Rules = list[tuple[str, dict[str, str | None]]]


def rules(build: Path) -> Rules:
    """What each address carries, the wide rule first; None takes away what an earlier rule, or Cloudflare, gives."""
    policy = policies(build)
    public = {"Content-Security-Policy": policy["public"]}
    # the address that signs out is a page and not a redirect: only a page can carry the two headers
    leave = {"Clear-Site-Data": '"cache"', "Refresh": f"0; url={LOGOUT}"}
    found: Rules = [
        # Cloudflare would add "*": any site could read the preview with a script, and a mistake would open all
        ("/*", {"Access-Control-Allow-Origin": None, **headers(policy["member"])}),
        ("/preview/*", {**public, "Cache-Control": "public, max-age=300", "X-Robots-Tag": None}),
        ("/robots.txt", {**public, "Cache-Control": "public, max-age=300", "X-Robots-Tag": None}),
        ("/signin/*", {**public, "Cache-Control": "no-store"}),
        ("/errors/*", {**public, "Cache-Control": "no-store"}),
        ("/signin/out", leave),
        ("/signin/signed-out", {"Clear-Site-Data": '"cache"'}),
        ("/signin/es/signed-out", {"Clear-Site-Data": '"cache"'}),
    ]
    return found


def lines(found: Rules) -> Iterator[str]:
    """The rules as _headers wants them; a header given twice would be joined, so each is taken away first."""
    for number, (address, given) in enumerate(found):
        yield address
        yield from (f"  ! {name}" for name, value in given.items() if number or value is None)
        yield from (f"  {name}: {value}" for name, value in given.items() if value is not None)


def worker(host: str, name: str) -> dict[str, object]:
    """The content of wrangler.json: files only, no script, and one name instead of three."""
    return {
        "name": name,
        "compatibility_date": "2026-04-01",
        # every other name would need an Access application of its own; these two are on unless they are switched off
        "workers_dev": False,
        "preview_urls": False,
        "routes": [{"pattern": host, "custom_domain": True}],
        "assets": {"directory": "files", "not_found_handling": "404-page", "html_handling": "auto-trailing-slash"},
    }


def too_much(build: Path, text: list[str]) -> Iterator[Refusal]:
    """Files and lines over Cloudflare's limits."""
    for tree in ("member", "public"):
        for path in sorted((build / tree).rglob("*")):
            if path.is_file() and path.stat().st_size > LARGEST:
                where = path.relative_to(build).as_posix()
                yield Refusal(where, "is over 25 MiB.", "Cloudflare takes no larger file: hand it out by another way.")
    for line in text:
        if len(line) > LONGEST:
            what = f"has a line of {len(line)} characters ({line.strip()[:30]}…)."
            yield Refusal("_headers", what, "Have fewer inline scripts: each adds a hash to the policy.")


def assemble(build: Path, host: str, target: Path, *, name: str = "practice-guide") -> Path:
    """Writes files/ and wrangler.json into `target`. Raises Refused with every reason why not."""
    text = list(lines(rules(build)))
    files = target / "files"
    upload.assemble(build, files, too_much(build, text))
    (files / "_headers").write_text("\n".join(text) + "\n")
    # what is missing is answered with the nearest 404.html above it: without these, a stranger gets the members' page
    for place, language in ERRORS.items():
        if not (files / place / "404.html").exists():
            shutil.copyfile(build / "public" / "errors" / f"404.{language}.html", files / place / "404.html")
    shutil.copyfile(build / "public" / "signin" / "signed-out.html", files / "signin" / "out.html")
    (target / "wrangler.json").write_text(json.dumps(worker(host, name), indent=1))
    return target


def main() -> int:
    """Writes the folder; returns 0, or 1 with every reason why not."""
    parser = argparse.ArgumentParser(description="A folder for Cloudflare Workers, behind Cloudflare Access.")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--host", required=True, help="what members type, for example guide.example.org")
    parser.add_argument("--name", default="practice-guide", help="of the Worker")
    parser.add_argument("--out", type=Path, default=Path("build/cloudflare"))
    words = parser.parse_args()
    try:
        made = assemble(words.build, words.host, words.out, name=words.name)
        print(f"{made} is ready; hosting/managed/cloudflare-access.md says how to go on.")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
