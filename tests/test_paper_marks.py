"""A text of which one language was changed alone says so on every sheet that shows it, and on no other."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from guide.__main__ import main
from guide.confirmations import Confirmation, write_confirmed
from guide.content import Content
from guide.guide import Guide
from guide.live import LiveLanguage
from guide.marks import IN_STEP, Behind, Marks, told
from guide.model import LANGUAGES, Lang
from guide.paper.digest import Digests
from guide.paper.documents import SIZES, Articles, Document, Stack, documents, session
from guide.paper.press import Press
from guide.paper.printing import print_all
from guide.paper.shown import PARTS, shown
from guide.translation import items
from tests.conftest import shared
from tests.printed import ROOT, articles, pages, silence, text, whole_guide
from tests.repository import commit

SLUG, REQUIREMENT = "portals-and-communication", "PO-02"
CHANGED = ("chapter:PO", REQUIREMENT, "training:PO#quiz")
"""A purpose, a requirement and a part of a session."""
SAID = {
    "en": "The English text was changed on 10 November 2026; the Spanish text follows.",
    "es": "El texto en inglés se modificó el 10 de noviembre de 2026; este texto está pendiente de actualizarse.",
}
COLUMNS = {
    "en": "The English column was changed on 10 November 2026; the two columns have not been compared since.",
    "es": "La columna en inglés se modificó el 10 de noviembre de 2026; "
    "desde entonces no se han comparado las dos columnas.",
}
WAITS = {
    "en": "Not yet confirmed to agree in both languages:",
    "es": "Aún no se ha confirmado que concuerden los dos idiomas:",
}


@dataclass(frozen=True)
class Paper:
    """The documents of one chapter: those of the guide and a session in each language."""

    content: Content
    stack: Stack
    sessions: tuple[Stack, ...]

    def html(self) -> Iterator[tuple[Document, str]]:
        """Each document before it is laid out; of a book, the pages that are not handouts."""
        for stack in (self.stack, *self.sessions):
            for document in stack.documents:
                press = Press(stack, document.lang)
                if document.kind == "book":
                    chapters = tuple(map(press.guide.chapter, document.codes))
                    stands = dict.fromkeys(press.guide.requirements, 1)
                    yield document, press.book_front(document, []) + press.book_back(document, stands, chapters)
                else:
                    yield document, press.html(document)


@dataclass(frozen=True)
class Printed(Paper):
    """Paper as it lies there."""

    folder: Path

    def pdf(self, kind: str, lang: Lang, size: str) -> Path:
        """The file of one kind of document."""
        names = {"book": "guide", "session": "session-po", "handout": SLUG, "bilingual": f"{SLUG}-worksheet"}
        names |= {"worksheet": f"{SLUG}-worksheet", "fillable": f"{SLUG}-worksheet-fillable"}
        name = names.get(kind, f"{SLUG}-{kind}")
        return self.folder / ("bilingual" if kind == "bilingual" else lang) / size / f"{name}.pdf"


KINDS = ("handout", "worksheet", "fillable", "training", "book", "session")


def site_articles(root: Path, content: Content) -> Articles:
    """The article of the chapter as the site shows it: a page that is made alone is the page of a whole build."""
    made: Articles = {}
    for lang in LANGUAGES:
        live = LiveLanguage(root, lang, content, content.renderers())
        live.render(f"{'es/' if lang == 'es' else ''}chapters/{SLUG}/")
        made |= live._plugin.articles
    return made


def paper_of(root: Path) -> Paper:
    """Every document of one chapter, from the project as it is."""
    content = Content(root)
    chapters = (content.guide.chapter("PO"),)
    return Paper(
        content,
        documents(content.guide, site_articles(root, content), content.behind),
        tuple(session(content.guide, content.behind, chapters, lang) for lang in LANGUAGES),
    )


def print_project(root: Path, folder: Path) -> Printed:
    """The paper of a project, printed below a folder."""
    paper = paper_of(root)
    for one in (paper.stack, *paper.sessions):
        assert print_all(one, folder / "out", folder / "store", silence)[1] == []
    return Printed(paper.content, paper.stack, paper.sessions, folder / "out")


def in_step(root: Path) -> None:
    """Confirms every pair."""
    pairs = Content(root).pairs
    write_confirmed(root, {name: Confirmation(*pair.fingerprints, date(2026, 11, 1)) for name, pair in pairs.items()})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the guide, confirmed and committed, in which somebody then changed three English texts alone."""
    root = tmp_path_factory.mktemp("project") / "guide"
    for name in ("data", "docs", "macros", "overrides"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", ".gitattributes"):
        shutil.copy(ROOT / name, root / name)
    (root / "guide").mkdir()  # mkdocs.yml names it; the program is the one that is installed
    in_step(root)
    commit(root, "Everything confirmed", "2026-11-01")
    guide = Content(root).guide
    quiz = guide.training["PO"].quiz[0]
    for wanted in (guide.chapter("PO").purpose, guide.requirements[REQUIREMENT].text, quiz.question):
        lead = wanted.en[:24]
        (file,) = (path for path in (root / "data").rglob("*.yml") if lead in path.read_text("utf-8"))
        file.write_text(file.read_text("utf-8").replace(lead, f"Always {lead}", 1), "utf-8")
    commit(root, "One side alone", "2026-11-10")
    return root


@pytest.fixture(scope="module")
def moved(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Paper while the Spanish waits, printed by the first worker who asks."""
    with shared(tmp_path_factory, "paper that waits") as folder:
        kept = folder / "printed.pickle"
        if not kept.exists():
            folder.mkdir()
            kept.write_bytes(pickle.dumps(print_project(project, folder)))
        found: Printed = pickle.loads(kept.read_bytes())
    return found


@pytest.fixture(scope="module")
def confirmed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Paper after somebody confirmed all of it."""
    root = Path(shutil.copytree(project, tmp_path_factory.mktemp("confirmed") / "guide"))
    in_step(root)
    return paper_of(root)


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The guide's data."""
    return whole_guide()


def test_the_copy_is_out_of_step_where_it_was_changed(moved: Printed) -> None:
    """Three pairs, the same for readers of both languages, since the day of the commit."""
    for lang in LANGUAGES:
        assert moved.content.behind[lang] == dict.fromkeys(CHANGED, Behind("ENGLISH_MOVED", "2026-11-10"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_stands_under_the_requirement_in_every_document(
    moved: Printed, kind: str, lang: Lang, size: str
) -> None:
    """Statement and mark follow each other, wherever the statement is printed; on both papers."""
    shown_text = text(moved.pdf(kind, lang, size))
    statement = " ".join(moved.content.guide.requirements[REQUIREMENT].text[lang].split())
    places = [found.end() for found in re.finditer(re.escape(statement), shown_text)]
    assert places
    for place in places:
        after = shown_text[place : place + 200].replace("≠ ", "", 1).strip()
        if kind == "book" and not after.startswith(SAID[lang]):  # the index sets the page beside the statement
            after = re.sub(r"^\d+ ", "", after)
        assert after.startswith(SAID[lang]), after


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "handout"])
def test_the_first_page_names_what_waits(moved: Printed, kind: str, lang: Lang, size: str) -> None:
    """Title and purpose, the requirement, and in packs the part of the session; a chapter's own line has the day."""
    pdf = moved.pdf(kind, lang, size)
    first = pages(pdf)[0]
    named = {"en": ["Title and purpose", "Quiz"], "es": ["Título y propósito", "Cuestionario"]}[lang]
    wanted = [named[0], *named[1:] * (kind in {"training", "session"}), REQUIREMENT]
    assert f"{WAITS[lang]} {', '.join(wanted)}" in first
    if kind != "book":
        assert f"{named[0]}: {SAID[lang]}" in text(pdf)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["training", "session"])
def test_a_part_of_a_session_is_marked_for_facilitator_and_participants(moved: Printed, kind: str, lang: Lang) -> None:
    """Under the heading of the answers and under that of the questions."""
    shown_text = text(moved.pdf(kind, lang, "a4"))
    quiz, answers = {"en": ("Quiz", "Quiz answers"), "es": ("Cuestionario", "Respuestas del cuestionario")}[lang]
    title = moved.content.guide.chapter("PO").title[lang]
    assert f"{answers} ≠ {SAID[lang]}" in shown_text
    assert f"{title}: {quiz} ≠ {SAID[lang]}" in shown_text
    assert shown_text.count(SAID[lang]) == 2 + 1 + 2, "quiz twice, tally, title and purpose twice"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_purpose_is_marked_on_the_handout_and_in_the_book(moved: Printed, lang: Lang) -> None:
    """The card says it under the purpose."""
    purpose = " ".join(moved.content.guide.chapter("PO").purpose[lang].split())
    for kind in ("handout", "book"):
        assert f"{purpose} {SAID[lang]}" in text(moved.pdf(kind, lang, "letter"))


@pytest.mark.parametrize("size", SIZES)
def test_on_the_bilingual_worksheet_each_column_says_that_they_were_not_compared(moved: Printed, size: str) -> None:
    """Once in each language, in the row of the requirement; no other row has a mark."""
    sheet = moved.pdf("bilingual", "en", size)
    for lang in LANGUAGES:
        assert text(sheet).count(COLUMNS[lang]) == 1
        assert WAITS[lang] in pages(sheet)[0]
        statement = " ".join(moved.content.guide.requirements[REQUIREMENT].text[lang].split())
        assert f"{statement} ≠ {COLUMNS[lang]}" in text(sheet)


def test_nothing_is_marked_when_everything_is_in_step(moved: Printed, confirmed: Paper) -> None:
    """No sentence and no list in any document; while the Spanish waits, each of them has one."""
    said = [*SAID.values(), *COLUMNS.values(), *WAITS.values()]
    marked = {document for document, html in moved.html() if any(words in html for words in said)}
    unmarked = {document for document, html in confirmed.html() if not any(words in html for words in said)}
    assert marked == unmarked == {*confirmed.stack.documents, *(one for s in confirmed.sessions for one in s.documents)}


def test_the_command_marks_a_session_pack(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`guide paper --session PO` finds out by itself what is out of step."""
    monkeypatch.chdir(project)
    result = CliRunner().invoke(main, ["paper", "--session", "PO", "--lang", "es", "--size", "a4"])
    assert result.exit_code == 0, result.output
    assert WAITS["es"] in pages(project / "build" / "paper" / "es" / "a4" / "session-po.pdf")[0]


def test_confirming_prints_anew_what_showed_the_mark_and_nothing_else(moved: Printed, confirmed: Paper) -> None:
    """Of this chapter everything changes, because its purpose stands everywhere; the rest of the guide does not."""
    other = [Document(kind, "en", ("IT",), "insider-threat") for kind in ("worksheet", "training", "bilingual")]  # type: ignore[arg-type]
    old, new = Digests(moved.stack), Digests(confirmed.stack)
    assert [d for d in moved.stack.documents if old.of(d) == new.of(d)] == []
    assert [d for d in other if old.of(d) != new.of(d)] == []


# --- each pair by itself ---------------------------------------------------------------------------------------------


def only(*items_: str, state: str = "ENGLISH_MOVED") -> Marks:
    """Marks of these pairs."""
    return {lang: dict.fromkeys(items_, Behind(state, "2026-11-10")) for lang in LANGUAGES}


@cache
def two_chapters(marked: str) -> dict[tuple[str, str, str], str]:
    """The digest of each document of two chapters, when `marked` alone is out of step ("" for nothing)."""
    guide, marks = whole_guide(), only(marked) if marked else IN_STEP
    stack = documents(guide, articles(guide, "IT", "PO", marks=marks), marks)
    digests = Digests(stack)
    return {(document.kind, document.lang, document.name): digests.of(document) for document in stack.documents}


PIECES: dict[str, Callable[[str, str], bool]] = {
    "PO-02": lambda kind, name: kind == "book" or name == SLUG,
    "chapter:PO": lambda kind, name: kind == "book" or name == SLUG,
    "training:PO#quiz": lambda kind, name: kind == "training" and name == SLUG,
    "training:PO#plan": lambda kind, name: kind == "book" or (name == SLUG and kind in {"training", "handout"}),
    "term:insider": lambda kind, name: kind == "book",
    "term:port-facility-security-officer": lambda kind, name: kind in {"book", "handout"},
    "interface:paper": lambda kind, name: True,
    "interface:workbook": lambda kind, name: False,
}


@pytest.mark.parametrize("item", PIECES)
def test_a_state_belongs_to_the_documents_that_show_the_text(item: str) -> None:
    """Confirming one pair makes exactly these documents anew, in both languages."""
    before, after = two_chapters(item), two_chapters("")
    made_anew = {key for key in before if before[key] != after[key]}
    assert made_anew == {key for key in before if PIECES[item](key[0], key[2])}


def test_every_part_of_a_session_has_its_heading(guide: Guide) -> None:
    """A part that is confirmed by itself can be named and marked."""
    assert {item.partition("#")[2] for item, _ in items(guide.training["PO"])} == set(PARTS)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["worksheet", "bilingual", "training", "session"])
def test_everything_that_a_document_shows_is_marked_where_it_stands(guide: Guide, kind: str, lang: Lang) -> None:
    """Each pair alone puts its sentence on the sheet, besides its name on the first page."""
    document = Document(kind, lang, ("PO",), SLUG)  # type: ignore[arg-type]
    for item in shown(guide, document, lang):
        if item.startswith(("interface:", "edition")):
            continue
        marks = only(item)
        about = "columns_" if kind == "bilingual" and ":" not in item else ""
        html = Press(Stack(guide, {}, marks, (document,)), lang).html(document)
        for reader in document.languages:
            assert told(marks[reader][item], guide.interface.words(reader), about) in html, item


@pytest.mark.parametrize("state", ["ENGLISH_MOVED", "SPANISH_MOVED", "BOTH_MOVED", "NEW"])
@pytest.mark.parametrize("day", ["2026-11-10", None])
def test_there_are_words_for_every_state(guide: Guide, state: str, day: str | None) -> None:
    """With the day and without it; what nobody has ever compared has no day."""
    for lang in LANGUAGES:
        for about in ("", "columns_"):
            said = told(Behind(state, None if state == "NEW" else day), guide.interface.words(lang), about)
            assert "{" not in said
            assert ("2026" in said) == (day is not None and state != "NEW")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_stay_whole_when_every_requirement_waits(guide: Guide, lang: Lang, tmp_path: Path) -> None:
    """In the longest checklist each row has its statement, mark and last line on one page, under a repeated head."""
    marks = only(*(r.id for r in guide.in_force("IT")), "chapter:IT", *(f"training:IT#{part}" for part in PARTS))
    kinds = ("worksheet", "bilingual", "training")
    made = tuple(Document(kind, lang, ("IT",), "insider-threat") for kind in kinds)  # type: ignore[arg-type]
    _, problems = print_all(Stack(guide, {}, marks, made), tmp_path / "out", tmp_path / "store", silence)
    assert problems == []
    for document in made:
        a4, letter = (pages(tmp_path / "out" / document.files[place].path) for place in (0, 1))
        assert a4 == letter
        about = "columns_" if document.kind == "bilingual" else ""
        mark = told(marks[lang]["IT-01"], guide.interface.words(lang), about)
        for requirement in guide.in_force("IT"):
            statement = " ".join(requirement.text[lang].split())
            (page,) = (page for page in a4 if statement in page)
            assert f"{statement} ≠ {mark}" in page
            assert guide.interface.words(lang)["paper"]["requirement"] in page
        rows = [page.count(guide.interface.words(lang)["paper"]["owner"]) for page in a4]
        if document.kind != "training":
            heads = [document.kind == "worksheet" and place == 0 for place in range(len(a4))]
            assert rows == [page.count(mark) - head for page, head in zip(a4, heads, strict=True)]
