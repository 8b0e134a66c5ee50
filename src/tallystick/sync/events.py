"""Provide the events of a run: what those who watch a sync are told while it works.

Ids, names and figures, no contents: an event may go to any log. Every event says of which sync it is and when it was,
by the sync's own clock; what has taken time says for how long, in seconds. A pass tells, in this order:

=====================  ==========================================================================================
:class:`RunStarted`    once, when its row is open; a plan has no row, and begins with this at once
:class:`Recovered`     where earlier writes had been left open: what was found out about them
:class:`PageRead`      each page of each side's feed
:class:`RecordsRead`   each look-up by ids or terms, on a side or in a directory
:class:`Matched`       when unlinked records were held against each other
:class:`GuardReached`  each guard whose figure is more than it allows
:class:`Planned`       the plan, in figures
:class:`BatchSent`     each batch of writes that was answered, and
:class:`StepEnded`     what became of each of its writes
:class:`CallFailed`    a call that raised, at any time, and
:class:`Retrying`      before a service that asked for it is left alone for a while
:class:`RunEnded`      once, however it ended
=====================  ==========================================================================================

Later releases may tell of more: an observer passes over what it does not know.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import attrs

from tallystick.ports import Side, Status, WriteKind
from tallystick.reconcile.report import Report


class Doing(StrEnum):
    """What a pass is for."""

    PLAN = "plan"
    RUN = "run"
    APPLY = "apply"
    RESOLVE = "resolve"
    CORRECT = "correct"
    PAIR = "pair"
    UNDO = "undo"


@attrs.frozen
class Event:
    """What happened in the sync named ``sync``, and when it was over."""

    sync: str
    at: datetime


@attrs.frozen
class RunStarted(Event):
    """A pass has begun. ``run`` is its number in the history, 0 where it has no row: it only plans."""

    doing: Doing
    run: int = 0


@attrs.frozen
class RunEnded(Event):
    """A pass is over: with a ``report``, a plan (neither), or an ``error``, which is raised: its code or class."""

    doing: Doing
    run: int
    seconds: float
    report: Report | None = None
    error: str = ""


@attrs.frozen
class Recovered(Event):
    """What became of writes without an answer: batches ``settled``, pairs ``found``, records still ``in_doubt``."""

    settled: int
    found: int
    in_doubt: int


@attrs.frozen
class PageRead(Event):
    """A page of a side's feed: how many records it holds and how many ids it no longer lists."""

    side: Side
    items: int
    unlisted: int
    complete: bool
    seconds: float


@attrs.frozen
class RecordsRead(Event):
    """A look-up: ``where`` is a side's label or a directory's name, ``method`` "get" or "search"."""

    where: str
    method: str
    asked: int
    found: int
    seconds: float


@attrs.frozen
class Matched(Event):
    """How many unlinked records found each other, were left ``alone`` by side, and were set aside with a reason."""

    pairs: int
    alone: tuple[int, int]
    set_aside: int


@attrs.frozen
class GuardReached(Event):
    """A guard's figure is more than it allows: the run stops, or what is too many is ``held`` back."""

    guard: str
    planned: int
    allowed: int
    held: bool


@attrs.frozen
class Planned(Event):
    """What a plan would write, by side and kind; ``pairs`` there were before."""

    steps: Mapping[tuple[Side, WriteKind], int]
    pairs: int
    initial: bool

    @property
    def writes(self) -> int:
        """How many writes there are in all."""
        return sum(self.steps.values())


@attrs.frozen
class BatchSent(Event):
    """A batch of writes was answered. ``method`` is "create", "update" or "remove"; ``done`` of them were done."""

    side: Side
    method: str
    writes: int
    done: int
    seconds: float


@attrs.frozen
class StepEnded(Event):
    """What became of one write: its plan's step by id, the record written to, its counterpart, and why it was made."""

    step: str
    side: Side
    kind: WriteKind
    id: str
    source: str
    reason: str
    status: Status


@attrs.frozen
class CallFailed(Event):
    """A call raised. ``error`` is the error's code, or the class of one that is not the library's."""

    where: str
    method: str
    error: str
    seconds: float


@attrs.frozen
class Retrying(Event):
    """A service asked to wait: it is called again in so many ``seconds``."""

    seconds: float


class Observer(Protocol):
    """Whoever watches: any function that takes an event. It is called while the run goes on, so it must be quick.

    One that raises is told nothing more of that pass, and the error goes to the log ``tallystick``; the run goes on.
    """

    def __call__(self, event: Event, /) -> None:
        """Take in what has happened."""
        ...
