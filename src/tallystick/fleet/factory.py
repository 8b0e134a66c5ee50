"""Provide the factory: a host's function that builds a job's sync in the worker, and the finding of it by name.

Jobs come out of queues. Only a function that was marked with :func:`factory` is ever called for one, so that whoever
can write into the queue can choose among the host's factories and nothing else.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Protocol

import attrs

from tallystick.errors import SettingsError, UsageError
from tallystick.fleet.job import SyncJob
from tallystick.reconcile import Report


class RunnableSync(Protocol):
    """What a factory yields: a :class:`tallystick.Sync`, or what runs like one."""

    name: str

    def run(self) -> Report:
        """Plan and apply in one go."""
        ...


@attrs.frozen
class Factory:
    """A function that builds syncs for jobs. Calling it gives a context in which the sync can be run."""

    build: Callable[[SyncJob], Iterator[RunnableSync]]

    def __call__(self, job: SyncJob) -> AbstractContextManager[RunnableSync]:
        """Build the sync of a job; what it needs is closed when the context ends."""
        return contextmanager(self._begun)(job)

    def _begun(self, job: SyncJob) -> Iterator[RunnableSync]:
        made: object = self.build(job)
        if not isinstance(made, Generator):
            raise UsageError(
                f"the factory gave a {type(made).__name__}, and has to yield its sync",
                where=job.sync,
                remedy="write it as a generator function: what it opens is closed after its yield",
            )
        return made


def factory(build: Callable[[SyncJob], Iterator[RunnableSync]]) -> Factory:
    """Mark a generator function as a factory: it yields the sync of a job, once, and closes what it opened.

    ::

        @factory
        def mailbox(job: SyncJob) -> Iterator[RunnableSync]:
            with connected(job.options["mailbox"]) as (outlook, crm):
                yield Sync(job.sync, left=outlook, right=crm, profile=PROFILE, state=STATE)
    """
    return Factory(build)


def find(job: SyncJob) -> Factory:
    """Return the factory that a job names. Raises SettingsError where there is none of that name."""
    module, _, name = job.factory.partition(":")
    try:
        found = getattr(import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        found = None
    if not isinstance(found, Factory):
        raise SettingsError(
            f"there is no factory {job.factory}",
            where=job.sync,
            remedy="name a function that can be imported where the worker runs, and mark it with @factory",
        )
    return found


@contextmanager
def opened(job: SyncJob) -> Iterator[RunnableSync]:
    """Build the sync of a job by its factory, for as long as the context lasts."""
    with find(job)(job) as sync:
        if not hasattr(sync, "name") or not callable(getattr(sync, "run", None)):
            raise UsageError(
                f"the factory yielded a {type(sync).__name__}, which has no name or can't be run",
                where=job.sync,
                remedy="yield a Sync",
            )
        if sync.name != job.sync:
            raise UsageError(
                "the factory built another sync than the job's",
                where=job.sync,
                remedy="build it under the job's own name: leases go by it",
            )
        yield sync
