"""The MkDocs side of the guide: a plugin that feeds content, navigation and page facts into the build.

Enters: MkDocs' events. Leaves: pages with their card and the state of their translation, navigation by domain, one 404
per language; for the preview, the public pages only. With macros/ this is the only place that knows MkDocs.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage

from guide.checking import check_content
from guide.content import Content
from guide.figures import render_figure
from guide.model import LANGUAGES, Lang
from guide.pages import TOP, Page
from guide.problems import Problem, Stop
from guide.publishing import shown_images
from guide.render import Renderer

log = logging.getLogger("mkdocs.plugins.practice-guide")

#: Characters that Markdown would read as markup if data brought them into a sentence.
_MARKDOWN_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "*_`[]\\{}~^"})
UNDERLINE = re.compile(r" {0,3}(-+|=+)\s*")
"""A line that makes the one above it a heading."""
BLOCK = re.compile(r"<!--block (\d+)-->")
DATA_OF = {"glossary_list": "data/glossary.yml", "case_list": "data/cases.yml", "reference_list": "data/references.yml"}
"""Macros that fill a whole page, and where their words stand."""
PREVIEW_HOME = "preview.md"
"""The home of the public preview; the member site leaves it out."""


class Here:
    """What a macro or a template needs to know about the page that it stands on."""

    def __init__(self, content: Content, renderers: dict[Lang, Renderer], page: SitePage) -> None:
        self.content = content
        self.lang: Lang = page.file.locale  # type: ignore[attr-defined]
        self.renderer = renderers[self.lang]
        self.source: Page = content.pages[self.lang][page.file.src_uri.partition("/")[2]]
        self.base = base_of(page.url, self.lang)
        self.counts: Counter[str] = Counter()
        self.blocks: list[str] = []

    def count(self, kind: str) -> int:
        """1, 2, 3 … for each use of a kind on this page."""
        self.counts[kind] += 1
        return self.counts[kind]

    def block(self, html: str) -> str:
        """HTML that stands alone: a mark in the text, so that Markdown need not read what is finished."""
        self.blocks.append(html.strip())
        return f"\n\n<!--block {len(self.blocks) - 1}-->\n\n"

    def with_blocks(self, html: str) -> str:
        """The page with its finished parts at their marks."""
        return BLOCK.sub(lambda mark: self.blocks[int(mark[1])], html)

    def inline(self, html: str) -> str:
        """HTML in a sentence, safe from Markdown."""
        return html.strip().translate(_MARKDOWN_SIGNS)

    def figure(self, item: str) -> str:
        """A figure in this language."""
        return render_figure(self.content.figures[item], self.lang) + self.renderer.behind(f"figure:{item}")

    def references(self) -> str:
        """What this page cites."""
        cited: dict[str, list[str]] = defaultdict(list)
        for call in self.source.calls:
            if call.arguments:
                cited[call.name].append(str(call.arguments[0]))
        guide = self.content.guide
        code = guide.chapter(self.source.slug).code if self.source.is_chapter else None
        return self.renderer.references(code, tuple(cited["ref"]), tuple(cited["case"]), self.base)

    def card(self) -> str:
        """The card of this chapter."""
        readers = tuple(self.source.meta.get("readers") or ())
        chapter = self.content.guide.chapter(self.source.slug)
        return self.renderer.card(chapter, self.base, readers)

    def behind(self) -> dict[str, str]:
        """Sections of this page whose other side moved: section id -> note for the reader."""
        sections = [section.id or TOP for section in self.source.sections]
        notes = {name: self.renderer.behind(f"{self.source.name}#{name}") for name in sections}
        return {name: note for name, note in notes.items() if note}

    def sign(self, page: SitePage) -> str:
        """The sign behind the title of a page, where it leads there; nothing while that title is in step."""
        source = self.content.pages[self.lang][page.file.src_uri.partition("/")[2]]
        return self.renderer.sign(*self.content.title_pairs(source))

    def heading_sign(self, section: str) -> str:
        """The same behind the heading of a section of this page, where it leads there."""
        return self.renderer.sign(f"{self.source.name}#{section}")

    @property
    def made_from(self) -> str | None:
        """The file of data/ whose entries are all that this page shows; None for a page with words of its own."""
        called = [DATA_OF[call.name] for call in self.source.calls if call.name in DATA_OF]
        return called[0] if called and len(self.source.sections) == 1 else None

    def with_notes(self, markdown: str) -> str:
        """The page's text with each note under the heading of its section, which stands where `source` says.

        Not looked for by its form: Markdown has many ways to write a heading, and a note must not get lost in one.
        """
        notes = self.behind()
        if not notes:
            return markdown
        rows = markdown.split("\n")
        before = len(self.source.body.split("\n")) - len(rows) + self.source.body_line  # MkDocs drops blank lines
        first = [heading.line for heading in self.source.headings if heading.level == 1]
        places = {section.id: section.line for section in self.source.sections if section.id}
        places[TOP] = first[0] if first else before - 1
        for name, line in sorted(places.items(), key=lambda place: -place[1]):
            if name in notes:
                below = line - before + 1
                below += UNDERLINE.fullmatch(rows[below]) is not None if 0 < below < len(rows) else 0
                # As an expression in the line above: so a fault further down is told with the line of the file.
                note = "{{ " + json.dumps(f"\n\n{notes[name]}\n\n") + " }}"
                rows[max(below - 1, 0)] = f"{rows[below - 1]}{note}" if below > 0 else f"{note}{rows[0]}"
        return "\n".join(rows)


def base_of(url: str, lang: Lang) -> str:
    """The relative way from a page's address to the root of its language: "./" or "../../"."""
    depth = url.strip("/").count("/") + 1 if url.strip("/") else 0
    return "../" * (depth - (lang == "es")) or "./"


