"""Provide factories that go wrong, each in its way, and one whose run ends as it is told."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import attrs

from tallystick import Sync
from tallystick.errors import TallystickError
from tallystick.fleet import RunnableSync, SyncJob, factory
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile import Hours, Report
from tallystick.state import MemoryState

MORNING = Hours(start=time(7), end=time(11))
FAULTS: dict[str, TallystickError] = {}
"""What a side answers with, by the name of the sync."""


_SYNCS: dict[str, RunnableSync] = {}


@factory
def misnamed(job: SyncJob) -> Iterator[RunnableSync]:
    """Build another sync than the job's."""
    yield _sync("another")


@factory
def broken(job: SyncJob) -> Iterator[RunnableSync]:
    """Raise what quotes somebody's data."""
    yield _SYNCS["grace@example.com"]


def _returned(job: SyncJob) -> RunnableSync:
    return _sync(job.sync)


returned = factory(_returned)  # type: ignore[arg-type]  # the mistake of who writes return for yield


@factory
def nobody(job: SyncJob) -> Iterator[RunnableSync]:
    """Yield nothing that runs."""
    yield None  # type: ignore[misc]  # what a forgotten return value is


class Awaited:
    """A sync whose run gives something else than a report."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self) -> Any:  # noqa: ANN401 -- no report, on purpose
        """Give a number."""
        return 5


@factory
def unreported(job: SyncJob) -> Iterator[RunnableSync]:
    """Build what runs without a report."""
    yield Awaited(job.sync)


@factory
def faulty(job: SyncJob) -> Iterator[RunnableSync]:
    """Build a sync whose side answers with a fault, if there is one for it."""
    yield _sync(job.sync, FAULTS.get(job.sync))


@factory
def scheduled(job: SyncJob) -> Iterator[RunnableSync]:
    """Build a sync whose profile has hours, and is switched off if the job says so."""
    clock = VirtualClock()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
    profile = attrs.evolve(maximizer.contacts(), hours=MORNING, enabled=bool(job.options["enabled"]))
    yield Sync(job.sync, left=outlook.contacts, right=crm.entries, profile=profile, state=MemoryState(), clock=clock)


class Refusing:
    """Stands for a sync that cannot begin."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self) -> Report:
        """Raise the fault."""
        raise FAULTS[self.name]


@factory
def refusing(job: SyncJob) -> Iterator[RunnableSync]:
    """Build what cannot begin."""
    yield Refusing(job.sync)


def _sync(name: str, fault: TallystickError | None = None) -> RunnableSync:
    clock = VirtualClock()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
    if fault is not None:
        outlook.contacts.faults.fail("changes", fault, None)
    profile = maximizer.contacts()
    return Sync(name, left=outlook.contacts, right=crm.entries, profile=profile, state=MemoryState(), clock=clock)
