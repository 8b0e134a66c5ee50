"""Mail that a CRM writes goes from a simulated mailbox with its files, whole and once, or waits and says why."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from typing import get_args

import httpx
import pytest

from tallystick.errors import UnknownRecord
from tallystick.mail import MailRun, MailSync
from tallystick.ports import Outcome, Scope, Status, Term
from tallystick.providers.graph import AsyncMailbox, GraphMail, Mailbox
from tallystick.records import DRAFTS, Activity, Attachment, Message, Origin
from tallystick.recurrence import Instant
from tallystick.testing.graph import Fault, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.fuse import Died, Flavour, Fuse
from tests.providers.graph.crashing import Struck, struck
from tests.providers.graph.test_mail_end_to_end import GRACE, World, two_ways

MB = 1024 * 1024
OFFER = Attachment("f1", "offer.pdf", "application/pdf", 9)
TERMS = Attachment("f2", "terms.txt", "", 9)
WIDE = Attachment("f3", "wide.pdf", "application/pdf", 3 * MB)
CONTENT = {"f1": b"%PDF offer", "f2": b"the terms", "f3": bytes(3 * MB)}
Fetch = Callable[[Attachment], Iterable[bytes]]


def pieces(file: Attachment) -> Iterable[bytes]:
    """Yield the bytes of a file that the CRM has."""
    content = CONTENT[file.id]
    return (content[:3], content[3:])


class Posting(World):
    """A world whose CRM writes messages with files."""

    def __init__(self) -> None:
        super().__init__(two_ways)
        self.fetch: Fetch | None = pieces

    def post(self, subject: str, *files: Attachment) -> None:
        """Have the user write to Grace in the CRM, with files."""
        at = Instant(self.clock.tick())
        written = Activity(
            subject, "Dear Grace", at=at, to=(GRACE.address,), origin=Origin.INDIVIDUAL, attachments=files
        )
        self.crm.activities.insert(written)

    def run(
        self, fuse: Fuse | None = None, handler: Callable[[httpx.Request], httpx.Response] | None = None
    ) -> MailRun:
        """Run once, with a mailbox that can fetch the files."""
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
        return sync.run()

    def files(self, *, drafts: bool = False) -> dict[str, dict[str, bytes]]:
        """Return the files of each message that was sent, or is yet a draft, by its subject and their names."""
        rows = [(id_, one) for id_, one in self.mail.all().items() if one.is_draft is drafts]
        mail = provider(self.service)
        found = {}
        for id_, one in rows:
            assert max(Counter(each.name for each in one.attachments).values(), default=1) == 1
            found[one.subject] = {each.name: b"".join(mail.read_attachment(id_, each.id)) for each in one.attachments}
        return found


def provider(service: GraphService, fetch: Fetch | None = None) -> GraphMail:
    """Return the provider of a mailbox."""
    mail = Mailbox("ada", lambda: service.token, client=httpx.Client(transport=transport(service))).mail()
    mail.fetch = fetch
    return mail


WHOLE = {"both": {"offer.pdf": CONTENT["f1"], "terms.txt": CONTENT["f2"]}, "none": {}}


def posting() -> Posting:
    """Return a world with a message with two files, and one without."""
    world = Posting()
    world.post("both", OFFER, TERMS)
    world.post("none")
    return world


@pytest.mark.behaviour("HL-05")
def test_what_the_crm_writes_goes_with_its_files() -> None:
    """What Grace gets has every file with all of its bytes, and further runs do nothing."""
    world = posting()
    run = world.run()
    assert (len(run.sending.sent), run.sending.left, run.sending.waiting) == (2, (), ())
    assert world.files() == WHOLE
    world.quiet()
    assert len(world.mail.sent) == 2


@pytest.mark.behaviour("HL-05", "HL-09")
@pytest.mark.parametrize("flavour", get_args(Flavour))
def test_struck_at_every_request_no_file_is_missing_and_none_is_there_twice(flavour: Flavour) -> None:
    """Whichever request a run is struck at, each message is sent once, and with each of its files once."""
    counting = Fuse()
    posting().run(counting)
    for at in range(1, counting.count + 1):
        world = posting()
        try:
            world.run(Fuse(at, flavour))
        except Died:
            assert flavour in ("before", "after")
        world.quiet()
        assert world.files() == WHOLE, f"struck {flavour} at request {at}"
        assert len(set(world.mail.sent)) == len(world.mail.sent) == 2


@pytest.mark.behaviour("HL-05", "HL-09")
def test_a_message_with_a_file_that_is_too_large_waits_and_says_so() -> None:
    """The others are sent; it goes once a person has attached the file."""
    world = posting()
    world.post("wide", OFFER, WIDE)
    sending = world.run().sending
    assert world.files() == WHOLE
    assert (len(sending.left), list(sending.reasons.values())) == (1, ["attachment_too_large"])
    assert world.files(drafts=True) == {"wide": {"offer.pdf": CONTENT["f1"]}}
    assert world.run().sending == sending.__class__(left=sending.left, reasons=sending.reasons)

    (draft,) = [id_ for id_, one in world.mail.all().items() if one.is_draft]
    world.mail.attach(draft, "wide.pdf", CONTENT["f3"])
    assert world.run().sending.sent == sending.left
    assert world.files() == {**WHOLE, "wide": {"offer.pdf": CONTENT["f1"], "wide.pdf": CONTENT["f3"]}}


@pytest.mark.behaviour("HL-05")
def test_a_message_whose_file_is_refused_waits_with_the_services_reason() -> None:
    """It is tried again by the next run, and sent once the service takes the file."""
    world = Posting()
    world.post("both", OFFER, TERMS)
    inner, stored = transport(world.service), 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal stored
        if request.method == "POST" and request.url.path.endswith("/attachments"):
            stored += 1
            if stored == 2:
                world.service.fail(Fault(400, "ErrorAttachmentNotAllowed"))
        return inner.handle_request(request)

    sending = world.run(handler=handle).sending
    assert (sending.sent, dict(sending.reasons)) == ((), dict.fromkeys(sending.left, "ErrorAttachmentNotAllowed"))
    assert len(sending.left) == 1
    assert world.mail.sent == []
    assert world.run().sending.sent == sending.left
    assert world.files() == {"both": WHOLE["both"]}


@pytest.mark.behaviour("HL-05")
def test_without_the_bytes_nothing_is_sent() -> None:
    """Where nobody fetches files, or the CRM has one no more, the message waits and says so."""
    world = posting()
    world.fetch = None
    assert list(world.run().sending.reasons.values()) == ["no_fetch"]

    def lost(_: Attachment) -> Iterable[bytes]:
        raise UnknownRecord("there is no such file")

    world.fetch = lost
    assert list(world.run().sending.reasons.values()) == ["unreadable_attachment"]
    assert world.files() == {"none": {}}
    world.fetch = pieces
    world.quiet()
    assert world.files() == WHOLE


@pytest.mark.behaviour("HL-05")
def test_a_draft_with_other_files_in_their_place_is_a_persons() -> None:
    """A file that has another name than in the CRM is not stored again and again."""
    world = Posting()
    world.fetch = None
    world.post("one", OFFER)
    world.run()
    (draft,) = world.mail.all()
    world.mail.attach(draft, "renamed.pdf", b"x")
    world.fetch = pieces
    for _ in range(2):
        assert len(world.run().sending.left) == 1
    assert world.files(drafts=True) == {"one": {"renamed.pdf": b"x"}}


def draft_in(service: GraphService) -> str:
    """Make a draft and return its id."""
    return service.mail.insert(Message("Draft", to=(GRACE,), is_draft=True, folder=DRAFTS))


@pytest.mark.behaviour("HL-05")
def test_files_are_stored_in_drafts_only() -> None:
    """What was sent, or is gone, is given none; more bytes than one request takes are refused, whatever was said."""
    service = GraphService()
    mail, draft = provider(service, pieces), draft_in(service)
    stored = mail.store_files(draft, [OFFER])
    assert stored.item is not None
    assert [one.name for one in stored.item.record.attachments] == ["offer.pdf"]
    small = Attachment("f3", "wide.pdf", "", 1)
    assert mail.store_files(draft, [small]) == Outcome(Status.REFUSED, code="attachment_too_large")
    service.mail.send_draft(draft)
    assert mail.store_files(draft, [TERMS]).status is Status.GONE
    assert mail.store_files("AAMkNone=", [TERMS]).status is Status.GONE


@pytest.mark.behaviour("HL-05")
def test_files_are_stored_under_an_event_loop() -> None:
    """As they are where it blocks."""
    asyncio.run(awaiting())


async def awaiting() -> None:
    """Store files in a draft, and have some refused."""
    service = GraphService()
    draft = draft_in(service)

    async def awaited(file: Attachment) -> AsyncIterator[bytes]:
        for piece in pieces(file):
            yield piece

    client = httpx.AsyncClient(transport=httpx.ASGITransport(service))
    async with client, AsyncMailbox("ada", lambda: service.token, client=client) as mailbox:
        mail = mailbox.mail()
        assert (await mail.store_files(draft, [OFFER])).code == "no_fetch"
        mail.fetch = awaited
        assert (await mail.store_files(draft, [OFFER])).status is Status.DONE
        assert (await mail.store_files(draft, [WIDE])).code == "attachment_too_large"
        assert (await mail.store_files(draft, [Attachment("f3", "wide.pdf")])).code == "attachment_too_large"
        (item,) = await mail.search([Term("subject", "Draft")], Scope())
        assert [one.name for one in item.record.attachments] == ["offer.pdf"]
        service.mail.send_draft(draft)
        assert (await mail.store_files(draft, [TERMS])).status is Status.GONE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "eA=="}, 201),
        ({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "?"}, 400),
        ({"@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": "eA=="}, 400),
        ({"name": "a", "contentBytes": "eA=="}, 400),
        ({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "AAAA" * MB}, 413),
    ],
)
def test_the_simulated_service_takes_files_as_the_real_one(body: dict[str, str], status: int) -> None:
    """Of less than 3 MB, with a kind and a name."""
    service = GraphService()
    client = httpx.Client(transport=transport(service), headers={"Authorization": f"Bearer {service.token}"})
    url = f"https://graph.microsoft.com/v1.0/me/messages/{draft_in(service)}/attachments"
    assert client.post(url, json=body).status_code == status
