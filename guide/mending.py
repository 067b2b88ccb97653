"""What `make fix` mends without anybody having to think.

Enters: the project's folder. Leaves: ids.txt complete, schemas current, files in UTF-8 with plain line ends.
"""

from __future__ import annotations

from pathlib import Path

from guide.load import load
from guide.problems import Stop
from guide.rules import published_ids
from guide.schema import write_schemas


def mend(root: Path) -> list[str]:
    """Mends what it can and returns one line per mended file."""
    done = [f"{path.relative_to(root)}: plain line ends" for path in sorted(_texts(root)) if _plain(path)]
    write_schemas(root)
    try:
        guide = load(root).guide
    except Stop:
        return done
    known = published_ids(root)
    new = [item for item in guide.requirements if item not in known]
    if new:
        path = root / "data" / "ids.txt"
        note = "# Every requirement id ever published, in order. Append only: an id is never used again.\n"
        text = path.read_text(encoding="utf-8") if path.exists() else note
        rows = [row for row in text.splitlines() if row.startswith("#")]
        order = {chapter.code: number for number, chapter in enumerate(guide.chapters)}
        ids = sorted({*known, *new}, key=lambda item: (order.get(item[:2], len(order)), item))
        path.write_text("\n".join([*rows, *ids]) + "\n", encoding="utf-8")
        done.append(f"data/ids.txt: {len(new)} new ids")
    return done


def _texts(root: Path) -> list[Path]:
    return [*(root / "docs").rglob("*.md"), *(root / "data").rglob("*.yml")]


def _plain(path: Path) -> bool:
    raw = path.read_bytes()
    plain = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    if raw != plain:
        path.write_bytes(plain)
    return raw != plain
