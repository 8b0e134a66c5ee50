"""The field table of Maximizer's appointment sync."""

from datetime import date
from itertools import pairwise

import pytest

from tallystick.errors import Unavailable
from tallystick.profiles import maximizer
from tallystick.profiles.maximizer import AppointmentTable
from tallystick.profiles.maximizer.appointment_rules import MOST_DESCRIPTION, MOST_RICH_TEXT, MOST_SUBJECT
from tallystick.records import (
    BodyType,
    Entry,
    EntryKind,
    Importance,
    Lead,
    Priority,
    RelationKind,
    Sensitivity,
)
from tallystick.recurrence import Instant, NoEnd, Pattern, Range, Recurrence, WallTime, Weekday
from tests.behaviour.calendar_world import PARIS, USER, CalendarWorld, at, days, event, invited, utc


@pytest.fixture
def world() -> CalendarWorld:
    """One empty world."""
    return CalendarWorld()


@pytest.mark.behaviour("MX-A-09")
@pytest.mark.parametrize(
    ("start", "arrives"),
    [
        (at(20), utc(20, 9)),
        (at(30), utc(30, 8)),
        (at(20, zone="Romance Standard Time"), utc(20, 9)),
        (at(20, zone="Pacific Standard Time"), utc(20, 17)),
        (at(20, zone="UTC"), utc(20)),
        (at(20, zone=None), utc(20, 9)),
        (at(29, 2, 30), utc(29, 1, 30)),
    ],
    ids=["winter", "summer", "Windows", "other zone", "UTC", "floating", "skipped hour"],
)
def test_times_go_in_utc(world: CalendarWorld, start: WallTime, arrives: Instant) -> None:
    """From whatever zone Outlook gives, by its Windows or its IANA name."""
    end = WallTime(start.local.replace(hour=start.local.hour + 2), start.zone)
    world.outlook.insert(event(start=start, end=end))
    world.run()

    assert world.the().start == arrives
    world.quiet()


@pytest.mark.behaviour("MX-A-09")
def test_two_names_of_one_zone_are_no_change(world: CalendarWorld) -> None:
    """Outlook renames zones at will; the same instant is the same time."""
    one = world.outlook.insert(event())
    world.run()
    world.outlook.edit(one, start=at(20, zone="Romance Standard Time"), end=at(20, 11, zone="Romance Standard Time"))

    assert world.run().written() == 0


@pytest.mark.behaviour("MX-A-09")
@pytest.mark.parametrize("last", [20, 22])
def test_whole_days_stay_days(world: CalendarWorld, last: int) -> None:
    """Dates only, as Outlook shows them; the exclusive end becomes the CRM's last day."""
    world.outlook.insert(days(date(2026, 3, 20), date(2026, 3, last + 1)))
    world.run()

    assert (world.the().start, world.the().end) == (date(2026, 3, 20), date(2026, 3, last))
    world.quiet()


@pytest.mark.behaviour("MX-A-09")
def test_a_series_keeps_its_time_of_day_when_the_clocks_change(world: CalendarWorld) -> None:
    """Its first start is an instant, and its range names the zone that the rest is counted in."""
    weekly = Recurrence(
        Pattern.weekly([Weekday.FRIDAY], first_day_of_week=Weekday.MONDAY), Range(date(2026, 3, 20), NoEnd())
    )
    world.outlook.insert(event(start=at(20, zone="Romance Standard Time"), recurrence=weekly))
    world.run()
    made = world.the()

    assert made.start == utc(20, 9)
    assert made.recurrence is not None
    assert made.recurrence.range.zone == PARIS
    world.quiet()


@pytest.mark.behaviour("MX-A-10")
def test_body_and_location_arrive(world: CalendarWorld) -> None:
    """The body as plain text; as rich text only where a profile names what makes it safe."""
    html = "<p>Agenda:</p><ul><li>one &amp; two</li></ul><script>run()</script>"
    world.outlook.insert(event(body=html, body_type=BodyType.HTML, location="Room 1"))
    world.run()

    assert (world.the().description, world.the().location) == ("Agenda:\n\none & two", "Room 1")
    assert world.the().rich_text == ""


