"""What Maximizer's appointment sync takes for the same, what it ignores, and what becomes of series."""

from datetime import date

import attrs
import pytest

from tallystick import Side
from tallystick.errors import Unavailable
from tallystick.ports import WriteKind
from tallystick.profiles import maximizer
from tallystick.profiles.maximizer import END_OF_TIME, AppointmentTable
from tallystick.providers.memory import FakeCrm
from tallystick.records import Appointment, Event, OccurrenceChange
from tallystick.recurrence import (
    MAXIMIZER_APPOINTMENTS,
    EndDate,
    Instant,
    NoEnd,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Weekday,
    WeekIndex,
    parse_rule,
)
from tests.behaviour.calendar_world import PARIS, USER, CalendarWorld, appointment, at, days, event, utc

FRIDAYS = Pattern.weekly([Weekday.FRIDAY], first_day_of_week=Weekday.SUNDAY)
FRIDAY = date(2026, 3, 20)


@pytest.fixture
def world() -> CalendarWorld:
    """One empty world."""
    return CalendarWorld()


def series(pattern: Pattern = FRIDAYS, end: NoEnd | EndDate | Numbered | None = None, day: date = FRIDAY) -> Recurrence:
    """Return a recurrence that begins on a day."""
    return Recurrence(pattern, Range(day, end or NoEnd(), PARIS))


@pytest.mark.behaviour("MX-A-03", "MX-A-04")
def test_an_appointment_that_matches_is_taken_up(world: CalendarWorld) -> None:
    """Same subject, start and end: it is updated, and none is created; the subject's case plays no part."""
    one = world.crm.insert(appointment("review", location="unknown"))
    world.outlook.insert(event(location="Room 1"))
    world.run()

    assert world.crm.ids() == [one]
    assert world.the().location == "Room 1"
    world.quiet()


@pytest.mark.behaviour("MX-A-03")
def test_matching_goes_on_in_later_runs(world: CalendarWorld) -> None:
    """An appointment that somebody typed before the event was seen is taken up, whichever run sees it."""
    world.run()
    one = world.crm.insert(appointment())
    world.run()
    world.outlook.insert(event(location="Room 1"))
    world.run()

    assert world.crm.ids() == [one]
    assert world.the().location == "Room 1"


@pytest.mark.behaviour("MX-A-04")
@pytest.mark.parametrize(
    "other",
    [
        appointment("Another"),
        appointment(start=utc(20, 8)),
        appointment(end=utc(20, 11)),
        appointment(start=FRIDAY, end=FRIDAY),
        appointment(recurrence=series()),
    ],
    ids=["subject", "start", "end", "all-day", "recurrence"],
)
def test_what_differs_in_the_key_is_another_one(world: CalendarWorld, other: Appointment) -> None:
    """Subject, start and end, all three; and a single event is no series."""
    world.crm.insert(other)
    world.outlook.insert(event())
    report = world.run()

    assert report.written(Side.RIGHT, WriteKind.CREATE) == 1
    assert report.written() == 1


@pytest.mark.behaviour("MX-A-04")
@pytest.mark.parametrize(
    ("theirs", "taken"),
    [
        (series(), True),
        (series(end=EndDate(date(2200, 1, 1))), True),
        (series(Pattern.daily(7)), True),
        (series(end=Numbered(5)), False),
        (series(Pattern.daily()), False),
    ],
    ids=["equal", "endless by date", "said otherwise", "another end", "another pattern"],
)
def test_series_match_on_their_pattern_too(world: CalendarWorld, theirs: Recurrence, taken: bool) -> None:
    """Two spellings of the same dates are one pattern."""
    one = world.crm.insert(appointment(recurrence=theirs))
    world.outlook.insert(event(recurrence=series()))
    world.run()

    assert (world.crm.ids() == [one]) is taken


@pytest.mark.behaviour("MX-A-03", "TS-18")
def test_of_several_matches_none_is_taken(world: CalendarWorld) -> None:
    """The event is listed with the reason; once one of them is gone, the other is taken."""
    first, second = world.crm.insert(appointment()), world.crm.insert(appointment())
    one = world.outlook.insert(event())
    report = world.run()

    assert report.written() == 0
    assert world.ignored() == {one: ("several_candidates",)}
    world.crm.delete(first)
    world.run()
    assert world.ignored() == {}
    assert world.sync.explain("right", second).ids == (one, second)
    world.quiet()


