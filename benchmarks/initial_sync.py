"""Time a whole contact sync against hand-written floors, in one process.

For each size: two made-up address books in memory, sqlite on disk, and

* ``plan`` and ``apply`` of an initial run: observe, screen, match, decide, plan; write, journal and links on disk;
* ``echo``: the run right after, in which the feeds bring the run's own writes back;
* ``quiet``: a run in which nothing changed;
* ``ten``: a run after ten edits.

Two floors (:mod:`floors`) are measured between the rounds, so that a busy machine slows both alike: F2, a join and a
comparison, and F3, the whole job by hand. Ratios are medians of the rounds' own ratios. Times are CPU seconds of this
process.

    python benchmarks/initial_sync.py --sizes 1000 5000 20000 --rounds 5

``--json FILE`` keeps the medians, of which ``docs/pictures.py`` draws how time grows with the size.
"""

import argparse
import json
import math
import os
import platform
import resource
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from floors import floor_job, floor_join, timed
from world import World, flat_books

import tallystick as ts
from tallystick.providers.addressbook import address_books


def one_round(size: int, seed: int, folder: Path, *, paused: bool) -> dict[str, float]:
    """Return the CPU seconds of one round's floors and runs."""
    books = address_books(size, seed)
    left, right = flat_books(books)
    seconds = {"F2": timed(lambda: floor_join(left, right))}
    seconds["F3"] = timed(lambda: floor_job(left, right, folder / "floor.db"))
    world = World.of(books)
    with world.state(folder) as state:
        sync = world.sync(state, paused=paused)
        plans: list[ts.Plan] = []
        seconds["plan"] = timed(lambda: plans.append(sync.plan()))
        seconds["apply"] = timed(lambda: sync.apply(plans[0]))
        plans.clear()
        seconds["echo"] = timed(sync.run)
        seconds["quiet"] = timed(sync.run)
        world.edit(10, "Head of Everything")
        seconds["ten"] = timed(sync.run)
        links = state.head("benchmark").links
    seconds["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds["bytes"] = sum(path.stat().st_size for path in folder.glob("links.db*")) / max(links, 1)
    return seconds


def medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure, and of the whole initial run."""
    found = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    return found | {"initial": statistics.median(one["plan"] + one["apply"] for one in rounds)}


def growth(found: Mapping[int, Mapping[str, float]]) -> dict[str, float]:
    """Return the exponents with which times grow from the smallest size to the largest; none of one size alone."""
    small, large = min(found), max(found)
    if small == large:
        return {}
    names = ("F2", "F3", "initial", "echo", "quiet", "ten")
    return {
        name: round(math.log(found[large][name] / found[small][name]) / math.log(large / small), 3) for name in names
    }


def table(size: int, rounds: Sequence[dict[str, float]]) -> str:
    """Return one size's figures: medians, and medians of the rounds' own ratios."""
    ratios = []
    for one in rounds:
        whole = one["plan"] + one["apply"]
        runs = {"plan": one["plan"], "whole": whole, "echo": one["echo"], "quiet": one["quiet"], "ten": one["ten"]}
        ratios.append({name: value / one["F2"] for name, value in runs.items()} | {"F3": whole / one["F3"]})
    median = medians(rounds)
    ratio = {name: statistics.median(one[name] for one in ratios) for name in ratios[0]}
    return (
        f"{size:>7} {median['F2']:8.3f} {median['F3']:8.3f} {median['initial']:9.3f}"
        f" {ratio['plan']:8.1f} {ratio['whole']:8.1f} {ratio['F3']:8.1f} {ratio['echo']:8.2f}"
        f" {ratio['quiet']:8.4f} {ratio['ten']:8.4f} {median['MB']:8.0f} {median['bytes']:8.0f}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time a whole contact sync against hand-written floors.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--pause-collector", action="store_true", help="pause the garbage collector during runs")
    options = parser.parse_args(argv)
    print(f"Python {sys.version.split()[0]}, seed {options.seed}, {options.rounds} rounds, CPU seconds, medians")
    print(
        f"{'size':>7} {'F2 s':>8} {'F3 s':>8} {'initial s':>9} {'plan/F2':>8} {'init/F2':>8} {'init/F3':>8}"
        f" {'echo/F2':>8} {'quiet/F2':>8} {'ten/F2':>8} {'peak MB':>8} {'B/link':>8}"
    )
    found: dict[int, dict[str, float]] = {}
    for size in options.sizes:
        rounds = []
        for at in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                rounds.append(one_round(size, options.seed + at, Path(folder), paused=options.pause_collector))
        print(table(size, rounds), flush=True)
        found[size] = medians(rounds)
    exponents = growth(found)
    print("growth:", ", ".join(f"{name} {exponent:.2f}" for name, exponent in exponents.items()))
    if options.json:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        rows = [{"size": size, **{name: round(value, 4) for name, value in one.items()}} for size, one in found.items()]
        kept = {"rounds": options.rounds, "seed": options.seed, "machine": machine, "sizes": rows, "growth": exponents}
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
