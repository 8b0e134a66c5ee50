"""Provide the provider's contract: every promise of :class:`tallystick.ports.Provider`, tried on a fresh service each.

What a provider declares decides what must hold. Time and network are the author's: a check asks a few dozen requests,
and ``make`` may lead to a service of one's own, a sandbox, or a fake.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar, cast

import attrs

from tallystick.ports import AsyncProvider, Capabilities, Provider
from tallystick.testing.awaiting import Loop
from tallystick.testing.check import Check, chosen, found, require, require_names
from tallystick.testing.creating_checks import CREATING
from tallystick.testing.feed_checks import FEED
from tallystick.testing.parts import parts_of
from tallystick.testing.reading_checks import READING
from tallystick.testing.results import Results
from tallystick.testing.samples import BackDoor, Samples
from tallystick.testing.trial import Trial
from tallystick.testing.trouble_checks import TROUBLE
from tallystick.testing.writing_checks import WRITING

R = TypeVar("R")
PROVIDER_CHECKS: tuple[Check[Trial[Any], Capabilities], ...] = (*READING, *FEED, *CREATING, *WRITING, *TROUBLE)


@attrs.frozen
class ProviderContract(Generic[R]):
    """The contract of a blocking provider.

    ``make`` returns a provider on a fresh, empty service, and the back door of that service.
    """

    make: Callable[[], tuple[Provider[R], BackDoor[R]]]
    samples: Samples[R]

    @property
    def promises(self) -> Sequence[str]:
        """The names of the checks."""
        return [check.name for check in PROVIDER_CHECKS]

    def check(self, only: Iterable[str] = ()) -> Results:
        """Try every promise, or those that are named, and return what was found."""
        names = require_names(only, self.promises)

        def begin() -> Trial[Any]:
            return Trial(*parts_of(self.make(), awaited=False), self.samples)

        provider = begin().provider
        return Results(type(provider).__name__, found(chosen(PROVIDER_CHECKS, names), begin, provider.capabilities))


@attrs.frozen
class AsyncProviderContract(Generic[R]):
    """The contract of a provider that is awaited; called where no event loop runs, since it runs one of its own.

    ``make`` may be awaited itself, and so may the methods of the back door. Besides what a blocking provider promises,
    readings must bear being under way at once, and being cancelled.
    """

    make: Callable[[], Any]
    samples: Samples[R]

    @property
    def promises(self) -> Sequence[str]:
        """The names of the checks."""
        return [*(check.name for check in PROVIDER_CHECKS), *(check.name for check in ASYNC_CHECKS)]

    def check(self, only: Iterable[str] = ()) -> Results:
        """Try every promise, or those that are named, and return what was found."""
        names = require_names(only, self.promises)
        with Loop() as loop:

            def made() -> tuple[AsyncProvider[R], BackDoor[R]]:
                return parts_of(loop.result(self.make()), awaited=True)

            def begin() -> Trial[Any]:
                provider, door = made()
                return Trial(loop.blocking(provider), loop.blocking(door), self.samples)

            def begin_async() -> AsyncTrial:
                provider, door = made()
                trial: Trial[Any] = Trial(loop.blocking(provider), loop.blocking(door), self.samples)
                return AsyncTrial(loop, provider, trial)

            provider, _ = made()
            declared = provider.capabilities
            findings = found(chosen(PROVIDER_CHECKS, names), begin, declared)
            findings += found(chosen(ASYNC_CHECKS, names), begin_async, declared)
            return Results(type(provider).__name__, findings)


@attrs.frozen
class AsyncTrial:
    """A trial of a provider that is awaited: itself, and as blocking checks see it."""

    loop: Loop
    provider: AsyncProvider[Any]
    trial: Trial[Any]


def _at_once(trial: AsyncTrial) -> None:
    ids = trial.trial.inserts(4)
    scope = trial.trial.scope
    works: list[Awaitable[object]] = [trial.provider.get([one], scope) for one in ids]
    replies = trial.loop.at_once([*works, trial.provider.changes(None, scope)])
    said = [cast("Any", reply)[0].id for reply in replies[:-1]]
    require(said == ids, "readings that are under way at once get each other's answers")


def _cancelled(trial: AsyncTrial) -> None:
    one = trial.trial.inserted()
    scope = trial.trial.scope
    for _ in range(3):
        trial.loop.cancelled(trial.provider.changes(None, scope))
        trial.loop.cancelled(trial.provider.get([one], scope))
    require(trial.trial.item(one).id == one, "after a reading was cancelled, nothing can be read")


ASYNC_CHECKS: tuple[Check[AsyncTrial, Capabilities], ...] = (
    Check("readings at once", "a few readings may be under way at the same time", _at_once),
    Check("a reading can be cancelled", "and the provider goes on", _cancelled),
)
