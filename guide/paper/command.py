"""The command `guide paper`: everything, some chapters, or the pack for one session.

Enters: words typed in the project's folder. Leaves: PDF files below build/member/paper, or for a session below
build/paper, from where they are printed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from guide.guide import Guide
from guide.marks import Marks
from guide.model import LANGUAGES, Chapter, Lang
from guide.paper.disk import put
from guide.paper.documents import SIZES, Articles, Size, Stack, complete, documents, session
from guide.paper.unchanged import inputs, recall, remember
from guide.problems import Problem


def paper_command(
    project: Callable[[], Path],
    read: Callable[[Path], tuple[Guide, Marks]],
    articles: Callable[[Path], Articles],
) -> click.Command:
    """The command. `project` finds the folder, `read` reads its data and what of it is out of step, `articles` renders
    its chapters."""

    @click.command("paper")
    @click.option("--session", "session_codes", metavar="IT,CC", help="One pack for a session about these chapters.")
    @click.option("--chapter", "chapter_codes", metavar="IT,CC", help="Only these chapters.")
    @click.option("--lang", type=click.Choice(LANGUAGES), help="One language; both if left out.")
    @click.option("--size", type=click.Choice(SIZES), help="One paper size; both if left out.")
    def paper(session_codes: str | None, chapter_codes: str | None, lang: Lang | None, size: Size | None) -> None:
        """Handouts, worksheets, training packs and the book as PDF; unchanged ones are not made again."""
        if session_codes and chapter_codes:
            raise click.UsageError("Choose --session or --chapter, not both.")
        root = project()
        store, folder = root / ".cache" / "paper", root / "build" / "member" / "paper"
        everything = not session_codes and not chapter_codes
        before = inputs(root, f"{lang} {size}") if everything else ""
        if everything and _nothing_changed(store, before, folder):
            click.echo(f"Nothing changed. Paper is in {folder.relative_to(root)}.")
            return
        guide, marks = read(root)
        languages: tuple[Lang, ...] = (lang,) if lang else LANGUAGES
        sizes: tuple[Size, ...] = (size,) if size else SIZES
        if session_codes:
            chapters = _chapters(guide, session_codes, "--session")
            stacks = [session(guide, marks, chapters, one, sizes) for one in languages]
            _print(stacks, root / "build" / "paper", root)
            return
        codes = None
        if chapter_codes:
            codes = frozenset(chapter.code for chapter in _chapters(guide, chapter_codes, "--chapter"))
        whole = documents(guide, articles(root), marks, codes=codes, languages=languages, sizes=sizes)
        _print([whole], folder, root)
        if everything and inputs(root, f"{lang} {size}") == before:
            from guide.paper.printing import places

            remember(store, before, places(whole, store))

    return paper


def _nothing_changed(store: Path, digest: str, folder: Path) -> bool:
    """Puts what was made before in its place, when it was made from the same bytes."""
    try:
        made = recall(store, digest)
        for path, place in (made or {}).items():
            put(place, folder / path)
    except OSError:
        return False  # the long way says what is wrong
    return made is not None


def _chapters(guide: Guide, typed: str, option: str) -> tuple[Chapter, ...]:
    """The chapters that were named by code or slug, in that order. Raises click.BadParameter for the first unknown."""
    chosen: dict[str, Chapter] = {}
    for word in filter(None, (part.strip() for part in typed.split(","))):
        key = word.upper() if len(word) == 2 else word.lower()
        known = {name: chapter for chapter in guide.chapters for name in (chapter.code, chapter.slug)}
        if key not in known:
            codes = ", ".join(chapter.code for chapter in guide.chapters)
            raise click.BadParameter(f"there is no chapter {word}. Chapters are: {codes}.", param_hint=option)
        if not complete(guide, known[key]):
            raise click.BadParameter(f"{word} is in preparation: it has no training session yet.", param_hint=option)
        chosen[known[key].code] = known[key]
    if not chosen:
        raise click.BadParameter("name at least one chapter, for example IT,CC.", param_hint=option)
    return tuple(chosen.values())


def _print(stacks: list[Stack], folder: Path, root: Path) -> None:
    """Prints the stacks and says where the files are. Exits with 1 when a document could not be made."""
    from guide.paper.printing import print_all  # takes a second to load; the other commands do without

    problems: list[Problem] = []
    for stack in stacks:
        _, found = print_all(stack, folder, root / ".cache" / "paper", click.echo)
        problems += found
        broken = {problem.file for problem in found}
        for document in stack.documents if len(stack.documents) == 1 else ():
            for file in document.files:
                if f"paper/{file.path}" not in broken:
                    click.echo(f"{(folder / file.path).relative_to(root)}")
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    click.echo(f"Paper is in {folder.relative_to(root)}.")
