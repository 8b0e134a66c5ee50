"""Provide what goes between a client and the simulated service: requests, responses, refusals, and how to act up."""

import base64
import json
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

Body = dict[str, object]
PREFIX: Final = "/v1.0"


@attrs.frozen
class Request:
    """One request, as it came or as it stood in a batch. ``path`` are the decoded parts after the version.

    ``content`` is what was sent where that is no JSON.
    """

    method: str
    url: str
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    body: Body | None = attrs.field(default=None, repr=False)
    content: bytes = attrs.field(default=b"", repr=False)

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str], content: bytes) -> "Request":
        """Return a request as it came."""
        request = cls(method, url, headers)
        if request.header("Content-Type") == "application/octet-stream":
            return attrs.evolve(request, content=content)
        return attrs.evolve(request, body=json.loads(content) if content else None)

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of the path, without the version."""
        whole = urlsplit(self.url).path.removeprefix(PREFIX)
        return tuple(unquote(part) for part in whole.strip("/").split("/"))

    @property
    def query(self) -> dict[str, str]:
        """The options of the query."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def root(self) -> str:
        """Where the version begins: links lead back to whatever address the client used."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{PREFIX}"

    def header(self, name: str) -> str:
        """Return a header; empty where it was not sent."""
        return next((value for key, value in self.headers.items() if key.casefold() == name.casefold()), "")

    def prefers(self, what: str) -> str | None:
        """Return the value of one preference, None where it was not sent."""
        for part in self.header("Prefer").split(","):
            name, _, value = part.strip().partition("=")
            if name.casefold() == what.casefold():
                return value.strip('"')
        return None

    @property
    def immutable(self) -> bool:
        """Whether ids are asked for that stay when an object is moved."""
        return self.prefers("IdType") == "ImmutableId"


@attrs.frozen
class Response:
    """One response. ``body`` is JSON, or nothing; ``content`` is what takes its place where bytes were asked for."""

    status: int
    body: Body | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    content: bytes = attrs.field(default=b"", repr=False)

    def encoded(self) -> bytes:
        """Return the body as it is sent."""
        return self.content if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class Refused(Exception):
    """The service does not do what it was asked; raised by handlers, and answered."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.response: Response = Response(status, {"error": {"code": code, "message": f"Simulated: {code}."}})


@attrs.frozen
class Fault:
    """How the service acts up once: what it answers, and whether it has done by then what it was asked.

    ``only`` narrows it to requests of one method; ``within`` to those within a batch, or to those that are none.
    ``body`` takes the place of an error's.
    """

    status: int
    code: str = "SimulatedFault"
    retry_after: str | None = None
    done: bool = False
    only: str | None = None
    within: bool | None = None
    body: Body | None = None

    def fits(self, request: Request, *, within: bool) -> bool:
        """Tell whether this request is the one to fail."""
        return self.only in (None, request.method) and self.within in (None, within)

    def response(self) -> Response:
        """Return what is answered."""
        headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        return Response(self.status, self.body or Refused(self.status, self.code).response.body, headers)


@attrs.frozen
class GraphQuirks:
    """What the service does beyond the documented. The defaults are those of most mailboxes.

    ``page_size``: rows on a page that asks for no size. ``invalid_addresses``: a contact's address that is none is
    taken and never shown again, or refused. ``keeps_properties``: some mailboxes drop extended properties silently.
    ``html_bodies``: a body of an event that was written as text comes back as HTML. ``empty_pages``: pages without
    rows come in between. ``replays``: delta pages say things twice, and name ids that were never shown. ``partial``:
    a delta names only what changed of an object. ``repeated_transaction``: a create that comes again under its
    transactionId is answered with the first event, or with a conflict.
    """

    page_size: int = 10
    invalid_addresses: Literal["drop", "refuse"] = "drop"
    keeps_properties: bool = True
    html_bodies: bool = True
    empty_pages: bool = False
    replays: bool = False
    partial: bool = False
    repeated_transaction: Literal["replay", "conflict"] = "replay"


def opaque(value: object) -> str:
    """Return a value as a text that says nothing to who reads it: a token of a feed."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def transparent(token: str) -> dict[str, object]:
    """Return the value of :func:`opaque`; a token that is none is refused as the service refuses it."""
    try:
        found = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise Refused(400, "ErrorInvalidUrlQuery") from None
    return found if isinstance(found, dict) else {}
