"""The field edition: the whole guide in one zip, opened by double-click from a USB stick.

Enters: the member site as built, before its files are named by content, and its paper. Leaves: a zip, its checksum, and
on request a copy sealed with a passphrase (AES, opened by 7-Zip and others). Browsers refuse modules, fetching and
folders from disk: scripts become plain ones, data becomes scripts, and links name index.html.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import zipfile
from pathlib import Path

import pyzipper

from guide.assets import MODULE
from guide.guide import Guide
from guide.model import LANGUAGES, Lang
from guide.modules import join_modules
from guide.problems import Problem, Stop
from guide.stylesheet import joined

BUDGET = 25 * 1024 * 1024
"""A stick and a slow line should carry it (issue of the guide: at most 25 MB)."""
SHORTEST = 15
"""Characters of a passphrase that stands alone against unlimited guessing."""
PAPER_SIZE = "a4"
"""Any page prints on Letter from the browser; two sizes of every PDF would break the budget."""
LINK = re.compile(r'(?<=\s)href="(?P<path>(?:\.{1,2}/|[\w-]+/)[^":?#]*?|\.\.?)?(?P<place>#[^"]*)?"')
FILE = re.compile(
    r'\s*<a (?:[^>]* )?href="(?P<path>(?:\.\./)*(?:paper|downloads)/[^"]+\.\w+)"[^>]*>.*?</a>'
    r'(?:\s*<small class="file-size"[^>]*>[^<]*</small>)?'
)
"""A link to a file that may be taken along, with its size; those that are not in the copy leave no dead link."""
PRELOAD = re.compile(r'<link rel="preload" as="fetch"[^>]*>')
POLICY = "default-src file: data: blob: 'unsafe-inline'; connect-src 'none'; form-action 'none'; base-uri 'none'"
"""A page on disk has no server to protect it: it may not send anything anywhere."""
MOMENT = (1980, 1, 1, 0, 0, 0)


def make_field_edition(site: Path, guide: Guide, paper: Path, work: Path, target: Path) -> Path:
    """Writes `target`/field-edition-<edition>.zip and its .sha256; `work` is scratch. Raises Stop over budget."""
    shutil.rmtree(work, ignore_errors=True)
    left_out = ("*.pdf", "field-edition-*", "sitemap.xml*", "404.html", "*.br", "*.gz")
    shutil.copytree(site, work, ignore=shutil.ignore_patterns(*left_out))
    for sheet in work.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        if "@import" in text:
            sheet.write_text(joined(text, sheet.parent), encoding="utf-8")
    _data_as_scripts(work)
    scripts: dict[tuple[Path, ...], Path] = {}
    _paper(paper, work)
    for page in sorted(work.rglob("*.html")):
        _page_for_disk(page, work, guide, scripts)
    for module in work.rglob("assets/javascripts/**/*.js"):
        if module.name not in {"theme.js", *(script.name for script in scripts.values())}:
            module.unlink()
    (work / "README.txt").write_text(_read_me(guide), encoding="utf-8", newline="\r\n")
    return _pack(work, target / f"field-edition-{guide.edition.edition}.zip")


def weakness(passphrase: str) -> str:
    """Why a passphrase is too weak, and what to do; empty if it is not."""
    if len(passphrase) >= SHORTEST:
        return ""
    return f"The passphrase has {len(passphrase)} characters. Use at least {SHORTEST}: four words will do."


def seal(edition: Path, passphrase: str) -> Path:
    """A copy of the zip that needs a passphrase (AES-256 in the form that 7-Zip opens), and its checksum.

    Returns its path. Raises ValueError for a passphrase that is soon guessed: nobody counts tries on a stick.
    """
    if said := weakness(passphrase):
        raise ValueError(said)
    sealed = edition.with_name(edition.stem + "-sealed.zip")
    beside = sealed.with_suffix(".part")
    with pyzipper.AESZipFile(beside, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode("utf-8"))
        archive.write(edition, edition.name)
    beside.replace(sealed)
    _checksum(sealed)
    return sealed


def _page_for_disk(page: Path, root: Path, guide: Guide, scripts: dict[tuple[Path, ...], Path]) -> None:
    text = page.read_text(encoding="utf-8")
    entries = tuple((page.parent / match["path"]).resolve() for match in MODULE.finditer(text))
    tag = ""
    if entries:
        script = scripts.setdefault(entries, _plain_script(entries, root))
        tag = f'<script defer src="{_way(page, script)}"></script>'
    text = PRELOAD.sub("", MODULE.sub("", text))
    text = LINK.sub(_to_file, text)
    text = FILE.sub(lambda file: file[0] if (page.parent / file["path"]).exists() else "", text)
    text = text.replace("<li></li>", "")
    lang: Lang = "es" if page.relative_to(root).parts[0] == "es" else "en"
    words = guide.interface.words(lang)["field"]
    note = words["note"].format(edition=guide.edition.edition, day=guide.edition.valid_until.isoformat())
    banner = f'<p class="field-note">{html.escape(note)}</p>'
    head = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n</head>'
    text = text.replace("</head>", head, 1).replace("</body>", f"{banner}\n{tag}\n</body>", 1)
    page.write_text(text, encoding="utf-8")


def _to_file(match: re.Match[str]) -> str:
    path, place = match["path"] or "", match["place"] or ""
    if path and path.rpartition("/")[2] in {"", ".", ".."}:
        path = f"{path.rstrip('/')}/index.html"
    return f'href="{path}{place}"'


def _plain_script(entries: tuple[Path, ...], root: Path) -> Path:
    """All modules that `entries` need, on demand too, in one script that is not a module."""
    text = join_modules(list(entries), whole=True).replace("import.meta.url", "document.baseURI")
    name = hashlib.sha256(text.encode()).hexdigest()[:10]
    path = root / "assets" / "javascripts" / f"field-{name}.js"
    path.write_text(f"(() => {{\n{text}}})();\n", encoding="utf-8")
    return path


def _way(page: Path, target: Path) -> str:
    shared = next(folder for folder in page.parents if folder in target.parents)
    return "../" * len(page.parent.relative_to(shared).parts) + target.relative_to(shared).as_posix()


def _data_as_scripts(root: Path) -> None:
    """What scripts read, as scripts in place of the JSON (the catalogue stays for other tools)."""
    for file in sorted([*root.rglob("search/**/*.json"), *(root / "data").glob("assessment.*.json")]):
        text = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
        file.with_name(file.name + ".js").write_text(f"window.guideData = {text}\n", encoding="utf-8")
        file.unlink()


def _paper(paper: Path, root: Path) -> None:
    for folder in (*LANGUAGES, "bilingual"):
        source = paper / folder / PAPER_SIZE
        if source.is_dir():
            shutil.copytree(source, root / "paper" / folder / PAPER_SIZE, dirs_exist_ok=True)


def _read_me(guide: Guide) -> str:
    lines = []
    for lang in LANGUAGES:
        words = guide.interface.words(lang)
        lines += [
            f"{words['site']['name']} · {words['site']['edition']} {guide.edition.edition}",
            words["field"]["note"].format(edition=guide.edition.edition, day=guide.edition.valid_until.isoformat()),
            words["field"]["how"].format(page="index.html" if lang == "en" else "es/index.html"),
            guide.edition.marking[lang],
            "",
        ]
    return "\n".join(lines)


def _pack(folder: Path, target: Path) -> Path:
    """The folder as a zip with fixed times, so that the same guide gives the same bytes, and its checksum beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".part")
    with zipfile.ZipFile(beside, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{target.stem}/{file.relative_to(folder).as_posix()}", MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
    size = beside.stat().st_size
    if size > BUDGET:
        beside.unlink()
        what = f"The field edition has {size / 1e6:.1f} MB; the budget is {BUDGET / 1e6:.1f} MB."
        remedy = "Leave out a kind of paper (guide/field_edition.py), or raise the budget on purpose."
        raise Stop([Problem(target.name, 0, "", what, remedy, "field-edition")])
    beside.replace(target)
    _checksum(target)
    return target


def _checksum(file: Path) -> None:
    """Beside the file, in the form that `sha256sum -c` reads."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    file.with_name(file.name + ".sha256").write_text(f"{digest}  {file.name}\n", encoding="ascii")
