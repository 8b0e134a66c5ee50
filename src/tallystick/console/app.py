"""Provide the app: its pages by address, and how errors look."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, tzinfo
from functools import cache, partial
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from tallystick.console import explaining, history, mending, overview, planning, settling, standing, words
from tallystick.console.desk import AnySync, Desk
from tallystick.console.door import Authorise
from tallystick.console.forgery import Seal
from tallystick.console.headers import HEADERS, KEPT, NEVER_KEPT, Headers
from tallystick.console.links import PATHS, outward
from tallystick.console.values import one_line
from tallystick.errors import (
    LeaseHeld,
    ProviderError,
    SafetyError,
    SettingsError,
    StalePlan,
    StateError,
    TallystickError,
    UnknownRecord,
)
from tallystick.ports import Clock, Side
from tallystick.ports.clock import instant_of
from tallystick.reconcile.reasons import words as reason_words
from tallystick.sync import SystemClock
from tallystick.sync.checking import require_clock
from tallystick.sync.tally import written
from tallystick.text import counted

Page = Callable[[Desk, Request], Awaitable[Response]]

SHOWN: Final[Mapping[str, Page]] = {
    "overview": overview.overview,
    "history": history.history,
    "run": history.run,
    "ignored": standing.ignored,
    "errors": standing.errors,
    "error": mending.error,
    "conflicts": standing.conflicts,
    "conflict": settling.conflict,
    "plan": planning.plan,
    "undo": planning.undo,
    "explain": explaining.explain,
}
"""The pages that only show something, by the names that links have for them."""

DONE: Final[Mapping[str, Page]] = {
    "now": history.now,
    "error": mending.correct,
    "release": mending.release,
    "conflict": settling.resolve,
    "plan": planning.confirm,
    "undo": planning.take_back,
}
"""What forms are sent to."""

_STATUS: Final[Mapping[type[TallystickError], int]] = {
    UnknownRecord: 404,
    StalePlan: 409,
    LeaseHeld: 409,
    SafetyError: 409,
    ProviderError: 502,
    StateError: 503,
    TallystickError: 400,
}
_FAULT = "Something went wrong here. Whoever runs this service finds it in the log; nothing is half done."


def console(
    syncs: Mapping[str, AnySync],
    *,
    authorise: Authorise,
    secret: bytes,
    labels: tuple[str, str] = ("left", "right"),
    title: str = "tallystick",
    zone: tzinfo = UTC,
    origins: Collection[str] = (),
    clock: Clock | None = None,
) -> Starlette:
    """Return an ASGI app that shows syncs to people; mount it under a path of a backend.

    Args:
        syncs: The syncs by name. Any mapping does, so that a host may make each one when it is asked for.
        authorise: Who may do what: called with the request, the :class:`Action` and the name of the sync, it returns a
            lasting name of who is there, or None for no. It may block or be awaited.
        secret: 16 bytes at least, by which forms are known to be the console's own; the same in each process.
        labels: What people call the two sides.
        title: What stands at the head of each page.
        zone: By whose clocks times are shown.
        origins: The origins, such as ``https://crm.example.com``, that browsers see the pages at; by default that of
            the request.
        clock: What tells the time; the system's unless given.

    Raises:
        SettingsError: The secret is too short, or ``syncs``, ``authorise`` or ``zone`` is of another type.
        UsageError: The clock is none, or tells no instant.
    """
    told = SystemClock() if clock is None else clock
    require_clock(told)
    instant_of(told.now())
    _require(isinstance(syncs, Mapping), "syncs", syncs, "pass a mapping of syncs by name")
    _require(callable(authorise), "authorise", authorise, "pass a function, such as authorise(request, action, sync)")
    _require(isinstance(zone, tzinfo), "zone", zone, "pass a tzinfo, such as ZoneInfo(name)")
    desk = Desk(
        syncs=syncs,
        authorise=authorise,
        seal=Seal(secret),
        clock=told,
        zone=zone,
        labels=labels,
        origins=frozenset(origins),
        title=title,
        templates=_environment(),
    )
    return Starlette(
        routes=_routes(desk),
        middleware=[Middleware(Headers)],
        exception_handlers={
            HTTPException: partial(_refused, desk),
            TallystickError: partial(_failed, desk),
            Exception: partial(_broken, desk),
        },
    )


def _require(fits: bool, name: str, given: object, remedy: str) -> None:  # noqa: FBT001 -- what was found out
    """Raise SettingsError for what can't be served with: each page would say that something broke."""
    if not fits:
        raise SettingsError(f"a {type(given).__name__} will not do", where=f"console, {name}", remedy=remedy)


def _routes(desk: Desk) -> list[BaseRoute]:
    return [
        *(Route(PATHS[name], partial(page, desk), methods=["GET"], name=name) for name, page in SHOWN.items()),
        *(Route(PATHS[name], partial(page, desk), methods=["POST"], name=f"{name}.do") for name, page in DONE.items()),
        Mount(PATHS["static"], _Kept(packages=[("tallystick.console", "static")]), name="static"),
    ]


class _Kept(StaticFiles):
    """Static files, which hold nothing of anybody: browsers may keep them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"cache-control", KEPT.encode())]
            await send(message)

        await super().__call__(scope, receive, sending)


@cache
def _environment() -> Environment:
    """Return the templates, compiled once for all consoles of a process."""
    made = Environment(
        loader=PackageLoader("tallystick.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        moment=words.moment,
        took=words.took,
        noted=words.noted,
        written=lambda run, side: written(run, Side(side)),
        reason=reason_words,
        counted=counted,
        one_line=one_line,
        outward=outward,
    )
    return made


async def _refused(desk: Desk, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- it is registered for these
    if error.headers and any(name.lower() == "location" for name in error.headers):
        return Response(status_code=error.status_code, headers=error.headers)
    answer = desk.page(request, "trouble.html", code=error.status_code, said=error.detail)
    answer.headers.update(error.headers or {})
    return answer


async def _failed(desk: Desk, request: Request, error: Exception) -> Response:
    assert isinstance(error, TallystickError)  # noqa: S101 -- it is registered for these
    code = next(code for made, code in _STATUS.items() if isinstance(error, made))
    return desk.page(request, "trouble.html", code=code, said=words.told(error))


async def _broken(desk: Desk, request: Request, _error: Exception) -> Response:
    answer = desk.page(request, "trouble.html", code=500, said=_FAULT)
    answer.headers.update({**HEADERS, "Cache-Control": NEVER_KEPT})
    return answer