class GuideConfig(Config):  # type: ignore[no-untyped-call]
    """The guide is configured by its data; these say who it is built for."""

    audience = config_options.Choice(("member", "public"), default="member")
    strict_content = config_options.Type(bool, default=True)
    """False lets a preview go on with problems in the content (they are still listed)."""


class GuidePlugin(BasePlugin[GuideConfig]):  # type: ignore[no-untyped-call]
    """Stops the build when the content has problems; gives templates and pages what they need."""

    content: Content
    renderers: dict[Lang, Renderer]
    lang: Lang = "en"
    problems: tuple[Problem, ...] = ()
    """What a tolerant build found wrong; empty in a strict one, which stops instead."""

    def __init__(self) -> None:
        self.fed = False
        self.forge: str | None = None
        """Where changes are taken; None where nobody said so."""
        self.not_found: dict[Lang, str] = {}
        self.articles: dict[tuple[Lang, str], str] = {}
        """HTML of each chapter of this build, for paper."""

    @property
    def public(self) -> bool:
        """Whether this is the public preview."""
        return self.config.audience == "public"

    @event_priority(-200)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads and checks the content once per run; sets the navigation of the language that is about to be built."""
        i18n: Any = config.plugins["i18n"]
        self.lang = i18n.current_language
        if not i18n.building and not self.fed:
            self._read(Path(config.config_file_path).parent)
        self.forge = config.extra.get("forge")
        self._offer_changes()
        config.nav = self.navigation()
        return config

    def feed(self, content: Content, renderers: dict[Lang, Renderer]) -> None:
        """Gives it content that somebody else reads and checks (guide/live.py does, after every saved file)."""
        self.fed, self.content, self.renderers = True, content, renderers
        self._offer_changes()

    def _offer_changes(self) -> None:
        for renderer in self.renderers.values():
            renderer.offer_changes(self.forge, self.content.loaded.places)

    def _read(self, root: Path) -> None:
        try:
            self.content = Content(root)
            self.problems = tuple(check_content(self.content))
            if self.problems and self.config.strict_content:
                raise Stop(self.problems)
        except Stop as stop:
            for problem in stop.problems:
                log.error(str(problem))
            raise Abort("The guide has problems; nothing was built.") from None
        self.renderers = self.content.renderers(public=self.public)

    def offered(self, lang: Lang) -> set[str]:
        """Names of the pages that this audience gets."""
        pages = self.content.pages[lang].values()
        if self.public:
            return {page.name for page in pages if page.meta.get("access") == "public"}
        return {page.name for page in pages} - {PREVIEW_HOME}

    def navigation(self) -> list[Any]:
        """Start, the six domains with their chapters, then what one looks up; only what this audience gets."""
        words = self.renderers[self.lang].words
        offered = self.offered(self.lang)

        def group(label: str, names: Iterable[str]) -> dict[str, list[str]]:
            return {label: [f"{name}.md" for name in names if f"{name}.md" in offered]}

        nav = words["nav"]
        wanted: list[str | dict[str, list[str]]] = [
            PREVIEW_HOME if self.public else "index.md",
            group(nav["start"], ("how-to-use", "about", "handling", "contact")),
            *(
                group(words["domains"][domain.value], (f"chapters/{chapter.slug}" for _, chapter in chapters))
                for domain, chapters in self.renderers[self.lang].domains
            ),
            group(nav["assess"], ("assessment", "report", "certification", "certification-path", "scoring-method")),
            group(nav["look_up"], ("training", "paper", "see-say-act", "glossary", "references", "cases", "changes")),
        ]
        return [item for item in wanted if isinstance(item, str) or any(item.values())]

    @event_priority(-200)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leaves out what this audience does not get; the preview's home becomes its index.

        Of what else stands in docs/, only images that such a page shows are published.
        """
        offered = {str(lang): self.offered(lang) for lang in LANGUAGES}
        images = {
            str(lang): {name for page in offered[lang] for name in shown_images(self.content.pages[lang][page])}
            for lang in LANGUAGES
        }
        for file in list(files):
            if not Path(file.abs_src_path or "").is_relative_to(config.docs_dir):
                continue  # the theme's own
            lang, _, name = file.src_uri.partition("/")
            if name not in (offered if file.is_documentation_page() else images).get(lang, set()):
                files.remove(file)
            elif name == PREVIEW_HOME:
                for attribute in ("dest_uri", "url", "abs_dest_path"):
                    before, _, after = getattr(file, attribute).rpartition("preview/")
                    moved = before + after
                    setattr(file, attribute, moved or "./")
        return files

    def on_page_context(self, context: Any, *, page: SitePage, config: MkDocsConfig, nav: Any) -> Any:
        """What the theme's templates may use; all of it in the language of the page."""
        here = self.on(page)
        other = page.url.removeprefix("es/") if here.lang == "es" else "es/" + page.url.removeprefix("./")
        source = here.made_from or f"docs/{here.lang}/{here.source.name}"
        chapter = self.content.guide.chapter(here.source.slug) if here.source.is_chapter else None
        context.update(self._common(here.lang), here=here, base_lang=here.base, other_url=other, source=source)
        context["chapter"] = chapter
        return context

    def _common(self, lang: Lang) -> dict[str, Any]:
        return {
            "words": self.renderers[lang].words,
            "page_lang": lang,
            "edition": self.content.guide.edition,
            "issued": self.renderers[lang].date(self.content.guide.edition.date),
            "audience": self.config.audience,
        }

    def on(self, page: SitePage) -> Here:
        """This site as seen from one page; the same object for all macros of that page."""
        here: Here | None = page.meta.get("_here")
        if here is None:
            here = page.meta["_here"] = Here(self.content, self.renderers, page)
        return here

    def on_template_context(self, context: Any, *, template_name: str, config: MkDocsConfig) -> Any:
        """The 404 page knows its language and the absolute way to its home."""
        top = urlsplit(config.site_url or "/").path.rstrip("/") + "/"
        base = top if self.lang == "en" else top + "es/"
        context.update(self._common(self.lang), base_lang=base, other_url=top + ("es/" if self.lang == "en" else ""))
        return context

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """MkDocs writes one 404.html, in the last language; the others are kept and written beside it."""
        if template_name != "404.html":
            return output
        self.not_found[self.lang] = output
        if self.lang != "en":
            path = Path(config.site_dir) / self.lang / "404.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(output, encoding="utf-8")
        return self.not_found["en"]

    @event_priority(100)
    def on_page_markdown(self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        """Tells the reader under its heading that a section's other language moved."""
        return self.on(page).with_notes(markdown)

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        """Puts finished parts at their marks, and the card of a chapter under its title."""
        here = self.on(page)
        html = here.with_blocks(html)
        if not here.source.is_chapter:
            return html
        head, end, rest = html.partition("</h1>")
        whole = f"{head}{end}{here.card()}{rest}"
        self.articles[here.lang, here.source.slug] = whole
        return whole
