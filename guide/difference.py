"""`guide difference`: what a change does to the text, for somebody who reviews it: both languages side by side.

Enters: the guide as it is and as it was at a revision. Leaves: one HTML file that needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import jinja2

from guide.changes import both_versions
from guide.content import Content
from guide.entries import Entry
from guide.fingerprint import essence
from guide.model import LANGUAGES, Lang, Text
from guide.translation import State

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """A run of words: `kept`, `gone` or `come`."""

    kind: str
    words: str


@dataclass(frozen=True)
class Changed:
    """One item with its lines in both languages, and whether somebody confirmed that they agree."""

    item: str
    title: Text
    state: State | None
    sides: dict[Lang, tuple[tuple[Part, ...], ...]]

    @property
    def waits(self) -> bool:
        """Whether one language still has to follow."""
        return self.state not in {None, State.IN_STEP}


def changed_since(root: Path, since: str) -> tuple[list[Changed], list[str]]:
    """(what changed, files of that time that cannot be compared). Raises Stop for an unknown revision."""
    before, now, unread = both_versions(root, since)
    pairs = Content(root).pairs
    found = []
    for item in dict.fromkeys([*now, *before]):
        old, new = before.get(item), now.get(item)
        lines = {lang: (_said(old, lang), _said(new, lang)) for lang in LANGUAGES}
        if any([*map(essence, was)] != [*map(essence, is_now)] for was, is_now in lines.values()):
            title = (new or old).title  # type: ignore[union-attr]
            sides: dict[Lang, tuple[tuple[Part, ...], ...]] = {
                lang: tuple(_lines(was, is_now)) for lang, (was, is_now) in lines.items()
            }
            found.append(Changed(item, title, pairs[item].state if item in pairs else None, sides))
    return found, unread


def _said(entry: Entry | None, lang: Lang) -> tuple[str, ...]:
    """Its sentences, then its facts."""
    return (*entry.side(lang), *(fact.line(lang) for fact in entry.facts)) if entry else ()


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[Part, ...]]:
    """Every line of a text; in lines that changed, the words that went and came."""
    matcher = SequenceMatcher(None, [essence(line) for line in old], [essence(line) for line in new], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield from ((Part("kept", line),) for line in new[j1:j2])
            continue
        for index in range(max(i2 - i1, j2 - j1)):
            was = old[i1 + index] if i1 + index < i2 else ""
            is_now = new[j1 + index] if j1 + index < j2 else ""
            yield tuple(_words(was, is_now))


def _words(old: str, new: str) -> Iterator[Part]:
    was, now = re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part("kept", "".join(now[j1:j2]))
        else:
            if i1 < i2:
                yield Part("gone", "".join(was[i1:i2]))
            if j1 < j2:
                yield Part("come", "".join(now[j1:j2]))


def difference_page(root: Path, since: str) -> str:
    """The HTML for a reviewer. Raises Stop for an unknown revision."""
    found, unread = changed_since(root, since)
    shown = {changed.item for changed in found}
    elsewhere = [
        one for one in Content(root).pairs.values() if one.state is not State.IN_STEP and one.item not in shown
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("difference.html").render(
        since=since, found=found, unread=unread, elsewhere=elsewhere
    )
