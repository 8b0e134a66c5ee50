"""Provide requests at which a run dies, or gets no answer: of a simulated service, and of a CRM."""

from collections.abc import Callable
from typing import Any

import httpx

from tallystick.errors import OutcomeUnknown
from tallystick.testing.graph import Fault, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.fuse import Fuse


class Struck:
    """A CRM whose requests go through a fuse."""

    def __init__(self, entries: Any, fuse: Fuse) -> None:  # noqa: ANN401 -- a collection
        self._entries, self._fuse = entries, fuse
        self.account, self.capabilities = entries.account, entries.capabilities

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method
        method, writes = getattr(self._entries, name), name in ("create", "update", "remove")
        return lambda *args: self._struck(lambda: method(*args), writes=writes)

    def _struck(self, carried_out: Callable[[], object], *, writes: bool) -> object:
        fuse = self._fuse
        if not fuse.strikes():
            return carried_out()
        if fuse.flavour in ("before", "after"):
            if fuse.flavour == "after":
                carried_out()
            raise fuse.blow()
        if writes and fuse.flavour in ("lost", "unsent"):
            if fuse.flavour == "lost":
                carried_out()
            raise OutcomeUnknown("no answer")
        return carried_out()


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
            raise fuse.blow()
        raise httpx.ReadTimeout("no answer", request=request)

    return handle
