"""Provide the choices of an expansion: what it may cost, and what becomes of a time that the clock skips."""

from enum import Enum
from typing import Final

import attrs

from tallystick.recurrence.refusals import ExpansionLimit


class Gap(Enum):
    """What becomes of an occurrence at a time that the clock skips."""

    SHIFT = "shift"
    """It takes place as much later as the clock skips: 02:30 becomes 03:30. What calendars do."""
    SKIP = "skip"
    """It does not take place, and a rule's COUNT does not count it. What RFC 5545 3.3.10 says."""


@attrs.frozen
class Limits:
    """What an expansion may cost.

    ``occurrences`` is how many a window may hold, ``steps`` how many periods, days and times may be looked at (a
    million take about a second), ``sub_daily`` whether hourly, minutely and secondly rules are expanded at all.
    """

    occurrences: int = 10_000
    steps: int = 1_000_000
    sub_daily: bool = False


LIMITS: Final = Limits()


@attrs.define
class Budget:
    """How many steps may still be taken in one expansion."""

    steps: int

    def spend(self, steps: int = 1) -> None:
        """Pay for ``steps``. Raises ExpansionLimit when they are used up."""
        self.steps -= steps
        if self.steps < 0:
            raise ExpansionLimit(
                "expanding the rule takes more steps than allowed",
                where="RRULE",
                remedy="ask for a smaller or nearer window, or allow more steps",
            )
