"""A change on one side alone reaches no reader unmarked: under headings in any form, in lists, in search."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.agreement import essential_in_step
from guide.confirmations import Confirmation, write_confirmed
from guide.content import Content
from guide.fingerprint import fingerprint
from guide.live import LiveLanguage
from guide.model import LANGUAGES, Lang
from guide.search import Index
from guide.translation import Pair
from tests.conftest import ROOT
from tests.test_golden_cases import damage
from tests.test_preview import CHAPTER, project

DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def confirmed(tmp_path: Path) -> Path:
    """The specimen as a project, every pair confirmed."""
    root = project(tmp_path)
    confirm_all(root)
    return root


def confirm_all(root: Path) -> None:
    """Everything as it stands says the same."""
    pairs = Content(root).pairs
    write_confirmed(root, {item: Confirmation(*pair.fingerprints, DAY) for item, pair in pairs.items()})


def page_of(root: Path, lang: Lang, address: str) -> str:
    """The HTML of a page, its words one after the other."""
    content = Content(root)
    html = LiveLanguage(root, lang, content, content.renderers()).render(address)
    return " ".join(html.split())


@pytest.mark.parametrize("heading", [
    "## {words} {{#{name}}}",
    "## {words} {{#{name}}} ",
    "## {words} {{#{name}}} ##",
    "##\t{words} {{#{name}}}",
    " ## {words} {{#{name}}}",
    "{words} {{#{name}}}\n---",
    "## {words}{{#{name}}}",
])  # fmt: skip
def test_the_mark_stands_under_its_heading_however_it_is_written(confirmed: Path, heading: str) -> None:
    """A section whose Spanish moved tells readers of both languages so, between its heading and its first sentence."""
    file = f"docs/es/{CHAPTER}.md"
    text = heading.format(words="Práctica 2", name="second-practice")
    damage(confirmed, {"file": file, "replace": "## Práctica 2 {#second-practice}", "by": text})
    confirm_all(confirmed)
    damage(confirmed, {"file": file, "replace": f"{text}\n\nUna frase", "by": f"{text}\n\nNinguna frase"})
    for lang, begins in (("es", "Ninguna frase"), ("en", "One sentence")):
        html = page_of(confirmed, lang, f"{'es/' if lang == 'es' else ''}{CHAPTER}/")  # type: ignore[arg-type]
        article = html[html.index('class="prose"') :]
        assert article.count("translation-note") == 1
        mark = article.index("translation-note")
        heading_at = article.index({"es": "Práctica 2", "en": "Practice 2"}[lang])
        assert heading_at < mark < article.index(begins, heading_at)


@pytest.mark.parametrize("first", ["# Guía de prácticas\n", "", "Guía de prácticas\n===\n"])
def test_a_title_or_summary_is_marked_on_a_page_with_any_first_heading(confirmed: Path, first: str) -> None:
    """What stands before the first section has its mark at the top, also where a page has no first heading."""
    damage(confirmed, {"file": "docs/es/index.md", "replace": "# Guía de prácticas\n", "by": first})
    confirm_all(confirmed)
    damage(confirmed, {"file": "docs/es/index.md", "replace": "summary: ", "by": "summary: Nunca "})
    assert page_of(confirmed, "es", "es/").count("translation-note") == 1


def one_side_alone(root: Path, item: str, lang: Lang = "es") -> Content:
    """The guide after the text of one pair was changed in one language."""
    content = Content(root)
    place = content.pairs[item].places[lang]
    file = root / place.file
    rows = file.read_text("utf-8").splitlines(keepends=True)
    at = next(n for n in range(place.line - 1, len(rows)) if re.search(rf"\b{lang}: ", rows[n]))
    rows[at] = re.sub(rf"\b{lang}: (\"?)", rf"{lang}: \1Nunca ", rows[at], count=1)
    file.write_text("".join(rows), encoding="utf-8")
    content = Content(root)
    assert content.pairs[item].behind, rows[at]
    return content


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("item", "place"), [
    ("reference:cap-1223", "references"), ("case:I15", "references"), ("case:I15", "case-list"),
    ("reference:cap-1223", "checklist"), ("case:I15", "checklist"), ("chapter:IT", "chapter-list"),
    ("chapter:IT", "home"), ("chapter:IT", "used-in"), ("reference:cap-1223", "ref"), ("IT-01", "requirement"),
])  # fmt: skip
def test_lists_and_links_carry_the_sign(confirmed: Path, lang: Lang, item: str, place: str) -> None:
    """Where a text stands in a line of other things there is a sign, and who cannot see it hears the sentence."""
    renderer = one_side_alone(confirmed, item).renderers()[lang]
    shown = {
        "references": lambda: renderer.references("IT", (), (), ""),
        "case-list": lambda: renderer.case_list("").partition("</nav>")[0],
        "checklist": lambda: renderer.checklist("IT", ""),
        "chapter-list": lambda: renderer.chapter_list(""),
        "home": lambda: renderer.home(""),
        "used-in": lambda: renderer.reference_list(""),
        "ref": lambda: renderer.ref("cap-1223", None, ""),
        "requirement": lambda: renderer.requirement("IT-01", ""),
    }[place]()
    assert renderer.words["translation"]["spanish_moved"] in shown
    assert "≠" in shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("moved", ["the chapter", "the title"])
@pytest.mark.parametrize("part", ["menu", "neighbours"])
def test_a_title_that_leads_to_a_marked_page_carries_the_sign(
    confirmed: Path, lang: Lang, part: str, moved: str
) -> None:
    """In the menu and beside the words for the next page; nothing there while all is in step."""
    home = "" if lang == "en" else "es/"

    def shown() -> str:
        html = page_of(confirmed, lang, home)
        start = html.index('<nav id="site-menu"' if part == "menu" else '<nav class="neighbours"')
        return html[start : html.index("</nav>", start)]

    before = shown()
    assert "chapters/insider-threat/" in before
    assert "≠" not in before
    if moved == "the chapter":
        one_side_alone(confirmed, "chapter:IT")
    else:
        damage(confirmed, {"file": f"docs/es/{CHAPTER}.md", "replace": "title: ", "by": "title: Contra la "})
    words = Content(confirmed).renderers()[lang].words["translation"]
    after = shown()
    assert after.count("behind-sign") == 1
    assert words["spanish_moved"] in after


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_a_page_and_the_name_of_its_window_carry_the_sign(confirmed: Path, lang: Lang) -> None:
    """On this page: the section that moved and no other; the window: only when the title moved."""
    address = f"{'' if lang == 'en' else 'es/'}{CHAPTER}/"
    file, begin = f"docs/es/{CHAPTER}.md", "{#second-practice}\n\n"
    damage(confirmed, {"file": file, "replace": f"{begin}Una", "by": f"{begin}Ninguna"})
    html = page_of(confirmed, lang, address)
    start = html.index('<nav id="site-toc"')
    listed = re.findall("<a .*?</a>", html[start : html.index("</nav>", start)])
    words = Content(confirmed).renderers()[lang].words["translation"]
    assert ["#second-practice" in link for link in listed] == [words["spanish_moved"] in link for link in listed]
    assert "≠" not in html.partition("</title>")[0]
    damage(confirmed, {"file": file, "replace": "title: ", "by": "title: Contra la "})
    assert " ≠ · " in page_of(confirmed, lang, address).partition("</title>")[0]


def test_the_mark_of_a_case_stands_outside_what_is_folded(confirmed: Path) -> None:
    """The title is read without unfolding, so its mark is too."""
    card = one_side_alone(confirmed, "case:I15").renderers()["en"].case("I15", "")
    assert "translation-note" in card.partition("<details>")[0]
    assert card.count("translation-note") == 1


@pytest.mark.parametrize("item", [
    "IT-02", "case:I15", "term:insider", "reference:cap-1223", "chapter:IT",
    f"{CHAPTER}.md#second-practice", f"{CHAPTER}.md#top",
])  # fmt: skip
def test_a_phrase_of_the_search_says_it(confirmed: Path, item: str) -> None:
    """The search shows a text away from its page: the sentence goes with it."""
    for name in ("cases", "glossary", "references"):
        for lang in LANGUAGES:
            page = f"---\ntitle: {name}\nsummary: {name}.\naccess: member\n---\n\n# {name}\n"
            (confirmed / "docs" / lang / f"{name}.md").write_text(page, encoding="utf-8")
    if item.endswith("second-practice"):
        begin = "{#second-practice}\n\n"
        damage(confirmed, {"file": f"docs/es/{CHAPTER}.md", "replace": f"{begin}Una", "by": f"{begin}Ninguna"})
    elif item.endswith("top"):
        damage(confirmed, {"file": f"docs/es/{CHAPTER}.md", "replace": "summary: ", "by": "summary: Nunca "})
    else:
        one_side_alone(confirmed, item)
    content = Content(confirmed)
    index = Index(content, "en", public=False)
    behind = json.loads(json.dumps(index.as_json()))["behind"]
    assert {name for number in behind for name in index.pieces[int(number)].items} >= {item}
    assert set(behind.values()) >= {"The Spanish text was changed; this text follows."}


@pytest.mark.parametrize("root", [ROOT, None], ids=["the guide", "the specimen"])
def test_every_kind_of_pair_is_marked_or_stops_a_release(root: Path | None, confirmed: Path) -> None:
    """A new kind of text must say where its readers see that it is out of step; otherwise a release refuses it."""
    content = Content(root or confirmed)
    for pair in content.pairs.values():
        refused = list(essential_in_step([moved(pair)]))
        assert bool(refused) == (pair.essential or pair.item.partition(":")[0] in UNMARKED), pair.item
        assert refused or kind_of(pair) in MARKED, f"{pair.item}: where is its mark?"


def moved(pair: Pair) -> Pair:
    """The pair after its Spanish was changed."""
    return Pair(pair.item, pair.en, "otra cosa", pair.places, Confirmation(*pair.fingerprints, DAY), pair.essential)


def kind_of(pair: Pair) -> str:
    """What comes before the name: case, term …; a section or a requirement have none."""
    if pair.of_a_page:
        return "section"
    return "requirement" if re.fullmatch(r"[A-Z]{2}-\d{2}", pair.item) else pair.item.partition(":")[0]


UNMARKED = {"scoring", "lifecycle", "edition", "interface", "report"}
MARKED = {
    "section", "requirement", "case", "reference", "term", "chapter", "checklists", "training", "figure", "changes",
}  # fmt: skip
"""Kinds whose marks are shown by the tests of this file, of test_editors_translation.py and of test_paper_marks.py."""


def test_a_list_of_what_to_bring_and_a_bulletin_carry_their_marks(confirmed: Path) -> None:
    """The card of a chapter for its checklist; the page of changes and the text that is sent for a bulletin."""
    content = one_side_alone(confirmed, "checklists:IT")
    card = content.renderers()["en"].card(content.guide.chapter("IT"), "", ())
    assert "translation-note" in card.partition("<details")[0]
    told = "edition: '2026.11'\nsince: '2026.05'\nchanges: []\n"
    (confirmed / "data/changes").mkdir()
    (confirmed / "data/changes/2026.11.yml").write_text(told, encoding="utf-8")
    content = Content(confirmed)
    renderer = content.renderers()["es"]
    assert "todavía no se ha comparado" in renderer.changes(content.changes, "")
    assert "≠ Este texto todavía no se ha comparado" in renderer.bulletin(content.changes[0])


def alike() -> Iterator[tuple[str, str]]:
    """Texts that differ in their look alone."""
    yield "He said 'stop' and left.", 'He said "stop" and left.'
    yield "case('I15')", 'case("I15")'
    yield "And so on…", "And so on..."
    yield "1. Call.\n2. Wait.\n\n   Longer.\n3. Go.", "- Call.\n- Wait.\n\n  Longer.\n- Go."
    yield "1. Call.\n1. Wait.", "1. Call.\n2. Wait."


def other() -> Iterator[tuple[str, str]]:
    """Texts that may say something else."""
    yield "On day\n7. That person waited.", "On day\n8. That person waited."
    yield "14. Ambos esperan.", "Ambos esperan."
    yield "the guards' hut", "the guards hut"


@pytest.mark.parametrize(("one", "two"), list(alike()))
def test_the_look_of_a_text_does_not_count(one: str, two: str) -> None:
    """Quotation marks, the sign for three dots and the numbers of a list are look."""
    assert fingerprint(one) == fingerprint(two)


@pytest.mark.parametrize(("one", "two"), list(other()))
def test_a_figure_at_the_beginning_of_a_line_counts(one: str, two: str) -> None:
    """A figure with a full stop is no number of a list, unless it follows the one before."""
    assert fingerprint(one) != fingerprint(two)


def test_a_page_of_entries_leads_to_its_data_and_each_entry_to_its_line(confirmed: Path) -> None:
    """With a forge configured, whoever changes a term or a requirement lands where its words are."""
    for lang in LANGUAGES:
        text = "---\ntitle: G\nsummary: G.\naccess: member\n---\n\n# G\n\n{{ glossary_list() }}\n"
        (confirmed / "docs" / lang / "glossary.md").write_text(text, encoding="utf-8")
    (confirmed / "mkdocs.yml").rename(confirmed / "base.yml")
    forge = "https://forge.example.org/edit/{path}#L{line}"
    (confirmed / "mkdocs.yml").write_text(f'INHERIT: base.yml\nextra:\n  forge: "{forge}"\n', encoding="utf-8")
    places = Content(confirmed).loaded.places
    glossary, chapter = page_of(confirmed, "es", "es/glossary/"), page_of(confirmed, "es", f"es/{CHAPTER}/")
    assert 'href="https://forge.example.org/edit/data/glossary.yml#L1"' in glossary
    assert f'href="https://forge.example.org/edit/data/glossary.yml#L{places["term:insider"].line}"' in glossary
    checklist = places["IT-01"]
    assert f'href="https://forge.example.org/edit/{checklist.file}#L{checklist.line}"' in chapter
    assert f'href="https://forge.example.org/edit/docs/es/{CHAPTER}.md#L1"' in chapter
