"""Provide trials: a pytest plugin that tries, instead of running the tests, each mutant with those that reach it.

Everything is imported and collected once, and each mutant lives in a fork. Tests that run its line are tried until one
fails: those first that killed another mutant of the same function, then of the same module, then the fastest. A mutant
is killed by a test that fails, that takes many times its usual CPU time, that waits for something which does not come,
or that takes the process down. It survives when its tests are through, or its own CPU time is.

SIGTERM ends the trials as Ctrl-C does: between two results, all of which are kept.
"""

import contextlib
import functools
import gc
import importlib
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from types import FunctionType
from typing import Any

import attrs
import pytest
from coverage import Coverage

from tests.mutation.forks import in_forks
from tests.mutation.mutants import Fault, Live, Mutant, live_functions
from tests.mutation.reach import Reach
from tests.mutation.results import Result, Results

_TIMES_SLOWER = 20
_LEAST_SECONDS = 3.0
_LONGEST_WAIT = 120
_MOST_MEMORY = 4 << 30


@attrs.define(eq=False, repr=False)
class Trials:
    """The plugin: ``told`` gets what became of each mutant, tried now or before.

    ``watched`` are the files of which it is measured which tests run them, ``memory`` keeps that, ``seconds`` is the
    CPU time that a mutant has, ``forks`` how many are tried at once.
    """

    faults: Sequence[Fault]
    watched: Sequence[Path]
    memory: Path
    results: Results
    seconds: float
    forks: int
    told: Callable[[Result], None]
    failed: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for module in {fault.module for fault in self.faults}:
            importlib.import_module(module)
        reach = Reach.remembered(self.memory, session.items, map(str, self.watched))
        self._measure(reach)
        live = live_functions({str(fault.path) for fault in self.faults})
        kinds = (functools._lru_cache_wrapper, FunctionType)
        memos = [one for one in gc.get_objects() if isinstance(one, kinds) and hasattr(one, "cache_clear")]
        gc.collect()
        gc.freeze()
        killers = _Killers()
        works = self._works(reach, killers, live, memos)
        with contextlib.closing(in_forks(works, self.forks)) as ended:
            for fault, said, status in ended:
                if not said and status:
                    raise RuntimeError(f"{fault.name} could not be tried")
                if not said:
                    continue  # nothing that a test could run
                result = Result(**said[-1])
                if os.WIFSIGNALED(status):
                    result = attrs.evolve(result, how=f"ends the process, or takes too long: {result.killer}")
                killers.add(result)
                self.results.add(result)
                self.told(result)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a test failed."""
        self.failed |= report.failed

    def _passes(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return not self.failed

    def _works(
        self, reach: Reach, killers: "_Killers", live: Live, memos: Sequence[Any]
    ) -> Iterator[tuple[Fault, Callable[[], Iterator[object]]]]:
        """Return the work to try each mutant, but for those of which everything is known: these are told."""
        for fault in self.faults:
            if known := self.results.still(fault, reach, self.seconds):
                killers.add(known)
                self.told(known)
            else:
                yield fault, functools.partial(self._tried, fault, reach, killers, live, memos)

    def _tried(
        self, fault: Fault, reach: Reach, killers: "_Killers", live: Live, memos: Sequence[Any]
    ) -> Iterator[object]:
        """Say before each test that it takes the process down, and at the end what became of the mutant."""
        mutant = fault.made()
        if mutant is None:
            return
        tests = reach.of_line(mutant.path, mutant.runs, killers.likely(mutant))
        result = Result.of(mutant, reach.fingerprint(mutant.path, mutant.runs))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        mutant.install(live)
        for memo in memos:
            memo.cache_clear()
        for number, ((item, usual), after) in enumerate(zip_longest(tests, tests[1:])):
            if time.process_time() > self.seconds:
                how = f"out of time after {number} of {len(tests)} tests"
                yield attrs.asdict(attrs.evolve(result, how=how, seconds=self.seconds))
                return
            yield attrs.asdict(attrs.evolve(result, how=item.nodeid, killer=item.nodeid))
            signal.setitimer(signal.ITIMER_PROF, _LEAST_SECONDS + _TIMES_SLOWER * usual)
            signal.alarm(_LONGEST_WAIT)
            passes = self._passes(item, after and after[0])
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)
            if not passes:
                return
        yield attrs.asdict(attrs.evolve(result, how=f"after all {len(tests)} tests"))

    def _measure(self, reach: Reach) -> None:
        """Run the tests that are not known yet, to see which lines they run."""
        unknown = reach.unknown()

        def measured() -> Iterator[object]:
            watching = Coverage(data_file=None, config_file=False, include=list(reach.sources))
            watching.set_option("run:disable_warnings", ["no-data-collected"])  # many tests reach none of the files
            watching.start()
            for item, after in zip_longest(unknown, unknown[1:]):
                watching.switch_context(item.nodeid)
                start = time.process_time()
                passes = self._passes(item, after)
                yield [item.nodeid, time.process_time() - start if passes else 0.0]
            watching.stop()
            data = watching.get_data()
            yield {path: data.contexts_by_lineno(path) for path in data.measured_files()}

        if unknown:
            sys.stderr.write(f"measuring {len(unknown)} tests\n")
            ((_, (*seconds, lines), status),) = in_forks([(None, measured)])
            if status:
                raise SystemExit("the tests could not be measured")
            reach.learn(unknown, dict(seconds), lines)


@attrs.frozen
class _Killers:
    """The tests that killed mutants, the last first, by function and by module."""

    known: dict[str, list[str]] = attrs.field(factory=lambda: defaultdict(list))

    def add(self, result: Result) -> None:
        if result.killer:
            self.known[result.path + result.function].insert(0, result.killer)
            self.known[result.path].insert(0, result.killer)

    def likely(self, mutant: Mutant) -> list[str]:
        return [*self.known[mutant.path + mutant.function], *self.known[mutant.path]]
