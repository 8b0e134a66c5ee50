"""Time a first run and a quiet run under the blocking and the async driver, with providers in memory.

What an event loop costs shows best where nothing waits: the ratios say by how much a run under the async driver is
dearer, once with providers that block and once with ones that are awaited. Batches have the sizes that real services
take, so that there are many requests. Times are CPU seconds; ratios are medians of the rounds' own ratios.

    python benchmarks/async_driver.py --size 5000 --rounds 5
"""

import argparse
import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import tallystick as ts
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock

MOST = 1.15
"""By how much a run may be dearer under the async driver."""


class Awaited:
    """A provider whose requests are awaited."""

    def __init__(self, provider: Any) -> None:  # noqa: ANN401 -- any collection
        self._provider = provider
        self.account, self.capabilities = provider.account, provider.capabilities

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method
        method = getattr(self._provider, name)

        async def call(*args: object) -> object:
            return method(*args)

        return call


def timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds that ``work`` takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def one_round(size: int, seed: int, *, awaited: bool, driven: bool) -> tuple[float, float]:
    """Return the CPU seconds of a first run and of the run right after it."""
    books = address_books(size, seed)
    clock = VirtualClock()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
    outlook.contacts.load(books.contacts)
    crm.entries.load(books.entries, lists=("Clients",))
    left: Any = Awaited(outlook.contacts) if awaited else outlook.contacts
    right: Any = Awaited(crm.entries) if awaited else crm.entries
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients", capacity=None)
    sync = ts.Sync("benchmark", left=left, right=right, profile=profile, state=ts.MemoryState(bytes(32)), clock=clock)
    run: Callable[[], object] = (lambda: asyncio.run(sync.run_async())) if driven else sync.run
    return timed(run), timed(run)


def main() -> int:
    """Measure and print; return 1 where the async driver costs more than it may."""
    parser = argparse.ArgumentParser(description="Time the async driver against the blocking one.")
    parser.add_argument("--size", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    ratios: dict[str, list[float]] = {"blocking providers": [], "awaited providers": []}
    blocking: list[float] = []
    for at in range(options.rounds):
        base = sum(one_round(options.size, options.seed + at, awaited=False, driven=False))
        blocking.append(base)
        for name, awaited in (("blocking providers", False), ("awaited providers", True)):
            taken = sum(one_round(options.size, options.seed + at, awaited=awaited, driven=True))
            ratios[name].append(taken / base)
    print(f"Python {sys.version.split()[0]}, {options.size} contacts, {options.rounds} rounds")
    print(f"blocking driver: {statistics.median(blocking):.3f} s")
    worst = 0.0
    for name, found in ratios.items():
        worst = max(worst, statistics.median(found))
        print(f"async driver, {name}: {statistics.median(found):.3f} times that")
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
