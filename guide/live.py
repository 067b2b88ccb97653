"""One language of the site kept warm: configuration, navigation and templates stay loaded, one page is made when asked.

Enters: the project's folder and Content. Leaves: the HTML of one page, as `mkdocs build` would write it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from mkdocs.commands.build import _populate_page, get_context
from mkdocs.config import load_config
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from guide.content import Content
from guide.model import Lang
from guide.render import Renderer
from guide.site import GuidePlugin


class LiveLanguage:
    """The pages of one language by address ("chapters/media/", "es/"); `render` makes one of them."""

    def __init__(self, root: Path, lang: Lang, content: Content, renderers: dict[Lang, Renderer]) -> None:
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        config = load_config(str(root / "mkdocs.yml"), strict=False)
        self._plugin = cast(GuidePlugin, config.plugins["practice-guide"])
        self._plugin.feed(content, renderers)
        cast(Any, config.plugins["i18n"]).current_language = lang
        config.plugins.on_startup(command="serve", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        files = get_files(config)
        env = config.theme.get_env()
        files.add_files_from_theme(env, config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        self._config, self._files, self._nav = config, files, nav
        self._env = config.plugins.on_env(env, config=config, files=files)
        self.pages: dict[str, Page] = {}
        for file in files.documentation_pages():
            page = file.page or Page(None, file, config)
            page.read_source(config)  # titles, for the navigation
            self.pages["" if page.url in {"./", "."} else page.url] = page
        self.folders = [Path(folder) for folder in config.theme.dirs]
        """Where stylesheets, scripts and images stand, the guide's own first."""

    def feed(self, content: Content, renderers: dict[Lang, Renderer]) -> None:
        """The same pages with other content."""
        self._plugin.feed(content, renderers)

    def source(self, address: str) -> str:
        """The Markdown file of a page, from the project's folder."""
        return f"docs/{self.pages[address].file.src_uri}"

    def render(self, address: str) -> str:
        """The HTML of a page. Raises what a macro or a template raises."""
        page, config = self.pages[address], self._config
        _populate_page(page, config, self._files)
        config._current_page = page
        page.active = True
        try:
            context = get_context(self._nav, self._files.documentation_pages(), config, page)
            template = self._env.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(context, page=page, config=config, nav=self._nav)
            html = template.render(context)
            return str(config.plugins.on_post_page(html, page=page, config=config))
        finally:
            page.active = False
            config._current_page = None
