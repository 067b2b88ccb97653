"""What a pair said before: its earlier texts, and since when it says what it says now.

Enters: a Pair and the project's history. Leaves: texts and days, or None where the history does not reach.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from guide.figures.load import figure_of
from guide.fingerprint import fingerprint
from guide.history import changed_on, last_said
from guide.load import fit, model_of, parse_yaml
from guide.model import Lang
from guide.pages import section_texts
from guide.problems import Stop
from guide.translation import Pair, items, said

Find = Callable[[str], str | None]


def finder(item: str, file: str, lang: Lang) -> Find:
    """How to find one side of a pair in any version of its file; None for a version that cannot be read today."""
    if ".md#" in item:
        section = item.partition("#")[2]
        return lambda text: section_texts(text).get(section)
    return partial(_in_data, item=item, file=file, lang=lang)


def _in_data(text: str, *, item: str, file: str, lang: Lang) -> str | None:
    try:
        source = parse_yaml(text, file)
        model = model_of(file)
        value = dict(items(fit(model, source) if model else figure_of(source))).get(item)
    except Stop:
        return None
    return None if value is None else said(value, lang)


def at_confirmation(root: Path, pair: Pair, lang: Lang) -> str | None:
    """The text of one side when the pair was last confirmed; None where nobody did or the history is not here."""
    wanted = pair.confirmed_side(lang)
    if wanted is None:
        return None
    file = pair.places[lang].file
    return last_said(root, file, finder(pair.item, file, lang), lambda text: fingerprint(text) == wanted)


def since(root: Path, pair: Pair, lang: Lang) -> str | None:
    """The day (ISO) on which one side came to say what it says now; None where the history does not tell."""
    file = pair.places[lang].file
    now = fingerprint(pair.text(lang))
    return changed_on(root, file, finder(pair.item, file, lang), lambda text: fingerprint(text) == now)
