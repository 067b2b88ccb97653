"""Looks at the folder that is going to be served before anybody else does.

Enters: the build folder. Leaves: a Refusal for everything that should never stand behind a web server, and the two
content security policies.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from gate.refusal import Refusal

PUBLIC_PARTS = {"preview", "signin", "errors", "robots.txt", "favicon.ico", "favicon.svg", ".well-known"}
ERRORS = ("400", "401", "403", "404", "5xx")
TEXT = {".html", ".js", ".mjs", ".css", ".json", ".svg", ".xml", ".txt"}
SECRET_WORTH = {".html", ".json", ".pdf", ".zip", ".xlsx", ".csv"}
STRAY = re.compile(r"^\.|~$|\.(?:map|bak|orig|swp|md|toml|conf|py)$|^(?:sw|service-worker)\.m?js$")
AGAIN = "Run `make site` again; if it comes back, it is a fault of the build."


def policies(build: Path) -> dict[str, str]:
    """The content security policies of `build`/csp.json: keys `member` and `public`. Raises OSError or ValueError."""
    found = json.loads((build / "csp.json").read_text())
    if not isinstance(found, dict) or not all(isinstance(found.get(tree), str) for tree in ("member", "public")):
        raise ValueError("csp.json needs the texts member and public")
    return {tree: found[tree] for tree in ("member", "public")}


def policy_faults(tree: str, policy: str) -> Iterator[Refusal]:
    """What keeps `policy` from being the strict one that the site is made for."""
    where = f"csp.json {tree}"
    if re.search(r'["\\\x00-\x1f\x7f$%]', policy):
        yield Refusal(where, "holds a character that cannot stand in the server's configuration.", AGAIN)
    for word in ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "http:", "https:", "*"):
        if re.search(rf"(?:^|[\s;]){re.escape(word)}", policy):
            yield Refusal(where, f"allows {word}.", "Give the script a file or a hash.")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.split()}
    wanted = {
        "default-src": (["'none'"],),
        "base-uri": (["'none'"], ["'self'"]),
        "form-action": (["'none'"], ["'self'"]),
        "frame-ancestors": (["'none'"],),
    }
    for name, values in wanted.items():
        if directives.get(name) not in values:
            yield Refusal(where, f"has no strict {name}.", f"Add: {name} {' '.join(values[0])}")


def build_faults(build: Path) -> Iterator[Refusal]:
    """Everything in `build` that must not be served, or is not there. Reads every file of the public folder."""
    member, public = build / "member", build / "public"
    missing = [folder for folder in (member, public) if not folder.is_dir()]
    if missing or not (build / "csp.json").is_file():
        yield Refusal(str(build), "is not a finished build (member/, public/ and csp.json).", "Run `make site`.")
        return
    try:
        for tree, policy in policies(build).items():
            yield from policy_faults(tree, policy)
    except ValueError as error:
        yield Refusal("csp.json", f"cannot be read: {error}.", AGAIN)
    for path in ("index.html", "es/index.html"):
        if not (member / path).is_file():
            yield Refusal(f"member/{path}", "is missing.", AGAIN)
    wanted = ["preview/index.html", "preview/es/index.html", "signin/index.html", "signin/signed-out.html"]
    wanted += ["signin/not-completed.html", "robots.txt"]
    wanted += [f"errors/{code}.{language}.html" for code in ERRORS for language in ("en", "es")]
    for path in wanted:
        if not (public / path).is_file():
            yield Refusal(f"public/{path}", "is missing.", AGAIN)
    for entry in sorted(os.listdir(public)):
        # a compressed copy belongs to the file beside it
        if re.sub(r"\.(?:br|gz)$", "", entry) not in PUBLIC_PARTS:
            yield Refusal(f"public/{entry}", "is not part of the public folder.", "Nothing may be public by accident.")
    yield from _stray_faults(build, member)
    yield from _stray_faults(build, public)
    yield from _shared_faults(member, public)


def _stray_faults(build: Path, tree: Path) -> Iterator[Refusal]:
    for folder, folders, files in os.walk(tree):
        for name in sorted(folders + files):
            path = Path(folder) / name
            where = path.relative_to(build).as_posix()
            if path.is_symlink():
                yield Refusal(where, "is a symbolic link.", "It may lead out of its folder: copy the file instead.")
            elif STRAY.search(name) and where != "public/.well-known":
                yield Refusal(where, "does not belong on a web server.", AGAIN)


def _contents(tree: Path) -> Iterator[tuple[Path, str]]:
    for folder, _, files in os.walk(tree):
        for name in files:
            path = Path(folder) / name
            # a public page has the same search entry in both folders: the build's own test reads those
            entry = "search" in path.relative_to(tree).parts
            if path.suffix in SECRET_WORTH and not entry and not path.is_symlink() and path.stat().st_size >= 64:
                yield path, hashlib.sha256(path.read_bytes()).hexdigest()


def _shared_faults(member: Path, public: Path) -> Iterator[Refusal]:
    """A member page copied into the public folder as it stands; the build's own test looks for its sentences."""
    members = {digest: path for path, digest in _contents(member)}
    for path, digest in _contents(public):
        if digest in members:
            what = f"is the member file {members[digest].relative_to(member).as_posix()}."
            yield Refusal(f"public/{path.relative_to(public).as_posix()}", what, "Members' text must not be public.")
    for copy in public.rglob("*.gz"):
        plain = copy.with_suffix("")
        if plain.suffix in TEXT and plain.is_file() and gzip.decompress(copy.read_bytes()) != plain.read_bytes():
            where = f"public/{copy.relative_to(public).as_posix()}"
            yield Refusal(where, "is not the compressed copy of the file beside it.", AGAIN)
