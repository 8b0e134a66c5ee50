"""Series in a calendar are one record each, with what was moved, renamed and cancelled of them, there and back."""

from datetime import date, datetime, time

import attrs
import pytest

from tallystick.ports import Create, Item, Outcome, Scope, Status, Update
from tallystick.ports.item import Window
from tallystick.providers.graph import GraphProvider
from tallystick.records import Event, OccurrenceChange
from tallystick.recurrence import NoEnd, Pattern, PatternType, Range, Recurrence, Start, WallTime, Weekday
from tallystick.testing.graph import Fault, GraphQuirks, GraphService
from tests.providers.graph.worlds import mailbox, served

ZONE = "Romance Standard Time"
SCOPE = Scope(None, Window(date(2026, 3, 1), date(2026, 4, 30), "Europe/Copenhagen"))


def at(day: int, hour: int = 9) -> WallTime:
    """Return a time in March, at home."""
    return WallTime(datetime.combine(date(2026, 3, day), time(hour)), ZONE)


def weekly(start: Start, end: Start, *exceptions: OccurrenceChange) -> Event:
    """Return a series of Mondays from the second of March on."""
    pattern = Pattern(PatternType.WEEKLY, 1, days_of_week=(Weekday.MONDAY,), first_day_of_week=Weekday.MONDAY)
    rule = Recurrence(pattern, Range(date(2026, 3, 2), NoEnd(), ZONE))
    return Event("Weekly", start=start, end=end, recurrence=rule, exceptions=exceptions)


MOVED = OccurrenceChange(at(9), start=at(10, 14), end=at(10, 15))
NAMED = OccurrenceChange(at(16), subject="With guests", location="Hall")
CANCELLED = OccurrenceChange(date(2026, 3, 23), cancelled=True)  # the service names the day alone
TIMED = weekly(at(2), at(2, 10))
WHOLE_DAYS = weekly(date(2026, 3, 2), date(2026, 3, 3))


def pair(quirks: GraphQuirks | None = None) -> tuple[GraphService, GraphProvider[Event]]:
    """Return a service and its calendar."""
    service = served(quirks)
    return service, mailbox(service).calendar()


def days(event: Event) -> list[tuple[date, bool]]:
    """Return the days of an event's exceptions, and which are cancelled."""
    found = []
    for one in event.exceptions:
        day = one.original if isinstance(one.original, date) else one.original.local.date()
        found.append((day, one.cancelled))
    return found


def the_item(outcome: Outcome[Event]) -> Item[Event]:
    """Return the item of a write that was done."""
    assert outcome.status is Status.DONE, outcome
    assert outcome.item is not None
    return outcome.item


def listed(provider: GraphProvider[Event], cursor: str | None = None) -> tuple[dict[str, Event], set[str], str]:
    """Return what a feed shows and names, and its last cursor."""
    shown: dict[str, Event] = {}
    gone: set[str] = set()
    while True:
        page = provider.changes(cursor, SCOPE)
        shown.update({item.id: item.record for item in page.items})
        gone.update(page.unlisted)
        cursor = page.cursor
        if page.complete:
            return shown, gone, cursor


@pytest.mark.parametrize(
    "quirks", [GraphQuirks(), GraphQuirks(empty_pages=True, replays=True, partial=True, page_size=1)]
)
def test_a_series_is_listed_as_one(quirks: GraphQuirks) -> None:
    """However many occurrences the view has, a series is one item, with its exceptions."""
    service, calendar = pair(quirks)
    series = attrs.evolve(TIMED, exceptions=(MOVED, NAMED, CANCELLED))
    id_ = service.calendar.insert(series)
    shown, _, cursor = listed(calendar)

    assert shown[id_].exceptions == (MOVED, NAMED, CANCELLED)
    assert shown[id_].start == TIMED.start
    service.calendar.edit(id_, exceptions=(MOVED, NAMED, CANCELLED, OccurrenceChange(at(30), cancelled=True)))
    again, _, _ = listed(calendar, cursor)
    assert days(again[id_])[-1] == (date(2026, 3, 30), True)


