"""From files to reports.

Enters: paths of assessment files, the catalogue and the words. Leaves: lines for the terminal, and HTML and XLSX files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.assessment_file import Opened, RefusedError, open_file
from guide.model import Interface, Lang
from guide.report.catalogue import Catalogue
from guide.report.page import page
from guide.report.reading import Reading, read
from guide.report.terminal import lines
from guide.report.wording import Wording
from guide.report.workbook import workbook


class RefusedFilesError(Exception):
    """Some files were not opened; `refusals` holds every one of them, in the order in which they were named."""

    def __init__(self, refusals: Sequence[RefusedError]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(map(str, refusals)))


@dataclass(frozen=True)
class Outputs:
    """Files to write; None for none."""

    html: Path | None = None
    xlsx: Path | None = None


def report(
    files: Sequence[Path],
    catalogue: Catalogue,
    words: Interface,
    *,
    languages: Sequence[Lang] = (),
    target: int | None = None,
    outputs: Outputs | None = None,
    passphrase: Callable[[str], str] | None = None,
    width: int = 100,
) -> list[str]:
    """The lines of the report on one file, or of the comparison of several; writes `outputs` on the way.

    Without `languages` the language of the first file is used. Without `target` one file is scored at its own; several
    at theirs if they agree, otherwise at the default of the rules. Raises RefusedFilesError when a file cannot be
    opened (nothing is written then), OSError when an output cannot be written.
    """
    opened = _open_all(files, passphrase)
    targets = {one.assessment.target for one in opened}
    default = next(step.level for step in catalogue.scoring.targets if step.default)
    level = target or (targets.pop() if len(targets) == 1 else default)
    readings = [read(one, catalogue, level) for one in opened]
    languages = languages or (readings[0].assessment.language,)
    for path, content in _contents(readings, words, languages, outputs or Outputs()):
        _place(path, content)
    found: list[str] = []
    for lang in languages:
        found += ["", *lines(readings, Wording(words, catalogue, lang), width)]
    return found[1:]


def _open_all(files: Sequence[Path], passphrase: Callable[[str], str] | None) -> list[Opened]:
    opened, refusals = [], []
    for path in files:
        try:
            opened.append(open_file(path, passphrase))
        except RefusedError as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedFilesError(refusals)
    return opened


def _contents(
    readings: Sequence[Reading], words: Interface, languages: Sequence[Lang], outputs: Outputs
) -> list[tuple[Path, bytes]]:
    """All contents are made before the first one is written."""
    found = []
    if outputs.html:
        found.append((outputs.html, page(readings, words, languages).encode()))
    if outputs.xlsx:
        found.append((outputs.xlsx, workbook(readings, words, languages)))
    return found


def _place(path: Path, content: bytes) -> None:
    """A whole file or none: written beside its place and moved there."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
