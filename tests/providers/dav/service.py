"""An address book of the tests' own, in memory behind httpx: what servers do differently can be switched on.

It keeps texts and etags and a log of what changed, and answers PROPFIND, sync-collection, multiget, GET, PUT, DELETE.
Real servers are asked by ``nox -s dav``; this one does on demand what those do some day.
"""

import re
from collections.abc import Callable, Collection, Mapping
from itertools import count
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

import attrs
import httpx

from tallystick.ports import Clock
from tallystick.providers import dav
from tallystick.providers.dav import AsyncDavProvider, AsyncTransport, DavKind, DavProvider, Limits, Transport

URL = "https://dav.example.com/ada/people/"
PATH = "/ada/people/"
LIMITS = Limits(size=4_000_000, seconds=20)
_NAMES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:L="urn:ietf:params:xml:ns:caldav"'
_HREF = re.compile(r"<D:href>([^<]*)</D:href>")
_TOKEN = re.compile(r"<D:sync-token>t?([0-9]*)</D:sync-token>")
Rewrite = Callable[[str], str]
Intrusion = Callable[[httpx.Request], httpx.Response | None]


@attrs.define
class Service:
    """The service. Fields after ``log`` are switches.

    ``page``: how many changes are shown before the rest is left for another request. ``etags``: whether a PUT is
    answered with one. ``weak``: whether etags are weak. ``silent``: whether what is missing is left out of an answer.
    ``limited``: whether a limit is refused. ``rewrite``: what is made of a text that is put. ``intrude``: an answer
    to give instead. ``after_put``: what somebody else does right after.
    """

    suffix: str = ".vcf"
    data: str = "C:address-data"
    texts: dict[str, str] = attrs.field(factory=dict)
    versions: dict[str, int] = attrs.field(factory=dict)
    log: list[str] = attrs.field(factory=list)
    forgotten: int = 0
    page: int = 10_000
    etags: bool = True
    listed_etags: bool = True
    weak: bool = False
    silent: bool = False
    limited: bool = False
    rewrite: Rewrite = lambda text: text
    intrude: Intrusion = lambda _: None
    after_put: Callable[[str], None] = lambda _: None
    asked: list[str] = attrs.field(factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.asked.append(request.method)
        instead = self.intrude(request)
        if instead is not None:
            return instead
        name = unquote(request.url.path.removeprefix(PATH))
        body = request.content.decode()
        if request.method == "REPORT":
            return self._synced(body) if "sync-collection" in body else self._many(_HREF.findall(body))
        if request.method == "PROPFIND":
            return answered("".join(map(self._said, self.texts)) + whole(PATH, "200 OK"))
        return self._one(request, name)

    def put(self, name: str, text: str) -> None:
        """Keep a text, whoever wrote it."""
        self.texts[name] = text
        self.log.append(name)
        self.versions[name] = len(self.log)

    def drop(self, name: str) -> None:
        """Delete a text."""
        del self.texts[name]
        self.log.append(name)

    def etag(self, name: str) -> str:
        """Return the etag of a text."""
        return f'{"W/" if self.weak else ""}"{self.versions[name]}"'

    def _one(self, request: httpx.Request, name: str) -> httpx.Response:
        present = self.etag(name) if name in self.texts else None
        if request.method == "GET":
            return httpx.Response(200, text=self.texts[name], headers={"ETag": self.etag(name)}) if present else gone()
        if request.headers.get("If-None-Match") == "*" and present:
            return httpx.Response(412)
        wanted = request.headers.get("If-Match")
        if wanted is not None and (wanted != present or self.weak):
            return httpx.Response(412)
        if request.method == "DELETE":
            if present is None:
                return gone()
            self.drop(name)
            return httpx.Response(204)
        self.put(name, self.rewrite(request.content.decode()))
        headers = {"ETag": self.etag(name)} if self.etags else {}
        self.after_put(name)
        return httpx.Response(204 if present else 201, headers=headers)

    def _synced(self, body: str) -> httpx.Response:
        if self.limited and "nresults" in body:
            return refused(507, "number-of-matches-within-limits")
        (since,) = _TOKEN.findall(body)
        if since and int(since) < self.forgotten:
            return refused(403, "valid-sync-token")
        end = min(int(since or 0) + self.page, len(self.log))
        names = dict.fromkeys(self.log[int(since or 0) : end])
        said = "".join(
            self._said(name) if name in self.texts else whole(PATH + name, "404 Not Found")
            for name in names
            if name in self.texts or since
        )
        more = whole(PATH, "507 Insufficient Storage") if end < len(self.log) else ""
        return answered(f"{said}{more}<sync-token>t{end}</sync-token>")

    def _many(self, hrefs: list[str]) -> httpx.Response:
        names = [unquote(href.removeprefix(PATH)) for href in hrefs]
        missing = (
            "" if self.silent else "".join(whole(PATH + one, "404 Not Found") for one in names if one not in self.texts)
        )
        found = (
            self._said(one, f"<{self.data}>{escape(self.texts[one])}</{self.data}>")
            for one in names
            if one in self.texts
        )
        return answered("".join(found) + missing)

    def _said(self, name: str, more: str = "") -> str:
        etag = f"<getetag>{escape(self.etag(name))}</getetag>" if self.listed_etags else ""
        props = f"<prop>{etag}{more}</prop><status>HTTP/1.1 200 OK</status>"
        return f"<response><href>{PATH}{name}</href><propstat>{props}</propstat></response>"


def answered(responses: str) -> httpx.Response:
    """A multi-status."""
    return httpx.Response(207, text=f"<multistatus {_NAMES}>{responses}</multistatus>")


def whole(href: str, status: str) -> str:
    """What is said of a resource as a whole."""
    return f"<response><href>{href}</href><status>HTTP/1.1 {status}</status></response>"


def refused(status: int, condition: str) -> httpx.Response:
    """An error that names a condition."""
    return httpx.Response(status, text=f"<error {_NAMES}><{condition}/></error>")


def gone() -> httpx.Response:
    """What is answered of nothing."""
    return httpx.Response(404)


def provider(
    service: Service, kind: DavKind[Any] = dav.CONTACTS, *, delta: bool = True, clock: Clock | None = None
) -> DavProvider[Any]:
    """Return a provider of the service."""
    transport = Transport(client=httpx.Client(transport=httpx.MockTransport(service)), limits=LIMITS)
    return DavProvider(dav.Collection(URL, "People", delta), kind, transport, clock=clock)


def awaited(service: Service, kind: DavKind[Any] = dav.CONTACTS) -> AsyncDavProvider[Any]:
    """Return a provider of the service that is awaited."""
    transport = AsyncTransport(client=httpx.AsyncClient(transport=httpx.MockTransport(service)), limits=LIMITS)
    return AsyncDavProvider(dav.Collection(URL, "People"), kind, transport)


@attrs.frozen
class Door:
    """The service as its own user sees it."""

    service: Service
    kind: DavKind[Any]
    name: str = "Maximizer"
    numbers: "count[int]" = attrs.field(factory=lambda: count(1))

    def insert(self, record: object, *, member: bool) -> str:
        """Keep a record under a name of its own."""
        id_ = f"by-hand-{next(self.numbers)}"
        document = self.kind.codec.blank()
        self._keep(id_, document.encode([document.fresh(id_, record, (self.name,) if member else ())]))
        return id_

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Change a record."""
        self._change(id, fields, None)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a record."""
        self.service.drop(id + self.service.suffix)

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a record on the list, or take it off."""
        self._change(id, {}, (self.name,) if member else ())

    def record(self, id: str) -> Any:  # noqa: A002, ANN401 -- the word of the ports
        """Return a record."""
        return self.kind.codec.decode(self.service.texts[id + self.service.suffix].encode(), "hand").rows[0].record

    def ids(self) -> Collection[str]:
        """Return all ids."""
        return [name.removesuffix(self.service.suffix) for name in self.service.texts]

    def expire_cursors(self) -> bool:
        """Forget what changed until now."""
        self.service.forgotten = len(self.service.log) + 1
        self.service.log.append("")
        return True

    def _change(self, id_: str, fields: Mapping[str, Any], lists: tuple[str, ...] | None) -> None:
        document = self.kind.codec.decode(self.service.texts[id_ + self.service.suffix].encode(), "hand")
        (row,) = document.rows
        wanted = row.lists if lists is None else lists
        record = self.kind.codec.shape.listed(attrs.evolve(row.record, **fields), wanted)
        self._keep(id_, document.encode([document.amend(row, record, wanted)]))

    def _keep(self, id_: str, content: bytes) -> None:
        self.service.put(id_ + self.service.suffix, content.decode())
