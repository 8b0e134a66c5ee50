"""What a mailbox sees to for all of its providers: ids that stay, batches, the gate, tags, lists of its own."""

import asyncio
import importlib
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, cast

import attrs
import httpx
import pytest

import tallystick as ts
from tallystick.errors import (
    AuthenticationRequired,
    MissingExtra,
    OutcomeUnknown,
    PermissionDenied,
    ProviderError,
    ScopeGone,
    SettingsError,
    Throttled,
    Unavailable,
)
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Create,
    CreateSafety,
    Item,
    Outcome,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.profiles import maximizer
from tallystick.providers.graph import CONTACT_CAPABILITIES, AsyncMailbox, Mailbox
from tallystick.providers.graph.gate import SLOTS, AsyncGate, Gate
from tallystick.providers.memory import FakeCrm
from tallystick.records import EmailAddress, Message, TodoTask
from tallystick.testing.graph import Fault, GraphQuirks, GraphService
from tallystick.testing.graph.bridge import transport
from tests.providers.graph.worlds import CATEGORY, WINDOW, async_mailbox, contact, draft, event, mailbox, served, task

SCOPE = Scope(CATEGORY)


def test_every_request_asks_for_ids_that_stay() -> None:
    """A contact that is moved to another folder keeps its id, because each request asks for such ids."""
    service = served()
    contacts = mailbox(service).contacts()
    (made,) = contacts.create([Create("token", contact(1))], SCOPE)
    assert made.item is not None
    service.contacts.move(made.item.id, service.contacts.make_folder("Friends"))
    (found,) = contacts.get([made.item.id], SCOPE)
    contacts.search([Term(Term.TOKEN, "token"), Term("email", "p1@example.com")], SCOPE)
    contacts.scopes()

    assert isinstance(found, Item)
    assert found.id == made.item.id
    assert all(request.immutable for request in service.requests)


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "second half lost"])
@pytest.mark.parametrize("awaited", [False, True], ids=["blocking", "awaited"])
def test_a_batch_that_is_too_long_for_one_request_goes_in_several(awaited: bool, lost: bool) -> None:
    """A few long letters are no reason to refuse any of them; what can't be sent after others were is in doubt."""
    service = served()
    inner = transport(service)
    requests: list[int] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if b'"POST"' in request.content:
            requests.append(len(request.content))
            if lost and len(requests) > 1:
                raise httpx.ConnectError("away", request=request)
        return httpx.Response(413) if len(request.content) > 4_000_000 else inner.handle_request(request)

    drafts = [Create(f"token{number}", attrs.evolve(draft(number), body="x" * 700_000)) for number in range(6)]

    async def created() -> Sequence[Outcome[Message]]:
        client = httpx.AsyncClient(transport=httpx.MockTransport(handle))
        return await AsyncMailbox("ada", lambda: service.token, client=client).mail().create(drafts, SCOPE)

    def made() -> Sequence[Outcome[Message]]:
        if awaited:
            return asyncio.run(created())
        client = httpx.Client(transport=httpx.MockTransport(handle))
        return Mailbox("ada", lambda: service.token, client=client).mail().create(drafts, SCOPE)

    if lost:
        with pytest.raises(OutcomeUnknown):
            made()
    else:
        assert [one.status for one in made()] == [Status.DONE] * 6
        assert [one.subject for one in service.mail.all().values()] == [one.record.subject for one in drafts]
    assert len(requests) == 2


def test_a_folder_of_its_own() -> None:
    """Contacts of another folder are listed, found and made there, and read by id from anywhere."""
    service = served()
    folder = service.contacts.make_folder("Friends")
    inside, outside = service.contacts.insert(contact(1), folder=folder), service.contacts.insert(contact(2))
    contacts = mailbox(service).contacts(folder=folder)

    assert [item.id for item in contacts.changes(None, Scope()).items] == [inside]
    assert not contacts.search([Term("email", "p2@example.com")], Scope())
    assert isinstance(contacts.get([outside], Scope())[0], Item)
    contacts.create([Create("token", contact(3))], Scope())
    assert len(list(service.contacts.drawer.within(folder))) == 2
    with pytest.raises(ScopeGone):
        mailbox(service).contacts(folder="gone").changes(None, Scope())


