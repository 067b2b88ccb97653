"""The check character: what it finds, proved over every id that the guide can have."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from string import ascii_uppercase, digits

import pytest

from guide.codes import CHECK_LETTERS, check_character
from guide.load import load

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def codes() -> frozenset[str]:
    """The chapter codes of the guide."""
    return frozenset(chapter.code for chapter in load(ROOT).guide.chapters)


def wrong(item: str) -> set[str]:
    """`item` with one sign replaced by any other, or two neighbours swapped."""
    replaced = {
        item[:place] + sign + item[place + 1 :]
        for place in range(len(item))
        for sign in ascii_uppercase + digits
        if sign != item[place]
    }
    swapped = {item[:n] + item[n + 1] + item[n] + item[n + 2 :] for n in range(len(item) - 1)}
    return (replaced | swapped) - {item}


def test_every_single_slip_in_an_id_is_refused(codes: frozenset[str]) -> None:
    """A wrong sign or a swap of neighbours names no chapter, is no number, or has another check character."""
    for code, number in product(codes, range(100)):
        item = f"{code}{number:02d}"
        for slip in wrong(item):
            possible = slip[:2] in codes and slip[2:].isdigit()
            assert not possible or check_character(slip) != check_character(item), f"{item} typed as {slip}"


def test_only_letters_23_apart_are_not_told_apart() -> None:
    """Over every pair of letters and number, the rule misses nothing but A/X, B/Y and C/Z, as its description says."""
    missed = {
        frozenset((first, other))
        for first, second, number in product(ascii_uppercase, ascii_uppercase, ("00", "47", "99"))
        for other in ascii_uppercase
        if other != first and check_character(first + second + number) == check_character(other + second + number)
    }
    assert missed == {frozenset(pair) for pair in ("AX", "BY", "CZ")}


def test_no_check_character_is_misread_by_hand() -> None:
    """I, O and Q look like 1 and 0: they are never used."""
    assert len(CHECK_LETTERS) == 23
    assert not set("IOQ") & set(CHECK_LETTERS)


def test_a_code_is_the_same_with_and_without_its_hyphen() -> None:
    """Paper leaves out the hyphen, pages show it."""
    assert check_character("IT-04") == check_character("it04")
