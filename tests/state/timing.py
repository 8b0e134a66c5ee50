"""Provide the time as a state sees it, where a test lets it pass."""

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs

from tests.state.samples import NOON


@attrs.define
class Timing:
    """``now`` is what workers tell; ``age`` makes what is stored older, where a database goes by its own clock."""

    age: Callable[[timedelta], None]
    now: datetime = NOON

    def advance(self, span: timedelta) -> None:
        """Let some time pass."""
        self.now += span
        self.age(span)
