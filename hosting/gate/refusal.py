"""One reason why the gate does not start.

Enters: what a check found. Leaves: a Refusal that names the place, the fault and the remedy, and an exception that
carries all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Refusal:
    """A fault: `where` (a setting's name or a path), `what` is wrong, `remedy` is what to do instead.

    One that is `passing` lies outside this machine and may mend itself: it is reported, but does not prevent a start,
    because members who are signed in can read on meanwhile.
    """

    where: str
    what: str
    remedy: str
    passing: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}"


class Refused(Exception):  # noqa: N818
    """Raised once, after every check has run; `refusals` is sorted and never empty."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(sorted(set(refusals)))
        super().__init__("\n".join(str(refusal) for refusal in self.refusals))
