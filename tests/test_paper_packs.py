"""Training packs as they leave a printer that prints on both sides: what is handed out, signed or cut stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import pytest

from guide.marks import IN_STEP
from guide.model import LANGUAGES
from guide.paper.documents import Document, File, Stack
from guide.paper.printing import print_all
from tests.conftest import shared
from tests.printed import pages, silence, whole_guide

GUIDE = whole_guide()
CODES = tuple(chapter.code for chapter in GUIDE.chapters if chapter.code in GUIDE.training)
SESSION = ("CR", "IN", "IT")
TRAINERS = {"facilitator", "tally"}
"""What stays with the trainer: these may share a sheet."""
CUT = {"cards", "follow-up"}
"""What is cut: nothing may stand on its back."""


@dataclass(frozen=True)
class Pack:
    """A printed pack: which kind of sheet each page is."""

    document: Document
    file: File
    shown: tuple[str, ...]

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of paper in the language of the pack."""
        return GUIDE.interface.words(self.document.lang)["paper"]

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each page."""
        return [self._kind(page) for page in self.shown]

    def _kind(self, page: str) -> str:
        if self.words["facilitator"] in page:
            return "facilitator"
        found = [name for name in ("tally", "sign_in", "cards", "log", "quiz", "follow_up") if self._titled(page, name)]
        if self.words["blank"] in page:
            assert not found
            return "blank"
        assert len(found) <= 1, page
        if not found:
            assert self.words["participant"] in page, page
        return found[0].replace("_", "-") if found else "participant"

    def _titled(self, page: str, name: str) -> bool:
        return f": {self.words[name]} " in f"{page} "


def _steps(code: str) -> Iterator[tuple[int, str]]:
    """When each step of the hour begins, and the first word of its name."""
    at = 0
    for step in GUIDE.training[code].plan:
        yield at, step.activity.en.replace(":", " ").split()[0]
        at += step.minutes


def _documents() -> Iterator[Document]:
    for lang in LANGUAGES:
        for code in CODES:
            yield Document("training", lang, (code,), GUIDE.chapter(code).slug, ("a4",))
        yield Document("session", lang, SESSION, "session", ("a4",))


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Pack]:
    """Every training pack and a session about three chapters, in both languages, printed once a run.

    On one paper: both are written from the same pages (tests/test_paper_documents.py).
    """
    stack = Stack(GUIDE, {}, IN_STEP, tuple(_documents()))
    with shared(tmp_path_factory, "packs") as folder:
        assert print_all(stack, folder / "out", folder / "store", silence)[1] == []
    return [
        Pack(document, file, pages(folder / "out" / file.path))
        for document in stack.documents
        for file in document.files
    ]


def test_no_answer_stands_on_the_back_of_what_is_handed_out(packs: list[Pack]) -> None:
    """The trainer's pages share a sheet with the trainer's only, and what is cut has an empty back."""
    assert len(packs) == 2 * (len(CODES) + 1)
    for pack in packs:
        sides = [*pack.kinds, "blank"]
        for front, back in zip(sides[::2], sides[1::2], strict=False):
            if TRAINERS & {front, back}:
                assert {front, back} <= TRAINERS | {"blank"}, (pack.file.path, front, back)
            if CUT & {front, back}:
                assert front in CUT, (pack.file.path, front, back)
                assert back == "blank", (pack.file.path, front, back)


def test_what_is_handed_out_or_cut_begins_on_a_front(packs: list[Pack]) -> None:
    """Sign-in sheet, cards, log, participant's sheets and follow-up have odd pages, each chapter of a session too."""
    for pack in packs:
        kinds = pack.kinds
        firsts = {kind: [n for n, one in enumerate(kinds, 1) if one == kind and (n == 1 or kinds[n - 2] != kind)]
                  for kind in ("facilitator", "sign-in", "cards", "log", "participant", "follow-up")}  # fmt: skip
        for kind, starts in firsts.items():
            assert starts, (pack.file.path, kind)
            assert all(start % 2 for start in starts), (pack.file.path, kind, starts)


def test_a_pack_holds_each_sheet_once_in_the_order_of_use(packs: list[Pack]) -> None:
    """No sheet spills over; three sides stay blank at most for each chapter, besides that after the trainer's own."""
    for pack in packs:
        met = [kind for kind, _ in groupby(kind for kind in pack.kinds if kind != "blank")]
        hour = ["cards", "log", "participant", "quiz", "follow-up"]
        trainers = ["facilitator", "tally"]
        if pack.document.kind == "training":
            assert met == [*trainers, "sign-in", *hour], pack.file.path
        else:
            assert met == ["facilitator", "sign-in", *(trainers + hour) * len(SESSION)]
        for kind in ("tally", "cards", "log", "participant", "quiz", "follow-up"):
            assert pack.kinds.count(kind) == len(pack.document.codes), (pack.file.path, kind)
        assert pack.kinds.count("blank") <= 4 * len(pack.document.codes)
        if pack.document.kind == "training":
            assert pack.kinds.count("facilitator") <= 3, pack.file.path


