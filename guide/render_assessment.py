"""The parts of the self-assessment as HTML in one language.

Enters: a Renderer and the way to the root of its language. Leaves: real HTML with labels and templates, which the
modules in overrides/assets/javascripts/assessment/ bring to life; every word and all markup stand there.
"""

from __future__ import annotations

from guide.model import LANGUAGES, Lang
from guide.render import Renderer


class AssessmentParts:
    """Renders the parts of `renderer`'s language; `base` leads from the page to the root of that language."""

    def __init__(self, renderer: Renderer, base: str) -> None:
        self.renderer = renderer
        self.base = base
        self.root = base + "../" if renderer.lang == "es" else base

    def assessment(self) -> str:
        """Requirements one after the other, files, device, editions."""
        return self._html("assessment", both=self._both)

    def report(self) -> str:
        """The gap report, in both languages, because one reader may hand it to two."""
        return self._html("report", both=self._both)

    def planner(self) -> str:
        """From a date of admission to a calendar; holds nothing of the member site."""
        return self._html("planner", rules=self.renderer.guide.lifecycle.model_dump(mode="json"))

    def fingerprint_check(self) -> str:
        """Whether a file is what a printed report says."""
        return self._html("fingerprint")

    def fast_entry(self) -> str:
        """Answers from paper, line by line."""
        return self._html("entry-page")

    @property
    def _both(self) -> dict[Lang, dict[str, dict[str, str]]]:
        """The words of both languages, for what is written in the language of an assessment."""
        return {lang: self.renderer.guide.interface.words(lang) for lang in LANGUAGES}

    def _html(self, name: str, **values: object) -> str:
        return self.renderer._html(f"assessment/{name}.html", base=self.base, root=self.root, **values)
