"""Messages of a mailbox: many folders as one feed, what is attached to them, and sending."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import attrs
import httpx
import pytest

from tallystick.errors import (
    CursorExpired,
    MalformedAnswer,
    PermissionDenied,
    ProviderError,
    ScopeGone,
    SettingsError,
    Throttled,
    Unavailable,
    UnknownRecord,
)
from tallystick.ports import Create, Item, Outcome, Page, Scope, Status, Term, Update, Window
from tallystick.providers.graph import GraphMail, Mailbox, mail_feed
from tallystick.records import ARCHIVE, DRAFTS, INBOX, SENT_ITEMS, Attachment, EmailAddress, MailFolder, Message
from tallystick.recurrence import Instant
from tallystick.testing.graph import Fault, GraphQuirks, GraphService, Request
from tallystick.testing.graph.bridge import transport
from tests.providers.graph.test_hostile_service import ROOT, Handler, saying
from tests.providers.graph.worlds import async_mailbox, draft, mailbox, served

ALL = Scope()
GRACE = EmailAddress("grace@example.com", "Grace")


def message(number: int, **fields: Any) -> Message:  # noqa: ANN401 -- a message's own
    """Return one of many messages that came in, each on a day of its own."""
    at = Instant(datetime(2026, 3, 1 + number % 28, 12, tzinfo=UTC))
    usual: dict[str, Any] = {"sender": GRACE, "sent": at, "received": at, "message_id": f"<{number}@mail.example>"}
    return Message(f"Letter {number}", **{"body": "Dear Ada", **usual, **fields})


def read(mail: GraphMail, cursor: str | None = None, scope: Scope = ALL) -> tuple[list[str], list[str], str]:
    """Read a round, and return the subjects and the unlisted ids that it told, and where to go on."""
    items: dict[str, Item[Message]] = {}
    gone: list[str] = []
    while True:
        page: Page[Message] = mail.changes(cursor, scope)
        items.update((item.id, item) for item in page.items)
        gone += page.unlisted
        cursor = page.cursor
        if page.complete:
            return sorted(item.record.subject for item in items.values()), gone, cursor


def asked(service: GraphService) -> list[str]:
    """Return what was asked since this was last called, without the parts of batches' own paths."""
    urls = [request.url.removeprefix(ROOT) for request in service.requests]
    service.requests.clear()
    return urls


def on_the_wire(service: GraphService) -> tuple[httpx.Client, list[str]]:
    """Return a client, and the paths of the requests that it will have sent."""
    inner, sent = transport(service), []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return inner.handle_request(request)

    return httpx.Client(transport=httpx.MockTransport(handle)), sent


# --- folders ---------------------------------------------------------------------------------------------------------


def test_all_folders_are_one_feed() -> None:
    """Messages of every folder are listed, and told of when they come, change, move and go."""
    service = served()
    below = service.mail.make_folder("Clients", parent=service.mail.make_folder("Projects"))
    ids = [service.mail.insert(message(number), folder=folder) for number, folder in enumerate((INBOX, ARCHIVE, below))]
    mail = mailbox(service).mail()
    subjects, _, cursor = read(mail)

    assert subjects == ["Letter 0", "Letter 1", "Letter 2"]
    assert read(mail, cursor)[:2] == ([], [])
    service.mail.move(ids[0], below)
    service.mail.edit(ids[1], is_read=True)
    service.mail.delete(ids[2])
    subjects, gone, cursor = read(mail, cursor)
    assert subjects == ["Letter 0", "Letter 1"]
    assert set(gone) - {ids[0]} == {ids[2]}
    (moved,) = mail.get([ids[0]], ALL)
    assert isinstance(moved, Item)
    assert moved.record.folder == below


def test_folders_are_told_with_the_ones_that_they_lie_in() -> None:
    """Those that every mailbox has go by the names that they have in every language."""
    service = served()
    clients = service.mail.make_folder("Kunden", parent=INBOX)
    found = {one.id: one for one in mailbox(service).mail().folders()}

    assert set(found) == {one.id for one in service.mail.folders()}
    assert found[clients] == MailFolder(clients, "Kunden", INBOX)
    assert found[SENT_ITEMS].title == "Sent Items"

    async def awaited() -> list[MailFolder]:
        return await async_mailbox(service).mail().folders()

    assert {one.id: one for one in asyncio.run(awaited())} == found


