"""Provide the sync: two providers, a profile and a state, and everything a host does with them.

This is the front of the machine. Methods with _async in their names do what those without do, and take providers, a
state, a sink and a clock that are awaited, that block, or some of each. It keeps nothing itself: what is remembered is
in the state, what is to be done in the profile.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

import attrs

from tallystick.errors import TallystickError, UnknownRecord, UsageError
from tallystick.mapping import compile_mapping
from tallystick.ports import (
    AsyncClock,
    AsyncProvider,
    AsyncSink,
    AsyncState,
    Clock,
    Commit,
    ImageSink,
    ParkedKind,
    Provider,
    RunRow,
    RunState,
    Side,
    Sink,
    State,
)
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.policies import Choice
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.report import Report
from tallystick.sync.async_driver import drive_async
from tallystick.sync.calls import Call, Port
from tallystick.sync.checking import require_directories, require_name, require_providers
from tallystick.sync.clock import AsyncSystemClock, SystemClock
from tallystick.sync.collector import collector_paused
from tallystick.sync.comparing import Comparison, comparing
from tallystick.sync.correcting import Correction, correcting
from tallystick.sync.driver import drive, require_blocking
from tallystick.sync.explaining import Explanation, explaining
from tallystick.sync.finishing import stopped_figures
from tallystick.sync.forgetting import Forgotten, forgetting, forgetting_all
from tallystick.sync.holding import USUAL_SPAN, checked_span
from tallystick.sync.pairing import pairing
from tallystick.sync.planning import planning
from tallystick.sync.referring import referring
from tallystick.sync.resolving import resolving
from tallystick.sync.running import applying_plan, running
from tallystick.sync.setup import Setup, name_digest
from tallystick.sync.standing import Conflict, Listed, conflicts, errors, listed, released
from tallystick.sync.status import LOOKED_AT, Status, status_of
from tallystick.sync.turn import Writing, take_turn
from tallystick.sync.undoing import undoing
from tallystick.sync.worker import worker_is_gone

L = TypeVar("L")
R = TypeVar("R")
T = TypeVar("T")

NOTHING: Mapping[str, Side | str] = MappingProxyType({})

_compiled = lru_cache(maxsize=32)(compile_mapping)
"""Compiling a mapping costs milliseconds; a process that looks after many mailboxes does it once for all of them."""


class Sync(Generic[L, R]):
    """One sync of two collections.

    ``name`` identifies it in the state, which may hold many. ``sink`` is where values go that lose a conflict.
    One worker at a time writes a sync: ``lease`` is how long the others wait for one that gives no sign of life, longer
    than the longest call of a provider. ``worker`` names this one; started anew under the same name, it need not wait.
    Nor need anybody wait for one that ``is_gone`` proves dead: unless told otherwise, a process of this very host.
    ``directories`` are collections that are read only, by the names that the profile's references know them by.
    ``pause_collector`` pauses Python's cyclic garbage collector while a run goes on: about a quarter faster for tens of
    thousands of records, at the cost of memory in a process whose other threads make cycles meanwhile.
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
    ) -> None:
        require_name(name)
        require_providers(left, right)
        self.name = name
        self._providers: tuple[Provider[object], Provider[object]] = (
            cast("Provider[object]", left),
            cast("Provider[object]", right),
        )
        self._profile = cast("Profile[object, object]", profile)
        self._directories: dict[str, Provider[Any] | AsyncProvider[Any]] = dict(directories or {})
        require_directories(self._profile, self._directories)
        self._mapping = _compiled(self._profile.mapping, state.key)
        self._state = cast("State", state)
        self._sink = sink
        self._clock: Clock | AsyncClock = SystemClock() if clock is None else clock
        self._worker = worker
        self._lease = checked_span(lease)
        self._is_gone = is_gone
        self._pause_collector = pause_collector
        self._in_threads = in_threads
        self._ports: dict[Port | str, object] = {
            **cast("dict[Port | str, object]", self._directories),
            Port.LEFT: left,
            Port.RIGHT: right,
            Port.STATE: state,
            Port.SINK: sink,
            Port.CLOCK: self._clock,
        }

    def __repr__(self) -> str:
        return f"<Sync {self.name!r} ({self._profile.name})>"

    # --- running -------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """Return what a run would do now. Reads only: neither the sides nor the state are written.

        Raises the provider's errors, and SyncDisabled where the sync is switched off.
        """
        return self._drive(planning(self._setup())).plan

    def apply(self, plan: Plan) -> Report:
        """Do what the plan says, if nothing it rests on has changed since.

        Raises StalePlan, before anything is written, where something has. Everything else is part of the report.
        """
        return self._write(lambda setup, opened: applying_plan(setup, opened, plan))

    def run(self) -> Report:
        """Plan and apply in one go. What goes wrong is part of the report, since the next run tries again.

        Raises SyncDisabled where the sync is switched off, LeaseHeld where another worker is at it, and StateError
        where the state cannot be used.
        """
        return self._write(running)

    async def plan_async(self) -> Plan:
        """Return what :meth:`plan` returns. Both sides are read at once."""
        return (await self._drive_async(planning(self._setup()))).plan

    async def apply_async(self, plan: Plan) -> Report:
        """Do what :meth:`apply` does. A cancelled one stands like a run that was cut off; the next run goes on."""
        return await self._write_async(lambda setup, opened: applying_plan(setup, opened, plan))

    async def run_async(self) -> Report:
        """Do what :meth:`run` does. A cancelled one stands like a run that was cut off; the next run goes on."""
        return await self._write_async(running)

    def run_if_due(self) -> Report | None:
        """Run if one is due: by schedule, since one was asked for, or since none was made yet; else return None.

        A host's own timer may call this as often as it likes.
        """
        due = self.status().due
        return self.run() if due is not None and due <= self._clock.now() else None

    def confirm(self, plan: Plan | None = None) -> Mapping[str, int]:
        """Confirm, for the next run only, the figures that a guard stopped: those of ``plan``, or of the last run.

        Runs that were cut off or did not come so far don't count as the last. Returns the figures. A later plan goes
        ahead up to them, and is stopped again beyond. Capacity can't be confirmed. Raises UnknownRecord where nothing
        was stopped.
        """
        if plan is not None:
            figures = {figure.name: figure.planned for figure in plan.figures if figure.asks}
        else:
            figures = stopped_figures(self._state.runs(self.name))
        if not figures:
            raise UnknownRecord(
                "there is nothing to confirm", where=self.name, remedy="confirm after a run or a plan was stopped"
            )
        self._state.commit(self.name, Commit(head={"confirmed": figures}))
        return figures

    # --- a person's choices ------------------------------------------------------------------------------------------

    def undo(self, run: int) -> Plan:
        """Return the plan that takes a run back, to be looked at and applied like any other. Reads only.

        It needs a sink that was told to keep images before that run. What has changed since is left out and stands in
        the plan's notes. Raises UsageError without such a sink, UnknownRecord where nothing is kept of the run.
        """
        return self._drive(undoing(self._setup(), run))

    def compare(self, conflict: str) -> Comparison:
        """Return both records of a conflict as they are now, with every field in which they differ. Reads only.

        Raises UnknownRecord where there is no such conflict, StaleConflict where a record of it is gone.
        """
        return self._drive(comparing(self._setup(), conflict))

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
        asked again. Raises UnknownRecord where there is no such conflict, or somebody else has settled it; LeaseHeld
        while a run or somebody else is at work; UsageError for a choice that is not complete.
        """
        choice = _choice(winner, rules, keep_both=keep_both)
        return self._write(lambda setup, opened: resolving(setup, opened, conflict, choice, versions))

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
        where the record is another by now, UnknownRecord where it is not listed, UsageError where a correction can't
        mend it or the service refuses it: the row then says so. Nothing else is written in any of these.
        """
        correction = Correction(_side(side), id, fields, version)
        return self._write(lambda setup, opened: correcting(setup, opened, correction))

    async def undo_async(self, run: int) -> Plan:
        """Return what :meth:`undo` returns."""
        return await self._drive_async(undoing(self._setup(), run))

    async def compare_async(self, conflict: str) -> Comparison:
        """Return what :meth:`compare` returns."""
        return await self._drive_async(comparing(self._setup(), conflict))

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
        choice = _choice(winner, rules, keep_both=keep_both)
        return await self._write_async(lambda setup, opened: resolving(setup, opened, conflict, choice, versions))

    def pair(self, left: str, right: str) -> Report:
        """Pair two records by hand, whatever their keys say, and write what differs as at a first pairing.

        Raises UsageError where one of them is not there, or has a partner.
        """
        return self._write(lambda setup, opened: pairing(setup, opened, (left, right)))

    async def pair_async(self, left: str, right: str) -> Report:
        """Do what :meth:`pair` does."""
        return await self._write_async(lambda setup, opened: pairing(setup, opened, (left, right)))

    def forget(self, side: Side | str | None = None, id: str = "") -> Forgotten:  # noqa: A002 - callers' word
        """Erase what is kept of a record and its counterpart; without a side, everything that is kept of this sync.

        The records themselves stay, and a run that sees them again takes them for new ones: delete them, or take them
        out of the scope, first. The figures of runs stay. Raises UsageError for a side without an id.
        """
        sink = hasattr(self._sink, "forget")
        if side is None:
            return self._drive(forgetting_all(self._setup(), sink=sink))
        if not id:
            raise UsageError("whom to forget is not said", where=self.name, remedy="name a record by side and id")
        return self._drive(forgetting(self._setup(), _side(side), id, sink=sink))

    # --- switching -----------------------------------------------------------------------------------------------

    def enable(self) -> None:
        """Switch the sync on.

        After it was off, the next run is an initial one: both sides are listed in full, and pairs stay pairs.
        """
        if not self._state.head(self.name).enabled:
            self._state.commit(self.name, Commit(head={"enabled": True, "initial": True}))

    def disable(self) -> None:
        """Switch the sync off: until it is on again, nothing is read or written."""
        self._state.commit(self.name, Commit(head={"enabled": False}))

    def enqueue(self) -> RunRow:
        """Ask for a run; while one is queued or running, no second one is added."""
        last = next(iter(self._state.runs(self.name, 1)), None)
        if last is not None and last.state in (RunState.ENQUEUED, RunState.SYNCING):
            return last
        row = RunRow(RunState.ENQUEUED, enqueued=self._clock.now())
        return attrs.evolve(row, number=self._state.commit(self.name, Commit(run=row)).run)

    def prune(self, keep: timedelta) -> int:
        """Drop the history of runs that ended longer ago than ``keep``; the latest 50 stay. Returns how many went."""
        return self._state.prune(self.name, self._clock.now() - keep)

    # --- looking -------------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Return the sync at a glance."""
        head, runs = self._state.head(self.name), self._state.runs(self.name, LOOKED_AT)
        return status_of(self.name, head, runs, self._profile, self._providers, self._clock.now())

    def scopes(self, side: Side | str) -> Sequence[str]:
        """Return the lists or categories of a side that a sync may choose from."""
        return self._providers[_side(side)].scopes()

    def history(self, limit: int = 50) -> Sequence[RunRow]:
        """Return the runs, newest first."""
        return self._state.runs(self.name, limit)

    def ignored(self) -> Sequence[Listed]:
        """Return the standing list of ignored records, with every reason."""
        return self._listed(ParkedKind.IGNORED, ParkedKind.FROZEN)

    def conflicts(self) -> Sequence[Conflict]:
        """Return the pairs that wait for a person to choose, each named by its left record."""
        return conflicts(self._state, self.name, self._providers)

    def errors(self, *, resolvable: bool | None = None) -> Sequence[Listed]:
        """Return the records that failed, or are ignored for missing or invalid data.

        ``resolvable``: only those that :meth:`correct` may mend, or only the others.
        """
        rows = self._listed(ParkedKind.FAILED, ParkedKind.IGNORED, ParkedKind.FROZEN)
        return errors(rows, resolvable=resolvable)

    def failed(self) -> Sequence[Listed]:
        """Return the records whose write was refused, or that can't be read."""
        return self._listed(ParkedKind.FAILED)

    def release(self, side: Side | str, id: str) -> None:  # noqa: A002 - the word that callers know
        """Let a record that failed be tried again by the next run, also where it had failed as often as it may.

        Raises UnknownRecord where no such record has failed.
        """
        released(self._state, self.name, _side(side), id, self._clock.now())

    def explain(self, side: Side | str, id: str) -> Explanation:  # noqa: A002 - the word that callers know
        """Return why a record stands where it stands.

        Raises UnknownRecord where neither the state nor the provider knows it.
        """
        return self._drive(explaining(self._setup(), _side(side), id))

    async def explain_async(self, side: Side | str, id: str) -> Explanation:  # noqa: A002 - the word that callers know
        """Return what :meth:`explain` returns."""
        return await self._drive_async(explaining(self._setup(), _side(side), id))

    # --- inside --------------------------------------------------------------------------------------------------

    def _setup(self) -> Setup:
        left, right = self._profile.sides
        now = self._clock.now()
        return Setup(
            self.name,
            self._profile,
            self._mapping,
            self._state.key,
            (self._providers[0].capabilities, self._providers[1].capabilities),
            (
                name_digest(self._state.key, Side.LEFT, self._providers[0].account),
                name_digest(self._state.key, Side.RIGHT, self._providers[1].account),
            ),
            self._sink is not None,
            (left.scope_at(now), right.scope_at(now)),
            isinstance(self._sink, ImageSink) and self._sink.keeps_images,
        )

    def _drive(self, machine: Call[T]) -> T:
        require_blocking(self._ports)
        with collector_paused(paused=self._pause_collector):
            return drive(self._referring(machine), self._ports)

    async def _drive_async(self, machine: Call[T]) -> T:
        clock = AsyncSystemClock() if isinstance(self._clock, SystemClock) else self._clock
        ports = {**self._ports, Port.CLOCK: clock}
        with collector_paused(paused=self._pause_collector):
            return await drive_async(self._referring(machine), ports, in_threads=self._in_threads)

    def _referring(self, machine: Call[T]) -> Call[T]:
        sizes = {name: directory.capabilities.read_size for name, directory in self._directories.items()}
        return referring(machine, self._profile, sizes)

    def _write(self, machine: Writing) -> Report:
        """Run a machine that writes, under the lease of the sync and with a row of its own."""
        turn = self._drive(take_turn(self._setup(), self._worker, self._lease, self._is_gone))
        try:
            return self._drive(turn.run(machine))
        except BaseException as error:
            with suppress(Exception):  # the first error is the one to be told; else the next run closes the row
                self._drive(turn.cut_off(error))
            raise
        finally:
            with suppress(TallystickError):  # it runs out by itself
                self._drive(turn.end())

    async def _write_async(self, machine: Writing) -> Report:
        turn = await self._drive_async(take_turn(self._setup(), self._worker, self._lease, self._is_gone))
        try:
            return await self._drive_async(turn.run(machine))
        except BaseException as error:
            with suppress(Exception):
                await self._drive_async(turn.cut_off(error))
            raise
        finally:
            with suppress(TallystickError):
                await self._drive_async(turn.end())

    def _listed(self, *kinds: ParkedKind) -> list[Listed]:
        return listed((row for kind in kinds for row in self._state.parked_list(self.name, kind)), self._providers)


def _choice(winner: Side | str | None, rules: Mapping[str, Side | str], *, keep_both: bool) -> Choice:
    by_rule = {rule: _side(side) for rule, side in rules.items()}
    return Choice(None if winner is None else _side(winner), by_rule, keep_both)


def _side(side: Side | str) -> Side:
    return Side.named(side) if isinstance(side, str) else side
