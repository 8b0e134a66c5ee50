"""ZynSync's calendar sync: what travels which way, what is a pair, and what leaves no side."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from tallystick import Profile, Side
from tallystick.errors import SyncDisabled, UsageError
from tallystick.mapping import MergePolicy
from tallystick.ports import RunState, WriteKind
from tallystick.profiles import zynsync
from tallystick.profiles.cx_sales import MeetingSettings
from tallystick.profiles.zynsync import Company, EventType, Filter, Filters, Ways
from tallystick.profiles.zynsync.calendar_rules import EVENTS, MOST_DESCRIPTION
from tallystick.providers.memory import CRM_CAPABILITIES, FakeCrm, FakeOutlook, PostOffice, VirtualClock
from tallystick.records import (
    Appointment,
    Attendee,
    BodyType,
    EmailAddress,
    Entry,
    Event,
    Lead,
    OccurrenceChange,
    Relation,
    RelationKind,
    Response,
    Sensitivity,
)
from tallystick.recurrence import EndDate, Instant, NoEnd, Pattern, Range, Recurrence, Weekday
from tests.behaviour.calendar_world import PARIS, TODAY, USER, CalendarWorld, appointment, at, days, event, invited, utc

COMPANY = Company(USER)
ADA = Relation(RelationKind.ENTRY, "e1", "ada@example.com")


def salesforce(clock: VirtualClock, **settings: Any) -> FakeCrm:  # noqa: ANN401 -- the fake's
    """Return a CRM that holds what Salesforce does."""
    return FakeCrm(clock=clock, support=EVENTS, longest_description=MOST_DESCRIPTION, **settings)


def make(company: Company = COMPANY, **chosen: Any) -> CalendarWorld:  # noqa: ANN401 -- the profile's
    """Return a world under the profile, its first run behind it, so that nothing is held any more."""
    clock = VirtualClock(TODAY)
    world = CalendarWorld(clock, fake_crm=salesforce(clock))
    world.profile = zynsync.calendar(company, zone=PARIS, **chosen)
    world.run()
    return world


@pytest.fixture
def world() -> CalendarWorld:
    """A world in which both directions are open."""
    return make()


def subjects(world: CalendarWorld) -> tuple[list[str], list[str]]:
    """Return the titles on both sides."""
    left, right = (sorted(one.subject for one in side.all().values()) for side in (world.outlook, world.crm))
    return left, right


@pytest.mark.behaviour("ZS-01")
def test_a_new_event_arrives_on_the_other_side(world: CalendarWorld) -> None:
    """Title, start, end, description and the all-day flag, from either side."""
    world.outlook.insert(event("Out", body="<p>Agenda</p>", body_type=BodyType.HTML))
    world.outlook.insert(days(date(2026, 3, 23), date(2026, 3, 25), "Fair"))
    world.crm.insert(appointment("In", 24, description="Notes"))
    world.run()
    right = {one.subject: one for one in world.crm.all().values()}
    left = {one.subject: one for one in world.outlook.all().values()}

    assert (right["Out"].start, right["Out"].end, right["Out"].description) == (utc(20, 9), utc(20, 10), "Agenda")
    assert (right["Fair"].start, right["Fair"].end) == (date(2026, 3, 23), date(2026, 3, 24))
    assert (left["In"].start, left["In"].end, left["In"].body) == (at(24), at(24, 11), "Notes")
    world.quiet()


@pytest.mark.behaviour("ZS-01", "TS-02")
def test_edits_travel_both_ways(world: CalendarWorld) -> None:
    """Edits to different fields on both sides both survive; the zone of an event is kept."""
    one = world.outlook.insert(
        event(start=at(20, zone="Tokyo Standard Time"), end=at(20, 11, zone="Tokyo Standard Time"))
    )
    world.run()
    (other,) = world.crm.ids()
    world.outlook.edit(one, subject="Renamed")
    world.crm.edit(other, start=utc(21, 1), end=utc(21, 2))
    world.run()

    assert world.the().subject == "Renamed"
    assert world.outlook.record(one).start == at(21, 10, zone="Tokyo Standard Time")
    world.quiet()


@pytest.mark.behaviour("ZS-01")
def test_a_timed_event_can_become_a_whole_day(world: CalendarWorld) -> None:
    """On either side, and back."""
    one = world.outlook.insert(event())
    world.run()
    (other,) = world.crm.ids()
    world.crm.edit(other, start=date(2026, 3, 20), end=date(2026, 3, 20))
    world.run()
    assert (world.outlook.record(one).start, world.outlook.record(one).end) == (date(2026, 3, 20), date(2026, 3, 21))
    world.outlook.edit(one, start=at(20), end=at(20, 11))
    world.run()

    assert (world.the().start, world.the().end) == (utc(20, 9), utc(20, 10))
    world.quiet()


@pytest.mark.behaviour("ZS-01", "TS-17")
def test_html_stays_where_only_its_text_came_back(world: CalendarWorld) -> None:
    """An edit of the title in the CRM leaves the body's markup; one of the description replaces it."""
    html = "<p>One <b>two</b></p>"
    one = world.outlook.insert(event(body=html, body_type=BodyType.HTML))
    world.run()
    (other,) = world.crm.ids()
    world.crm.edit(other, subject="Renamed", description=" One two ")
    world.run()
    assert (world.outlook.record(one).subject, world.outlook.record(one).body) == ("Renamed", html)
    world.crm.edit(other, description="1 < 2\nthree")
    world.run()

    assert world.outlook.record(one).body == "1 &lt; 2<br>three"
    world.quiet()


