"""Figures drawn as inline SVG from data/figures/, both languages from one source.

Each kind is one module here (content, places, words) and one template in guide/templates/figures/.
"""

from guide.figures.load import load_figures
from guide.figures.model import Figure
from guide.figures.render import render_figure

__all__ = ["Figure", "load_figures", "render_figure"]
