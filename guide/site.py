"""The MkDocs side of the guide: a plugin that feeds data, navigation and page facts into the build.

Enters: MkDocs' events. Leaves: pages with their card, navigation by domain, one 404 per language. With macros/ this is
the only place that knows MkDocs.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.pages import Page as SitePage

from guide import checking
from guide.figures import Figure, load_figures, render_figure
from guide.load import Loaded, load
from guide.model import LANGUAGES, Lang
from guide.pages import Page, read_pages
from guide.problems import Stop
from guide.render import Renderer, Uses

log = logging.getLogger("mkdocs.plugins.practice-guide")

#: Characters that Markdown would read as markup if data brought them into a sentence.
_MARKDOWN_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "*_`[]\\{}~^"})


class Site:
    """The guide as one build of the site sees it, in both languages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.loaded: Loaded = load(root)
        self.pages = read_pages(root)
        self.figures: dict[str, Figure[Any]] = {figure.id: figure for figure in load_figures(root / "data" / "figures")}

    @cached_property
    def uses(self) -> Uses:
        """Which chapters cite what, from the English pages (parity is a rule) and their checklists."""
        guide = self.loaded.guide
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for chapter in guide.chapters:
            page = self.pages["en"].get(f"chapters/{chapter.slug}.md")
            cited = [(call.name, str(call.arguments[0])) for call in page.calls if call.arguments] if page else []
            for requirement in guide.in_force(chapter.code):
                cited += [("ref", citation.id) for citation in requirement.references]
                cited += [("case", case) for case in requirement.cases]
            for item in dict.fromkeys(cited):
                found[item].append(chapter.code)
        return Uses({item: tuple(codes) for item, codes in found.items()})

    @cached_property
    def renderers(self) -> dict[Lang, Renderer]:
        """One renderer per language."""
        return {lang: Renderer(self.loaded.guide, lang, self.uses) for lang in LANGUAGES}

    def on(self, page: SitePage) -> Here:
        """This site as seen from one page; the same object for all macros of that page."""
        here: Here | None = page.meta.get("_here")
        if here is None:
            here = page.meta["_here"] = Here(self, page)
        return here


class Here:
    """What a macro needs to know about the page that it stands on."""

    def __init__(self, site: Site, page: SitePage) -> None:
        self.site = site
        self.lang: Lang = page.file.locale  # type: ignore[attr-defined]
        self.renderer = site.renderers[self.lang]
        self.source: Page = site.pages[self.lang][page.file.src_uri.partition("/")[2]]
        self.base = base_of(page.url, self.lang)
        self.counts: Counter[str] = Counter()

    def count(self, kind: str) -> int:
        """1, 2, 3 … for each use of a kind on this page."""
        self.counts[kind] += 1
        return self.counts[kind]

    def block(self, html: str) -> str:
        """HTML that stands alone: Markdown takes it whole because it begins with a block element."""
        return f"\n\n{html.strip()}\n\n"

    def inline(self, html: str) -> str:
        """HTML in a sentence, safe from Markdown."""
        return html.strip().translate(_MARKDOWN_SIGNS)

    def figure(self, item: str) -> str:
        """A figure in this language."""
        return render_figure(self.site.figures[item], self.lang)

    def references(self) -> str:
        """What this page cites."""
        cited: dict[str, list[str]] = defaultdict(list)
        for call in self.source.calls:
            if call.arguments:
                cited[call.name].append(str(call.arguments[0]))
        guide = self.site.loaded.guide
        code = guide.chapter(self.source.slug).code if self.source.is_chapter else None
        return self.renderer.references(code, tuple(cited["ref"]), tuple(cited["case"]), self.base)

    def card(self) -> str:
        """The card of this chapter."""
        words = sum(len(text.split()) for _, text in self.source.prose)
        readers = tuple(self.source.meta.get("readers") or ())
        return self.renderer.card(self.site.loaded.guide.chapter(self.source.slug), self.base, words, readers)


def base_of(url: str, lang: Lang) -> str:
    """The relative way from a page's address to the root of its language: "./" or "../../"."""
    depth = url.strip("/").count("/") + 1 if url.strip("/") else 0
    return "../" * (depth - (lang == "es")) or "./"


class GuideConfig(Config):  # type: ignore[no-untyped-call]
    """No settings: the guide is configured by its data."""

    strict_content = config_options.Type(bool, default=True)
    """False lets a preview go on with problems in the content (they are still listed)."""


class GuidePlugin(BasePlugin[GuideConfig]):  # type: ignore[no-untyped-call]
    """Stops the build when the content has problems; gives templates and pages what they need."""

    site: Site
    lang: Lang = "en"

    def __init__(self) -> None:
        self.not_found: dict[Lang, str] = {}

    @event_priority(-200)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Checks the content once per run and sets the navigation of the language that is about to be built."""
        root = Path(config.config_file_path).parent
        i18n: Any = config.plugins["i18n"]
        self.lang = i18n.current_language
        try:
            if not i18n.building:
                self._check(root)
            self.site = Site(root)
        except Stop as stop:
            for problem in stop.problems:
                log.error(str(problem))
            raise Abort("The guide has problems; nothing was built.") from None
        config.nav = self.navigation()
        config.extra["guide_site"] = self.site
        return config

    def _check(self, root: Path) -> None:
        problems = checking.check(root)
        if problems and self.config.strict_content:
            raise Stop(problems)
        for problem in problems:
            log.info(str(problem))

    def navigation(self) -> list[Any]:
        """Start, the six domains with their chapters, then what one looks up."""
        words = self.site.renderers[self.lang].words
        there = self.site.pages[self.lang]
        domains = [
            {
                words["domains"][domain.value]: [
                    name for _, chapter in chapters if (name := f"chapters/{chapter.slug}.md") in there
                ]
            }
            for domain, chapters in self.site.renderers[self.lang].domains
        ]

        def group(label: str, names: Iterable[str]) -> dict[str, list[str]]:
            return {words["nav"][label]: [f"{name}.md" for name in names if f"{name}.md" in there]}

        wanted: list[str | dict[str, list[str]]] = [
            "index.md",
            group("start", ("how-to-use", "about", "handling", "contact")),
            *domains,
            group("assess", ("assessment", "report", "certification", "certification-path", "scoring-method")),
            group("look_up", ("training", "see-say-act", "paper", "glossary", "references", "cases", "changes")),
        ]
        return [item for item in wanted if isinstance(item, str) or any(item.values())]

    def on_page_context(self, context: Any, page: SitePage, config: MkDocsConfig, nav: Any) -> Any:
        """What the theme's templates may use; all of it in the language of the page."""
        here = self.site.on(page)
        other = page.url.removeprefix("es/") if here.lang == "es" else "es/" + page.url
        context.update(self._common(here.lang), base_lang=here.base, other_url=other)
        return context

    def _common(self, lang: Lang) -> dict[str, Any]:
        return {
            "words": self.site.renderers[lang].words,
            "page_lang": lang,
            "edition": self.site.loaded.guide.edition,
        }

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

    def on_page_content(self, html: str, page: SitePage, config: MkDocsConfig, files: Any) -> str:
        """Puts the card of a chapter under its title."""
        here = self.site.on(page)
        if not here.source.is_chapter:
            return html
        head, end, rest = html.partition("</h1>")
        return f"{head}{end}{here.card()}{rest}"

    def on_serve(self, server: Any, config: MkDocsConfig, builder: Any) -> Any:
        """Nothing to add: mkdocs.yml lists what is watched."""
        return server
