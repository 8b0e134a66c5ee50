"""What Maximizer's appointment sync looks after: one way, days around today, what slides in and out of them."""

from datetime import date, timedelta

import pytest

from tallystick import Side
from tallystick.ports import RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.recurrence import EndDate, NoEnd, Pattern, Range, Recurrence, WallTime, Weekday
from tests.behaviour.calendar_world import PARIS, USER, CalendarWorld, appointment, at, days, event, utc

WEEKLY = Recurrence(
    Pattern.weekly([Weekday.WEDNESDAY], first_day_of_week=Weekday.SUNDAY), Range(date(2026, 1, 7), NoEnd(), PARIS)
)


@pytest.fixture
def world() -> CalendarWorld:
    """One empty world."""
    return CalendarWorld()


@pytest.mark.behaviour("MX-A-01")
def test_a_change_in_outlook_asserts_every_field(world: CalendarWorld) -> None:
    """When the event changes, what was changed in the CRM alone takes the event's values too."""
    one = world.outlook.insert(event(location="Room 1"))
    world.run()
    (right,) = world.crm.ids()
    world.crm.edit(right, location="elsewhere", subject="Mine")
    world.outlook.edit(one, body="agenda")
    world.run()

    assert (world.the().subject, world.the().location, world.the().description) == ("Review", "Room 1", "agenda")
    world.quiet()


@pytest.mark.behaviour("MX-A-01")
def test_a_change_in_the_crm_is_left_alone_until_then(world: CalendarWorld) -> None:
    """Nothing is written while the event stands still, in any later run."""
    world.outlook.insert(event())
    world.run()
    (right,) = world.crm.ids()
    world.crm.edit(right, subject="Mine", location="elsewhere")

    for _ in range(2):
        assert world.run().written() == 0
    assert world.the().subject == "Mine"
    world.quiet()


@pytest.mark.behaviour("MX-A-01")
def test_nothing_is_ever_written_to_outlook(world: CalendarWorld) -> None:
    """Not for what is new in the CRM, not for what was changed or deleted there; and nobody is asked to mend it."""
    world.outlook.insert(event())
    world.crm.insert(appointment("Theirs", 21))
    world.run()
    for one in world.crm.ids():
        world.crm.edit(one, subject="Other")
    world.run()
    world.crm.delete(world.crm.ids()[0])
    report = world.run()

    assert not world.outlook.writes
    assert not world.outlook.mails
    assert report.ignored == 0
    assert world.outlook.all().keys() == {*world.outlook.ids()}


@pytest.mark.behaviour("MX-A-02")
@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (at(3, 0), at(3, 1), True),
        (at(2, 22), at(3, 0, 30), True),
        (at(2, 22), at(3, 0), False),
        (at(17, 23, month=4), at(18, 1, month=4), True),
        (at(18, 0, month=4), at(18, 1, month=4), False),
        (at(2, 23, 30, zone="UTC"), at(2, 23, 45, zone="UTC"), True),
        (at(17, 22, 30, month=4, zone="UTC"), at(17, 23, month=4, zone="UTC"), False),
        (date(2026, 3, 1), date(2026, 3, 3), False),
        (date(2026, 3, 1), date(2026, 3, 4), True),
        (date(2026, 4, 17), date(2026, 4, 18), True),
        (date(2026, 4, 18), date(2026, 4, 19), False),
    ],
)
def test_the_window_is_whole_days_of_the_user(
    world: CalendarWorld, start: WallTime | date, end: WallTime | date, inside: bool
) -> None:
    """From 15 days back to 30 days ahead, in Paris; any part of an event inside is enough."""
    world.outlook.insert(event(start=start, end=end))
    world.run()

    assert len(world.crm) == inside