@pytest.mark.behaviour("MX-A-10")
def test_rich_text_goes_through_what_makes_it_safe(world: CalendarWorld) -> None:
    """Untrusted HTML is never passed on as it is."""
    table = AppointmentTable(clean_html=lambda html: html.replace("<script>run()</script>", ""))
    world.profile = maximizer.appointments(USER, zone=PARIS, table=table)
    world.outlook.insert(event(body="<p>Hello</p><script>run()</script>", body_type=BodyType.HTML))
    world.outlook.insert(event("Plain", body="Hello <b>"))
    world.run()

    shown = {one.subject: (one.description, one.rich_text) for one in world.crm.all().values()}
    assert shown == {"Review": ("Hello", "<p>Hello</p>"), "Plain": ("Hello <b>", "")}
    world.quiet()


@pytest.mark.behaviour("MX-A-11")
@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_private_is_private(world: CalendarWorld, sensitivity: Sensitivity) -> None:
    """Private and confidential are; personal is not; a change of it travels both ways of the switch."""
    one = world.outlook.insert(event(sensitivity=sensitivity))
    world.run()
    expected = sensitivity in (Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL)
    assert world.the().private is expected
    world.outlook.edit(one, sensitivity=Sensitivity.NORMAL if expected else Sensitivity.PRIVATE)
    world.run()

    assert world.the().private is not expected
    world.quiet()


@pytest.mark.behaviour("MX-A-11")
def test_importance_is_priority(world: CalendarWorld) -> None:
    """Low, normal and high are low, med and high; what Outlook does not say is med."""
    for importance in Importance:
        world.outlook.insert(event(importance.value, importance=importance))
    world.outlook.insert(event("default"))
    world.run()

    assert {one.subject: one.priority for one in world.crm.all().values()} == {
        "low": Priority.LOW,
        "normal": Priority.MEDIUM,
        "high": Priority.HIGH,
        "default": Priority.MEDIUM,
    }


@pytest.mark.behaviour("MX-A-12")
def test_a_reminder_is_an_alarm(world: CalendarWorld) -> None:
    """So many minutes before the start, none when it is off, and it moves with the start."""
    one = world.outlook.insert(event(reminder_minutes=15))
    world.run()
    assert world.the().alarm == utc(20, 8, 45)
    world.outlook.edit(one, start=at(20, 9))
    world.run()
    assert world.the().alarm == utc(20, 7, 45)
    world.outlook.edit(one, reminder_minutes=0)
    world.run()
    assert world.the().alarm == utc(20, 8)
    world.outlook.edit(one, reminder_minutes=None)
    world.run()

    assert world.the().alarm is None
    world.quiet()


@pytest.mark.behaviour("MX-A-12")
def test_the_alarm_of_a_whole_day_counts_from_its_midnight(world: CalendarWorld) -> None:
    """Eighteen hours before midnight in Paris is six in the morning of the day before."""
    world.outlook.insert(days(date(2026, 3, 20), date(2026, 3, 21), reminder_minutes=1080))
    world.run()

    assert world.the().alarm == utc(19, 5)


@pytest.mark.behaviour("MX-A-12")
def test_the_organizer_is_always_the_user(world: CalendarWorld) -> None:
    """Whoever called the meeting."""
    world.outlook.insert(event(is_organizer=False))
    world.run()

    assert world.the().organizer == USER


@pytest.mark.behaviour("MX-A-13")
def test_attendees_are_attached(world: CalendarWorld) -> None:
    """All entries that have the address, of any kind; leads only where no entry has it; others are left out."""
    people = world.fake_crm
    first = people.entries.insert(Entry(first_name="Ada", emails=("x@example.com", "ADA@example.com ")))
    second = people.entries.insert(Entry(EntryKind.COMPANY, company_name="Ada Ltd", emails=("ada@example.com",)))
    people.leads.insert(Lead("Ada", emails=("ada@example.com",)))
    lead = people.leads.insert(Lead("Bea", emails=("bea@example.com",)))
    world.outlook.insert(event(attendees=invited("Ada@Example.com", "bea@example.com", "nobody@example.com", "none")))
    world.run()

    found = {(one.kind, one.id) for one in world.the().relations}
    assert found == {(RelationKind.ENTRY, first), (RelationKind.ENTRY, second), (RelationKind.LEAD, lead)}
    assert world.the().description == ""
    world.quiet()


@pytest.mark.behaviour("MX-A-13")
def test_attendees_are_looked_up_in_one_batch(world: CalendarWorld) -> None:
    """However many events name them, each directory is asked about an address once a run."""
    for day in range(19, 26):
        world.outlook.insert(event(f"Day {day}", day, attendees=invited("ada@example.com", f"p{day}@example.com")))
    world.run()

    asked = [count for method, count in world.fake_crm.entries.requests if method == "search"]
    assert sum(asked) == 8
    assert len(asked) <= 2
    assert not world.fake_crm.entries.writes


