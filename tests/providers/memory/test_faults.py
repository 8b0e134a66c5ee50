"""Test the faults that a test can arm between a sync and a collection."""

from collections.abc import Sequence

import pytest

from tallystick.errors import AuthenticationRequired, OutcomeUnknown, Throttled, Unavailable
from tallystick.ports import Absence, AbsenceReason, Create, Item, Remove, Scope, Status, Term, Update
from tallystick.providers.memory import FakeCrm, Quirks, VirtualClock
from tallystick.records import Entry
from tests.providers.memory.follower import Follower

EVERYTHING = Scope()
CLIENTS = Scope("Clients")


class Crash(BaseException):
    """The end of a process."""


def creates(number: int) -> list[Create[Entry]]:
    """Return a batch of creates with the tokens t0, t1, …."""
    return [Create(f"t{each}", Entry(first_name=str(each))) for each in range(number)]


def test_throttle() -> None:
    """A throttled request writes nothing and says how long to wait, as often as it was armed."""
    entries = FakeCrm().entries
    entries.faults.throttle(times=2, retry_after=0.5)

    with pytest.raises(Throttled) as raised:
        entries.create(creates(1), EVERYTHING)
    assert raised.value.retry_after == 0.5
    with pytest.raises(Throttled):
        entries.changes(None, EVERYTHING)
    entries.create(creates(1), EVERYTHING)

    assert len(entries) == 1
    assert entries.faults.fired == {"throttle": 2}


def test_throttle_one_method() -> None:
    """One kind of request can be throttled while the others go through."""
    entries = FakeCrm().entries
    entries.faults.throttle(method="create", skip=1)

    entries.create(creates(1), EVERYTHING)
    entries.changes(None, EVERYTHING)
    with pytest.raises(Throttled):
        entries.create(creates(1), EVERYTHING)


def test_throttle_single_writes() -> None:
    """One write of a batch can be throttled while the others are done."""
    entries = FakeCrm().entries
    entries.faults.throttle_write("t1", retry_after=3)

    outcomes = entries.create(creates(3), EVERYTHING)

    assert [outcome.status for outcome in outcomes] == [Status.DONE, Status.THROTTLED, Status.DONE]
    assert outcomes[1].retry_after == 3
    assert Status.DONE is entries.create(creates(2)[1:], EVERYTHING)[0].status


def test_fail() -> None:
    """A request fails with the error that was armed, until the faults are cleared."""
    entries = FakeCrm().entries
    entries.faults.fail("get", AuthenticationRequired("signed out"), times=None)

    for _ in range(3):
        with pytest.raises(AuthenticationRequired):
            entries.get([], EVERYTHING)
    entries.faults.clear()

    assert entries.get([], EVERYTHING) == []
    assert entries.faults.fired["fail"] == 3


def test_lost_request() -> None:
    """A request that is lost on its way leaves nothing, and nobody knows."""
    entries = FakeCrm().entries
    entries.faults.lose_request("create")

    with pytest.raises(OutcomeUnknown):
        entries.create(creates(2), EVERYTHING)

    assert len(entries) == 0


@pytest.mark.parametrize(("first", "written"), [(None, 3), (2, 2), (0, 0)])
def test_lost_reply(first: int | None, written: int) -> None:
    """A request whose answer is lost was carried out, all of it or its beginning."""
    entries = FakeCrm().entries
    entries.faults.lose_reply("create", first=first)

    with pytest.raises(OutcomeUnknown):
        entries.create(creates(3), EVERYTHING)

    assert written == len(entries) == entries.writes.total()


def test_delayed_request() -> None:
    """A request can arrive after everybody has given up on it."""
    clock = VirtualClock()
    entries = FakeCrm(clock=clock).entries
    entries.faults.delay_request("create", 60)

    with pytest.raises(OutcomeUnknown):
        entries.create(creates(1), CLIENTS)
    clock.advance(59)
    assert not entries.changes(None, CLIENTS).items
    clock.advance(1)

    assert [item.id for item in entries.changes(None, CLIENTS).items] == ["e1"]


def test_delayed_request_is_checked_when_it_arrives() -> None:
    """A late write rests on the version that it was sent with, and does not undo what came after."""
    clock = VirtualClock()
    entries = FakeCrm(clock=clock).entries
    id_ = entries.insert(Entry())
    entries.faults.delay_request("update", 60)

    with pytest.raises(OutcomeUnknown):
        entries.update([Update(id_, entries.item(id_).version, {"first_name": "late"})], EVERYTHING)
    entries.edit(id_, first_name="by hand")
    clock.advance(60)
    entries.get([id_], EVERYTHING)

    assert entries.record(id_).first_name == "by hand"


@pytest.mark.parametrize("applied", [True, False])
def test_lost_single_write(applied: bool) -> None:
    """One write of a batch can be left unknown, done or not."""
    entries = FakeCrm().entries
    entries.faults.lose_write("t0", applied=applied)

    unknown, done = entries.create(creates(2), EVERYTHING)

    assert (unknown.status, done.status) == (Status.UNKNOWN, Status.DONE)
    assert 1 + applied == len(entries)


