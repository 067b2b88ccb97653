"""The Markdown pages as their authors wrote them: front matter, headings, macro calls, links, sections.

Enters: docs/en and docs/es. Leaves: a Page per file, with the line of everything that a rule may complain about.
Markdown is read by markdown-it-py and macros by Jinja's own parser: nothing here guesses with patterns what they know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2
import jinja2.nodes
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guide.kept import kept
from guide.load import parse_yaml, read_text
from guide.model import LANGUAGES, Lang
from guide.plain_files import written
from guide.problems import Problem, Stop, relative

HEADING_ID = re.compile(r"\s*\{#(?P<id>[^}\s]+)\}\s*$")
OTHER_LANGUAGE = re.compile(r"\{:\s*lang=")
"""Ends a table cell whose text is in the other language on purpose."""
TOP = "top"
"""Name of what stands before the first section of a page."""
COMPUTED = "…"
"""Name of what is no call of a macro with constant arguments."""
MARK = re.compile("\ue000(\\d+)\ue001")
"""Stands for a macro while Markdown is read."""
_MARKDOWN = MarkdownIt("commonmark").enable("table")
#: `{#id}` ends a heading, so notes for Jinja are written [[# … #]] (mkdocs.yml says the same to mkdocs-macros).
_JINJA = jinja2.Environment(autoescape=True, comment_start_string="[[#", comment_end_string="#]]")


@dataclass(frozen=True)
class Heading:
    """A heading: `level` 1-6, its text without the id, its explicit `id` ("" if none), and its line."""

    level: int
    text: str
    id: str
    line: int


@dataclass(frozen=True)
class Call:
    """A macro call such as `case("I15")`: name, its constant arguments, and its line.

    The name is COMPUTED for whatever else a template engine would do: conditions, calculations, other arguments.
    """

    name: str
    arguments: tuple[object, ...]
    line: int


@dataclass(frozen=True)
class Link:
    """A Markdown link or image as written."""

    target: str
    text: str
    line: int
    image: bool


@dataclass(frozen=True)
class Section:
    """A part of a page between two headings of level 2: its id, first line and source text."""

    id: str
    line: int
    text: str


@dataclass(frozen=True)
class Page:
    """One Markdown file in one language. `name` is its path below the language folder ("chapters/media.md")."""

    lang: Lang
    name: str
    file: str
    meta: Mapping[str, Any]
    body: str
    body_line: int
    headings: tuple[Heading, ...]
    calls: tuple[Call, ...]
    links: tuple[Link, ...]
    sections: tuple[Section, ...]
    prose: tuple[tuple[int, str], ...]
    """(line, text) of every paragraph, list item and table cell, without Markdown and macros."""
    marked: tuple[tuple[int, str], ...]
    """The same with a mark where each macro stands; `spoken` puts words there."""
    macros: tuple[tuple[str, ...], ...]
    """Name and texts of each macro, in the order of the marks."""
    blocks: tuple[int, ...] = ()
    """Lines where Markdown begins a block of program text, whose words are no prose."""

    def spoken(self, text: str, label: Callable[[str, tuple[str, ...]], str]) -> str:
        """A text of `marked` with what `label` says of each macro (its name, its texts) in its place."""
        return MARK.sub(lambda mark: label(self.macros[int(mark[1])][0], self.macros[int(mark[1])][1:]), text)

    @property
    def slug(self) -> str:
        """`media` for chapters/media.md."""
        return Path(self.name).stem

    @property
    def is_chapter(self) -> bool:
        """Whether it is one of the 23 chapters."""
        return self.name.startswith("chapters/") and self.slug != "index"


def resolved(name: str, target: str) -> str:
    """Where a link of the page `name` leads, from the folder of its language."""
    parts = name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def read_page(path: Path, lang: Lang, root: Path) -> Page:
    """One page. Raises Stop for broken front matter or a macro that cannot be read."""
    status = path.stat()
    return _read(path, lang, root, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=256)
def _read(path: Path, lang: Lang, root: Path, _stamp: tuple[int, int]) -> Page:
    text = read_text(path, root)
    name = path.relative_to(root / "docs" / lang).as_posix()
    file = relative(path, root)
    return kept(root).of("page", f"{file}\n{text}".encode(), lambda: parse_page(text, lang, name, file))


def parse_page(text: str, lang: Lang, name: str, file: str) -> Page:
    """The page of this source, of today or of an earlier version. Raises Stop as `read_page` does."""
    meta, body, body_line = _front_matter(text, file)
    calls = _calls(body, body_line, file)
    marked_body, macros = _marked(body)
    tokens = _MARKDOWN.parse(marked_body)

    def plain(text: str) -> str:
        return MARK.sub(lambda mark: _own_words(macros[int(mark[1])]), text)

    headings = tuple(replace(one, text=plain(one.text)) for one in _headings(tokens, body_line))
    marked = tuple(_prose(tokens, body_line))
    prose = ((line, plain(text).strip()) for line, text in marked)
    return Page(
        lang=lang,
        name=name,
        file=file,
        meta=meta,
        body=body,
        body_line=body_line,
        headings=headings,
        calls=calls,
        links=tuple(replace(one, text=plain(one.text)) for one in _links(tokens, body_line)),
        sections=tuple(_sections(body, body_line, headings)),
        prose=tuple((line, text) for line, text in prose if text),
        marked=marked,
        macros=macros,
        blocks=tuple(t.map[0] + body_line for t in tokens if t.type in {"code_block", "fence"} and t.map),
    )


def section_texts(source: str) -> dict[str, str]:
    """Section id -> text for the source of any version of a page; empty if it cannot be read."""
    try:
        meta, body, line = _front_matter(source, "")
        headings = tuple(_headings(_MARKDOWN.parse(_marked(body)[0]), line))
    except (Stop, jinja2.TemplateSyntaxError):
        return {}
    found = {section.id or TOP: section.text for section in _sections(body, line, headings)}
    return {**found, TOP: opening(meta, found.get(TOP, ""))}


def opening(meta: Mapping[str, Any], text: str) -> str:
    """What stands before the first section: title, summary, the readers whom the card names, and opening words."""
    readers = meta.get("readers") or ()
    named = [str(one) for one in readers] if isinstance(readers, list | tuple) else [str(readers)]
    return "\n".join([str(meta.get("title", "")), str(meta.get("summary", "")), *named, text])


def read_pages(root: Path) -> dict[Lang, dict[str, Page]]:
    """All pages by language and name. Raises Stop with the problems of all files together."""
    pages: dict[Lang, dict[str, Page]] = {lang: {} for lang in LANGUAGES}
    problems: list[Problem] = []
    for lang in LANGUAGES:
        for path in written(root / "docs" / lang, "**/*.md"):
            try:
                page = with_pictures(read_page(path, lang, root), root)
                pages[lang][page.name] = page
            except Stop as stop:
                problems.extend(stop.problems)
    if problems:
        raise Stop(problems)
    return pages


def with_pictures(page: Page, root: Path) -> Page:
    """The page with a mark of each image at the end of the section that shows it: one drawn anew is a text changed."""
    sections = list(page.sections)
    for link in page.links:
        path = root / "docs" / page.lang / resolved(page.name, unquote(link.target))
        if link.image and path.is_file():
            at = max(index for index, section in enumerate(sections) if index == 0 or section.line <= link.line)
            mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            sections[at] = replace(sections[at], text=f"{sections[at].text}\n[{link.target}: {mark}]")
    return replace(page, sections=tuple(sections))


def _front_matter(text: str, file: str) -> tuple[dict[str, Any], str, int]:
    if not text.startswith("---\n"):
        raise Stop(
            [
                Problem(
                    file,
                    1,
                    "",
                    "The page does not begin with front matter.",
                    "Begin with a line `---`, then title:, summary:, access:, and a second line `---`.",
                    "front-matter",
                )
            ]
        )
    head, fence, body = text[4:].partition("\n---\n")
    if not fence:
        raise Stop(
            [
                Problem(
                    file,
                    1,
                    "",
                    "The front matter is not closed.",
                    "Add a line `---` after its last field.",
                    "front-matter",
                )
            ]
        )
    try:
        if head.strip():
            parse_yaml(head, file)
    except Stop as stop:
        raise Stop(replace(p, line=p.line + 1, rule="front-matter") for p in stop.problems) from None
    meta = yaml.load(head, Loader=yaml.CSafeLoader)  # as MkDocs reads it, which takes `no` for false
    if not isinstance(meta, dict):
        raise Stop(
            [Problem(file, 2, "", "The front matter has no fields.", "Add title: and summary:.", "front-matter")]
        )
    return meta, body, head.count("\n") + 4


def _calls(body: str, offset: int, file: str) -> tuple[Call, ...]:
    try:
        tree = _JINJA.parse(body)
    except jinja2.TemplateSyntaxError as error:
        raise Stop(
            [
                Problem(
                    file,
                    (error.lineno or 1) + offset - 1,
                    "",
                    f"A macro cannot be read: {(error.message or '').partition(' at ')[0]}.",
                    'Write it as {{ name("argument") }}, with straight quotation marks.',
                    "macro",
                )
            ]
        ) from None
    nodes = [node for part in tree.body for node in (part.nodes if isinstance(part, jinja2.nodes.Output) else [part])]
    return tuple(_call(node, offset) for node in nodes if not isinstance(node, jinja2.nodes.TemplateData))


def _call(node: jinja2.nodes.Node, offset: int) -> Call:
    line = node.lineno + offset - 1
    if isinstance(node, jinja2.nodes.Call) and isinstance(node.node, jinja2.nodes.Name):
        values = tuple(arg.value for arg in node.args if isinstance(arg, jinja2.nodes.Const))
        if len(values) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            return Call(node.node.name, values, line)
    return Call(COMPUTED, (), line)


def _marked(body: str) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """The body with a mark in place of each macro, lines unchanged, and name and texts of each macro."""
    out: list[str] = []
    macros: list[tuple[str, ...]] = []
    macro: list[str] | None = None
    for _, kind, value in _JINJA.lex(body):
        if kind == "variable_begin":
            macro = []
        elif kind == "variable_end" and macro is not None:
            out.append(f"\ue000{len(macros)}\ue001")
            macros.append(tuple(macro))
            macro = None
        elif macro is not None and kind in {"name", "string"}:
            macro.append(value[1:-1] if kind == "string" else value)
        out.append(value if kind == "data" else "\n" * value.count("\n"))
    return "".join(out), tuple(macros)


def _own_words(macro: tuple[str, ...]) -> str:
    """The words that a page itself writes into a macro: a text of several words is prose, a single one is an id."""
    return "".join(text for text in macro[1:] if " " in text)


def sentences(source: str, label: Callable[[str, str], str]) -> list[str]:
    """The lines of a section as a reader would hear them; `label` says what a macro shows (its name, its item)."""
    out: list[str] = []
    macro: list[str] | None = None
    for _, kind, value in _JINJA.lex(source):
        if kind == "variable_begin":
            macro = []
        elif kind == "variable_end" and macro is not None:
            name, *strings = macro
            out.append(
                strings[1] if name in {"term"} and len(strings) > 1 else label(name, strings[0] if strings else "")
            )
            macro = None
        elif macro is not None and kind in {"name", "string"}:
            macro.append(value.strip("\"'"))
        elif kind == "data":
            out.append(value)
    found: list[str] = []
    for token in _MARKDOWN.parse("".join(out)):
        if token.type == "inline":
            signs = [
                "\n" if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or []
                if child.type in {"text", "softbreak", "hardbreak", "code_inline"}
            ]
            found += [HEADING_ID.sub("", line).strip() for line in "".join(signs).split("\n")]
    return [line for line in found if line]


def _headings(tokens: list[Token], offset: int) -> list[Heading]:
    found = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            text = tokens[index + 1].content
            match = HEADING_ID.search(text)
            found.append(
                Heading(
                    int(token.tag[1]),
                    HEADING_ID.sub("", text),
                    match["id"] if match else "",
                    token.map[0] + offset,
                )
            )
    return found


def _links(tokens: list[Token], offset: int) -> list[Link]:
    found = []
    for token in tokens:
        if token.type != "inline" or not token.map:
            continue
        line = token.map[0] + offset
        open_link: str | None = None
        words: list[str] = []
        for child in token.children or []:
            if child.type == "softbreak":
                line += 1
            if child.type == "link_open":
                open_link, words = str(child.attrGet("href")), []
            elif child.type == "link_close" and open_link is not None:
                found.append(Link(open_link, "".join(words), line, False))
                open_link = None
            elif child.type == "image":
                found.append(Link(str(child.attrGet("src")), child.content, line, True))
            elif child.content:
                words.append(child.content)
    return found


def _sections(body: str, offset: int, headings: tuple[Heading, ...]) -> list[Section]:
    rows = body.split("\n")  # as Markdown counts lines: a form feed or another rare sign ends none
    starts = [(h.id or h.text, h.line - offset) for h in headings if h.level == 2]
    ends = [line for _, line in [*starts[1:], ("", len(rows))]][: len(starts)]
    top = starts[0][1] if starts else len(rows)
    found = [Section("", offset, "\n".join(rows[:top]))]
    for (name, start), end in zip(starts, ends, strict=True):
        found.append(Section(name, start + offset, "\n".join(rows[start:end])))
    return found


def _prose(tokens: list[Token], offset: int) -> list[tuple[int, str]]:
    found = []
    for token in tokens:
        if token.type == "inline" and token.map:
            text = "".join(
                " " if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or []
                if child.type in {"text", "softbreak", "hardbreak", "code_inline"}
            )
            if found_title := re.match(r'!!! [a-z-]+ "([^"]*)"\s*', text):
                text = f"{found_title[1]}. {text[found_title.end() :]}"
            if not OTHER_LANGUAGE.search(text):
                found.append((token.map[0] + offset, HEADING_ID.sub("", text)))
    return found