@pytest.mark.behaviour("MX-A-13")
def test_attendees_can_be_named_in_the_description(world: CalendarWorld) -> None:
    """Where the profile says so; someone who is taken off the meeting is taken off the appointment."""
    world.profile = maximizer.appointments(USER, zone=PARIS, table=AppointmentTable(names_attendees=True))
    world.fake_crm.entries.insert(Entry(first_name="Ada", last_name="Lovelace", emails=("ada@example.com",)))
    one = world.outlook.insert(event(body="Agenda", attendees=invited("ada@example.com", "nobody@example.com")))
    world.run()
    assert world.the().description == "Agenda\n\nAda Lovelace"
    world.outlook.edit(one, attendees=invited("nobody@example.com"))
    world.run()

    assert (world.the().description, world.the().relations) == ("Agenda", ())
    world.quiet()


@pytest.mark.behaviour("MX-A-13")
def test_a_directory_that_is_down_stops_nothing_but_the_run(world: CalendarWorld) -> None:
    """Nothing is written without knowing who is meant; the next run goes on."""
    world.outlook.insert(event(attendees=invited("ada@example.com")))
    world.fake_crm.entries.faults.fail("search", Unavailable("down"))
    assert world.run().written() == 0
    world.run()

    assert world.the().subject == "Review"


@pytest.mark.behaviour("MX-A-14")
@pytest.mark.parametrize(
    ("text", "field", "most"), [("s", "subject", MOST_SUBJECT), ("b", "description", MOST_DESCRIPTION)]
)
def test_what_is_too_long_is_cut(world: CalendarWorld, text: str, field: str, most: int) -> None:
    """It is cut and reported once; a cut value is no change on the next run."""
    whole = text * (most + 10)
    one = world.outlook.insert(event(whole) if field == "subject" else event(body=whole))
    report = world.run()

    assert getattr(world.the(), field) == text * most
    assert world.not_carried(report) == {field}
    assert world.run().notes == ()
    world.quiet()
    world.outlook.edit(one, location="Room 2")
    world.run()
    assert getattr(world.the(), field) == text * most
    world.quiet()


@pytest.mark.behaviour("MX-A-14")
def test_a_change_beyond_the_cut_is_none(world: CalendarWorld) -> None:
    """Nobody would see it in the CRM."""
    one = world.outlook.insert(event("s" * (MOST_SUBJECT + 1)))
    world.run()
    world.outlook.edit(one, subject="s" * MOST_SUBJECT + "t")

    assert world.run().written() == 0


@pytest.mark.behaviour("MX-A-14")
def test_no_character_is_cut_in_two(world: CalendarWorld) -> None:
    """An accent that stands by itself and a family of joined figures stay with what they belong to."""
    for number, tail in enumerate(("e\u0301", "\U0001f469\u200d\U0001f680", "\U0001f44d\U0001f3fd")):
        world.outlook.insert(event("x" * (MOST_SUBJECT - 1) + tail, 19 + number))
    world.run()

    whole = "x" * (MOST_SUBJECT - 1)
    assert [one.subject for one in world.crm.all().values()] == [f"{whole}é", whole, whole]
    world.quiet()


@pytest.mark.behaviour("MX-A-14")
def test_rich_text_that_is_too_long_gives_way(world: CalendarWorld) -> None:
    """The CRM then shows the description, cut as it is."""
    world.profile = maximizer.appointments(USER, zone=PARIS, table=AppointmentTable(clean_html=lambda html: html))
    one = world.outlook.insert(event(body="<p>short</p>", body_type=BodyType.HTML))
    world.run()
    assert world.the().rich_text == "<p>short</p>"
    world.outlook.edit(one, body=f"<p>{'b' * MOST_RICH_TEXT}</p>")
    world.run()

    assert (world.the().rich_text, world.the().description) == ("", "b" * MOST_DESCRIPTION)
    world.quiet()


def test_the_table_names_every_field_once() -> None:
    """No two rules write one field of the appointment."""
    written = [
        field for rule in maximizer.appointment_rules(USER, PARIS, AppointmentTable()) for field in rule.right.writes
    ]

    assert all(one != other for one, other in pairwise(sorted(written)))
