"""What becomes of single writes to an address book, by what the server answers and who else writes."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest

from tallystick.errors import AuthenticationRequired, PermissionDenied, ProviderError, ScopeGone, Throttled, Unavailable
from tallystick.ports import Create, Item, Outcome, Remove, Scope, Status, Update
from tallystick.providers.dav import CONTACTS, TODO_TASKS
from tallystick.providers.memory import VirtualClock
from tallystick.records import Contact, TodoTask
from tests.providers.dav.service import PATH, Service, answered, provider, refused
from tests.providers.dav.test_contract import contact

EVERYTHING = Scope()
CARD = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:1
N:Hopper;Grace;;;
FN:Grace Hopper
item1.TEL:+44 20 7946 0000
item1.X-ABLabel:Ship
X-SOMETHING;X-ELSE=1:kept
PHOTO:data:image/png;base64,iVBORw0KGgo=
END:VCARD
"""


def item(service: Service, id_: str) -> Item[Contact]:
    """Return what the provider shows of a record."""
    (found,) = provider(service).get([id_], EVERYTHING)
    assert isinstance(found, Item)
    return found


def updated(service: Service, id_: str = "1", **fields: object) -> Outcome[Contact]:
    """Update a record that was just read."""
    write = Update(id_, item(service, id_).version, fields)
    (outcome,) = provider(service).update([write], EVERYTHING)
    return outcome


def test_what_a_record_cannot_say_stays_in_the_card() -> None:
    """Photos, groups, labels and strangers' properties keep their lines, byte by byte."""
    service = Service()
    service.put("1.vcf", CARD)

    assert updated(service, company_name="Example Ltd").status is Status.DONE

    lines = service.texts["1.vcf"].split("\r\n")
    assert [line for line in lines if line not in CARD.split("\n")] == ["ORG:Example Ltd"]
    assert {line for line in CARD.splitlines() if line} <= set(lines)


def test_records_under_any_name_can_be_read_and_written() -> None:
    """Other programs choose other names, with other endings, signs and blanks."""
    service = Service()
    names = ["plain.vcf", "no-ending", "ünï cödé.vcf", "a%b.vcf", "x.VCF", ".vcf"]
    for number, name in enumerate(names):
        service.put(name, CARD.replace("uuid:1", f"uuid:{number}"))

    # The service answers with names that are escaped.
    def escaping(request: httpx.Request) -> httpx.Response | None:
        if b"sync-collection" not in request.content:
            return None
        base = PATH.replace("ada", "%61da")
        ok = "<propstat><prop><getetag>1</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>"
        said = (f"<response><href>{base}{quote(name)}</href>{ok}</response>" for name in names)
        return answered("".join(said) + "<sync-token>t</sync-token>")

    service.intrude = escaping
    page = provider(service).changes(None, EVERYTHING)

    assert len({one.id for one in page.items}) == len(names)
    for one in page.items:
        assert updated(service, one.id, company_name="Example Ltd").status is Status.DONE
    assert all("ORG:Example Ltd" in service.texts[name] for name in names)
    assert set(service.texts) == set(names)