def test_a_batch_has_twenty_requests_at_most() -> None:
    """However much is asked for, no batch is larger than the service takes."""
    service = served()
    ids = [service.contacts.insert(contact(number)) for number in range(45)]
    found = mailbox(service).contacts().get(ids, SCOPE)

    assert [one.id for one in found] == ids
    assert [len(one.body["requests"]) for one in service.requests if one.body and "requests" in one.body] == [20, 20, 5]  # type: ignore[arg-type]  # lists


def test_twenty_terms_are_one_request() -> None:
    """Terms are searched for in one batch, as many as go into it."""
    service = served()
    ids = [service.contacts.insert(contact(number)) for number in range(20)]
    terms = [Term("email", f"p{number}@example.com") for number in range(20)]
    found = mailbox(service).contacts().search(terms, SCOPE)

    assert sorted(item.id for item in found) == sorted(ids)
    assert [request.url.rpartition("/")[2] for request in service.requests if request.body] == ["$batch"]


def test_an_address_that_the_service_hides_is_seen_at_once() -> None:
    """What the service makes of a record is read back, and not found to be an edit by the next run."""
    service = served()
    contacts = mailbox(service).contacts()
    record = attrs.evolve(contact(1), email_addresses=(EmailAddress("A@example.com,", "A"),))
    (made,) = contacts.create([Create("token", record)], SCOPE)
    assert made.item is not None

    assert made.item.record.email_addresses == (EmailAddress("", "A"),)
    assert contacts.get([made.item.id], SCOPE) == [made.item]


def test_an_edit_between_a_write_and_its_reading_back_is_not_taken_for_the_write() -> None:
    """Somebody's edit that comes right after a write is left to be found as the edit that it is."""
    service = served()
    inner = transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        if request.method == "POST" and request.url.path.endswith("/contacts"):
            service.contacts.edit(service.contacts.ids()[0], job_title="Edited")
        return answer

    client = httpx.Client(transport=httpx.MockTransport(handle))
    contacts = Mailbox("graph/ada", lambda: service.token, client=client).contacts()
    (made,) = contacts.create([Create("token", contact(1))], SCOPE)
    assert made.item is not None

    assert made.item.record.job_title == ""
    (now,) = contacts.get([made.item.id], SCOPE)
    assert isinstance(now, Item)
    assert now.version != made.item.version


@pytest.mark.parametrize("kind", ["contacts", "tasks"])
def test_a_mailbox_that_drops_tags_is_told_of(kind: str) -> None:
    """Where the token of a create is not kept, the next creates are refused, unless that is said to be no matter."""
    service = served(GraphQuirks(keeps_properties=False))
    scope = SCOPE if kind == "contacts" else Scope(service.todo.default)

    def made(provider: object, token: str) -> Status:
        record = contact(1) if kind == "contacts" else task(1)
        (outcome,) = provider.create([Create(token, record)], scope)  # type: ignore[attr-defined]  # a provider
        status: Status = outcome.status
        return status

    careful = getattr(mailbox(service), kind)()
    assert made(careful, "first") is Status.DONE
    with pytest.raises(ProviderError, match="does not keep the tag"):
        made(careful, "second")

    careless = attrs.evolve(careful.capabilities, create_safety=CreateSafety.NATURAL_KEY)
    provider = getattr(mailbox(service), kind)(capabilities=careless)
    assert [made(provider, token) for token in ("third", "fourth")] == [Status.DONE] * 2


def test_what_a_get_is_refused() -> None:
    """What may not be seen is an absence for that reason; a mailbox that is gone makes nothing look deleted."""
    service = served()
    id_ = service.contacts.insert(contact(1))
    contacts = mailbox(service).contacts()
    service.fail(Fault(403, "ErrorAccessDenied"))
    assert contacts.get([id_], SCOPE) == [Absence(id_, AbsenceReason.NO_ACCESS)]
    service.fail(Fault(400, "ErrorInvalidIdMalformed"))
    assert contacts.get([id_], SCOPE) == [Absence(id_, AbsenceReason.DELETED)]
    for status, code, error in (
        (404, "ErrorNonExistentMailbox", ScopeGone),
        (429, "TooManyRequests", Throttled),
        (503, "ServiceNotAvailable", Unavailable),
    ):
        service.fail(Fault(status, code))
        with pytest.raises(error):
            contacts.get([id_], SCOPE)


