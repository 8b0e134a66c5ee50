"""Provide what is remembered of records between runs: links of pairs, and parked records.

A *base* is what both sides last agreed on, as keyed digests per rule, packed (:mod:`tallystick.mapping.base`); no
content can be read back from it.
"""

from datetime import datetime
from enum import StrEnum

import attrs

from tallystick.making import quickly_made
from tallystick.ports.side import Side


@quickly_made
@attrs.frozen
class Link:
    """The durable pair of two records.

    ``ids``, ``versions``, ``members`` and ``base`` hold one entry a side, left first. ``layout`` names the rules that
    the base was written with. ``number`` is the state's own, 0 until it was stored. ``decided`` tells what the last
    decision about this pair was: a reason, and after a bar the names of the rules that were written. ``identities``
    are keyed digests of what each record is to other syncs of the same state, empty where it is nothing to them.
    """

    ids: tuple[str, str]
    versions: tuple[str | None, str | None]
    members: tuple[bool, bool]
    base: tuple[bytes, bytes] = attrs.field(repr=False)
    layout: str = ""
    number: int = 0
    decided: str = ""
    identities: tuple[bytes, bytes] = attrs.field(default=(b"", b""), repr=False)


@attrs.frozen
class Claim:
    """What another sync of the same state holds of an identity: a pair, or a create that is under way.

    ``ids`` are those of the pair; what is under way has no id yet on the side where it is created.
    """

    identity: bytes = attrs.field(repr=False)
    sync: str
    ids: tuple[str, str]
    under_way: bool = False


class ParkedKind(StrEnum):
    """Why a record was seen and not finished."""

    IGNORED = "ignored"
    """Not fit to be synced, a duplicate, or more than one candidate; mended by a person on one of the sides."""
    FROZEN = "frozen"
    """In sync, but no longer fit to be: its pair stays, and nothing is written until it is mended."""
    CONFLICT = "conflict"
    """Both sides changed the same thing, and a person is to choose."""
    FAILED = "failed"
    """A write was refused; tried again when the record changes or the retry falls due."""
    PASSED_OVER = "passed_over"
    """Fit, and not taken in all the same, as the profile says: looked at again when it changes."""
    LEFT = "left"
    """It was in sync and was taken out by a person: remembered, so that no look-up brings it back."""


@quickly_made
@attrs.frozen
class Parked:
    """One record that was seen and not finished.

    ``reasons`` are short codes, with a field or rule name after a colon where there is one. ``keys`` are keyed
    digests of its match keys, and of what it waits for: it is looked at again when any of them turns up.
    """

    side: Side
    id: str
    version: str | None
    kind: ParkedKind
    reasons: tuple[str, ...]
    keys: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    attempts: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    retry_at: datetime | None = None
