"""Time a first contact sync against the floor F4, the same job by hand, in one process and in turn.

F4 (the folder ``hand_written``) is what one program would be that only ever syncs the contacts of this
benchmark for the first time, written for speed: tuples, straight lines, every value by its place. It gives what the
library gives: both sides are listed, screened and searched; pairs are compared rule by rule and merged; what is
remembered is a keyed digest for every rule; all that is to be written is known before the first write; each batch is in
the journal, on the disk, before it is sent; links, parked rows and cursors are in SQLite.

That it does give the same is checked in every round, record by record (:mod:`by_hand_check`); a difference ends the
benchmark with exit code 1.

It leaves out every other profile, policy and provider; all runs but the first; records beyond the scope; guards,
recovery, leases, reports and notes; the checking of an earlier plan before it is applied; and whatever a service may do
but what it was asked to. It is a floor, and no program to be used.

    python benchmarks/by_hand.py --size 20000 --rounds 3

What remembers texts is emptied before each measurement, for both: a program that starts knows none.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import hand_written
from by_hand_check import check_applied, check_plans
from floors import floor_join, timed
from world import World, flat_books

import tallystick as ts
from tallystick.providers.addressbook import AddressBooks, address_books
from tallystick.sync.collector import collector_paused
from tallystick.text import canonical_address, digits, fold

Seconds = dict[str, float]


def one_round(size: int, seed: int, *, paused: bool = False) -> Seconds:
    """Return the CPU seconds of one round: F2, and planning and applying by hand and by the library.

    Exits with code 1 where the two do not come to the same.
    """
    books = address_books(size, seed)
    left, right = flat_books(books)
    seconds = {"F2": timed(lambda: floor_join(left, right))}
    with tempfile.TemporaryDirectory() as folder:
        seconds |= _by_hand(books, Path(folder), paused=paused)
    # Neither is timed while what the other has made is still there for the collector to look through.
    with tempfile.TemporaryDirectory() as folder:
        seconds |= _by_library(books, Path(folder), paused=paused)
    with tempfile.TemporaryDirectory() as folder:
        check(books, Path(folder))
    return seconds


def _by_hand(books: AddressBooks, folder: Path, *, paused: bool) -> Seconds:
    world = World.of(books)
    plans: list[hand_written.Plan] = []
    with collector_paused(paused=paused):
        planned = cold(lambda: plans.append(hand_written.plan(world)))
        applied = timed(lambda: hand_written.apply(world, plans[0], folder / "hand.db"))
    return {"hand plan": planned, "hand whole": planned + applied}


def _by_library(books: AddressBooks, folder: Path, *, paused: bool) -> Seconds:
    world = World.of(books)
    plans: list[ts.Plan] = []
    with world.state(folder) as state:
        sync = world.sync(state, paused=paused)
        planned = cold(lambda: plans.append(sync.plan()))
        applied = timed(lambda: sync.apply(plans[0]))
    return {"library plan": planned, "library whole": planned + applied}


def check(books: AddressBooks, folder: Path) -> None:
    """Do both once more, each in a world of its own, and exit with code 1 where they differ."""
    worlds = (World.of(books), World.of(books))
    by_hand = hand_written.plan(worlds[0])
    with worlds[1].state(folder) as state:
        sync = worlds[1].sync(state)
        plan = sync.plan()
        check_plans(by_hand, plan)
        hand_written.apply(worlds[0], by_hand, folder / "hand.db")
        sync.apply(plan)
        check_applied(worlds, (folder / "hand.db", folder / "links.db"))


def cold(work: Callable[[], object]) -> float:
    """Return the CPU seconds of ``work``, which begins without any text that was folded before."""
    for remembers in (fold, canonical_address, digits):
        remembers.cache_clear()
    return timed(work)


def figures(size: int, rounds: int, *, paused: bool = False) -> dict[str, float]:
    """Return the medians of the rounds' own ratios, by what is told of them."""
    found = [one_round(size, 1 + at, paused=paused) for at in range(rounds)]

    def ratio(name: str, floor: str) -> float:
        return statistics.median(one[name] / one[floor] for one in found)

    return {
        "F2 in seconds": statistics.median(one["F2"] for one in found),
        "planning by hand, in F2": ratio("hand plan", "F2"),
        "planning, in F2": ratio("library plan", "F2"),
        "planning, to the same by hand": ratio("library plan", "hand plan"),
        "initial run by hand, whole, in F2": ratio("hand whole", "F2"),
        "initial run, whole, in F2": ratio("library whole", "F2"),
        "initial run, whole, to the same by hand": ratio("library whole", "hand whole"),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time a first contact sync against the same job by hand.")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pause-collector", action="store_true", help="pause the garbage collector during both")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {options.size} contacts a side, seed 1, {options.rounds} rounds, medians")
    for name, figure in figures(options.size, options.rounds, paused=options.pause_collector).items():
        print(f"{name:42}{figure:8.3f}")
    print("the same links, steps, parked records, and records afterwards, in every round")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
