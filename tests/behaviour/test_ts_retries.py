"""TS-15: a record that keeps failing is parked with a reason and a retry budget, and never holds up another."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import attrs
import pytest

from tallystick import Side
from tallystick.errors import LeaseHeld, OutcomeUnknown, SettingsError, UnknownRecord
from tallystick.ports import CreateSafety, RunState
from tallystick.reconcile import Bucket, Retries
from tallystick.sync import Listed
from tests.simulation.mutants import deleting
from tests.simulation.world import CATEGORY, World, entry


def poisoned(most: int = 3) -> World:
    """Return a world in which the CRM refuses everything about the first person."""
    world = World()
    world.profile = attrs.evolve(world.profile, retries=Retries(most=most))
    world.crm.entries.faults.refuse(lambda write: "p1@example.com" in repr(_emails(write)), "poison", times=None)
    for person in (1, 2, 3):
        world.insert(0, person)
    return world


def _emails(write: object) -> object:
    return getattr(getattr(write, "record", None), "emails", ())


def tries(world: World) -> int:
    """Return how many creates the CRM was asked for."""
    return world.crm.entries.calls["create"]


def failed_again(world: World) -> int | None:
    """Run when the next retry is due; return for how many minutes the failed record is put off now."""
    world.run()
    (row,) = world.sync().failed()
    if row.retry_at is None:
        return None
    wait = (row.retry_at - world.clock.now()).total_seconds()
    world.clock.advance(wait)
    return round(wait / 60)


@pytest.mark.behaviour("TS-15")
def test_a_record_that_keeps_failing_is_tried_ever_more_rarely_and_then_left() -> None:
    """The pauses double; after the most attempts the record rests, with its reason, until something happens."""
    world = poisoned(most=3)
    waits = [failed_again(world) for _ in range(3)]
    (row,) = world.sync().failed()

    assert waits == [10, 20, None]
    assert row.attempts == 3
    assert row.reasons == ("refused:poison", "gave_up")
    assert "a person releases it" in row.words[1]
    before = tries(world)
    for _ in range(5):
        world.clock.advance(86_400 * 3)
        world.run()
    assert tries(world) == before
    report = world.reports[-1]
    assert report.state is RunState.COMPLETE
    assert report.buckets[Bucket.FAILED] == 1


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("batch_size", [1, 20])
def test_a_poisoned_record_holds_up_nobody(batch_size: int) -> None:
    """Others of the same batch are synced by the same run."""
    world = poisoned()
    assert world.run().buckets[Bucket.SYNCED] == 2
    assert [world.find(1, person) != [] for person in (1, 2, 3)] == [False, True, True]


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("method", ["create", "update"])
def test_a_record_that_leaves_its_batch_without_an_answer_holds_up_nobody(method: Literal["create", "update"]) -> None:
    """A service that gives no answer wherever one record is in the batch gets that by itself; the others arrive."""
    world = World(batch_size=20)
    people = range(1, 7)
    if method == "update":
        for person in people:
            world.insert(0, person)
        world.quiet()
    for person in people:
        if method == "create":
            world.insert(0, person, company_name="new")
        else:
            world.outlook.contacts.edit(world.the(0, person), company_name="new")

    def choke(batch: Sequence[Any]) -> None:
        if any("p3@example.com" in repr(_emails(write)) or world.find(1, 3) == [_id(write)] for write in batch):
            raise OutcomeUnknown("no answer")

    world.crm.entries.faults.before(method, choke)
    for _ in range(6):
        world.clock.advance(86_400)
        world.run()

    arrived = [one for one in people if world.find(1, one) and shown_company(world, one) == "new"]
    assert arrived == [1, 2, 4, 5, 6]
    assert [row.id for row in world.sync().failed()] == [world.the(0, 3)]
    world.crm.entries.faults.clear()
    world.clock.advance(86_400)
    world.quiet()
    assert shown_company(world, 3) == "new"


def shown_company(world: World, person: int) -> str:
    """Return the company that a person's entry shows."""
    company: str = world.crm.entries.record(world.the(1, person)).company_name
    return company


def _id(write: object) -> object:
    return getattr(write, "id", None)


@pytest.mark.behaviour("TS-15")
def test_a_person_can_release_a_record_that_was_given_up() -> None:
    """A released record is tried by the next run; when the reason is gone, it is synced."""
    world = poisoned(most=1)
    world.run()
    one = world.the(0, 1)
    world.crm.entries.faults.clear()
    world.clock.advance(86_400)
    world.run()
    assert not world.find(1, 1)

    world.sync().release("left", one)
    world.run()

    assert world.find(1, 1)
    assert not world.sync().failed()