def test_folders_may_be_chosen() -> None:
    """Only those are listed, by name or id, and the tree is not asked for; searches find messages anywhere."""
    service = served()
    other = service.mail.make_folder("Other")
    for number, folder in enumerate((INBOX, ARCHIVE, other)):
        service.mail.insert(message(number), folder=folder)
    mail = mailbox(service).mail(folders=[INBOX, other])
    subjects, _, cursor = read(mail)

    assert subjects == ["Letter 0", "Letter 2"]
    assert not [path for path in asked(service) if "mailFolders/delta" in path]
    assert [item.record.subject for item in mail.search([Term("message_id", "<1@mail.example>")], ALL)] == ["Letter 1"]
    with pytest.raises(CursorExpired):
        mailbox(service).mail().changes(cursor, ALL)
    with pytest.raises(ProviderError):
        mailbox(service).mail(folders=["nowhere"]).changes(None, ALL)


def test_new_folders_are_listed_and_a_folder_that_is_gone_asks_for_a_full_listing() -> None:
    """What lies in a new folder is told; with a folder went messages that nobody tells of one by one."""
    service = served()
    service.mail.insert(message(0))
    mail = mailbox(service).mail()
    _, _, cursor = read(mail)
    new = service.mail.make_folder("New")
    service.mail.insert(message(1), folder=new)
    subjects, _, cursor = read(mail, cursor)

    assert subjects == ["Letter 1"]
    service.mail.delete_folder(new)
    with pytest.raises(CursorExpired):
        mail.changes(cursor, ALL)
    assert read(mail)[0] == ["Letter 0"]


@pytest.mark.parametrize("scope", [ALL, Scope(None, Window(date(2026, 3, 1), date(2026, 3, 31), "UTC"))])
def test_a_folder_that_goes_while_a_round_is_read_asks_for_a_full_listing(scope: Scope) -> None:
    """Nobody has to choose anything anew; a folder that was chosen by its id is missed all the same."""
    service = served()
    for number in range(8):
        service.mail.insert(message(number))
    mail = mailbox(service).mail()
    new = service.mail.make_folder("New")
    page: Page[Message] = mail.changes(None, scope)
    service.mail.delete_folder(new)
    with pytest.raises(CursorExpired, match="a folder is gone"):
        read(mail, page.cursor, scope)
    assert len(read(mail, None, scope)[0]) == 8

    _, _, cursor = read(mail, None, scope)
    another = service.mail.make_folder("Another")
    inner = transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        if request.url.path.endswith("/mailFolders/delta") and another in service.mail.tree.rows:
            service.mail.delete_folder(another)
        return answer

    client = httpx.Client(transport=httpx.MockTransport(handle))
    with pytest.raises(CursorExpired, match="a folder is gone"):
        read(Mailbox("graph/ada", lambda: service.token, client=client).mail(), cursor, scope)
    with pytest.raises(ScopeGone):
        mailbox(service).mail(folders=[new]).changes(None, scope)


def test_a_quiet_round_asks_for_many_folders_at_once() -> None:
    """Fifty folders cost a request for the tree, and one for each twenty."""
    service = served()
    for number in range(44):
        service.mail.make_folder(f"Folder {number}")
    client, sent = on_the_wire(service)
    mail = Mailbox("graph/ada", lambda: service.token, client=client).mail()
    _, _, cursor = read(mail)
    sent.clear()
    read(mail, cursor)

    assert sent == ["/v1.0/me/mailFolders/delta", *["/v1.0/$batch"] * 3]


def test_a_round_that_broke_off_goes_on() -> None:
    """A cursor between two pages brings what is left, after a restart too."""
    service = served(GraphQuirks(empty_pages=True))
    for number in range(12):
        service.mail.insert(message(number), folder=(INBOX, ARCHIVE)[number % 2])
    seen: set[str] = set()
    cursor, complete = None, False
    while not complete:
        page = mailbox(service).mail().changes(cursor, ALL)
        seen |= {item.record.subject for item in page.items}
        cursor, complete = page.cursor, page.complete

    assert len(seen) == 12


