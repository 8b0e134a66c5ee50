"""Provide the habits of a service's feed that a test may switch on."""

import attrs


@attrs.frozen
class Quirks:
    """What a feed does beyond the plain; all of it is legal, and most of it was seen in the wild.

    ``replays``: pages come in no order and may be empty with more to follow; on top of their own items they repeat
    those of earlier pages, and show unchanged records and former states of changed ones. ``unlist_leavers``: a record
    that left the scope is an unlisted id, like one that was deleted, instead of an item that is no member.
    """

    replays: bool = False
    unlist_leavers: bool = False
