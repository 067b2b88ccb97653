"""Everything that the guide consists of, read once: data, figures, pages, and the state of each translated pair.

Enters: the project's folder. Leaves: Content, from which the checks, the site, paper and downloads are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from guide.changes_model import Changes, read_changes
from guide.confirmations import Confirmation, read_confirmed
from guide.earlier import since
from guide.figures import load_figures
from guide.figures.model import Figure
from guide.guide import Guide
from guide.load import Loaded, load, published_ids, read_text
from guide.marks import Behind
from guide.model import LANGUAGES, Lang
from guide.pages import TOP, Page, read_pages
from guide.plain_files import written
from guide.problems import Problem, Stop
from guide.render import Renderer, Uses
from guide.rules import Pages
from guide.translation import Pair, State, pairs

T = TypeVar("T")


class Content:
    """The guide in both languages, as the project's files say. Raises Stop with every file that cannot be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        problems: list[Problem] = []

        def attempt(step: Callable[[], T]) -> T | None:
            try:
                return step()
            except Stop as stop:
                problems.extend(stop.problems)
                return None

        loaded = attempt(lambda: load(root))
        pages = attempt(lambda: read_pages(root))
        figures = attempt(lambda: load_figures(root / "data" / "figures"))
        confirmed = attempt(lambda: read_confirmed(root))
        changes = attempt(lambda: read_changes(root))
        published = attempt(lambda: published_ids(root))
        for path in [*written(root / "data" / "words", "*.txt"), *written(root / "data", "*.txt")]:
            attempt(partial(read_text, path, root))  # rules rely on them
        if (
            loaded is None or pages is None or figures is None or confirmed is None or changes is None
            or published is None or problems
        ):  # fmt: skip
            raise Stop(problems)
        self.loaded: Loaded = loaded
        self.pages: Pages = pages
        self.figures: dict[str, Figure[Any]] = {figure.id: figure for figure in figures}
        self.confirmed: dict[str, tuple[Confirmation, ...]] = confirmed
        self.changes: tuple[Changes, ...] = changes
        self.published: dict[str, int] = published

    @property
    def guide(self) -> Guide:
        """The data."""
        return self.loaded.guide

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """Every pair of texts by item, with its state."""
        found = pairs(self.guide, self.figures.values(), self.pages, self.loaded.places, self.confirmed, self.changes)
        return {pair.item: pair for pair in found}

    @cached_property
    def uses(self) -> Uses:
        """Which chapters cite what, from the English pages (parity is a rule) and their checklists."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for chapter in self.guide.chapters:
            page = self.pages["en"].get(f"chapters/{chapter.slug}.md")
            cited = [(call.name, str(call.arguments[0])) for call in page.calls if call.arguments] if page else []
            for requirement in self.guide.in_force(chapter.code):
                cited += [("ref", citation.id) for citation in requirement.references]
                cited += [("case", case) for case in requirement.cases]
            for item in dict.fromkeys(cited):
                found[item].append(chapter.code)
        return Uses({item: tuple(codes) for item, codes in found.items()})

    def renderers(
        self, *, public: bool = False, behind: dict[Lang, dict[str, Behind]] | None = None
    ) -> dict[Lang, Renderer]:
        """One renderer per language; `public` ones never lead to a member page.

        `behind` is found in the project's history unless it is given: the preview cannot wait for that.
        """
        found = self.behind if behind is None else behind
        return {
            lang: Renderer(self.guide, lang, self.uses, self.lengths(lang), found[lang], public=public)
            for lang in LANGUAGES
        }

    @cached_property
    def behind(self) -> dict[Lang, dict[str, Behind]]:
        """What a reader of each language must know: that one side moved and since when, whichever side is read.

        The side that moved is marked too: nobody has agreed to its new meaning yet. So is a text that nobody has ever
        compared.
        """
        found: dict[Lang, dict[str, Behind]] = {lang: {} for lang in LANGUAGES}
        for pair in self.pairs.values():
            if pair.state is State.NEW:
                for lang in LANGUAGES:
                    found[lang][pair.item] = Behind(pair.state.name, None)
            for lang in LANGUAGES if pair.behind else ():
                other: Lang = "es" if lang == "en" else "en"
                found[lang][pair.item] = Behind(
                    pair.state.name, since(self.root, pair, other if pair.moved(other) else lang)
                )
        return found

    def title_pairs(self, page: Page) -> tuple[str, ...]:
        """The pairs of texts in which the title of a page stands: where one is out of step, so is the title."""
        code = self._codes.get(page.name)
        return f"{page.name}#{TOP}", *((f"chapter:{code}",) if code else ())

    @cached_property
    def _codes(self) -> dict[str, str]:
        """The code of each chapter by the name of its page: every menu asks for the titles of all pages."""
        return {f"chapters/{chapter.slug}.md": chapter.code for chapter in self.guide.chapters}

    def lengths(self, lang: Lang) -> dict[str, int]:
        """Words of prose of each written chapter, by code."""
        there = {page.slug: page for page in self.pages[lang].values() if page.is_chapter}
        return {c.code: self.words_of(there[c.slug]) for c in self.guide.chapters if c.slug in there}

    def words_of(self, page: Page) -> int:
        """Length of a page's prose in words."""
        return sum(len(text.split()) for _, text in page.prose)