@pytest.mark.behaviour("MX-A-03")
def test_two_equal_events_are_two_appointments(world: CalendarWorld) -> None:
    """Whoever has a partner is no match: the second of two equal events gets one of its own."""
    world.outlook.insert(event())
    world.run()
    world.outlook.insert(event())
    world.run()

    assert len(world.crm) == 2
    assert world.ignored() == {}
    world.quiet()


@pytest.mark.behaviour("MX-A-05")
def test_every_reason_against_an_event_is_told(world: CalendarWorld) -> None:
    """No subject, no end and a recurrence that the CRM has not: three reasons."""
    one = world.outlook.insert(event("  ", end=None, recurrence=series(Pattern.absolute_monthly(20, interval=2))))
    two = world.outlook.insert(Event("No times"))
    world.run()

    assert world.ignored()[one] == ("missing:subject", "missing:end", "unsupported_recurrence:interval")
    assert world.ignored()[two] == ("missing:start", "missing:end")
    assert len(world.crm) == 0


@pytest.mark.behaviour("MX-A-05")
@pytest.mark.parametrize("broken", [event(start=at(20, zone="Mars/Base")), event(end=at(20, 9)), event(end=FRIDAY)])
def test_times_that_mean_nothing_are_a_reason(world: CalendarWorld, broken: Event) -> None:
    """A zone that nobody knows, an end before the start, half an all-day event."""
    world.outlook.load([broken, event("Good")])
    world.run()

    assert [*world.ignored().values()] == [("invalid:times",)]
    assert world.the().subject == "Good"


@pytest.mark.behaviour("MX-A-05")
def test_what_was_mended_is_taken_in(world: CalendarWorld) -> None:
    """The list of ignored events is checked in every run, and so is what its reasons rest on."""
    one = world.outlook.insert(
        event("", recurrence=series(Pattern.relative_monthly(WeekIndex.THIRD, [Weekday.FRIDAY])))
    )
    world.run()
    assert len(world.ignored()[one]) == 2
    world.outlook.edit(one, subject="Named")
    world.run()
    assert world.ignored()[one] == ("unsupported_recurrence:pattern_type",)
    world.outlook.edit(one, recurrence=series())
    world.run()

    assert world.ignored() == {}
    assert world.the().subject == "Named"
    world.quiet()


@pytest.mark.behaviour("MX-A-05")
def test_ignored_events_are_looked_at_in_each_run_while_they_lie_in_the_window(world: CalendarWorld) -> None:
    """Also those that stand still; when the window has left them, they leave the list."""
    one = world.outlook.insert(event("", day=4))
    world.run()
    first = world.sync.ignored()[0]
    world.run()
    again = world.sync.ignored()[0]

    assert first.last_seen is not None
    assert again.last_seen is not None
    assert again.last_seen > first.last_seen
    world.later(5)
    world.run()
    assert one not in world.ignored()


@pytest.mark.behaviour("MX-A-05", "MX-A-09")
@pytest.mark.parametrize(
    ("given", "end"),
    [(event(end=None), utc(1, 0, month=1).utc.replace(year=2200)), (days(FRIDAY, FRIDAY), END_OF_TIME)],
    ids=["timed", "all-day"],
)
def test_a_missing_end_can_be_given(world: CalendarWorld, given: Event, end: object) -> None:
    """By option, an event without end ends on the first day of 2200."""
    world.profile = maximizer.appointments(USER, zone=PARIS, table=AppointmentTable(end_for_missing=END_OF_TIME))
    world.outlook.load([Event(given.subject, given.start)])
    world.run()

    assert world.the().end == (end if isinstance(end, date) and not hasattr(end, "hour") else Instant(end))  # type: ignore[arg-type]
    world.quiet()


SUPPORTED = [
    FRIDAYS,
    Pattern.daily(),
    Pattern.daily(13),
    Pattern.weekly([Weekday.MONDAY, Weekday.FRIDAY], first_day_of_week=Weekday.MONDAY, interval=3),
    Pattern.absolute_monthly(20),
    Pattern.absolute_yearly(3, 20),
]
UNSUPPORTED = [
    (Pattern.absolute_monthly(20, interval=2), "interval"),
    (Pattern.absolute_yearly(3, 20, interval=2), "interval"),
    (Pattern.absolute_monthly(21), "not_start_day"),
    (Pattern.absolute_yearly(3, 21), "not_start_day"),
    (Pattern.relative_monthly(WeekIndex.THIRD, [Weekday.FRIDAY]), "pattern_type"),
    (Pattern.relative_yearly(3, WeekIndex.THIRD, [Weekday.FRIDAY]), "pattern_type"),
]


