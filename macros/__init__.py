"""The words that a page may use: checklist(), case(), ref(), term() … Each is a door of a few lines to guide.render.

Enters: the page that is being rendered. Leaves: finished HTML, made from the data that the plugin read for this build.
"""

from __future__ import annotations

from typing import Any

from guide.export.downloads import offered
from guide.render_assessment import AssessmentParts
from guide.render_downloads import downloads as download_lists
from guide.site import GuidePlugin, Here


def define_env(env: Any) -> None:
    """Called by mkdocs-macros once per language and build."""

    def here() -> Here:
        plugin: GuidePlugin = env.conf.plugins["practice-guide"]
        return plugin.on(env.page)

    @env.macro
    def checklist(chapter: str) -> str:
        return here().block(here().renderer.checklist(chapter, here().base))

    @env.macro
    def training(chapter: str) -> str:
        return here().block(here().renderer.training(chapter, here().base))

    @env.macro
    def case(item: str) -> str:
        return here().block(here().renderer.case(item, here().base))

    @env.macro
    def ref(item: str, clause: str | None = None) -> str:
        return here().inline(here().renderer.ref(item, clause, here().base))

    @env.macro
    def term(item: str, words: str | None = None) -> str:
        return here().inline(here().renderer.term(item, words, here().base, here().count("term")))

    @env.macro
    def requirement(item: str) -> str:
        return here().inline(here().renderer.requirement(item, here().base))

    @env.macro
    def figure(item: str) -> str:
        return here().block(here().figure(item))

    @env.macro
    def references() -> str:
        return here().block(here().references())

    @env.macro
    def reference_list() -> str:
        return here().block(here().renderer.reference_list(here().base))

    @env.macro
    def case_list() -> str:
        return here().block(here().renderer.case_list(here().base))

    @env.macro
    def glossary_list() -> str:
        return here().block(here().renderer.glossary_list(here().base))

    @env.macro
    def chapter_list() -> str:
        return here().block(here().renderer.chapter_list(here().base))

    def parts() -> AssessmentParts:
        return AssessmentParts(here().renderer, here().base)

    @env.macro
    def assessment() -> str:
        return here().block(parts().assessment())

    @env.macro
    def report() -> str:
        return here().block(parts().report())

    @env.macro
    def planner() -> str:
        return here().block(parts().planner())

    @env.macro
    def fingerprint_check() -> str:
        return here().block(parts().fingerprint_check())

    @env.macro
    def fast_entry() -> str:
        return here().block(parts().fast_entry())

    @env.macro
    def downloads() -> str:
        return here().block(download_lists(here().renderer, here().base, offered()))

    @env.macro
    def changes() -> str:
        return here().block(here().renderer.changes(here().content.changes, here().base))

    @env.macro
    def home() -> str:
        return here().block(here().renderer.home(here().base))
