"""Provide how two people who settle one thing are told apart: which run is at it, and which has settled it.

What a person settles, a conflict or an error, is marked in the counts of the run's row, by a keyed digest of the
record: ``settling.`` while the run goes on, ``settled.`` once the choice stands. Whoever comes second finds the mark:

* While the first one is at work, the second waits for a moment; then the choice stands, or may still be made.
* Where it stands, the second is told in which run and since when (:class:`..errors.AlreadySettled`).
* Where the first is still at it, the second is told that. Anybody else at work is told of as such (LeaseHeld).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import attrs

from tallystick.errors import AlreadySettled, LeaseHeld, UnknownRecord
from tallystick.ports import KEPT_RUNS, SIDES, Item, ParkedKind, RunRow, RunState, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.holding import Holding, hold, hold_soon
from tallystick.sync.setup import Setup, name_digest

_SETTLING = "settling."
_SETTLED = "settled."
_MARKS = (_SETTLING, _SETTLED)

CONFLICT = "conflict"
ERROR = "error"
LISTED = {
    CONFLICT: (ParkedKind.CONFLICT,),
    ERROR: (ParkedKind.IGNORED, ParkedKind.FROZEN, ParkedKind.FAILED),
}
_AT_WORK = 3

Versions = tuple[str | None, str | None]


@attrs.frozen
class Subject:
    """What a person is about to settle: ``what`` it is, and the record by which it is listed."""

    what: str
    side: Side
    id: str

    def digest(self, setup: Setup) -> str:
        """Return what a run's row remembers of it."""
        return name_digest(setup.key, self.side, f"{self.what}:{self.id}")


def settling(setup: Setup, subject: Subject | None) -> Mapping[str, int]:
    """Return the mark of a run that has begun to settle something."""
    return {} if subject is None else {_SETTLING + subject.digest(setup): 1}


def settled(setup: Setup, opened: RunRow, subject: Subject) -> RunRow:
    """Return a run's row with the mark that a choice stands, or stands if the run ends well."""
    return attrs.evolve(opened, counts={_SETTLED + subject.digest(setup): 1})


def kept_marks(opened: RunRow) -> dict[str, int]:
    """Return the marks of what stands, which stay when a run has ended."""
    return {name: count for name, count in opened.counts.items() if name.startswith(_SETTLED)}


def unmarked(setup: Setup, row: RunRow, side: Side, one: str) -> RunRow:
    """Return a run's row without what it remembers of a record."""
    gone = {begin + Subject(what, side, one).digest(setup) for begin in _MARKS for what in (CONFLICT, ERROR)}
    return attrs.evolve(row, counts={name: count for name, count in row.counts.items() if name not in gone})


def unmarked_throughout(row: RunRow) -> RunRow:
    """Return a run's row without what it remembers of any record."""
    return attrs.evolve(row, counts={name: n for name, n in row.counts.items() if not name.startswith(_MARKS)})


def hold_for(
    setup: Setup, subject: Subject | None, worker: str | None, span: timedelta, is_gone: Callable[[str], bool]
) -> Call[Holding]:
    """Take the lease of the sync; who settles something waits for a moment, and settles what is listed only."""
    if subject is None:
        return (yield from hold(setup.sync, worker, span, is_gone))
    yield from refuse_unlisted(setup, subject)
    try:
        return (yield from hold_soon(setup.sync, worker, span, is_gone))
    except LeaseHeld:
        yield from _refuse_at_work(setup, subject)
        raise


def refuse_unlisted(setup: Setup, subject: Subject) -> Call[None]:
    """Raise AlreadySettled or UnknownRecord, before a run is recorded, where what is to be settled is not listed."""
    rows = yield from calls.parked(setup.sync, subject.side, [subject.id])
    if not any(row.kind in LISTED[subject.what] for row in rows):
        yield from _refuse_at_work(setup, subject)  # its effect may be there before its run has ended
        raise (yield from unlisted(setup, subject))


def unlisted(setup: Setup, subject: Subject) -> Call[AlreadySettled | UnknownRecord]:
    """Return the error for what is not listed: it tells the run that has settled it, and both versions now."""
    mark = _SETTLED + subject.digest(setup)
    for row in (yield from calls.runs(setup.sync, KEPT_RUNS)):
        stands = row.state is RunState.COMPLETE or subject.what != CONFLICT
        if mark in row.counts and stands:
            return AlreadySettled(
                f"the {subject.what} was settled meanwhile, {_by(row.number, row.ended)}",
                run=row.number,
                at=row.ended,
                versions=(yield from _versions(setup, subject)),
                where=_where(setup, subject),
            )
    return UnknownRecord(
        f"no {subject.what} of this record is listed: it may have been settled by now",
        where=_where(setup, subject),
        remedy=f"choose from the list of {subject.what}s",
    )


def _versions(setup: Setup, subject: Subject) -> Call[Versions]:
    """Return the versions of a record and its counterpart as they are now, as far as they are there."""
    ids = ["", ""]
    ids[subject.side] = subject.id
    for link in (yield from calls.links(setup.sync, subject.side, [subject.id])):
        ids = list(link.ids)
    versions: list[str | None] = [None, None]
    for side in SIDES:
        for sight in (yield from setup.get(side, [ids[side]] if ids[side] else [])):
            versions[side] = sight.version if isinstance(sight, Item) else None
    return (versions[0], versions[1])


def _refuse_at_work(setup: Setup, subject: Subject) -> Call[None]:
    if (yield from calls.lease(setup.sync, (yield from calls.now()))) is None:
        return  # whoever has left such a mark is gone
    mark = _SETTLING + subject.digest(setup)
    for row in (yield from calls.runs(setup.sync, _AT_WORK)):
        if row.state is RunState.SYNCING and mark in row.counts:
            raise AlreadySettled(
                f"somebody else is settling the {subject.what} now, {_by(row.number, row.started)}",
                run=row.number,
                at=row.started,
                under_way=True,
                where=_where(setup, subject),
            )


def _by(run: int, at: datetime | None) -> str:
    return f"by run {run}{f' at {at:%Y-%m-%d %H:%M:%S} UTC' if at else ''}"


def _where(setup: Setup, subject: Subject) -> str:
    return f"{setup.sync}, {subject.side.label} {subject.id}"
