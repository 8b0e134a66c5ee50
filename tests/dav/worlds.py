"""A simulated mailbox on one side, a real server on the other, and a fuse through which all requests go."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs
import httpx

import tallystick as ts
from tallystick.ports import RunState
from tallystick.profiles import maximizer
from tallystick.providers.dav import ENTRIES, Collection, DavProvider, Transport
from tallystick.providers.graph import Mailbox
from tallystick.providers.memory import VirtualClock
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.testing.graph import GraphService
from tallystick.testing.graph.bridge import transport as to_service
from tests.dav.doors import Door
from tests.dav.page import names_of_page
from tests.dav.servers import NO_KEEPING, Server, people_at
from tests.providers.fuse import Fuse

CATEGORY, LIST = "Maximizer", "Clients"
LATER = 600.0


class Fused(httpx.BaseTransport):
    """A transport whose requests go through a fuse."""

    def __init__(self, inner: httpx.BaseTransport, fuse: Fuse) -> None:
        self.inner, self.fuse = inner, fuse

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or not."""
        fuse = self.fuse
        if not fuse.strikes():
            return self.inner.handle_request(request)
        if fuse.flavour != "before":
            response = self.inner.handle_request(request)
            response.read()
            response.close()
        if fuse.flavour == "lost":
            raise httpx.ReadTimeout("no answer", request=request)
        raise fuse.blow()


class Hand(Protocol):
    """The user of a server."""

    def insert(self, record: Entry, *, member: bool) -> str:
        """Add an entry."""
        ...

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Change an entry."""
        ...

    def record(self, id: str) -> Entry:  # noqa: A002 -- the word of the ports
        """Return an entry."""
        ...

    def ids(self) -> Any:  # noqa: ANN401 -- a collection
        """Return the ids of all entries."""
        ...


@attrs.frozen
class Right:
    """The side of the real server: how a provider of it is made over a transport, and its user's hand."""

    provider: Callable[[httpx.Client], Any]
    hand: Hand
    credentials: tuple[str, str] | None


def on_book(server: Server) -> Right:
    """Return a fresh address book."""
    url = server.made()

    def provider(client: httpx.Client) -> Any:  # noqa: ANN401 -- a provider
        return DavProvider(Collection(url), ENTRIES, Transport(client=client))

    return Right(provider, Door(server, url, ENTRIES, LIST), server.credentials)


def in_store(server: Server) -> Right:
    """Return a fresh collection of a document store, by the provider of the documentation."""
    url, page = people_at(server), names_of_page()

    def provider(client: httpx.Client) -> Any:  # noqa: ANN401 -- a provider
        return page["RestProvider"](url, Transport(client=client))

    return Right(provider, page["Door"](server.client(), url), server.credentials)


class World:
    """Both sides, and what is kept between runs."""

    def __init__(self, right: Right) -> None:
        self.right = right
        self.clock = VirtualClock()
        self.service = GraphService(clock=self.clock)
        self.state = ts.MemoryState()
        self.profile = maximizer.contacts(category=CATEGORY, favourite_list=LIST)

    def run(self, fuse: Fuse | None = None) -> ts.Report:
        """Run once; whatever a killed process held in memory is gone before."""
        fuse = fuse or Fuse()
        graph = httpx.Client(transport=Fused(to_service(self.service), fuse))
        real = Fused(httpx.HTTPTransport(limits=NO_KEEPING), fuse)
        mailbox = Mailbox("graph/ada", lambda: self.service.token, client=graph, page_size=2)
        with httpx.Client(transport=real, auth=self.right.credentials, timeout=60) as client:
            sync = ts.Sync(
                "people",
                left=mailbox.contacts(),
                right=self.right.provider(client),
                profile=self.profile,
                state=self.state,
                clock=self.clock,
            )
            return sync.run()

    def quiet(self) -> None:
        """Run until nothing is to be done, which must not take long."""
        for _ in range(4):
            self.clock.advance(LATER)
            report = self.run()
            if report.state is RunState.COMPLETE and not report.written():
                return
        raise AssertionError("the world does not come to rest")

    def picture(self) -> tuple[object, ...]:
        """Return what stands on both sides, without ids."""
        contacts = (
            (one.surname, one.company_name, one.job_title, tuple(mail.address for mail in one.email_addresses))
            for one in self.service.contacts.all().values()
        )
        entries = map(self.right.hand.record, self.right.hand.ids())
        return sorted(contacts), sorted((one.last_name, one.company_name, one.position, one.emails) for one in entries)

    def first(self) -> None:
        """Have each side hold somebody whom the other doesn't, and somebody whom both know."""
        for name in ("Byron", "Noether"):
            self.service.contacts.insert(contact(name))
        self.right.hand.insert(entry("Noether", company_name="Example Ltd"), member=True)
        self.right.hand.insert(entry("Germain", position="Professor"), member=True)

    def later(self) -> None:
        """Have edits of every kind on both sides since a first run."""
        self.first()
        self.run()
        contacts, hand = self.service.contacts, self.right.hand
        by_name = {one.surname: id_ for id_, one in contacts.all().items()}
        entries = {hand.record(id_).last_name: id_ for id_ in hand.ids()}
        contacts.edit(by_name["Germain"], company_name="Elastic")
        contacts.delete(by_name["Byron"])
        contacts.insert(contact("Kovalevskaya"))
        hand.edit(entries["Germain"], {"position": "Reader"})
        hand.insert(entry("Lamarr"), member=True)


def contact(name: str) -> Contact:
    """Return a contact in the category."""
    mail = (EmailAddress(f"{name.lower()}@example.com"),)
    return Contact("Given", surname=name, email_addresses=mail, categories=(CATEGORY,))


def entry(name: str, **fields: Any) -> Entry:  # noqa: ANN401 -- an entry's own
    """Return an entry."""
    return Entry(first_name="Given", last_name=name, emails=(f"{name.lower()}@example.com",), **fields)
