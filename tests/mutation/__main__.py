"""Try mutants of the library on its tests: ``python -m tests.mutation --help``.

It prints each survivor and, at the end, by module, how many of how many were killed. It fails where less than nine in
ten were. What became of each is kept: after an interruption, or when tests were added, only the rest is tried.
"""

import argparse
import random
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import faults, files
from tests.mutation.results import Result, Results, tally
from tests.mutation.trials import Trials

PACKAGES = ("tallystick.mapping", "tallystick.matching", "tallystick.reconcile")
FLOOR = 0.9
TESTS = ("tests/mapping", "tests/matching", "tests/reconcile")


def main() -> None:
    """Take the arguments, try the mutants, and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=PACKAGES, help="packages or modules to mutate")
    parser.add_argument("--sample", type=int, help="try so many only, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="CPU time for one mutant")
    parser.add_argument("--forks", type=int, default=1, help="how many mutants to try at once")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="what to collect the tests from")
    parser.add_argument("--memory", type=Path, default=Path(".mutants.json"), help="keeps what is known of the tests")
    parser.add_argument("--results", type=Path, default=Path(".mutants.jsonl"), help="keeps what became of mutants")
    parser.add_argument("--only", nargs="+", help="names of mutants to try, as they are printed")
    given = parser.parse_args()

    found = [fault for module in given.modules for fault in faults(module)]
    if given.only:
        found = [fault for fault in found if fault.name in given.only]
    if given.sample and given.sample < len(found):
        found = random.Random(given.seed).sample(found, given.sample)
    seen: list[Result] = []

    def told(result: Result) -> None:
        seen.append(result)
        if not result.killer:
            print(f"{result.name} survives {result.how}\n  {result.path}:{result.line} in {result.function}")
            print(f"  - {result.before}\n  + {result.after}", flush=True)

    watched = sorted({path for package in (*PACKAGES, *given.modules) for path in files(package)})
    plugin = Trials(found, watched, given.memory, Results.kept(given.results), given.seconds, given.forks, told)
    quiet = ("-q", "-s", "-p", "no:cacheprovider", "--hypothesis-profile=mutants")
    status = pytest.main([*quiet, *given.tests], plugins=[plugin])
    print(tally(seen))
    dead = sum(bool(one.killer) for one in seen)
    sys.exit(int(status) or dead < FLOOR * len(seen))


if __name__ == "__main__":
    main()
