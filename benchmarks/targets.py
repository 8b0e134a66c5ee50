"""Measure everything that has a target, in one process, and say of each whether it is met.

Every figure is a ratio to a floor that is measured beside it, or a size; see the scripts that are called for what
each floor is. Figures are medians of the rounds. ``target`` is what has to hold on a quiet machine, ``moonshot`` what
would be splendid. ``--strict`` gives exit code 1 where a target is missed, ``--json FILE`` keeps the figures.

    python benchmarks/targets.py --size 20000 --rounds 5
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import async_driver
import attrs
import by_hand
import graph_codec
import initial_sync
import mail_selection
import recurrence
from pieces import pieces
from relisting import relisting

Figures = dict[str, float]
SMALL = 1000
"""The smaller size that growth is measured from."""


@attrs.frozen
class Target:
    """What a figure is to be at most. None: it is told, and has no target."""

    name: str
    unit: str
    most: float | None = None
    moonshot: float | None = None


TARGETS = (
    Target("planning an initial run", "F2", 5, 3),
    Target("initial run, whole", "F2", 12, 6),
    Target("initial run, whole, collector paused", "F2", 12, 6),
    Target("initial run, whole, collector paused, to the job by hand", "F3"),
    Target("planning, to the same by hand", "F4"),
    Target("initial run, whole, to the same by hand", "F4"),
    Target("the run after it, own writes back", "F2", 1.5, 0.7),
    Target("unchanged run", "F2", 0.05, 0.03),
    Target("ten edits", "F2", 0.05, 0.03),
    Target("ten edits, growth with the size", "exponent", 0.15),
    Target("initial run, growth with the size, above that of F3", "exponent", 0.05),
    Target("unchanged, both sides listed", "F2", 1.0, 0.7),
    Target("full listing after an expired cursor", "F2", 2.5, 1.5),
    Target("memory above the loaded input", "kB/contact", 1.2, 0.8),
    Target("state on disk", "B/link", 450, 300),
    Target("compiling the mapping", "ms", 10, 3.5),
    Target("matching alone", "F2"),
    Target("comparing and digesting pairs alone", "F2"),
    Target("plan to JSON and back", "F2"),
    Target("decoding Graph contacts", "json.loads", 2.5, 2),
    Target("RRULE to Graph, validated", "dateutil parse", 1, 0.5),
    Target("Graph to RRULE, validated", "dateutil parse", 1, 0.5),
    Target("async driver, awaited providers", "blocking", 1.15),
    Target("mail, planned", "loop by hand", 3, 2),
)


def whole_runs(size: int, rounds: int) -> Figures:
    """Return the figures of an initial run and of the runs after it."""
    plain, paused, small = _rounds(size, rounds), _rounds(size, rounds, paused=True), _rounds(SMALL, rounds)

    def ratio(found: Iterable[Figures], *names: str, floor: str = "F2") -> float:
        return statistics.median(sum(one[name] for name in names) / one[floor] for one in found)

    def grown(*names: str) -> float:
        large, little = (
            statistics.median(sum(one[name] for name in names) for one in found) for found in (plain, small)
        )
        return math.log(large / little) / math.log(size / SMALL) if size != SMALL else 0.0

    return {
        "planning an initial run": ratio(plain, "plan"),
        "initial run, whole": ratio(plain, "plan", "apply"),
        "initial run, whole, collector paused": ratio(paused, "plan", "apply"),
        "initial run, whole, collector paused, to the job by hand": ratio(paused, "plan", "apply", floor="F3"),
        "the run after it, own writes back": ratio(plain, "echo"),
        "unchanged run": ratio(plain, "quiet"),
        "ten edits": ratio(plain, "ten"),
        "ten edits, growth with the size": grown("ten"),
        "initial run, growth with the size, above that of F3": grown("plan", "apply") - grown("F3"),
        "state on disk": statistics.median(one["bytes"] for one in plain),
    }


def _rounds(size: int, rounds: int, *, paused: bool = False) -> list[Figures]:
    found = []
    for at in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append(initial_sync.one_round(size, 1 + at, Path(folder), paused=paused))
    return found


def same_by_hand(size: int, rounds: int) -> Figures:
    """Return what an initial run costs beside one by hand that gives the same; exit with code 1 if it does not."""
    found = by_hand.figures(size, rounds)
    return {name: found[name] for name in ("planning, to the same by hand", "initial run, whole, to the same by hand")}


def parts(size: int, rounds: int) -> Figures:
    """Return what single pieces of a run cost."""
    found = [pieces(size, 1 + at) for at in range(rounds)]
    names = {
        "matching": "matching alone",
        "comparing": "comparing and digesting pairs alone",
        "json": "plan to JSON and back",
        "compiling": "compiling the mapping",
    }
    said = {name: statistics.median(one[short] for one in found) for short, name in names.items()}
    # The peak of a process only ever rises: the first round is the one that shows it.
    return said | {"memory above the loaded input": found[0]["memory"]}


def relisted(size: int, rounds: int) -> Figures:
    """Return what runs cost that list everything."""
    found = [relisting(size, 1 + at) for at in range(rounds)]
    names = {"listed": "unchanged, both sides listed", "expired": "full listing after an expired cursor"}
    return {name: statistics.median(one[short] for one in found) for short, name in names.items()}


def decoding(size: int, rounds: int) -> Figures:
    """Return what reading a listing of Graph's contacts costs."""
    rng = random.Random(1)
    text = json.dumps({"value": [graph_codec.contact(at, rng) for at in range(size)]}, ensure_ascii=False).encode()
    found = [
        graph_codec.seconds(graph_codec.decoded, text) / graph_codec.seconds(json.loads, text) for _ in range(rounds)
    ]
    return {"decoding Graph contacts": statistics.median(found)}


