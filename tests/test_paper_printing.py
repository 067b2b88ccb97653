"""Printing as work: nothing is made twice, the same input gives the same bytes, the command says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from guide.guide import Guide
from guide.marks import IN_STEP
from guide.paper.command import paper_command
from guide.paper.digest import Digests
from guide.paper.documents import Document, Stack, documents, session
from guide.paper.printing import print_all
from tests.printed import article, articles, silence, whole_guide


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The guide's data."""
    return whole_guide()


def small(guide: Guide) -> Stack:
    """One handout, one worksheet with its fields, one training pack."""
    kinds = (("handout", "en"), ("worksheet", "es"), ("training", "en"))
    made = tuple(Document(kind, lang, ("PO",), "portals-and-communication") for kind, lang in kinds)  # type: ignore[arg-type]
    return Stack(guide, articles(guide, "PO"), IN_STEP, made)


@pytest.fixture(scope="module")
def printed(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """These documents printed from nothing: `out` has the files, `store` what was kept."""
    folder = tmp_path_factory.mktemp("printed")
    assert print_all(small(guide), folder / "out", folder / "store", silence) == (3, [])
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_input_gives_the_same_bytes(guide: Guide, printed: Path, tmp_path: Path) -> None:
    """Two runs from nothing, in another order, in other processes."""
    stack = small(guide)
    turned = Stack(guide, stack.articles, IN_STEP, stack.documents[::-1])
    assert print_all(turned, tmp_path / "out", tmp_path / "store", silence) == (3, [])
    assert contents(tmp_path / "out") == contents(printed / "out")
    assert len(contents(tmp_path / "out")) == 8


def test_what_did_not_change_is_not_made_again(guide: Guide, printed: Path, tmp_path: Path) -> None:
    """The second run renders nothing and puts the same files where they belong, even into an empty folder."""
    said: list[str] = []
    assert print_all(small(guide), tmp_path / "out", printed / "store", said.append) == (0, [])
    assert contents(tmp_path / "out") == contents(printed / "out")
    assert said == ["paper: 3 documents, 0 to be made"]


def test_a_changed_page_changes_its_handout_and_the_book_only(guide: Guide) -> None:
    """A new sentence in the English chapter touches two documents of all."""
    before = documents(guide, articles(guide, "IT", "PO"), IN_STEP)
    changed = {**before.articles, ("en", "insider-threat"): article(guide, "IT", "en", "<p>A new sentence.</p>")}
    after = documents(guide, changed, IN_STEP)
    old, new = Digests(before), Digests(after)
    moved = [document for document in before.documents if old.of(document) != new.of(document)]
    assert {(document.kind, document.lang, document.name) for document in moved} == {
        ("handout", "en", "insider-threat"),
        ("book", "en", "guide"),
    }


def test_no_two_documents_share_a_place_or_a_digest(guide: Guide) -> None:
    """Names do not collide."""
    stack = documents(guide, articles(guide, "IT", "PO"), IN_STEP)
    paths = [file.path for document in stack.documents for file in document.files]
    assert len(set(paths)) == len(paths)
    digests = Digests(stack)
    assert len({digests.of(document) for document in stack.documents}) == len(stack.documents)


def test_the_order_of_chapters_in_a_session_counts(guide: Guide) -> None:
    """IT,CC is another session than CC,IT."""
    chapters = (guide.chapter("IT"), guide.chapter("CC"))
    first, second = session(guide, IN_STEP, chapters, "en"), session(guide, IN_STEP, chapters[::-1], "en")
    assert first.documents[0].files != second.documents[0].files
    assert Digests(first).of(first.documents[0]) != Digests(second).of(second.documents[0])


def test_the_command_makes_a_session_pack_and_names_its_place(guide: Guide, tmp_path: Path) -> None:
    """`guide paper --session PO --lang es --size letter` makes one file."""
    command = paper_command(lambda: tmp_path, lambda _: (guide, IN_STEP), lambda _: {})
    result = CliRunner().invoke(command, ["--session", "po", "--lang", "es", "--size", "letter"])
    assert result.exit_code == 0, result.output
    assert "build/paper/es/letter/session-po.pdf" in result.output
    assert [path.name for path in (tmp_path / "build").rglob("*.pdf")] == ["session-po.pdf"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--session", "IT,XX"], "there is no chapter XX"),
        (["--session", ","], "name at least one chapter"),
        (["--session", "IT", "--chapter", "PO"], "not both"),
        (["--lang", "fr"], "fr"),
    ],
)
def test_the_command_explains_what_it_does_not_understand(guide: Guide, words: list[str], said: str) -> None:
    """A wrong word ends with one sentence and no traceback."""
    result = CliRunner().invoke(paper_command(Path, lambda _: (guide, IN_STEP), lambda _: {}), words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
