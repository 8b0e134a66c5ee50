"""Provide the pytest plugin: a contract under a name that begins with ``test`` becomes one test for each promise.

    test_people = ProviderContract(make, samples)

A promise that is not kept fails, one that is not declared is skipped, and what works undeclared is told at the end.
The plugin stands beside the package and imports nothing of it, so that sessions that use no contract don't notice it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import pytest

_REMARK = "tallystick remark"


class _Contract(Protocol):
    """What every contract has; the classes themselves are not imported here."""

    @property
    def promises(self) -> Sequence[str]: ...

    def check(self, only: Sequence[str] = ()) -> "_Results": ...


class _Finding(Protocol):
    verdict: str
    why: str


class _Results(Protocol):
    subject: str
    findings: Sequence[_Finding]

    def require(self) -> None: ...


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[pytest.Item] | None:
    """Collect a contract as one test for each of its promises."""
    testing = sys.modules.get("tallystick.testing")
    if testing is None or not name.startswith("test") or not isinstance(obj, testing.CONTRACTS):
        return None
    contract = cast("_Contract", obj)
    return [
        PromiseItem.from_parent(collector, name=f"{name}[{promise}]", contract=contract, promise=promise)
        for promise in contract.promises
    ]


class PromiseItem(pytest.Item):
    """One promise of one contract."""

    def __init__(self, name: str, parent: pytest.Collector, contract: _Contract, promise: str) -> None:
        super().__init__(name, parent)
        self._contract, self._promise = contract, promise

    def runtest(self) -> None:
        """Try the promise."""
        results = self._contract.check([self._promise])
        results.require()
        for finding in results.findings:
            if finding.verdict == "untried":
                pytest.skip(finding.why)
            if finding.verdict == "remark":
                self.user_properties.append((_REMARK, f"{results.subject}: {self._promise}: {finding.why}"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return what is broken, without a traceback through the kit."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the contract stands."""
        return self.path, None, self.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what works though it is not declared."""
    passed = terminalreporter.stats.get("passed", ())
    remarks = [said for report in passed for name, said in report.user_properties if name == _REMARK]
    if remarks:
        terminalreporter.section("tallystick: it works, and is not declared")
        for said in remarks:
            terminalreporter.line(str(said))