def test_a_user_by_id() -> None:
    """A mailbox may be somebody else's; one that is not there is no empty one."""
    service = served()
    service.contacts.insert(contact(1))

    assert mailbox(service, user=service.user).contacts().changes(None, SCOPE).items
    with pytest.raises(ScopeGone):
        mailbox(service, user="nobody").contacts().changes(None, SCOPE)


def test_settings_out_of_range() -> None:
    """A mailbox without a name, pages of no rows, and scopes that a kind has not are refused."""
    service = served()
    with pytest.raises(SettingsError):
        Mailbox("", lambda: "x")
    with pytest.raises(SettingsError):
        Mailbox("a", lambda: "x", page_size=0)
    wrong: Any
    for wrong in ({"token": "x"}, {"page_size": "5"}, {"seconds": 0}, {"user": ""}, {"client": httpx.AsyncClient()}):
        (name,) = wrong
        with pytest.raises(SettingsError, match=f"^{name}: "):
            Mailbox(**{"account": "a", "token": lambda: "x", **wrong})
    with pytest.raises(SettingsError, match=r"client: a Client in the place of an httpx\.AsyncClient"):
        AsyncMailbox("a", lambda: "x", client=cast("httpx.AsyncClient", httpx.Client()))
    with pytest.raises(SettingsError, match="folders"):
        mailbox(service).mail(folders="inbox")
    with pytest.raises(SettingsError):
        mailbox(service).contacts(capabilities=attrs.evolve(CONTACT_CAPABILITIES, batch_size=21))
    with pytest.raises(SettingsError):
        mailbox(service).contacts().changes(None, Scope(CATEGORY, WINDOW))
    with pytest.raises(SettingsError):
        mailbox(service).calendar().changes(None, SCOPE)
    with pytest.raises(SettingsError):
        mailbox(service).tasks().changes(None, Scope())
    with pytest.raises(SettingsError):
        mailbox(service).tasks().create([Create("token", task(1))], Scope())
    for provider in (mailbox(service).contacts(), mailbox(service).calendar(), mailbox(service).tasks()):
        with pytest.raises(SettingsError):
            provider.search([Term("shoe_size", "45")], SCOPE)


def test_a_value_that_the_service_cannot_say_refuses_one_write() -> None:
    """A record that can't be written is refused, and the others of its batch are written."""
    service = served()
    tasks = mailbox(service).tasks()
    outcomes = tasks.create([Create("one", TodoTask()), Create("two", task(2))], Scope(service.todo.default))
    (id_,) = [one.item.id for one in outcomes if one.item]
    (stays,) = tasks.update([Update(id_, None, {}, member=False)], Scope(service.todo.default))

    assert [one.status for one in outcomes] == [Status.REFUSED, Status.DONE]
    assert stays.status is Status.REFUSED
    service.fail(Fault(403, "ErrorAccessDenied"))
    with pytest.raises(PermissionDenied):
        tasks.remove([Remove(id_, None)], Scope(service.todo.default))


# --- lists of the sync's own -----------------------------------------------------------------------------------------


def test_a_list_of_its_own() -> None:
    """A list is made once, beside one of the same name, is known by its mark, and is made anew where it is gone."""
    service = served()
    service.todo.make_list("Maximizer")
    tasks = mailbox(service).tasks()
    mine = tasks.own_scope("Maximizer", "token")
    assert mine.name is not None

    assert mailbox(service).tasks().own_scope("Maximizer", "token") == mine
    assert service.todo.lists.find(mine.name).body["displayName"] == "Maximizer (2)"
    assert tasks.own_scope("Maximizer", "another") != mine
    service.todo.delete_list(mine.name)
    with pytest.raises(ScopeGone):
        tasks.changes(None, mine)
    assert tasks.own_scope("Maximizer", "token") != mine
    assert set(tasks.scopes()) == set(service.todo.lists.rows)


