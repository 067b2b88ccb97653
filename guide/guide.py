"""The whole guide as one frozen value.

Enters: what `load` read. Leaves: lookups by id, code and slug for everything to the right of `load`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from guide.lifecycle_model import Lifecycle
from guide.model import (
    Case,
    Chapter,
    Checklist,
    Edition,
    Frozen,
    Glossary,
    Interface,
    Reference,
    ReportWords,
    Requirement,
    Term,
    Training,
)
from guide.scoring_model import Scoring


class Guide(Frozen):
    """Everything that the guide knows, in both languages. Mappings are by code or id, in the order of the files."""

    edition: Edition
    chapters: tuple[Chapter, ...]
    checklists: Mapping[str, Checklist]
    """By chapter code; a chapter without one is in preparation."""
    training: Mapping[str, Training]
    cases: Mapping[str, Case]
    references: Mapping[str, Reference]
    glossary: Glossary
    scoring: Scoring
    lifecycle: Lifecycle
    interface: Interface
    report: ReportWords
    """The words of `guide report`, which reads their file itself."""

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Terms by id."""
        return {term.id: term for term in self.glossary.terms}

    @cached_property
    def requirements(self) -> dict[str, Requirement]:
        """Every requirement by id, retired ones too, in the order of chapters."""
        return {
            requirement.id: requirement
            for chapter in self.chapters
            if chapter.code in self.checklists
            for requirement in self.checklists[chapter.code].requirements
        }

    def chapter(self, key: str) -> Chapter:
        """The chapter with this code or slug. Raises KeyError."""
        for chapter in self.chapters:
            if key in {chapter.code, chapter.slug}:
                return chapter
        raise KeyError(key)

    def in_force(self, code: str) -> tuple[Requirement, ...]:
        """The requirements of a chapter that are asked today (none while it is in preparation)."""
        checklist = self.checklists.get(code)
        return tuple(r for r in checklist.requirements if r.retired is None) if checklist else ()
