"""The files beside the pages, made ready to be served: only what is used, shortened, named by content, compressed.

Enters: a built tree (pages, and folders named `assets`). Leaves: the same tree finished, and its security policy.
A file that no page leads to is dropped (the theme brings many); one that is there keeps its name plus ten signs of its
fingerprint, so that browsers may keep it for a year.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from guide.compression import precompress
from guide.modules import join_modules, stands_alone
from guide.problems import Problem, Stop
from guide.scripts import shortened
from guide.stylesheet import joined

#: How each kind of file names another one. Pages: addresses below a folder `assets`; modules: imports and new URL().
REFERENCES = {
    ".html": re.compile(r'(?<=\s)(?:src|href|data-[\w-]+)="(?![a-z]+:|//)(?P<path>(?:[^"#?]*/)?assets/[^"#?]*)'),
    ".css": re.compile(r"url\(\s*[\"']?(?![a-z]+:|#)(?P<path>[^\"')#?]+)"),
    ".js": re.compile(r"(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)[\"'](?P<path>\.{1,2}/[^\"'#?]+)"),
}
MODULE = re.compile(r'<script type="module" src="(?P<path>[^"]+)"></script>')
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def finish(tree: Path, *, thorough: bool = True) -> str:
    """Finishes `tree` in place and returns its policy.

    Raises Stop when a page leads to an asset that is not there, or has a script of its own.

    `thorough` compresses as well as can be (seconds); without it a preview is done in a moment and is a tenth larger.
    """
    tree = tree.resolve()
    for sheet in _assets(tree, ".css"):
        if "@import" in (text := sheet.read_text(encoding="utf-8")):
            sheet.write_text(joined(text, sheet.parent), encoding="utf-8")
    for page in tree.rglob("*.html"):
        _join_modules_of(page, tree)
    for script in _assets(tree, ".js"):
        _shorten(script, tree)
    leads_to = _graph(tree)
    names = {file: _named(file, leads_to, tree) for file in leads_to if file.suffix != ".html"}
    for file in _assets(tree):
        if file not in names:
            file.unlink()
    for file in leads_to:
        _rewrite(file, tree, names)
    for file, name in names.items():
        file.rename(file.with_name(name))
    _remove_empty(tree)
    precompress(tree, thorough=thorough)
    return _policy(tree)


def _join_modules_of(page: Path, tree: Path) -> None:
    """One module in place of those that `page` names, unless it is a single one that imports nothing at once."""
    text = page.read_text(encoding="utf-8")
    paths = list(dict.fromkeys(match["path"] for match in MODULE.finditer(text)))
    entries = [file for path in paths if (file := _target(page, path, tree))]
    if len(entries) != len(paths) or not entries or (len(entries) == 1 and stands_alone(entries[0])):
        return
    home = entries[0].parent
    of_these = hashlib.sha256("\n".join(os.path.relpath(entry, home) for entry in entries).encode()).hexdigest()
    one = home / f"{entries[0].stem}-joined-{of_these[:6]}.js"
    if not one.exists():
        one.write_text(join_modules(entries), encoding="utf-8")
    first = MODULE.search(text)
    assert first
    folder = first["path"].rpartition("/")[0]
    tag = f'<script type="module" src="{folder}/{one.name}"></script>'
    page.write_text(text[: first.start()] + tag + MODULE.sub("", text[first.end() :]), encoding="utf-8")


def _shorten(script: Path, tree: Path) -> None:
    try:
        text = shortened(script.read_text(encoding="utf-8"))
    except ValueError as error:
        what = f"is no JavaScript: {' '.join(str(error).split())}."
        raise Stop([Problem(script.relative_to(tree).as_posix(), 0, "", what, "Mend it there.")]) from None
    script.write_text(text, encoding="utf-8")


def _assets(tree: Path, suffix: str = "") -> Iterator[Path]:
    """Every file below a folder named `assets`."""
    for folder in list(tree.rglob("assets")):
        yield from sorted(file for file in folder.rglob(f"*{suffix}") if file.is_file())


def _graph(tree: Path) -> dict[Path, set[Path]]:
    """Every page, and every asset to which one leads, with what it leads to. Raises Stop with all that is missing."""
    graph: dict[Path, set[Path]] = {}
    problems = []
    waiting = sorted(tree.rglob("*.html"), reverse=True)
    while waiting:
        file = waiting.pop()
        found = {path: _target(file, path, tree) for path in _paths(file)}
        graph[file] = {target for target in found.values() if target}
        waiting += graph[file] - graph.keys()
        name = file.relative_to(tree).as_posix()
        problems += [
            Problem(name, 0, "", f'leads to "{path}", which is not there.', "Add the file or mend the link.")
            for path, target in found.items()
            if not target
        ]
    if problems:
        raise Stop(problems)
    return graph


def _paths(file: Path) -> list[str]:
    pattern = REFERENCES.get(file.suffix)
    return [match["path"] for match in pattern.finditer(file.read_text(encoding="utf-8"))] if pattern else []


def _target(file: Path, path: str, tree: Path) -> Path | None:
    """The file that `path` means in `file`. An absolute path may begin with the folder that the site is served from."""
    parts = unquote(path).split("/")
    tries = ["/".join(parts[start:]) for start in range(1, len(parts))] if path.startswith("/") else [unquote(path)]
    folder = tree if path.startswith("/") else file.parent
    for name in tries:
        found = os.path.normpath(os.path.join(folder, name))
        if found.startswith(f"{tree}{os.sep}") and os.path.isfile(found):
            return Path(found)
    return None


def _closure(start: set[Path], graph: dict[Path, set[Path]]) -> set[Path]:
    found: set[Path] = set()
    waiting = set(start)
    while waiting:
        file = waiting.pop()
        found.add(file)
        waiting |= graph.get(file, set()) - found
    return found


def _named(file: Path, graph: dict[Path, set[Path]], tree: Path) -> str:
    """name.<fingerprint>.ext; the fingerprint covers all that the file leads to: a cache never mixes editions."""
    digest = hashlib.sha256()
    for part in sorted(_closure({file}, graph)):
        digest.update(part.relative_to(tree).as_posix().encode() + b"\0" + part.read_bytes() + b"\0")
    return f"{file.stem}.{digest.hexdigest()[:10]}{file.suffix}"


def _rewrite(file: Path, tree: Path, names: dict[Path, str]) -> None:
    pattern = REFERENCES.get(file.suffix)
    if not pattern:
        return

    def renamed(match: re.Match[str]) -> str:
        target = _target(file, match["path"], tree)
        folder = match["path"].rpartition("/")[0]
        return match[0].replace(match["path"], f"{folder}/{names[target]}") if target in names else match[0]

    text = file.read_text(encoding="utf-8")
    new = pattern.sub(renamed, text)
    if new != text:
        file.write_text(new, encoding="utf-8")


def _remove_empty(tree: Path) -> None:
    for folder in sorted((f for f in tree.rglob("*") if f.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _policy(tree: Path) -> str:
    """The strict policy. Raises Stop for pages with a script of their own: nobody would know who wrote it."""
    pages = sorted(page for page in tree.rglob("*.html") if INLINE_SCRIPT.search(page.read_text(encoding="utf-8")))
    if pages:
        what, remedy = "A script stands in the page itself.", "Take it out, or make it a file of the theme."
        raise Stop(Problem(page.relative_to(tree).as_posix(), 0, "", what, remedy, "script") for page in pages)
    return POLICY