def test_the_print_list_names_the_pages(packs: list[Pack]) -> None:
    """The first pages say which pages each sheet has, so that a print dialogue can be filled in."""
    for pack in packs:
        kinds, words = pack.kinds, pack.words
        listed = " ".join(page for page, kind in zip(pack.shown, kinds, strict=True) if kind == "facilitator")
        assert f"{words['sign_in']} {kinds.index('sign-in') + 1} " in listed
        for name in ("cards", "log"):
            for number, kind in enumerate(kinds, 1):
                assert kind != name or f"{words[name]} {number} " in listed, (pack.file.path, name)
        starts = [number for number, kind in enumerate(kinds, 1) if kind == "participant"]
        for start in starts:
            end = kinds.index("follow-up", start) + 1
            assert f"{words['participant']} {start}–{end} " in listed, pack.file.path


def test_the_hour_is_told_in_its_order(packs: list[Pack]) -> None:
    """Tabletop, discussion, quiz, for the trainer and for the room; injects have their minute of the plan too."""
    for pack in (pack for pack in packs if pack.document.kind == "training"):
        (code,), lang, whole = pack.document.codes, pack.document.lang, " ".join(pack.shown)
        training = GUIDE.training[code]
        question = " ".join(training.discussion[0].question[lang].split())
        setting = " ".join(training.tabletop.setting[lang].split())[:60]
        assert [place.start() for place in re.finditer(re.escape(setting), whole)] < [
            place.start() for place in re.finditer(re.escape(question), whole)
        ]
        begins = next(at for at, step in _steps(code) if step == "Tabletop")
        for inject in training.tabletop.injects:
            assert f"{inject.minute} ({begins + inject.minute}) " in whole, (pack.file.path, inject.minute)


def test_between_two_hours_of_a_session_there_is_a_break(packs: list[Pack]) -> None:
    """The agenda has ten minutes after each hour but the last, and what follows begins later by as much."""
    for pack in (pack for pack in packs if pack.document.kind == "session"):
        agenda, pause = " ".join(pack.shown[:2]), pack.words["break"]
        assert re.findall(rf"\d:\d\d–\d:\d\d {pause} ", agenda) == [f"1:00–1:10 {pause} ", f"2:10–2:20 {pause} "]
        last = GUIDE.training[SESSION[-1]].plan[-1].minutes
        step = f"3:{20 - last:02d}–3:20 {GUIDE.training[SESSION[-1]].plan[-1].activity[pack.document.lang]} "
        assert step in agenda
        own = next(n for n, page in enumerate(pack.shown) if n > 2 and f"3:{20 - last:02d}–3:20" in page)
        assert pack.kinds[own] == "facilitator"


def test_a_session_says_once_what_to_bring_and_to_print_and_how_each_step_goes(packs: list[Pack]) -> None:
    """Its first pages have the lists and the names of the steps; the sheets of a chapter say how."""
    for pack in packs:
        lang, whole = pack.document.lang, " ".join(pack.shown)
        for heading in (pack.words["print_list"], GUIDE.interface.words(lang)["training"]["bring"]):
            assert whole.count(f" {heading} ") == 1, (pack.file.path, heading)
        for code in pack.document.codes:
            longest = max((step.how[lang] for step in GUIDE.training[code].plan), key=len)
            assert whole.count(" ".join(longest.split())[:60]) == 1, (pack.file.path, longest)


def test_every_plan_has_the_steps_whose_time_the_sheets_tell() -> None:
    """Tabletop and quiz have these names in every plan; print list and injects count from them."""
    for code in CODES:
        assert {"Tabletop", "Quiz"} <= {step for _, step in _steps(code)}, code


def test_sheets_that_leave_the_room_say_whose_they_are_and_why(packs: list[Pack]) -> None:
    """The list of names says for what it is kept, the tally who was there, the slip who wrote it."""
    for pack in packs:
        words = pack.words
        wanted = {
            "sign-in": [words["attendance"].split("{")[0], words["led_by"], words["hours"]],
            "tally": [words["date"], words["led_by"], words["present"], words["tally_how"]],
            "log": [words[f"log_{column}"] for column in ("keeper", "from", "what", "decision", "who")],
            "cards": [GUIDE.edition.marking[pack.document.lang], GUIDE.edition.edition],
            "follow-up": [words["slip"], words["slip_name"], words["slip_action"], words["slip_due"]],
        }
        for page, kind in zip(pack.shown, pack.kinds, strict=True):
            missing = [said for said in wanted.get(kind, []) if " ".join(said.split()) not in page]
            assert not missing, (pack.file.path, kind, missing)