@pytest.mark.parametrize("forgotten", ["messages", "folders"])
def test_a_forgotten_token_of_any_folder_expires_the_cursor(forgotten: str) -> None:
    """What went meanwhile is not told, so everything is listed in full."""
    service = served()
    mail = mailbox(service).mail()
    _, _, cursor = read(mail)
    (service.mail.drawer if forgotten == "messages" else service.mail.tree).generation += 1

    with pytest.raises(CursorExpired):
        read(mail, cursor)


def test_ids_stay_when_messages_are_moved_and_sent() -> None:
    """The id that is asked for is the one that stays; a draft keeps it when it is sent."""
    service = served()
    mail = mailbox(service).mail()
    (made,) = mail.create([Create("token", draft(1))], ALL)
    assert made.item is not None
    assert mail.send([made.item.id]) == [Outcome(Status.DONE)]
    (sent,) = mail.get([made.item.id], ALL)
    assert isinstance(sent, Item)

    assert (sent.record.folder, sent.record.is_draft, sent.token) == (SENT_ITEMS, False, "token")
    assert all(request.immutable for request in service.requests)
    assert sent.record.references == draft(1).references


# --- windows ---------------------------------------------------------------------------------------------------------

DAYS = Window(date(2026, 3, 10), date(2026, 3, 20), "Pacific/Kiritimati")
MARCH = Scope(None, DAYS)


@pytest.mark.parametrize("many", [True, False])
def test_a_window_is_asked_for_where_few_messages_lie_in_it(monkeypatch: pytest.MonkeyPatch, many: bool) -> None:
    """What lies in the days is listed either way; what does not is not even sent, unless there is too much."""
    if many:
        monkeypatch.setattr(mail_feed, "MOST_FILTERED", 3)
    service = served()
    for number in range(28):
        service.mail.insert(message(number))
    mail = mailbox(service).mail(folders=[INBOX])
    subjects, _, cursor = read(mail, scope=MARCH)

    assert sorted(int(one.split()[1]) for one in subjects) == [*range(8, 19)]
    assert any("receivedDateTime%20ge" in path and "delta" in path for path in asked(service)) is not many
    later = Scope(None, attrs.evolve(DAYS, first=date(2026, 3, 11)))
    with pytest.raises(CursorExpired):
        mail.changes(cursor, later)
    service.mail.insert(message(40))
    service.mail.insert(message(50))
    assert read(mail, cursor, MARCH)[0] == ["Letter 40"]


# --- long messages ---------------------------------------------------------------------------------------------------


