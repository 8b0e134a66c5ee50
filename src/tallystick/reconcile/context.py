"""Provide what every decision of one run shares: profile, compiled mapping, key, and what the providers can do.

It is frozen, and made anew for each run. Ids of steps and tokens of creates are derived here, from what they rest
on, so that the same plan is the same bytes in another process, and a write proposed again has the token it had.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

import attrs

from tallystick.mapping import CompiledMapping
from tallystick.matching.matcher import NO_KEYS, Key
from tallystick.ports import Capabilities, CreateSafety, Item, Side, Window, WriteKind
from tallystick.reconcile.policies import Choice, LoserFate, Winner
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.step import Effect

_FINDABLE = (CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY, CreateSafety.SEARCHABLE_TAG)
_OF_MEMBERSHIP = (WriteKind.JOIN, WriteKind.LEAVE)


@attrs.frozen
class Context:
    """The shared inputs of one run's decisions.

    ``now`` is when the run began; nothing asks a clock again. ``rescoped`` tells, by side, that the scope is not the
    one that links were made in: what they remember of membership then says nothing. ``relaid`` tells that the mapping
    is not the one that bases were written with: both sides are listed in full, and every base is written anew.
    ``windows`` are the days that this run looks after, by side.
    ``chosen`` is what a person has chosen, where a conflict is being settled.
    """

    sync: str
    profile: Profile[object, object]
    mapping: CompiledMapping[object, object]
    key: bytes = attrs.field(repr=False)
    capabilities: tuple[Capabilities, Capabilities]
    accounts: tuple[str, str]
    now: datetime
    initial: bool
    has_sink: bool = False
    rescoped: tuple[bool, bool] = (False, False)
    relaid: bool = False
    windows: tuple[Window | None, Window | None] = (None, None)
    chosen: Choice | None = None
    _hasher: "blake2b" = attrs.field(init=False, repr=False, eq=False)

    @_hasher.default
    def _begun(self) -> "blake2b":
        # Copied for each digest, at half the cost of a new one.
        return blake2b(key=self.key, digest_size=16)

    def inside(self, side: Side, record: object) -> bool:
        """Tell whether a record lies in the window of its side; where there is none, every record does."""
        window = self.windows[side]
        return window is None or self.profile.sides[side].lies_in(record, window)

    def token(self, side: Side, source: str, salt: str = "") -> str:
        """Return the token of the record that is to be created on ``side`` for the other side's ``source``."""
        return self._digest("token", self.sync, *self.accounts, side.label, source, salt).hex()

    def identity(self, side: Side, one: str, record: object = None) -> bytes:
        """Return a digest of what a record is to all syncs of the realm, empty where it is nothing to the others.

        A record of the shared side is known by its id alone.
        """
        realm = self.profile.realm
        if realm is None:
            return b""
        said = one if side is realm.shared else realm.identity(record)
        whose = ("realm", realm.name) if realm.name else ("account", self.accounts[realm.shared])
        return self._digest("identity", *whose, side.label, said) if said else b""

    def identities(self, left: Item[object], right: Item[object]) -> tuple[bytes, bytes]:
        """Return the identities of a pair."""
        if self.profile.realm is None:
            return (b"", b"")
        return (self.identity(Side.LEFT, left.id, left.record), self.identity(Side.RIGHT, right.id, right.record))

    def parked_keys(self, keys: Iterable[Key]) -> tuple[bytes, ...]:
        """Return keyed digests of match keys, as parked rows hold them."""
        return self._short_digests([("match", repr(key)) for key in keys if key not in NO_KEYS])

    def record_keys(self, side: Side, ids: Iterable[str]) -> tuple[bytes, ...]:
        """Return keyed digests that stand for records: whoever waits for a record holds its digest."""
        label = side.label
        return self._short_digests([("record", label, one) for one in ids])

    def arbiter(self, left: Item[object], right: Item[object], rule: str) -> Side | None:
        """Return whose value of a rule stands where both sides changed it, None where it has to be held."""
        if self.chosen is not None:
            return self.chosen.of(rule)
        policy = self.profile.conflict
        if policy.winner is Winner.HOLD or (policy.loser is LoserFate.SINK and not self.has_sink):
            return None
        winner = self._winner(left, right)
        return winner if policy.loser is not LoserFate.COPY or self.can_copy(winner.other) else None

    @property
    def keeps_copies(self) -> bool:
        """Whether losers are to be kept as copies: as the person wants who settles a conflict, or else the profile."""
        wanted = self.profile.conflict.loser is LoserFate.COPY
        return wanted or (self.chosen is not None and self.chosen.keeps_both)

    def can_copy(self, side: Side) -> bool:
        """Tell whether losers can be kept as copies; one without an answer has to be found, or it is a new record."""
        return self.profile.sides[side].creates and self.capabilities[side].create_safety in _FINDABLE

    def _winner(self, left: Item[object], right: Item[object]) -> Side:
        policy = self.profile.conflict
        if policy.winner is Winner.LEFT:
            return Side.LEFT
        if policy.winner is Winner.RIGHT:
            return Side.RIGHT
        if left.modified is None or right.modified is None:
            return policy.tie
        gap = left.modified - right.modified
        if abs(gap) <= policy.tolerance:
            return policy.tie
        return Side.LEFT if left.modified > right.modified else Side.RIGHT

    def effect(self, side: Side, kind: WriteKind, before: object, after: object) -> Effect:
        """Return what a write does to people; None stands for the record of a side that has none.

        The profile is asked by the kind that the step has. What changes nothing but membership reaches nobody.
        """
        if kind in _OF_MEMBERSHIP and before == after:
            return Effect.SILENT
        return self.profile.sides[side].effect(kind, before, after)

    def can_leave(self, side: Side) -> bool:
        """Tell whether records of ``side`` can be taken out of the scope."""
        return self.capabilities[side].scopes and self.profile.sides[side].scope.name is not None

    def match_keys(self, side: Side, record: object) -> Sequence[Key]:
        """Return the match keys of a record."""
        return self.profile.matcher.keys[side](record)

    def _digest(self, *parts: str) -> bytes:
        # The repr of a tuple of texts is exact, so that no two lists of parts come out the same; it escapes what is no
        # whole character.
        made = self._hasher.copy()
        made.update(repr(parts).encode())
        return made.digest()

    def _short_digests(self, several: Iterable[tuple[str, ...]]) -> tuple[bytes, ...]:
        begun, found = self._hasher.copy, []
        for parts in several:
            made = begun()
            made.update(repr(parts).encode())
            found.append(made.digest()[:8])
        return tuple(found)


def looking_at(*ids: tuple[int, str]) -> str:
    """Return the note for an error of the profile's own functions: which records, by side, it was raised about.

    Without it nobody would know which of thousands of records a lens or a key can't bear.
    """
    said = " and ".join(f"{Side(side).label} {one}" for side, one in ids)
    return f"while looking at {said or 'the records'}"
