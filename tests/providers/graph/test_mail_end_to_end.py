"""Mail of a simulated mailbox is saved in a CRM, and the CRM's is sent, each once, at whichever request a run dies."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, get_args

import attrs
import httpx
import pytest

import tallystick as ts
from tallystick.mail import MailProfile, MailRun, MailSync
from tallystick.ports import RunState
from tallystick.profiles import highlevel, linkpoint
from tallystick.profiles.linkpoint import MailMode, MailSettings
from tallystick.providers.graph import Mailbox
from tallystick.providers.memory import FakeCrm, VirtualClock
from tallystick.records import ARCHIVE, SENT_ITEMS, Activity, Attachment, EmailAddress, Entry, Message, Origin
from tallystick.recurrence import Instant
from tallystick.testing.graph import GraphQuirks, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.fuse import Died, Flavour, Fuse
from tests.providers.graph.crashing import Struck, struck

ADA, GRACE = EmailAddress("ada@example.com"), EmailAddress("grace@example.com")
LATER = 600.0
PLAN = b"%PDF" + bytes(1_000)
Fetch = Callable[[Attachment], Iterable[bytes]]


class World:
    """A mailbox at a simulated service, a CRM's activities, and what is kept between runs."""

    def __init__(self, profile: Callable[["World"], MailProfile], quirks: GraphQuirks | None = None) -> None:
        self.clock = VirtualClock()
        self.service = GraphService(clock=self.clock, quirks=quirks)
        self.mail = self.service.mail
        self.crm = FakeCrm(clock=self.clock)
        self.crm.entries.insert(Entry(first_name="Grace", last_name="Hopper", emails=(GRACE.address,)))
        self.state = ts.MemoryState()
        self.profile = profile(self)
        self.fetch: Fetch | None = None
        self.clock.advance(LATER)

    def put(self, number: int, **fields: Any) -> str:  # noqa: ANN401 -- a message's own
        """Put a message into the mailbox, from Grace unless told otherwise."""
        at = Instant(self.clock.tick())
        usual = {"sender": GRACE, "to": (ADA,), "sent": at, "received": at, "message_id": f"<{number}@mail.example>"}
        return self.mail.insert(Message(f"Letter {number}", "Dear Ada", **{**usual, **fields}))

    def write(self, subject: str, *files: Attachment) -> None:
        """Have the user write to Grace in the CRM."""
        at = Instant(self.clock.tick())
        written = Activity(
            subject, "Dear Grace", at=at, to=(GRACE.address,), origin=Origin.INDIVIDUAL, attachments=files
        )
        self.crm.activities.insert(written)

    def run(
        self, fuse: Fuse | None = None, handler: Callable[[httpx.Request], httpx.Response] | None = None
    ) -> MailRun:
        """Run once, with a fuse before the service, or with another service."""
        fuse = fuse or Fuse()
        client = httpx.Client(transport=httpx.MockTransport(handler or struck(self.service, fuse)))
        mail = Mailbox("graph/ada", lambda: self.service.token, client=client, page_size=20).mail()
        mail.fetch = self.fetch
        sync = MailSync(
            "mail",
            mailboxes=[mail],
            activities=Struck(self.crm.activities, fuse),
            people=[self.crm.entries],
            profile=self.profile,
            state=self.state,
            clock=self.clock,
        )
        self.crm.activities.fetch = sync.view.open_attachment
        return sync.run()

    def quiet(self) -> None:
        """Run until nothing is to be done; what is in doubt, a person looks at and sends by hand."""
        for _ in range(6):
            self.clock.advance(LATER)
            run = self.run()
            for id_, message in self.mail.all().items():
                if run.sending.in_doubt and message.is_draft:
                    self.mail.send_draft(id_)
            done = run.report.state is RunState.COMPLETE and not run.report.written() and not run.marked
            if done and not any((run.sending.sent, run.sending.in_doubt, run.sending.waiting)):
                return
        raise AssertionError("the world does not come to rest")

    def picture(self) -> tuple[object, ...]:
        """Return what stands on both sides, without ids and times."""
        mail = sorted(
            (one.subject, one.folder, one.categories, one.is_draft, one.references) for one in self.mail.all().values()
        )
        saved = sorted((one.subject, one.body, one.inbound, one.message_id) for one in self.saved())
        files = Counter((name, content) for (_, name), content in self.crm.activities.files.items())
        return mail, saved, files, sorted(self.mail.sent)

    def saved(self) -> list[Activity]:
        """Return the activities."""
        return list(self.crm.activities.all().values())


def recorded(_: World) -> MailProfile:
    """Return the profile that records all of Grace's messages with their attachments, in any folder, and marks them."""
    profile = linkpoint.mail(ADA.address, MailSettings(mode=MailMode.ALL, all_attachments=True))
    rules = tuple(rule for rule in profile.selection.rules if rule.name != "folder")
    return attrs.evolve(profile, selection=attrs.evolve(profile.selection, rules=rules))


