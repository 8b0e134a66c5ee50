"""Provide the step: one write that a plan proposes, with its reason and its preconditions.

A step is data. It names what it rests on (both records with their versions) and what will be remembered once it is
done (``after``: the link as it will be, the target's part to be completed from the provider's answer). A pair that
needs a write on both sides has two steps, and the second waits for the first.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b

import attrs

from tallystick.making import quickly_made
from tallystick.ports import Link, Parked, Side, WriteKind

_LEFT = Side.LEFT  # named once: to ask an enum for a member takes as long as ten other instructions do


class Effect(StrEnum):
    """What a write does to people, beside the record."""

    SILENT = "silent"
    NOTIFIES = "notifies"
    """The service sends mail to people."""
    CANCELS = "cancels"
    """The service tells people that a meeting does not take place."""


@quickly_made
@attrs.frozen
class Step:
    """One write.

    ``target`` is the id on ``side`` (empty for a create), ``version`` the precondition, ``source`` the counterpart's
    id with its ``source_version``. ``record`` is the new record of a create, ``fields`` the changed fields of an
    update, ``member`` the membership to set. ``moved`` are the numbers of the rules whose shared value moves on the
    target: their base is taken from the provider's answer. ``waiting`` are, for the first of a pair's two writes, those
    that the second one moves. ``ends`` is the number of a link that the step ends.
    ``parks`` are rows to be parked with its effect. ``loses`` are the values, by rule, that lose a conflict by it.
    ``copy`` is the id of the step that keeps a loser as a copy: without it this one is not done. ``ends_first`` has the
    ending and the parking committed with the intent, before the write is sent: if it fails, the pair has ended anyway.
    ``shown`` is the digest of what the target showed, where its provider has no versions.
    ``effect`` is what the write does to people.
    ``planned`` is the target as it will be, and ``entries`` are its base entries, which spare digests afterwards; a
    saved plan has neither.
    """

    kind: WriteKind
    side: Side
    target: str
    version: str | None
    source: str
    source_version: str | None
    reason: str
    token: str = ""
    record: object = attrs.field(default=None, repr=False)
    fields: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    member: bool | None = None
    rules: tuple[str, ...] = ()
    moved: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    after: Link | None = None
    ends: int = 0
    parks: tuple[Parked, ...] = ()
    loses: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    waits: str = ""
    overwrites: bool = False
    empties: bool = False
    copy: str = ""
    ends_first: bool = False
    shown: bytes = attrs.field(default=b"", repr=False)
    effect: Effect = Effect.SILENT
    planned: object = attrs.field(default=None, repr=False, eq=False)
    entries: tuple[bytes, ...] = attrs.field(default=(), repr=False, eq=False)

    @property
    def id(self) -> str:
        """The step's id, derived from what it rests on: the same step has the same id in any process."""
        rests_on = (self.kind, self.side.label, self.target, self.version, self.source, self.source_version, self.token)
        return blake2b(repr(rests_on).encode(), digest_size=8).hexdigest()

    @property
    def stands_alone(self) -> bool:
        """Whether it creates a record that is no pair's: a copy, or one that an undoing brings back."""
        return self.after is None and self.kind is WriteKind.CREATE

    @property
    def ids(self) -> tuple[str, str]:
        """The pair's ids by side; the target's is empty for a create."""
        return (self.target, self.source) if self.side is _LEFT else (self.source, self.target)
