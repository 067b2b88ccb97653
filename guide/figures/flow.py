"""Steps that lead to one another, some of them side by side, and perhaps a way back.

`down` is read from top to bottom; `across` from left to right where the column is wide enough for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from guide.figures.canvas import Canvas
from guide.figures.shapes import Arrow, Badge, Box, Card, Label
from guide.figures.step import Entry, Step, entries
from guide.figures.text import ASCENT
from guide.model import Frozen, Lang, Text

GAP = 26.0
"""Between stages: room for an arrow."""
WAY_BACK = 22.0


class FlowStep(Step):
    """A step of a flow."""

    tag: Text | None = None
    """A time, a condition or a role, in a few words."""


class Stage(Frozen):
    """One step, or up to four side by side under a title; all of them lead to the next stage."""

    title: Text | None = None
    steps: Annotated[tuple[FlowStep, ...], Field(min_length=1, max_length=4)]

    @model_validator(mode="after")
    def _several_steps_have_a_title(self) -> Stage:
        if len(self.steps) > 1 and self.title is None:
            raise PydanticCustomError("figure_stage", "a stage of several steps needs a `title`")
        return self


class WayBack(Frozen):
    """An arrow from the last stage to an earlier one."""

    to: Annotated[int, Field(ge=1)]
    """Number of the stage, counted from 1."""
    label: Text
    """Why one goes back."""


class Flow(Frozen):
    """Content of a `flow`."""

    direction: Literal["down", "across"]
    stages: Annotated[tuple[Stage, ...], Field(min_length=2, max_length=8)]
    back: WayBack | None = None

    @model_validator(mode="after")
    def _the_way_back_leads_to_an_earlier_stage(self) -> Flow:
        if self.back and self.back.to >= len(self.stages):
            raise PydanticCustomError(
                "figure_way_back",
                "the way back leads to stage {to}, but it has to lead to one before the last, {last}",
                {"to": self.back.to, "last": len(self.stages)},
            )
        return self


@dataclass(frozen=True)
class Group:
    """The cards of a stage; with `title` and `badge` where there are several in one frame."""

    box: Box
    cards: tuple[Card, ...]
    title: Label | None = None
    badge: Badge | None = None


@dataclass(frozen=True)
class FlowLayout:
    """Where everything stands."""

    width: float
    height: float
    groups: tuple[Group, ...]
    arrows: tuple[Arrow, ...]
    back: Label | None = None


def lay_out(content: Flow, canvas: Canvas) -> FlowLayout:
    """`content` on `canvas`."""
    return _across(content, canvas) if canvas.wide and content.direction == "across" else _down(content, canvas)


def _down(content: Flow, canvas: Canvas) -> FlowLayout:
    room = canvas.width - (WAY_BACK if content.back else 0)
    groups: list[Group] = []
    y = 0.0
    for number, stage in enumerate(content.stages, 1):
        if canvas.wide and len(stage.steps) == 1:
            card = _row(stage.steps[0], number, canvas, y, room)
            groups.append(Group(card.box, (card,)))
        else:
            groups.append(_group(stage, number, canvas, 0, y, room, columns=len(stage.steps) if canvas.wide else 1))
        y = groups[-1].box.bottom + GAP
    x = room / 2
    arrows = [Arrow(((x, above.box.bottom + 2), (x, below.box.y - 2))) for above, below in pairwise(groups)]
    if not content.back:
        return FlowLayout(canvas.width, groups[-1].box.bottom, tuple(groups), tuple(arrows))
    target, last = groups[content.back.to - 1].box, groups[-1].box
    label = canvas.write(content.back.label[canvas.lang], room - 24, last.bottom + 18, room - 24, canvas.note, "end", 3)
    low, side, at = label.y - 0.33 * canvas.note.size, canvas.width - 4, target.y + 24
    arrows.append(Arrow(((room - 12, last.bottom), (room - 12, low), (side, low), (side, at), (room + 2, at))))
    return FlowLayout(canvas.width, label.bottom, tuple(groups), tuple(arrows), label)


def _across(content: Flow, canvas: Canvas) -> FlowLayout:
    count = len(content.stages)
    w = (canvas.width - GAP * (count - 1)) / count
    groups = [_group(stage, i + 1, canvas, i * (w + GAP), 0, w, columns=1) for i, stage in enumerate(content.stages)]
    height = max(group.box.h for group in groups)
    groups = [_grown(group, height) for group in groups]
    y = height / 2
    arrows = [Arrow(((before.box.right + 2, y), (after.box.x - 2, y))) for before, after in pairwise(groups)]
    if not content.back:
        return FlowLayout(canvas.width, height, tuple(groups), tuple(arrows))
    start, end, low = groups[-1].box.middle[0], groups[content.back.to - 1].box.middle[0], height + 18
    arrows.append(Arrow(((start, height), (start, low), (end, low), (end, height + 2))))
    words, middle = content.back.label[canvas.lang], (start + end) / 2
    room = 2 * min(middle, canvas.width - middle)
    label = canvas.write(words, middle, low + 5, room, canvas.note, "middle", most=3)
    return FlowLayout(canvas.width, label.bottom, tuple(groups), tuple(arrows), label)


def _group(stage: Stage, number: int, canvas: Canvas, x: float, y: float, room: float, columns: int) -> Group:
    if len(stage.steps) == 1:
        card = _card(stage.steps[0], canvas, x, y, room, str(number))
        return Group(card.box, (card,))
    inset = 10.0
    title = stage.title[canvas.lang] if stage.title else ""
    badge, heading = canvas.numbered(str(number), title, x + inset, y + 8, room - 2 * inset)
    top = max(heading.bottom, badge.y + 12) + 8
    w = (room - 2 * inset - 10 * (columns - 1)) / columns
    cards: list[Card] = []
    for step in stage.steps:
        left, high = (x + inset + len(cards) * (w + 10), top) if columns > 1 else (x + inset, top)
        cards.append(_card(step, canvas, left, high, w))
        top = top if columns > 1 else cards[-1].box.bottom + 8
    if columns > 1:
        highest = max(card.box.h for card in cards)
        cards = [card.grown(highest) for card in cards]
    return Group(Box(x, y, room, cards[-1].box.bottom + inset - y), tuple(cards), heading, badge)


def _grown(group: Group, height: float) -> Group:
    box = replace(group.box, h=height)
    return replace(group, box=box, cards=group.cards if group.title else (group.cards[0].grown(height),))


def _card(step: FlowStep, canvas: Canvas, x: float, y: float, w: float, badge: str = "") -> Card:
    return canvas.card(step, x, y, w, badge=badge, tag=step.tag[canvas.lang] if step.tag else "")


def _row(step: FlowStep, number: int, canvas: Canvas, y: float, room: float) -> Card:
    """A card as wide as the drawing: heading and tag at the left, note and particulars at the right."""
    lang, pad, split = canvas.lang, canvas.pad, 226.0
    badge, heading = canvas.numbered(str(number), step.label[lang], pad, y + pad, split - pad - 8)
    labels, low = [heading], max(heading.bottom, y + pad + 24)
    if step.tag:
        room_left = split - 8 - heading.x
        labels.append(canvas.write(step.tag[lang], heading.x, heading.bottom + 2, room_left, canvas.note, most=3))
        low = max(low, labels[-1].bottom)
    top = heading.y - ASCENT * canvas.note.size  # first lines on one level
    body = canvas.body(step, split, top, room - split - pad)
    return Card(Box(0, y, room, max(low, body.bottom - 5) + pad - y), (*labels, *body.labels), body.dots, badge)


def in_words(content: Flow, lang: Lang) -> tuple[Entry, ...]:
    """The stages in order; steps side by side under their title."""
    lines = []
    for stage in content.stages:
        steps = tuple(_in_words(step, lang) for step in stage.steps)
        lines.append(steps[0] if len(steps) == 1 else Entry(stage.title[lang] if stage.title else "", below=steps))
    if content.back:
        lines.append(Entry("", content.back.label[lang]))
    return tuple(lines)


def _in_words(step: FlowStep, lang: Lang) -> Entry:
    entry = entries(step, lang)
    return Entry(f"{entry.label} ({step.tag[lang]})" if step.tag else entry.label, entry.text, entry.below)