@pytest.mark.behaviour("TS-15")
def test_nobody_releases_while_a_run_is_at_work() -> None:
    """A run that is writing goes on to its end; who releases a record meanwhile is told so, and does it afterwards."""
    world = poisoned(most=1)
    world.run()
    one = world.the(0, 1)
    refused: list[str] = []

    def release(_batch: object) -> None:
        with pytest.raises(LeaseHeld, match="nothing was released; look at the list when that run has ended") as held:
            world.sync().release("left", one)
        refused.append(held.value.worker)

    world.write(0, 2, 0, "edited")
    world.crm.entries.faults.before("update", release)
    world.clock.advance(600)
    report = world.run()

    assert refused
    assert (report.state, report.written()) == (RunState.COMPLETE, 1)
    world.crm.entries.faults.clear()
    world.sync().release("left", one)
    world.clock.advance(600)
    world.run()
    assert world.find(1, 1)


@pytest.mark.behaviour("TS-15")
def test_an_edited_record_is_tried_again_by_itself() -> None:
    """Whoever mends the record need not release it."""
    world = poisoned(most=1)
    world.run()
    world.crm.entries.faults.clear()
    world.clock.advance(600)
    world.outlook.contacts.edit(world.the(0, 1), company_name="mended")
    world.run()

    assert world.find(1, 1)


@pytest.mark.behaviour("TS-15")
def test_only_what_failed_can_be_released() -> None:
    """Releasing a record that has not failed is a mistake, and says where to look."""
    world = poisoned()
    world.run()
    with pytest.raises(UnknownRecord, match="list of errors"):
        world.sync().release(Side.LEFT, world.the(0, 2))


@pytest.mark.parametrize(("most", "first"), [(0, 600), (3, 0), (3, 10**9)])
def test_retries_that_make_no_sense_are_refused(most: int, first: float) -> None:
    """A policy without any attempt, or with a first wait beyond the longest, is no policy."""
    with pytest.raises(SettingsError):
        Retries(timedelta(seconds=first), most=most)


def deaf(most: int = 3, safety: CreateSafety = CreateSafety.SEARCHABLE_TAG) -> World:
    """Return a world in which no create in the CRM ever arrives, nor is answered, and in which one is wanted."""
    world = World(safety=safety)
    world.profile = attrs.evolve(world.profile, retries=Retries(most=most))
    world.insert(0, 1)
    world.run()
    world.crm.entries.faults.lose_request("create", times=None)
    world.insert(0, 2)
    return world


@pytest.mark.behaviour("TS-15")
def test_a_create_that_never_gets_an_answer_is_given_up_in_the_end() -> None:
    """It is tried ever more rarely, is listed with its reason all the while, and rests after its last attempt."""
    world = deaf(most=3)
    waits = [failed_again(world) for _ in range(3)]
    (row,) = world.sync().failed()

    assert waits == [10, 20, None]
    assert (row.id, row.attempts, row.reasons) == (world.the(0, 2), 3, ("no_answer", "gave_up"))
    before = tries(world)
    for _ in range(5):
        world.clock.advance(86_400 * 3)
        world.run()
        world.outlook.contacts.expire_cursors()
    assert tries(world) == before
    assert world.reports[-1].state is RunState.COMPLETE
    world.check()


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("safety", list(CreateSafety))
def test_a_person_can_release_a_create_that_was_given_up(safety: CreateSafety) -> None:
    """Once the service answers again and a person releases the record, it is created, once."""
    world = deaf(most=2, safety=safety)
    for _ in range(8):
        world.clock.advance(1800)
        world.run()
    (row,) = world.sync().failed()
    assert row.reasons == ("no_answer", "gave_up")
    world.crm.entries.faults.clear()
    world.sync().release("left", row.id)
    world.quiet()

    assert len(world.find(1, 2)) == 1
    assert not world.sync().failed()
    world.check()


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("safety", list(CreateSafety))
def test_a_create_without_an_answer_holds_others_up_only_while_it_is_in_doubt(safety: CreateSafety) -> None:
    """What is new on the side of a create that was given up finds its counterpart, also the one that was wanted."""
    world = deaf(most=2, safety=safety)
    for _ in range(8):
        world.clock.advance(1800)
        world.run()
    world.insert(1, 3)
    world.insert(1, 2)  # typed in by a person who got tired of waiting
    world.quiet()

    assert [len(world.find(0, person)) for person in (1, 2, 3)] == [1, 1, 1]
    assert {link.ids for link in world.links()} == {(world.the(0, one), world.the(1, one)) for one in (1, 2, 3)}
    world.check()


