"""Set how many examples a property test tries: few by default, the same ones every time on CI, many with ``long``."""

import os
from collections.abc import Callable, Generator, Mapping

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.counted import sums

settings.register_profile("default", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)
# Five minutes of one core's time, all laws together.
settings.register_profile("long", settings.get_profile("default"), max_examples=200)
# Whether a mutant fails is all there is to know of it: nothing is made smaller.
settings.register_profile(
    "mutants", settings.get_profile("ci"), max_examples=15, phases=[Phase.explicit, Phase.generate], print_blob=False
)
# `pytest --hypothesis-profile=long` comes after this line and wins.
settings.load_profile("ci" if "CI" in os.environ else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why the tests are skipped that need a server, where there is none."""
    if "TALLYSTICK_POSTGRESQL" not in os.environ:
        reason = "needs a PostgreSQL server: run .ci/with-postgresql python -m pytest"
        for item in items:
            if item.get_closest_marker("postgresql"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Have the tests that use the server go one at a time, whichever process runs them: some of them restart it."""
    restart = os.environ.get("TALLYSTICK_POSTGRESQL_RESTART")
    if restart is None or item.get_closest_marker("postgresql") is None:
        return (yield)
    import fcntl  # not on Windows, nor is the script that sets the variable

    with open(f"{restart}.lock", "w") as lock:  # noqa: PTH123
        fcntl.flock(lock, fcntl.LOCK_EX)
        return (yield)


Count = Callable[..., None]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Take in what a test has simulated, by name, and the faults that struck; all is summed up at the end."""

    def counted(faults: Mapping[str, int] | None = None, **simulated: int) -> None:
        record_property("simulated", simulated)
        record_property("faults", dict(faults or {}))

    return counted


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much was simulated by the tests that passed: each of them found nothing lost, doubled or resurrected."""
    reports = terminalreporter.stats.get("passed", ())
    if lines := sums(told for report in reports for told in report.user_properties):
        terminalreporter.section("simulated; nothing lost, doubled or resurrected in those that passed")
        for line in lines:
            terminalreporter.line(line)