@pytest.mark.behaviour("ZS-01", "TS-17")
def test_what_the_crm_has_no_room_for_stays_in_the_mailbox(world: CalendarWorld) -> None:
    """A description is cut in the CRM; an edit there changes the part that it has."""
    one = world.outlook.insert(event(body="b" * MOST_DESCRIPTION + " and the rest"))
    report = world.run()
    assert world.not_carried(report) == {"description"}
    (other,) = world.crm.ids()
    world.crm.edit(other, description="a" * MOST_DESCRIPTION)
    world.run()

    assert world.outlook.record(one).body == "a" * MOST_DESCRIPTION + " and the rest"
    world.quiet()


@pytest.mark.behaviour("ZS-02")
@pytest.mark.parametrize("ways", [Ways.TO_CRM, Ways.TO_MAILBOX])
def test_one_direction_alone(ways: Ways) -> None:
    """What is new or changed travels that way only; the other side is never written."""
    world = make(ways=ways)
    one = world.outlook.insert(event("Out"))
    other = world.crm.insert(appointment("In", 24))
    world.run()
    target, source = (world.crm, world.outlook) if ways is Ways.TO_CRM else (world.outlook, world.crm)
    assert len(target) == 2
    assert len(source) == 1
    assert world.ignored() == {}
    world.outlook.edit(one, subject="Out again")
    world.crm.edit(other, subject="In again")
    world.run()
    world.outlook.delete(one)
    world.crm.delete(other)
    world.run()

    assert not source.writes
    assert target.writes == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1}


@pytest.mark.behaviour("ZS-03")
def test_only_pairs_creates_nothing() -> None:
    """What was paired by hand, or pairs by its key, is kept in step; nothing new is made on either side."""
    world = make(filters=Filters(Filter.ONLY_PAIRS, Filter.ONLY_PAIRS))
    one = world.outlook.insert(event("Mine"))
    other = world.crm.insert(appointment("Mine, typed again"))
    world.outlook.insert(event("Alone", 23))
    assert world.run().written() == 0
    assert world.ignored() == {}
    report = world.sync.pair(one, other)
    assert report.state is RunState.COMPLETE
    assert report.written() == 1
    world.crm.edit(other, start=utc(20, 12), end=utc(20, 13))
    world.run()

    assert world.outlook.record(one).start == at(20, 13)
    assert [len(world.outlook), len(world.crm)] == [2, 1]
    world.quiet()


@pytest.mark.behaviour("ZS-03", "TS-18")
def test_pairing_by_hand_refuses_what_makes_no_sense(world: CalendarWorld) -> None:
    """A record that has a partner, and one that is not there."""
    world.outlook.insert(event())
    world.run()
    (left,), (right,) = world.outlook.ids(), world.crm.ids()

    with pytest.raises(UsageError, match="partner"):
        world.sync.pair(left, right)
    with pytest.raises(UsageError, match="no such record"):
        world.sync.pair("nobody", right)


