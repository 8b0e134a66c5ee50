"""Provide a small world of calendars: a mailbox, a CRM with people in it, a state, one clock, the sync between them.

Today is a Wednesday in March 2026, and the user lives in Paris, where the clocks change on the 29th.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from tallystick import MemoryState, Profile, Report, Side, Sync
from tallystick.ports import Sink, State, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, VirtualClock
from tallystick.records import Appointment, Attendee, EmailAddress, Event
from tallystick.recurrence import Instant, WallTime

TODAY = datetime(2026, 3, 18, 9, tzinfo=UTC)
PARIS = "Europe/Paris"
USER = "u1"
NAME = "ada@example.com/calendar"


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 3, zone: str | None = PARIS) -> WallTime:
    """Return a wall time of the year 2026."""
    return WallTime(datetime(2026, month, day, hour, minute), zone)  # noqa: DTZ001 - a clock on the wall


def utc(day: int, hour: int = 10, minute: int = 0, *, month: int = 3) -> Instant:
    """Return an instant of the year 2026."""
    return Instant(datetime(2026, month, day, hour, minute, tzinfo=UTC))


def event(subject: str = "Review", day: int = 20, **fields: Any) -> Event:  # noqa: ANN401 -- an event's
    """Return an event of one hour at ten in Paris, unless told otherwise."""
    fields.setdefault("start", at(day))
    fields.setdefault("end", at(day, 11))
    return Event(subject, **fields)


def days(first: date, after: date, subject: str = "Fair", **fields: Any) -> Event:  # noqa: ANN401 -- an event's
    """Return an all-day event up to and without ``after``."""
    return Event(subject, start=first, end=after, **fields)


def appointment(subject: str = "Review", day: int = 20, **fields: Any) -> Appointment:  # noqa: ANN401 -- an appointment's
    """Return the appointment that stands for :func:`event`."""
    fields.setdefault("start", utc(day, 9))
    fields.setdefault("end", utc(day, 10))
    return Appointment(subject, **fields)


def invited(*addresses: str) -> tuple[Attendee, ...]:
    """Return attendees by their addresses."""
    return tuple(Attendee(EmailAddress(one)) for one in addresses)


@attrs.define
class CalendarWorld:
    """Both sides and what is between them. ``outlook`` and ``crm`` can be used like a person does."""

    clock: VirtualClock = attrs.field(factory=lambda: VirtualClock(TODAY))
    fake_outlook: FakeOutlook = attrs.field(default=None)
    fake_crm: FakeCrm = attrs.field(default=None)
    profile: Profile[Event, Appointment] = attrs.field(factory=lambda: maximizer.appointments(USER, zone=PARIS))
    state: State = attrs.field(factory=MemoryState)
    name: str = NAME
    sink: Sink | None = None

    def __attrs_post_init__(self) -> None:
        self.fake_outlook = self.fake_outlook or FakeOutlook(clock=self.clock)
        self.fake_crm = self.fake_crm or FakeCrm(clock=self.clock)

    @property
    def outlook(self) -> MemoryCollection[Event]:
        """The calendar."""
        return self.fake_outlook.calendar

    @property
    def crm(self) -> MemoryCollection[Appointment]:
        """The appointments."""
        return self.fake_crm.appointments

    @property
    def sync(self) -> Sync[Event, Appointment]:
        """The sync, as a fresh process makes it."""
        return Sync(
            self.name,
            left=self.outlook,
            right=self.crm,
            profile=self.profile,
            state=self.state,
            sink=self.sink,
            clock=self.clock,
            directories={"entries": self.fake_crm.entries, "leads": self.fake_crm.leads},
        )

    def run(self) -> Report:
        """Run once ten minutes later, hold the report against what the fakes saw, and return it."""
        self.clock.advance(600)
        before = self.written()
        report = self.sync.run()
        assert self.written() - before == +Counter(report.writes)
        return report

    def quiet(self) -> None:
        """Check that nothing is left to do, also after lost cursors and for a fresh initial run."""
        shown = self.shown()
        self.run()
        assert self.shown() == shown, "a further run is not quiet"
        self.outlook.expire_cursors()
        self.crm.expire_cursors()
        self.run()
        assert self.shown() == shown, "a run after lost cursors is not quiet"
        self.sync.disable()
        self.sync.enable()
        self.run()
        assert self.shown() == shown, "a fresh initial run is not quiet"

    def later(self, days: float) -> None:
        """Let days pass."""
        self.clock.advance(timedelta(days=days).total_seconds())

    def written(self) -> Counter[tuple[Side, WriteKind]]:
        """Return how many of the sync's writes took effect."""
        sides = ((Side.LEFT, self.outlook.writes), (Side.RIGHT, self.crm.writes))
        return Counter({(side, kind): count for side, writes in sides for kind, count in writes.items()})

    def shown(self) -> object:
        """Return everything that both sides hold, down to the versions."""
        return tuple({one: side.item(one) for one in side.ids()} for side in (self.outlook, self.crm))

    def the(self) -> Appointment:
        """Return the one appointment."""
        (found,) = self.crm.all().values()
        return found

    def ignored(self) -> dict[str, tuple[str, ...]]:
        """Return the reasons of every ignored record by id."""
        return {row.id: row.reasons for row in self.sync.ignored()}

    def not_carried(self, report: Report) -> set[str]:
        """Return the names of the rules that a report lists as not carried."""
        return {note.rule for note in report.notes if note.kind == "not carried"}
