"""YAML files in data/figures/ in, Figures out, or every Problem at once and a stop.

Adding a file is enough: its name is the id of the figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from guide.figures.model import FIGURES, Figure
from guide.figures.render import misfits
from guide.kept import kept
from guide.load import Source, fit, parse_yaml, read_text
from guide.plain_files import written
from guide.problems import Problem, Stop, relative


def load_figures(folder: Path) -> tuple[Figure[Any], ...]:
    """The figures of `folder` (the project's data/figures) by id.

    Raises Stop with the problems of all files: unknown or missing fields, a name that is not the id, a label that
    cannot fit its place in one of the languages. A file that has not changed since the last call is not read again.
    """
    root = folder.parent.parent
    figures: list[Figure[Any]] = []
    problems: list[Problem] = []
    paths = written(folder, "*.yml")
    if not paths:
        remedy = "Bring the files back from the last version."
        problems.append(Problem(relative(folder, root), 0, "", "There is no figure here.", remedy, "missing-file"))
    for path in paths:
        try:
            status = path.stat()
            figure, found = _checked(path, root, (status.st_mtime_ns, status.st_size))
        except Stop as stop:
            problems.extend(stop.problems)
            continue
        problems.extend(found)
        figures.append(figure)
    if problems:
        raise Stop(problems)
    return tuple(sorted(figures, key=lambda figure: figure.id))


@lru_cache(maxsize=128)
def _checked(path: Path, root: Path, _stamp: tuple[int, int]) -> tuple[Figure[Any], tuple[Problem, ...]]:
    text, file = read_text(path, root), relative(path, root)

    def make() -> tuple[Figure[Any], tuple[Problem, ...]]:
        source = parse_yaml(text, file)
        figure = figure_of(source)
        return figure, (*_the_file_is_named_like_the_figure(figure, path, source), *_labels_fit(figure, source))

    return kept(root).of("figure", f"{file}\n{text}".encode(), make)


def figure_of(source: Source) -> Figure[Any]:
    """The figure of one file, of today or of an earlier version. Raises Stop."""
    data = source.data if isinstance(source.data, dict) else {}
    name, kind = str(data.get("id", "")), data.get("kind")
    if kind not in FIGURES:
        raise Stop(
            [
                Problem(
                    source.file, source.line(("kind",)), name, f"The kind of figure {kind!r} is not known.",
                    f"Write `kind:` with one of: {', '.join(FIGURES)}.", "figure-kind",
                )
            ]
        )  # fmt: skip
    try:
        return fit(FIGURES[kind], source)
    except Stop as stop:
        raise Stop(replace(problem, id=problem.id or name) for problem in stop.problems) from None


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
        label = misfit.label if len(misfit.label) <= 60 else misfit.label[:59].rstrip() + "…"
        yield Problem(
            source.file, _line_of(misfit.label, source), figure.id,
            f"The {language} label “{label}” does not fit the {misfit.variant} drawing: {misfit.what}.",
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
