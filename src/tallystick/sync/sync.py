"""Provide the sync: two providers, a profile and a state, and everything a host does with them.

This is the front of the machine, and a method here only names one. Those with _async in their names do what those
without do, and take providers, a state, a sink and a clock that are awaited, that block, or some of each. It keeps
nothing itself: what is remembered is in the state, what is to be done in the profile.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from tallystick.errors import UsageError
from tallystick.ports import (
    KEPT_RUNS,
    AsyncClock,
    AsyncProvider,
    AsyncSink,
    AsyncState,
    Clock,
    Item,
    ParkedKind,
    Provider,
    RunRow,
    Side,
    Sink,
    State,
)
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.asked import choice_of, limit_of, side_of
from tallystick.sync.calls import Call, Port
from tallystick.sync.checking import checked_directories, require_name, require_parts, require_plan, require_worker
from tallystick.sync.comparing import Comparison, comparing
from tallystick.sync.confirming import confirming
from tallystick.sync.correcting import Correction, correcting
from tallystick.sync.events import Doing, Observer
from tallystick.sync.explaining import Explanation, explaining
from tallystick.sync.forgetting import Forgotten, forgetting, forgetting_all
from tallystick.sync.holding import USUAL_SPAN
from tallystick.sync.pairing import pairing
from tallystick.sync.parts import AnyProvider, Parts
from tallystick.sync.planning import planning
from tallystick.sync.reading import reading
from tallystick.sync.resolving import conflict_of, resolving
from tallystick.sync.running import applying_plan, running
from tallystick.sync.standing import Conflict, Listed, conflicts, errors, listed, releasing
from tallystick.sync.status import Status, status_of
from tallystick.sync.switching import disabling, enabling, enqueuing, pruning
from tallystick.sync.undoing import undoing
from tallystick.sync.worker import worker_is_gone

L = TypeVar("L")
R = TypeVar("R")

NOTHING: Mapping[str, Side | str] = MappingProxyType({})

_IGNORED = (ParkedKind.IGNORED, ParkedKind.FROZEN)


class Sync(Generic[L, R]):
    """One sync of two collections.

    ``name`` identifies it in the state, which may hold many. ``sink`` is where values go that lose a conflict.
    One worker at a time writes a sync: ``lease`` is how long the others wait for one that gives no sign of life, longer
    than the longest call of a provider. ``worker`` names this one; started anew under the same name, it need not wait.
    Nor need anybody wait for one that ``is_gone`` proves dead: unless told otherwise, a process of this very host.
    ``directories`` are collections that are read only, by the names that the profile's references know them by.
    ``pause_collector`` pauses Python's cyclic garbage collector while a run goes on: about a quarter faster for tens of
    thousands of records, at the cost of memory in a process whose other threads make cycles meanwhile.
    ``observers`` are functions that are told, event by event, what a run does.
    ``in_threads``: the methods with _async call providers that block in threads, so that the event loop goes on.
    """

    def __init__(  # noqa: PLR0913 -- a sync is its parts, and each has a name
        self,
        name: str,
        *,
        left: Provider[L] | AsyncProvider[L],
        right: Provider[R] | AsyncProvider[R],
        profile: Profile[L, R],
        state: State | AsyncState,
        sink: Sink | AsyncSink | None = None,
        clock: Clock | AsyncClock | None = None,
        worker: str | None = None,
        lease: timedelta = USUAL_SPAN,
        is_gone: Callable[[str], bool] = worker_is_gone,
        directories: Mapping[str, Provider[Any] | AsyncProvider[Any]] | None = None,
        pause_collector: bool = False,
        in_threads: bool = False,
        observers: Sequence[Observer] = (),
    ) -> None:
        require_name(name)
        require_worker(worker)
        require_parts(left, right, profile, state, sink, clock, is_gone)
        self.name: str = name
        self.profile: Profile[L, R] = profile
        self._parts = Parts(
            name=name,
            providers=(cast("AnyProvider", left), cast("AnyProvider", right)),
            profile=cast("Profile[object, object]", profile),
            state=state,
            sink=sink,
            clock=clock,
            worker=worker,
            lease=lease,
            is_gone=is_gone,
            directories=cast("Mapping[str, AnyProvider]", checked_directories(directories)),
            pause_collector=pause_collector,
            in_threads=in_threads,
            observers=observers,
        )

    def __repr__(self) -> str:
        return f"<Sync {self.name!r} ({self._parts.profile.name})>"

    @property
    def blocks(self) -> bool:
        """Whether the methods without _async can be used: nothing that it is made of has to be awaited."""
        return self._parts.blocks

    # --- running -------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """Return what a run would do now. Reads only: neither the sides nor the state are written.

        Raises the provider's errors, and SyncDisabled where the sync is switched off.
        """
        return self._parts.plan(Doing.PLAN, planning).plan

    async def plan_async(self) -> Plan:
        """Return what :meth:`plan` returns. Both sides are read at once."""
        return (await self._parts.plan_async(Doing.PLAN, planning)).plan

    def apply(self, plan: Plan) -> Report:
        """Do what the plan says, if nothing it rests on has changed since.

        Raises StalePlan, before anything is written, where something has. Everything else is part of the report.
        """
        require_plan(plan)
        return self._parts.write(Doing.APPLY, partial(applying_plan, plan=plan))

    async def apply_async(self, plan: Plan) -> Report:
        """Do what :meth:`apply` does. A cancelled one stands like a run that was cut off; the next run goes on."""
        require_plan(plan)
        return await self._parts.write_async(Doing.APPLY, partial(applying_plan, plan=plan))

    def run(self) -> Report:
        """Plan and apply in one go. What goes wrong is part of the report, since the next run tries again.

        Raises SyncDisabled where the sync is switched off, LeaseHeld where another worker is at it, and StateError
        where the state cannot be used.
        """
        return self._parts.write(Doing.RUN, running)

    async def run_async(self) -> Report:
        """Do what :meth:`run` does. A cancelled one stands like a run that was cut off; the next run goes on."""
        return await self._parts.write_async(Doing.RUN, running)

    def run_if_due(self) -> Report | None:
        """Run if one is due: by schedule, since one was asked for, or since none was made yet; else return None.

        A host's own timer may call this as often as it likes.
        """
        return self.run() if self._is_due(self.status()) else None

    async def run_if_due_async(self) -> Report | None:
        """Do what :meth:`run_if_due` does."""
        return await self.run_async() if self._is_due(await self.status_async()) else None

    def confirm(self, plan: Plan | None = None, *, run: int | None = None) -> Mapping[str, int]:
        """Confirm, for the next run only, the figures that a guard stopped: those of ``plan``, or of the last run.

        Runs that were cut off or did not come so far don't count as the last. ``run`` is the stopped run that the
        person saw. Returns the figures. A later plan goes ahead up to them, and is stopped again beyond. Capacity can't
        be confirmed. Raises AlreadySettled where somebody else has confirmed the run's, or another run was stopped or
        went ahead since; UnknownRecord where nothing was stopped; LeaseHeld while a run is at work, which goes on.
        """
        return self._parts.look(confirming(self._parts.setup(), plan, run, self._parts.is_gone))

    async def confirm_async(self, plan: Plan | None = None, *, run: int | None = None) -> Mapping[str, int]:
        """Do what :meth:`confirm` does."""
        return await self._parts.drive_async(confirming(self._parts.setup(), plan, run, self._parts.is_gone))

    # --- a person's choices ------------------------------------------------------------------------------------------

    def undo(self, run: int) -> Plan:
        """Return the plan that takes a run back, to be looked at and applied like any other. Reads only.

        It needs a sink that was told to keep images before that run. What has changed since is left out and stands in
        the plan's notes. Raises UsageError without such a sink, UnknownRecord where nothing is kept of the run.
        """
        return self._parts.plan(Doing.UNDO, partial(undoing, run=run))

    async def undo_async(self, run: int) -> Plan:
        """Return what :meth:`undo` returns."""
        return await self._parts.plan_async(Doing.UNDO, partial(undoing, run=run))

    def compare(self, conflict: str) -> Comparison:
        """Return both records of a conflict as they are now, with every field in which they differ. Reads only.

        Raises UnknownRecord where there is no such conflict, StaleConflict where a record of it is gone.
        """
        return self._parts.drive(comparing(self._parts.setup(), conflict))

    async def compare_async(self, conflict: str) -> Comparison:
        """Return what :meth:`compare` returns."""
        return await self._parts.drive_async(comparing(self._parts.setup(), conflict))

    def resolve(
        self,
        conflict: str,
        winner: Side | str | None = None,
        *,
        rules: Mapping[str, Side | str] = NOTHING,
        keep_both: bool = False,
        versions: tuple[str | None, str | None] | None = None,
    ) -> Report:
        """Settle a conflict that is held: the values of ``winner`` stand, the other's go the way of losers.

        ``conflict`` is the id by which :meth:`conflicts` lists it. ``rules`` give fields to a side of their own, by the
        names that it lists; together with ``winner`` they have to name one for each. ``keep_both`` has the record that
        loses created once more beside its own, and never synced. ``versions`` are those that the person saw, as
        :meth:`compare` returns them; without them, those that were listed.

        Raises StaleConflict where one of its records is another by now: nothing is written, and the person is to be
        asked again. Raises AlreadySettled where somebody else has settled it, or is at it; UnknownRecord where there is
        no such conflict; LeaseHeld while a run is at work; UsageError for a choice that is not complete.
        """
        choice = choice_of(winner, rules, keep_both=keep_both)
        machine = partial(resolving, one=conflict, choice=choice, versions=versions)
        return self._parts.write(Doing.RESOLVE, machine, conflict_of(conflict))

    async def resolve_async(
        self,
        conflict: str,
        winner: Side | str | None = None,
        *,
        rules: Mapping[str, Side | str] = NOTHING,
        keep_both: bool = False,
        versions: tuple[str | None, str | None] | None = None,
    ) -> Report:
        """Do what :meth:`resolve` does."""
        choice = choice_of(winner, rules, keep_both=keep_both)
        machine = partial(resolving, one=conflict, choice=choice, versions=versions)
        return await self._parts.write_async(Doing.RESOLVE, machine, conflict_of(conflict))

    def correct(
        self,
        side: Side | str,
        id: str,  # noqa: A002 - callers' word
        fields: Mapping[str, object],
        *,
        version: str | None = None,
    ) -> Report:
        """Correct a listed record on its own side, and run: it is synced at once, and leaves the list if it is mended.

        ``fields`` are new values by the record's own names, ``version`` the one that the person saw. Raises StalePlan
        where the record is another by now, AlreadySettled where somebody else has corrected it or is at it,
        UnknownRecord where it is not listed, UsageError where a correction can't mend it or the service refuses it: the
        row then says so. Nothing else is written in any of these.
        """
        correction = Correction(side_of(side), id, fields, version)
        machine = partial(correcting, correction=correction)
        return self._parts.write(Doing.CORRECT, machine, correction.subject)

    async def correct_async(
        self,
        side: Side | str,
        id: str,  # noqa: A002 - callers' word
        fields: Mapping[str, object],
        *,
        version: str | None = None,
    ) -> Report:
        """Do what :meth:`correct` does."""
        correction = Correction(side_of(side), id, fields, version)
        return await self._parts.write_async(
            Doing.CORRECT, partial(correcting, correction=correction), correction.subject
        )

    def pair(self, left: str, right: str) -> Report:
        """Pair two records by hand, whatever their keys say, and write what differs as at a first pairing.

        Raises UsageError where one of them is not there, or has a partner.
        """
        return self._parts.write(Doing.PAIR, partial(pairing, ids=(left, right)))

    async def pair_async(self, left: str, right: str) -> Report:
        """Do what :meth:`pair` does."""
        return await self._parts.write_async(Doing.PAIR, partial(pairing, ids=(left, right)))

    def release(self, side: Side | str, id: str) -> None:  # noqa: A002 - the word that callers know
        """Let a record that failed be tried again by the next run, also where it had failed as often as it may.

        Raises UnknownRecord where no such record has failed, LeaseHeld while a run is at work.
        """
        self._parts.look(releasing(self._parts.setup(), side_of(side), id, self._parts.is_gone))

    async def release_async(self, side: Side | str, id: str) -> None:  # noqa: A002 - the word that callers know
        """Do what :meth:`release` does."""
        await self._parts.drive_async(releasing(self._parts.setup(), side_of(side), id, self._parts.is_gone))

    def forget(self, side: Side | str | None = None, id: str = "") -> Forgotten:  # noqa: A002 - callers' word
        """Erase what is kept of a record and its counterpart; without a side, everything that is kept of this sync.

        The records themselves stay, and a run that sees them again takes them for new ones: delete them, or take them
        out of the scope, first. The figures of runs stay. Raises UsageError for a side without an id.
        """
        return self._parts.drive(self._forgetting(side, id))

    async def forget_async(self, side: Side | str | None = None, id: str = "") -> Forgotten:  # noqa: A002 - the same
        """Do what :meth:`forget` does."""
        return await self._parts.drive_async(self._forgetting(side, id))

    # --- switching -----------------------------------------------------------------------------------------------

    def enable(self) -> None:
        """Switch the sync on.

        After it was off, the next run is an initial one: both sides are listed in full, and pairs stay pairs.
        """
        self._parts.look(enabling(self._parts.setup()))

    async def enable_async(self) -> None:
        """Do what :meth:`enable` does."""
        await self._parts.drive_async(enabling(self._parts.setup()))

    def disable(self) -> None:
        """Switch the sync off: until it is on again, nothing is read or written."""
        self._parts.look(disabling(self._parts.setup()))

    async def disable_async(self) -> None:
        """Do what :meth:`disable` does."""
        await self._parts.drive_async(disabling(self._parts.setup()))

    def enqueue(self) -> RunRow:
        """Ask for a run; while one is queued or running, no second one is added, whoever else asks meanwhile."""
        return self._parts.look(enqueuing(self._parts.setup(), self._parts.is_gone))

    async def enqueue_async(self) -> RunRow:
        """Do what :meth:`enqueue` does."""
        return await self._parts.drive_async(enqueuing(self._parts.setup(), self._parts.is_gone))

    def prune(self, keep: timedelta) -> int:
        """Drop the history of runs that ended longer ago than ``keep``; the latest 50 stay. Returns how many went."""
        return self._parts.look(pruning(self._parts.setup(), keep))

    async def prune_async(self, keep: timedelta) -> int:
        """Do what :meth:`prune` does."""
        return await self._parts.drive_async(pruning(self._parts.setup(), keep))

    # --- looking -------------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Return the sync at a glance."""
        return self._parts.look(status_of(self._parts.setup(), self._parts.accounts))

    async def status_async(self) -> Status:
        """Return what :meth:`status` returns."""
        return await self._parts.drive_async(status_of(self._parts.setup(), self._parts.accounts))

    def scopes(self, side: Side | str) -> Sequence[str]:
        """Return the lists or categories of a side that a sync may choose from."""
        one = side_of(side)
        return self._parts.look(calls.scopes(one), (Port.LEFT, Port.RIGHT)[one])

    async def scopes_async(self, side: Side | str) -> Sequence[str]:
        """Return what :meth:`scopes` returns."""
        return await self._parts.drive_async(calls.scopes(side_of(side)))

    def history(self, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the runs, newest first, ``limit`` at most."""
        return self._parts.look(calls.runs(self.name, limit_of(limit)))

    async def history_async(self, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return what :meth:`history` returns."""
        return await self._parts.drive_async(calls.runs(self.name, limit_of(limit)))

    def ignored(self) -> Sequence[Listed]:
        """Return the standing list of ignored records, with every reason."""
        return self._parts.look(listed(self._parts.setup(), *_IGNORED))

    async def ignored_async(self) -> Sequence[Listed]:
        """Return what :meth:`ignored` returns."""
        return await self._parts.drive_async(listed(self._parts.setup(), *_IGNORED))

    def conflicts(self) -> Sequence[Conflict]:
        """Return the pairs that wait for a person to choose, each named by its left record."""
        return self._parts.look(conflicts(self._parts.setup()))

    async def conflicts_async(self) -> Sequence[Conflict]:
        """Return what :meth:`conflicts` returns."""
        return await self._parts.drive_async(conflicts(self._parts.setup()))

    def errors(self, *, resolvable: bool | None = None) -> Sequence[Listed]:
        """Return the records that failed, or are ignored for missing or invalid data.

        ``resolvable``: only those that :meth:`correct` may mend, or only the others.
        """
        return self._parts.look(errors(self._parts.setup(), resolvable=resolvable))

    async def errors_async(self, *, resolvable: bool | None = None) -> Sequence[Listed]:
        """Return what :meth:`errors` returns."""
        return await self._parts.drive_async(errors(self._parts.setup(), resolvable=resolvable))

    def failed(self) -> Sequence[Listed]:
        """Return the records whose write was refused, or that can't be read."""
        return self._parts.look(listed(self._parts.setup(), ParkedKind.FAILED))

    async def failed_async(self) -> Sequence[Listed]:
        """Return what :meth:`failed` returns."""
        return await self._parts.drive_async(listed(self._parts.setup(), ParkedKind.FAILED))

    def explain(self, side: Side | str, id: str) -> Explanation:  # noqa: A002 - the word that callers know
        """Return why a record stands where it stands.

        Raises UnknownRecord where neither the state nor the provider knows it.
        """
        return self._parts.drive(explaining(self._parts.setup(), side_of(side), id))

    async def explain_async(self, side: Side | str, id: str) -> Explanation:  # noqa: A002 - the word that callers know
        """Return what :meth:`explain` returns."""
        return await self._parts.drive_async(explaining(self._parts.setup(), side_of(side), id))

    def read(self, side: Side | str, id: str) -> Item[object]:  # noqa: A002 - the word that callers know
        """Return a record as its provider shows it now; it is kept nowhere.

        Raises UnknownRecord where the provider does not show one of this id.
        """
        return self._parts.drive(reading(self._parts.setup(), side_of(side), id))

    async def read_async(self, side: Side | str, id: str) -> Item[object]:  # noqa: A002 - the word that callers know
        """Return what :meth:`read` returns."""
        return await self._parts.drive_async(reading(self._parts.setup(), side_of(side), id))

    # --- inside --------------------------------------------------------------------------------------------------

    def _is_due(self, status: Status) -> bool:
        return status.due is not None and status.due <= self._parts.clock.now()

    def _forgetting(self, side: Side | str | None, one: str) -> Call[Forgotten]:
        setup, sink = self._parts.setup(), self._parts.can_forget
        if side is None:
            return forgetting_all(setup, sink=sink)
        if not one:
            raise UsageError("whom to forget is not said", where=self.name, remedy="name a record by side and id")
        return forgetting(setup, side_of(side), one, sink=sink)
