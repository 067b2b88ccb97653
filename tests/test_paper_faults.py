"""Bad input and bad days: said with the chapter's name, nothing half-made left, the others printed."""

from __future__ import annotations

import re
import resource
import shutil
from pathlib import Path

import pytest

from guide.guide import Guide
from guide.marks import IN_STEP
from guide.model import Retired, Text
from guide.paper import layout, printing, worker
from guide.paper.documents import Document, Stack
from guide.paper.printing import print_all
from guide.problems import Problem
from tests.printed import article, pages, silence, whole_guide, word_places

IT = Document("handout", "en", ("IT",), "insider-threat", ("a4",))
PO = Document("handout", "en", ("PO",), "portals-and-communication", ("a4",))
IT_FILE, PO_FILE = "en/a4/insider-threat.pdf", "en/a4/portals-and-communication.pdf"


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The guide's data."""
    return whole_guide()


def stack(guide: Guide, more: str = "") -> Stack:
    """Two handouts of a sentence; `more` stands in the first."""
    plain = "<h1>A chapter</h1><p>One sentence.</p>"
    return Stack(guide, {("en", IT.name): plain + more, ("en", PO.name): plain}, IN_STEP, (IT, PO))


def only_the_first_fails(folder: Path, problems: list[Problem]) -> str:
    """Asserts that IT is named and absent, PO there, nothing half-made; returns what was said."""
    (problem,) = problems
    assert (problem.id, problem.file) == ("IT", f"paper/{IT_FILE}")
    assert not (folder / "out" / IT_FILE).exists()
    assert (folder / "out" / PO_FILE).read_bytes().endswith(b"%%EOF\n")
    assert not list(folder.rglob("*.part"))
    return problem.what


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('<p><img src="assets/gone.png" alt="A gate"></p>', "gone.png"),
        ('<p><img src="https://elsewhere.example/x.png" alt="A gate"></p>', "https://elsewhere.example/x.png"),
        ('<p>See <a href="#nowhere">the rule</a>.</p>', "nowhere"),
        ("<p>Quay 漢</p>", "no embedded font has the sign “漢” (U+6F22)"),
    ],
)
def test_what_would_harm_the_page_is_said(guide: Guide, tmp_path: Path, more: str, said: str) -> None:
    """An image that is missing or elsewhere, a link to nothing, a sign without a font."""
    made, problems = print_all(stack(guide, more), tmp_path / "out", tmp_path / "store", silence)
    assert made == 2
    assert said in only_the_first_fails(tmp_path, problems)


def test_a_book_is_not_made_without_one_of_its_chapters(guide: Guide, tmp_path: Path) -> None:
    """The fault is said once for the chapter and once for the book; the other handout is made."""
    book = Document("book", "en", ("IT", "PO"), "guide", ("a4",))
    whole = stack(guide, '<p><img src="assets/gone.png" alt="A gate"></p>')
    _, problems = print_all(
        Stack(guide, whole.articles, IN_STEP, (book, IT, PO)), tmp_path / "out", tmp_path / "store", silence
    )
    assert {problem.id for problem in problems} == {"IT", "book"}
    assert any("it needs the handout of IT" in problem.what for problem in problems)
    assert [path.name for path in (tmp_path / "out").rglob("*.pdf")] == ["portals-and-communication.pdf"]


def test_a_table_of_forty_rows_keeps_its_rows_whole_and_repeats_its_head(guide: Guide, tmp_path: Path) -> None:
    """Each row stands on one page, and each page with rows begins them with the head."""
    rows = "".join(f"<tr><td>begin{n}</td><td>{'A sentence of some length. ' * 8}end{n}</td></tr>" for n in range(40))
    table = f"<table><thead><tr><th>Number</th><th>Whatwesay</th></tr></thead><tbody>{rows}</tbody></table>"
    assert print_all(stack(guide, table), tmp_path / "out", tmp_path / "store", silence)[1] == []
    shown = pages(tmp_path / "out" / IT_FILE)
    with_rows = [page for page in shown if re.search(r"begin\d", page)]
    assert len(with_rows) > 2
    assert all("Whatwesay" in page for page in with_rows)
    for number in range(40):
        assert [f"begin{number} " in page for page in shown] == [f"end{number} " in f"{page} " for page in shown]


