"""Provide the policies of a sync: frozen values with named choices, passed in, never looked up."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import attrs

from tallystick.errors import SettingsError
from tallystick.field_types import check_types
from tallystick.ports import AbsenceReason, Side


class Winner(StrEnum):
    """Whose value stands where both sides changed the same thing."""

    LEFT = "left"
    RIGHT = "right"
    LATEST = "latest"
    """The record that was modified last."""
    HOLD = "hold"
    """Nobody's: the conflict is parked until a person chooses."""


class Unit(StrEnum):
    """How much of a record one conflict concerns."""

    FIELD = "field"
    """The fields that both sides changed; what only one side changed travels as ever."""
    RECORD = "record"
    """The whole record: the winner's replaces the loser's, and while it is held nothing of it is written."""


class LoserFate(StrEnum):
    """What becomes of the value that lost."""

    SINK = "sink"
    """It goes to the host's sink before it is overwritten; without a sink the conflict is held."""
    COPY = "copy"
    """Before it is overwritten, its record is created once more beside it, outside the scope where there is one; the
    copy is never synced. Where records may not be created, or one whose answer was lost could not be found, the
    conflict is held."""
    DROP = "drop"
    """It goes to the host's sink if there is one, else it is dropped, and the report names record and field."""


@attrs.frozen
class ConflictPolicy:
    """Winner and fate of the loser, chosen apart.

    ``tie`` stands where LATEST cannot tell: a time is missing, or the two differ by no more than ``tolerance``.
    ``edit_beats_removal``: a record that was deleted on one side and edited on the other is created again. ``unit``:
    whether a conflict concerns the fields that both sides changed, or their whole record.
    """

    winner: Winner = Winner.HOLD
    loser: LoserFate = LoserFate.SINK
    tie: Side = Side.RIGHT
    tolerance: timedelta = timedelta(0)
    edit_beats_removal: bool = True
    unit: Unit = Unit.FIELD

    def __attrs_post_init__(self) -> None:
        check_types(self)


@attrs.frozen
class Choice:
    """A person's choice in one conflict: the ``winner`` of every field but those that ``rules`` give to a side by name.

    ``keeps_both``: the record that loses is created once more beside its own, whatever the profile says of losers.
    """

    winner: Side | None = None
    rules: Mapping[str, Side] = attrs.field(factory=dict)
    keeps_both: bool = False

    def of(self, rule: str) -> Side | None:
        """Return whose value of a rule stands; None where nothing was chosen."""
        return self.rules.get(rule, self.winner)


class RemovalAction(StrEnum):
    """What to do about a pair whose record on one side is absent."""

    DELETE = "delete"
    """Delete the other record too."""
    WITHDRAW = "withdraw"
    """Delete the other record too, also where it was edited meanwhile: what was edited has lost a conflict."""
    DETACH = "detach"
    """Take the other record out of the scope; both records that exist stay. Without a scope: as TOMBSTONE."""
    TOMBSTONE = "tombstone"
    """End the pair, and remember the other record, so that it is not taken for a new one."""
    RECREATE = "recreate"
    """Create the absent record again."""
    KEEP = "keep"
    """Leave the pair as it is until the record is seen again."""


@attrs.frozen
class RemovalPolicy:
    """The action for each reason of an absence on one side.

    ``rescoped`` is the action where the side's scope is another one than before, and the record went with the old one;
    None for the one that its reason has.
    """

    deleted: RemovalAction = RemovalAction.TOMBSTONE
    out_of_scope: RemovalAction = RemovalAction.DETACH
    out_of_window: RemovalAction = RemovalAction.KEEP
    no_access: RemovalAction = RemovalAction.KEEP
    rescoped: RemovalAction | None = None

    def __attrs_post_init__(self) -> None:
        check_types(self)

    def action(self, reason: AbsenceReason) -> RemovalAction:
        """Return the action for ``reason``."""
        found: RemovalAction = getattr(self, reason.value)
        return found


class Duplicates(StrEnum):
    """When records of one side are looked through for duplicates of each other."""

    INITIAL = "initial"
    """In an initial run only."""
    ALWAYS = "always"
    """Among the new records of every run."""
    NEVER = "never"


@attrs.frozen
class Limit:
    """How much of one kind a run may do: ``share`` of the pairs, but never less than ``floor``."""

    share: float
    floor: int

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if not 0 <= self.share <= 1 or self.floor < 0:
            raise SettingsError(
                "a guard's share is not between 0 and 1, or its floor is negative",
                remedy="give a share such as 0.2, and a floor such as 10",
            )

    def allowed(self, pairs: int) -> int:
        """Return the number that is allowed with so many pairs."""
        return max(self.floor, int(self.share * pairs))


@attrs.frozen
class Retries:
    """How often a write is tried again that was refused, or got no answer, and when.

    The first retry comes after ``first``, each further one after twice as long, but never later than ``longest``.
    After ``most`` attempts it is left alone until the record changes or a person releases it.
    """

    first: timedelta = timedelta(minutes=10)
    longest: timedelta = timedelta(days=1)
    most: int = 12

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if self.most < 1 or not timedelta(0) < self.first <= self.longest:
            raise SettingsError(
                "retries that never begin, or come later than the latest",
                remedy="give at least one attempt, and a first wait no longer than the longest",
            )

    def wait(self, attempts: int) -> timedelta | None:
        """Return how long to wait after so many attempts; None where there is to be no further one."""
        return None if attempts >= self.most else min(self.first * 2 ** min(attempts - 1, 16), self.longest)


@attrs.frozen
class Guards:
    """What a run may write at most, a side, before it stops and asks.

    ``removals``: records deleted or taken out of the scope, and pairs ended. ``creates``: records created (not
    counted in an initial run). ``rewrites``: records in which a value is replaced by another. ``empties``: records in
    which a value is emptied. ``notifying``: writes that send mail to people (those of an initial run are held).
    ``capacity``: pairs altogether, None for no limit.
    """

    removals: Limit = Limit(0.2, 10)
    creates: Limit = Limit(0.5, 100)
    rewrites: Limit = Limit(0.5, 50)
    empties: Limit = Limit(0.2, 10)
    notifying: Limit = Limit(0.0, 20)
    capacity: int | None = None

    def __attrs_post_init__(self) -> None:
        check_types(self)
