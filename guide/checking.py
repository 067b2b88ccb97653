"""All checks of the guide's content in one run.

Enters: the project's folder. Leaves: every Problem, sorted (none means that the guide may be built), and notices, which
tell an editor something and stop nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guide.agreement import AGREEMENT, essential_in_step, never_confirmed, out_of_step
from guide.content import Content
from guide.kept import kept
from guide.plain_files import not_plain
from guide.problems import Problem, Stop
from guide.publishing import PUBLISHING
from guide.rules import RULES, Subject, apply
from guide.wording import WORDING, not_checked


@dataclass(frozen=True)
class Findings:
    """What a run of all checks found."""

    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()


def check(root: Path, *, release: bool = False) -> list[Problem]:
    """The problems alone."""
    return list(findings(root, release=release).problems)


def findings(root: Path, *, release: bool = False) -> Findings:
    """Reads everything and applies every rule. Files that cannot be read are reported together; rules come after.

    `release` also wants every essential requirement confirmed in both languages.
    """
    notices = sorted(not_plain(root))
    try:
        content = Content(root)
    except Stop as stop:
        return Findings(stop.problems, tuple(notices))
    problems = check_content(content, release=release)
    pairs = content.pairs.values()
    notices += [*out_of_step(pairs), *never_confirmed(pairs, content.confirmed), *not_checked()]
    return Findings(tuple(problems), tuple(sorted(notices)))


def check_content(content: Content, *, release: bool = False) -> list[Problem]:
    """The rules alone, for content that could be read."""
    subject = Subject(
        root=content.root,
        loaded=content.loaded,
        pages=content.pages,
        figures={figure.id: figure.chapters for figure in content.figures.values()},
        published=content.published,
        pairs=tuple(content.pairs.values()),
        confirmed=content.confirmed,
    )
    problems = apply(subject, RULES + PUBLISHING + WORDING + AGREEMENT)
    kept(content.root).save()
    if release:
        problems += essential_in_step(content.pairs.values())
    return sorted(problems)
