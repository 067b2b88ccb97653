"""The files that an editor writes, as every machine reads them: no mark at the beginning, plain line ends, no tabs.

Enters: the project's folder. Leaves: its files without what an editor's program puts beside them, and a notice for each
file that is read all the same and makes differences hard to read; `make fix` writes it plainly.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from guide.problems import Problem, relative

MARK = b"\xef\xbb\xbf"


def written(folder: Path, form: str) -> list[Path]:
    """The files below `folder` that fit `form` ("*.yml", "**/*.md"), in order.

    A folder with such a name is none, and neither is what a text program keeps beside a file that it has open
    (.#media.md, which may lead nowhere, #media.md#, media.md~).
    """
    found = (path for path in folder.glob(form) if not left_by_a_program(path.relative_to(folder)))
    return sorted(path for path in found if path.is_file())


def left_by_a_program(path: PurePath) -> bool:
    """Whether a text program or a file manager keeps this file, or the folder that it stands in, for itself."""
    return any(part.startswith((".", "#")) or part.endswith("~") for part in path.parts)


def editors_files(root: Path) -> list[Path]:
    """Every file that an editor writes."""
    data = [path for form in ("**/*.yml", "**/*.txt", "**/*.tsv") for path in written(root / "data", form)]
    return sorted([*written(root / "docs", "**/*.md"), *data])


def not_plain(root: Path) -> Iterator[Problem]:
    """What is odd about each file that is not plain."""
    for path in editors_files(root):
        raw = path.read_bytes()
        odd = [
            name
            for name, found in (
                ("a byte order mark", raw.startswith(MARK)),
                ("Windows line ends", b"\r\n" in raw),
                ("tabs, which every program shows in another width", path.suffix == ".md" and b"\t" in raw),
            )
            if found
        ]
        if odd:
            line = raw[: raw.index(b"\t")].count(b"\n") + 1 if odd[-1].startswith("tabs") else 0
            yield Problem(
                relative(path, root), line, "", f"This file has {' and '.join(odd)}.", "It is read all the same.",
                "plain-file", fixable=True,
            )  # fmt: skip


def made_plain(path: Path) -> bool:
    """Writes one file plainly; whether there was something to do."""
    raw = path.read_bytes()
    plain = raw.removeprefix(MARK).replace(b"\r\n", b"\n")
    if path.suffix == ".md":
        plain = b"\n".join(row.expandtabs(4) for row in plain.split(b"\n"))
    if raw != plain:
        path.write_bytes(plain)
    return raw != plain
