"""Nested layers around a core: what an attacker has to pass, from the outside in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from guide.figures.canvas import Canvas
from guide.figures.shapes import Badge, Box, Card, Label
from guide.figures.step import Entry, Step, entries
from guide.model import Frozen, Lang


class Layers(Frozen):
    """Content of `layers`: two to five layers from the outermost inwards, and what they protect."""

    layers: Annotated[tuple[Step, ...], Field(min_length=2, max_length=5)]
    core: Step


@dataclass(frozen=True)
class Layer:
    """One frame with its text in the strip along its top."""

    box: Box
    badge: Badge
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class LayersLayout:
    """Where everything stands."""

    width: float
    height: float
    layers: tuple[Layer, ...]
    core: Card


def lay_out(content: Layers, canvas: Canvas) -> LayersLayout:
    """`content` on `canvas`: every frame as high as what it holds."""
    lang, margin = canvas.lang, 22.0 if canvas.wide else 9.0
    y, strips = 0.0, []
    for index, step in enumerate(content.layers):
        x, room = index * margin, canvas.width - 2 * index * margin
        left = x + canvas.pad
        badge, heading = canvas.numbered(str(index + 1), step.label[lang], left, y + 11, room - 2 * canvas.pad)
        labels, bottom = [heading], max(heading.bottom, badge.y + 12)
        if step.note:
            start, top = (heading.x, heading.bottom + 3) if canvas.wide else (left, bottom + 3)
            labels.append(canvas.write(step.note[lang], start, top, x + room - canvas.pad - start, canvas.note, most=5))
            bottom = labels[-1].bottom
        strips.append((x, y, room, badge, tuple(labels)))
        y = bottom + 10
    depth = len(content.layers)
    core = canvas.card(content.core, depth * margin, y, canvas.width - 2 * depth * margin)
    y = core.box.bottom
    layers = [
        Layer(Box(x, top, room, y + (depth - index) * margin - top), badge, labels)
        for index, (x, top, room, badge, labels) in enumerate(strips)
    ]
    return LayersLayout(canvas.width, y + depth * margin, tuple(layers), core)


def in_words(content: Layers, lang: Lang) -> tuple[Entry, ...]:
    """The layers from the outside in, then the core."""
    return tuple(entries(step, lang) for step in (*content.layers, content.core))
