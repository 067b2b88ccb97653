"""Files as every machine reads them: no mark at the beginning, lines that end in the plain way, no tabs in a page.

Enters: the project's folder. Leaves: a notice for each file that is read all the same and makes differences hard to
read; `make fix` writes it plainly.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guide.problems import Problem, relative

MARK = b"\xef\xbb\xbf"


def editors_files(root: Path) -> list[Path]:
    """Every file that an editor writes."""
    lists = [path for name in ("*.txt", "*.tsv") for path in (root / "data").rglob(name)]
    return sorted([*(root / "docs").rglob("*.md"), *(root / "data").rglob("*.yml"), *lists])


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