@pytest.mark.behaviour("ZS-03")
@pytest.mark.parametrize(
    ("chosen", "arrive"),
    [
        (Filter.ALL, ["Alone", "With Ada", "With somebody"]),
        (Filter.WITH_INVITEE, ["With Ada", "With somebody"]),
        (Filter.WITH_PERSON, ["With Ada"]),
        (Filter.ONLY_PAIRS, []),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_each_direction_has_its_filter(chosen: Filter, arrive: list[str], side: Side) -> None:
    """All, those with an invitee, those with a contact or lead; the other direction is not concerned."""
    filters = Filters(chosen, Filter.ALL) if side is Side.LEFT else Filters(Filter.ALL, chosen)
    world = make(filters=filters)
    world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    bea = Relation(RelationKind.USER, "u2", "bea@example.com")
    if side is Side.LEFT:
        world.outlook.insert(event("Alone", 20))
        world.outlook.insert(event("With somebody", 23, attendees=invited("bea@example.com")))
        world.outlook.insert(event("With Ada", 24, attendees=invited("ada@example.com")))
    else:
        world.crm.insert(appointment("Alone", 20))
        world.crm.insert(appointment("With somebody", 23, relations=(bea,)))
        world.crm.insert(appointment("With Ada", 24, relations=(ADA,)))
    world.run()

    assert subjects(world)[side.other] == arrive
    world.quiet()


@pytest.mark.behaviour("ZS-03")
@pytest.mark.parametrize(("chosen", "arrive"), [(Filter.WITH_INVITEE, ["Bob", "User"]), (Filter.WITH_PERSON, ["Bob"])])
def test_the_organizer_is_nobody_whom_an_event_is_with(chosen: Filter, arrive: list[str]) -> None:
    """Also where a calendar lists that person, and the CRM knows the address; a lead is somebody."""
    world = make(filters=Filters(chosen, chosen))
    world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    lead = world.fake_crm.leads.insert(Lead("Bob", emails=("bob@example.com",)))
    ada, me = EmailAddress("ada@example.com"), Relation(RelationKind.USER, USER, "me@example.com")
    world.outlook.insert(event("Listed", attendees=invited("Ada@example.com"), organizer=ada))
    world.outlook.insert(event("Marked", 19, attendees=(Attendee(ada, response=Response.ORGANIZER),)))
    world.outlook.insert(event("Bob", 23, attendees=invited("ada@example.com", "bob@example.com"), organizer=ada))
    world.outlook.insert(event("User", 24, attendees=invited("u2@example.com"), organizer=ada))
    for subject, day, people in (
        ("Mine alone", 25, (me,)),
        ("Bob from the CRM", 26, (me, Relation(RelationKind.LEAD, lead, "bob@example.com"))),
        ("User from the CRM", 27, (me, Relation(RelationKind.USER, "u2", "u2@example.com"))),
    ):
        world.crm.insert(appointment(subject, day, relations=people))
    world.crm.insert(appointment("Called by u2", 28, organizer="u2", relations=(me,)))
    world.run()

    from_mailbox = ["Bob", "Listed", "Marked", "User"]
    from_crm = [f"{one} from the CRM" for one in arrive]
    called = ["Called by u2"] if chosen is Filter.WITH_INVITEE else []
    assert subjects(world)[0] == sorted([*from_mailbox, *from_crm, *called])
    assert subjects(world)[1] == sorted(
        [*arrive, "Mine alone", "Bob from the CRM", "User from the CRM", "Called by u2"]
    )
    world.quiet()


@pytest.mark.behaviour("ZS-03")
@pytest.mark.parametrize("side", Side)
def test_of_a_pair_that_is_paused_nothing_is_deleted(side: Side) -> None:
    """Also where deletions travel: what is deleted while nobody is invited stays on the other side."""
    world = make(filters=Filters(Filter.WITH_INVITEE, Filter.WITH_INVITEE), deletes=True)
    world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    one = world.outlook.insert(event(attendees=invited("ada@example.com")))
    world.run()
    world.outlook.edit(one, attendees=())
    world.run()
    sides = (world.outlook, world.crm)
    sides[side].delete(sides[side].ids()[0])
    world.run()
    world.run()

    assert [len(sides[side]), len(sides[side.other])] == [0, 1]


@pytest.mark.behaviour("ZS-03")
def test_a_pair_that_no_longer_passes_is_paused() -> None:
    """Nobody is invited any more: nothing travels, nothing is removed; with an invitee it goes on."""
    world = make(filters=Filters(Filter.WITH_INVITEE, Filter.WITH_INVITEE))
    world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    one = world.outlook.insert(event(attendees=invited("ada@example.com")))
    world.run()
    (other,) = world.crm.ids()
    world.outlook.edit(one, attendees=())
    world.run()
    assert world.the().relations == ()
    world.outlook.edit(one, subject="Unseen")
    assert world.run().written() == 0
    assert world.crm.record(other).subject == "Review"
    world.outlook.edit(one, attendees=invited("ada@example.com"))
    world.run()

    assert world.the().subject == "Unseen"
    world.quiet()


@pytest.mark.behaviour("ZS-04")
@pytest.mark.parametrize(
    ("since", "day", "inside"),
    [
        (None, date(2026, 2, 17), False),
        (None, date(2026, 2, 18), True),
        (None, date(2026, 5, 18), True),
        (None, date(2026, 5, 19), False),
        (date(2026, 3, 1), date(2026, 2, 28), False),
        (date(2026, 3, 1), date(2026, 3, 1), True),
        (date(2020, 1, 1), date(2026, 2, 17), False),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_the_window(since: date | None, day: date, inside: bool, side: Side) -> None:
    """On or after the chosen date, at most one month back and two ahead, on both sides."""
    world = make(since=since)
    if side is Side.LEFT:
        world.outlook.insert(days(day, day + timedelta(days=1)))
    else:
        world.crm.insert(Appointment("Fair", day, day))
    world.run()

    assert len(subjects(world)[side.other]) == inside


@pytest.mark.behaviour("ZS-05")
def test_a_private_event_is_busy_time_in_the_crm(world: CalendarWorld) -> None:
    """No title, body, place or invitees leave the mailbox; its times do, and keep doing so."""
    people = world.fake_crm.entries
    people.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    one = world.outlook.insert(
        event(
            "Secret",
            body="Secret",
            location="Secret",
            attendees=invited("ada@example.com"),
            sensitivity=Sensitivity.PRIVATE,
        )
    )
    world.run()
    made = world.the()
    assert (made.subject, made.start, made.description, made.location, made.relations) == (
        "Private",
        utc(20, 9),
        "",
        "",
        (),
    )
    world.outlook.edit(one, start=at(20, 9), subject="Secret too")
    world.run()

    assert (world.the().start, world.the().subject) == (utc(20, 8), "Private")
    world.quiet()


@pytest.mark.behaviour("ZS-05")
def test_a_private_appointment_is_busy_time_in_the_mailbox(world: CalendarWorld) -> None:
    """The same the other way round."""
    world.crm.insert(appointment("Secret", description="Secret", private=True, relations=(ADA,)))
    world.run()
    (made,) = world.outlook.all().values()

    assert (made.subject, made.body, made.attendees, made.start) == ("Private", "", (), at(20))
    assert not world.outlook.mails
    world.quiet()


@pytest.mark.behaviour("ZS-05")
def test_what_is_masked_never_travels_back(world: CalendarWorld) -> None:
    """Whatever is done to the mask in the CRM, the event keeps what is its own."""
    one = world.outlook.insert(event("Secret", body="Mine", sensitivity=Sensitivity.PRIVATE))
    world.run()
    (other,) = world.crm.ids()
    world.crm.edit(other, subject="Changed", description="Changed", relations=(ADA,))
    world.run()
    world.run()

    kept = world.outlook.record(one)
    assert (kept.subject, kept.body, kept.attendees) == ("Secret", "Mine", ())


@pytest.mark.behaviour("ZS-05")
def test_made_private_later_is_scrubbed(world: CalendarWorld) -> None:
    """And shown again once it is no longer private."""
    world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    one = world.outlook.insert(event(body="Agenda", attendees=invited("ada@example.com")))
    world.run()
    assert len(world.the().relations) == 1
    world.outlook.edit(one, sensitivity=Sensitivity.PRIVATE)
    world.run()
    assert (world.the().subject, world.the().description, world.the().relations) == ("Private", "", ())
    world.quiet()
    world.outlook.edit(one, sensitivity=Sensitivity.NORMAL)
    world.run()

    assert (world.the().subject, world.the().description, len(world.the().relations)) == ("Review", "Agenda", 1)
    assert world.outlook.record(one).attendees
    world.quiet()


@pytest.mark.behaviour("ZS-05")
def test_made_private_later_in_the_crm_is_scrubbed_in_the_mailbox(world: CalendarWorld) -> None:
    """Title, body and invitees of the event go, and come back once it is no longer private."""
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    known = Relation(RelationKind.ENTRY, ada, "ada@example.com")
    other = world.crm.insert(appointment(description="Agenda", relations=(known,)))
    world.run()
    (one,) = world.outlook.ids()

    def shown() -> tuple[str, str, int]:
        record = world.outlook.record(one)
        return record.subject, record.body, len(record.attendees)

    assert shown() == ("Review", "Agenda", 1)
    world.crm.edit(other, private=True)
    world.run()
    assert shown() == ("Private", "", 0)
    assert world.crm.record(other).subject == "Review"
    world.quiet()
    world.crm.edit(other, private=False)
    world.run()

    assert shown() == ("Review", "Agenda", 1)
    world.quiet()


@pytest.mark.behaviour("ZS-05", "ZS-11")
def test_made_private_later_what_people_answered_is_scrubbed_too(world: CalendarWorld) -> None:
    """Who answered was invited: that leaves the mailbox no more than the invitation does."""
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    yes = (Attendee(EmailAddress("ada@example.com"), response=Response.ACCEPTED),)
    one = world.outlook.insert(event(attendees=yes))
    world.run()
    assert world.the().responses == ((ada, "accepted"),)
    world.outlook.edit(one, sensitivity=Sensitivity.PRIVATE)
    world.run()
    assert world.the().responses == ()
    world.outlook.edit(one, sensitivity=Sensitivity.NORMAL)
    world.run()
    assert world.the().responses == ((ada, "accepted"),)
    world.outlook.edit(one, attendees=())
    world.run()

    assert world.the().responses == ()
    world.quiet()


@pytest.mark.behaviour("ZS-05")
@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_private_and_confidential_events_are_nobodys_business(world: CalendarWorld, sensitivity: Sensitivity) -> None:
    """Personal ones are shown like any other."""
    world.outlook.insert(event("Theirs", sensitivity=sensitivity))
    world.run()

    hidden = sensitivity in (Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL)
    assert world.the().subject == ("Private" if hidden else "Theirs")


@pytest.mark.behaviour("ZS-05")
@pytest.mark.parametrize("theirs", ["Secret", "Private"])
def test_private_events_pair_by_their_true_key(world: CalendarWorld, theirs: str) -> None:
    """One that the user typed on both sides, and one of which the CRM has the masked copy already."""
    other = world.crm.insert(appointment(theirs))
    one = world.outlook.insert(event("Secret", sensitivity=Sensitivity.PRIVATE))
    world.run()

    assert world.sync.explain("left", one).ids == (one, other)
    assert world.outlook.record(one).subject == "Secret"
    assert len(world.crm) == 1


@pytest.mark.behaviour("ZS-05")
def test_two_private_events_at_one_time_are_two(world: CalendarWorld) -> None:
    """One on each side, with titles of their own: what stands for one of them is not the other."""
    world.outlook.insert(event("Mine", sensitivity=Sensitivity.PRIVATE))
    world.crm.insert(appointment("Theirs", private=True))
    world.run()

    assert subjects(world) == (["Mine", "Private"], ["Private", "Theirs"])
    world.quiet()


@pytest.mark.behaviour("ZS-05", "ZS-07")
@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("how", ["moved", "deleted", "opened"])
def test_time_that_two_private_events_take_stays_taken(world: CalendarWorld, how: str, later: bool) -> None:
    """It is shown once; when the event goes for which it stands, it stands for the other."""
    one = world.outlook.insert(event("One", sensitivity=Sensitivity.PRIVATE))
    if later:
        world.run()
    other = world.outlook.insert(event("Other", sensitivity=Sensitivity.PRIVATE))
    world.run()
    assert world.ignored() == {other: ("candidate_has_partner" if later else "duplicate",)}
    assert [(kept.subject, kept.start) for kept in world.crm.all().values()] == [("Private", utc(20, 9))]
    if how == "moved":
        world.outlook.edit(one, start=at(23), end=at(23, 11))
    elif how == "deleted":
        world.outlook.delete(one)
    else:
        world.outlook.edit(one, sensitivity=Sensitivity.NORMAL)
    world.run()
    world.run()

    assert world.ignored() == {}
    assert ("Private", utc(20, 9)) in [(kept.subject, kept.start) for kept in world.crm.all().values()]
    assert len(world.crm) == len(world.outlook)
    world.quiet()


@pytest.mark.behaviour("ZS-06")
@pytest.mark.parametrize("field", ["none", "subject", "start", "end"])
def test_title_start_and_end_make_a_pair(world: CalendarWorld, field: str) -> None:
    """All three have to be identical; once paired, each of them may change."""
    changed: dict[str, Any] = {"subject": "Other", "start": utc(20, 8), "end": utc(20, 11)}
    world.crm.insert(attrs.evolve(appointment(), **({field: changed[field]} if field in changed else {})))
    one = world.outlook.insert(event())
    world.run()
    assert len(world.crm) == (1 if field == "none" else 2)
    if field == "none":
        world.outlook.edit(one, subject="Renamed", start=at(23), end=at(23, 12))
        world.run()
        assert (world.the().subject, world.the().start, world.the().end) == ("Renamed", utc(23, 9), utc(23, 11))
    world.quiet()


@pytest.mark.behaviour("ZS-07")
def test_of_several_with_the_same_key_the_oldest_is_taken(world: CalendarWorld) -> None:
    """The further copies are left out and reported; when the one that was taken goes, the next oldest is."""
    first, second, third = (world.outlook.insert(event()) for _ in range(3))
    report = world.run()
    assert report.written() == 1
    assert world.ignored() == {second: ("duplicate",), third: ("duplicate",)}
    assert world.sync.explain("left", first).standing == "in sync"
    late = world.outlook.insert(event())
    world.run()
    assert {*world.ignored()} == {second, third, late}
    assert len(world.crm) == 1
    world.outlook.delete(first)
    world.run()
    world.run()

    assert world.sync.explain("left", second).standing == "in sync"
    assert len(world.crm) == 1
    world.quiet()


@pytest.mark.behaviour("ZS-07")
def test_of_several_appointments_with_the_same_key_the_oldest_is_taken(world: CalendarWorld) -> None:
    """In the CRM as in the mailbox; where both sides have several, the oldest of each are the pair."""
    first, second = (world.crm.insert(appointment()) for _ in range(2))
    ours = [world.outlook.insert(event()) for _ in range(2)]
    alone, further = (world.crm.insert(appointment("Alone", 23)) for _ in range(2))
    world.run()

    assert world.sync.explain("right", first).ids == (ours[0], first)
    assert world.ignored() == {second: ("duplicate",), ours[1]: ("duplicate",), further: ("duplicate",)}
    assert world.sync.explain("right", alone).standing == "in sync"
    assert subjects(world) == (["Alone", "Review", "Review"], ["Alone", "Alone", "Review", "Review"])
    world.quiet()


@pytest.mark.behaviour("ZS-08", "ZS-09")
@pytest.mark.parametrize("first", [0, 1])
def test_a_shared_event_lies_in_each_calendar_once(first: int) -> None:
    """The first user to sync becomes the organizer; the next one's sync finds the copy."""
    clock = VirtualClock(TODAY)
    crm = salesforce(clock)
    users = ("ada@example.com", "bea@example.com")
    boxes = [FakeOutlook(address, clock=clock) for address in users]
    post = PostOffice({address: box.calendar for address, box in zip(users, boxes, strict=True)})
    state = CalendarWorld().state
    worlds = [
        _of_user(CalendarWorld(clock, box, crm, zynsync.calendar(Company(f"u{number}"), zone=PARIS), state), number)
        for number, box in enumerate(boxes)
    ]
    both = tuple(Relation(RelationKind.USER, f"u{number}", address) for number, address in enumerate(users))
    shared = crm.appointments.insert(appointment("Shared", organizer="u0", relations=both))
    for each in (worlds[first], worlds[1 - first], worlds[first]):
        each.run()
        post.deliver()
    events = [[*box.calendar.all().values()] for box in boxes]

    assert [len(found) for found in events] == [1, 1]
    assert [found[0].is_organizer for found in events] == [first == 0, first == 1]
    assert events[0][0].uid == events[1][0].uid
    assert len(crm.appointments) == 1
    crm.appointments.edit(shared, subject="Moved", start=utc(23, 9), end=utc(23, 10))
    for each in (worlds[1 - first], worlds[first], worlds[1 - first], worlds[first]):
        each.run()
        post.deliver()
    assert {box.calendar.all().popitem()[1].subject for box in boxes} == {"Moved"}
    assert boxes[1 - first].calendar.writes == {}


@pytest.mark.behaviour("ZS-09")
def test_every_user_gets_an_own_copy_in_the_crm() -> None:
    """A meeting in two mailboxes is two events in the CRM, and neither sync touches the other's."""
    clock = VirtualClock(TODAY)
    crm = salesforce(clock)
    users = ("ada@example.com", "bea@example.com")
    boxes = [FakeOutlook(address, clock=clock) for address in users]
    post = PostOffice({address: box.calendar for address, box in zip(users, boxes, strict=True)})
    state = CalendarWorld().state
    worlds = [
        _of_user(CalendarWorld(clock, box, crm, zynsync.calendar(Company(f"u{number}"), zone=PARIS), state), number)
        for number, box in enumerate(boxes)
    ]
    meeting = boxes[0].calendar.insert(event("Meeting", attendees=invited(users[1])))
    post.deliver()
    for each in (*worlds, *worlds):
        each.run()
    assert sorted(one.organizer for one in crm.appointments.all().values()) == ["u0", "u1"]
    boxes[0].calendar.edit(meeting, subject="Renamed")
    post.deliver()
    for each in worlds:
        each.run()
    assert {one.subject for one in crm.appointments.all().values()} == {"Renamed"}

    theirs = next(one for one, kept in crm.appointments.all().items() if kept.organizer == "u1")
    crm.appointments.edit(theirs, subject="Not mine to change")
    worlds[1].run()
    assert boxes[1].calendar.all().popitem()[1].subject == "Renamed"
    assert boxes[1].calendar.writes == {}


@pytest.mark.behaviour("ZS-10")
def test_people_of_the_crm_are_invited_beside_others() -> None:
    """Contacts and leads with an address; who the CRM does not know stays invited, who has none is not."""
    world = make()
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    bob = world.fake_crm.leads.insert(Lead("Bob", emails=("bob@example.com",)))
    known = Relation(RelationKind.ENTRY, ada, "ada@example.com", "Ada")
    silent = Relation(RelationKind.ENTRY, "e9")
    other = world.crm.insert(appointment(relations=(known, silent)))
    world.run()
    (one,) = world.outlook.ids()
    assert [a.email.address for a in world.outlook.record(one).attendees] == ["ada@example.com"]
    world.outlook.edit(one, attendees=(*world.outlook.record(one).attendees, *invited("nobody@example.com")))
    world.run()
    lead = Relation(RelationKind.LEAD, bob, "bob@example.com", "Bob")
    world.crm.edit(other, relations=(lead, silent))
    world.run()

    assert [a.email.address for a in world.outlook.record(one).attendees] == ["nobody@example.com", "bob@example.com"]
    assert set(world.crm.record(other).relations) == {lead, silent}
    world.quiet()


@pytest.mark.behaviour("ZS-10")
def test_invitees_who_are_known_become_relations(world: CalendarWorld) -> None:
    """Those found among contacts and leads; the rest of them stay in the mailbox alone."""
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    one = world.outlook.insert(event(attendees=invited("Ada@example.com", "nobody@example.com")))
    world.run()
    assert [(p.kind, p.id) for p in world.the().relations] == [(RelationKind.ENTRY, ada)]
    world.outlook.edit(one, attendees=invited("nobody@example.com"))
    world.run()

    assert world.the().relations == ()
    world.quiet()


@pytest.mark.behaviour("ZS-10", "TS-13")
def test_a_first_run_invites_nobody_until_it_is_told_to() -> None:
    """What would send mail is held and listed; confirmed once, it goes out, and is not asked about again."""
    clock = VirtualClock(TODAY)
    world = CalendarWorld(clock, fake_crm=salesforce(clock))
    world.profile = zynsync.calendar(COMPANY, zone=PARIS)
    with_ada = world.crm.insert(appointment("With Ada", relations=(ADA,)))
    world.crm.insert(appointment("Alone", 23))
    report = world.run()
    assert subjects(world)[0] == ["Alone"]
    assert world.ignored() == {with_ada: ("held_notifies",)}
    assert [(one.name, one.planned) for one in report.figures if one.holds] == [("left.held", 1)]
    assert world.run().written() == 0
    assert not world.outlook.mails
    assert world.sync.confirm() == {"left.held": 1}
    world.run()

    assert subjects(world)[0] == ["Alone", "With Ada"]
    assert world.outlook.mails == {WriteKind.CREATE: 1}
    assert world.ignored() == {}
    world.quiet()


@pytest.mark.behaviour("TS-13")
def test_a_run_that_would_write_to_many_people_stops() -> None:
    """More than the budget of notifying writes stop a later run, before the first of them."""
    world = make()
    for day in range(19, 31):
        for hour in (9, 12):
            span = {"start": utc(day, hour), "end": utc(day, hour + 1)}
            world.crm.insert(appointment(f"Day {day}", day, **span, relations=(ADA,)))
    report = world.run()

    assert report.state is RunState.PROBLEM
    assert "left.notifying 24" in report.note
    assert not world.outlook.mails
    assert [one.name for one in world.sync.plan().stops] == ["left.notifying"]
    assert world.sync.confirm() == {"left.notifying": 24}
    assert world.run().written(Side.LEFT, WriteKind.CREATE) == 24


@pytest.mark.behaviour("TS-13")
def test_every_step_says_what_it_does_to_people(world: CalendarWorld) -> None:
    """Inviting notifies, and so does changing a meeting; deleting one cancels it; the CRM's side is silent."""
    world.profile = zynsync.calendar(COMPANY, zone=PARIS, deletes=True)
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    other = world.crm.insert(appointment(relations=(Relation(RelationKind.ENTRY, ada, "ada@example.com"),)))
    effects = [str(step.effect) for step in world.sync.plan().steps]
    world.run()
    world.run()
    world.crm.edit(other, subject="Renamed")
    effects += [str(step.effect) for step in world.sync.plan().steps]
    world.run()
    world.crm.delete(other)
    effects += [str(step.effect) for step in world.sync.plan().steps]
    world.outlook.insert(event("Mine", 24, attendees=invited("ada@example.com")))
    world.run()

    assert effects == ["notifies", "notifies", "cancels"]
    assert world.outlook.mails == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1, WriteKind.REMOVE: 1}


@pytest.mark.behaviour("ZS-11", "ZS-01")
def test_responses_go_to_the_crm_where_the_user_may_see_them(world: CalendarWorld) -> None:
    """As the organizer; they never come back, and what is not seen is not wiped out."""
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
    yes = (Attendee(EmailAddress("ada@example.com"), response=Response.ACCEPTED),)
    one = world.outlook.insert(event(attendees=yes))
    world.outlook.insert(event("Theirs", 23, attendees=yes, is_organizer=False))
    world.run()
    made = {each.subject: each.responses for each in world.crm.all().values()}
    assert made == {"Review": ((ada, "accepted"),), "Theirs": ()}
    right = next(each for each, kept in world.crm.all().items() if kept.subject == "Review")
    world.crm.edit(right, responses=((ada, "declined"),))
    assert world.run().written(Side.LEFT) == 0
    world.outlook.edit(one, attendees=(attrs.evolve(yes[0], response=Response.TENTATIVE),))
    world.run()

    assert world.crm.record(right).responses == ((ada, "tentativelyAccepted"),)
    world.quiet()


@pytest.mark.parametrize("answers", [(Response.ACCEPTED, Response.NOT_RESPONDED), (Response.NONE, Response.ACCEPTED)])
def test_who_is_invited_under_two_addresses_answers_once(world: CalendarWorld, answers: tuple[Response, ...]) -> None:
    """The answer counts, and not the row of the other address, which stays without one."""
    addresses = ("ada@example.com", "a.lovelace@example.com")
    ada = world.fake_crm.entries.insert(Entry(first_name="Ada", emails=addresses))
    rows = zip(addresses, answers, strict=True)
    world.outlook.insert(event(attendees=tuple(Attendee(EmailAddress(one), response=said) for one, said in rows)))
    world.run()

    assert world.the().responses == ((ada, "accepted"),)
    world.quiet()


@pytest.mark.behaviour("ZS-12", "TS-18")
@pytest.mark.parametrize(
    ("shares", "with_lead", "related"),
    [(True, True, ["l2"]), (True, False, "contacts"), (False, True, ["l2"]), (False, False, ["e1"])],
)
def test_the_crm_relates_as_many_as_it_has_room_for(shares: bool, with_lead: bool, related: object) -> None:
    """One lead, or up to fifty contacts, or one person; chosen in a fixed order, and the others are reported."""
    world = make(Company(USER, shares_activities=shares))
    addresses = [f"p{number:02}@example.com" for number in range(60)]
    for address in addresses:
        world.fake_crm.entries.insert(Entry(first_name="P", emails=(address,), owner="u9"))
    world.fake_crm.leads.insert(Lead("Other's", emails=("a@example.com",), owner="u9"))
    world.fake_crm.leads.insert(Lead("Own", emails=("z@example.com",), owner=USER))
    leads = ("a@example.com", "z@example.com") if with_lead else ()
    world.outlook.insert(event(attendees=invited(*addresses, *leads)))
    report = world.run()

    found = [one.id for one in world.the().relations]
    assert found == ([f"e{number}" for number in range(1, 51)] if related == "contacts" else related)
    assert world.not_carried(report) == {"invitees"}
    assert len(next(iter(world.outlook.all().values())).attendees) == len(addresses) + len(leads)
    world.quiet()


@pytest.mark.behaviour("ZS-13")
def test_a_required_field_without_value_is_one_error_for_the_type() -> None:
    """Its events wait, the rest go on; once the field has a default, they are created."""
    world = make(event_type=EventType("Visit", (("Region", None), ("Kind", "visit"))))
    for day in (19, 20, 23):
        world.outlook.insert(event(f"New {day}", day))
    world.crm.insert(appointment("In", 24))
    report = world.run()

    assert report.state is RunState.WARNING
    assert report.note.count("Visit.Region") == 1
    assert [(note.kind, note.rule) for note in report.notes] == [("blocked", "Visit.Region")]
    assert {*world.ignored().values()} == {("blocked:Visit.Region",)}
    assert subjects(world)[0] == ["In", "New 19", "New 20", "New 23"]
    world.profile = zynsync.calendar(COMPANY, zone=PARIS, event_type=EventType("Visit", (("Region", "north"),)))
    assert world.run().state is RunState.COMPLETE
    assert {(one.type, one.custom) for one in world.crm.all().values() if one.subject != "In"} == {
        ("Visit", (("Region", "north"),))
    }


@pytest.mark.behaviour("ZS-14")
def test_connecting_another_mailbox_closes_the_first(world: CalendarWorld) -> None:
    """Nothing is removed on either side, and the old mailbox is no longer written."""
    world.outlook.insert(event("Old"))
    world.run()
    old = world.fake_outlook
    world.fake_outlook = FakeOutlook("another", clock=world.clock)
    world.outlook.insert(event("New", 23))
    world.run()
    before = dict(old.calendar.writes)
    world.crm.edit(world.crm.ids()[0], subject="Edited")
    world.run()

    assert old.calendar.writes == before
    assert [one.subject for one in old.calendar.all().values()] == ["Old"]
    assert subjects(world) == (["Edited", "New"], ["Edited", "New"])
    assert world.crm.writes[WriteKind.REMOVE] == 0
    world.quiet()


@pytest.mark.behaviour("ZS-15")
def test_it_runs_every_two_hours_and_on_demand(world: CalendarWorld) -> None:
    """The schedule does not stand against asking for a run at once."""
    assert world.sync.run_if_due() is None
    world.clock.advance(7200)
    assert world.sync.run_if_due() is not None
    assert world.sync.run_if_due() is None
    world.sync.enqueue()
    assert world.sync.run_if_due() is not None


@pytest.mark.behaviour("ZS-15")
def test_it_can_be_stopped_during_a_run(world: CalendarWorld) -> None:
    """What was sent is finished, nothing further is; switched on again, it goes on where it was."""
    world.fake_crm = salesforce(world.clock, capabilities=attrs.evolve(CRM_CAPABILITIES, batch_size=40))
    for number in range(90):
        world.outlook.insert(event(f"Event {number}", 19 + number % 10))
    sync = world.sync
    world.crm.faults.before("create", lambda _: sync.disable())
    report = world.run()

    assert report.state is RunState.WARNING
    assert len(world.crm) == 40
    with pytest.raises(SyncDisabled):
        world.sync.run()
    world.crm.faults.clear()
    world.sync.enable()
    world.run()
    assert len(world.crm) == 90
    world.quiet()


@pytest.mark.behaviour("ZS-16")
@pytest.mark.parametrize("side", Side)
def test_what_is_deleted_is_unlinked_and_not_created_again(world: CalendarWorld, side: Side) -> None:
    """Its counterpart stays, through full listings and a fresh initial run."""
    world.outlook.insert(event())
    world.run()
    sides = (world.outlook, world.crm)
    sides[side].delete(sides[side].ids()[0])
    world.run()
    world.quiet()

    assert [len(world.outlook), len(world.crm)] == ([0, 1] if side is Side.LEFT else [1, 0])
    assert world.sync.status().pairs == 0


@pytest.mark.behaviour("ZS-16")
@pytest.mark.parametrize("side", Side)
def test_by_policy_a_deletion_travels(side: Side) -> None:
    """What is deleted on one side is deleted on the other."""
    world = make(deletes=True)
    world.outlook.insert(event())
    world.run()
    sides = (world.outlook, world.crm)
    sides[side].delete(sides[side].ids()[0])
    world.run()

    assert [len(world.outlook), len(world.crm)] == [0, 0]


@pytest.mark.behaviour("ZS-16")
@pytest.mark.parametrize("side", Side)
def test_a_meeting_that_somebody_else_called_is_not_deleted_by_the_crm(side: Side) -> None:
    """What is deleted in the CRM stays in the mailbox and gets no new copy; the other way round it goes."""
    world = make(deletes=True)
    one = world.outlook.insert(event(is_organizer=False, attendees=invited("ada@example.com")))
    world.run()
    sides = (world.outlook, world.crm)
    sides[side].delete(sides[side].ids()[0])
    for _ in range(3):
        world.run()

    assert [len(world.outlook), len(world.crm)] == ([0, 0] if side is Side.LEFT else [1, 0])
    assert not world.outlook.mails
    if side is Side.RIGHT:
        world.outlook.edit(one, subject="Moved by the organizer")
        world.run()
        assert len(world.crm) == 0
    world.quiet()


@pytest.mark.behaviour("ZS-16", "ZS-02")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("ways", [Ways.TO_CRM, Ways.TO_MAILBOX])
def test_by_policy_a_deletion_travels_the_one_way_that_is_open(ways: Ways, side: Side) -> None:
    """What is deleted where the events come from goes; the other way round nothing is ever deleted."""
    world = make(deletes=True, ways=ways)
    source = Side.LEFT if ways is Ways.TO_CRM else Side.RIGHT
    _ = world.outlook.insert(event()) if source is Side.LEFT else world.crm.insert(appointment())
    world.run()
    sides = (world.outlook, world.crm)
    sides[side].delete(sides[side].ids()[0])
    world.run()
    world.run()

    assert len(sides[side.other]) == (0 if side is source else 1)
    assert not sides[source].writes


FRIDAYS = Recurrence(
    Pattern.weekly([Weekday.FRIDAY], first_day_of_week=Weekday.SUNDAY), Range(date(2026, 3, 20), NoEnd(), PARIS)
)


@pytest.mark.behaviour("ZS-16")
def test_a_series_is_one_event(world: CalendarWorld) -> None:
    """It pairs by its pattern too, and a change of it travels both ways; what has no end has none in the mailbox."""
    one = world.outlook.insert(event(recurrence=FRIDAYS))
    other = world.crm.insert(appointment())
    world.run()
    assert len(world.crm) == 2
    world.crm.delete(other)
    world.run()
    assert len(world.outlook) == 2
    (right,) = world.crm.ids()
    made = world.the().recurrence
    assert made is not None
    assert made.range.end == EndDate(date(2099, 12, 31))
    world.crm.edit(right, recurrence=attrs.evolve(made, pattern=Pattern.daily(2)))
    world.run()

    assert world.outlook.record(one).recurrence == attrs.evolve(FRIDAYS, pattern=Pattern.daily(2))
    world.quiet()


@pytest.mark.behaviour("ZS-16", "MX-A-16")
def test_an_occurrence_that_the_crm_has_not_is_reported(world: CalendarWorld) -> None:
    """It stays in the mailbox."""
    gone = OccurrenceChange(at(27), cancelled=True)
    one = world.outlook.insert(event(recurrence=FRIDAYS, exceptions=(gone,)))
    report = world.run()

    assert world.not_carried(report) == {"exceptions"}
    assert world.outlook.record(one).exceptions == (gone,)
    world.quiet()


@pytest.mark.parametrize("profile", [zynsync.calendar(COMPANY, zone=PARIS), MeetingSettings(zone=PARIS).profile(USER)])
def test_appointments_that_no_calendar_can_show_are_listed(profile: Profile[Event, Appointment]) -> None:
    """One that ends before it starts, on the calendar's last day, or recurs in an unknown zone stops nobody else's."""
    clock = VirtualClock(TODAY)
    world = CalendarWorld(clock, fake_crm=salesforce(clock), profile=profile)
    world.run()
    mine: dict[str, Any] = {"organizer": USER, "relations": (Relation(RelationKind.USER, USER),)}
    elsewhere = attrs.evolve(FRIDAYS, range=attrs.evolve(FRIDAYS.range, zone="Nowhere/Land"))
    ends = (utc(20, 8), Instant(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    unfit = [world.crm.insert(appointment(f"To {end}", end=end, **mine)) for end in ends]
    days_on = [world.crm.insert(Appointment("Days", start=date(2026, 3, 20), end=date.max, **mine))]
    series = world.crm.insert(appointment("Series", recurrence=elsewhere, **mine))
    world.crm.insert(appointment("Fit", **mine))
    world.run()

    invalid = dict.fromkeys((*unfit, *days_on), ("invalid:times",))
    assert world.ignored() == {**invalid, series: ("unsupported_recurrence:invalid",)}
    assert [one.subject for one in world.outlook.all().values()] == ["Fit"]
    world.quiet()


def test_only_responses_are_mirrored() -> None:
    """Everything else is merged, three ways."""
    mirrored = [rule.name for rule in zynsync.calendar(COMPANY).mapping if rule.policy is MergePolicy.MIRROR]

    assert mirrored == ["responses"]


def _of_user(world: CalendarWorld, number: int) -> CalendarWorld:
    """Return the world of one of several users, its first run behind it."""
    world.name = f"u{number}"
    world.run()
    return world
