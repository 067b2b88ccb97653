"""YAML files in, a Guide out, or every Problem at once and a stop.

Enters: the project's folder. Leaves: `Loaded`: the frozen Guide and where each id stands (file and line).
Nothing here knows which language is being shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from guide.guide import Guide
from guide.kept import kept
from guide.lifecycle_model import Lifecycle
from guide.model import (
    LANGUAGES,
    Case,
    Chapter,
    Checklist,
    Edition,
    Frozen,
    Glossary,
    Interface,
    Reference,
    ReportWords,
    Role,
    Training,
)
from guide.plain_files import written
from guide.problems import Problem, Stop, relative
from guide.scoring_model import Scoring

M = TypeVar("M", bound=BaseModel)
Path_ = tuple[str | int, ...]

_GUESSED = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
DEEPEST = 20
"""So many levels are more than any file here needs; a file with thousands would end the program that reads it."""
CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


class _Loader(yaml.CSafeLoader):
    """YAML without guessing: a date is checked by the model that wants one, and `no` is a Spanish word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _GUESSED]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))


@dataclass(frozen=True)
class Place:
    """Where something stands: `file` relative to the project, `line` counted from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Source:
    """One YAML file as read: plain `data`, and the line of every key and list item by its path."""

    file: str
    data: Any
    lines: Mapping[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of `path`, or of its nearest ancestor that is written in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True)
class Loaded:
    """The guide, and the place of each id ("IT-04", "case:I15", "reference:isps", "term:pfso", "training:IT" …)."""

    guide: Guide
    places: Mapping[str, Place]


class ChapterList(Frozen):
    """data/chapters.yml"""

    chapters: tuple[Chapter, ...]


class CaseList(Frozen):
    """data/cases.yml"""

    cases: tuple[Case, ...]


class ReferenceList(Frozen):
    """data/references.yml"""

    references: tuple[Reference, ...]


#: Which model each file of data/ must fit; the schemas in data/schema/ are generated from this table.
SINGLE_FILES: dict[str, type[BaseModel]] = {
    "edition": Edition,
    "chapters": ChapterList,
    "cases": CaseList,
    "references": ReferenceList,
    "glossary": Glossary,
    "scoring": Scoring,
    "lifecycle": Lifecycle,
    "interface": Interface,
    "report": ReportWords,
}
FOLDERS: dict[str, type[BaseModel]] = {"checklists": Checklist, "training": Training}


def read_text(path: Path, root: Path) -> str:
    """The text of a source file. Raises Stop for bytes that are not UTF-8, and for a merge conflict left in it."""
    file = relative(path, root)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Stop(
            [
                Problem(
                    file,
                    line,
                    "",
                    "This file is not saved as UTF-8, so accents would be lost.",
                    "Save it again with the encoding UTF-8.",
                    "encoding",
                )
            ]
        ) from None
    if found := CONFLICT.search(text):
        line = text[: found.start()].count("\n") + 1
        raise Stop(
            [
                Problem(
                    file,
                    line,
                    "",
                    "A merge conflict was left here.",
                    "Keep the right version, or both where each side added an entry (one whole entry after the other), "
                    "and delete the lines <<<<<<<, ======= and >>>>>>>.",
                    "merge-conflict",
                )
            ]
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def read_yaml(path: Path, root: Path) -> Source:
    """One YAML file with the line of each value. Raises Stop for broken YAML, tabs and duplicate keys."""
    return parse_yaml(read_text(path, root), relative(path, root))


def parse_yaml(text: str, file: str) -> Source:
    """The text of a YAML file, of today or of an earlier version. Raises Stop as `read_yaml` does."""
    try:
        _refuse_knots(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or "the YAML cannot be read").strip()
        remedy = "Check the indentation (spaces, two per level), the colons and the quotation marks on this line."
        if "\\t" in what or "\t" in _line(text, mark.line if mark else 0):
            remedy = "Replace the tab character by spaces, two per level."
        raise Stop(
            [Problem(file, (mark.line + 1) if mark else 0, "", f"Broken YAML: {what}.", remedy, "yaml")]
        ) from None
    except yaml.reader.ReaderError:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        place, sign = (found.start(), f"U+{ord(found[0]):04X}") if found else (0, "unknown")
        line = text[:place].count("\n") + 1
        what = f"A character that YAML does not allow ({sign})."
        raise Stop([Problem(file, line, "", what, "Delete it.", "yaml")]) from None
    if node is None:
        raise Stop([Problem(file, 1, "", "This file is empty.", "Write its content, or delete the file.", "yaml")])
    lines: dict[Path_, int] = {}
    problems: list[Problem] = []
    data = _construct(node, (), lines, problems, file)
    problems += _texts_cut_short(node, text.split("\n"), file)
    if problems:
        raise Stop(problems)
    return Source(file, data, lines)


def _refuse_knots(text: str, file: str) -> None:
    """Raises Stop where one entry stands for another one (`*name`, which may be itself), or is nested without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        what = ""
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            what = f"Lists and groups stand {depth} deep in each other here." if depth > DEEPEST else ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            what = f"`*{event.anchor}` stands for text of another place."
        if what:
            remedy = "Write the text itself." if depth <= DEEPEST else "Take out the brackets or hyphens too many."
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise Stop([Problem(file, line, "", what, remedy, "yaml")])


