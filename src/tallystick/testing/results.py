"""Provide what a contract found: a verdict for each check, a table of them all, and an error where one is broken.

What a check says holds ids, names and counts, and never a value of anybody's record.
"""

from collections.abc import Sequence
from enum import StrEnum

import attrs

from tallystick.errors import TallystickError


class Verdict(StrEnum):
    """What a check found."""

    HELD = "held"
    BROKEN = "broken"
    REMARK = "remark"
    """Not declared, and works all the same: it may be declared."""
    UNTRIED = "untried"
    """Not declared, or out of the back door's reach."""


class ContractBroken(TallystickError, AssertionError):
    """A part does not do what its contract, or its own declaration, says."""

    code = "contract"


@attrs.frozen
class Finding:
    """What one check found: its name, what it promises, the verdict, and why in words."""

    check: str
    promise: str
    verdict: Verdict
    why: str = ""


@attrs.frozen
class Results:
    """All that a contract found about ``subject``."""

    subject: str
    findings: Sequence[Finding]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(one for one in self.findings if one.verdict is Verdict.BROKEN)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What works though it is not declared."""
        return tuple(one for one in self.findings if one.verdict is Verdict.REMARK)

    def verdict(self, check: str) -> Verdict:
        """Return the verdict of a check by its name."""
        return next(one.verdict for one in self.findings if one.check == check)

    def table(self) -> str:
        """Return the findings as lines of text: verdict, check, and why or what was promised."""
        width = max((len(one.check) for one in self.findings), default=0)
        lines = [f"{self.subject}: {self.summary()}"]
        lines += [f"  {one.verdict:<8} {one.check:<{width}}  {one.why or one.promise}" for one in self.findings]
        return "\n".join(lines)

    def summary(self) -> str:
        """Return how many checks found what."""
        counts = {verdict: sum(one.verdict is verdict for one in self.findings) for verdict in Verdict}
        return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)

    def require(self) -> None:
        """Raise ContractBroken, naming every check that failed and why, unless there is none."""
        if self.broken:
            said = "; ".join(f"{one.check} ({one.why})" for one in self.broken)
            raise ContractBroken(
                f"breaks its contract: {said}",
                where=self.subject,
                remedy="mend what is named, or declare less in its capabilities",
            )
