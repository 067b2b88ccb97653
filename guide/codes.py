"""Codes that people write by hand and type later.

Enters: the id of a requirement. Leaves: its check character; "IT-04" is written "IT04" and the character, "IT04F".
"""

from __future__ import annotations

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without I, O and Q, which handwriting confuses with 1 and 0."""


def check_character(item: str) -> str:
    """The check character of a requirement id of two letters and two digits ("IT-04" gives one letter).

    Digits count 0 to 9, letters A = 10 to Z = 35; signs one to four are multiplied by 2, 3, 4 and 5 and added; the sum
    modulo 23 chooses a letter. Among the ids of the guide this finds every single wrong sign and every swap of two
    neighbours. It cannot tell apart letters that are 23 apart (A and X, B and Y, C and Z): no two chapter codes may
    differ in such a pair only, which tests/test_paper_codes.py proves for the chapters that there are.
    """
    values = [ord(sign) - 55 if sign.isalpha() else int(sign) for sign in item.replace("-", "").upper()]
    return CHECK_LETTERS[sum(weight * value for weight, value in enumerate(values, 2)) % len(CHECK_LETTERS)]