def test_messages_that_are_too_long_for_one_answer_come_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is asked for anew with fewer messages; one that no answer has room for is an error."""
    monkeypatch.setattr("tallystick.providers.graph.mailbox.LARGEST", 50_000)
    service = served()
    for number in range(12):
        service.mail.insert(message(number, body="x" * 20_000))
    mail = mailbox(service, page_size=200).mail()

    assert len(read(mail)[0]) == 12
    service.mail.insert(message(12, body="x" * 60_000))
    with pytest.raises(MalformedAnswer, match="bytes"):
        read(mail)


# --- attachments -----------------------------------------------------------------------------------------------------


def test_attachments_are_named_with_their_message_and_read_in_pieces() -> None:
    """Files, pictures of the body, and messages have bytes; the link to a file in the cloud has none."""
    service = served()
    id_ = service.mail.insert(message(1))
    content = bytes(range(256)) * 2000
    file = service.mail.attach(id_, "plan.pdf", content, "application/pdf")
    picture = service.mail.attach(id_, "logo.png", b"png", is_inline=True)
    inner = service.mail.attach_message(id_, "Re: plans", b"Subject: plans")
    service.mail.attach_link(id_, "drive")
    mail = mailbox(service).mail()
    page = mail.changes(None, ALL)
    (item,) = page.items
    found = {one.id: one for one in item.record.attachments}

    assert found[file] == Attachment(file, "plan.pdf", "application/pdf", len(content) + 178)
    assert found[picture].is_inline
    assert (found[inner].name, found[inner].content_type) == ("Re: plans.eml", "message/rfc822")
    assert len(found) == 3
    assert mail.get([id_], ALL) == [item]
    assert mail.search([Term("message_id", "<1@mail.example>")], ALL) == [item]
    assert b"".join(mail.read_attachment(id_, file)) == content
    assert b"".join(mail.read_attachment(id_, inner)) == b"Subject: plans"

    async def awaited() -> bytes:
        return b"".join([piece async for piece in async_mailbox(service).mail().read_attachment(id_, file)])

    assert asyncio.run(awaited()) == content


def test_pictures_of_a_body_alone_are_found() -> None:
    """The service does not count them; a body that shows one is looked into."""
    service = served()
    id_ = service.mail.insert(message(1, body='<img src="cid:logo">'))
    service.mail.attach(id_, "logo.png", b"png", is_inline=True)
    (item,) = mailbox(service).mail().changes(None, ALL).items

    assert [one.name for one in item.record.attachments] == ["logo.png"]


def test_attachments_that_are_not_to_be_had() -> None:
    """What is gone is unknown, and any other refusal says what to do, blocking and awaited."""
    service = served()
    id_ = service.mail.insert(message(1))
    file = service.mail.attach(id_, "plan.pdf", b"%PDF")

    def blocking() -> None:
        b"".join(mailbox(service).mail().read_attachment(id_, file))

    def awaited() -> None:
        async def pieces() -> None:
            async for _ in async_mailbox(service).mail().read_attachment(id_, file):
                pass

        asyncio.run(pieces())

    for reading in (blocking, awaited):
        for fault, error in (
            (Fault(404, "ErrorItemNotFound"), UnknownRecord),
            (Fault(403, "ErrorAccessDenied"), PermissionDenied),
            (Fault(429, retry_after="2.5"), Throttled),
            (Fault(503), Unavailable),
        ):
            service.fail(fault)
            with pytest.raises(error):
                reading()
    service.mail.delete(id_)
    with pytest.raises(UnknownRecord):
        blocking()


def test_an_attachment_is_no_larger_than_a_mailbox_takes() -> None:
    """Bytes without end are given up, and a redirection is not followed."""

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Any:  # noqa: ANN401 -- an iterator
            while True:
                yield bytes(4_000_000)

    def mail(handler: Handler) -> GraphMail:
        client = httpx.Client(transport=httpx.MockTransport(handler))
        return Mailbox("graph/ada", lambda: "token", client=client).mail()

    taken = 0
    pieces = mail(lambda _: httpx.Response(200, stream=Endless())).read_attachment("a", "b")
    with pytest.raises(MalformedAnswer, match="bytes"):
        taken += sum(map(len, pieces))
    assert taken <= 150 * 1024 * 1024
    with pytest.raises(MalformedAnswer, match="redirection"):
        list(mail(saying({}, 302, {"Location": "https://example.net/"})).read_attachment("a", "b"))


def test_what_is_read_slowly_holds_no_slot() -> None:
    """Whoever takes an attachment piece by piece may ask for anything in between."""
    service = served()
    id_ = service.mail.insert(message(1))
    file = service.mail.attach(id_, "plan.pdf", b"%PDF")
    mail = mailbox(service).mail()
    opened = [mail.read_attachment(id_, file) for _ in range(6)]
    for pieces in opened:
        next(pieces)

    assert mail.get([id_] * 20, ALL)
    for pieces in opened:
        pieces.close()  # type: ignore[attr-defined]  # they are generators


# --- searching and sending -------------------------------------------------------------------------------------------


def test_messages_are_searched_for_by_what_a_sync_knows_of_them() -> None:
    """By message id, moment, folder and subject; what is no moment finds nothing, and no other field is known."""
    service = served()
    for number in range(3):
        service.mail.insert(message(number))
    service.mail.insert(draft(7))
    mail = mailbox(service).mail()

    def found(field: str, value: str) -> list[str]:
        return sorted(item.record.subject for item in mail.search([Term(field, value)], ALL))

    assert found("message_id", "<7.o'clock@mail.example>") == [draft(7).subject]
    assert found("sent", "2026-03-02T12:00:00+00:00") == ["Letter 1"]
    assert found("sent", "yesterday") == []
    assert found("folder", DRAFTS) == [draft(7).subject]
    assert found("subject", "Letter 2") == ["Letter 2"]
    with pytest.raises(SettingsError):
        found("shoe_size", "45")


def test_only_drafts_are_sent_and_only_once() -> None:
    """A second time, what came in, and what is gone are no such draft; a refusal is the draft's own."""
    service = served()
    mail = mailbox(service).mail()
    came = service.mail.insert(message(1))
    ready, nobody = service.mail.insert(draft(2)), service.mail.insert(attrs.evolve(draft(3), to=()))

    def sent(id_: str) -> Status:
        (outcome,) = mail.send([id_])
        return outcome.status

    assert [sent(one) for one in (ready, ready, came, "nothing", nobody)] == [
        Status.DONE,
        *[Status.GONE] * 3,
        Status.REFUSED,
    ]
    assert service.mail.sent == [draft(2).message_id]
    another = service.mail.insert(draft(4))
    service.fail(Fault(500, only="POST", done=True))
    assert sent(another) is Status.UNKNOWN
    assert sent(another) is Status.GONE


