"""Provide how long a service asks to be left alone: the header Retry-After, in seconds or as a date.

Services send fractions, dates of the past, and numbers of years; what makes no sense counts as not said.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = 86_400.0
"""In seconds. A service that asks for more is asked again after a day."""


def read_retry_after(value: str | None, now: datetime | None) -> float | None:
    """Return the seconds to wait, at most a day; None where they are not said, or make no sense.

    ``now`` is needed for a date; the service's own time (its header Date) fits best.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now)
    # A number that is none compares as false.
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None


def read_http_date(value: str | None) -> datetime | None:
    """Return the instant of a date as HTTP writes it; None where it is none."""
    try:
        at = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _until(value: str, now: datetime | None) -> float:
    at = read_http_date(value)
    return -1.0 if at is None or now is None else max((at - now).total_seconds(), 0.0)
