"""Provide the lease: the right of one worker at a time to write one sync, and what a commit shows to be let in.

Workers die, hang and come back late, so the right runs out by itself and may then be taken by another. Who was only
slow may still believe that it holds: the state tells by the *token*, which grows with every taking, and lets nothing
in that rests on an earlier one.
"""

from datetime import datetime, timedelta

import attrs


@attrs.frozen
class Lease:
    """The right of ``worker`` to write a sync until the time ``until``; ``token`` is larger than any given before.

    ``span`` is for how long it was taken or renewed the last time, None where an earlier release did that.
    """

    worker: str
    token: int
    until: datetime
    span: timedelta | None = None


@attrs.frozen
class Bid:
    """What a commit shows that takes the lease: the worker, the time ``now``, and for how long it wants to hold it."""

    worker: str
    now: datetime
    span: timedelta


@attrs.frozen
class Fence:
    """What a commit shows to be let in: the token of its lease, the time ``now``, and how long it wants to hold on.

    A state whose database has a clock of its own goes by that clock: it is the same for all workers.
    """

    token: int
    now: datetime
    span: timedelta
