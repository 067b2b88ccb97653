"""A figure as HTML in one language: two drawings (wide and narrow), caption, and the same content in words.

Enters: a Figure. Leaves: `<figure>` made by guide/templates/figures/ without style or script,
and without a colour that carries meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
from markupsafe import Markup

from guide.figures import cycle, flow, ladder, layers, matrix, path, quadrants, timeline
from guide.figures.canvas import Misfit, canvases
from guide.figures.model import Figure
from guide.model import LANGUAGES, Lang

TEMPLATES = Path(__file__).parent.parent / "templates"

#: Each kind is a module with `lay_out` and `in_words`, and a template of the same name.
KINDS: dict[str, ModuleType] = {
    "cycle": cycle, "layers": layers, "quadrants": quadrants, "flow": flow,
    "timeline": timeline, "path": path, "matrix": matrix, "ladder": ladder,
}  # fmt: skip


def render_figure(figure: Figure[Any], lang: Lang) -> str:
    """`figure` in `lang` as one `<figure>` with unique ids, safe to put into a page once.

    Both drawings are in it: figures.css shows the one for the width at hand; without a style sheet it is the wide one.
    """
    kind = KINDS[figure.kind]
    drawings = [(canvas.variant, canvas, kind.lay_out(figure.content, canvas)) for canvas in canvases(lang)]
    words = kind.in_words(figure.content, lang)
    template = _environment().get_template("figures/figure.html")
    return Markup(template.render(figure=figure, lang=lang, drawings=drawings, words=words))


def misfits(figure: Figure[Any]) -> Iterator[Misfit]:
    """Every label of `figure` that does not fit its place, in both languages and both drawings."""
    for lang in LANGUAGES:
        for canvas in canvases(lang):
            KINDS[figure.kind].lay_out(figure.content, canvas)
            yield from canvas.misfits


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["n"] = lambda number: f"{round(number, 1):g}"
    environment.filters["path"] = lambda points: "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points)
    return environment
