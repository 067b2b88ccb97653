"""The real guide: complete, without problems, and the same in both languages."""

from __future__ import annotations

import re

import pytest

from guide.checking import check_content
from guide.content import Content
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def content() -> Content:
    """The guide as it stands."""
    return Content(ROOT)


def test_the_content_has_no_problems(content: Content) -> None:
    """What `guide check` says of the real guide: nothing."""
    assert [str(problem) for problem in check_content(content)] == []


def test_the_guide_is_whole(content: Content) -> None:
    """Twenty-three chapters, each with 8 to 14 requirements and a session; at least 230 requirements in all."""
    guide = content.guide
    assert len(guide.chapters) == 23
    for chapter in guide.chapters:
        assert 8 <= len(guide.in_force(chapter.code)) <= 14, chapter.code
        assert chapter.code in guide.training, chapter.code
    assert sum(len(guide.in_force(chapter.code)) for chapter in guide.chapters) >= 230


def test_the_languages_cover_the_same(content: Content) -> None:
    """Same pages, same heading ids, same macro calls, and a text in both languages for every requirement."""
    english, spanish = content.pages["en"], content.pages["es"]
    assert english.keys() == spanish.keys()
    for name, page in english.items():
        other = spanish[name]
        assert [h.id for h in page.headings] == [h.id for h in other.headings], name
        assert sorted(c.name for c in page.calls) == sorted(c.name for c in other.calls), name
    for requirement in content.guide.requirements.values():
        assert requirement.text.en != requirement.text.es, requirement.id


def test_there_is_enough_to_learn_from(content: Content) -> None:
    """At least 18 documented incidents, 200 terms in both languages, and eight figures."""
    assert len(content.guide.cases) >= 18
    assert len(content.guide.terms) >= 200
    assert len(content.figures) >= 8


@pytest.mark.parametrize("folder", ["guide/templates", "overrides"])
def test_no_template_shows_a_method_in_place_of_a_word(folder: str) -> None:
    """A word called `clear` or `items` is asked for with ["clear"]: after a full stop it is a method of Python's."""
    methods = "|".join(name for name in dir(dict) if not name.startswith("_"))
    for template in (ROOT / folder).rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.findall(rf"\b(?:words|w)\.(?:\w+\.)?(?:{methods})\b(?!\()", text), template.name
