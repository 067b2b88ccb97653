"""A figure: what it is called, what it shows in words, and its content by kind.

Enters: one file of data/figures/ as read by guide/figures/load.py. Leaves: Figure, frozen.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from guide.figures.cycle import Cycle
from guide.figures.flow import Flow
from guide.figures.ladder import Ladder
from guide.figures.layers import Layers
from guide.figures.matrix import Matrix
from guide.figures.path import Path
from guide.figures.quadrants import Quadrants
from guide.figures.timeline import Timeline
from guide.model import ChapterCode, Frozen, Slug, Text

Kind = Literal["cycle", "layers", "quadrants", "flow", "timeline", "path", "matrix", "ladder"]
Content = TypeVar("Content", Cycle, Layers, Quadrants, Flow, Timeline, Path, Matrix, Ladder)


class Figure(Frozen, Generic[Content]):
    """One drawing in both languages (data/figures/<id>.yml)."""

    # a generic model has no source of its own to read docstrings from
    model_config = ConfigDict(use_attribute_docstrings=False)

    id: Slug
    """The name of the file, and what a page writes: `figure("four-ps")`."""
    kind: Kind
    title: Text
    alt: Text
    """What the drawing shows, in a sentence or two, for somebody who cannot see it."""
    caption: Text
    """What to take from it, and where it comes from."""
    twin: Text
    """Heading of the same content as a list: "The four Ps in words"."""
    chapters: Annotated[tuple[ChapterCode, ...], Field(min_length=1)]
    """Where it belongs, main chapter first."""
    content: Content


#: Which content each kind has; a new kind needs a line here, a module with `lay_out` and `in_words`, and a template.
FIGURES: dict[str, type[Figure]] = {  # type: ignore[type-arg]
    "cycle": Figure[Cycle],
    "layers": Figure[Layers],
    "quadrants": Figure[Quadrants],
    "flow": Figure[Flow],
    "timeline": Figure[Timeline],
    "path": Figure[Path],
    "matrix": Figure[Matrix],
    "ladder": Figure[Ladder],
}
