"""The clock: the one place that asks the machine what time it is.

Rules take `now` and `as_of` as arguments; only what runs a flow asks here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Denmark, which is what time limits and CPR numbers mean by a day."""
    return now().astimezone(COPENHAGEN).date()