def two_ways(world: World) -> MailProfile:
    """Return the profile that sends what the CRM writes, and saves what answers it."""
    return highlevel.mail(highlevel.Connection(ADA.address, world.clock.now()))


def recording() -> World:
    """Return a world with messages in several folders, moved and filed, one with files and one of a stranger."""
    world = World(recorded)
    first = world.put(1)
    world.mail.attach(first, "plan.pdf", PLAN)
    world.mail.attach(first, "logo.png", b"png", is_inline=True)
    world.mail.move(world.put(2), ARCHIVE)
    below = world.mail.make_folder("Clients", parent=world.mail.make_folder("Projects"))
    world.put(3, folder=below)
    world.put(4, sender=ADA, to=(GRACE,), folder=SENT_ITEMS)
    world.put(5, sender=EmailAddress("x@example.com"))
    return world


def corresponding() -> World:
    """Return a world with a thread that was begun in the CRM, an answer to it, and two more messages to be sent."""
    world = World(two_ways)
    world.write("hello")
    world.run()
    world.put(1, in_reply_to=world.mail.sent[0], references=(world.mail.sent[0],))
    world.write("again")
    world.write("once more")
    return world


WORLDS = {"recording": (recording, 4, 0), "corresponding": (corresponding, 1, 3)}
"""How each world is made, how many messages of the mailbox are saved in it, and how many sent."""


@pytest.mark.parametrize("flavour", get_args(Flavour))
@pytest.mark.parametrize("name", WORLDS)
def test_killed_at_every_request(name: str, flavour: Flavour) -> None:
    """Whichever request a run is struck at, and however, the runs after it save and send all that is to be, once."""
    make, saved, sent = WORLDS[name]
    clean, counting = make(), Fuse()
    clean.run(counting)
    clean.quiet()
    expected = clean.picture()

    assert counting.count >= 12
    for at in range(1, counting.count + 1, 1 if flavour in ("after", "lost") else 2):
        world = make()
        try:
            world.run(Fuse(at, flavour))
        except Died:
            assert flavour in ("before", "after")
        world.quiet()
        assert world.picture() == expected, f"struck {flavour} at request {at}"
        assert sum(one.origin is Origin.MAILBOX for one in world.saved()) == saved
        assert len(set(world.mail.sent)) == len(world.mail.sent) == sent


@pytest.mark.parametrize("name", WORLDS)
def test_a_further_run_writes_nothing_and_asks_little(name: str) -> None:
    """Where nothing happened, a run asks for the tree and for the folders, and that is all."""
    make, _, _ = WORLDS[name]
    world = make()
    world.run()
    world.quiet()
    world.clock.advance(LATER)
    world.service.requests.clear()
    assert world.run().report.written() == 0

    asked = [request for request in world.service.requests if request.method != "GET"]
    assert {request.path for request in asked} <= {("$batch",)}
    assert [request.url.partition("?")[0].rpartition("/")[2] for request in asked] == ["$batch"] * len(asked)
    assert len(asked) <= 4


def test_a_restless_service() -> None:
    """Empty pages, repeated rows and partial ones change nothing of what is saved."""
    plain, restless = recording(), recording()
    restless.service._quirks = attrs.evolve(restless.service._quirks, empty_pages=True, replays=True, partial=True)
    restless.mail._quirks = restless.service._quirks
    for world in (plain, restless):
        world.run()
        world.quiet()

    assert restless.picture() == plain.picture()


def test_what_is_moved_filed_away_and_answered_later_is_saved_once() -> None:
    """Moves, new folders, folders that are gone and forgotten feeds make nothing appear twice."""
    world = recording()
    world.run()
    world.quiet()
    before = len(world.saved())
    mail = world.mail
    moved = mail.make_folder("Later")
    for id_ in mail.ids():
        mail.move(id_, moved)
    world.put(6, folder=mail.make_folder("New"))
    world.run()
    world.quiet()
    assert len(world.saved()) == before + 1

    mail.expire_cursors()
    world.run()
    world.quiet()
    mail.delete_folder(moved)
    world.put(7)
    world.run()
    world.quiet()
    assert len(world.saved()) == before + 2
    assert sorted(Counter(one.message_id for one in world.saved()).values()) == [1] * (before + 2)


def test_a_service_that_fails_after_a_run_leaves_the_report() -> None:
    """Where drafts cannot be looked for, the run tells what it did, and why nothing was sent; the next one sends."""
    world = corresponding()
    world.run()
    sent = len(world.mail.sent)
    world.write("later")
    inner, asked = transport(world.service), 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += b"mailFolders/drafts/messages?" in request.content
        if asked:
            return httpx.Response(503)
        return inner.handle_request(request)

    run = world.run(handler=handle)
    assert run.report.written() == 1
    assert "503" in run.sending.note
    world.quiet()
    assert len(world.mail.sent) == sent + 1
