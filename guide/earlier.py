"""What a pair said before: its earlier texts, and since when it says what it says now.

Enters: a Pair and the project's history. Leaves: texts and days, or None where the history does not reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from guide.confirmations import FILE
from guide.history import changed_on, first_with, last_said, text_at
from guide.load import parse_yaml
from guide.model import Lang
from guide.pages import section_texts
from guide.problems import Stop
from guide.translation import Pair, items, model_from, said

Find = Callable[[str], str | None]


@dataclass(frozen=True)
class Earlier:
    """One side of a pair as it was confirmed. A text that was changed again before it was committed stands nowhere:
    then `day` is that of the commit that brought the confirmation, and the text is what the file said in it."""

    text: str
    day: str | None = None


def finder(item: str, file: str, lang: Lang) -> Find:
    """How to find one side of a pair in any version of its file; None for a version that cannot be read today."""
    if ".md#" in item:
        section = item.partition("#")[2]
        return lambda text: section_texts(text).get(section)
    return partial(_in_data, item=item, file=file, lang=lang)


def _in_data(text: str, *, item: str, file: str, lang: Lang) -> str | None:
    try:
        value = dict(items(model_from(parse_yaml(text, file)))).get(item)
    except Stop:
        return None
    return None if value is None else said(value, lang)


def at_confirmation(root: Path, pair: Pair, lang: Lang) -> Earlier | None:
    """One side when the pair was last confirmed; None where nobody did or the history is not here."""
    wanted = pair.confirmed_side(lang)
    if wanted is None or pair.confirmed is None:
        return None
    file = pair.places[lang].file
    find = finder(pair.item, file, lang)
    text = last_said(root, file, find, lambda text: pair.fingerprint_of(text) == wanted)
    if text is not None:
        return Earlier(text)
    commit = first_with(root, FILE, f"{pair.item}\t{pair.confirmed.en}\t{pair.confirmed.es}")
    then = text_at(root, commit.name, file) if commit else None
    near = find(then) if then is not None else None
    return Earlier(near, commit.day) if near is not None and commit else None


def since(root: Path, pair: Pair, lang: Lang) -> str | None:
    """The day (ISO) on which one side came to say what it says now; None where the history does not tell."""
    file = pair.places[lang].file
    now = pair.fingerprint_of(pair.text(lang))
    return changed_on(root, file, finder(pair.item, file, lang), lambda text: pair.fingerprint_of(text) == now)
