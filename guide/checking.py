"""All checks of the guide's content in one run.

Enters: the project's folder. Leaves: every Problem, sorted; none means that the guide may be built.
"""

from __future__ import annotations

from pathlib import Path

from guide.content import Content
from guide.problems import Problem, Stop
from guide.rules import RULES, Subject, apply
from guide.translation import essential_out_of_step
from guide.wording import WORDING


def check(root: Path, *, release: bool = False) -> list[Problem]:
    """Reads everything and applies every rule. Files that cannot be read are reported together; rules come after.

    `release` also wants every essential requirement confirmed in both languages.
    """
    try:
        content = Content(root)
    except Stop as stop:
        return list(stop.problems)
    return check_content(content, release=release)


def check_content(content: Content, *, release: bool = False) -> list[Problem]:
    """The rules alone, for content that could be read."""
    subject = Subject(
        root=content.root,
        loaded=content.loaded,
        pages=content.pages,
        figures={figure.id: figure.chapters for figure in content.figures.values()},
        published=content.published,
        data_pairs=tuple(pair for pair in content.pairs.values() if ".md#" not in pair.item),
    )
    problems = apply(subject, RULES + WORDING)
    if release:
        problems += essential_out_of_step(content.pairs.values())
    return sorted(problems)
