"""The layout engine with less work for the same pages.

Enters: nothing; `hasten` changes parts of WeasyPrint and pydyf (both pinned) in this process. Leaves: the same bytes in
two thirds of the time. Everything here only avoids work that is done again and again: tests/test_paper_quick.py prints
with and without it and compares the files.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pydyf
from tinyhtml5 import inputstream
from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.draw import text as drawing
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import percent
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import get_pango_font_key

_DECIDED_ELSEWHERE = {"page", "position", "float", "display"}
"""Properties that the engine computes in a way of their own."""
_SETTLED = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED | INITIAL_NOT_COMPUTED and not name.startswith("text_decoration_")
}
"""Properties that have this value wherever no rule says another."""
_OF_ELEMENTS = {name: value for name, value in _SETTLED.items() if name not in _DECIDED_ELSEWHERE}
_OF_ANONYMOUS = {name: value for name, value in _SETTLED.items() if name != "page"}
SMALLEST = 1e-6
"""Points: text below it is not drawn."""
_LOGICAL = {name(block="ttb", inline=inline) for name in PHYSICAL_FUNCTIONS.values() for inline in ("ltr", "rtl")}
"""Names such as "margin-inline-start", which can stand for a settled one."""


def hasten() -> None:
    """Puts the quicker parts in place; safe to call twice."""
    if css.ComputedStyle.__init__ is not _begin_style:
        _of_engine.update(style=css.ComputedStyle.__init__, anonymous=css.AnonymousStyle.__init__)
        _of_engine.update(line=drawing.draw_first_line, wake=line_break.Layout.reactivate)
        _of_engine.update(set_up=line_break.Layout.setup, key=line_break._font_style_cache_key)
        inputstream.characters_until_regex = _Patterns()
    css.ComputedStyle.__init__ = _begin_style
    css.AnonymousStyle.__init__ = _begin_anonymous
    percent.resolve_one_percentage = _resolve
    Box.is_in_normal_flow = _in_normal_flow
    line_break.Layout.reactivate = _wake_later
    line_break.Layout.deactivate = _sleep
    drawing.draw_first_line = _draw_line
    line_break.Layout.setup = _set_up
    line_break._font_style_cache_key = _font_key
    pydyf._to_bytes = _to_bytes
    pydyf.PDF.page_references = property(_page_references)
    pack_as_we_do()


def pack_as_we_do() -> None:
    """The one part that changes bytes: how hard streams are packed."""
    pydyf.Stream.data = property(_packed)


_of_engine: dict[str, Callable[..., Any]] = {}
"""What stood where ours stands now."""


def _begin_style(style: Any, parent_style: Any, cascaded: Any, *rest: Any) -> None:
    """A style begins with the values that no rule changes, instead of being asked for each of them."""
    if parent_style is not None and not (_LOGICAL & cascaded.keys()):
        style.update(_OF_ELEMENTS)
        for name in cascaded:
            style.pop(name, None)
    _of_engine["style"](style, parent_style, cascaded, *rest)


def _begin_anonymous(style: Any, parent_style: Any) -> None:
    style.update(_OF_ANONYMOUS)
    _of_engine["anonymous"](style, parent_style)


def _resolve(box: Any, name: str, whole: Any) -> None:
    """The length that a property of `box` has when 100 % are `whole`."""
    value = box.style[name]
    if value == "auto":
        value = 0 if name in {"min_width", "min_height"} else "auto"
    elif value is not None:
        unit = getattr(value, "unit", None)
        if unit is None:
            value = percent.percentage(value, box.style, whole)
            value = 0 if value == "auto" and name in {"min_width", "min_height"} else value
        else:
            value = whole * value.value / 100 if unit == "%" else value.value
    setattr(box, name, value)


def _in_normal_flow(box: Any) -> bool:
    position = box.style["position"]
    return (
        box.style["float"] not in {"left", "right", "inline-start", "inline-end", "footnote"}
        and position not in {"absolute", "fixed"}
        and position[0] not in {"running()", "note()"}
    )


class _Patterns(dict[tuple[Any, bool], re.Pattern[str]]):
    """The parser means to keep its patterns, but keeps them under a name that it never asks for."""

    def __missing__(self, asked: tuple[Any, bool]) -> re.Pattern[str]:
        signs, only_these = asked
        listed = "".join(f"\\x{ord(sign):02x}" for sign in signs)
        made = self[asked] = re.compile(f"[{'' if only_these else '^'}{listed}]+")
        return made


def _font_key(style: Any, include_size: bool = False) -> str:
    """Made once for each style, not for each line."""
    name = "_sized_font_key" if include_size else "_font_key"
    known = style.__dict__.get(name)
    if known is None:
        known = style.__dict__[name] = _of_engine["key"](style, include_size)
    return str(known)


def _set_up(layout: Any, style: Any) -> None:
    """What a style asks of the text engine (context, font, language, features) is worked out once for each style."""
    asked = style.__dict__.get("_asked")
    if asked is None:
        asked = style.__dict__["_asked"] = _asked(style)
    context, description, features, plain = asked
    layout.__dict__.update(plain, style=style)
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)
    if features is not None:
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, features)
        pango.pango_layout_set_attributes(layout.layout, attributes)


def _asked(style: Any) -> tuple[Any, Any, Any, dict[str, Any]]:
    """Context, font and features for a style, and the plain values that the engine finds for it."""
    model = line_break.Layout.__new__(line_break.Layout)
    _of_engine["set_up"](model, style)
    plain = {name: value for name, value in model.__dict__.items() if name not in {"layout", "style"}}
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    pango.pango_context_set_language(context, model.language)
    features = line_break.font_features(
        style["font_kerning"], style["font_variant_ligatures"], style["font_variant_position"],
        style["font_variant_caps"], style["font_variant_numeric"], style["font_variant_alternates"],
        style["font_variant_east_asian"], style["font_feature_settings"],
    )  # fmt: skip
    wanted = ",".join(f"{name} {value}" for name, value in features.items()).encode()
    return context, line_break.get_font_description(style), style.font_config.font_features.get(wanted), plain


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs of one font in a line: what is shown, and each glyph with its width and the text that it stands for."""

    font: int
    shown: str
    glyphs: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class _Face:
    """What the engine asks of a Pango font again for every line. `holder` keeps the font alive."""

    font: Any
    holder: Any
    key: int
    size: float
    widths: dict[int, int]
    glyphs: dict[tuple[int, str], tuple[int, int, str]]


