"""Try mutants of the library on its tests: ``python -m tests.mutation --help``.

It prints each survivor and, at the end, by module, how many of how many were killed. It fails where
less than nine in ten were.
"""

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, faults
from tests.mutation.trials import Trials

PACKAGES = ("tallystick.mapping", "tallystick.matching", "tallystick.reconcile")
FLOOR = 0.9
_KINDS = "behaviour mail mapping matching property reconcile settings simulation testing"
TESTS = tuple(f"tests/{kind}" for kind in _KINDS.split())


def main() -> None:
    """Take the arguments, try the mutants, and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=PACKAGES, help="packages or modules to mutate")
    parser.add_argument("--sample", type=int, help="try so many only, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="CPU time for one mutant")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="what to collect the tests from")
    parser.add_argument("--memory", type=Path, default=Path(".mutants.json"), help="keeps what is known of the tests")
    parser.add_argument("--write", type=Path, help="add a JSON line for each mutant to this file")
    parser.add_argument("--only", nargs="+", help="names of mutants to try, as they are printed")
    given = parser.parse_args()

    found = [fault for module in given.modules for fault in faults(module)]
    if given.only:
        found = [fault for fault in found if fault.name in given.only]
    if given.sample and given.sample < len(found):
        found = random.Random(given.seed).sample(found, given.sample)
    tried, killed = Counter[str](), Counter[str]()

    def told(mutant: Mutant, dead: bool, how: str) -> None:
        module = mutant.name.partition("#")[0]
        tried[module] += 1
        killed[module] += dead
        if not dead:
            print(f"{mutant.name} survives {how}\n  {mutant.path}:{mutant.line} in {mutant.function}")
            print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
        if given.write:
            row = {"name": mutant.name, "killed": dead, "how": how, "line": mutant.line, "function": mutant.function}
            with given.write.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row | {"before": mutant.before, "after": mutant.after}) + "\n")

    plugin = Trials(found, given.memory, given.seconds, told)
    quiet = ("-q", "-s", "-p", "no:cacheprovider", "--hypothesis-profile=mutants")
    status = pytest.main([*quiet, *given.tests], plugins=[plugin])
    for module in tried:
        print(f"{module:<36} {killed[module]:>5} of {tried[module]:>5} killed")
    total, dead = tried.total(), killed.total()
    print(f"{'all':<36} {dead:>5} of {total:>5} killed: {100 * dead / max(total, 1):.1f} %")
    sys.exit(int(status) or dead < FLOOR * total)


if __name__ == "__main__":
    main()
