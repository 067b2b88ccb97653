"""How headings are written, so that a reader, a link and the mark of a text out of step all find the same one.

Enters: the pages of both languages. Leaves: Problems. Markdown has many ways to write a heading, and the programs that
read it do not agree on them; the guide has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.pages import Page
from guide.problems import Problem
from guide.rules import Rule, Subject

FORM = re.compile(r"#{1,6} (?P<words>[^\s#](?:.*?[^\s#])??)(?: \{#[^}\s]+\})?")
LOOKS_LIKE_ONE = re.compile(r"[\s>*+-]*#(?!\]\])")
"""A line that some reader of Markdown may take for a heading; `#]]` ends a note."""


def heading_form(subject: Subject) -> Iterator[Problem]:
    """A heading stands on one line of its own: one to six #, one space, its words, one space, {#its-id}; no more."""
    for page in subject.every_page():
        rows = page.body.split("\n")
        lines = {number for number, row in enumerate(rows, page.body_line) if LOOKS_LIKE_ONE.match(row)}
        for line in sorted(lines | {heading.line for heading in page.headings}):
            row = rows[line - page.body_line]
            if not _well_formed(row):
                yield Problem(
                    page.file, line, "", f"The heading “{row.strip()[:60]}” is written in another form.",
                    "Begin the line with #, one space and the words, and end it with one space and {#its-id}; nothing "
                    "stands before or behind, and no line --- or === below.",
                )  # fmt: skip


def _well_formed(row: str) -> bool:
    found = FORM.fullmatch(row)
    return found is not None and "{#" not in found["words"] and "{:" not in found["words"] and "\t" not in row


def one_first_heading(subject: Subject) -> Iterator[Problem]:
    """A page has exactly one first heading (#), above its sections."""
    for page in subject.every_page():
        yield from _not_the_only_one(page)


def _not_the_only_one(page: Page) -> Iterator[Problem]:
    first = [heading for heading in page.headings if heading.level == 1]
    if not first:
        yield Problem(
            page.file, page.body_line, "", "The page has no first heading.",
            "Write # and the title of the page above its text.",
        )  # fmt: skip
    elif first[0] != page.headings[0]:
        yield Problem(
            page.file, first[0].line, "", "The first heading stands below another one.", "Write it above all others."
        )
    for heading in first[1:]:
        yield Problem(
            page.file, heading.line, "", f"“{heading.text}” is a second first heading.", "Write it with ## and an id."
        )


HEADINGS: tuple[Rule, ...] = (heading_form, one_first_heading)