_faces: dict[int, _Face] = {}
"""By the address of the Pango font."""


def _wake_later(layout: Any, style: Any) -> None:
    """A line of text that was drawn before need not be shaped again for the next file."""
    layout.sleeping = style


def _sleep(layout: Any) -> None:
    layout.__dict__.pop("sleeping", None)
    for name in ("layout", "language", "style"):
        layout.__dict__.pop(name, None)


def _draw_line(stream: Any, textbox: Any, overflow: str, ellipsis: str, matrix: Any) -> Any:
    """Draws a line as the engine does; what it is drawn with is kept with the line."""
    if not textbox.text.strip() or textbox.style["font_size"] < SMALLEST:
        return []
    layout = textbox.pango_layout
    runs = layout.__dict__.get("runs")
    if runs is None:
        if "sleeping" in layout.__dict__:
            _of_engine["wake"](layout, layout.sleeping)
        plain = overflow != "ellipsis" and ellipsis == "none"
        runs = _runs(stream, layout) if plain else None
        if runs is None:
            return _of_engine["line"](stream, textbox, overflow, ellipsis, matrix)
        layout.runs = runs
    stream.set_text_matrix(*matrix.values)
    for run in runs:
        face = _faces[run.font]
        font = stream._fonts.get(face.key) or stream.add_font(face.font)[0]
        stream.set_font_size(font.hash, face.size)
        for glyph, width, text in run.glyphs:
            if glyph not in font.widths:
                font.widths[glyph] = width
            if glyph not in font.to_unicode:
                font.to_unicode[glyph] = text
        stream.show_text(run.shown)
    return []


def _runs(stream: Any, layout: Any) -> list[_Run] | None:
    """The first line of an awake layout; None when it has what only the engine can draw."""
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    text = layout.text.encode()
    runs: list[_Run] = []
    item = line.runs[0]
    while item != ffi.NULL:
        run = _run(stream, layout, item.data, text)
        if run is None:
            return None
        runs.append(run)
        item = item.next
    return _joined(runs)


