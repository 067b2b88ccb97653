"""Counting days and months, the same as assessment/days.js.

Enters: dates. Leaves: dates.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """`day` plus `months` calendar months (not negative); where that day does not exist, the last day of the month.

    Always call it with the starting date: adding in steps would lose the 31st. Raises ValueError after the year 9999.
    """
    index = day.year * 12 + (day.month - 1) + months
    year, month = index // 12, index % 12 + 1
    if year > date.max.year:
        raise ValueError(f"no date {months} months after {day}")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
