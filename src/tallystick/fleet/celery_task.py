"""Provide a fleet on Celery: two tasks, for hosts who have a broker and workers already.

*sync* runs one job, and *dispatch* brings what is due from the roster to the broker, by Celery's own beat. The task is
acknowledged late, so that a job goes to another worker when its own has died; whatever the broker delivers twice, the
lease of the sync sees to. What an attempt came to goes into the roster, which says when the next is.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from tallystick.errors import SettingsError, StateError
from tallystick.fleet.roster import Roster
from tallystick.fleet.running import perform
from tallystick.ports import Clock
from tallystick.ports.clock import instant_of
from tallystick.sync import SystemClock


class CeleryTask(Protocol):
    """What is used of a task. Celery itself has no types, and is the host's to import."""

    def __call__(self, *arguments: object) -> object:
        """Do it here and now."""
        ...

    def delay(self, *arguments: object) -> object:
        """Send a call to the broker."""
        ...


class CelerySettings(Protocol):
    """What is used of an app's settings."""

    beat_schedule: Mapping[str, object] | None


class CeleryApp(Protocol):
    """What is used of a ``celery.Celery``."""

    @property
    def conf(self) -> CelerySettings:
        """The app's settings."""
        ...

    def task(self, **options: object) -> Callable[[Callable[..., object]], CeleryTask]:
        """Return a decorator that makes a task of a function."""
        ...


class CeleryFleet:
    """The syncs of a roster, run by the workers of a Celery ``app``; its tasks are ``sync`` and ``dispatch``.

    ``name`` begins the tasks' names. ``every`` is how many seconds pass between looks at the roster, ``most`` how many
    jobs go to the broker at each. Jobs travel as JSON.
    """

    def __init__(
        self,
        app: CeleryApp,
        roster: Roster,
        *,
        name: str = "tallystick",
        every: float = 5.0,
        most: int = 200,
        clock: Clock | None = None,
    ) -> None:
        if every <= 0 or most < 1:
            raise SettingsError("looks at the roster without an end", remedy="give every and most above zero")
        now = (clock or SystemClock()).now

        def run(job: dict[str, object]) -> str:
            return perform(job, roster, clock or SystemClock())

        def bring() -> int:
            claimed = roster.claim(instant_of(now()), most)
            for job in claimed:
                self.sync.delay(job.to_dict())
            return len(claimed)

        again: dict[str, object] = {"autoretry_for": (StateError,), "max_retries": 10, "retry_backoff": True}
        late: dict[str, object] = {
            "acks_late": True,
            "reject_on_worker_lost": True,
            "ignore_result": True,
            "serializer": "json",
        }
        self.sync: CeleryTask = app.task(name=f"{name}.sync", **again, **late)(run)
        self.dispatch: CeleryTask = app.task(name=f"{name}.dispatch", ignore_result=True)(bring)
        app.conf.beat_schedule = {
            **(app.conf.beat_schedule or {}),
            f"{name}.dispatch": {"task": f"{name}.dispatch", "schedule": every, "options": {"expires": every}},
        }
