"""TS-13: what would send mail to people is held on a first run, also where records change while it goes on."""

from collections.abc import Sequence

import pytest

from tallystick.ports import WriteKind
from tallystick.profiles import zynsync
from tallystick.providers.memory import OUTLOOK_CAPABILITIES, VirtualClock
from tallystick.records import Relation, RelationKind
from tests.behaviour.calendar_world import PARIS, TODAY, USER, CalendarWorld, appointment, event, invited, utc
from tests.behaviour.test_zs_calendar import salesforce
from tests.simulation.crash import Crash

ADA = Relation(RelationKind.ENTRY, "e1", "ada@example.com")
BATCH = OUTLOOK_CAPABILITIES.batch_size


@pytest.fixture
def world() -> CalendarWorld:
    """A calendar and a CRM before their first run."""
    clock = VirtualClock(TODAY)
    return CalendarWorld(clock, fake_crm=salesforce(clock), profile=zynsync.calendar(zynsync.Company(USER), zone=PARIS))


@pytest.mark.behaviour("TS-13", "TS-07")
def test_a_write_that_becomes_one_to_people_while_a_first_run_goes_on_is_held(world: CalendarWorld) -> None:
    """An event that the user turns into a meeting between reading and writing is not written before it is confirmed."""
    one = world.outlook.insert(event(body="Old"))
    other = world.crm.insert(appointment(description="New"))

    def invite(_: Sequence[object]) -> None:
        if not world.outlook.record(one).attendees:
            world.outlook.edit(one, attendees=invited("ada@example.com"))
            world.clock.advance(60)
            world.crm.edit(other, description="Newest")

    world.outlook.faults.before("update", invite)
    world.run()
    world.outlook.faults.clear()

    assert not world.outlook.mails
    assert world.ignored() == {other: ("held_notifies",)}
    world.run()
    assert not world.outlook.mails
    assert world.sync.confirm() == {"left.held": 1}
    world.run()
    assert world.outlook.mails == {WriteKind.UPDATE: 1}
    assert world.outlook.record(one).body == "Newest"
    world.quiet()


@pytest.mark.behaviour("TS-13", "TS-07")
def test_what_changes_while_confirmed_mail_goes_out_is_written_in_the_same_run(world: CalendarWorld) -> None:
    """The writes that a person has confirmed leave room for what is decided again in their run."""
    for day in range(19, 31):
        for hour in (9, 12):
            span = {"start": utc(day, hour), "end": utc(day, hour + 1)}
            world.crm.insert(appointment(f"Day {day}", day, **span, relations=(ADA,)))
    one = world.outlook.insert(event(body="Mine"))
    world.run()
    world.sync.confirm()
    (other,) = (id_ for id_, record in world.crm.all().items() if record.subject == "Review")
    world.crm.edit(other, description="New")

    def touch(_: Sequence[object]) -> None:
        world.outlook.faults.clear()
        world.outlook.touch(one)

    world.outlook.faults.before("update", touch)
    report = world.run()

    assert report.errors == ()
    assert world.outlook.record(one).body == "New"
    assert world.outlook.mails == {WriteKind.CREATE: 24}


@pytest.mark.behaviour("TS-05", "TS-13")
def test_a_confirmation_is_used_up_by_a_run_that_is_cut_off(world: CalendarWorld) -> None:
    """What it sent before it was cut off counts: nobody else is written to before a person has confirmed that."""
    for day in range(19, 31):
        for hour in (8, 12):
            span = {"start": utc(day, hour), "end": utc(day, hour + 1)}
            world.crm.insert(appointment(f"Day {day}", day, **span, relations=(ADA,)))
    world.run()
    assert world.sync.confirm() == {"left.held": 24}

    def die(batch: Sequence[object]) -> None:
        if len(batch) < BATCH:
            raise Crash

    world.outlook.faults.before("create", die)
    with pytest.raises(Crash):
        world.run()
    world.outlook.faults.clear()
    assert world.outlook.mails == {WriteKind.CREATE: BATCH}
    for day in range(19, 31):
        world.crm.insert(appointment(f"New {day}", day, relations=(ADA,)))
    world.run()

    assert world.outlook.mails == {WriteKind.CREATE: BATCH + 12}
    assert set(world.ignored().values()) == {("held_notifies",)}
    assert world.sync.confirm() == {"left.held": 24 - BATCH}


