"""Provide what became of mutants, kept in a file, a JSON line each, so that a run goes on where an earlier one ended.

A result holds for as long as it would be the same: while the module is as it was, and, of a mutant that was killed,
while the test is there that did it; of a survivor, while the tests of its line are those that it was tried with.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import attrs

from tests.mutation.mutants import Fault, Mutant
from tests.mutation.reach import Reach


@attrs.frozen
class Result:
    """What became of one mutant: ``killer`` is the test that failed, if one did, and ``how`` what was seen.

    ``source`` is the digest of its module, and ``tests`` that of the tests which run ``line``; ``seconds`` is the CPU
    time that it had, none where its tests were through before.
    """

    name: str
    source: str
    path: str
    line: int
    function: str
    before: str
    after: str
    tests: str
    seconds: float | None = None
    killer: str = ""
    how: str = ""

    @classmethod
    def of(cls, mutant: Mutant, tests: str) -> "Result":
        """Return the result of a mutant of which nothing is known yet."""
        about = (mutant.name, mutant.source, mutant.path, mutant.runs, mutant.function, mutant.before, mutant.after)
        return cls(*about, tests)


@attrs.frozen
class Results:
    """The results in a file, the last one of each mutant; without a file, none are kept."""

    file: Path | None
    known: dict[tuple[str, str], Result]

    @classmethod
    def kept(cls, file: Path | None) -> "Results":
        """Return what a file holds, if it is there."""
        lines = file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []
        found = [Result(**json.loads(line)) for line in lines]
        return cls(file, {(one.name, one.source): one for one in found})

    def add(self, result: Result) -> None:
        """Keep what became of a mutant."""
        self.known[result.name, result.source] = result
        if self.file:
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(attrs.asdict(result)) + "\n")

    def still(self, fault: Fault, reach: Reach, seconds: float) -> Result | None:
        """Return what is known of a fault, if trying it anew for so many seconds could tell no more."""
        known = self.known.get((fault.name, fault.source))
        if known is None:
            return None
        if known.killer:
            return known if known.killer in reach.items else None
        through = known.seconds is None or known.seconds >= seconds
        return known if through and known.tests == reach.fingerprint(str(fault.path), known.line) else None


def tally(results: Sequence[Result]) -> str:
    """Return how many of how many were killed, by module and in all."""
    by_module: dict[str, list[Result]] = {}
    for one in results:
        by_module.setdefault(one.name.partition("#")[0], []).append(one)
    rows = [(module, sum(bool(one.killer) for one in of), len(of)) for module, of in by_module.items()]
    total, dead = len(results), sum(bool(one.killer) for one in results)
    lines = [f"{module:<36} {killed:>5} of {tried:>5} killed" for module, killed, tried in rows]
    return "\n".join([*lines, f"{'all':<36} {dead:>5} of {total:>5} killed: {100 * dead / max(total, 1):.1f} %"])
