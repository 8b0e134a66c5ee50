"""Provide the simulated service: the part of Microsoft Graph v1.0 that a sync uses, for one mailbox, without a network.

It is an ASGI application of no dependencies, so that any client can be pointed at it: in the process
(``httpx.ASGITransport``), over loopback under any ASGI server, or call by call (:meth:`GraphService.respond`).

A request without the mailbox's token is answered with 401, but for the parts of a file, which go without; a batch's
parts one by one, an unknown path with 400. Faults are queued with :meth:`GraphService.fail`; what was asked is kept in
``requests``, the parts of batches too.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Final

from tallystick.ports import Clock
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.virtual_clock import VirtualClock
from tallystick.testing.graph.calendar import Calendar
from tallystick.testing.graph.contacts import Contacts
from tallystick.testing.graph.drawer import Drawer, as_body
from tallystick.testing.graph.exchange import Body, Fault, GraphQuirks, Refused, Request, Response
from tallystick.testing.graph.listings import listing
from tallystick.testing.graph.mail import Mail
from tallystick.testing.graph.todo import Todo

_MOST_PARTS: Final = 20
_Message = MutableMapping[str, Any]


class GraphService:
    """A mailbox behind a simulated service.

    Args:
        token: The access token that clients have to send.
        user: The id by which ``/users/{id}`` leads to the mailbox, as ``/me`` does.
        clock: Gives each write its time.
        quirks: What the service does beyond the documented.
        habits: What becomes of recurring tasks, and where the person lives who sets their days.
    """

    def __init__(
        self,
        *,
        token: str = "a-token",
        user: str = "ada@example.com",
        clock: Clock | None = None,
        quirks: GraphQuirks | None = None,
        habits: Quirks | None = None,
    ) -> None:
        self.token: str = token
        self.user: str = user
        self.requests: list[Request] = []
        self.faults: deque[Fault] = deque()
        self._clock = clock or VirtualClock()
        self._quirks = quirks or GraphQuirks()
        self.contacts: Contacts = Contacts(self._clock, self._quirks)
        self.calendar: Calendar = Calendar(self._clock, self._quirks, user)
        self.todo: Todo = Todo(self._clock, self._quirks, habits or Quirks())
        self.mail: Mail = Mail(self._clock, self._quirks, user)
        self._categories = Drawer(self._clock, "category", outlook=False, dated=False)

    def fail(self, fault: Fault, times: int = 1) -> None:
        """Have the next requests that a fault fits be answered with it; faults wait for their turn."""
        self.faults.extend([fault] * times)

    def add_category(self, name: str) -> None:
        """Add a category to the mailbox's own list; objects may have others."""
        self._categories.add("", {"displayName": name, "color": "preset0"})

    # --- as a function -----------------------------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        if request.path[0] == "uploads":
            return self._answered(request, within=False)
        if request.header("Authorization") != f"Bearer {self.token}":
            return Refused(401, "InvalidAuthenticationToken").response
        if request.path == ("$batch",):
            return self._unless_fault(request, self._batch, within=False)
        return self._answered(request, within=False)

    def _answered(self, request: Request, *, within: bool) -> Response:
        self.requests.append(request)
        return self._unless_fault(request, self._handled, within=within)

    def _unless_fault(self, request: Request, handle: Callable[[Request], Response], *, within: bool) -> Response:
        """Answer a request by ``handle``, unless a fault is waiting for it."""
        if not (self.faults and self.faults[0].fits(request, within=within)):
            return handle(request)
        fault = self.faults.popleft()
        if fault.done:
            handle(request)
        return fault.response()

    def _handled(self, request: Request) -> Response:
        try:
            return self._routed(request)
        except Refused as refused:
            return refused.response

    def _batch(self, request: Request) -> Response:
        parts = (request.body or {}).get("requests")
        if not isinstance(parts, list) or not 0 < len(parts) <= _MOST_PARTS:
            return Refused(400, "BadRequest").response
        self.requests.append(request)
        answers = []
        for part in parts:
            headers = {str(key): str(value) for key, value in as_body(part.get("headers") or {}).items()}
            body = part.get("body")
            inner = Request(str(part["method"]), f"{request.root}{part['url']}", headers, body)
            response = self._answered(inner, within=True)
            answer: Body = {"id": part["id"], "status": response.status, "headers": dict(response.headers)}
            answers.append(answer if response.body is None else {**answer, "body": response.body})
        # The parts of an answer come in no order that could be relied on.
        return Response(200, {"responses": answers[::-1]})

    def _routed(self, request: Request) -> Response:
        match request.path:
            case ("uploads", *rest):
                return self.mail.uploads.respond(request, rest)
            case ("me", *rest):
                return self._mailbox(request, rest)
            case ("users", user, *rest) if user == self.user:
                return self._mailbox(request, rest)
        raise Refused(404, "ErrorNonExistentMailbox" if request.path[:1] == ("users",) else "BadRequest")

    def _mailbox(self, request: Request, path: list[str]) -> Response:
        match path:
            case ["contacts" | "contactFolders", *_]:
                return self.contacts.respond(request, path)
            case ["calendarView", *rest]:
                return self.calendar.respond_view(request, rest)
            case ["events", *rest]:
                return self.calendar.respond(request, rest)
            case ["messages" | "mailFolders", *_]:
                return self.mail.respond(request, path)
            case ["todo", "lists", *rest]:
                return self.todo.respond(request, rest)
            case ["outlook", "masterCategories"]:
                rows = self._categories.rows.values()
                return listing(request, rows, self._categories.shown, self._quirks)
        raise Refused(400, "BadRequest")

    # --- as an ASGI application --------------------------------------------------------------------------------------

    async def __call__(
        self,
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[_Message]],
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:
        """Answer one HTTP request of an ASGI server or transport."""
        if scope["type"] != "http":
            return
        received = bytearray()
        more = True
        while more:
            message = await receive()
            received += message.get("body", b"")
            more = message.get("more_body", False)
        response = self.respond(_request(scope, bytes(received)))
        headers = {"content-type": "application/json", **response.headers}
        raw = [(key.lower().encode(), value.encode()) for key, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": response.encoded()})


def _request(scope: Mapping[str, Any], body: bytes) -> Request:
    sent: Iterable[tuple[bytes, bytes]] = scope["headers"]
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in sent}
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = scope.get("query_string", b"").decode("latin-1")
    url = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{path}{'?' if query else ''}{query}"
    return Request.of(str(scope["method"]), url, headers, body)
