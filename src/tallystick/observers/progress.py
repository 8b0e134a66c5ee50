"""Provide the observer that draws progress bars in a terminal. It needs rich, which the extra ``cli`` brings."""

from tallystick.errors import MissingExtra
from tallystick.ports import Status
from tallystick.sync.events import Event, PageRead, Planned, RecordsRead, RunEnded, RunStarted, StepEnded

try:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
    from rich.text import Text
except ModuleNotFoundError:
    raise MissingExtra("progress bars need rich", remedy="pip install 'tallystick[cli]'") from None

_NAME_WIDTH = 10
_BAR_WIDTH = 40


class ProgressObserver:
    """Draws a bar while a pass reads, and one while it writes. It serves one sync at a time.

    Without a terminal to draw on nothing is drawn; with ``transient`` the bars go when the pass is over.
    """

    def __init__(self, console: Console | None = None, *, transient: bool = False) -> None:
        self._console = Console(stderr=True) if console is None else console
        self._transient = transient
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, event: Event, /) -> None:
        """Take in an event."""
        if isinstance(event, RunStarted):
            # Bars that are disabled draw nothing, and yet some releases of rich end them with an empty line.
            if self._console.is_terminal:
                self._begin()
        elif self._progress is None or self._task is None:
            return
        elif isinstance(event, PageRead):
            self._progress.advance(self._task, event.items)
        elif isinstance(event, RecordsRead):
            self._progress.advance(self._task, event.asked)
        elif isinstance(event, StepEnded) and event.status is not Status.THROTTLED:
            self._progress.advance(self._task)
        elif isinstance(event, Planned):
            full(self._progress, self._task)
            self._task = self._progress.add_task("Write".ljust(_NAME_WIDTH), total=event.writes or None)
        elif isinstance(event, RunEnded):
            full(self._progress, self._task)
            self._progress.stop()
            self._progress = self._task = None

    def _begin(self) -> None:
        self._progress = bars(self._console, transient=self._transient, disable=False)
        self._task = self._progress.add_task("Read".ljust(_NAME_WIDTH), total=None)
        self._progress.start()


def bars(console: Console, *, transient: bool, disable: bool) -> Progress:
    """Return an empty set of bars: a name, a bar, how many passed, and for how long."""
    columns = (TextColumn("  {task.description}"), BarColumn(_BAR_WIDTH), _Count(), _Seconds())
    return Progress(*columns, console=console, transient=transient, disable=disable)


def full(progress: Progress, task: TaskID) -> None:
    """Show that a bar's work is over."""
    done = progress.tasks[task].completed
    progress.update(task, total=max(done, 1), completed=max(done, 1), passed=done, refresh=True)
    progress.stop_task(task)


class _Count(ProgressColumn):
    """How many records passed."""

    def render(self, task: Task) -> Text:
        passed = int(task.fields.get("passed", task.completed))
        return Text(f"{passed:>9,}" if passed else "", style="progress.download")


class _Seconds(ProgressColumn):
    """How long a phase has taken."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.elapsed or 0.0:>6.1f} s", style="progress.elapsed")
