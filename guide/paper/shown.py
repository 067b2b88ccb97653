"""Which pairs of texts a printed document shows, so that it says which of them are out of step.

Enters: the guide and a Document. Leaves: names of pairs, in the order in which they are met, each with what a reader
calls it. What stands in the article of a chapter is not among them: the page brings its own marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.guide import Guide
from guide.model import Lang
from guide.paper.documents import Document

WORDS = (
    "site", "card", "paper", "checklist", "training", "weights", "glossary", "translation", "dates",
)  # fmt: skip
"""The groups of interface words that printed documents use; a template that wants another one fails."""
PARTS = {
    "objectives": ("training", "objectives"), "bring": ("training", "bring"), "plan": ("paper", "agenda"),
    "tabletop": ("training", "tabletop"), "discussion": ("paper", "discussion"), "quiz": ("paper", "quiz"),
    "follow-up": ("paper", "follow_up"),
}  # fmt: skip
"""The parts of a session and the words of their headings."""


def words(guide: Guide, lang: Lang) -> dict[str, dict[str, str]]:
    """The groups of interface words that paper uses, in one language."""
    every = guide.interface.words(lang)
    return {group: every[group] for group in WORDS if group in every}


def shown(guide: Guide, document: Document, lang: Lang) -> dict[str, str]:
    """What `document` shows: name of the pair -> what a reader of `lang` calls it."""
    return dict(_shown(guide, document, lang))


def _shown(guide: Guide, document: Document, lang: Lang) -> Iterator[tuple[str, str]]:
    named = words(guide, lang)
    for item in ("edition", *(f"interface:{group}" for group in WORDS)):
        yield item, named["paper"]["fixed_words"]
    if document.kind == "handout":
        return
    for code in document.codes:
        before = f"{code}: " if len(document.codes) > 1 else ""
        yield f"chapter:{code}", f"{before}{named['paper']['title_and_purpose']}"
        if document.kind in {"training", "session"}:
            for part, (group, word) in PARTS.items():
                yield f"training:{code}#{part}", f"{before}{named[group][word]}"
        for requirement in guide.in_force(code):
            yield requirement.id, requirement.id
    if document.kind == "book":
        for term in guide.terms.values():
            yield f"term:{term.id}", term.term[lang]