def test_a_list_whose_mark_is_not_kept_is_not_left_behind() -> None:
    """Where the service drops the mark of a list, that is said, and no list is left that nobody knows."""
    service = served()
    before = set(service.todo.lists.rows)
    inner = transport(service)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/extensions"):
            return httpx.Response(201, stream=httpx.ByteStream(request.content))
        return inner.handle_request(request)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    with pytest.raises(ProviderError, match="mark"):
        Mailbox("graph/ada", lambda: service.token, client=client).tasks().own_scope("Maximizer", "token")

    assert set(service.todo.lists.rows) == before


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, Throttled), (503, Unavailable), (401, AuthenticationRequired), (403, PermissionDenied)],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_list_whose_mark_could_not_be_made_says_why(method: str, status: int, error: type[ProviderError]) -> None:
    """A service that is busy or out of order does not drop marks; the next call makes the list, and one alone."""
    service = served()
    before = set(service.todo.lists.rows)
    inner, left = transport(service), [1]

    def handle(request: httpx.Request) -> httpx.Response:
        new = set(service.todo.lists.rows) - before
        if left and new and request.method == method and "/extensions" in request.url.path:
            left.pop()
            return httpx.Response(status, stream=httpx.ByteStream(b"{}"))
        return inner.handle_request(request)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    tasks = Mailbox("graph/ada", lambda: service.token, client=client).tasks()
    with pytest.raises(error):
        tasks.own_scope("Maximizer", "token")

    made = tasks.own_scope("Maximizer", "token")
    assert set(service.todo.lists.rows) - before == {made.name}


@pytest.mark.parametrize("cut", ["POST lists", "POST extensions", "GET org.tallystick.list", "PATCH"])
def test_a_list_whose_making_was_cut_off_is_found_again(cut: str) -> None:
    """The next call goes on with it; a person's list of that title stays the person's, also where it is empty."""
    service = served()
    theirs = service.todo.make_list("Maximizer")
    inner, before = transport(service), set(service.todo.lists.rows)
    method, _, end = cut.partition(" ")

    def handle(request: httpx.Request) -> httpx.Response:
        answer = inner.handle_request(request)
        if before != set(service.todo.lists.rows) and request.method == method and request.url.path.endswith(end):
            raise KeyboardInterrupt  # the process ends here
        return answer

    client = httpx.Client(transport=httpx.MockTransport(handle))
    with pytest.raises(KeyboardInterrupt):
        Mailbox("graph/ada", lambda: service.token, client=client).tasks().own_scope("Maximizer", "token")
    (begun,) = set(service.todo.lists.rows) - before

    assert [mailbox(service).tasks().own_scope("Maximizer", "token") for _ in range(2)] == [Scope(begun)] * 2
    titles = {id_: row.body["displayName"] for id_, row in service.todo.lists.rows.items()}
    assert titles == {service.todo.default: "Tasks", theirs: "Maximizer", begun: "Maximizer (2)"}


def test_a_list_that_another_worker_has_taken_up_is_not_deleted() -> None:
    """Two workers that begin at once: one whose mark is refused leaves the list that the other has marked."""
    service = served()
    inner, refuse = transport(service), [True]
    taken: list[Scope] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if refuse and request.method == "POST" and request.url.path.endswith("/extensions") and taken:
            refuse.pop()
            return httpx.Response(409, stream=httpx.ByteStream(b"{}"))
        answer = inner.handle_request(request)
        if not taken and request.method == "POST" and request.url.path.endswith("/lists"):
            other = mailbox(service).tasks()
            taken.append(other.own_scope("Maximizer", "token"))
            other.create([Create("theirs", task(1))], taken[0])
        return answer

    client = httpx.Client(transport=httpx.MockTransport(handle))
    tasks = Mailbox("graph/ada", lambda: service.token, client=client).tasks()
    with pytest.raises(ProviderError):
        tasks.own_scope("Maximizer", "token")

    assert tasks.own_scope("Maximizer", "token") == taken[0]
    assert len(tasks.changes(None, taken[0]).items) == 1


