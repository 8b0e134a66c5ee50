"""A two-way sync of contacts between a mailbox and a CRM, killed at every request: nothing is lost, nothing doubled."""

from collections.abc import Callable
from typing import Any, get_args

import attrs
import httpx
import pytest

import tallystick as ts
from tallystick.ports import Remove, RunState, Scope, Status
from tallystick.profiles import maximizer
from tallystick.providers.graph import Mailbox
from tallystick.providers.memory import FakeCrm, VirtualClock
from tallystick.reconcile import Bucket
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.testing.graph import Fault, GraphQuirks, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.fuse import Died, Flavour, Fuse
from tests.providers.graph.crashing import Struck, struck

CATEGORY, LIST = "Maximizer", "Clients"
LATER = 600.0


class World:
    """A mailbox at a simulated service, a CRM, and what is kept between runs."""

    def __init__(self, quirks: GraphQuirks | None = None) -> None:
        self.clock = VirtualClock()
        self.service = GraphService(clock=self.clock, quirks=quirks)
        self.crm = FakeCrm(clock=self.clock)
        self.state = ts.MemoryState()
        self.profile = maximizer.contacts(category=CATEGORY, favourite_list=LIST)

    def run(self, fuse: Fuse | None = None) -> ts.Report:
        """Run once."""
        fuse = fuse or Fuse()
        client = httpx.Client(transport=httpx.MockTransport(struck(self.service, fuse)))
        graph = Mailbox("graph/ada", lambda: self.service.token, client=client, page_size=2)
        right = Struck(self.crm.entries, fuse)
        sync = ts.Sync(
            "contacts", left=graph.contacts(), right=right, profile=self.profile, state=self.state, clock=self.clock
        )
        return sync.run()

    def quiet(self) -> None:
        """Run until nothing is to be done, which must not take long, and check that a further run writes nothing."""
        for _ in range(4):
            self.clock.advance(LATER)
            report = self.run()
            if report.state is RunState.COMPLETE and not report.written():
                return
        raise AssertionError("the world does not come to rest")

    def picture(self) -> tuple[object, ...]:
        """Return what stands on both sides, without ids."""
        contacts = sorted(
            (
                one.surname,
                one.company_name,
                one.job_title,
                one.categories,
                tuple(e.address for e in one.email_addresses),
            )
            for one in self.service.contacts.all().values()
        )
        entries = sorted(
            (one.last_name, one.company_name, one.position, one.emails) for one in self.crm.entries.all().values()
        )
        return contacts, entries


def contact(name: str, **fields: Any) -> Contact:  # noqa: ANN401 -- a contact's own
    """Return a contact in the category."""
    mail = (EmailAddress(f"{name.lower()}@example.com"),)
    return Contact("Given", surname=name, email_addresses=mail, categories=(CATEGORY,), **fields)


def entry(name: str, **fields: Any) -> Entry:  # noqa: ANN401 -- an entry's own
    """Return an entry."""
    return Entry(first_name="Given", last_name=name, emails=(f"{name.lower()}@example.com",), **fields)


def first(world: World) -> None:
    """Have each side hold somebody whom the other doesn't, and somebody whom both know."""
    for name in ("Byron", "Hopper", "Noether"):
        world.service.contacts.insert(contact(name))
    world.service.contacts.insert(attrs.evolve(contact("Stranger"), categories=("Friends",)))
    world.crm.entries.insert(entry("Noether", company_name="Example Ltd"), lists=(LIST,))
    for name in ("Germain", "Somerville"):
        world.crm.entries.insert(entry(name, position="Professor"), lists=(LIST,))


def later(world: World) -> None:
    """Have a sync that ran once, and edits of every kind on both sides since."""
    first(world)
    world.run()
    contacts, entries = world.service.contacts, world.crm.entries
    by_name = {one.surname: id_ for id_, one in contacts.all().items()}
    entry_by_name = {one.last_name: id_ for id_, one in entries.all().items()}
    contacts.edit(by_name["Byron"], company_name="Engines")
    contacts.edit(by_name["Germain"], job_title="Reader")
    contacts.delete(by_name["Hopper"])
    contacts.insert(contact("Kovalevskaya"))
    contacts.edit(by_name["Stranger"], categories=("Friends", CATEGORY))
    entries.edit(entry_by_name["Noether"], position="Head")
    entries.edit(entry_by_name["Germain"], company_name="Elastic")
    entries.insert(entry("Lamarr"), lists=(LIST,))


