"""Tell what observers cost a run: where nobody watches, and where somebody does who does nothing with it.

Kinds of runs take turns, round by round: without the hooks (the driver's own loop and the machine's telling are taken
out), as it is with no observer, and with one that only counts. Batches have the sizes that real services take, so that
there are many requests. Times are CPU seconds of a first run; ratios are medians of the rounds' own ratios. The first
kind is also held against itself, which shows how far such a ratio can be trusted: on a busy machine not far.

So the verdict goes by the instructions that the library's own code takes, which no other process shakes.

    python benchmarks/observers.py --size 2000 --rounds 15
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import operations
from world import PROFILE

import tallystick as ts
from tallystick.errors import TallystickError
from tallystick.observers import Event
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import Contact, Entry
from tallystick.sync import applying, parts, planning, running, turn
from tallystick.sync.attributing import Answers, note
from tallystick.sync.calls import WITHOUT_RECORDS, Together

MOST = 1.02
"""By how much a run may take more instructions where nobody watches."""
COUNTED = 250
"""How many contacts there are where instructions are counted."""

TOLD = (
    (turn, "tell"),
    (planning, "tell_recovered"),
    (planning, "tell_matches"),
    (planning, "tell_plan"),
    (running, "tell_plan"),
    (applying, "tell_steps"),
)


def bare_drive(machine: Any, ports: Any, _: object = None, answers: Answers | None = None) -> Any:  # noqa: ANN401 -- a driver without hooks
    """Carry a machine as the blocking driver does, without a thought of observers."""

    def answer(request: Any) -> Any:  # noqa: ANN401 -- the same
        if isinstance(request, Together):
            return tuple(tried(one) for one in request.requests)
        reply = getattr(ports[request.port], request.method)(*request.args)
        if answers is not None and request.port not in WITHOUT_RECORDS:
            note(answers, request, reply)
        return reply

    def tried(request: Any) -> Any:  # noqa: ANN401 -- the same
        try:
            return answer(request)
        except TallystickError as error:
            return error

    with suppress(StopIteration):
        request = next(machine)
        while True:
            try:
                reply = answer(request)
            except TallystickError as error:
                request = machine.throw(error)
                continue
            try:
                request = machine.send(reply)
            except StopIteration as stop:
                return stop.value
    return None


@contextmanager
def without_hooks() -> Iterator[None]:
    """Take all telling out of the engine meanwhile."""
    kept = [(module, name, getattr(module, name)) for module, name in (*TOLD, (parts, "drive"))]
    try:
        for module, name in TOLD:
            setattr(module, name, lambda *_: ())
        setattr(parts, "drive", bare_drive)  # noqa: B010 - it is no name that parts exports
        yield
    finally:
        for module, name, was in kept:
            setattr(module, name, was)


KINDS = ("a first run", "the run after it", "a quiet run")


class Counting:
    """An observer that counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, event: Event, /) -> None:
        """Count an event."""
        self.count += isinstance(event, Event)


def made(size: int, seed: int, *observers: Counting) -> ts.Sync[Contact, Entry]:
    """Return a sync that has never run."""
    books = address_books(size, seed)
    clock = VirtualClock()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
    outlook.contacts.load(books.contacts)
    crm.entries.load(books.entries, lists=("Clients",))
    state = ts.MemoryState(bytes(32))
    left, right = outlook.contacts, crm.entries
    return ts.Sync("benchmark", left=left, right=right, profile=PROFILE, state=state, clock=clock, observers=observers)


def one_run(size: int, seed: int, *observers: Counting) -> float:
    """Return the CPU seconds of a first run."""
    sync = made(size, seed, *observers)
    gc.collect()
    start = time.process_time()
    sync.run()
    return time.process_time() - start


def instructions(seed: int) -> dict[str, tuple[int, int]]:
    """Return, for each kind of run, how many instructions it takes without hooks and with them unwatched."""
    found = []
    made(COUNTED, seed).run()  # what is imported and compiled once counts for neither
    operations.OWN = (*operations.OWN, __file__)  # the bare driver counts like the one it stands for
    for hooks in (without_hooks(), nullcontext()):
        sync, counting = made(COUNTED, seed), operations.Counting()
        with hooks:
            found.append([counting.of(sync.run)["instructions"] for _ in KINDS])
    return dict(zip(KINDS, zip(*found, strict=True), strict=True))


def bare_run(size: int, seed: int) -> float:
    """Return the CPU seconds of a first run without any hook."""
    with without_hooks():
        return one_run(size, seed)


def main() -> int:
    """Measure, count and print; return 1 where observers cost more than they may although nobody watches."""
    parser = argparse.ArgumentParser(description="Time what observers cost.")
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counting = Counting()
    kinds: dict[str, Callable[[], float]] = {
        "without hooks, once more": lambda: bare_run(options.size, options.seed),
        "nobody watches": lambda: one_run(options.size, options.seed),
        "somebody counts": lambda: one_run(options.size, options.seed, counting),
    }
    ratios: dict[str, list[float]] = {name: [] for name in kinds}
    bare: list[float] = []
    for at in range(options.rounds):
        taken = {name: kinds[name]() for name in (list(kinds) if at % 2 else reversed(kinds))}
        bare.append(bare_run(options.size, options.seed))
        for name, seconds in taken.items():
            ratios[name].append(seconds / bare[-1])
    print(f"Python {sys.version.split()[0]}, {options.size} contacts, {options.rounds} rounds")
    print(f"without hooks: {statistics.median(bare):.3f} s, {counting.count // options.rounds} events otherwise")
    for name, found in ratios.items():
        low, middle, high = statistics.quantiles(found, n=4)
        print(f"{name}: {middle:.3f} times that (half of the rounds within {low:.3f} and {high:.3f})")
    worst = 0.0
    for name, (without, unwatched) in instructions(options.seed).items():
        worst = max(worst, unwatched / without)
        print(
            f"{name}: {without:,} instructions without hooks, {unwatched / without:.4f} times that with nobody watching"
        )
    return int(worst > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
