"""The quicker parts of the layout engine change no byte of what it writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.printed import ROOT

PROGRAM = """
import sys
from pathlib import Path
from guide.marks import IN_STEP
from guide.paper import quick, worker
from guide.paper.documents import Document, Stack
from guide.paper.worker import Task
from tests.printed import articles, whole_guide

if sys.argv[2] == "engine":
    worker.hasten = quick.pack_as_we_do
guide = whole_guide()
book = Document("book", "es", ("IT", "PO"), "guide", ("a4",))
handouts = tuple(Document("handout", "es", (code,), guide.chapter(code).slug) for code in ("IT", "PO"))
others = tuple(Document(kind, "es", ("IT",), "insider-threat") for kind in ("worksheet", "bilingual", "training"))
worker.begin(Stack(guide, articles(guide, "IT", "PO"), IN_STEP, (book, *handouts, *others)))
for task in ((book, *handouts), *((one,) for one in others), (book,)):
    below = Path(sys.argv[1]) / ("alone" if task == (book,) else "together")
    below.mkdir(parents=True, exist_ok=True)
    places = {one: {file: below / file.path.replace("/", "-") for file in one.files} for one in task}
    assert not worker.work(Task(task, places))
"""


def printed(folder: Path, how: str) -> dict[str, bytes]:
    """The files of some documents, printed in a process of its own."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(folder), how], cwd=ROOT, check=True)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.pdf")}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files as we print them."""
    return printed(tmp_path_factory.mktemp("ours"), "ours")


def test_the_quicker_parts_change_nothing(ours: dict[str, bytes], tmp_path: Path) -> None:
    """Handouts, sheets, a pack and a book have the same bytes with the engine's own parts."""
    theirs = printed(tmp_path, "engine")
    assert ours.keys() == theirs.keys()
    assert [name for name, made in ours.items() if made != theirs[name]] == []


def test_a_book_is_the_same_whether_its_handouts_were_printed_before_or_not(ours: dict[str, bytes]) -> None:
    """Lines that were drawn for a handout are used again in the book, which must not show."""
    assert ours["alone/es-a4-guide.pdf"] == ours["together/es-a4-guide.pdf"]