def test_changed_occurrences_are_read_to_their_last_page() -> None:
    """However many there are, and however few the service tells at once, the series is read and written with all."""
    service, calendar = pair(GraphQuirks(page_size=2))
    changed = tuple(OccurrenceChange(at(day), subject=f"The {day}th") for day in (9, 16, 23, 30))
    id_ = service.calendar.insert(attrs.evolve(TIMED, exceptions=(*changed, OccurrenceChange(at(2), subject="First"))))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    assert [one.subject for one in item.record.exceptions] == ["First", *(one.subject for one in changed)]

    (outcome,) = calendar.update([Update(id_, item.version, {"subject": "Renamed"})], SCOPE)
    assert the_item(outcome).record.exceptions == item.record.exceptions


@pytest.mark.parametrize("html_bodies", [True, False])
def test_a_series_is_made_with_its_exceptions(html_bodies: bool) -> None:
    """A create writes the series and then its occurrences, and answers with all of it."""
    service, calendar = pair(GraphQuirks(html_bodies=html_bodies))
    series = attrs.evolve(TIMED, exceptions=(MOVED, NAMED, CANCELLED))
    (outcome,) = calendar.create([Create("token", series)], SCOPE)
    item = the_item(outcome)

    assert item.record.exceptions == (MOVED, NAMED, CANCELLED)
    assert service.calendar.record(item.id).exceptions == (MOVED, NAMED, CANCELLED)
    assert calendar.get([item.id], SCOPE)[0] == item


@pytest.mark.parametrize("repeated", ["replay", "conflict"])
def test_a_series_that_is_made_again_is_one(repeated: str) -> None:
    """A create that comes again, cut off after the series itself was made, goes on where it was."""
    service, calendar = pair(GraphQuirks(repeated_transaction="conflict" if repeated == "conflict" else "replay"))
    write = Create("token", attrs.evolve(TIMED, exceptions=(CANCELLED,)))
    service.fail(Fault(500, only="DELETE"))
    (cut_off,) = calendar.create([write], SCOPE)
    (outcome,) = calendar.create([write], SCOPE)

    assert cut_off.status is Status.UNKNOWN
    assert len(service.calendar.ids()) == 1
    assert the_item(outcome).record.exceptions == (CANCELLED,)


def test_exceptions_are_changed_alone() -> None:
    """An update of exceptions writes occurrences, and leaves the series as it is."""
    service, calendar = pair()
    id_ = service.calendar.insert(attrs.evolve(TIMED, exceptions=(MOVED,)))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    (outcome,) = calendar.update([Update(id_, item.version, {"exceptions": (NAMED, CANCELLED)})], SCOPE)

    assert days(the_item(outcome).record) == [
        (date(2026, 3, 9), False),
        (date(2026, 3, 16), False),
        (date(2026, 3, 23), True),
    ]
    assert the_item(outcome).record.exceptions[1:] == (NAMED, CANCELLED)


def test_exceptions_outlive_new_times() -> None:
    """The service drops what was changed of occurrences with new times; it is written anew."""
    service, calendar = pair()
    id_ = service.calendar.insert(attrs.evolve(TIMED, exceptions=(NAMED, CANCELLED)))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    (outcome,) = calendar.update([Update(id_, item.version, {"start": at(2, 10), "end": at(2, 11)})], SCOPE)
    record = the_item(outcome).record

    assert record.start == at(2, 10)
    assert [(one.subject, one.cancelled) for one in record.exceptions] == [("With guests", False), (None, True)]


def test_other_days_keep_what_was_changed_of_those_that_stay() -> None:
    """A series that loses its Mondays keeps what was changed of its Tuesdays."""
    service, calendar = pair()
    assert isinstance(TIMED.recurrence, Recurrence)
    days = (Weekday.MONDAY, Weekday.TUESDAY)
    both = attrs.evolve(TIMED.recurrence, pattern=attrs.evolve(TIMED.recurrence.pattern, days_of_week=days))
    tuesdays = Recurrence(
        attrs.evolve(both.pattern, days_of_week=days[1:]), attrs.evolve(both.range, start=date(2026, 3, 3))
    )
    renamed = OccurrenceChange(at(17), subject="With guests")
    id_ = service.calendar.insert(attrs.evolve(TIMED, recurrence=both, exceptions=(NAMED, renamed)))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    calendar.update([Update(id_, item.version, {"start": at(3), "end": at(3, 10), "recurrence": tuesdays})], SCOPE)

    assert service.calendar.record(id_).exceptions == (renamed,)


