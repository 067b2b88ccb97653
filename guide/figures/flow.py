"""Steps that lead to one another, some of them side by side, and perhaps a way back.

`down` is read from top to bottom; `across` from left to right where the column is wide enough for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from guide.figures.parts import Arrow, Badge, Box, Canvas, Card, Entry, Label, Step, entries
from guide.figures.text import Style
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


@dataclass(frozen=True)
class Group:
    """The cards of a stage; `frame` and `title` where there are several."""

    box: Box
    cards: tuple[Card, ...]
    frame: Box | None = None
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
    groups, arrows, y = [], [], 0.0
    for number, stage in enumerate(content.stages, 1):
        groups.append(_group(stage, number, canvas, y, room))
        y = groups[-1].box.bottom + GAP
    x = room / 2
    for above, below in zip(groups, groups[1:], strict=False):
        arrows.append(Arrow(((x, above.box.bottom + 2), (x, below.box.y - 2))))
    height, label = groups[-1].box.bottom, None
    if content.back:
        target, last = groups[content.back.to - 1].box, groups[-1].box
        label = canvas.write(content.back.label[canvas.lang], 0, height + 18, room - 24, canvas.note, most=3)
        low = label.y - 0.33 * canvas.note.size
        label = Label(room - 24, label.y, label.lines, label.style, "end")
        side, at = canvas.width - 4, target.y + 24
        arrows.append(Arrow(((room - 12, last.bottom), (room - 12, low), (side, low), (side, at), (room + 2, at))))
        height = max(label.bottom, low)
    return FlowLayout(canvas.width, height, tuple(groups), tuple(arrows), label)


def _group(stage: Stage, number: int, canvas: Canvas, y: float, room: float) -> Group:
    if len(stage.steps) == 1:
        card = _row(stage.steps[0], number, canvas, y, room) if canvas.wide else _card(stage.steps[0], canvas, 0, y, room, number)
        return Group(card.box, (card,))
    inset, top, title, badge = 10.0, y + 10, None, None
    if stage.title:
        badge = Badge(inset + 12, y + 20, str(number), 12, Style(13, bold=True))
        title = canvas.write(stage.title[canvas.lang], inset + 32, y + 20 - 0.6 * canvas.heading.size, room - 2 * inset - 32, canvas.heading, most=2)
        top = max(title.bottom, badge.y + 12) + 8
    columns = len(stage.steps) if canvas.wide else 1
    w = (room - 2 * inset - 10 * (columns - 1)) / columns
    cards: list[Card] = []
    for index, step in enumerate(stage.steps):
        left = inset + (index if canvas.wide else 0) * (w + 10)
        cards.append(_card(step, canvas, left, top if canvas.wide or not cards else cards[-1].box.bottom + 8, w))
    if canvas.wide:
        highest = max(card.box.h for card in cards)
        cards = [card.grown(highest) for card in cards]
    frame = Box(0, y, room, cards[-1].box.bottom + inset - y)
    return Group(frame, tuple(cards), frame, title, badge)


def _card(step: FlowStep, canvas: Canvas, x: float, y: float, w: float, number: int | None = None) -> Card:
    tag = step.tag[canvas.lang] if step.tag else ""
    return canvas.card(step, x, y, w, badge=str(number) if number else "", kicker=tag)


def _row(step: FlowStep, number: int, canvas: Canvas, y: float, room: float) -> Card:
    """A card as wide as the drawing: heading and tag at the left, note and particulars at the right."""
    lang, pad, split = canvas.lang, canvas.pad, 226.0
    badge = Badge(pad + 12, y + pad + 12, str(number), 12, Style(13, bold=True))
    heading = canvas.write(step.label[lang], pad + 32, y + pad + 12 - 0.6 * canvas.heading.size, split - pad - 40, canvas.heading, most=3)
    labels, low = [heading], max(heading.bottom, y + pad + 24)
    if step.tag:
        labels.append(canvas.write(step.tag[lang], pad + 32, heading.bottom + 2, split - pad - 40, canvas.note, most=3))
        low = max(low, labels[-1].bottom)
    body = canvas.body(step, split, y + pad - 1, room - split - pad)
    return Card(Box(0, y, room, max(low, body.bottom - 5) + pad - y), (*labels, *body.labels), body.dots, badge)


def _across(content: Flow, canvas: Canvas) -> FlowLayout:
    count = len(content.stages)
    w = (canvas.width - GAP * (count - 1)) / count
    groups = []
    for number, stage in enumerate(content.stages, 1):
        x, y, cards = (number - 1) * (w + GAP), 0.0, []
        for step in stage.steps:
            cards.append(_card(step, canvas, x, y, w, number if len(stage.steps) == 1 else None))
            y = cards[-1].box.bottom + 8
        groups.append(Group(Box(x, 0, w, cards[-1].box.bottom), tuple(cards)))
    height = max(group.box.h for group in groups)
    groups = [
        Group(Box(g.box.x, 0, w, height), tuple(c.grown(height) for c in g.cards)) if len(g.cards) == 1 else g for g in groups
    ]
    arrows = [
        Arrow(((before.box.right + 2, height / 2), (after.box.x - 2, height / 2)))
        for before, after in zip(groups, groups[1:], strict=False)
    ]
    label = None
    if content.back:
        label = canvas.write(content.back.label[canvas.lang], canvas.width / 2, height + 24, canvas.width - 40, canvas.note, "middle", most=2)
        from_x, to_x, low = groups[-1].box.middle[0], groups[content.back.to - 1].box.middle[0], height + 18
        arrows.append(Arrow(((from_x, height), (from_x, low), (to_x, low), (to_x, height + 2))))
        return FlowLayout(canvas.width, label.bottom, tuple(groups), tuple(arrows), label)
    return FlowLayout(canvas.width, height, tuple(groups), tuple(arrows))


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
