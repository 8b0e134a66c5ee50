"""Live very many histories, and count what happened in them: ``python -m tests.simulation.soak --help``.

Histories are numbered by their seeds, so that a range can be split over machines and taken up again where it was
stopped. Ctrl-C or SIGTERM stop it: the last line says from where to go on, and the figures so far are printed. One in a
hundred is lived twice, and both times the same requests must be made.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import get_context

import attrs

from tests.simulation.history import History, kept, of_seed
from tests.simulation.hunting import survivors
from tests.simulation.mutants import MUTANTS
from tests.simulation.program import Carried

_AT_ONCE = 500
_TWICE = 100


@attrs.define
class Tally:
    """What happened in so many histories."""

    histories: int = 0
    repeated: int = 0
    happened: Counter[str] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)
    failures: list[str] = attrs.field(factory=list)

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.histories += other.histories
        self.repeated += other.repeated
        self.happened.update(other.happened)
        self.faults.update(other.faults)
        self.failures += other.failures

    def text(self) -> str:
        """Return the figures in a few lines."""
        return "\n".join(
            [
                f"{self.histories:,} histories, {self.repeated:,} of them lived twice with the same requests",
                f"{self.happened['crashed']:,} crashes, {self.happened['interrupted']:,} interrupts",
                "faults that struck: " + _said(self.faults),
                "operations: " + _said(self.happened),
                f"histories with a lost, doubled or resurrected record, or without rest: {len(self.failures)}",
                *self.failures[:20],
            ]
        )


def trace(carried: Carried) -> tuple[object, ...]:
    """Return what a history came to, request by request."""
    world = carried.world
    return (world.picture(), [collection.requests for collection in world.sides], world.clock.now())


def live(histories: Iterable[History]) -> Tally:
    """Live histories one after the other."""
    tally = Tally()
    for history in histories:
        tally.histories += 1
        try:
            carried = history.lived()
            if history.seed % _TWICE == 0:
                tally.repeated += 1
                assert trace(carried) == trace(history.lived()), "the same seed made other requests"
        except Exception as error:  # noqa: BLE001 - every failure counts
            sys.stderr.write(f"seed {history.seed} failed: {type(error).__name__}\n")
            tally.failures.append(f"seed {history.seed}: {type(error).__name__}: {str(error)[:200]}\n{history.text()}")
            continue
        tally.happened.update(carried.counts)
        for collection in carried.world.sides:
            tally.faults.update(collection.faults.fired)
    return tally


def live_seeds(seeds: range) -> Tally:
    """Live the histories of some seeds."""
    return live(map(of_seed, seeds))


def _parts(first: int, count: int) -> Iterator[range]:
    for at in range(first, first + count, _AT_ONCE):
        yield range(at, min(at + _AT_ONCE, first + count))


def main() -> int:
    """Live the corpus and a range of seeds, and hunt the broken engines; the exit code tells whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=200_000, help="how many histories")
    parser.add_argument("--jobs", type=int, default=None, help="how many processes; one a core unless told")
    given = parser.parse_args()
    tally, began, shown = live(kept()), time.monotonic(), 0.0
    done = given.first
    stopped = False
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with get_context("spawn").Pool(given.jobs) as pool:
            for part in pool.imap(live_seeds, _parts(given.first, given.count)):
                tally.add(part)
                done += part.histories
                if (elapsed := time.monotonic() - began) > shown + 60:
                    shown = elapsed
                    sys.stderr.write(
                        f"{elapsed:6.0f} s  {tally.histories:,} histories, {len(tally.failures)} failed;"
                        f" go on with --first {done}\n"
                    )
    except KeyboardInterrupt:
        stopped = True
        sys.stderr.write(f"stopped; go on with --first {done}\n")
    sys.stdout.write(tally.text() + "\n")
    if stopped:
        return 1
    survived = survivors(MUTANTS)
    sys.stdout.write(f"broken engines found out: {len(MUTANTS) - len(survived)} of {len(MUTANTS)}\n")
    sys.stdout.writelines(f"not found out: {name}\n" for name in survived)
    return 1 if tally.failures or survived else 0


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
