"""Provide trials: a pytest plugin that tries, instead of running the tests, each mutant with those that reach it.

Everything is imported and collected once, and each mutant lives in a fork. Tests that run its line are tried until one
fails: those first that killed another mutant of the same function, then the fastest. A mutant is killed by a test
that fails, that takes many times its usual CPU time, or that takes the process down. It survives when its tests are
through, or its own CPU time is.
"""

import functools
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import attrs
import pytest
from coverage import Coverage

from tests.mutation.mutants import Fault, Live, Mutant, live_functions
from tests.mutation.reach import Reach

_TIMES_SLOWER = 20
_LEAST_SECONDS = 5.0
_MOST_MEMORY = 4 << 30


@attrs.define(eq=False)
class Trials:
    """The plugin: ``told`` gets each mutant, whether it was killed, and how, or by how many tests it was not.

    ``seconds`` is the CPU time that a mutant has, ``memory`` the file for what is known of the tests.
    """

    faults: Sequence[Fault]
    memory: Path
    seconds: float
    told: Callable[[Mutant, bool, str], None]
    failed: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants."""
        paths = {str(fault.path) for fault in self.faults}
        for module in {fault.module for fault in self.faults}:
            importlib.import_module(module)
        reach = Reach.remembered(self.memory, session.items, paths)
        self._measure(reach)
        live = live_functions(paths)
        killers: dict[str, list[str]] = defaultdict(list)
        for mutant in filter(None, (fault.made() for fault in self.faults)):
            first = killers[mutant.path + mutant.function]
            tests = reach.of_line(mutant.path, mutant.line, first)
            last, killed, how = self._tried(mutant, tests, live)
            if killed:
                first.insert(0, last)
            self.told(mutant, killed, how)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a test failed."""
        self.failed |= report.failed

    def _passes(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return not self.failed

    def _tried(self, mutant: Mutant, tests: list[tuple[pytest.Item, float]], live: Live) -> tuple[str, bool, str]:
        """Return the last test that a mutant was tried with, whether it was killed, and how."""

        def trial() -> Iterator[tuple[str, bool, str]]:
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
            mutant.install(live)
            for number, ((item, usual), after) in enumerate(zip_longest(tests, tests[1:])):
                if time.process_time() > self.seconds:
                    yield "", False, f"out of time after {number} of {len(tests)} tests"
                    return
                yield item.nodeid, True, f"ends the process: {item.nodeid}"
                signal.setitimer(signal.ITIMER_PROF, _LEAST_SECONDS + _TIMES_SLOWER * usual)
                passes = self._passes(item, after and after[0])
                signal.setitimer(signal.ITIMER_PROF, 0)
                if not passes:
                    yield item.nodeid, True, item.nodeid
                    return
            yield "", False, f"after all {len(tests)} tests"

        (*_, (last, killed, how)), status = _in_fork(trial)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            how = f"takes too long: {last}"
        return last, killed, how

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
            (*seconds, lines), status = _in_fork(measured)
            if status:
                raise SystemExit("the tests could not be measured")
            reach.learn(unknown, dict(seconds), lines)


def _in_fork(work: Callable[[], Iterator[object]]) -> tuple[list[Any], int]:
    """Return what ``work`` says, one JSON line each, in a process of its own, and the status with which it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe, Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), 1)  # not 2: a fault of the trial itself must be seen
                _forget_results()
                for said in work():
                    pipe.write(json.dumps(said) + "\n")
                    pipe.flush()
            status = 0
        except Exception:  # noqa: BLE001 - the process ends here
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = [json.loads(line) for line in pipe]
    _, status = os.waitpid(child, 0)
    return said, status


def _forget_results() -> None:
    """Empty all memos, which may hold what the whole code gave."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
