"""Provide the correction of a listed record: a person's own edit, written where the record lies, and synced at once.

What is listed for missing or invalid data is mended by correcting the record; anything else is not, and is refused.
The edit rests on the version that the person saw. It is the person's, so no run counts it among its writes; the run
that follows it in the same turn does what any run does, and looks at the record again.
"""

from collections.abc import Mapping

import attrs

from tallystick.errors import OutcomeUnknown, StalePlan, Throttled, UsageError
from tallystick.mapping import field_names
from tallystick.ports import Commit, Item, Parked, RunRow, Side, Status, Update, WriteKind
from tallystick.reconcile.reasons import is_resolvable, refused
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.running import running
from tallystick.sync.settling import ERROR, LISTED, Subject, settled, unlisted
from tallystick.sync.setup import Setup


@attrs.frozen
class Correction:
    """New values of a record's fields, by name, and the ``version`` of the record that the person saw, if known."""

    side: Side
    id: str
    fields: Mapping[str, object] = attrs.field(repr=False)
    version: str | None = None

    @property
    def subject(self) -> Subject:
        """What is settled by it."""
        return Subject(ERROR, self.side, self.id)


def correcting(setup: Setup, opened: RunRow, correction: Correction) -> Call[Report]:
    """Write a correction, and run; ``opened`` is the run's row."""
    side, one = correction.side, correction.id
    where = f"{setup.sync}, {side.label} {one}"
    row = yield from _mendable(setup, correction, where)
    (sight,) = yield from setup.get(side, [one])
    if not isinstance(sight, Item):
        raise StalePlan("the record is not there any more", where=where, remedy="the next run takes it off the list")
    if correction.version not in (None, sight.version):
        raise StalePlan(
            "the record has changed since it was looked at", where=where, remedy="nothing was written; look at it again"
        )
    _refuse_others(sight.record, correction, where)
    edit = Update(one, sight.version, dict(correction.fields))
    (outcome,) = yield from calls.patiently(lambda: calls.write(side, WriteKind.UPDATE, [edit], setup.scopes[side]))
    if outcome.status is Status.REFUSED:
        reason = refused(outcome.code)
        again = attrs.evolve(row, reasons=_after_refusal(row, reason), last_seen=(yield from calls.now()))
        yield from calls.commit(setup.sync, Commit(parked=[again]))
        _, _, code = reason.partition(":")
        raise UsageError(f"the service refused the correction ({code})", where=where, remedy="give other values")
    if outcome.status is Status.THROTTLED:
        raise Throttled(retry_after=outcome.retry_after, where=where)
    if outcome.status is Status.UNKNOWN:
        raise OutcomeUnknown("the correction got no answer", where=where, remedy="look at the record before a new try")
    if outcome.status is not Status.DONE:
        raise StalePlan("the record changed meanwhile", where=where, remedy="nothing was written; look at it again")
    due = attrs.evolve(row, retry_at=(yield from calls.now()))
    yield from calls.commit(setup.sync, Commit(parked=[due]))
    return (yield from running(setup, settled(setup, opened, correction.subject)))


def _mendable(setup: Setup, correction: Correction, where: str) -> Call[Parked]:
    rows = yield from calls.parked(setup.sync, correction.side, [correction.id])
    row = next((one for one in rows if one.kind in LISTED[ERROR]), None)
    if row is None:
        raise (yield from unlisted(setup, correction.subject))
    if not any(map(is_resolvable, row.reasons)):
        raise UsageError(
            "this error is none of missing or invalid data, and no correction mends it",
            where=where,
            remedy="its reasons tell what does",
        )
    return row


def _after_refusal(row: Parked, reason: str) -> tuple[str, ...]:
    """Return a row's reasons with the service's own; what the record lacks stays, so that another try can mend it."""
    return (reason,) if is_resolvable(reason) else (*filter(is_resolvable, row.reasons), reason)


def _refuse_others(record: object, correction: Correction, where: str) -> None:
    """Raise UsageError where the record has no such fields."""
    known = field_names(record)
    if not correction.fields or any(name not in known for name in correction.fields):
        raise UsageError(
            "the correction names no field, or one that the record does not have", where=where, remedy="name its own"
        )
