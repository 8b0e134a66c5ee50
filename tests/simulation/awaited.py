"""Provide worlds whose ports are awaited, and a way to cancel a run at any of its awaits."""

# ruff: noqa: ANN401 - these take whatever they are given

import asyncio
from collections.abc import Iterable
from typing import Any

import attrs

from tallystick import Report, Sync
from tests.simulation.crash import Fuse
from tests.simulation.world import NAME, World

PORTS = ("left", "right", "state", "sink")
_PLAIN = frozenset({"account", "capabilities", "key", "faults", "keeps_images"})


@attrs.define
class Recorder(Fuse):
    """A fuse that also writes down every request in full."""

    requests: list[str] = attrs.field(factory=list)

    def call(self, name: str, method: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        """Carry out one request, or not."""
        if not self.dead:
            self.requests.append(f"{name}.{method} {args!r} {kwargs!r}")
        return super().call(name, method, function, args, kwargs)


@attrs.define
class Scissors:
    """Counts awaits, and cancels the run at number ``at`` (from 1; 0 never), and at every later one if ``ever``."""

    at: int = 0
    ever: bool = False
    count: int = 0
    run: "asyncio.Task[Report] | None" = None

    async def snip(self) -> None:
        """Wait, and be cancelled meanwhile where the time has come."""
        self.count += 1
        if self.run is not None and self.at and (self.count == self.at or (self.ever and self.count > self.at)):
            self.run.cancel()
        await asyncio.sleep(0)


class Awaited:
    """A port that is awaited: each request is carried out between two awaits."""

    def __init__(self, name: str, port: Any, fuse: Fuse, scissors: Scissors | None = None) -> None:
        self._name, self._port, self._fuse, self._scissors = name, port, fuse, scissors

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if method in _PLAIN or not callable(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            if self._scissors:
                await self._scissors.snip()
            reply = self._fuse.call(self._name, method, found, args, kwargs)
            await (self._scissors.snip() if self._scissors else asyncio.sleep(0))
            return reply

        return call


class Blocking:
    """A port that blocks, behind the same fuse."""

    def __init__(self, name: str, port: Any, fuse: Fuse) -> None:
        self._name, self._port, self._fuse = name, port, fuse

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if method in _PLAIN or not callable(found):
            return found
        return lambda *args, **kwargs: self._fuse.call(self._name, method, found, args, kwargs)


class AwaitedWorld(World):
    """A world whose runs go through the async driver; ``awaited`` names the ports that are awaited."""

    awaited: Iterable[str] = PORTS

    def awaited_sync(self, fuse: Fuse, scissors: Scissors | None = None) -> Sync[Any, Any]:
        """Return a sync as a fresh process would make it."""
        ports: dict[str, Any] = {}
        for name, port in zip(PORTS, (*self.sides, self.wrap_state(self.state), self.sink), strict=True):
            ports[name] = Awaited(name, port, fuse, scissors) if name in self.awaited else Blocking(name, port, fuse)
        return Sync(
            NAME, profile=self.profile, clock=self.clock, worker="the only one", observers=self.observers, **ports
        )

    def run(self, fuse: Fuse | None = None) -> Report:
        """Run once, and note the report."""
        report = asyncio.run(self.awaited_sync(fuse or Fuse()).run_async())
        self.reports.append(report)
        return report

    def run_cut(self, scissors: Scissors) -> None:
        """Run once, and be cancelled on the way; raises CancelledError if it was."""

        async def cut() -> Report:
            scissors.run = asyncio.create_task(self.awaited_sync(Fuse(), scissors).run_async())
            return await scissors.run

        self.reports.append(asyncio.run(cut()))
