"""Provide the journal's values: intents, and the batches in which they are written down before anything is sent.

An intent holds ids, versions, tokens and digests, never values. It is enough to find out afterwards whether the
write arrived, and to finish what it began.
"""

from datetime import datetime

import attrs

from tallystick.making import quickly_made
from tallystick.ports.side import Side
from tallystick.ports.write import WriteKind


@quickly_made
@attrs.frozen
class Intent:
    """One write about to be sent.

    ``ids`` are the pair's (the target's is empty for a create), ``versions`` those that the write rests on, ``base``
    the pair's base once it is done, ``members`` the membership once it is done. ``identities`` are those that a create
    claims for as long as it is open.
    """

    token: str
    kind: WriteKind
    ids: tuple[str, str]
    versions: tuple[str | None, str | None]
    members: tuple[bool, bool]
    base: tuple[bytes, bytes] = attrs.field(repr=False)
    identities: tuple[bytes, bytes] = attrs.field(default=(b"", b""), repr=False)


@attrs.frozen
class Unsettled:
    """A sync with batches that are not settled: how many, and since when the oldest of them is open."""

    sync: str
    since: datetime
    batches: int


@attrs.frozen
class Batch:
    """The intents of one request to one side; one row of the journal. ``number`` is the state's own."""

    side: Side
    at: datetime
    layout: str
    intents: tuple[Intent, ...]
    number: int = 0
