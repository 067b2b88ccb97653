"""`guide new`: an entry to be filled in, in both languages, with the next free id, at its place.

Enters: the project's folder and what is to be added. Leaves: text added to files whose other lines stay as they were,
and the places to go on writing. Empty fields are problems until they are filled, so that none is forgotten.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import yaml

from guide.ids import add_ids
from guide.load import Place, next_number, parse_yaml, published_ids, read_text
from guide.model import LANGUAGES
from guide.problems import Problem, Stop

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates" / "new"),
    variable_start_string="[[", variable_end_string="]]", block_start_string="[%", block_end_string="%]",
    comment_start_string="[[#", comment_end_string="#]]",  # `{#id}` ends a heading
    trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined,
    autoescape=False,  # YAML and Markdown for an editor, not HTML
)  # fmt: skip
_TEMPLATES.filters["json"] = partial(json.dumps, ensure_ascii=False)


def new_requirement(root: Path, code: str) -> tuple[str, list[Place]]:
    """The next requirement of a chapter. Raises Stop for an unknown chapter or a file that cannot be read."""
    slug = _slug(root, code)
    file = f"data/checklists/{slug}.yml"
    there = [entry.get("id", "") for entry in _entries(root, file, "requirements")]
    item = next_number(f"{code}-00", [*there, *published_ids(root)])
    place = _insert(root, file, "requirements", _TEMPLATES.get_template("requirement.yml").render(id=item))
    add_ids(root, [item], _codes(root))
    return item, [place]


def new_case(root: Path) -> tuple[str, list[Place]]:
    """The next case, under an id that none ever had. Raises Stop for a file that cannot be read."""
    file = "data/cases.yml"
    there = [str(entry.get("id", "")) for entry in _entries(root, file, "cases")]
    item = next_number("I00", [*there, *published_ids(root)])
    place = _insert(root, file, "cases", _TEMPLATES.get_template("case.yml").render(id=item))
    add_ids(root, [item], _codes(root))
    return item, [place]


def new_reference(root: Path, item: str) -> tuple[str, list[Place]]:
    """A document under the id `item`. Raises Stop if the id is taken or not of the right form."""
    return _named(root, item, "data/references.yml", "references", "reference.yml")


def new_term(root: Path, item: str) -> tuple[str, list[Place]]:
    """A term under the id `item`. Raises Stop if the id is taken or not of the right form."""
    return _named(root, item, "data/glossary.yml", "terms", "term.yml")


def new_chapter(root: Path, code: str, slug: str, en: str, es: str) -> tuple[str, list[Place]]:
    """A chapter: its entry, both pages, checklist with a first requirement, session. Raises Stop if it is there."""
    file = "data/chapters.yml"
    for entry in _entries(root, file, "chapters"):
        if entry.get("code") == code or entry.get("slug") == slug:
            _refuse(
                file, code, f"The chapter {entry.get('code')} ({entry.get('slug')}) is there already.", "Choose others."
            )
    _must_fit(file, code, r"[A-Z]{2}", "two capital letters")
    _must_fit(file, slug, r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens")
    values = {"id": code, "slug": slug, "title": {"en": en, "es": es}}
    places = [_insert(root, file, "chapters", _TEMPLATES.get_template("chapter.yml").render(values))]
    for name, template in (
        *((f"docs/{lang}/chapters/{slug}.md", f"page.{lang}.md") for lang in LANGUAGES),
        (f"data/checklists/{slug}.yml", "checklist.yml"), (f"data/training/{slug}.yml", "training.yml"),
    ):  # fmt: skip
        (root / name).write_text(_TEMPLATES.get_template(template).render(values), encoding="utf-8", newline="\n")
        places.append(Place(name, 1))
    new_requirement(root, code)
    return code, places


def _named(root: Path, item: str, file: str, key: str, template: str) -> tuple[str, list[Place]]:
    _must_fit(file, item, r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens")
    if any(entry.get("id") == item for entry in _entries(root, file, key)):
        _refuse(file, item, "This id is there already.", "Change that entry, or choose another id.")
    return item, [_insert(root, file, key, _TEMPLATES.get_template(template).render(id=item))]


def _entries(root: Path, file: str, key: str) -> list[dict[str, Any]]:
    """What stands under `key`, as written: other entries may still be unfinished."""
    if not (root / file).exists():
        _refuse(
            file, "", "This file is missing.", "Bring it back from the last version, or begin with `guide new chapter`."
        )
    data = parse_yaml(read_text(root / file, root), file).data
    found = data.get(key) if isinstance(data, dict) else None
    return [entry for entry in found or [] if isinstance(entry, dict)]


def _codes(root: Path) -> list[str]:
    return [str(chapter.get("code")) for chapter in _entries(root, "data/chapters.yml", "chapters")]


def _slug(root: Path, code: str) -> str:
    slugs = {entry.get("code"): str(entry.get("slug")) for entry in _entries(root, "data/chapters.yml", "chapters")}
    if code not in slugs:
        _refuse(
            "data/chapters.yml",
            code,
            "There is no chapter with this code.",
            f"Use one of: {', '.join(map(str, slugs))}.",
        )
    return slugs[code]


def _insert(root: Path, file: str, key: str, stub: str) -> Place:
    """Adds `stub` after the last entry of the list `key`; every other line, comments too, stays as it is.

    An empty line comes between them where one stands between other entries.
    """
    path = root / file
    text = path.read_bytes().decode("utf-8")
    rows = text.splitlines(keepends=True)
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(node, yaml.MappingNode)  # `load` refuses anything else
    entries = next(value for name, value in node.value if name.value == key)
    apart = any(not rows[entry.start_mark.line - 1].strip() for entry in entries.value[1:])
    end = entries.end_mark.line
    if rows and not rows[-1].endswith("\n"):
        rows[-1] += "\n"
    end = min(max(end, 1), len(rows)) if end else len(rows)
    if end < len(rows) and rows[end].lstrip().startswith(f"{key}:"):  # an empty list ends on its own line
        end += 1
    while end and (not rows[end - 1].strip() or rows[end - 1].startswith("#")):
        end -= 1
    path.write_text("".join([*rows[:end], "\n" * apart, stub, *rows[end:]]), encoding="utf-8", newline="")
    return Place(file, end + 1 + apart)


def _must_fit(file: str, item: str, form: str, words: str) -> None:
    if not re.fullmatch(form, item):
        _refuse(file, item, f"“{item}” is not of the right form.", f"Use {words}.")


def _refuse(file: str, item: str, what: str, remedy: str) -> None:
    raise Stop([Problem(file, 0, item, what, remedy, "new")])
