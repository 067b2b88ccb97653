"""data/ids.txt: the id of every requirement and case ever published, in the order of the chapters, cases last.

Enters: new ids. Leaves: the file with each at its place; nothing is ever taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from guide.load import published_ids, read_text

FILE = "data/ids.txt"
NOTE = "# The id of every requirement and case ever published, in order. Append only: an id is never used again."


def add_ids(root: Path, new: Iterable[str], codes: Sequence[str]) -> int:
    """Writes the ids that are not there yet; `codes` is the order of the chapters. Returns how many were new."""
    known = published_ids(root)
    missing = [item for item in new if item not in known]
    if not missing:
        return 0
    path = root / FILE
    rows = read_text(path, root).splitlines() if path.exists() else [NOTE]
    order = {code: number for number, code in enumerate(codes)}
    ids = sorted({*known, *missing}, key=lambda item: (order.get(item[:2], len(order)), item))
    text = "\n".join([*(row for row in rows if row.startswith("#")), *ids]) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return len(missing)
