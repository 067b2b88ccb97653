"""All checks of the guide's content in one run.

Enters: the project's folder. Leaves: every Problem, sorted; none means that the guide may be built.
"""

from __future__ import annotations

from pathlib import Path

from guide.figures import load_figures
from guide.load import load
from guide.pages import read_pages
from guide.problems import Problem, Stop
from guide.rules import Subject, apply, published_ids


def check(root: Path) -> list[Problem]:
    """Reads everything and applies every rule. Files that cannot be read are reported together, rules come after."""
    problems: list[Problem] = []
    steps = []
    for step in (lambda: load(root), lambda: read_pages(root), lambda: load_figures(root / "data" / "figures")):
        try:
            steps.append(step())
        except Stop as stop:
            problems.extend(stop.problems)
    if problems:
        return sorted(set(problems))
    loaded, pages, figures = steps
    return apply(
        Subject(root, loaded, pages, frozenset(figure.id for figure in figures), published_ids(root))  # type: ignore[arg-type, union-attr]
    )
