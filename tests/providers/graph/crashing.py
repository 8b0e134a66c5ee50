"""Provide requests at which a run dies, or gets no answer: of a simulated service, and of a CRM."""

from collections.abc import Callable
from typing import Any, Literal

import attrs
import httpx

from tallystick.errors import OutcomeUnknown
from tallystick.testing.graph import Fault, GraphService
from tallystick.testing.graph.bridge import transport

Flavour = Literal["before", "after", "lost", "unsent", "failed", "throttled"]
"""Before, after: the process dies. Lost, unsent: no answer comes. Failed, throttled: the service says so."""


class Died(BaseException):
    """The end of the process."""


@attrs.define
class Fuse:
    """Counts requests, and strikes at one of them."""

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

    def crm(self, carried_out: Callable[[], object], *, writes: bool) -> object:
        """Carry out a request of the CRM, or not."""
        if not self.strikes():
            return carried_out()
        if self.flavour in ("before", "after"):
            self.dead = True
            if self.flavour == "after":
                carried_out()
            raise Died
        if writes and self.flavour in ("lost", "unsent"):
            if self.flavour == "lost":
                carried_out()
            raise OutcomeUnknown("no answer")
        return carried_out()


class Struck:
    """A CRM whose requests go through a fuse."""

    def __init__(self, entries: Any, fuse: Fuse) -> None:  # noqa: ANN401 -- a collection
        self._entries, self._fuse = entries, fuse
        self.account, self.capabilities = entries.account, entries.capabilities

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method
        method, writes = getattr(self._entries, name), name in ("create", "update", "remove")
        return lambda *args: self._fuse.crm(lambda: method(*args), writes=writes)


def struck(service: GraphService, fuse: Fuse) -> Callable[[httpx.Request], httpx.Response]:
    """Return a handler of requests to a service that go through a fuse."""
    inner = transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        if not fuse.strikes():
            return inner.handle_request(request)
        if fuse.flavour in ("failed", "throttled"):
            status = 500 if fuse.flavour == "failed" else 429
            service.fail(Fault(status, retry_after="1.5", done=fuse.flavour == "failed"))
            return inner.handle_request(request)
        if fuse.flavour in ("after", "lost"):
            inner.handle_request(request)
        if fuse.flavour in ("before", "after"):
            fuse.dead = True
            raise Died
        raise httpx.ReadTimeout("no answer", request=request)

    return handle
