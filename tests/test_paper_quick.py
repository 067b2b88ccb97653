"""The quicker parts of the layout engine change no byte of what it writes."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from weasyprint import css

from guide.marks import IN_STEP
from guide.paper import layout, quick, worker
from guide.paper.documents import Document, Stack
from guide.paper.worker import Task
from tests.printed import articles, whole_guide

BOOK = Document("book", "es", ("IT", "PO"), "guide", ("a4",))
ENGINE = css.ComputedStyle.__init__
"""What the quicker parts stand for, before anybody has put them in place."""


def work(folder: Path, tasks: tuple[tuple[Document, ...], ...], *, quicker: bool) -> None:
    """Makes the documents of some tasks below a folder, with the quicker parts or without, as a new process does."""
    guide = whole_guide()
    for kept in (layout._style, layout._engine_style, layout._fonts):
        kept.cache_clear()
    if not quicker:
        worker.hasten = quick.pack_as_we_do
    worker.begin(Stack(guide, articles(guide, *BOOK.codes), IN_STEP, ()))
    assert (css.ComputedStyle.__init__ is ENGINE) is not quicker
    for task in tasks:
        places = {one: {file: folder / file.path.replace("/", "-") for file in one.files} for one in task}
        assert not worker.work(Task(task, places))


def printed(folder: Path, *tasks: tuple[Document, ...], quicker: bool) -> dict[str, bytes]:
    """The files of some documents, printed in a process of their own."""
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        pool.submit(work, folder, tasks, quicker=quicker).result()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def together() -> tuple[tuple[Document, ...], ...]:
    """A book with its handouts, and one of each other kind."""
    slugs = {code: whole_guide().chapter(code).slug for code in BOOK.codes}
    handouts = (Document("handout", "es", (code,), slug) for code, slug in slugs.items())
    others = (Document(kind, "es", ("PO",), slugs["PO"]) for kind in ("worksheet", "bilingual", "training"))  # type: ignore[arg-type]
    return ((BOOK, *handouts), *((one,) for one in others))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files as we print them."""
    return printed(tmp_path_factory.mktemp("ours"), *together(), quicker=True)


def test_the_quicker_parts_change_nothing(ours: dict[str, bytes], tmp_path: Path) -> None:
    """Handouts, sheets, a pack and a book have the same bytes with the engine's own parts."""
    theirs = printed(tmp_path, *together(), quicker=False)
    assert ours.keys() == theirs.keys()
    assert [name for name, made in ours.items() if made != theirs[name]] == []


def test_a_book_is_the_same_whether_its_handouts_were_printed_before_or_not(
    ours: dict[str, bytes], tmp_path: Path
) -> None:
    """Lines that were drawn for a handout are used again in the book, which must not show."""
    (alone,) = printed(tmp_path, (BOOK,), quicker=True).values()
    assert ours["es-a4-guide.pdf"] == alone