@pytest.mark.behaviour("MX-A-06")
@pytest.mark.parametrize("pattern", SUPPORTED, ids=lambda pattern: f"{pattern.type}-{pattern.interval}")
def test_a_supported_series_becomes_a_series(world: CalendarWorld, pattern: Pattern) -> None:
    """Pattern and range arrive, in the event's own zone; what has no end ends in the year 2200."""
    world.outlook.insert(event(recurrence=series(pattern)))
    world.run()
    made = world.the().recurrence

    assert made is not None
    assert (made.pattern.type, made.range.start, made.range.zone) == (pattern.type, FRIDAY, PARIS)
    assert isinstance(made.range.end, EndDate)
    world.quiet()


@pytest.mark.behaviour("MX-A-06")
@pytest.mark.parametrize(("pattern", "reason"), UNSUPPORTED, ids=lambda one: one if isinstance(one, str) else one.type)
def test_an_unsupported_series_is_ignored(world: CalendarWorld, pattern: Pattern, reason: str) -> None:
    """Monthly and yearly at an interval above one, a day of its own, a weekday of the month."""
    one = world.outlook.insert(event(recurrence=series(pattern)))
    world.run()

    assert f"unsupported_recurrence:{reason}" in world.ignored()[one]
    assert len(world.crm) == 0


@pytest.mark.behaviour("MX-A-06")
@pytest.mark.parametrize(
    ("rule", "reason"),
    [("FREQ=WEEKLY;BYDAY=FR", ""), ("FREQ=MONTHLY;BYMONTHDAY=1,15", "month_days"), ("FREQ=HOURLY", "sub_daily")],
)
def test_a_rule_is_taken_where_it_is_a_pattern(world: CalendarWorld, rule: str, reason: str) -> None:
    """A calendar file knows rules that Outlook has no pattern for; one of them never stops a run."""
    parsed: RecurrenceRule = parse_rule(rule)
    world.outlook.load([event("Ruled", recurrence=parsed), event("Good")])
    world.run()

    expected = [(f"unsupported_recurrence:{reason}",)] if reason else []
    assert [*world.ignored().values()] == expected
    assert len(world.crm) == 2 - bool(reason)


@pytest.mark.behaviour("MX-A-06")
def test_the_table_is_the_integrators(world: CalendarWorld) -> None:
    """A CRM that knows more patterns is given a table that says so."""
    richer = attrs.evolve(MAXIMIZER_APPOINTMENTS, relative_monthly=MAXIMIZER_APPOINTMENTS.daily)
    world.fake_crm = FakeCrm(clock=world.clock, support=richer)
    world.profile = maximizer.appointments(USER, zone=PARIS, table=AppointmentTable(richer))
    world.outlook.insert(event(recurrence=series(Pattern.relative_monthly(WeekIndex.THIRD, [Weekday.FRIDAY]))))
    world.run()

    assert world.the().recurrence is not None


@pytest.mark.behaviour("MX-A-08")
def test_a_changed_pattern_makes_the_series_anew(world: CalendarWorld) -> None:
    """The CRM's series is deleted and created again; the pair stays a pair."""
    one = world.outlook.insert(event(recurrence=series(), location="Room 1"))
    world.run()
    (before,) = world.crm.ids()
    world.outlook.edit(one, recurrence=series(Pattern.daily(2)))
    report = world.run()
    (after,) = world.crm.ids()

    assert (report.written(Side.RIGHT, WriteKind.REMOVE), report.written(Side.RIGHT, WriteKind.CREATE)) == (1, 1)
    assert report.synced == 1
    assert after != before
    assert world.the().recurrence == Recurrence(Pattern.daily(2), Range(FRIDAY, EndDate(date(2200, 1, 1)), PARIS))
    assert world.sync.explain("left", one).ids == (one, after)
    world.quiet()