@pytest.mark.parametrize("flavour", get_args(Flavour))
@pytest.mark.parametrize("begun", [first, later], ids=["first", "later"])
def test_killed_at_every_request(begun: Callable[[World], None], flavour: Flavour) -> None:
    """Whichever request a run is killed at, and however, the runs after it end where one that was not killed does."""
    clean, counting = World(), Fuse()
    begun(clean)
    clean.run(counting)
    clean.quiet()
    expected = clean.picture()

    assert counting.count >= 8
    for at in range(1, counting.count + 1):
        world = World()
        begun(world)
        try:
            world.run(Fuse(at, flavour))
        except Died:
            assert flavour in ("before", "after")
        world.quiet()
        assert world.picture() == expected, f"killed {flavour} request {at}"


@pytest.mark.parametrize("status", [500, 503, 520])
def test_a_service_that_breaks_down_after_a_create(status: int) -> None:
    """A contact that was made before the service failed is found by the next run, and not made a second time."""
    world = World()
    for name in ("Germain", "Somerville"):
        world.crm.entries.insert(entry(name), lists=(LIST,))
    world.service.fail(Fault(status, "ServiceNotAvailable", done=True, only="POST", within=True))
    report = world.run()

    assert report.buckets[Bucket.IN_DOUBT] == 1
    world.quiet()
    assert len(world.service.contacts.all()) == 2


@pytest.mark.parametrize(
    "said", [b"<html>Not found</html>", b'{"error": {"code": "ErrorItemNotFound"}}'], ids=["gateway", "service"]
)
def test_a_contact_that_is_listed_is_not_gone(said: bytes) -> None:
    """A mailbox that does not find a contact by its id for a while, or a proxy that says so, ends no pair."""
    world, hiding = World(), [False]
    id_ = world.service.contacts.insert(contact("Byron"))
    inner = transport(world.service)

    def handle(request: httpx.Request) -> httpx.Response:
        one = request.method == "GET" and id_.rstrip("=") in request.url.path
        if not (one and hiding[0]):
            return inner.handle_request(request)
        return httpx.Response(404, stream=httpx.ByteStream(said))

    client = httpx.Client(transport=httpx.MockTransport(handle))
    graph = Mailbox("graph/ada", lambda: world.service.token, client=client)
    sync = ts.Sync(
        "contacts",
        left=graph.contacts(),
        right=world.crm.entries,
        profile=world.profile,
        state=world.state,
        clock=world.clock,
    )
    sync.run()
    (entry_id,) = world.crm.entries.all()
    hiding[0] = True
    world.crm.entries.edit(entry_id, position="Countess")
    sync.run()
    hiding[0] = False
    world.clock.advance(LATER)
    sync.run()

    assert world.service.contacts.record(id_).job_title == "Countess"
    assert world.crm.entries.ids(LIST) == [entry_id]
    world.service.contacts.delete(id_)
    sync.run()
    assert world.crm.entries.ids(LIST) == []


def test_a_contact_that_is_listed_was_not_deleted() -> None:
    """Where a mailbox does not find a contact that is to be deleted, it is there as long as it is listed."""
    service = GraphService()
    ids = [service.contacts.insert(contact(name)) for name in ("Byron", "Hopper")]
    service.contacts.delete(ids[1])
    client = httpx.Client(transport=transport(service))
    contacts = Mailbox("graph/ada", lambda: service.token, client=client).contacts()
    for method in ("DELETE", "GET"):
        service.fail(Fault(404, "ErrorItemNotFound", only=method))
    removals = [Remove(id_, None) for id_ in ids]

    assert [one.status for one in contacts.remove(removals, Scope())] == [Status.UNKNOWN, Status.GONE]
    assert [one.status for one in contacts.remove(removals, Scope())] == [Status.DONE, Status.GONE]
    assert service.contacts.ids() == []


def test_a_restless_service() -> None:
    """Empty pages, repeated rows and partial ones change nothing of where a sync ends."""
    plain, restless = World(), World(GraphQuirks(empty_pages=True, replays=True, partial=True, page_size=1))
    for world in (plain, restless):
        later(world)
        world.run()
        world.quiet()

    assert restless.picture() == plain.picture()


def test_a_forgotten_feed_is_read_anew() -> None:
    """Where the service forgets a cursor, what changed and what is gone meanwhile is found by listing in full."""
    world, remembered = World(), World()
    for one in (world, remembered):
        later(one)
    world.service.contacts.expire_cursors()
    for one in (world, remembered):
        one.run()
        one.quiet()

    assert world.picture() == remembered.picture()
