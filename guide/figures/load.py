"""YAML files in data/figures/ in, Figures out, or every Problem at once and a stop.

Adding a file is enough: its name is the id of the figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guide.figures.model import FIGURES, Figure
from guide.figures.render import misfits
from guide.load import Source, fit, read_yaml
from guide.problems import Problem, Stop, relative


def load_figures(folder: Path) -> tuple[Figure[Any], ...]:
    """The figures of `folder` (the project's data/figures) by id.

    Raises Stop with the problems of all files: unknown or missing fields, a name that is not the id, a label that
    cannot fit its place in one of the languages.
    """
    root = folder.parent.parent
    figures: list[Figure[Any]] = []
    problems: list[Problem] = []
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        remedy = "Bring the files back from the last version."
        problems.append(Problem(relative(folder, root), 0, "", "There is no figure here.", remedy, "missing-file"))
    for path in paths:
        try:
            source = read_yaml(path, root)
            figure = _figure(source)
        except Stop as stop:
            problems.extend(stop.problems)
            continue
        problems.extend(_the_file_is_named_like_the_figure(figure, path, source))
        problems.extend(_labels_fit(figure, source))
        figures.append(figure)
    if problems:
        raise Stop(problems)
    return tuple(sorted(figures, key=lambda figure: figure.id))


def _figure(source: Source) -> Figure[Any]:
    kind = source.data.get("kind") if isinstance(source.data, dict) else None
    if kind not in FIGURES:
        raise Stop(
            [
                Problem(
                    source.file, source.line(("kind",)), "", f"The kind of figure {kind!r} is not known.",
                    f"Write `kind:` with one of: {', '.join(FIGURES)}.", "figure-kind",
                )
            ]
        )  # fmt: skip
    return fit(FIGURES[kind], source)


def _the_file_is_named_like_the_figure(figure: Figure[Any], path: Path, source: Source) -> Iterator[Problem]:
    """The name of the file is the id, so that one finds the figure that a page names."""
    if path.stem != figure.id:
        yield Problem(
            source.file, source.line(("id",)), figure.id,
            f"The file is called {path.name}, but its id is “{figure.id}”.",
            f"Call it {figure.id}.yml, or write `id: {path.stem}`.", "figure-name",
        )  # fmt: skip


def _labels_fit(figure: Figure[Any], source: Source) -> Iterator[Problem]:
    """Every label fits its place in both languages, on a wide and on a narrow screen."""
    for misfit in misfits(figure):
        language = {"en": "English", "es": "Spanish"}[misfit.lang]
        yield Problem(
            source.file, _line_of(misfit.label, source), figure.id,
            f"The {language} label “{misfit.label}” does not fit the {misfit.variant} drawing: {misfit.what}.",
            misfit.remedy, "figure-label",
        )  # fmt: skip


def _line_of(label: str, source: Source) -> int:
    """Where `label` is written; a label that is put together from two texts is found by its longest part."""
    found = [(len(text), source.line(path)) for path, text in _texts(source.data, ()) if text.strip() in label]
    return max(found)[1] if found else 1


def _texts(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))
