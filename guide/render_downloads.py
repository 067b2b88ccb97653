"""The page of paper and downloads: what can be printed or taken to other tools, and how large each file is.

Enters: a renderer and what is offered. Leaves: HTML; and later, when all files are built, the same pages with sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from markupsafe import Markup, escape

from guide.model import Lang
from guide.problems import Problem, Stop
from guide.render import Renderer

#: Empty in a page until `fill_sizes`; the path is that of the file below the member site.
SIZE_PLACE = re.compile(r'<small class="file-size" data-file="(?P<path>[^"]+)"></small>')
LARGE = 1_000_000
"""From this many bytes on a size is given in megabytes."""


class Offer(Protocol):
    """What the page needs to know of a download."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def language(self) -> Lang | None: ...


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    language: Lang | None
    name: str = ""
    """Key of the words of its link, when they are not the name of the language."""


def downloads(renderer: Renderer, base: str, offered: Iterable[Offer]) -> str:
    """The lists of the page. A chapter has paper when it is written and has a checklist and a session."""
    guide = renderer.guide
    tools: dict[str, list[_File]] = {}
    for offer in sorted(offered, key=lambda offer: offer.language not in {None, renderer.lang}):
        tools.setdefault(offer.kind, []).append(_File(f"downloads/{offer.name}", offer.language))
    tools["catalogue"] = [_File("data/catalogue.json", None)]
    edition = f"downloads/field-edition-{guide.edition.edition}.zip"
    tools["field_edition"] = [_File(edition, None), _File(f"{edition}.sha256", None, "checksum")]
    ready = {
        chapter.code
        for chapter in guide.chapters
        if guide.in_force(chapter.code) and chapter.code in guide.training and chapter.code in renderer.lengths
    }
    template = renderer.environment.get_template("downloads.html")
    root = base + "../" if renderer.lang == "es" else base
    return Markup(template.render(base=base, root=root, domains=renderer.domains, ready=ready, tools=tools))


def fill_sizes(member: Path, pages: Mapping[Path, Renderer]) -> None:
    """Writes the size of each file into the built `pages`. Raises Stop with every file that a page offers and that is
    not below `member`; then no page is changed."""
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    missing = {
        (page, path)
        for page, html in texts.items()
        for path in (match["path"] for match in SIZE_PLACE.finditer(html))
        if not (member / path).is_file()
    }
    problems = [_missing(page.relative_to(member).as_posix(), path) for page, path in missing]
    if problems:
        raise Stop(problems)
    for page, html in texts.items():
        page.write_text(SIZE_PLACE.sub(partial(_sized, member, pages[page]), html), encoding="utf-8")


def _missing(page: str, path: str) -> Problem:
    remedy = "Build paper and downloads before the sizes, and look at their problems first."
    return Problem(page, 0, "", f"offers {path}, which was not made.", remedy)


def _sized(member: Path, renderer: Renderer, place: re.Match[str]) -> str:
    size = size_in_words((member / place["path"]).stat().st_size, renderer)
    return f'<small class="file-size">{escape(size)}</small>'


def size_in_words(size: int, renderer: Renderer) -> str:
    """A number of bytes as a reader of the language says it, on one line: "226 kB", "1,7 MB"."""
    words = renderer.words["downloads"]
    if size < LARGE:
        said = words["kilobytes"].format(number=max(1, round(size / 1000)))
    else:
        said = words["megabytes"].format(number=f"{size / 1_000_000:.1f}".replace(".", words["decimal_point"]))
    return said.replace(" ", "\u00a0")
