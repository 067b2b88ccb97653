"""`guide changes --since TAG`: what members should know about an edition, item by item, in both languages.

Enters: the guide as it is and as it was at a tag. Leaves: data/changes/<edition>.yml, from which the page and the
bulletin are made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

import yaml

from guide.changes_model import FOLDER, KINDS, Change, Changes, Line, Lines
from guide.content import Content
from guide.entries import Entry, entries
from guide.facts import Vocabulary
from guide.fingerprint import essence
from guide.history import has_history, revision, shallow, unpack
from guide.load import load
from guide.model import LANGUAGES
from guide.problems import Problem, Stop

HEAD = """\
# What changed in this edition. Written by `guide changes --since {since}`; the page /changes/ is made from it.
# Correct words here if members need to read them differently; the command writes the file anew.
"""


def changes_since(root: Path, since: str) -> tuple[Changes, list[str]]:
    """What changed since a tag, and the files of that time that today's program cannot read.

    Raises Stop for a tag that is not in this checkout and for files of today that cannot be read.
    """
    before, now, unread = both_versions(root, since)
    edition = load(root).guide.edition.edition
    was, is_now = (_for_members(side, unread) for side in (before, now))
    found = sorted(_compared(was, is_now, unread), key=lambda change: KINDS.index(change.kind))
    return Changes(edition=edition, since=since, changes=tuple(found), unread=tuple(sorted(unread))), unread


def both_versions(root: Path, since: str) -> tuple[dict[str, Entry], dict[str, Entry], list[str]]:
    """(entries then, entries now, files of that time that today's program cannot read). Raises Stop as above."""
    guide = Content(root).guide
    words: Vocabulary = {lang: guide.interface.words(lang) for lang in LANGUAGES}
    if revision(root, since) is None:
        what = f"No tag, branch or commit “{since}” is in the history of this checkout."
        remedy = "Correct it (`git tag` lists the editions), or fetch the rest with `git fetch --tags"
        remedy += " --unshallow`." if shallow(root) else "`."
        if not has_history(root):
            what = "This folder has no history, so nothing can be compared."
            remedy = "Work in a folder made by `git clone`."
        raise Stop([Problem("data", 0, "", what, remedy, "changes")])
    with tempfile.TemporaryDirectory() as folder:
        unpack(root, since, Path(folder), "docs", "data")
        before, unread = entries(Path(folder), words)
    now, broken = entries(root, words)
    if broken:  # read by Content, so only a page that stands on one side is left
        raise Stop(
            Problem(file, 0, "", "This page stands in one language only.", "Write the other side, or delete it.")
            for file in broken
        )
    return before, now, unread


def _compared(before: dict[str, Entry], now: dict[str, Entry], unread: list[str]) -> Iterator[Change]:
    for item, entry in now.items():
        old = before.get(item)
        if old is None:
            if not _may_have_been_there(entry, unread) and not entry.retired:
                yield Change(item=item, kind=entry.kind, change="new", title=entry.title, page=entry.page)
        elif entry.retired and not old.retired:
            yield Change(
                item=item, kind=entry.kind, change="retired", title=old.title, page=entry.page, reason=entry.retired
            )
        else:
            lines = _lines(old, entry)
            if lines.en or lines.es:
                yield Change(
                    item=item, kind=entry.kind, change="reworded", title=entry.title, page=entry.page, lines=lines
                )
    for item, entry in before.items():
        if item not in now and entry.kind != "requirement":
            yield Change(item=item, kind=entry.kind, change="retired", title=entry.title)


def _for_members(side: dict[str, Entry], unread: list[str]) -> dict[str, Entry]:
    """What members are told of: all but bulletins; what buttons and labels say is one entry, because the groups of its
    words are the program's own."""
    words = [
        one for one in side.values() if one.kind == "words" and f"data/{one.item.partition(':')[0]}.yml" not in unread
    ]
    rest = {item: one for item, one in side.items() if one.kind not in {"words", "bulletin"}}
    if not words:
        return rest
    english, spanish = (tuple(line for one in words for line in one.side(lang)) for lang in LANGUAGES)
    return {**rest, "words": replace(words[0], item="words", en=english, es=spanish)}


def _may_have_been_there(entry: Entry, unread: list[str]) -> bool:
    """Whether it stands in a file whose earlier version cannot be read, so that nobody can say that it is new."""
    home = {"section": entry.item.partition("#")[0], "case": "cases.yml", "reference": "references.yml",
            "term": "glossary.yml", "figure": "figures/", "chapter": "chapters.yml",
            "rules": f"{entry.item}.yml"}  # fmt: skip
    folder = {"requirement": "checklists/", "checklist": "checklists/", "session": "training/"}.get(entry.kind, "")
    slug = (entry.page or "").removeprefix("chapters/").partition("/")[0]
    return any(home.get(entry.kind, f"{folder}{slug}.yml") in file for file in unread)


def _lines(old: Entry, new: Entry) -> Lines:
    """What differs of one item: its sentences, then its facts, which differ in both languages at once."""
    was, is_now = ([fact.key for fact in entry.facts] for entry in (old, new))
    steps = SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes()
    moved = [
        pair
        for kind, i1, i2, j1, j2 in steps
        if kind != "equal"
        for pair in zip_longest(old.facts[i1:i2], new.facts[j1:j2])
    ]
    return Lines(
        **{
            lang: (
                *_moved(old.side(lang), new.side(lang)),
                *(Line(old=a.line(lang) if a else None, new=b.line(lang) if b else None) for a, b in moved),
            )
            for lang in LANGUAGES
        }
    )


def _moved(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Line]:
    """The sentences that differ in more than their look, old beside new."""
    matcher = SequenceMatcher(None, [essence(line) for line in old], [essence(line) for line in new], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            for index in range(max(i2 - i1, j2 - j1)):
                was = old[i1 + index] if i1 + index < i2 else None
                now = new[j1 + index] if j1 + index < j2 else None
                yield Line(old=was, new=now)


def write_changes(root: Path, found: Changes) -> Path:
    """Writes data/changes/<edition>.yml and returns its path."""
    path = root / FOLDER / f"{found.edition}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = found.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    data["changes"] = data.get("changes", [])
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(HEAD.format(since=found.since) + text, encoding="utf-8", newline="\n")
    return path