def test_an_occurrence_is_known_by_its_start_in_any_zone() -> None:
    """Half past eleven in the evening in UTC is the next day's half past midnight at home."""
    service, calendar = pair()
    early = [WallTime(datetime.combine(date(2026, 3, day), time(0, 30)), ZONE) for day in (2, 2, 16)]
    id_ = service.calendar.insert(weekly(early[0], early[1]))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    renamed = OccurrenceChange(early[2].in_zone("UTC"), subject="With guests")
    (outcome,) = calendar.update([Update(id_, item.version, {"exceptions": (renamed,)})], SCOPE)

    assert the_item(outcome).record.exceptions == (attrs.evolve(renamed, original=early[2]),)


def test_a_series_of_whole_days() -> None:
    """A series of whole days keeps its days, and what was cancelled and named of them."""
    _, calendar = pair()
    changes = (
        OccurrenceChange(date(2026, 3, 9), subject="Holiday"),
        OccurrenceChange(date(2026, 3, 16), cancelled=True),
    )
    (outcome,) = calendar.create([Create("token", attrs.evolve(WHOLE_DAYS, exceptions=changes))], SCOPE)

    assert the_item(outcome).record.exceptions == changes
    assert the_item(outcome).record.start == date(2026, 3, 2)


def test_what_lies_outside_of_the_days_is_named_and_not_shown() -> None:
    """An event that moved out of the window is an id; read, it is there."""
    service, calendar = pair()
    id_ = service.calendar.insert(Event("Dinner", start=at(5), end=at(5, 10)))
    shown, _, cursor = listed(calendar)
    assert id_ in shown
    june = WallTime(datetime.combine(date(2026, 6, 1), time(9)), ZONE)
    service.calendar.edit(id_, start=june, end=june)
    shown, gone, _ = listed(calendar, cursor)

    assert id_ in gone
    assert id_ not in shown
    assert isinstance(calendar.get([id_], SCOPE)[0], Item)


def test_an_occurrence_that_cannot_be_written_leaves_the_write_in_doubt() -> None:
    """Where occurrences fail after their series was written, the next run has to look."""
    service, calendar = pair()
    id_ = service.calendar.insert(TIMED)
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    service.fail(Fault(429, only="DELETE", retry_after="2.5"))
    write = Update(id_, item.version, {"subject": "Weekly!", "exceptions": (CANCELLED,)})
    (outcome,) = calendar.update([write], SCOPE)

    assert outcome.status is Status.UNKNOWN
    assert service.calendar.record(id_).subject == "Weekly!"


def test_an_occurrence_that_is_to_come_back_is_refused() -> None:
    """The service brings no cancelled occurrence back; nothing of such an update is written."""
    service, calendar = pair()
    id_ = service.calendar.insert(attrs.evolve(TIMED, exceptions=(CANCELLED,)))
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    (outcome,) = calendar.update([Update(id_, item.version, {"subject": "Weekly!", "exceptions": ()})], SCOPE)

    assert outcome.status is Status.REFUSED
    assert service.calendar.record(id_).subject == "Weekly"


def test_an_occurrence_with_a_new_start_alone_is_refused() -> None:
    """It would stay where it is, and be reported as moved; nothing of such a write is sent."""
    service, calendar = pair()
    half = OccurrenceChange(at(9), start=at(10))
    id_ = service.calendar.insert(TIMED)
    (item,) = calendar.get([id_], SCOPE)
    assert isinstance(item, Item)
    (outcome,) = calendar.update([Update(id_, item.version, {"subject": "Weekly!", "exceptions": (half,)})], SCOPE)
    (made,) = calendar.create([Create("t", attrs.evolve(TIMED, exceptions=(half,)))], SCOPE)

    assert (outcome.status, made.status) == (Status.REFUSED, Status.REFUSED)
    assert [one.subject for one in service.calendar.all().values()] == ["Weekly"]
