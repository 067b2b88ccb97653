"""One stylesheet out of its parts, without comments and needless space.

Enters: CSS whose first rules are `@import "part.css"`. Leaves: the parts in their order in one text. Written parts stay
readable and each has its own subject; the reader's browser asks once.
"""

from __future__ import annotations

import re
from pathlib import Path

import tinycss2
from tinycss2.ast import Comment, Node

from guide.problems import Problem, Stop

IMPORT = re.compile(r'^@import\s+"([^"]+)";\s*$', re.MULTILINE)
#: Signs beside which no space is needed. Not "(", "+" or "*": `and (`, calc() and selectors need theirs.
TIGHT = re.compile(r"\s*([{};,>])\s*")


def joined(text: str, folder: Path) -> str:
    """`text` of a stylesheet in `folder` with each import replaced by its file. Raises Stop for one that is missing."""
    missing = [name for name in IMPORT.findall(text) if not (folder / name).is_file()]
    if missing:
        raise Stop(
            Problem(name, 0, "", "is imported but not there.", "Add it or take the import out.") for name in missing
        )
    whole = IMPORT.sub(lambda match: (folder / match[1]).read_text(encoding="utf-8"), text)
    return compact(whole)


def compact(text: str) -> str:
    """`text` with the same meaning and no comments; strings are left as they are."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return "".join(_compact(rule) for rule in rules)


def _compact(rule: Node) -> str:
    if rule.type == "error":
        raise ValueError(f"line {rule.source_line}: {rule.message}")
    head = _squeeze(tinycss2.serialize(rule.prelude)).strip()
    name = f"@{rule.at_keyword} " if rule.type == "at-rule" else ""
    if rule.content is None:
        return f"{name}{head};"
    return f"{name}{head}{{{_squeeze(tinycss2.serialize(_plain(rule.content))).strip()}}}"


def _plain(nodes: list[Node]) -> list[Node]:
    """The nodes without comments, at every depth."""
    kept = []
    for node in nodes:
        if isinstance(node, Comment):
            continue
        content = getattr(node, "content", None)
        if isinstance(content, list):
            node.content = _plain(content)
        kept.append(node)
    return kept


def _squeeze(text: str) -> str:
    """Space collapsed outside of strings."""
    parts = re.split(r'("(?:\\.|[^"\\])*")', text)
    return "".join(part if part.startswith('"') else TIGHT.sub(r"\1", re.sub(r"\s+", " ", part)) for part in parts)
