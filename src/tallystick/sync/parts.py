"""Provide the parts of a sync, and the carrying of machines over them by either driver.

What is made of parts that do not fit each other is refused here, before anything is asked of anybody.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar, cast

import attrs

from tallystick.errors import TallystickError
from tallystick.mapping import CompiledMapping, compile_mapping
from tallystick.ports import (
    SIDES,
    AsyncClock,
    AsyncProvider,
    AsyncSink,
    AsyncState,
    Capabilities,
    Clock,
    ImageSink,
    Provider,
    Side,
    Sink,
    State,
)
from tallystick.ports.clock import instant_of
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.report import Report
from tallystick.sync.async_driver import drive_async
from tallystick.sync.attributing import Answers, explain
from tallystick.sync.calls import Call, Port
from tallystick.sync.checking import checked_observers, require_directories, require_told
from tallystick.sync.clock import AsyncSystemClock, SystemClock
from tallystick.sync.collector import collector_paused
from tallystick.sync.driver import drive, is_async, require_blocking
from tallystick.sync.events import Doing, Observer
from tallystick.sync.holding import checked_span
from tallystick.sync.referring import referring
from tallystick.sync.settling import Subject
from tallystick.sync.setup import Setup, name_digest
from tallystick.sync.turn import Turn, Writing, take_turn
from tallystick.sync.watching import Watch

T = TypeVar("T")
AnyProvider = Provider[object] | AsyncProvider[object]

Planning = Callable[[Setup], Call[T]]
"""A machine that plans."""

_LOOKING = (Port.STATE, Port.CLOCK)
"""What is asked by machines that look at what is kept, and set switches."""

_compiled = lru_cache(maxsize=32)(compile_mapping)
"""Compiling a mapping costs milliseconds; a process that looks after many mailboxes does it once for all of them."""


def _known_clock(clock: Clock | AsyncClock | None) -> Clock | AsyncClock:
    return SystemClock() if clock is None else clock


@attrs.frozen(kw_only=True, eq=False)
class Parts:
    """What a sync is made of; see :class:`tallystick.Sync` for what each is."""

    name: str
    providers: tuple[AnyProvider, AnyProvider]
    profile: Profile[object, object]
    state: State | AsyncState
    sink: Sink | AsyncSink | None
    clock: Clock | AsyncClock = attrs.field(converter=_known_clock)
    worker: str | None
    lease: timedelta = attrs.field(converter=checked_span)
    is_gone: Callable[[str], bool]
    directories: Mapping[str, AnyProvider]
    pause_collector: bool
    in_threads: bool
    observers: tuple[Observer, ...] = attrs.field(converter=checked_observers)
    mapping: CompiledMapping[object, object] = attrs.field(init=False)
    ports: dict[Port | str, object] = attrs.field(init=False, repr=False)
    blocks: bool = attrs.field(init=False)
    """Whether the blocking driver can carry all machines of it."""

    @mapping.default
    def _mapping(self) -> CompiledMapping[object, object]:
        return _compiled(self.profile.mapping, self.state.key)

    @ports.default
    def _ports(self) -> dict[Port | str, object]:
        return {
            **cast("Mapping[Port | str, object]", self.directories),
            Port.LEFT: self.providers[0],
            Port.RIGHT: self.providers[1],
            Port.STATE: self.state,
            Port.SINK: self.sink,
            Port.CLOCK: self.clock,
        }

    @blocks.default
    def _blocks(self) -> bool:
        return not any(map(is_async, self.ports.values()))

    def __attrs_post_init__(self) -> None:
        require_directories(self.profile, self.directories)

    @property
    def accounts(self) -> tuple[str, str]:
        """The providers' own names for their accounts."""
        return (self.providers[0].account, self.providers[1].account)

    @property
    def can_forget(self) -> bool:
        """Whether the sink erases what it keeps."""
        return hasattr(self.sink, "forget")

    def setup(self) -> Setup:
        """Return the setup of a machine that begins now."""
        left, right = self.profile.sides
        now, key, accounts = instant_of(self.clock.now()), self.state.key, self.accounts
        left_can, right_can = (one.capabilities for one in self.providers)
        for side, can in zip(SIDES, (left_can, right_can), strict=True):
            require_told(self.providers[side], "account", accounts[side], str, f"{side.label} side")
            require_told(self.providers[side], "capabilities", can, Capabilities, f"{side.label} side")
        return Setup(
            self.name,
            self.profile,
            self.mapping,
            key,
            (left_can, right_can),
            (name_digest(key, Side.LEFT, accounts[0]), name_digest(key, Side.RIGHT, accounts[1])),
            self.sink is not None,
            (left.scope_at(now), right.scope_at(now)),
            self.sink is not None and isinstance(self.sink, ImageSink) and self.sink.keeps_images,
            bool(self.observers),
        )

    def look(self, machine: Call[T], *asked: Port) -> T:
        """Carry a machine that asks the state only, or the ports ``asked``, by the blocking driver."""
        if not self.blocks:
            require_blocking({name: self.ports[name] for name in asked or _LOOKING})
        return drive(machine, self.ports)

    def drive(self, machine: Call[T], watch: Watch | None = None) -> T:
        """Carry a machine by the blocking driver."""
        if not self.blocks:
            require_blocking(self.ports)
        answers: Answers = []
        with collector_paused(paused=self.pause_collector):
            try:
                return drive(self._referring(machine), {**self.ports, Port.OBSERVERS: watch}, watch, answers)
            except Exception as error:
                explain(error, answers, self.profile)
                raise

    async def drive_async(self, machine: Call[T], watch: Watch | None = None) -> T:
        """Carry a machine by the async driver."""
        clock = AsyncSystemClock() if isinstance(self.clock, SystemClock) else self.clock
        ports = {**self.ports, Port.CLOCK: clock, Port.OBSERVERS: watch}
        answers: Answers = []
        with collector_paused(paused=self.pause_collector):
            try:
                return await drive_async(self._referring(machine), ports, watch, answers, in_threads=self.in_threads)
            except Exception as error:
                explain(error, answers, self.profile)
                raise

    def _referring(self, machine: Call[T]) -> Call[T]:
        sizes = {name: self._read_size(name) for name in self.directories}
        return referring(machine, self.profile, sizes)

    def _read_size(self, name: str) -> int:
        """Return how many terms a directory takes in one search."""
        directory = self.directories[name]
        able = directory.capabilities
        require_told(directory, "capabilities", able, Capabilities, f"directory {name}")
        return able.read_size

    def plan(self, doing: Doing, planning: Planning[T]) -> T:
        """Carry a machine that plans, and writes nothing."""
        watch = self._watch(doing)
        with _over(watch, planning=True):
            return self.drive(planning(self.setup()), watch)

    async def plan_async(self, doing: Doing, planning: Planning[T]) -> T:
        """Do what :meth:`plan` does."""
        watch = self._watch(doing)
        with _over(watch, planning=True):
            return await self.drive_async(planning(self.setup()), watch)

    def write(self, doing: Doing, machine: Writing, subject: Subject | None = None) -> Report:
        """Carry a machine that writes, under the lease of the sync and with a row of its own.

        ``subject`` is what a person settles by it, where it is one thing.
        """
        watch = self._watch(doing)
        with _over(watch) as ended:
            turn = self.drive(self._turn(doing, subject))
            try:
                return ended(self.drive(turn.run(machine), watch))
            except BaseException as error:
                with suppress(Exception):  # the first error is the one to be told; else the next run closes the row
                    self.drive(turn.cut_off(error))
                raise
            finally:
                with suppress(TallystickError):  # it runs out by itself
                    self.drive(turn.end())

    async def write_async(self, doing: Doing, machine: Writing, subject: Subject | None = None) -> Report:
        """Do what :meth:`write` does."""
        watch = self._watch(doing)
        with _over(watch) as ended:
            turn = await self.drive_async(self._turn(doing, subject))
            try:
                return ended(await self.drive_async(turn.run(machine), watch))
            except BaseException as error:
                with suppress(Exception):
                    await self.drive_async(turn.cut_off(error))
                raise
            finally:
                with suppress(TallystickError):
                    await self.drive_async(turn.end())

    def _turn(self, doing: Doing, subject: Subject | None) -> Call[Turn]:
        return take_turn(self.setup(), doing, subject, self.worker, self.lease, self.is_gone)

    def _watch(self, doing: Doing) -> Watch | None:
        return Watch(self.name, self.clock, list(self.observers), doing) if self.observers else None


def _over(watch: Watch | None, *, planning: bool = False) -> AbstractContextManager[Callable[[Report], Report]]:
    return nullcontext(_unwatched) if watch is None else watch.over(planning=planning)


def _unwatched(report: Report) -> Report:
    return report