def _run(stream: Any, layout: Any, item: Any, text: bytes) -> _Run | None:
    address = int(ffi.cast("uintptr_t", item.item.analysis.font))
    face = _faces.get(address) or _face(stream, layout, address, item.item.analysis.font)
    if face is None or item.item.analysis.level % 2:
        return None
    size, start, count = face.size, item.item.offset, item.glyphs.num_glyphs
    infos = item.glyphs.glyphs[0:count]
    ends = [start + place for place in item.glyphs.log_clusters[0:count]] + [start + item.item.length]
    parts, used = ["<"], {}
    for place, info in enumerate(infos):
        glyph, geometry = info.glyph, info.geometry
        width = geometry.width
        if glyph == pango.PANGO_GLYPH_EMPTY:
            parts.append(f">{-width / size}<")
            continue
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or geometry.y_offset:
            return None
        if glyph not in used:
            key = (glyph, text[ends[place] : ends[place + 1]].decode())
            used[glyph] = face.glyphs.get(key) or face.glyphs.setdefault(
                key, (glyph, _width(stream, face, glyph), key[1])
            )
        offset = geometry.x_offset / size
        if offset:
            parts.append(f">{-offset}<")
        parts.append(f"{glyph:04x}")
        kerning = used[glyph][1] + offset - width * 1000 * FROM_UNITS / size
        if kerning:
            parts.append(f">{int(kerning)}<")
    shown = "".join(parts)
    return _Run(address, shown[:-1] if shown[-1] == "<" else f"{shown}>", tuple(used.values()))


def _joined(runs: list[_Run]) -> list[_Run]:
    """Neighbours of the same font are shown together, as the engine does."""
    joined: list[_Run] = []
    for run in runs:
        if joined and joined[-1].font == run.font:
            before = joined.pop()
            run = _Run(run.font, before.shown + run.shown, before.glyphs + run.glyphs)
        joined.append(run)
    return joined


def _face(stream: Any, layout: Any, address: int, pango_font: Any) -> _Face | None:
    """None for a font with pictures."""
    font, size = stream.add_font(pango_font)
    if font.bitmap or font.svg or font.png or font.colr or pango.pango_version() < 14802:
        return None
    key, _, _ = get_pango_font_key(pango_font)
    return _faces.setdefault(address, _Face(pango_font, layout.layout, key, size, {}, {}))


def _width(stream: Any, face: _Face, glyph: int) -> int:
    """The width of a glyph in thousandths of the size of the font."""
    if glyph not in face.widths:
        pango.pango_font_get_glyph_extents(face.font, glyph, stream.ink_rect, stream.logical_rect)
        face.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / face.size)
    return face.widths[glyph]


def _to_bytes(item: Any) -> bytes:
    """A piece of a PDF, by its type first."""
    kind = type(item)
    if kind is bytes:
        return bytes(item)
    if kind is str or kind is int:
        return str(item).encode("ascii")
    if isinstance(item, float):
        return (str(int(item)) if item.is_integer() else f"{item:f}".rstrip("0")).encode("ascii")
    if isinstance(item, pydyf.Object):
        return bytes(item.data)
    return bytes(item) if isinstance(item, bytes) else str(item).encode("ascii")


def _packed(stream: Any) -> bytes:
    """A stream, packed at zlib's usual level: the highest takes three times as long for 1 %."""
    data = b"\n".join([_to_bytes(item) for item in stream.stream])
    extra = {**stream.extra}
    if stream.compress:
        data = zlib.compress(data, 6)
        extra["Filter"] = "/FlateDecode"
    extra["Length"] = len(data)
    return b"\n".join((pydyf.Dictionary(extra).data, b"stream", data, b"endstream"))


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """References to the pages of a PDF; pydyf makes them all anew for every tag: a third of the time of a book."""
    kids = pdf.pages["Kids"]
    known: tuple[bytes, ...] = getattr(pdf, "_known_references", ())
    if len(known) != len(kids) // 3:
        known = pdf._known_references = tuple(f"{number} 0 R".encode("ascii") for number in kids[::3])
    return known