@pytest.mark.parametrize(
    ("status", "condition", "expected", "code"),
    [
        (403, "no-uid-conflict", Status.REFUSED, "no-uid-conflict"),
        (403, "", Status.REFUSED, "http_403"),
        (409, "valid-address-data", Status.REFUSED, "valid-address-data"),
        (413, "", Status.REFUSED, "http_413"),
        (507, "", Status.REFUSED, "http_507"),
        (302, "", Status.REFUSED, "http_302"),
        (500, "", Status.UNKNOWN, "http_500"),
        (503, "", Status.THROTTLED, "http_503"),
        (429, "", Status.THROTTLED, "http_429"),
        (423, "", Status.THROTTLED, "http_423"),
    ],
)
def test_what_a_server_says_of_a_write_is_its_outcome(status: int, condition: str, expected: Status, code: str) -> None:
    """A refusal has a code, a wait its seconds, and what may have arrived is in doubt."""
    headers = {"Retry-After": "7"}

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method not in {"PUT", "DELETE"}:
            return None
        return refused(status, condition) if condition else httpx.Response(status, headers=headers)

    (created,) = provider(Service(intrude=answer)).create([Create("a1", contact(1))], EVERYTHING)
    (removed,) = provider(Service(intrude=answer)).remove([Remove("a1", '"1"')], EVERYTHING)

    assert (created.status, created.code) == (removed.status, removed.code) == (expected, code)
    assert created.retry_after == (7 if expected is Status.THROTTLED else None)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: httpx.Response(401), AuthenticationRequired),
        (lambda: refused(403, "need-privileges"), PermissionDenied),
        (lambda: httpx.Response(404), ScopeGone),
        (lambda: httpx.Response(409), ScopeGone),
    ],
    ids=["401", "need-privileges", "404", "409"],
)
def test_what_concerns_every_write_is_raised(answer: Callable[[], httpx.Response], error: type[ProviderError]) -> None:
    """A lost right or a lost collection is no fault of one record."""
    service = Service(intrude=lambda request: answer() if request.method == "PUT" else None)

    with pytest.raises(error):
        provider(service).create([Create("a1", contact(1))], EVERYTHING)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthenticationRequired),
        (403, PermissionDenied),
        (404, ScopeGone),
        (410, ScopeGone),
        (429, Throttled),
        (503, Throttled),
        (500, Unavailable),
        (400, ProviderError),
    ],
)
def test_what_a_server_says_of_a_reading_is_an_error(status: int, error: type[ProviderError]) -> None:
    """Each says what the host must do; a collection that is gone never reads as an empty one."""
    side = provider(Service(intrude=lambda _: httpx.Response(status, headers={"Retry-After": "3"})))

    for ask in (lambda: side.changes(None, EVERYTHING), side.scopes):
        with pytest.raises(error) as caught:
            ask()
        assert type(caught.value) is error
        assert getattr(caught.value, "retry_after", 3) == 3


def test_a_create_that_meets_its_own_record_is_done() -> None:
    """It had arrived, and its answer was lost."""
    service = Service()
    first = provider(service).create([Create("a1", contact(1))], EVERYTHING)
    again = provider(service).create([Create("a1", contact(1))], EVERYTHING)

    assert [one.status for one in (*first, *again)] == [Status.DONE, Status.DONE]
    assert len(service.log) == 1


def test_a_create_that_meets_what_somebody_made_of_it_is_in_doubt() -> None:
    """An edit that came between is not taken for what was agreed on."""
    service = Service()
    provider(service).create([Create("a1", contact(1))], EVERYTHING)
    service.put("a1.vcf", service.texts["a1.vcf"].replace("Given1", "Augusta"))

    (again,) = provider(service).create([Create("a1", contact(1))], EVERYTHING)

    assert again.status is Status.UNKNOWN


def test_a_token_that_can_be_no_name_is_refused() -> None:
    """It would be found under another name than it was given."""
    (outcome,) = provider(Service()).create([Create("../a", contact(1))], EVERYTHING)

    assert (outcome.status, outcome.code) == (Status.REFUSED, "no_token")


def test_an_edit_right_after_our_write_is_not_taken_for_our_write() -> None:
    """Read back with another etag and other contents, the write is in doubt, and the edit is found by the next run."""
    service = Service()
    service.put("1.vcf", CARD)

    def edit_too(name: str) -> None:
        service.put(name, service.texts[name].replace("Hopper", "Murray"))

    service.after_put = edit_too
    assert updated(service, company_name="Example Ltd").status is Status.UNKNOWN


def test_a_server_that_rewrites_what_it_is_given_is_believed() -> None:
    """What counts is what it holds, with the etag that it shows afterwards."""
    service = Service(etags=False, rewrite=lambda text: text.replace("Example Ltd", "Example"))
    service.put("1.vcf", CARD)

    outcome = updated(service, company_name="Example Ltd")

    assert outcome.status is Status.DONE
    assert outcome.item is not None
    assert outcome.item.record.company_name == "Example"
    assert outcome.item.version == item(service, "1").version


