"""Provide the fuse through which all requests of a run go, so that it dies, or gets no answer, at one of them."""

from typing import Literal

import attrs

Flavour = Literal["before", "after", "lost", "unsent", "failed", "throttled"]
"""Before, after: the process dies. Lost, unsent: no answer comes. Failed, throttled: the service says so."""


class Died(BaseException):
    """The end of the process."""


@attrs.define
class Fuse:
    """Counts requests, and strikes at one of them; what that means, the one whose request it is knows."""

    at: int = 0
    flavour: Flavour = "before"
    count: int = 0
    dead: bool = False

    def strikes(self) -> bool:
        """Count a request, and tell whether it is the one."""
        if self.dead:
            raise Died
        self.count += 1
        return self.count == self.at

    def blow(self) -> Died:
        """Have the process dead from now on; return what to raise."""
        self.dead = True
        return Died()
