"""Provide ports that count the requests of a run and end the world at one of them.

What is wrapped is what a sync is given: both providers, the state, the sink. Every request is counted; at the one that
was asked for the process dies, before the request is carried out, or after it and before its answer. A dead process
makes no further request: whatever it tries is the end of the world again.
"""

# ruff: noqa: ANN401 - these take whatever they are given

from typing import Any, Literal

import attrs

from tallystick.errors import OutcomeUnknown

Flavour = Literal["before", "after", "lost", "unsent"]
"""Before: crash, not carried out. After: crash, carried out. Lost, unsent: no answer, the run goes on."""

WRITES = frozenset({"create", "update", "remove", "send"})
_FREE = frozenset({"account", "capabilities", "scopes", "key", "faults"})


class Crash(BaseException):
    """The end of the process."""


@attrs.define
class Fuse:
    """Counts requests, or writes only, and strikes at number ``at`` (from 1; 0 never) with ``flavour``."""

    at: int = 0
    flavour: Flavour = "before"
    writes_only: bool = False
    count: int = 0
    trace: list[str] = attrs.field(factory=list)
    dead: bool = False
    struck: bool = False

    def call(
        self, name: str, method: str, function: Any, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> object:
        """Carry out one request, or not."""
        if self.dead:
            raise Crash
        written = method in WRITES and name in ("left", "right")
        self.count += written or not self.writes_only
        self.trace.append(f"{name}.{method}")
        if self.count != self.at or self.struck:
            return function(*args, **kwargs)
        self.struck = True
        if self.flavour in ("lost", "unsent"):
            if not written:
                return function(*args, **kwargs)
            if self.flavour == "lost":
                function(*args, **kwargs)
            raise OutcomeUnknown("no answer")
        self.dead = True
        if self.flavour == "after":
            function(*args, **kwargs)
        raise Crash


class Fused:
    """A port whose every request goes through a fuse."""

    def __init__(self, name: str, port: Any, fuse: Fuse) -> None:
        self._name = name
        self._port = port
        self._fuse = fuse

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if method in _FREE or not callable(found):
            return found
        return lambda *args, **kwargs: self._fuse.call(self._name, method, found, args, kwargs)
