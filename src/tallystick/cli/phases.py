"""Provide the phases of a command as progress bars, which move with the events of a sync."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Self

from rich.console import Console
from rich.progress import Progress, TaskID

from tallystick.observers import Event, PageRead, RecordsRead, StepEnded
from tallystick.observers.progress import bars, full
from tallystick.ports import Status

_NAME_WIDTH = 10


class Passed(Enum):
    """What a bar counts."""

    READ = "read"
    WRITTEN = "written"


class Phases:
    """An observer that draws progress bars, one below the other, in a ``with`` statement.

    Those that are over stay, unless ``transient``. Where nobody watches, ``transient`` bars are not drawn at all, and
    others once, when all are over.
    """

    def __init__(self, console: Console, *, transient: bool) -> None:
        self._console = console
        self._transient = transient
        self._drawn = console.is_terminal or not transient
        self._task: TaskID | None = None
        self._counting = Passed.READ
        self._progress = self._bars()

    def __enter__(self) -> Self:
        self._progress = self._bars()
        if self._drawn:
            self._progress.start()
        return self

    def __exit__(self, *raised: object) -> None:
        if self._drawn:
            self._progress.stop()

    def _bars(self) -> Progress:
        return bars(self._console, transient=self._transient, disable=not self._drawn)

    @contextmanager
    def phase(self, name: str, total: int | None = None, counting: Passed = Passed.READ) -> Iterator[None]:
        """Draw a bar while the body runs; without a ``total`` it only shows that something is done."""
        self._counting = counting
        self._task = self._progress.add_task(name.ljust(_NAME_WIDTH), total=total)
        try:
            yield
            full(self._progress, self._task)
        finally:
            self._progress.stop_task(self._task)
            self._task = None

    def __call__(self, event: Event, /) -> None:
        """Count what an event tells of: records that were read, writes that will not be sent again."""
        if isinstance(event, PageRead):
            self.count(Passed.READ, event.items)
        elif isinstance(event, RecordsRead):
            self.count(Passed.READ, event.asked)
        elif isinstance(event, StepEnded) and event.status is not Status.THROTTLED:
            self.count(Passed.WRITTEN, 1)

    @property
    def done(self) -> float | None:
        """How much of the present phase is done, from 0 to 1; None where nobody knows."""
        if self._task is None:
            return None
        task = self._progress.tasks[self._task]
        return task.completed / task.total if task.total else None

    def count(self, passed: Passed, many: int) -> None:
        """Move the bar of the present phase, if it counts what passed."""
        if self._task is not None and passed is self._counting:
            self.advance(many)

    def advance(self, many: int) -> None:
        """Move the bar of the present phase. One that is full, with work still going on, only shows that there is."""
        if self._task is None:
            return
        task = self._progress.tasks[self._task]
        if self._counting is Passed.READ and task.total is not None and task.completed + many >= task.total:
            task.total = None
        self._progress.advance(self._task, many)