def test_a_batch_that_is_sent_in_part_hides_nothing() -> None:
    """Each draft has an outcome, also where the service fails after the first; before that, it is an error."""
    service = served()
    ids = [service.mail.insert(draft(number)) for number in range(3)]
    mail = mailbox(service).mail()
    service.fail(Fault(429, only="GET"))
    with pytest.raises(Throttled):
        mail.send(ids)
    inner, count = transport(service), 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        if count == 3:
            raise httpx.ConnectError("no way", request=request)
        if count == 7:
            raise httpx.ReadTimeout("no answer", request=request)
        return inner.handle_request(request)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    outcomes = Mailbox("graph/ada", lambda: service.token, client=client).mail().send([*ids, ids[1]])
    assert [one.status for one in outcomes] == [Status.DONE, Status.THROTTLED, Status.DONE, Status.UNKNOWN]


def test_a_message_that_came_in_is_not_rewritten() -> None:
    """Its categories and whether it was read can be changed, what it says not."""
    service = served()
    id_ = service.mail.insert(message(1))
    mail = mailbox(service).mail()

    def updated(**fields: object) -> Outcome[Message]:
        (outcome,) = mail.update([Update(id_, None, fields)], ALL)
        return outcome

    assert updated(subject="Other").status is Status.REFUSED
    assert updated(folder=ARCHIVE).status is Status.REFUSED
    done = updated(categories=("Clients",), is_read=True)
    assert done.item is not None
    assert mail.get([id_], ALL) == [done.item]


def test_an_awaited_mailbox_sends() -> None:
    """Drafts are sent under an event loop, too."""
    service = served()
    id_ = service.mail.insert(draft(1))

    async def sent() -> list[Outcome[Message]]:
        return await async_mailbox(service).mail().send([id_])

    assert asyncio.run(sent()) == [Outcome(Status.DONE)]


# --- a service that does what it should not --------------------------------------------------------------------------