@pytest.mark.behaviour("MX-A-02")
def test_a_series_is_inside_if_any_occurrence_is(world: CalendarWorld) -> None:
    """It began in January, and its master lies outside."""
    world.outlook.insert(event(start=at(7, month=1), end=at(7, 11, month=1), recurrence=WEEKLY))
    world.run()

    assert len(world.crm) == 1
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_a_series_without_occurrence_inside_is_outside(world: CalendarWorld) -> None:
    """A series that ended in January, and one that begins in June."""
    over = Recurrence(WEEKLY.pattern, Range(date(2026, 1, 7), EndDate(date(2026, 1, 28)), PARIS))
    later = Recurrence(WEEKLY.pattern, Range(date(2026, 6, 3), NoEnd(), PARIS))
    world.outlook.insert(event(start=at(7, month=1), end=at(7, 11, month=1), recurrence=over))
    world.outlook.insert(event(start=at(3, month=6), end=at(3, 11, month=6), recurrence=later))
    world.run()

    assert len(world.crm) == 0


@pytest.mark.behaviour("MX-A-02")
def test_an_event_that_slides_in_is_new(world: CalendarWorld) -> None:
    """Nobody edited it: the window came to it."""
    world.outlook.insert(event(start=at(25, month=4), end=at(25, 11, month=4)))
    world.run()
    assert len(world.crm) == 0

    world.later(8)
    report = world.run()

    assert report.written(Side.RIGHT, WriteKind.CREATE) == 1
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_an_event_that_slides_out_is_no_deletion(world: CalendarWorld) -> None:
    """Its appointment stays as it is, through all later runs, and is not looked for in every one of them."""
    world.outlook.insert(event(day=4))
    world.run()
    kept = world.the()
    for _ in range(4):
        world.later(7)
        assert world.run().written() == 0
    assert world.the() == kept
    asked = world.outlook.calls["get"]
    world.later(7)
    world.run()

    assert world.outlook.calls["get"] == asked
    assert world.sync.status().pairs == 1
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_an_event_that_was_moved_out_is_updated_once_more(world: CalendarWorld) -> None:
    """An edit moved it to June: so does its appointment, and then it rests."""
    one = world.outlook.insert(event())
    world.run()
    world.outlook.edit(one, start=at(20, month=6), end=at(20, 11, month=6))
    world.run()

    assert world.the().start == utc(20, 8, month=6)
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_an_event_that_was_moved_back_in_is_the_same(world: CalendarWorld) -> None:
    """After a month outside, it is updated, not created a second time."""
    one = world.outlook.insert(event())
    world.run()
    world.outlook.edit(one, start=at(20, month=9), end=at(20, 11, month=9))
    world.run()
    world.later(30)
    world.run()
    world.outlook.edit(one, start=at(20, month=4), end=at(20, 11, month=4))
    world.run()

    assert world.the().start == utc(20, 8, month=4)
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_what_is_edited_outside_waits_until_it_comes_back(world: CalendarWorld) -> None:
    """Nobody looks after it there, though the feed may name it."""
    one = world.outlook.insert(event(day=4))
    world.run()
    world.later(5)
    world.run()
    world.outlook.edit(one, subject="Renamed")
    assert world.run().written() == 0
    assert world.the().subject == "Review"
    world.outlook.edit(one, start=at(26), end=at(26, 11))
    world.run()

    assert (world.the().subject, world.the().start) == ("Renamed", utc(26, 9))
    world.quiet()


@pytest.mark.behaviour("MX-A-02")
def test_other_days_can_be_chosen(world: CalendarWorld) -> None:
    """A window of two days back and three ahead; changing it makes the next run an initial one."""
    world.outlook.insert(event(day=25))
    world.profile = maximizer.appointments(USER, zone=PARIS, days_back=2, days_ahead=3)
    assert world.run().written() == 0

    world.profile = maximizer.appointments(USER, zone=PARIS, days_back=2, days_ahead=7)
    report = world.run()

    assert report.initial
    assert len(world.crm) == 1