def test_poison() -> None:
    """A record can be refused every time, by its id or by what is in the write."""
    entries = FakeCrm().entries
    poisoned, fine = entries.load([Entry(), Entry()])
    entries.faults.refuse(poisoned, "oversized")
    entries.faults.refuse(lambda write: isinstance(write, Update) and "notes" in write.fields, "no_notes", times=1)

    for _ in range(2):
        (refused,) = entries.remove([Remove(poisoned, None)], EVERYTHING)
        assert (refused.status, refused.code) == (Status.REFUSED, "oversized")
    outcomes = entries.update([Update(fine, None, {"notes": "a"}), Update(fine, None, {"notes": "b"})], EVERYTHING)

    assert [outcome.code for outcome in outcomes] == ["no_notes", ""]


def test_an_edit_between_reading_and_writing() -> None:
    """A hook can edit a record just before the sync's write arrives, which is then turned away."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry())
    version = entries.item(id_).version

    def edit(batch: Sequence[object]) -> None:
        assert [Update(id_, version, {"first_name": "by sync"})] == batch
        entries.edit(id_, first_name="by hand")

    entries.faults.before("update", edit)
    (outcome,) = entries.update([Update(id_, version, {"first_name": "by sync"})], EVERYTHING)

    assert Status.CHANGED is outcome.status


def test_crash_before_and_after() -> None:
    """A hook can end the world before a request was carried out, or after it and before its answer."""
    entries = FakeCrm().entries

    def crash(batch: Sequence[object]) -> None:
        raise Crash

    entries.faults.before("create", crash)
    with pytest.raises(Crash):
        entries.create(creates(1), EVERYTHING)
    assert len(entries) == 0

    entries.faults.clear()
    for method in ("changes", "get", "search", "create"):
        entries.faults.after(method, crash)
    with pytest.raises(Crash):
        entries.create(creates(1), EVERYTHING)
    with pytest.raises(Crash):
        entries.changes(None, EVERYTHING)
    with pytest.raises(Crash):
        entries.get([], EVERYTHING)
    with pytest.raises(Crash):
        entries.search([], EVERYTHING)
    assert len(entries) == 1


def test_empty_listing() -> None:
    """A listing can be empty and say that it is complete; the next one is whole again."""
    entries = FakeCrm().entries
    entries.load((Entry() for _ in range(3)), lists=("Clients",))
    entries.faults.empty_listing()

    empty = entries.changes(None, CLIENTS)

    assert ([*empty.items], empty.complete) == ([], True)
    assert not entries.changes(empty.cursor, CLIENTS).items
    assert len(entries.changes(None, CLIENTS).items) == 3


@pytest.mark.parametrize("records", [3, 30])
def test_truncated_listing(records: int) -> None:
    """A listing can break off after its first page, which then was not all; asked again it goes on."""
    entries = FakeCrm().entries
    entries.load((Entry() for _ in range(records)), lists=("Clients",))
    entries.faults.truncate_listing()
    follower = Follower(entries, CLIENTS)

    page = follower.step()
    with pytest.raises(Unavailable):
        follower.step()
    follower.catch_up()

    assert page is not None
    assert not page.complete
    assert records == len(follower.known)
    assert entries.faults.fired == {"truncate_listing": 1}


def test_a_fault_of_any_method_leaves_listings_honest() -> None:
    """A throttled request does not use up the lie that was armed for the next listing."""
    entries = FakeCrm().entries
    entries.insert(Entry())
    entries.faults.throttle()
    entries.faults.empty_listing()

    with pytest.raises(Throttled):
        entries.changes(None, EVERYTHING)

    assert not entries.changes(None, EVERYTHING).items
    assert entries.changes(None, EVERYTHING).items


def test_denied_records() -> None:
    """A record that may no longer be seen is in no listing and no search, and reading it says why."""
    entries = FakeCrm().entries
    denied, seen = entries.load([Entry(last_name="Lovelace"), Entry(last_name="Lovelace")])
    entries.faults.deny(denied)

    listed = entries.changes(None, EVERYTHING).items
    found = entries.search([Term("last_name", "lovelace")], EVERYTHING)
    absent, present = entries.get([denied, seen], EVERYTHING)
    refused, done = entries.update([Update(denied, None, {}), Update(seen, None, {})], EVERYTHING)

    assert [seen] == [item.id for item in listed] == [item.id for item in found]
    assert Absence(denied, AbsenceReason.NO_ACCESS) == absent
    assert isinstance(present, Item)
    assert (refused.status, refused.code, done.status) == (Status.REFUSED, "no_access", Status.DONE)


def test_truncated_listing_with_replays() -> None:
    """A listing breaks off also where its pages come in disorder."""
    entries = FakeCrm(quirks=Quirks(replays=True)).entries
    entries.load(Entry() for _ in range(3))
    entries.faults.truncate_listing()

    with pytest.raises(Unavailable):
        Follower(entries, EVERYTHING).catch_up()