def test_a_write_that_cannot_be_read_back_is_in_doubt() -> None:
    """The next run looks what became of it."""
    service = Service()

    def fails_after(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if service.log and request.method == "REPORT" else None

    service.intrude = fails_after
    (outcome,) = provider(service).create([Create("a1", contact(1))], EVERYTHING)

    assert outcome.status is Status.UNKNOWN


def test_an_update_between_reading_and_writing_is_refused_by_the_server() -> None:
    """If-Match holds what we compared ourselves a moment ago."""
    service = Service()
    service.put("1.vcf", CARD)

    def quick(request: httpx.Request) -> None:
        if request.method == "PUT":
            service.put("1.vcf", CARD.replace("Hopper", "Murray"))

    service.intrude = quick
    outcome = updated(service, company_name="Example Ltd")

    assert outcome.status is Status.CHANGED
    assert "Murray" in service.texts["1.vcf"]


def test_a_removal_on_a_weak_etag_is_compared_before_it_is_sent() -> None:
    """Servers compare weak etags with nothing, so it is done here."""
    service = Service(weak=True)
    service.put("1.vcf", CARD)
    stale = item(service, "1").version
    service.put("1.vcf", CARD.replace("Hopper", "Murray"))

    (refused_,) = provider(service).remove([Remove("1", stale)], EVERYTHING)
    (done,) = provider(service).remove([Remove("1", item(service, "1").version)], EVERYTHING)

    assert (refused_.status, done.status) == (Status.CHANGED, Status.DONE)


def test_a_card_that_cannot_be_read_is_left_alone() -> None:
    """It is told as refused, so that nothing is made of it, and never written over."""
    service = Service()
    service.put("1.vcf", "BEGIN:VCARD\nVERSION:2.1\nN:Hopper\nEND:VCARD\n")
    service.put("2.vcf", CARD)
    side = provider(service)

    assert [one.id for one in side.changes(None, EVERYTHING).items] == ["2"]
    (outcome,) = side.update([Update("1", None, {"surname": "X"})], EVERYTHING)
    assert (outcome.status, outcome.code) == (Status.REFUSED, "unreadable")


def test_what_is_of_another_kind_is_none_of_ours() -> None:
    """A calendar may hold events beside tasks."""
    service = Service(suffix=".ics", data="L:calendar-data")
    event = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101\nEND:VEVENT\nEND:VCALENDAR\n"
    service.put("1.ics", event)
    service.put("2.ics", event.replace("VEVENT", "VTODO").replace("UID:1", "UID:2\nSUMMARY:Call"))

    page = provider(service, TODO_TASKS).changes(None, EVERYTHING)

    assert next(one.record for one in page.items if isinstance(one.record, TodoTask)).title == "Call"
    assert [one.id for one in page.items] == ["2"]


def test_only_what_changed_is_read_again() -> None:
    """After a cursor has expired, and for a search, records whose etag is known are not asked for."""
    service = Service()
    for number in range(30):
        service.put(f"{number}.vcf", CARD.replace("uuid:1", f"uuid:{number}"))
    side = provider(service)
    side.changes(None, EVERYTHING)
    side.scopes()
    service.asked.clear()

    service.put("7.vcf", CARD.replace("Hopper", "Murray"))
    side.scopes()
    side.changes(None, EVERYTHING)

    assert service.asked == ["REPORT", "REPORT", "REPORT"]


def test_a_search_goes_on_after_the_server_has_forgotten_its_token() -> None:
    """The picture is made anew, and nobody notices."""
    service = Service()
    service.put("1.vcf", CARD)
    side = provider(service, CONTACTS)
    side.scopes()
    service.drop("1.vcf")
    service.log.append("")
    service.forgotten = 99

    assert side.scopes() == []


def test_what_is_written_is_stamped_where_there_is_a_clock() -> None:
    """Other programs see when a card was changed last."""
    service, clock = Service(), VirtualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))

    provider(service, clock=clock).create([Create("a1", contact(1))], EVERYTHING)

    assert "REV:2026-03-01T12:00:00Z" in service.texts["a1.vcf"]


@pytest.mark.parametrize(("status", "sent"), [(429, 1), (503, 1), (423, 3)])
def test_a_server_that_asks_to_wait_is_left_alone(status: int, sent: int) -> None:
    """The rest of a batch is not sent to a server that is busy; one record that is locked holds up no other."""
    answer = httpx.Response(status, headers={"Retry-After": "7"})
    service = Service(intrude=lambda request: answer if request.method == "PUT" else None)

    outcomes = provider(service).create([Create(f"a{one}", contact(one)) for one in range(3)], EVERYTHING)

    assert [(one.status, one.retry_after) for one in outcomes] == [(Status.THROTTLED, 7)] * 3
    assert service.asked.count("PUT") == sent
