"""Provide the serving of the demonstration's console, to one browser of this machine.

It listens on the loopback only. Its door is a key in the address that is printed: it opens once, and leaves a cookie in
the browser that used it; the console's hook knows that cookie, and nothing else.
"""

import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hmac import compare_digest

import attrs

from tallystick import Sync
from tallystick.cli.demo_history import LABELS
from tallystick.errors import MissingExtra, TallystickError, UsageError
from tallystick.ports import Clock
from tallystick.records import Contact, Entry

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, RedirectResponse, Response
    from starlette.routing import Mount, Route
except ModuleNotFoundError as _error:
    raise MissingExtra(
        f"the console's demo needs {_error.name}", remedy="pip install 'tallystick[cli,console]'"
    ) from None

from tallystick.console import Action, console

HOST = "127.0.0.1"
WHO = "you"
_COOKIE = "tallystick-demo"
_BYTES = 24
_EVERY = 0.5
_LAST_PORT = 65_535


@attrs.define
class Key:
    """A key that opens once. Live: it knows whether it has."""

    text: str = attrs.field(factory=lambda: secrets.token_urlsafe(_BYTES), repr=False)
    cookie: str = attrs.field(factory=lambda: secrets.token_urlsafe(_BYTES), repr=False)
    used: bool = False

    async def open(self, request: Request) -> Response:
        """Let in the first who comes with the key."""
        if self.used or not compare_digest(request.path_params["key"].encode(), self.text.encode()):
            return PlainTextResponse("This address works once. Start the demo again for a new one.\n", 403)
        self.used = True
        answer = RedirectResponse("/", 303, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
        answer.set_cookie(_COOKIE, self.cookie, httponly=True, samesite="strict", path="/")
        return answer

    def knows(self, request: Request, _action: Action, _sync: str) -> str | None:
        """Tell who is there: the one whose browser has the cookie."""
        held = request.cookies.get(_COOKIE, "")
        return WHO if compare_digest(held.encode(), self.cookie.encode()) else None


def make_app(syncs: Mapping[str, Sync[Contact, Entry]], clock: Clock, key: Key) -> Starlette:
    """Return the console behind its door."""
    shown = console(
        syncs,
        authorise=key.knows,
        secret=secrets.token_bytes(32),
        labels=LABELS,
        title="tallystick demo",
        clock=clock,
    )
    return Starlette(routes=[Route("/open/{key}", key.open), Mount("/", shown)])


def listen(port: int) -> socket.socket:
    """Return a socket of the loopback, on any port that is free where ``port`` is 0. Raises UsageError."""
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"there is no port {port}", remedy="name one of 1 to 65535 with --port, or none")
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen()
    except OSError as error:
        made.close()
        raise UsageError(
            f"nobody can listen on port {port} ({error.strerror})", remedy="name another with --port, or none"
        ) from None
    return made


def serve(app: Starlette, listening: socket.socket) -> None:
    """Serve until Ctrl-C."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=2
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def runs_made(syncs: Mapping[str, Sync[Contact, Entry]]) -> Iterator[None]:
    """Make the runs that are due or asked for in a thread of their own meanwhile, as a host's worker would."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(_EVERY):
            for sync in syncs.values():
                with suppress(TallystickError):  # the next time is soon
                    sync.run_if_due()

    worker = threading.Thread(target=work, name="tallystick-demo", daemon=True)
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()