def _texts_cut_short(node: yaml.Node, rows: list[str], file: str) -> Iterator[Problem]:
    """A text without quotation marks ends at ` #`, and nobody would miss the rest of its sentence.

    A value of one word that has no language (an id, a date, a number) may have a remark (`# like this`) behind it.
    """
    waiting: list[tuple[yaml.Node, bool]] = [(node, False)]
    while waiting:
        node, shown = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += [(value, key.value in LANGUAGES) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(value, shown) for value in node.value]
        elif isinstance(node, yaml.ScalarNode) and not node.style and node.value:
            rest = rows[node.end_mark.line][node.end_mark.column :].strip()
            if rest.startswith("#") and (shown or " " in node.value or rest[1:2].strip()):
                what = f"The text ends before the sign #: “{rest}” is a remark, which nobody reads."
                remedy = "Put the text between quotation marks, or the remark on a line of its own."
                yield Problem(file, node.end_mark.line + 1, "", what, remedy, "text-cut-short")


def _line(text: str, index: int) -> str:
    rows = text.splitlines()
    return rows[index] if index < len(rows) else ""


def _construct(node: yaml.Node, path: Path_, lines: dict[Path_, int], problems: list[Problem], file: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            line = key_node.start_mark.line + 1
            if key in out:
                problems.append(
                    Problem(
                        file,
                        line,
                        "",
                        f"The key `{key}` stands twice (first on line {lines[here]}).",
                        "Delete one of the two.",
                        "duplicate-key",
                    )
                )
            lines[here] = line
            out[key] = _construct(value_node, here, lines, problems, file)
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*path, index), lines, problems, file) for index, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    tag, value = node.tag, node.value
    if tag == "tag:yaml.org,2002:null":
        return None
    if tag == "tag:yaml.org,2002:bool":
        return value == "true"
    if tag == "tag:yaml.org,2002:int":
        try:
            return int(value.replace("_", ""))
        except ValueError:
            return value
    if tag == "tag:yaml.org,2002:float":
        try:
            return float(value)
        except ValueError:
            return value
    return value


def fit(model: type[M], source: Source) -> M:
    """`source` as `model`. Raises Stop with one Problem per fault, each with line, id and remedy."""
    try:
        return model.model_validate_json(json.dumps(source.data))
    except ValidationError as error:
        faults = error.errors()
        inner = {fault["loc"][:size] for fault in faults for size in range(1, len(fault["loc"]))}
        # a list whose entries are all refused is not also "too short"
        raise Stop(_explain(f, source) for f in faults if f["type"] != "too_short" or f["loc"] not in inner) from None


#: What an id looks like, in words, by the pattern that guide/model.py gives it.
FORMS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "Use small letters without accents, digits and hyphens, as in berth-plan.",
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$": "Use letters without accents, digits and hyphens, as in next-step.",
    r"^[A-Z]{2}$": "Use the two capital letters of a chapter, as in IT.",
    r"^[A-Z]{2}-[0-9]{2}$": "Use two capital letters, a hyphen and two digits, as in IT-04.",
    r"^I[0-9]{2}$": "Use a capital I and two digits, as in I15.",
}


def _id_near(data: Any, path: Path_) -> str:
    found = ""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict) and isinstance(data.get("id") or data.get("code"), str):
            found = data.get("id") or data["code"]
    return found


