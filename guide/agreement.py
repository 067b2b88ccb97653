"""Whether the two languages are known to agree: rules, what an editor is told, what a release asks.

Enters: every pair with its state, and the lines of data/confirmed.tsv. Leaves: Problems. A pair that is out of step is
told and does not stop an editor. It stops a release where it is an essential requirement, and where no mark would tell
its readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guide.confirmations import FILE, Confirmed
from guide.headings import HEADINGS
from guide.model import LANGUAGES, Lang
from guide.problems import Problem
from guide.rules import Rule, Subject, texts_away
from guide.translation import Pair, State, sides

GROUPS = ("interface:", "report:")
"""Words that the program asks for by the name of their group: no text can take another's place, and none just goes."""
NAMES: dict[Lang, str] = {"en": "English", "es": "Spanish"}


def confirmed_pair_exists(subject: Subject) -> Iterator[Problem]:
    """Every line of data/confirmed.tsv names a pair of the guide; the line of a text that moved goes with it."""
    there = {pair.item for pair in subject.pairs} | sides(subject.pages)
    moved = moves(subject.pairs, subject.confirmed)
    away = texts_away(subject.guide, subject.pages, subject.figures)
    for item, said in subject.confirmed.items():
        if item not in there and item.startswith(GROUPS):
            what = f"This group of words is no longer in data/{item.partition(':')[0]}.yml."
            remedy = (
                "Bring it back, for the program asks for it by this name; if nothing does any more, delete this line."
            )
            yield Problem(FILE, said[-1].line, item, what, remedy)
        elif item in moved:
            what = f"No text has this name any more; what was confirmed stands in {moved[item]} now."
            yield Problem(FILE, said[-1].line, item, what, "Let the line follow.", fixable=True)
        elif item not in there and not item.startswith(away):
            what = "No text has this name any more."
            remedy = "Delete the line; a text that has other words under a new name is confirmed again."
            yield Problem(FILE, said[-1].line, item, what, remedy, fixable=True)


def confirmed_once(subject: Subject) -> Iterator[Problem]:
    """A pair has one line in data/confirmed.tsv; a merge may leave two."""
    for item, said in subject.confirmed.items():
        if len(said) > 1:
            yield Problem(
                FILE, said[-1].line, item, f"This pair has {len(said)} lines.",
                "Keep the one that is about the texts as they stand, or the latest.", fixable=True,
            )  # fmt: skip


AGREEMENT: tuple[Rule, ...] = (*HEADINGS, confirmed_pair_exists, confirmed_once)
"""The mark of a pair stands under its heading, so the form of headings belongs to them."""


def moves(pairs: Iterable[Pair], confirmed: Confirmed) -> dict[str, str]:
    """Old name -> new name of texts that stand somewhere else and still say what was confirmed."""
    pairs = list(pairs)
    there = {pair.item for pair in pairs}
    gone = [item for item in confirmed if item not in there and not item.startswith(GROUPS)]
    if not gone:
        return {}
    new = {pair.fingerprints: pair.item for pair in pairs if pair.state is State.NEW}
    return {item: new[c.en, c.es] for item in gone for c in confirmed[item][-1:] if (c.en, c.es) in new}


def out_of_step(pairs: Iterable[Pair]) -> Iterator[Problem]:
    """One side moved since somebody confirmed that both agree: which side must follow, and where it stands."""
    for pair in pairs:
        if pair.state in {State.IN_STEP, State.NEW} or pair.confirmed is None:
            continue
        behind: Lang = "es" if pair.state is State.ENGLISH_MOVED else "en"
        place = pair.places[behind]
        confirmed = f"confirmed on {pair.confirmed.day.isoformat()}"
        if pair.state is State.BOTH_MOVED:
            what = f"Both texts changed after they were {confirmed}, and nobody has compared them since."
            remedy = f"Compare them, then `guide confirm {pair.item}`."
        else:
            leading = NAMES["en" if behind == "es" else "es"]
            what = f"The {leading} text changed after it was {confirmed}."
            remedy = f"Make the {NAMES[behind]} say the same, then `guide confirm {pair.item}`."
        remedy += " A release waits for it." if pair.awaited else ""
        yield Problem(place.file, place.line, pair.item, what, remedy, "in-step")


def never_confirmed(pairs: Iterable[Pair], confirmed: Confirmed) -> Iterator[Problem]:
    """How many pairs nobody has ever compared; one line, because a new chapter has many.

    A text that only moved is not one of them: its line follows it.
    """
    pairs = list(pairs)
    moved = set(moves(pairs, confirmed).values())
    new = [pair.item for pair in pairs if pair.state is State.NEW and pair.item not in moved]
    if new:
        named = ", ".join(new[:3]) + (" …" if len(new) > 3 else "")
        yield Problem(
            FILE, 0, "", f"{len(new)} pair{'s were' if len(new) > 1 else ' was'} never confirmed ({named}).",
            f"Compare both languages, then `guide confirm {new[0] if len(new) == 1 else 'PAIR'}`; "
            "`guide status --every` lists all.", "never-confirmed",
        )  # fmt: skip


def essential_in_step(pairs: Iterable[Pair]) -> Iterator[Problem]:
    """A release sends out an essential requirement, and a text that can carry no mark, only when it is in step."""
    for pair in pairs:
        if pair.awaited and pair.state is not State.IN_STEP:
            behind = pair.behind or LANGUAGES
            place = pair.places[behind[-1]]
            what = "An essential requirement" if pair.marked else "A text that can carry no mark where it is read"
            why = {State.NEW: "nobody has compared the two languages"}.get(pair.state, f"{pair.state.value}")
            yield Problem(
                place.file, place.line, pair.item, f"{what} is not in step: {why}.",
                f"Make both languages say the same, then `guide confirm {pair.item}`.", "essential-in-step",
            )  # fmt: skip
