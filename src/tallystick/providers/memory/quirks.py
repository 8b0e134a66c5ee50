"""Provide the habits of a service that a test may switch on."""

from enum import StrEnum

import attrs


class Completing(StrEnum):
    """What a service does when one occurrence of a recurring task is completed."""

    ADVANCE = "advance"
    """The task moves on to its next day, under its id."""
    ADD_COMPLETED = "add_completed"
    """The task moves on, and the completed occurrence becomes a task of its own."""
    ADD_NEXT = "add_next"
    """The task stays, completed and no longer recurring, and the series goes on in a new one."""


@attrs.frozen
class Quirks:
    """What a service does beyond the plain; all of it is legal, and most of it was seen in the wild.

    ``replays``: pages come in no order and may be empty with more to follow; on top of their own items they repeat
    those of earlier pages, and show unchanged records and former states of changed ones. ``unlist_leavers``: a record
    that left the scope is an unlisted id, like one that was deleted, instead of an item that is no member.
    ``spreads``: a feed of days is that of a view, in which a series stands once for each of its occurrences. What reads
    a series whole for any of them shows it again on later pages, and passes on the ids of occurrences that are gone,
    which nobody has ever seen. ``completing``: what becomes of recurring tasks. ``zone``: where the person lives who
    sets the days of tasks.
    """

    replays: bool = False
    unlist_leavers: bool = False
    spreads: bool = False
    completing: Completing = Completing.ADVANCE
    zone: str = "UTC"