def _explain(fault: Any, source: Source) -> Problem:
    path: Path_ = tuple(fault["loc"])
    field = ".".join(str(step) for step in path if isinstance(step, str)) or "the file"
    kind, context = fault["type"], fault.get("ctx", {})
    last = str(path[-1]) if path else ""
    what, remedy = f"`{field}`: {fault['msg']}.", "Compare with the example in data/README.md."
    if kind == "extra_forbidden":
        what, remedy = (
            f"The key `{last}` is not known here.",
            "Correct its spelling, or delete it (fields: data/README.md).",
        )
    elif kind == "missing" and last in {"en", "es"}:
        name = {"en": "English", "es": "Spanish"}[last]
        what, remedy = f"No {name} text in `{field.removesuffix('.' + last)}`.", f"Add `{last}:` with the {name} text."
    elif kind == "missing":
        what, remedy = f"The field `{field}` is missing.", f"Add `{last}:`."
    elif kind == "string_too_short":
        what, remedy = f"`{field}` is empty.", "Write the text."
    elif kind in {"enum", "literal_error"} and fault["input"] is None:
        what, remedy = f"`{field}` is empty.", f"Use one of: {context.get('expected')}."
    elif kind in {"too_short", "too_long"}:
        least, most = context.get("min_length"), context.get("max_length")
        count = len(fault["input"])
        what = f"`{field}` has {count} {'entry' if count == 1 else 'entries'}."
        of = f" of {', '.join(role.value for role in Role)}" if last in {"roles", "in_the_room"} else ""
        remedy = f"Write at least {least}{of}." if kind == "too_short" else f"Write at most {most}."
    elif kind in {"enum", "literal_error"}:
        what, remedy = (
            f"`{field}` has the value {fault['input']!r}, which is not known.",
            f"Use one of: {context.get('expected')}.",
        )
    elif kind == "string_type" and fault["input"] is None:
        what, remedy = f"`{field}` is empty.", "Write the text after the colon."
    elif kind in {"string_type", "int_type", "tuple_type", "model_type", "model_attributes_type", "bool_type"}:
        wanted = {
            "string_type": "text (put it between quotation marks)",
            "int_type": "a whole number",
            "tuple_type": "a list (each entry on its own line, beginning with `- `)",
            "bool_type": "true or false",
        }.get(kind, "a group of fields (`en:` and `es:`, or as in the example)")
        what, remedy = f"`{field}` is {_kind_of(fault['input'])}.", f"Write {wanted}."
    elif kind == "string_pattern_mismatch":
        what = f"`{field}` has the value {fault['input']!r}, which is not of the right form."
        pattern = str(context.get("pattern"))
        remedy = f"{look_alikes(str(fault['input']))}{FORMS.get(pattern, f'Use the form {pattern}.')}"
    return Problem(source.file, source.line(path), _id_near(source.data, path), what, remedy, kind.replace("_", "-"))


def look_alikes(text: str) -> str:
    """A warning of characters in an id that only look like plain letters; empty if there is none."""
    odd = ", ".join(f"U+{ord(sign):04X}" for sign in text if ord(sign) > 127)
    return f"It contains {odd}, a character that only looks like a plain letter: type it again. " if odd else ""


def _kind_of(value: Any) -> str:
    if value is None:
        return "empty"
    return {
        str: "text",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a group of fields",
        bool: "true/false",
    }.get(type(value), "something else")


def data_files(root: Path) -> Iterator[tuple[Path, str, type[BaseModel]]]:
    """Every data file with its kind and the model that it must fit; adding a file to a folder is enough."""
    for name, model in SINGLE_FILES.items():
        yield root / "data" / f"{name}.yml", name, model
    for folder, model in FOLDERS.items():
        for path in written(root / "data" / folder, "*.yml"):
            yield path, folder, model


def model_of(file: str) -> type[BaseModel] | None:
    """The model that a file of data/ must fit, by its path in the project; None for any other file."""
    folder, _, name = file.removeprefix("data/").rpartition("/")
    return FOLDERS.get(folder) if folder else SINGLE_FILES.get(name.removesuffix(".yml"))


@lru_cache(maxsize=256)
def _fitted(path: Path, root: Path, model: type[BaseModel], _stamp: tuple[int, int]) -> tuple[BaseModel, Source]:
    text, file = read_text(path, root), relative(path, root)

    def make() -> tuple[BaseModel, Source]:
        source = parse_yaml(text, file)
        return fit(model, source), source

    return kept(root).of(model.__name__, f"{file}\n{text}".encode(), make)