def test_a_list_that_was_found_again_is_never_deleted() -> None:
    """Somebody may have put tasks on it meanwhile: where it takes no mark, it stays until it does."""
    service = served()
    tasks = mailbox(service).tasks()
    service.fail(Fault(503, done=True, only="POST"))
    with pytest.raises(Unavailable):
        tasks.own_scope("Maximizer", "token")
    (begun,) = set(service.todo.lists.rows) - {service.todo.default}
    tasks.create([Create("theirs", task(1))], Scope(begun))
    service.fail(Fault(403, "ErrorAccessDenied", only="POST"))
    with pytest.raises(PermissionDenied):
        tasks.own_scope("Maximizer", "token")

    assert tasks.own_scope("Maximizer", "token") == Scope(begun)
    assert len(tasks.changes(None, Scope(begun)).items) == 1


def test_a_token_is_found_among_thousands_of_tasks() -> None:
    """A task that was made without an answer is found, however many a list has kept that were completed long ago."""
    service = served()
    tasks, scope = mailbox(service).tasks(), Scope(service.todo.default)
    for number in range(2_100):
        service.todo.insert(task(number))
    (made,) = tasks.create([Create("token", task(2_100))], scope)

    assert [item.id for item in tasks.search([Term(Term.TOKEN, "token")], scope)] == [made.item and made.item.id]


def test_an_awaited_list_of_its_own() -> None:
    """An awaited mailbox makes a list, too."""
    service = served()

    async def made() -> Scope:
        return await async_mailbox(service).tasks().own_scope("Maximizer", "token")

    assert asyncio.run(made()).name in service.todo.lists.rows


# --- the gate --------------------------------------------------------------------------------------------------------


def test_no_more_than_four_requests_are_under_way() -> None:
    """However many readings are awaited at once, the service sees four of a mailbox, the parts of batches counted."""
    service = served()
    ids = [service.contacts.insert(contact(number)) for number in range(30)]
    service.calendar.insert(event(1))
    busy = most = 0

    async def app(scope: object, receive: object, send: object) -> None:
        nonlocal busy, most
        width = SLOTS if str(scope["path"]).endswith("$batch") else 1  # type: ignore[index]  # an ASGI scope
        busy += width
        most = max(most, busy)
        await asyncio.sleep(0.001)
        busy -= width
        await service(scope, receive, send)  # type: ignore[arg-type]  # an ASGI application's

    async def read() -> None:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        async with AsyncMailbox("graph/ada", lambda: service.token, client=client) as box:
            contacts, calendar = box.contacts(), box.calendar()
            singles = [contacts.get([id_], SCOPE) for id_ in ids]
            batches = [contacts.get(ids, SCOPE) for _ in range(3)]
            views = [calendar.changes(None, Scope(None, WINDOW)) for _ in range(3)]
            await asyncio.gather(*singles, *batches, *views)

    asyncio.run(read())

    assert most == SLOTS
    assert busy == 0