@pytest.mark.behaviour("TS-13", "TS-18")
@pytest.mark.parametrize("expired", [False, True])
def test_what_is_held_stays_held_under_another_id(world: CalendarWorld, *, expired: bool) -> None:
    """An appointment whose id changes invites nobody unasked, also where the feed has been lost meanwhile."""
    world.outlook.insert(event(body="Old", attendees=invited("ada@example.com")))
    of_pair = world.crm.insert(appointment(description="New"))
    alone = world.crm.insert(appointment("Alone", 23, relations=(ADA,)))
    world.run()
    assert {*world.ignored()} == {of_pair, alone}
    moved = {world.crm.move(of_pair), world.crm.move(alone)}
    if expired:
        world.crm.expire_cursors()
    world.run()

    assert not world.outlook.mails
    assert {*world.ignored()} == moved
    assert world.sync.confirm() == {"left.held": 2}
    world.run()
    assert world.outlook.mails == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1}
    world.quiet()


@pytest.mark.behaviour("TS-13", "TS-18")
def test_a_held_write_of_a_pair_stays_held_under_another_id(world: CalendarWorld) -> None:
    """So does the write to a meeting that is in sync, after the sync was switched off and on."""
    one = world.outlook.insert(event(attendees=invited("ada@example.com")))
    world.run()
    world.sync.disable()
    world.crm.edit(world.crm.ids()[0], description="New")
    world.sync.enable()
    world.run()
    moved = world.crm.move(world.crm.ids()[0])
    world.run()

    assert not world.outlook.mails
    assert world.ignored() == {moved: ("held_notifies",)}
    world.sync.confirm()
    world.run()
    assert world.outlook.mails == {WriteKind.UPDATE: 1}
    assert world.outlook.record(one).body == "New"
    world.quiet()


@pytest.fixture
def held(world: CalendarWorld) -> tuple[str, str, str]:
    """A pair and a new record whose writes are held: a meeting, its appointment, and an appointment by itself."""
    one = world.outlook.insert(event(attendees=invited("ada@example.com")))
    world.run()
    world.sync.disable()
    (other,) = world.crm.ids()
    world.crm.edit(other, description="New")
    alone = world.crm.insert(appointment("Alone", 23, relations=(ADA,)))
    world.sync.enable()
    world.run()
    return one, other, alone


@pytest.mark.behaviour("TS-13", "TS-18")
def test_what_is_held_stays_held_while_it_is_set_aside_for_something_else(
    world: CalendarWorld, held: tuple[str, str, str]
) -> None:
    """An appointment that lacks its title for a while invites nobody unasked when it has one again."""
    _, other, alone = held
    for appointed in (other, alone):
        world.crm.edit(appointed, subject="")
    world.run()
    assert world.ignored() == dict.fromkeys((other, alone), ("missing:subject", "held_notifies"))
    world.crm.edit(other, subject="Review")
    world.crm.edit(alone, subject="Alone")
    world.run()

    assert_held(world, other, alone)


@pytest.mark.behaviour("TS-13", "TS-18")
def test_what_is_held_stays_held_while_it_cannot_be_read(world: CalendarWorld, held: tuple[str, str, str]) -> None:
    """A record that is hidden for a while, or whose counterpart is, invites nobody unasked when it is shown again."""
    one, other, alone = held
    world.outlook.faults.deny(one)
    world.crm.faults.deny(alone)
    world.run()
    world.run()
    world.outlook.faults.clear()
    world.crm.faults.clear()
    world.outlook.touch(one)
    world.crm.touch(alone)
    world.run()

    assert_held(world, other, alone)


def assert_held(world: CalendarWorld, other: str, alone: str) -> None:
    """Check that both writes wait for the confirmation, and are made after it."""
    assert not world.outlook.mails
    assert world.ignored() == dict.fromkeys((other, alone), ("held_notifies",))
    assert world.sync.confirm() == {"left.held": 2}
    world.run()
    assert world.outlook.mails == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1}
    world.quiet()