def load(root: Path) -> Loaded:
    """The whole guide from `root`/data. Raises Stop with the problems of all files together.

    A file that has not changed since the last call in this process is not read again.
    """
    problems: list[Problem] = []
    values: dict[str, list[tuple[BaseModel, Source]]] = {}
    for path, name, model in data_files(root):
        try:
            status = path.stat()
            values.setdefault(name, []).append(_fitted(path, root, model, (status.st_mtime_ns, status.st_size)))
        except FileNotFoundError:
            problems.append(
                Problem(
                    relative(path, root),
                    0,
                    "",
                    "This file is missing.",
                    "Bring it back from the last version.",
                    "missing-file",
                )
            )
        except Stop as stop:
            problems.extend(stop.problems)
    if problems:
        raise Stop(problems)
    places: dict[str, Place] = {}
    problems.extend(_place_all(values, places, published_ids(root)))
    if problems:
        raise Stop(problems)
    single: dict[str, Any] = {name: values[name][0][0] for name in SINGLE_FILES}
    guide = Guide(
        edition=single["edition"],
        chapters=single["chapters"].chapters,
        checklists={c.chapter: c for c, _ in values.get("checklists", []) if isinstance(c, Checklist)},
        training={t.chapter: t for t, _ in values.get("training", []) if isinstance(t, Training)},
        cases={c.id: c for c in single["cases"].cases},
        references={r.id: r for r in single["references"].references},
        glossary=single["glossary"],
        scoring=single["scoring"],
        lifecycle=single["lifecycle"],
        interface=single["interface"],
        report=single["report"],
    )
    return Loaded(guide, places)


def _place_all(
    values: Mapping[str, list[tuple[BaseModel, Source]]], places: dict[str, Place], published: Iterable[str]
) -> Iterator[Problem]:
    """Notes where each id stands; an id that stands twice is a problem (ids are for ever, and for one thing)."""
    lists = {"chapters": ("chapters", "chapter:", "code"), "cases": ("cases", "case:", "id"),
             "references": ("references", "reference:", "id"), "glossary": ("terms", "term:", "id"),
             "checklists": ("requirements", "", "id")}  # fmt: skip
    found: list[tuple[str, Source, int]] = []
    for name, entries in values.items():
        for _, source in entries:
            if name in lists:
                key, prefix, field = lists[name]
                for index, item in enumerate(source.data[key]):
                    found.append((prefix + item[field], source, source.line((key, index, field))))
            if name in {"interface", "report"}:
                found += [(f"{name}:{group}", source, source.line((group,))) for group in source.data]
            if name in FOLDERS:
                found.append((f"{name}:{source.data['chapter']}", source, source.line(("chapter",))))
            if name == "training":
                session = f"training:{source.data['chapter']}"
                parts = ((part, source.line((part,))) for part in source.data if part != "chapter")
                found += [(f"{session}#{part.replace('_', '-')}", source, line) for part, line in parts]
    taken = {item.removeprefix("case:") for item, _, _ in found} | set(published)
    for item, source, line in found:
        if item in places:
            first = places[item]
            free = next_number(item, taken)
            yield Problem(
                source.file, line, item.rpartition(":")[2],
                f"This id stands twice (first in {first.file}, line {first.line}).",
                f"Give the newer one {f'the next free id, {free}' if free else 'an id of its own'}.", "duplicate-id",
            )  # fmt: skip
        else:
            places[item] = Place(source.file, line)


def next_number(item: str, taken: Iterable[str]) -> str:
    """The first id of the same kind after all that are taken: IT-13 for IT-04, I24 for case:I15; "" for other ids."""
    form = re.fullmatch(r"(?:case:)?([A-Z]+-?)(\d+)", item)
    if form is None:
        return ""
    numbers = [int(other[len(form[1]) :]) for other in taken if re.fullmatch(re.escape(form[1]) + r"\d+", other)]
    return f"{form[1]}{max([*numbers, 0]) + 1:02}"


def published_ids(root: Path) -> dict[str, int]:
    """The ids of data/ids.txt with their lines; lines that begin with # are notes. Raises Stop as `read_text` does."""
    path = root / "data" / "ids.txt"
    rows = read_text(path, root).splitlines() if path.exists() else []
    return {row.strip(): number for number, row in enumerate(rows, 1) if row.strip() and not row.startswith("#")}
