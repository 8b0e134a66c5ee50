"""The contract of awaited providers holds for one that works, and names the faults that only awaiting can have."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tallystick.errors import UsageError
from tallystick.testing import AsyncProviderContract
from tests.testing import broken
from tests.testing.broken import SAMPLES, Whole


class Awaited:
    """A provider whose every request waits for the loop once."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.account, self.capabilities = whole.account, whole.capabilities

    async def request(self, method: str, *args: object) -> Any:  # noqa: ANN401 -- whatever is answered
        """Make one request."""
        await asyncio.sleep(0)
        return getattr(self.whole, method)(*args)

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 -- a method
        async def call(*args: object) -> Any:  # noqa: ANN401 -- whatever is answered
            return await self.request(method, *args)

        return call


class CrossedAnswers(Awaited):
    """All requests share one place for the answer."""

    answer: object = None

    async def request(self, method: str, *args: object) -> Any:  # noqa: ANN401 -- whatever is answered
        """Make one request."""
        self.answer = getattr(self.whole, method)(*args)
        await asyncio.sleep(0)
        return self.answer


class LostConnection(Awaited):
    """A request that was cancelled leaves the connection unusable."""

    busy: bool = False

    async def request(self, method: str, *args: object) -> Any:  # noqa: ANN401 -- whatever is answered
        """Make one request."""
        if self.busy:
            raise ConnectionError
        self.busy = True
        await asyncio.sleep(0)
        self.busy = False
        return getattr(self.whole, method)(*args)


def contract(wrapped: Callable[[Whole], Awaited], made: type[Whole] = Whole) -> AsyncProviderContract[Any]:
    """Return the contract of an awaited provider, made under the loop as a client's session has to be."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        whole = made()
        return wrapped(whole), whole.door()

    return AsyncProviderContract(make, SAMPLES)


@pytest.mark.behaviour("TS-10", "TS-09")
def test_an_awaited_provider_that_works_holds() -> None:
    """An awaited provider holds every promise of a blocking one, bears readings at once, and being cancelled."""
    results = contract(Awaited).check()

    assert not results.broken, results.table()
    assert len(results.findings) >= 57


@pytest.mark.behaviour("TS-10", "TS-09")
@pytest.mark.parametrize(
    ("wrapped", "check"),
    [(CrossedAnswers, "readings at once"), (LostConnection, "a reading can be cancelled")],
    ids=["CrossedAnswers", "LostConnection"],
)
def test_what_only_awaiting_can_break_is_caught(wrapped: type[Awaited], check: str) -> None:
    """Answers that get mixed up, and connections that a cancellation breaks, are named."""
    assert [one.check for one in contract(wrapped).check([check]).broken] == [check]


@pytest.mark.behaviour("TS-10", "TS-09")
def test_faults_of_blocking_providers_are_caught_in_awaited_ones() -> None:
    """What is broken in a blocking provider is broken in an awaited one."""
    assert [one.check for one in contract(Awaited, broken.SilentDeletions).check().broken] == ["a deletion is told"]


def test_a_contract_within_a_running_loop_is_refused_with_a_way_out() -> None:
    """Called where a loop runs, the contract says how to call it."""

    async def within() -> None:
        contract(Awaited).check(["account"])

    with pytest.raises(UsageError, match="to_thread"):
        asyncio.run(within())