def test_the_gate_holds_for_threads_too() -> None:
    """Threads that share a mailbox share its slots, and nobody waits for ever."""
    gate, lock = Gate(), threading.Lock()
    busy = most = 0

    def work(width: int) -> None:
        nonlocal busy, most
        for _ in range(50):
            with gate.passed(width):
                with lock:
                    busy += min(width, SLOTS)
                    most = max(most, busy)
                with lock:
                    busy -= min(width, SLOTS)

    threads = [threading.Thread(target=work, args=(width,)) for width in (1, 1, 2, 3, 20, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert not any(thread.is_alive() for thread in threads)
    assert most <= SLOTS


def test_a_cancelled_wait_gives_its_slots_back() -> None:
    """Whoever is cancelled while waiting at the gate leaves it as it was."""

    async def tried() -> bool:
        gate = AsyncGate()
        async with gate.passed(2):
            waiting = asyncio.ensure_future(_through(gate, 20))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return await asyncio.wait_for(_through(gate, 20), 5)

    async def _through(gate: AsyncGate, width: int) -> bool:
        async with gate.passed(width):
            return True

    assert asyncio.run(tried())


# --- whole runs ------------------------------------------------------------------------------------------------------


def test_an_awaited_sync() -> None:
    """A sync with an awaited mailbox ends where one with a blocking mailbox does."""
    service, crm = served(), FakeCrm()
    service.contacts.insert(attrs.evolve(contact(1), categories=("Maximizer",)))
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")

    async def run() -> ts.Report:
        left = async_mailbox(service).contacts()
        sync = ts.Sync("contacts", left=left, right=crm.entries, profile=profile, state=ts.MemoryState())
        return await sync.run_async()

    assert asyncio.run(run()).written() == 1
    assert [entry.first_name for entry in crm.entries.all().values()] == ["Given1"]


def test_a_token_that_is_no_longer_valid_ends_the_run_with_a_word() -> None:
    """A run whose sign-in is over is a problem, and says what to do."""
    service, crm = served(), FakeCrm()
    box = Mailbox("graph/ada", lambda: "old", client=httpx.Client(transport=transport(service)))
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    sync = ts.Sync("contacts", left=box.contacts(), right=crm.entries, profile=profile, state=ts.MemoryState())

    assert "sign in" in sync.run().note


def test_a_token_that_expires_in_the_middle_of_a_run_is_renewed() -> None:
    """The service stops taking a token while a run reads: the host is asked for another, and the run goes on."""
    service, crm = served(), FakeCrm()
    for number in range(9):
        service.contacts.insert(attrs.evolve(contact(number), categories=("Maximizer",)))
    asked: list[str] = []
    service.token = "first"

    def token() -> str:
        if len(asked) == 2:  # by now the first one is no longer taken, and the host does not know it yet
            service.token = "second"
        asked.append("first" if len(asked) <= 2 else service.token)
        return asked[-1]

    box = Mailbox("graph/ada", token, client=httpx.Client(transport=transport(service)), page_size=2)
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    sync = ts.Sync("contacts", left=box.contacts(), right=crm.entries, profile=profile, state=ts.MemoryState())

    assert sync.run().written() == 9
    assert asked[:4] == ["first", "first", "first", "second"]


def test_what_the_hosts_function_raises_is_the_hosts() -> None:
    """An error of the library from the host's function goes its way; any other is raised as it is."""

    def missing() -> str:
        raise AuthenticationRequired("nobody has signed in", remedy="open the settings")

    def broken() -> str:
        raise ZeroDivisionError

    client = httpx.Client(transport=transport(GraphService()))
    with pytest.raises(AuthenticationRequired, match="settings"):
        Mailbox("a", missing, client=client).contacts().changes(None, SCOPE)
    with pytest.raises(ZeroDivisionError):
        Mailbox("a", broken, client=client).contacts().changes(None, SCOPE)


def test_clients_are_closed_by_whoever_made_them() -> None:
    """A client that the mailbox made is closed with it; the host's own is left open."""

    def clients() -> Iterator[tuple[Mailbox, httpx.Client]]:
        own = httpx.Client(transport=transport(GraphService()))
        yield Mailbox("a", lambda: "x", client=own), own
        made = Mailbox("a", lambda: "x")
        yield made, made._transport._client

    with ExitStack() as stack:
        pairs = [(stack.enter_context(box), client) for box, client in clients()]
    assert [client.is_closed for _, client in pairs] == [False, True]
    pairs[0][1].close()

    async def closed() -> bool:
        async with AsyncMailbox("a", lambda: "x") as box:
            client = box._transport._client
        return client.is_closed

    assert asyncio.run(closed())
    assert repr(AsyncMailbox("a", lambda: "x", client=httpx.AsyncClient())) == "AsyncMailbox('a')"


def test_capabilities_are_the_hosts_to_declare() -> None:
    """A provider declares what it was given."""
    slow = attrs.evolve(CONTACT_CAPABILITIES, read_size=5)

    assert mailbox(served()).contacts(capabilities=slow).capabilities == slow


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where httpx is missing, the error says what to install."""
    for name in [name for name in sys.modules if name.startswith("tallystick.providers.graph")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(MissingExtra, match=r"tallystick\[graph\]"):
        importlib.import_module("tallystick.providers.graph")
