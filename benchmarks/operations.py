"""Count what runs do, and hold the counts against those of before: a gate that no busy machine can shake.

Counted are the bytecode instructions that the library's own code takes, the functions written in C that it calls, and
SQL statements, for two made-up address books and:

* ``plan`` and ``apply``: both halves of a first run;
* ``json``: its plan to JSON and back;
* ``echo``: the run right after, in which the feeds bring the run's own writes back;
* ``quiet``: a run in which nothing changed;
* ``ten``: a run after ten edits;
* ``relisted``: a run whose cursors have expired, so that both sides are listed in full.

The same inputs give the same counts on any machine with the same release of Python, but for what a library beneath
does otherwise. ``operations.json`` beside this file holds those of before, by release; a count that is more than
``SLACK`` above its own fails, and so does one that grows faster with the size than it may (no time of a run may
depend on the square of anything). Whoever made runs dearer on purpose, or cheaper, renews it with ``--write``.

    python benchmarks/operations.py [--write]
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
from world import PROFILE, World

import tallystick
from tallystick import Plan
from tallystick.providers.addressbook import address_books
from tallystick.reconcile import dump_plan, load_plan

SIZES = (250, 1000)
SLACK = 1.03
"""How far above its count of before a count may be."""
MOST_GROWTH = {
    "plan": 1.08,
    "json": 1.08,
    "apply": 1.08,
    "echo": 1.08,
    "relisted": 1.08,
    "quiet": 0.15,
    "ten": 0.3,  # how many of the ten are in a pair is chance
}
"""The highest exponent with which a run's instructions may grow with the number of contacts."""
KEPT = Path(__file__).with_suffix(".json")
RELEASE = f"{sys.version_info.major}.{sys.version_info.minor}"
OWN: tuple[str, ...] = (str(Path(tallystick.__file__).parent), "<compiled mapping")
_FIXED = "0"

Counts = dict[str, dict[str, int]]


@attrs.frozen
class Counting:
    """A tally of what the library's code does while it is in force."""

    found: Counter[str] = attrs.field(factory=Counter)

    def of(self, work: Callable[[], object]) -> dict[str, int]:
        """Return the counts of one piece of work."""
        self.found.clear()
        sys.setprofile(self._profile)
        sys.settrace(self._trace)
        try:
            work()
        finally:
            sys.settrace(None)
            sys.setprofile(None)
        return dict(sorted(self.found.items()))

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> "Callable[[FrameType, str, Any], Any] | None":  # noqa: ANN401 -- what Python says
        if not frame.f_code.co_filename.startswith(OWN):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._opcode

    def _opcode(self, _frame: FrameType, event: str, _argument: Any) -> "Callable[[FrameType, str, Any], Any]":  # noqa: ANN401 -- the same
        if event == "opcode":
            self.found["instructions"] += 1
        return self._opcode

    def _profile(self, frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401 -- the same
        if event == "c_call" and frame.f_code.co_filename.startswith(OWN):
            self.found["statements" if called.__name__ in ("execute", "executemany") else "calls"] += 1


def counts(size: int) -> Counts:
    """Return what each kind of run does, for so many contacts a side."""
    world, counting = World.of(address_books(size, 1)), Counting()
    found: Counts = {}
    with tempfile.TemporaryDirectory() as folder, world.state(Path(folder)) as state:
        sync = world.sync(state)
        plans: list[Plan] = []
        found["plan"] = counting.of(lambda: plans.append(sync.plan()))
        found["json"] = counting.of(lambda: load_plan(dump_plan(plans[0]), PROFILE))
        found["apply"] = counting.of(lambda: sync.apply(plans[0]))
        found["echo"] = counting.of(sync.run)
        found["quiet"] = counting.of(sync.run)
        world.edit(10, "Head of Everything")
        found["ten"] = counting.of(sync.run)
        world.outlook.contacts.expire_cursors()
        world.crm.entries.expire_cursors()
        found["relisted"] = counting.of(sync.run)
    return found


def growth(small: int, large: int) -> float:
    """Return the exponent with which a count grows from the smaller size to the larger."""
    return math.log(max(large, 1) / max(small, 1)) / math.log(SIZES[1] / SIZES[0])


def main() -> int:
    """Count, print, and return 1 where a count is too high or grows too fast."""
    parser = argparse.ArgumentParser(description="Count what runs do.")
    parser.add_argument("--write", action="store_true", help="keep these counts as those of before")
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != _FIXED:
        # The order of sets is part of what is done.
        return subprocess.run([sys.executable, *sys.argv], env={**os.environ, "PYTHONHASHSEED": _FIXED}).returncode  # noqa: PLW1510, S603
    now = {str(size): counts(size) for size in SIZES}
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    if options.write:
        KEPT.write_text(json.dumps({**kept, RELEASE: now}, indent=1) + "\n", encoding="utf-8")
        kept[RELEASE] = now
    before = kept.get(RELEASE, {})
    print(
        f"Python {RELEASE}, {SIZES[0]} and {SIZES[1]} contacts a side" + ("" if before else ": nothing to compare with")
    )
    print(f"{'run':10}{'what':14}{'count':>12}{'of before':>12}{'growth':>8}")
    failed = False
    for run, most in MOST_GROWTH.items():
        for what, count in now[str(SIZES[1])][run].items():
            known = before.get(str(SIZES[1]), {}).get(run, {}).get(what)
            grown = growth(now[str(SIZES[0])][run].get(what, 0), count)
            dearer = known is not None and count > known * SLACK
            faster = grown > most
            failed |= dearer or faster
            ratio = f"{count / known:.3f}" if known else "new"
            verdict = "  dearer than before" * dearer + "  grows too fast" * faster
            print(f"{run:10}{what:14}{count:>12,}{ratio:>12}{grown:>8.2f}{verdict}")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
