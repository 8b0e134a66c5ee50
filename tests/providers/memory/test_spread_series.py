"""A calendar's view of days has a series once for each of its occurrences, and so has whatever is read off it."""

from collections import Counter
from datetime import date

import pytest

from tallystick.ports import Page, Scope, Window
from tallystick.providers.memory import FakeOutlook, Quirks, VirtualClock
from tallystick.records import Event, OccurrenceChange
from tallystick.recurrence import NoEnd, Pattern, Range, Recurrence, Weekday
from tests.behaviour.calendar_world import PARIS, TODAY, at, event

SCOPE = Scope(window=Window(date(2026, 3, 1), date(2026, 4, 30), PARIS))
FRIDAYS = Recurrence(
    Pattern.weekly([Weekday.FRIDAY], first_day_of_week=Weekday.SUNDAY), Range(date(2026, 1, 2), NoEnd(), PARIS)
)


def pages(outlook: FakeOutlook, cursor: str | None = None) -> list[Page[Event]]:
    """Return all pages from a cursor on."""
    found = [outlook.calendar.changes(cursor, SCOPE)]
    while not found[-1].complete:
        found.append(outlook.calendar.changes(found[-1].cursor, SCOPE))
    return found


@pytest.mark.parametrize("spreads", [False, True])
def test_a_series_comes_again_on_later_pages(*, spreads: bool) -> None:
    """It began before the window; every page that has one of its occurrences shows it, a single event is shown once."""
    outlook = FakeOutlook(clock=VirtualClock(TODAY), page_size=1, quirks=Quirks(spreads=spreads))
    series = outlook.calendar.insert(event("Weekly", start=at(2, month=1), end=at(2, 11, month=1), recurrence=FRIDAYS))
    single = outlook.calendar.insert(event("Once"))
    outlook.calendar.insert(event("Last", 25))
    seen = Counter(item.id for page in pages(outlook) for item in page.items)

    assert seen[single] == 1
    assert seen[series] == (3 if spreads else 1)


def test_an_occurrence_that_is_gone_is_an_id_that_nobody_has_seen() -> None:
    """Cancelling one names it beside the series, which is shown as it is now."""
    outlook = FakeOutlook(clock=VirtualClock(TODAY), quirks=Quirks(spreads=True))
    series = outlook.calendar.insert(event("Weekly", start=at(2, month=1), end=at(2, 11, month=1), recurrence=FRIDAYS))
    listed = pages(outlook)
    assert [page.unlisted for page in listed] == [[]]
    gone = OccurrenceChange(at(20), cancelled=True)
    outlook.calendar.edit(series, exceptions=(gone,))
    (page,) = pages(outlook, listed[-1].cursor)

    assert [(item.id, item.record.exceptions) for item in page.items] == [(series, (gone,))]
    assert page.unlisted == [f"OID.{series}.2026-03-20"]
