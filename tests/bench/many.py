"""The guide with each of its chapters many times, to see what twenty times the work costs.

Enters: the project's folder. Leaves: a copy of what a build reads, in a folder of its own. A copy of a chapter has its
own slug, code, title, checklist, session, pages. Left out: cases, references, terms and figures are there once; links
lead to the first of each chapter. Every pair is confirmed. Every rule is applied and finds paragraphs that stand twice.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_uppercase

from guide.content import Content
from guide.model import LANGUAGES, Chapter
from tests.confirmed import confirm_everything

LINKED = ("guide", "macros", "overrides")


def multiply(root: Path, folder: Path, times: int = 1) -> None:
    """Writes to `folder` the guide of `root` with each chapter `times` times. `times` is at most 676 // chapters."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("docs", "data"):
        shutil.copytree(root / name, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(root / name)
    (folder / "mkdocs.yml").write_text(_tolerant((root / "mkdocs.yml").read_text(encoding="utf-8")), encoding="utf-8")
    chapters = Content(root).guide.chapters
    codes = _free_codes({chapter.code for chapter in chapters})
    entries = (folder / "data" / "chapters.yml").read_text(encoding="utf-8").rstrip("\n")
    ids = (folder / "data" / "ids.txt").read_text(encoding="utf-8").rstrip("\n")
    _, _, known = entries.partition("chapters:\n")
    blocks = {block[: block.index("\n")]: block for block in re.split(r"^  - code: ", known, flags=re.MULTILINE)[1:]}
    for copy in range(2, times + 1):
        for chapter in chapters:
            code = next(codes)
            entries += "\n  - code: " + _renamed(blocks[chapter.code], chapter, code, copy).rstrip("\n")
            ids += "\n" + "\n".join(re.findall(rf"^{chapter.code}-\d+", ids, re.MULTILINE)).replace(chapter.code, code)
            for path in _files(folder, chapter.slug):
                text = _renamed(path.read_text(encoding="utf-8"), chapter, code, copy)
                path.with_stem(f"{chapter.slug}-{copy}").write_text(text, encoding="utf-8")
    (folder / "data" / "chapters.yml").write_text(entries + "\n", encoding="utf-8")
    (folder / "data" / "ids.txt").write_text(ids + "\n", encoding="utf-8")
    confirm_everything(folder)


def _tolerant(configuration: str) -> str:
    """The build goes on although each paragraph of a copy stands twice in the guide."""
    return configuration.replace("    audience: member\n", "    audience: member\n    strict_content: false\n")


def _files(folder: Path, slug: str) -> Iterator[Path]:
    """What belongs to one chapter alone."""
    data = (folder / "data" / name / f"{slug}.yml" for name in ("checklists", "training"))
    yield from (path for path in data if path.exists())
    yield from (folder / "docs" / lang / "chapters" / f"{slug}.md" for lang in LANGUAGES)


def _free_codes(taken: set[str]) -> Iterator[str]:
    return ("".join(pair) for pair in product(ascii_uppercase, repeat=2) if "".join(pair) not in taken)


def _renamed(text: str, chapter: Chapter, code: str, copy: int) -> str:
    """`text` about `chapter` as text about its copy: code, slug, ids and title, nothing else."""
    text = re.sub(rf"\b{chapter.code}(?=-\d\d\b)", code, text)
    text = re.sub(rf'^(chapter: ){chapter.code}$|((?:checklist|training)\("){chapter.code}(?=")',
                  lambda found: (found[1] or found[2]) + code, text, flags=re.MULTILINE)  # fmt: skip
    if text.startswith(chapter.code):  # an entry of chapters.yml, whose beginning was cut off
        text = code + text.removeprefix(chapter.code)
    text = re.sub(rf"^(    slug: ){chapter.slug}$", rf"\g<1>{chapter.slug}-{copy}", text, flags=re.MULTILINE)
    for title in {chapter.title["en"], chapter.title["es"]}:
        end = r"(?P<quote>\"?)$"
        text = re.sub(rf'^(?P<head>(?:title: |# |      e[ns]: )"?{re.escape(title)}){end}',
                      rf"\g<head>-{copy}\g<quote>", text, flags=re.MULTILINE)  # fmt: skip
    return text
