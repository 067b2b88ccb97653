"""Search finds what officers type: a judged set of queries, answered by the module that the browser runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from guide.content import Content
from guide.model import LANGUAGES, Lang
from guide.search import Index
from tests.browser import chromium
from tests.conftest import ROOT

QUERIES: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "search" / "queries.yml").read_text(encoding="utf-8")
)
RANKING = ROOT / "overrides" / "assets" / "javascripts" / "search" / "ranking.js"
AMONG = 3
CERTAIN = {"accent", "acronym", "id"}

ASK = """async ({source, index, queries}) => {
  const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}))
  const found = (await import(address)).opened(index)
  return queries.map(query => found.find(query).map(({page}) => found.pages[page][0]))
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page to run the module in."""
    with chromium() as browser:
        yield browser.new_page()


@pytest.fixture(scope="module")
def answers(page: Page) -> dict[str, list[tuple[dict[str, str], list[str]]]]:
    """Each query of each language with the addresses of the pages found, in order."""
    content = Content(ROOT)
    found: dict[str, Any] = {}
    for lang in ("en", "es"):
        index = Index(content, lang, public=False).as_json()  # type: ignore[arg-type]
        asked = {"source": RANKING.read_text("utf-8"), "index": index, "queries": [one["q"] for one in QUERIES[lang]]}
        found[lang] = list(zip(QUERIES[lang], page.evaluate(ASK, asked), strict=True))
    return found


def _right(query: dict[str, str], addresses: list[str]) -> bool:
    wanted = {f"chapters/{slug}/" for slug in query["chapter"].split("|")}
    return not wanted.isdisjoint(addresses[:AMONG])


def test_the_judged_set_is_large_enough() -> None:
    """At least sixty queries a language, of every kind."""
    for lang in ("en", "es"):
        assert len(QUERIES[lang]) >= 60
    assert {"accent", "acronym", "id", "misspelt", "half", "question"} <= {
        q["kind"] for qs in QUERIES.values() for q in qs
    }


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_right_chapter_is_among_the_first_three(lang: str, answers: dict[str, Any]) -> None:
    """At least 95 % of the queries lead to the expected chapter among the first three pages."""
    missed = [query["q"] for query, addresses in answers[lang] if not _right(query, addresses)]
    assert len(missed) <= 0.05 * len(answers[lang]), missed


@pytest.mark.parametrize("lang", ["en", "es"])
def test_accents_acronyms_and_ids_always_find(lang: str, answers: dict[str, Any]) -> None:
    """A query without its accents, an acronym of either language, or a requirement id never misses."""
    sure = [(query, addresses) for query, addresses in answers[lang] if query["kind"] in CERTAIN]
    assert [query["q"] for query, addresses in sure if not _right(query, addresses)] == []


def test_the_public_index_holds_public_pages_only() -> None:
    """The preview's search knows no member page, no requirement and no term."""
    content = Content(ROOT)
    index = Index(content, "en", public=True)
    text = json.dumps(index.as_json()) + json.dumps(index.texts())
    assert "chapters/" not in text
    assert "IT-04" not in text
    public = {page.name for page in content.pages["en"].values() if page.meta["access"] == "public"}
    assert len(index.pages) == len(public)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phrase_reads_as_its_page_does(lang: Lang) -> None:
    """Where a sentence cites a document, a term or a requirement, the phrase has the words that the page has there."""
    content = Content(ROOT)
    phrases = {(piece.page, piece.anchor): piece.text for piece in Index(content, lang, public=False).pieces}
    assert not [text for text in phrases.values() if re.search(r"\(\s*[,;]?\s*\)| [.,;:] |[\ue000\ue001]", text)]
    pages = Index(content, lang, public=False).pages
    number = next(n for n, (address, *_) in enumerate(pages) if address == "chapters/communications/")
    assert content.guide.references["iso-22320"].short[lang] in phrases[number, "who-tells-whom"]
