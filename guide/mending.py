"""What `make fix` mends without anybody having to think.

Enters: the project's folder. Leaves: ids.txt complete, data/confirmed.tsv in order, schemas current, files in UTF-8
with plain line ends.
"""

from __future__ import annotations

from pathlib import Path

from guide.agreement import GROUPS, moves
from guide.confirmations import FILE, Confirmation, write_confirmed
from guide.content import Content
from guide.ids import add_ids
from guide.plain_files import editors_files, made_plain
from guide.problems import Stop
from guide.rules import texts_away
from guide.schema import write_schemas
from guide.translation import sides, that_counts


def mend(root: Path) -> list[str]:
    """Mends what it can and returns one line per mended file, and what must be mended by hand before it can go on."""
    done = [f"{path.relative_to(root)}: plain line ends" for path in editors_files(root) if made_plain(path)]
    write_schemas(root)
    try:
        content = Content(root)
    except Stop as stop:
        return [*done, *map(str, stop.problems), "Mend these by hand, then run it again for the rest."]
    return [*done, *complete_ids(content), *put_confirmed_in_order(content)]


def complete_ids(content: Content) -> list[str]:
    """Adds the ids of requirements and cases that data/ids.txt does not have, each at its place."""
    ids = [*content.guide.requirements, *content.guide.cases]
    new = add_ids(content.root, ids, [chapter.code for chapter in content.guide.chapters])
    return [f"data/ids.txt: {new} new id{'s' if new > 1 else ''}"] if new else []


def put_confirmed_in_order(content: Content) -> list[str]:
    """One line a pair; lines of texts that moved go with them; lines without a pair go.

    A line of a text whose file is missing stays, and one of a group of words: they will be brought back.
    """
    pairs, moved, there = content.pairs, moves(content.pairs.values(), content.confirmed), sides(content.pages)
    away = (*texts_away(content.guide, content.pages, content.figures), *GROUPS)
    kept: dict[str, Confirmation] = {}
    for item, said in content.confirmed.items():
        name = moved.get(item, item)
        if name in pairs:
            kept[name] = that_counts(said, pairs[name])
        elif name in there or name.startswith(away):
            kept[name] = said[-1]
    if kept == {item: said[0] for item, said in content.confirmed.items() if len(said) == 1}:
        return []
    write_confirmed(content.root, kept)
    return [f"{FILE}: {len(kept)} confirmed pairs in order"]