@pytest.mark.behaviour("MX-A-08")
@pytest.mark.parametrize("single", [True, False])
def test_a_single_event_that_becomes_a_series_is_made_anew(world: CalendarWorld, single: bool) -> None:
    """And the other way round."""
    one = world.outlook.insert(event(recurrence=None if single else series()))
    world.run()
    world.outlook.edit(one, recurrence=series() if single else None)
    report = world.run()

    assert report.written(Side.RIGHT, WriteKind.REMOVE) == 1
    assert (world.the().recurrence is None) is not single
    world.quiet()


@pytest.mark.behaviour("MX-A-08")
def test_a_pattern_that_is_not_supported_leaves_the_series_as_it_is(world: CalendarWorld) -> None:
    """The event goes to the ignored list; once it is mended, the series follows."""
    one = world.outlook.insert(event(recurrence=series()))
    world.run()
    kept = world.crm.item(world.crm.ids()[0])
    world.outlook.edit(one, recurrence=series(Pattern.absolute_monthly(20, interval=3)), location="Room 9")
    report = world.run()

    assert report.written() == 0
    assert world.ignored() == {one: ("unsupported_recurrence:interval",)}
    assert world.crm.item(kept.id) == kept
    world.quiet()
    world.outlook.edit(one, recurrence=series(Pattern.absolute_monthly(20)))
    world.run()
    assert (world.ignored(), world.the().location) == ({}, "Room 9")
    world.quiet()


@pytest.mark.behaviour("MX-A-08")
def test_a_series_whose_deletion_went_through_and_no_more_is_made_anew(world: CalendarWorld) -> None:
    """The service went down between the deleting and the making: the next run makes it, once."""
    one = world.outlook.insert(event(recurrence=series()))
    world.run()
    world.outlook.edit(one, recurrence=series(Pattern.daily()))
    world.crm.faults.fail("create", Unavailable("down"))
    world.run()
    assert len(world.crm) == 0
    world.run()

    assert world.the().recurrence is not None
    world.quiet()


@pytest.mark.behaviour("MX-A-16")
def test_an_occurrence_that_the_crm_cannot_hold_is_reported(world: CalendarWorld) -> None:
    """The series syncs, and the report lists what was not carried: when it is created and when it changes."""
    moved = OccurrenceChange(at(27), start=at(26), end=at(26, 11))
    one = world.outlook.insert(event(recurrence=series(), exceptions=(moved,)))
    report = world.run()

    assert world.not_carried(report) == {"exceptions"}
    assert world.the().recurrence is not None
    assert world.run().notes == ()
    world.outlook.edit(one, exceptions=(moved, OccurrenceChange(at(3, month=4), cancelled=True)))
    report = world.run()
    assert world.not_carried(report) == {"exceptions"}
    assert report.written() == 0
    world.quiet()


@pytest.mark.behaviour("MX-A-16")
def test_a_crm_that_keeps_exceptions_gets_them(world: CalendarWorld) -> None:
    """Moved and cancelled occurrences arrive, and come back no more than once."""
    able = attrs.evolve(MAXIMIZER_APPOINTMENTS, exceptions=True)
    world.fake_crm = FakeCrm(clock=world.clock, support=able)
    world.profile = maximizer.appointments(USER, zone=PARIS, table=AppointmentTable(able))
    moved = OccurrenceChange(at(27), start=at(26), end=at(26, 11))
    one = world.outlook.insert(event(recurrence=series(), exceptions=(moved,)))
    report = world.run()
    assert (world.the().exceptions, world.not_carried(report)) == ((moved,), set())
    gone = OccurrenceChange(at(3, month=4), cancelled=True)
    world.outlook.edit(one, exceptions=(moved, gone))
    world.run()

    assert world.the().exceptions == (moved, gone)
    world.quiet()


@pytest.mark.behaviour("MX-A-16")
@pytest.mark.parametrize("deleted", [False, True])
def test_a_cancelled_meeting_is_synced_as_it_is_unless_told_otherwise(world: CalendarWorld, deleted: bool) -> None:
    """By policy it counts as deleted, though it still lies in the calendar."""
    world.profile = maximizer.appointments(USER, zone=PARIS, cancelled_counts_as_deleted=deleted)
    one = world.outlook.insert(event())
    world.outlook.insert(event("Never", is_cancelled=True))
    world.run()
    assert len(world.crm) == 2 - deleted
    world.outlook.edit(one, is_cancelled=True)
    world.run()

    assert len(world.crm) == (0 if deleted else 2)
    assert world.ignored() == {}
    world.quiet()