def rules(size: int, rounds: int) -> Figures:
    """Return what translating recurrence costs."""
    works = {
        "RRULE to Graph, validated": recurrence.rrule_to_graph,
        "Graph to RRULE, validated": recurrence.graph_to_rrule,
    }
    return recurrence.to_dateutil(works, max(size // 2, 100), rounds)


def driven(size: int, rounds: int) -> Figures:
    """Return what an event loop costs."""
    ratios = []
    for at in range(rounds):
        base, awaited = (
            sum(async_driver.one_round(size // 4, 1 + at, awaited=driven, driven=driven)) for driven in (False, True)
        )
        ratios.append(awaited / base)
    return {"async driver, awaited providers": statistics.median(ratios)}


def mail(size: int, rounds: int) -> Figures:
    """Return what choosing among messages costs: five for two contacts, one in fifty of them saved."""
    found = mail_selection.measured(size * 5 // 2, size, size // 20, rounds, 1)
    return {"mail, planned": statistics.median(took / hand for hand, took in found)}


CASES: tuple[Callable[[int, int], Figures], ...] = (
    parts,
    whole_runs,
    same_by_hand,
    relisted,
    decoding,
    rules,
    driven,
    mail,
)
"""Memory is read off first, while the process is small."""


def verdict(target: Target, figure: float) -> str:
    """Return in a word how a figure stands to its target."""
    if target.most is None:
        return ""
    if figure > target.most:
        return "missed"
    return "moonshot" if target.moonshot is not None and figure <= target.moonshot else "met"


def main() -> int:
    """Measure and print; with ``--strict``, return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="Measure everything that has a target.")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    options = parser.parse_args()
    found: Figures = {}
    for case in CASES:
        found |= case(options.size, options.rounds)
    print(f"{options.size} contacts a side, {options.rounds} rounds, Python {platform.python_version()}, seed 1")
    print(f"{'':58}{'figure':>9}  {'unit':15}{'target':>7}{'moonshot':>9}")
    missed = 0
    for target in TARGETS:
        said = verdict(target, found[target.name])
        missed += said == "missed"
        most, moonshot = ("" if one is None else f"{one:g}" for one in (target.most, target.moonshot))
        print(f"{target.name:58}{found[target.name]:9.3f}  {target.unit:15}{most:>7}{moonshot:>9}  {said}")
    if options.json:
        rows = [
            {**attrs.asdict(one), "figure": round(found[one.name], 3), "verdict": verdict(one, found[one.name])}
            for one in TARGETS
        ]
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        kept = {"size": options.size, "rounds": options.rounds, "machine": machine, "rows": rows}
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return int(options.strict and missed > 0)


if __name__ == "__main__":
    sys.exit(main())
