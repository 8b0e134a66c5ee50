"""Provide the watching of a pass: its events are stamped, and told to each observer in turn.

What the machine knows it tells by requests (:mod:`.telling`). What calls tell, which are pages, look-ups, batches,
failures and waits, the drivers pass on with the time that they took.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import cast

import attrs

from tallystick.errors import TallystickError
from tallystick.ports import AsyncClock, Clock, Item, Outcome, Page, Side, Status
from tallystick.ports.clock import instant_of
from tallystick.reconcile.report import Report
from tallystick.sync.calls import WITHOUT_RECORDS, Port, Request
from tallystick.sync.events import (
    BatchSent,
    CallFailed,
    Doing,
    Event,
    Observer,
    PageRead,
    RecordsRead,
    Retrying,
    RunEnded,
    RunStarted,
)
from tallystick.sync.telling import Made

LOGGER = logging.getLogger("tallystick")
"""The library's logger. It says nothing unless a host gives it a handler."""
LOGGER.addHandler(logging.NullHandler())

_SIDES: Mapping[Port | str, Side] = {Port.LEFT: Side.LEFT, Port.RIGHT: Side.RIGHT}


@attrs.define
class Watch:
    """One pass that is watched. Live: it knows when the pass began, and which observers are still told."""

    sync: str
    clock: Clock | AsyncClock
    observers: list[Observer]
    doing: Doing
    _run: int = 0
    _began: datetime | None = None

    def tell(self, *made: Made) -> None:
        """Stamp events, and tell them to each observer; one that raises is told no more."""
        at = instant_of(self.clock.now())
        for make in made:
            event = make(self.sync, at)
            if isinstance(event, RunStarted):
                self._run, self._began = event.run, at
            for observer in tuple(self.observers):
                try:
                    observer(event)
                except Exception:  # whatever it is, it is not the run's affair
                    self.observers.remove(observer)
                    LOGGER.exception("an observer failed at %s and is told no more of this pass", type(event).__name__)

    @contextmanager
    def over(self, *, planning: bool = False) -> Iterator[Callable[[Report], Report]]:
        """Tell the end of a pass, however it ends, and with ``planning`` its beginning; yield what takes its report.

        Of a pass that has a row the beginning is told when the row is there.
        """
        reports: list[Report] = []

        def ended(report: Report) -> Report:
            reports.append(report)
            return report

        error = ""
        if planning:
            self.tell(partial(RunStarted, doing=self.doing))
        try:
            yield ended
        except BaseException as raised:
            error = _code(raised)
            raise
        finally:
            if self._began is not None:
                seconds = self._since(self._began)
                report = reports[0] if reports else None
                self.tell(
                    partial(RunEnded, doing=self.doing, run=self._run, seconds=seconds, report=report, error=error)
                )

    @contextmanager
    def call(self, request: Request) -> Iterator[Callable[[object], object]]:
        """Tell of a call that is made meanwhile; yield what takes its answer."""
        answers: list[object] = []

        def answered(reply: object) -> object:
            answers.append(reply)
            return reply

        if request.port is Port.CLOCK and request.method == "sleep":
            self.tell(partial(Retrying, seconds=cast("float", request.args[0])))
        began = self.clock.now()
        try:
            yield answered
        except BaseException as error:
            made = partial(CallFailed, where=_name(request), method=request.method, error=_code(error))
            self.tell(partial(made, seconds=self._since(began)))
            raise
        told = _told(request, answers[0]) if request.port not in WITHOUT_RECORDS else None
        if told is not None:
            self.tell(partial(told, seconds=self._since(began)))

    def _since(self, began: datetime) -> float:
        return max((self.clock.now() - began).total_seconds(), 0.0)


def _told(request: Request, reply: object) -> Callable[..., Event] | None:
    """Return the event of a call, which lacks its stamp and how long it took.

    An answer that is not what was promised is left for the run to find: it is not touched here.
    """
    method, where = request.method, _name(request)
    side = _SIDES.get(request.port)
    if isinstance(reply, Page) and side is not None:
        items, unlisted = len(reply.items), len(reply.unlisted)
        return partial(PageRead, side=side, items=items, unlisted=unlisted, complete=reply.complete)
    if not isinstance(reply, Sequence):
        return None
    if method in ("get", "search"):
        found = sum(isinstance(one, Item) for one in reply)
        return partial(RecordsRead, where=where, method=method, asked=_asked(request), found=found)
    if method in ("create", "update", "remove") and side is not None:
        done = sum(isinstance(one, Outcome) and one.status is Status.DONE for one in reply)
        return partial(BatchSent, side=side, method=method, writes=_asked(request), done=done)
    return None


def _name(request: Request) -> str:
    return request.port.value if isinstance(request.port, Port) else request.port


def _asked(request: Request) -> int:
    return len(cast("Sequence[object]", request.args[0]))


def _code(error: BaseException) -> str:
    return error.code if isinstance(error, TallystickError) else type(error).__name__
