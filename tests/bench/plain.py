"""The guide as a plain MkDocs project: the same words as plain Markdown, stock Material, stock search, static-i18n.

Enters: the project's folder. Leaves: a project without macros, plugin or theme of ours, ready to be built and compared.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import yaml

from guide.content import Content
from guide.model import LANGUAGES
from guide.site import PREVIEW_HOME, Here
from macros import define_env

#: The stock theme without its web fonts, which would come from another host; the same extensions as ours.
CONFIGURATION = {
    "site_name": "Guide",
    "site_url": "https://guide.example.org/",
    "docs_dir": "docs",
    "theme": {"name": "material", "font": False},
    "plugins": [
        "search",
        {"i18n": {
            "docs_structure": "folder", "fallback_to_default": False,
            "languages": [
                {"locale": "en", "default": True, "name": "English"}, {"locale": "es", "name": "Español"},
            ],
        }},
    ],
    "markdown_extensions": ["admonition", "attr_list", "tables", {"toc": {"toc_depth": 3}}],
}  # fmt: skip
SIGNS = re.compile(r"([\\`*_{}\[\]<>#|])")
LEFT_OUT = frozenset({"template", "script", "style"})
WITHIN = frozenset({"a", "abbr", "b", "button", "cite", "code", "em", "i", "label", "mark", "span", "strong", "time"})
"""Elements that stand in a sentence; any other one ends a paragraph."""


class Words(HTMLParser):
    """The words of finished HTML as Markdown paragraphs and list items."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._now: list[str] = []
        self._mark = ""
        self._out = 0
        self.feed(html)
        self._end()

    def _end(self) -> None:
        if text := " ".join("".join(self._now).split()):
            self.blocks.append(self._mark + SIGNS.sub(r"\\\1", text))
        self._now = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a paragraph where an element does, or a list item."""
        self._out += tag in LEFT_OUT
        if tag not in WITHIN:
            self._end()
            self._mark = "- " if tag == "li" else ""

    def handle_endtag(self, tag: str) -> None:
        """Ends what the element began."""
        self._out -= tag in LEFT_OUT
        if tag not in WITHIN:
            self._end()
            self._mark = ""

    def handle_data(self, data: str) -> None:
        """Keeps what a reader sees."""
        if not self._out:
            self._now.append(data)


class PlainHere(Here):
    """A page on which macros leave words in place of finished HTML; cards of terms stay in the glossary."""

    def block(self, html: str) -> str:
        """Paragraphs."""
        return "\n\n" + "\n\n".join(Words(html).blocks) + "\n\n"

    def inline(self, html: str) -> str:
        """Words in a sentence."""
        return " ".join(Words(re.sub(r'<span class="term-card".*', "", html.strip(), flags=re.DOTALL)).blocks)


def make_plain(root: Path, folder: Path, times: int = 1) -> None:
    """Writes the plain project of the guide in `root` to `folder`, with each chapter `times` times."""
    content = Content(root)
    renderers = content.renderers()
    shutil.rmtree(folder, ignore_errors=True)
    for lang in LANGUAGES:
        for name, page in content.pages[lang].items():
            if name == PREVIEW_HOME:
                continue
            address = name.removesuffix(".md").removesuffix("index") + "/"
            site_page: Any = SimpleNamespace(
                file=SimpleNamespace(locale=lang, src_uri=f"{lang}/{name}"),
                url=("es/" if lang == "es" else "") + address.lstrip("/"), meta={},
            )  # fmt: skip
            here = PlainHere(content, renderers, site_page)
            text = _words(page.body, here)
            _write(folder / "docs" / lang / name, page.meta, text)
            for copy in range(2, times + 1) if page.is_chapter else ():
                named = {**page.meta, "title": f"{page.meta['title']} {copy}"}
                _write(folder / "docs" / lang / "chapters" / f"{page.slug}-{copy}.md", named, text)
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(CONFIGURATION, sort_keys=False), encoding="utf-8")


def _words(body: str, here: Here) -> str:
    """The body of a page with each macro replaced by its words."""
    known: dict[str, Callable[..., str]] = {}

    def macro(function: Callable[..., str]) -> Callable[..., str]:
        known[function.__name__] = function
        return function

    plugin = SimpleNamespace(on=lambda _: here)
    define_env(SimpleNamespace(macro=macro, page=None, conf=SimpleNamespace(plugins={"practice-guide": plugin})))
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, comment_start_string="[[#", comment_end_string="#]]"
    )
    return environment.from_string(body).render(known)


def _write(path: Path, meta: Any, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = yaml.safe_dump({"title": meta["title"]}, allow_unicode=True)
    path.write_text(f"---\n{head}---\n{text}", encoding="utf-8")
