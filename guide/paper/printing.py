"""PDF files from a stack of documents: in parallel, each whole or not at all, none made twice.

Enters: a Stack and a folder. Leaves: the PDF files, and a Problem for each that could not be made; the others are made.
A finished file is kept in the store (.cache/paper) under the digest of everything that it is made from.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from guide.paper.digest import Digests
from guide.paper.disk import explain, put, remove
from guide.paper.documents import Document, File, Stack
from guide.paper.worker import Task, begin, work
from guide.problems import Problem

Say = Callable[[str], None]
PACE = 5.0
"""Seconds between two words of progress."""


@dataclass(frozen=True)
class Kept:
    """Where the store keeps each file of a document."""

    document: Document
    places: Mapping[File, Path]

    @property
    def whole(self) -> bool:
        """Whether every file is there."""
        return all(place.exists() for place in self.places.values())


def print_all(stack: Stack, folder: Path, store: Path, say: Say) -> tuple[int, list[Problem]]:
    """Puts every PDF below `folder`. Returns how many documents had to be made, and the problems."""
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return 0, [_problem(str(store), "", explain(error))]
    digests = Digests(stack)
    everything = [_kept(document, digests.of(document), store) for document in stack.documents]
    waiting = [kept for kept in everything if not kept.whole]
    say(f"paper: {len(everything)} documents, {len(waiting)} to be made")
    faults = _make(stack, waiting, say) if waiting else {}

    problems: list[Problem] = []
    for kept in everything:
        if said := faults.get(kept.document):
            problems += [_problem(file.path, kept.document.about, said) for file in kept.places]
        else:
            problems += _place(kept, folder)
    _forget(store, everything, stack)
    return len(waiting), sorted(problems)


def places(stack: Stack, store: Path) -> dict[str, Path]:
    """Where the store keeps each file of a stack, by its path below the folder of paper."""
    digests = Digests(stack)
    everything = (_kept(document, digests.of(document), store) for document in stack.documents)
    return {file.path: place for kept in everything for file, place in kept.places.items()}


def _kept(document: Document, digest: str, store: Path) -> Kept:
    return Kept(
        document,
        {file: store / f"{digest}-{file.size}{'-fillable' if file.fillable else ''}.pdf" for file in document.files},
    )


def _tasks(waiting: list[Kept]) -> list[Task]:
    """What one process does at a time: a book with the handouts of its language that are missing too, or a document.

    Longest first, so that no core waits at the end.
    """
    places = {kept.document: kept.places for kept in waiting}
    bound = {
        kept.document: [
            one.document
            for one in waiting
            if one.document.kind == "handout" and one.document.lang == kept.document.lang
        ]
        for kept in waiting
        if kept.document.kind == "book"
    }
    along = {document for documents in bound.values() for document in documents}
    tasks = [
        Task((book, *handouts), {one: places[one] for one in (book, *handouts)}) for book, handouts in bound.items()
    ]
    singles = sorted(places.keys() - along - bound.keys(), key=lambda document: (-_length(document), document.name))
    return tasks + [Task((document,), {document: places[document]}) for document in singles]


def _length(document: Document) -> int:
    """Which documents take longest, roughly."""
    return {"session": 5 * len(document.codes), "handout": 4, "training": 2}.get(document.kind, 1)


def _make(stack: Stack, waiting: list[Kept], say: Say) -> dict[Document, str]:
    """Makes what is missing on all cores. Returns what went wrong, by document."""
    tasks = _tasks(waiting)
    faults: dict[Document, str] = {}
    made = 0
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(tasks)), initializer=begin, initargs=(stack,)) as pool:
        running: dict[Future[dict[Document, str]], Task] = {pool.submit(work, task): task for task in tasks}
        while running:
            done, _ = wait(running, timeout=PACE)
            for job in done:
                task = running.pop(job)
                faults.update(_outcome(job, task))
                made += len(task.documents)
            on_disk = sum(kept.whole for kept in waiting)
            say(f"paper: {max(made - len(faults), on_disk)} of {len(waiting)} made")
    return faults


def _outcome(job: Future[dict[Document, str]], task: Task) -> dict[Document, str]:
    try:
        return job.result()
    except BrokenProcessPool:
        said = "the process that made it was ended from outside, perhaps for want of memory"
    except Exception as error:  # one document must not stop the others
        said = f"{type(error).__name__}: {error}"
    return dict.fromkeys(task.documents, said)


def _place(kept: Kept, folder: Path) -> list[Problem]:
    """Puts the files of a document where readers find them; each appears whole or not at all."""
    problems = []
    for file, made in kept.places.items():
        try:
            put(made, folder / file.path)
        except OSError as error:
            problems.append(_problem(file.path, kept.document.about, explain(error)))
    return problems


def _forget(store: Path, everything: Iterable[Kept], stack: Stack) -> None:
    """Removes what no document uses any more, when the stack is the whole guide."""
    if not any(document.kind == "book" for document in stack.documents):
        return
    used = {place for kept in everything for place in kept.places.values()}
    for old in set(store.glob("*.pdf")) - used:
        remove(old)


def _problem(path: str, about: str, said: str) -> Problem:
    return Problem(
        f"paper/{path}", 0, about, f"This document could not be made: {said}.",
        "Mend what is named; the other documents are there.", "paper",
    )  # fmt: skip
