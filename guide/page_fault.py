"""What ended the making of a page, said so that an editor can mend it.

Enters: what a macro, a template or the page itself raised, and the page's file. Leaves: a Problem that names the
innermost template or page of the way there.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from jinja2 import TemplateSyntaxError

from guide.problems import Problem, relative

HEAD = re.compile(r"\A---\n.*?\n---\n+", re.DOTALL)
"""The front matter and the empty lines behind it, which the template engine never sees."""
OF_THE_PAGE = {"<template>", "<unknown>"}
"""What the template engine calls a text that comes from no file: the page itself."""


def page_fault(error: BaseException, page: str, root: Path) -> Problem:
    """The Problem behind `error` while `page` (its file, from the project's folder `root`) was made.

    mkdocs-macros ends the program where a macro fails; what failed is then the context of that end.
    """
    cause = error.__context__ if isinstance(error, SystemExit) and error.__context__ else error
    steps = [(step.filename, step.lineno or 0) for step in traceback.extract_tb(cause.__traceback__)]
    if isinstance(cause, TemplateSyntaxError):
        steps.append((cause.filename or "<template>", cause.lineno))
    places = [step for step in steps if step[0] in OF_THE_PAGE or not step[0].endswith((".py", ">"))]
    file, line = places[-1] if places else (page, 0)
    if file in OF_THE_PAGE:
        file, line = page, line + _lines_above(root / page)
    said = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    what = f"The page {page} cannot be made: {said}."
    return Problem(relative(root / file, root), line, "", what, "Mend this place, or what it names.", "page")


def _lines_above(page: Path) -> int:
    head = HEAD.match(page.read_text(encoding="utf-8")) if page.is_file() else None
    return head[0].count("\n") if head else 0
