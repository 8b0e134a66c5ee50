"""Mail that a CRM writes goes from a simulated mailbox with its files, whole and once, or waits and says why."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import count
from typing import get_args

import attrs
import httpx
import pytest

from tallystick.errors import InputError, MalformedAnswer, UnknownRecord
from tallystick.ports import Outcome, Scope, Status, Term
from tallystick.providers.graph import AsyncMailbox, GraphMail, Mailbox
from tallystick.records import DRAFTS, Attachment, Message
from tallystick.testing.graph import Fault, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.fuse import Died, Flavour, Fuse
from tests.providers.graph.test_mail_end_to_end import GRACE, Fetch, World, two_ways

MB = 1024 * 1024
OFFER = Attachment("f1", "offer.pdf", "application/pdf", 10)
TERMS = Attachment("f2", "terms.txt", "", 9)
WIDE = Attachment("f3", "wide.pdf", "application/pdf", 3 * MB)
CONTENT = {"f1": b"%PDF offer", "f2": b"the terms", "f3": bytes(range(256)) * (3 * MB // 256)}


def pieces(file: Attachment) -> Iterable[bytes]:
    """Yield the bytes of a file that the CRM has."""
    content = CONTENT[file.id]
    return (content[:3], content[3:])


class Posting(World):
    """A world whose CRM writes messages with files."""

    def __init__(self) -> None:
        super().__init__(two_ways)
        self.fetch = pieces

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


WHOLE = {
    "both": {"offer.pdf": CONTENT["f1"], "terms.txt": CONTENT["f2"]},
    "wide": {"offer.pdf": CONTENT["f1"], "wide.pdf": CONTENT["f3"]},
    "none": {},
}


def posting() -> Posting:
    """Return a world with a message with two files, one with a large one, too, and one without."""
    world = Posting()
    world.write("both", OFFER, TERMS)
    world.write("wide", OFFER, WIDE)
    world.write("none")
    return world


@pytest.mark.behaviour("HL-05")
def test_what_the_crm_writes_goes_with_its_files() -> None:
    """What Grace gets has every file with all of its bytes, and further runs do nothing."""
    world = posting()
    run = world.run()
    assert (len(run.sending.sent), run.sending.left, run.sending.waiting) == (3, (), ())
    assert world.files() == WHOLE
    world.quiet()
    assert len(world.mail.sent) == 3


@pytest.mark.behaviour("HL-05", "HL-09")
@pytest.mark.parametrize("flavour", get_args(Flavour))
def test_struck_at_every_request_no_file_is_missing_and_none_is_there_twice(flavour: Flavour) -> None:
    """Whichever request a run is struck at, each message is sent once, and with each of its files once."""
    counting = Fuse()
    posting().run(counting)
    for at in range(1, counting.count + 1, 1 if flavour in ("after", "lost") else 3):
        world = posting()
        try:
            world.run(Fuse(at, flavour))
        except Died:
            assert flavour in ("before", "after")
        world.quiet()
        assert world.files() == WHOLE, f"struck {flavour} at request {at}"
        assert len(set(world.mail.sent)) == len(world.mail.sent) == 3


@pytest.mark.behaviour("HL-05", "HL-09")
@pytest.mark.parametrize("file", [TERMS, WIDE], ids=["small", "large"])
@pytest.mark.parametrize(
    "other", [lambda content: content[:-1], lambda content: content + b"x"], ids=["fewer bytes", "more"]
)
def test_a_message_with_a_file_of_another_size_waits_and_says_so(
    file: Attachment, other: Callable[[bytes], bytes]
) -> None:
    """Nothing is sent with a part of a file, small or large; the message goes once a person has attached it."""
    world = Posting()
    world.fetch = lambda one: [other(CONTENT[one.id])] if one == file else pieces(one)
    world.write("offer", OFFER, file)
    sending = world.run().sending
    assert (len(sending.left), list(sending.reasons.values())) == (1, ["unreadable_attachment"])
    assert world.files(drafts=True) == {"offer": {"offer.pdf": CONTENT["f1"]}}
    assert world.run().sending == sending

    (draft,) = world.mail.all()
    world.mail.attach(draft, file.name, CONTENT[file.id])
    assert world.run().sending.sent == sending.left
    assert world.files() == {"offer": {"offer.pdf": CONTENT["f1"], file.name: CONTENT[file.id]}}


@pytest.mark.behaviour("HL-05")
def test_a_small_file_of_which_no_size_is_said_goes_as_it_is() -> None:
    """A CRM that tells no sizes says 0 of each; a large one needs its size."""
    service = GraphService()
    mail, draft = provider(service, pieces), draft_in(service)
    stored = mail.store_files(draft, [attrs.evolve(OFFER, size=0)])
    assert stored.item is not None
    (file,) = stored.item.record.attachments
    assert b"".join(mail.read_attachment(draft, file.id)) == CONTENT["f1"]
    with pytest.raises(InputError, match="another size"):
        mail.store_files(draft, [attrs.evolve(WIDE, size=0)])


@pytest.mark.behaviour("HL-05")
def test_a_message_whose_file_is_refused_waits_with_the_services_reason() -> None:
    """It is tried again by the next run, and sent once the service takes the file."""
    world = Posting()
    world.write("both", OFFER, TERMS)
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
    assert list(world.run().sending.reasons.values()) == ["no_fetch"] * 2

    def lost(_: Attachment) -> Iterable[bytes]:
        raise UnknownRecord("there is no such file")

    world.fetch = lost
    assert list(world.run().sending.reasons.values()) == ["unreadable_attachment"] * 2
    assert world.files() == {"none": {}}
    world.fetch = pieces
    world.quiet()
    assert world.files() == WHOLE


@pytest.mark.behaviour("HL-05")
def test_a_draft_with_other_files_in_their_place_is_a_persons() -> None:
    """A file that has another name than in the CRM is not stored again and again."""
    world = Posting()
    world.fetch = None
    world.write("one", OFFER)
    world.run()
    (draft,) = world.mail.all()
    world.mail.attach(draft, "renamed.pdf", b"x")
    world.fetch = pieces
    for _ in range(2):
        assert len(world.run().sending.left) == 1
    assert world.files(drafts=True) == {"one": {"renamed.pdf": b"x"}}


SAID_SMALL = Attachment("f3", "wide.pdf", "", 1)
HUGE = Attachment("f3", "huge.zip", "application/zip", 150 * MB + 1)
LONG = Attachment("f4", "long.zip", "application/zip", 9 * MB + 1)


def draft_in(service: GraphService) -> str:
    """Make a draft and return its id."""
    return service.mail.insert(Message("Draft", to=(GRACE,), is_draft=True, folder=DRAFTS))


@pytest.mark.behaviour("HL-05")
def test_files_are_stored_in_drafts_only() -> None:
    """What was sent, or is gone, is given none; nor is a file of another size than is said, or of more than 150 MiB."""
    service = GraphService()
    mail, draft = provider(service, pieces), draft_in(service)
    stored = mail.store_files(draft, [OFFER])
    assert stored.item is not None
    assert [one.name for one in stored.item.record.attachments] == ["offer.pdf"]
    with pytest.raises(InputError, match="another size"):
        mail.store_files(draft, [SAID_SMALL])
    assert mail.store_files(draft, [HUGE]) == Outcome(Status.REFUSED, code="attachment_too_large")
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
        assert (await mail.store_files(draft, [WIDE])).status is Status.DONE
        assert (await mail.store_files(draft, [HUGE])).code == "attachment_too_large"
        with pytest.raises(InputError, match="another size"):
            await mail.store_files(draft, [SAID_SMALL])
        with pytest.raises(InputError, match="another size"):
            await mail.store_files(draft, [attrs.evolve(OFFER, size=11)])
        service.fail(Fault(400, "ErrorAttachmentNotAllowed", only="POST"))
        assert (await mail.store_files(draft, [WIDE])).code == "ErrorAttachmentNotAllowed"
        service.fail(Fault(507, "ErrorQuotaExceeded", only="PUT"))
        assert (await mail.store_files(draft, [WIDE])).code == "ErrorQuotaExceeded"
        (item,) = await mail.search([Term("subject", "Draft")], Scope())
        assert [one.name for one in item.record.attachments] == ["offer.pdf", "wide.pdf"]
        service.mail.send_draft(draft)
        assert (await mail.store_files(draft, [TERMS])).status is Status.GONE


@pytest.mark.behaviour("HL-05")
def test_a_large_file_goes_in_parts_without_the_token() -> None:
    """Each but the last has a multiple of 320 KiB and less than 4 MB; small pieces and large ones come to the same."""
    content = bytes(range(256)) * (LONG.size // 256) + b"!"
    for size in (100_000, LONG.size):
        service = GraphService()
        cut = [content[at : at + size] for at in range(0, LONG.size, size)]
        mail = provider(service, dict.fromkeys([LONG], cut).__getitem__)
        draft = draft_in(service)
        stored = mail.store_files(draft, [LONG])
        assert stored.item is not None
        (file,) = stored.item.record.attachments
        assert (file.name, file.content_type) == ("long.zip", "application/zip")
        assert b"".join(mail.read_attachment(draft, file.id)) == content
        sent = [one for one in service.requests if one.method == "PUT"]
        assert [len(one.content) for one in sent] == [3_932_160, 3_932_160, LONG.size - 2 * 3_932_160]
        assert not any(one.header("Authorization") for one in sent)


@pytest.mark.behaviour("HL-05")
@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"nextExpectedRanges": ["0-"]}), (404, {"error": {"code": "ErrorItemNotFound"}})],
    ids=["goes on from elsewhere", "forgot the upload"],
)
@pytest.mark.parametrize("at", [1, 3], ids=["first part", "last part"])
def test_an_upload_that_breaks_off_is_no_file(status: int, body: dict[str, object], at: int) -> None:
    """A service that lost what it was sent of a large file has not got it, and the draft is there all the same."""
    service, parts = GraphService(), count(1)
    inner = transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and next(parts) == at:
            return httpx.Response(status, stream=httpx.ByteStream(json.dumps(body).encode()))
        return inner.handle_request(request)

    mail = Mailbox("ada", lambda: service.token, client=httpx.Client(transport=httpx.MockTransport(handle))).mail()
    mail.fetch = lambda _: [bytes(LONG.size)]
    draft = service.mail.insert(Message("offer", folder=DRAFTS, is_draft=True))

    assert mail.store_files(draft, [LONG]).status is Status.UNKNOWN
    assert service.mail.record(draft).attachments == ()


@pytest.mark.behaviour("HL-05")
@pytest.mark.parametrize("url", ["http://example.com/up", "ftp://example.com", "", "https://a@example.com/up"])
def test_a_file_is_sent_to_no_address_that_others_read(url: str) -> None:
    """An address for its parts is encrypted, and has nobody's name in it."""
    service = GraphService()
    draft, inner = draft_in(service), transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/createUploadSession"):
            return httpx.Response(201, json={"uploadUrl": url})
        return inner.handle_request(request)

    mail = Mailbox("ada", lambda: service.token, client=httpx.Client(transport=httpx.MockTransport(handle))).mail()
    mail.fetch = pieces
    with pytest.raises(MalformedAnswer, match="address"):
        mail.store_files(draft, [WIDE])


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"Content-Range": f"bytes 0-{3 * MB - 1}/{3 * MB}"}, "?authtoken=simulated", 201),
        ({"Content-Range": f"bytes 0-{3 * MB - 1}/{3 * MB}"}, "", 404),
        ({"Content-Range": f"bytes 1-{3 * MB}/{3 * MB + 1}"}, "?authtoken=simulated", 400),
        ({"Content-Range": "all"}, "?authtoken=simulated", 400),
        ({"Content-Range": "all", "Authorization": "Bearer a-token"}, "?authtoken=simulated", 401),
    ],
)
def test_the_simulated_service_takes_parts_as_the_real_one(headers: dict[str, str], query: str, status: int) -> None:
    """In order, to the address that it gave, without a token."""
    service = GraphService()
    client, root = httpx.Client(transport=transport(service)), "https://graph.microsoft.com/v1.0"
    url = f"{root}/me/messages/{draft_in(service)}/attachments/createUploadSession"
    who = {"Authorization": f"Bearer {service.token}"}
    for size, name, answer in ((3 * MB, "a", 201), (3 * MB - 1, "a", 400), (151 * MB, "a", 400), (3 * MB, "", 400)):
        item = {"attachmentType": "file", "name": name, "size": size}
        assert client.post(url, headers=who, json={"AttachmentItem": item}).status_code == answer
    sent = {"Content-Type": "application/octet-stream", **headers}
    assert client.put(f"{root}/uploads/1{query}", headers=sent, content=CONTENT["f3"]).status_code == status
    assert client.get(f"{root}/uploads/1{query}").status_code == (405 if status not in (404, 201) and query else 404)


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