def test_a_word_of_three_hundred_letters_stays_on_the_sheet(guide: Guide, tmp_path: Path) -> None:
    """It is broken, in a paragraph and in a cell of a table."""
    word = "Sicherheit" * 30
    table = f"<table><tr><th>A</th><th>B</th></tr><tr><td>{word}</td><td>b</td></tr></table>"
    assert print_all(stack(guide, f"<p>{word}</p>{table}"), tmp_path / "out", tmp_path / "store", silence)[1] == []
    assert all(one.left >= 50 and one.right <= 595 - 50 for one in word_places(tmp_path / "out" / IT_FILE))


def test_a_chapter_without_a_requirement_in_force_has_no_worksheet(guide: Guide, tmp_path: Path) -> None:
    """The reason is said; the handout is made all the same."""
    checklist = guide.checklists["IT"]
    gone = Retired(edition="2027.06", reason=Text(en="Gone.", es="Fuera."))
    none = checklist.model_copy(
        update={"requirements": tuple(r.model_copy(update={"retired": gone}) for r in checklist.requirements)}
    )
    empty = guide.model_copy(update={"checklists": {**guide.checklists, "IT": none}})
    sheet = Document("worksheet", "en", ("IT",), "insider-threat", ("a4",))
    whole = stack(guide)
    _, problems = print_all(
        Stack(empty, whole.articles, IN_STEP, (sheet, IT)), tmp_path / "out", tmp_path / "store", silence
    )
    assert {problem.id for problem in problems} == {"IT"}
    assert all("its checklist has no requirement in force" in problem.what for problem in problems)
    assert [path.name for path in (tmp_path / "out").rglob("*.pdf")] == ["insider-threat.pdf"]


def test_a_missing_font_is_not_replaced_by_another(
    guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a font file is gone, every document says so: nothing is printed in a font of the machine."""
    shutil.copytree(layout.PAPER, tmp_path / "paper")
    for font in (tmp_path / "paper" / "fonts").glob("source-sans*.ttf"):
        font.unlink()
    monkeypatch.setattr(layout, "PAPER", tmp_path / "paper")
    layout._style.cache_clear()
    layout._fonts.cache_clear()
    _, problems = print_all(stack(guide), tmp_path / "out", tmp_path / "store", silence)
    layout._style.cache_clear()
    layout._fonts.cache_clear()
    assert {problem.id for problem in problems} == {"IT", "PO"}
    assert all("font" in problem.what.lower() for problem in problems)
    assert not list((tmp_path / "out").rglob("*.pdf"))


def test_a_folder_that_may_not_be_written_is_named(guide: Guide, tmp_path: Path) -> None:
    """Not even root may write below /proc: each document and the place are named, and there is no traceback."""
    _, problems = print_all(stack(guide), Path("/proc/paper"), tmp_path / "store", silence)
    assert [problem.id for problem in problems] == ["IT", "PO"]
    assert all("/proc/paper" in problem.what for problem in problems)


def test_a_store_that_may_not_be_written_is_named(guide: Guide, tmp_path: Path) -> None:
    """The run ends with one problem."""
    made, problems = print_all(stack(guide), tmp_path / "out", Path("/proc/store"), silence)
    assert made == 0
    assert "/proc/store" in problems[0].what


def test_a_disk_that_is_full_half_way_leaves_nothing_half_made(
    guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The large document does not fit, the small one does; afterwards, with room, the large one is made too."""
    large = stack(guide, article(guide, "IT", "en"))
    print_all(large, tmp_path / "all", tmp_path / "store of all", silence)
    room = sum((tmp_path / "all" / file).stat().st_size for file in (IT_FILE, PO_FILE)) // 2

    def with_little_room(whole: Stack) -> None:
        worker.begin(whole)
        layout._style()  # the engine keeps fonts in temporary files of its own
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    monkeypatch.setattr(printing, "begin", with_little_room)
    _, problems = print_all(large, tmp_path / "out", tmp_path / "store", silence)
    assert "the disk is full" in only_the_first_fails(tmp_path, problems)
    monkeypatch.undo()
    assert print_all(large, tmp_path / "out", tmp_path / "store", silence) == (1, [])
    assert (tmp_path / "out" / IT_FILE).read_bytes().endswith(b"%%EOF\n")


def test_a_process_that_is_ended_from_outside_is_reported(
    guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may end a process for want of memory: every document that is missing is named."""

    def with_little_time(whole: Stack) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        worker.begin(whole)

    monkeypatch.setattr(printing, "begin", with_little_time)
    _, problems = print_all(stack(guide, "<p>word</p>" * 4000), tmp_path / "out", tmp_path / "store", silence)
    assert "IT" in {problem.id for problem in problems}
    assert all("ended from outside" in problem.what for problem in problems)
    assert not list(tmp_path.rglob("*.part"))