def answering(tree: Handler) -> GraphMail:
    """Return the mail of a service that has no well-known folders, and a tree that is as it likes."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/$batch"):
            parts = json.loads(request.content)["requests"]
            missing = {"error": {"code": "ErrorItemNotFound"}}
            answers = [{"id": part["id"], "status": 404, "body": missing} for part in parts]
            return httpx.Response(200, json={"responses": answers})
        return tree(request)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    return Mailbox("graph/ada", lambda: "token", client=client).mail()


def test_a_tree_without_end_ends() -> None:
    """Pages of folders that lead on for ever, or elsewhere, or have no end of folders, are given up."""
    more = f"{ROOT}/me/mailFolders/delta?$skiptoken=x"
    with pytest.raises(MalformedAnswer, match="do not come to an end"):
        answering(saying({"value": [], "@odata.nextLink": more})).changes(None, ALL)
    with pytest.raises(MalformedAnswer, match="elsewhere"):
        answering(saying({"value": [], "@odata.nextLink": "https://example.net/v1.0/me"})).changes(None, ALL)
    with pytest.raises(MalformedAnswer):
        answering(saying({"value": []})).changes(None, ALL)
    rows = [{"id": f"f{number}", "displayName": "x"} for number in range(1001)]
    with pytest.raises(SettingsError, match="folders"):
        answering(saying({"value": rows, "@odata.deltaLink": more})).changes(None, ALL)


def test_folders_that_are_searches_are_not_read() -> None:
    """What a saved search shows lies in other folders; a mailbox without any folder is read to its end."""
    search = {"@odata.type": "#microsoft.graph.mailSearchFolder", "id": "s", "displayName": "Unread"}
    mail = answering(saying({"value": [search], "@odata.deltaLink": f"{ROOT}/me/mailFolders/delta?x"}))

    assert mail.changes(None, ALL).complete


def test_a_mailbox_that_is_gone_is_no_empty_one() -> None:
    """Folders that nobody can name are an error of the mailbox."""
    with pytest.raises(ScopeGone):
        mailbox(served(), user="nobody").mail().changes(None, ALL)


@pytest.mark.parametrize("cursor", ["", "x", "[]", "[1]", '[1,"a","",[],[]]', '{"a":1}', "5", '[1,"a","",5,5]'])
def test_a_cursor_of_something_else_has_expired(cursor: str) -> None:
    """A cursor that was not given for this listing is none."""
    service = served()
    with pytest.raises(CursorExpired):
        mailbox(service).mail().changes(cursor, ALL)
    _, _, good = read(mailbox(service).mail())
    parts = json.loads(good)
    for broken in ([*parts[:4], [99]], [*parts[:2], "https://example.net", *parts[3:]]):
        with pytest.raises(CursorExpired):
            mailbox(service).mail().changes(json.dumps(broken), ALL)


def test_folders_that_may_not_be_seen_are_an_error() -> None:
    """A mailbox lacks some of the well-known folders; one that hides them all is not read as if it had none."""
    service = served()
    service.fail(Fault(403, "ErrorAccessDenied", within=True))
    with pytest.raises(PermissionDenied):
        mailbox(service).mail().changes(None, ALL)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "mailFolders/inbox/childFolders", None, 200),
        ("GET", "mailFolders/nowhere", None, 404),
        ("POST", "messages", {"flag": {"flagStatus": "flagged", "dueDateTime": {"dateTime": "x"}}}, 400),
        ("POST", "messages", {"toRecipients": [{"emailAddress": {"address": "a@example.com"}}] * 501}, 400),
        ("POST", "messages", {"sentDateTime": "2026-01-01T00:00:00Z"}, 400),
        ("PATCH", "messages/{came}", {"subject": "Other"}, 400),
        ("PATCH", "messages/{came}", {"flag": {"flagStatus": "flagged"}}, 200),
        ("POST", "messages/{came}/send", None, 400),
        ("GET", "messages/{came}/attachments", None, 200),
        ("GET", "messages/{came}/attachments/{link}/$value", None, 405),
        ("GET", "messages/{came}/attachments/nothing/$value", None, 404),
        ("PUT", "messages/{came}", None, 405),
        ("PUT", "messages", None, 405),
        ("DELETE", "messages/{came}", None, 204),
    ],
)
def test_the_simulated_service_refuses_what_the_real_one_does(
    method: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    """A client that is tested against it finds its mistakes there, and not in somebody's mailbox."""
    service = served()
    came = service.mail.insert(message(1))
    link = service.mail.attach_link(came, "drive")
    url = f"{ROOT}/me/{path.format(came=came, link=link)}"
    headers = {"Authorization": f"Bearer {service.token}"}

    assert service.respond(Request(method, url, headers, body)).status == status
