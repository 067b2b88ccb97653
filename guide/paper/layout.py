"""Pages from HTML, and PDF files from pages.

Enters: HTML of a printed document. Leaves: laid out pages, and from them the bytes of one PDF for each paper size.

The text area fits both A4 and Letter, so that a document is laid out and painted once, page 7 is page 7 on both papers,
and only the edge of the sheet differs. This is the one module that uses the inside of WeasyPrint (pinned): its public
interface cannot number the pages of a chapter again when the chapter becomes part of a book.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from fontTools.ttLib import TTFont
from weasyprint import CSS, DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document as Pages
from weasyprint.document import DocumentMetadata, Page
from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import UA, UA_COUNTER_STYLE, get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.page import make_margin_boxes
from weasyprint.pdf import generate_pdf, tags
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from guide.paper.documents import Size, Unprintable
from guide.paper.printable import fit_for_paper

PAPER = Path(__file__).parent.parent / "templates" / "paper"
FONTS = PAPER / "fonts"
POINTS_A_MM = 72 / 25.4
SHEETS: dict[Size, tuple[float, float, float]] = {"a4": (210, 297, 32), "letter": (215.9, 279.4, 22)}
"""Width, height and lower margin in mm. The style sheet lays out on A4; its text area of 172 × 238 mm fits both."""
FEW_LINES = 0.22
"""Share of a page below which a last page looks like a mistake."""
OUR_FONTS = {"Guide", "Guide Ext", "Guide Symbols"}


@dataclass(frozen=True)
class Layout:
    """Pages of one HTML document, and what is needed to number them again."""

    pages: tuple[Any, ...]
    document: Any
    context: Any


def lay_out(html: str) -> Layout:
    """Breaks `html` into pages. What the engine complains of goes to the log "weasyprint".

    An article of the site (`main`) is made fit for paper first; `data-address` says where it stands online.
    """
    page = Sheet(string=html, base_url=PAPER.as_uri() + "/", url_fetcher=LocalFiles())
    for article in page.etree_element.iter("main"):
        fit_for_paper(article, article.get("data-address"))
    _printable_signs(page.etree_element)
    fonts, counters = _fonts(), CounterStyle()
    colours: dict[str, Any] = {}
    options = {**DEFAULT_OPTIONS, "stylesheets": [_style()], "pdf_variant": "pdf/ua-1", "pdf_forms": True}
    context = Pages._build_layout_context(page, fonts, counters, colours, options)
    boxes = build_formatting_structure(
        page.etree_element, context.style_for, context.get_image_from_uri, page.base_url, context.target_collector,
        counters, context.footnotes,
    )  # fmt: skip
    pages = [Page(box) for box in layout_document(page, boxes, context)]
    document = Pages(
        pages, DocumentMetadata(**get_html_metadata(page)), page.url_fetcher, fonts, colours, options["output_intent"]
    )
    document._html = page
    return Layout(tuple(pages), document, context)


def lay_out_full(html: str) -> Layout:
    """As `lay_out`, but set closer, in two steps, when only a few lines would stand on the last page and that saves
    the page."""
    layout = lay_out(html)
    if len(layout.pages) == 1 or _filled(layout.pages[-1]) > FEW_LINES:
        return layout
    for how in ("tight", "tight tighter"):
        closer = lay_out(str(html).replace('<body class="', f'<body class="{how} ', 1))
        if len(closer.pages) < len(layout.pages):
            return closer
    return layout


def _filled(page: Any) -> float:
    """Which share of the text area of a page is used."""
    root = page._page_box.children[0]
    return float(max((body.height for body in root.children), default=0) / page._page_box.height)


def _printable_signs(page: Any) -> None:
    """Raises Unprintable for a sign that no embedded font carries: the machine would lend one, or print a box."""
    strange = {sign for text in page.itertext() for sign in text} - _signs()
    if strange:
        named = ", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in sorted(strange))
        raise Unprintable(f"no embedded font has the sign {named}")


@cache
def _signs() -> frozenset[str]:
    fonts = [TTFont(path) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(chr(code) for font in fonts for code in font.getBestCmap()) | frozenset(
        " \n\t\r\u00ad\u200b\u2060"
    )


def number_again(layout: Layout, first: int, total: int) -> None:
    """Gives the pages the numbers from `first` on, of `total`; only what stands in the margins changes."""
    for index, page in enumerate(layout.pages):
        box = page._page_box
        layout.context.current_page = index + 1
        state = copy.deepcopy(layout.context.page_maker[index + 1][3])
        state[1]["page"], state[1]["pages"] = [first + index], [total]
        margins = tuple(make_margin_boxes(layout.context, box, state))
        for margin in margins:
            layout_box_backgrounds(box, margin, layout.context.get_image_from_uri)
        box.children = (*(child for child in box.children if not isinstance(child, MarginBox)), *margins)


def write(document: Any, pages: Iterable[Any], sizes: tuple[Size, ...], *, fillable: bool = False) -> dict[Size, bytes]:
    """One PDF for each size. Tagged either way; only the one without fields claims PDF/UA, which forbids ours.

    Raises Unprintable where a font of the machine would help out: other machines would print another page.
    """
    pages = [page if fillable else without_fields(page) for page in pages]
    options = {**DEFAULT_OPTIONS, "pdf_tags": True, "pdf_version": "1.7", "pdf_forms": fillable}
    if not fillable:
        options["pdf_variant"] = "pdf/ua-1"
    copied = document.copy(pages)
    pdf = generate_pdf(copied, None, 1, **options)
    if strange := {font.family for font in copied.fonts.values()} - OUR_FONTS:
        raise Unprintable(f"a font of the guide is missing; this machine would lend {', '.join(sorted(strange))}")
    sheets = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    kept, common = len(pdf.objects), {id(sheet) for sheet in sheets}
    pdf.objects[:] = [one if id(one) in common or one.free == "f" else Ready(one) for one in pdf.objects]
    made: dict[Size, bytes] = {}
    for size in sizes:
        for sheet in sheets:
            sheet["MediaBox"] = sheet["TrimBox"] = sheet["BleedBox"] = edge(size)
        output = io.BytesIO()
        pdf.current_position, pdf.xref_position = 0, None
        pdf.write(output, "1.7", False, True)
        del pdf.objects[kept:]
        made[size] = output.getvalue()
    return made


class Ready(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF whose bytes are made once, though it is written for each paper size."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self.number, self.generation = made.number, made.generation
        self._data = made.data
        self._compressible = made.compressible

    @property
    def data(self) -> bytes:
        """The bytes."""
        return bytes(self._data)

    @property
    def compressible(self) -> bool:
        """Whether it may stand in an object stream."""
        return bool(self._compressible)


def edge(size: Size) -> Any:
    """The edge of the sheet in points, seen from the lower left corner of A4 on which the text was laid out."""
    width, height, below = SHEETS[size]
    laid_width, _, laid_below = SHEETS["a4"]
    left, bottom = (laid_width - width) / 2, laid_below - below
    return pydyf.Array([round(mm * POINTS_A_MM, 3) for mm in (left, bottom, left + width, bottom + height)])


def without_fields(page: Any) -> Any:
    """The page with its boxes drawn, but nothing to type into."""
    plain = copy.copy(page)
    plain.forms = {None: []}
    return plain


_tags_of_engine = tags._build_box_tree


def _with_language(box: Any, *rest: Any) -> Iterator[Any]:
    """The tags of a box, which say its language where it is another one: the engine tells that of the whole only."""
    inner = box._box if isinstance(box, AbsolutePlaceholder) else box
    told = None if inner.element is None or inner.element.tag in {"html", "body"} else inner.element.get("lang")
    for tag in _tags_of_engine(box, *rest):
        if told:
            tag["Lang"] = pydyf.String(told)
        yield tag


tags._build_box_tree = _with_language


@cache
def _fonts() -> FontConfiguration:
    """Read once in each process."""
    return FontConfiguration()


@cache
def _style() -> CSS:
    """Parsed once in each process."""
    return CSS(filename=str(PAPER / "paper.css"), font_config=_fonts(), url_fetcher=LocalFiles())


class Sheet(HTML):  # type: ignore[misc]
    """A page without the engine's rules for notes and markers, which it would work out for every element."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_engine_style(), *super()._ua_stylesheets(forms)[1:]]


@cache
def _engine_style() -> CSS:
    """The engine's own style sheet as far as printed documents need it."""
    kept = [line for line in UA.splitlines() if not line.startswith(("::footnote-", "::note-"))]
    listed = [line.replace("::marker {", "li::marker {") if line.startswith("::marker") else line for line in kept]
    return CSS(string="\n".join(listed), counter_style=UA_COUNTER_STYLE)


class LocalFiles(URLFetcher):  # type: ignore[misc]
    """Nothing is fetched from anywhere: only the paper's own files, and data in the page."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data", "file"})

    def fetch(self, url: str, headers: object = None) -> Any:
        """The paper's own file. Raises ValueError for any other."""
        if url.startswith("file:") and not url.startswith(PAPER.as_uri()):
            raise ValueError(f"it asks for {url}, which is not part of the guide")
        return super().fetch(url, headers)