def unheard(most: int = 3, side: Side = Side.RIGHT, **more: Any) -> World:  # noqa: ANN401 -- the world's
    """Return a world of two pairs; updates of a side never arrive, nor are answered, and one of each pair is wanted."""
    world = World(**more)
    world.profile = attrs.evolve(world.profile, retries=Retries(most=most))
    for person in (1, 2):
        world.insert(0, person, company_name="before", file_as="kept")
    world.quiet()
    world.sides[side].faults.lose_request("update", times=None)
    world.clock.advance(600)
    world.write(side.other, 1, 0, "edited")
    return world


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("side", list(Side))
def test_an_update_that_never_gets_an_answer_is_given_up_in_the_end(side: Side) -> None:
    """It is tried ever more rarely, is listed with its reason all the while, and rests after its last attempt."""
    world = unheard(most=3, side=side)
    waits = [failed_again(world) for _ in range(3)]
    (row,) = world.sync().failed()

    assert waits == [10, 20, None]
    assert (row.id, row.attempts, row.reasons) == (world.the(side.other, 1), 3, ("no_answer", "gave_up"))
    sent = world.sides[side].calls["update"]
    for _ in range(6):
        world.clock.advance(86_400 * 3)
        world.run()
        for collection in world.sides:
            collection.expire_cursors()
    assert world.sides[side].calls["update"] == sent
    report = world.reports[-1]
    assert (report.state, report.buckets[Bucket.FAILED]) == (RunState.COMPLETE, 1)
    assert shown(world, side) == "before"


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("helped", ["released", "edited here", "edited there"])
def test_an_update_that_was_given_up_is_sent_when_something_happens(helped: str) -> None:
    """A person releases it, or edits either record: it is written, and both sides agree."""
    world = unheard(most=2)
    for _ in range(6):
        world.clock.advance(1800)
        world.run()
    (row,) = world.sync().failed()
    assert row.reasons == ("no_answer", "gave_up")
    world.crm.entries.faults.clear()
    world.clock.advance(600)
    if helped == "released":
        world.sync().release("left", row.id)
    elif helped == "edited here":
        world.write(0, 1, 0, "edited again")
    else:
        world.crm.entries.edit(world.the(1, 1), position="edited there")
    world.quiet()

    assert shown(world, 1) == ("edited again" if helped == "edited here" else "edited")
    assert not world.sync().failed()
    world.check()


@pytest.mark.behaviour("TS-15")
def test_an_update_without_an_answer_holds_up_nobody_and_is_heard_of_at_once() -> None:
    """Other edits travel meanwhile; one that arrived after all is found by the next run, and nothing is listed."""
    world = unheard(most=12)
    world.run()
    world.write(0, 2, 0, "another")
    world.crm.entries.faults.clear()
    world.crm.entries.faults.lose_reply("update")
    world.clock.advance(600)
    for _ in range(8):
        world.run()
        world.clock.advance(600)
    assert [world.crm.entries.record(world.the(1, one)).company_name for one in (1, 2)] == ["edited", "another"]
    assert not world.sync().failed()
    world.quiet()
    world.check()


ENDS = ("deleted", "taken out")
JOINS = ("put on the list", "paired")


def unended(how: str, most: int = 3, **more: Any) -> World:  # noqa: ANN401 -- the world's
    """Return a world in which the first person's pair is to end, or the third one's to begin, and the CRM is deaf."""
    world = World(profile=deleting(edit_beats_removal=True) if how == "deleted" else None, **more)
    world.profile = attrs.evolve(world.profile, retries=Retries(most=most))
    for person in (1, 2):
        world.insert(0, person, company_name="before")
    if how == "put on the list":
        world.crm.entries.insert(entry(3, position="a position"))
    world.quiet()
    world.crm.entries.faults.lose_request(method(how), times=None)
    world.clock.advance(600)
    if how == "deleted":
        world.outlook.contacts.delete(world.the(0, 1))
    elif how == "taken out":
        world.outlook.contacts.leave(world.the(0, 1), CATEGORY)
    else:
        if how == "paired":
            world.insert(1, 3, position="a position")
        world.insert(0, 3, company_name="a company")
    return world


def method(how: str) -> Literal["remove", "update"]:
    """Return by which request a pair ends, or begins."""
    return "remove" if how == "deleted" else "update"