@pytest.mark.behaviour("MX-A-07")
def test_a_later_run_reads_what_changed(world: CalendarWorld) -> None:
    """New, modified and deleted events travel; the rest is not read again within the day."""
    kept, gone = world.outlook.insert(event("Kept", 19)), world.outlook.insert(event("Gone", 20))
    for day in range(21, 29):
        world.outlook.insert(event("Others", day))
    world.run()
    world.outlook.requests.clear()
    world.outlook.edit(kept, location="Room 2")
    world.outlook.delete(gone)
    world.outlook.insert(event("New", 27))
    report = world.run()

    writes = {kind: report.written(Side.RIGHT, kind) for kind in (WriteKind.CREATE, WriteKind.UPDATE, WriteKind.REMOVE)}
    assert writes == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1, WriteKind.REMOVE: 1}
    assert sum(count for method, count in world.outlook.requests if method == "get") <= 1
    assert {one.subject for one in world.crm.all().values()} == {"Kept", "New", "Others"}
    world.quiet()


@pytest.mark.behaviour("MX-A-07")
def test_what_changed_outside_the_window_is_not_taken_for_a_deletion(world: CalendarWorld) -> None:
    """The feed names it as it names what is gone; it was never shown, and nothing comes of it."""
    far = world.outlook.insert(event("Far", start=at(1, month=9), end=at(1, 11, month=9)))
    world.outlook.insert(event())
    world.run()
    world.outlook.edit(far, subject="Further")

    assert world.run().written() == 0
    assert len(world.crm) == 1


@pytest.mark.behaviour("MX-A-07")
def test_a_deletion_that_nobody_told_of_is_found_by_the_next_listing(world: CalendarWorld) -> None:
    """The cursor was lost with it; the day after, the window's own listing lacks it."""
    one = world.outlook.insert(event())
    world.run()
    world.outlook.delete(one)
    world.outlook.expire_cursors()
    world.later(1)
    world.run()

    assert len(world.crm) == 0


@pytest.mark.behaviour("MX-A-15")
def test_an_appointment_deleted_in_the_crm_comes_back(world: CalendarWorld) -> None:
    """Outlook is the truth, and its event lies in the window."""
    world.outlook.insert(event(location="Room 1"))
    world.run()
    (first,) = world.crm.ids()
    world.crm.delete(first)
    report = world.run()

    assert report.written(Side.RIGHT, WriteKind.CREATE) == 1
    assert world.the().location == "Room 1"
    assert world.crm.ids() != [first]
    world.quiet()


@pytest.mark.behaviour("MX-A-15")
def test_one_outside_the_window_comes_back_only_when_its_event_is_listed_again(world: CalendarWorld) -> None:
    """Slid out and deleted in the CRM, it stays away, until somebody moves its event back into the window."""
    one = world.outlook.insert(event(day=4))
    world.run()
    world.later(3)
    world.run()
    world.crm.delete(world.crm.ids()[0])
    for _ in range(3):
        world.later(1)
        assert world.run().written() == 0
    world.outlook.edit(one, start=at(26), end=at(26, 11))
    report = world.run()

    assert report.state is RunState.COMPLETE
    assert world.the().start == utc(26, 9)
    world.quiet()


@pytest.mark.behaviour("MX-A-02", "MX-A-15")
def test_a_year_of_days_passes_without_a_doubled_or_lost_appointment(world: CalendarWorld) -> None:
    """The window walks over a year of single events; each is created once, and none is deleted."""
    begin = date(2026, 3, 18)
    for week in range(52):
        day = begin + timedelta(weeks=week)
        world.outlook.insert(days(day, day + timedelta(days=1), f"Week {week}"))
    for _ in range(60):
        world.run()
        world.later(7)
    world.run()

    assert sorted(one.subject for one in world.crm.all().values()) == sorted(f"Week {week}" for week in range(52))
    assert world.crm.writes == {WriteKind.CREATE: 52}