def given_up(world: World) -> Sequence[Listed]:
    """Run until a write is given up, and return the rows; it is listed with its reason all the while."""
    for _ in range(20):
        world.run()
        rows = world.sync().failed()
        assert {row.reasons[0] for row in rows} == {"no_answer"}
        if all("gave_up" in row.reasons for row in rows):
            return rows
        world.clock.advance(300)
    raise AssertionError("not given up")


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("delta", [True, False])
@pytest.mark.parametrize("how", [*ENDS, *JOINS])
def test_what_begins_or_ends_a_pair_and_never_gets_an_answer_is_given_up_in_the_end(how: str, delta: bool) -> None:
    """A removal, a leaving, a joining: sent as often as the profile says, and the pair is listed as waiting for it."""
    world = unended(how, most=3, delta=delta)
    person = 3 if how in JOINS else 1
    rows = given_up(world)

    sent = world.crm.entries.calls[method(how)]
    assert sent == 3
    assert {row.attempts for row in rows} == {3}
    before = world.picture()
    for _ in range(6):
        world.clock.advance(86_400 * 3)
        report = world.run()
        assert (report.written(), report.state, report.buckets[Bucket.FAILED]) == (0, RunState.COMPLETE, 1)
        for collection in world.sides:
            collection.expire_cursors()
    assert world.crm.entries.calls[method(how)] == sent
    assert world.picture() == before
    assert len(world.find(0, person)) == (how != "deleted")
    assert len(world.links()) == (3 if how in JOINS else 2)


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("loses", ["requests", "replies"])
@pytest.mark.parametrize("how", [*ENDS, *JOINS])
def test_a_pair_that_waits_is_ended_or_begun_when_a_person_releases_it(how: str, loses: str) -> None:
    """Once the service answers again nothing is listed any more, and nobody is back or doubled."""
    world = unended(how, most=2)
    if loses == "replies":
        world.crm.entries.faults.clear()
        world.crm.entries.faults.lose_reply(method(how), times=None)
        for _ in range(6):
            world.run()
            world.clock.advance(600)
        assert world.crm.entries.calls[method(how)] == 1, "it had arrived"
    else:
        (row, *_) = given_up(world)
        world.crm.entries.faults.clear()
        world.sync().release(row.side, row.id)
    world.quiet()

    assert not world.sync().failed()
    if how == "deleted":
        assert [len(world.find(side, 1)) for side in (0, 1)] == [0, 0]
    elif how == "taken out":
        assert [world.is_member(side, world.the(side, 1)) for side in (0, 1)] == [False, False]
    world.check()


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("edit_beats_removal", [True, False])
def test_a_removal_that_was_given_up_is_decided_again_when_its_record_is_edited(edit_beats_removal: bool) -> None:
    """The profile says whether the edit or the removal wins, as it would have at once."""
    world = unended("deleted", most=2)
    world.profile = attrs.evolve(world.profile, conflict=deleting(edit_beats_removal=edit_beats_removal).conflict)
    given_up(world)
    world.crm.entries.faults.clear()
    world.clock.advance(600)
    world.write(1, 1, 0, "edited there")
    world.quiet()

    assert [len(world.find(side, 1)) for side in (0, 1)] == [edit_beats_removal] * 2
    assert not world.sync().failed()
    world.check()


def shown(world: World, side: int) -> str:
    """Return the company of the first person on a side."""
    return str(world.sides[side].record(world.the(side, 1)).company_name)


@pytest.mark.behaviour("TS-03", "TS-15")
def test_one_lost_answer_costs_no_attempt_for_good() -> None:
    """A create that arrived and was not answered for is found by the next run, and nothing is listed any more."""
    world = World()
    world.insert(0, 1)
    world.crm.entries.faults.lose_reply("create")
    report = world.run()
    assert (report.buckets[Bucket.IN_DOUBT], report.buckets[Bucket.FAILED]) == (1, 0)
    assert [row.reasons for row in world.sync().failed()] == [("no_answer",)]
    world.quiet()

    assert not world.sync().failed()
    world.check()


@pytest.mark.behaviour("TS-15", "MX-C-20")
def test_who_comes_back_is_tried_again_where_the_first_write_was_to_that_record_itself() -> None:
    """Refused once, and nobody touches it: the pair is there again by the next attempt."""
    world = World()
    world.insert(0, 1)
    world.quiet()
    one = world.the(0, 1)
    world.outlook.contacts.leave(one, CATEGORY)
    world.run()
    world.outlook.contacts.join(one, CATEGORY)
    world.outlook.contacts.faults.refuse(lambda _: True, times=1)
    world.run()
    assert not world.links()
    world.quiet()

    assert [link.members for link in world.links()] == [(True, True)]
    world.check()
