"""Time a two-way calendar sync of a whole year: 2,000 single events and 200 series, half of them on either side.

In memory, with sqlite on disk. The window is widened to six months on each side of today, so that all of the year takes
part. Measured are an initial run (most of it creates), the run after it (which brings the run's own writes back), a run
in which nothing changed, one after ten edits, and one on the next day, when the window has moved and both sides are
listed in full. Times are CPU seconds of this process.

    python benchmarks/calendar_sync.py --events 2000 --series 200
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import process_time

import attrs

import tallystick as ts
from tallystick.profiles import zynsync
from tallystick.profiles.zynsync.calendar_rules import EVENTS
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile import Guards, Limit, RollingWindow
from tallystick.records import Appointment, Attendee, EmailAddress, Entry, Event, Relation, RelationKind, Sensitivity
from tallystick.recurrence import Instant, NoEnd, Pattern, Range, Recurrence, WallTime, Weekday

TODAY = datetime(2026, 6, 30, 9, tzinfo=UTC)
ZONE = "Europe/Paris"
PEOPLE = 50
SECRET = b"a key for the benchmark, 32 bytes"


def made_events(events: int, series: int, random: Random) -> list[Event]:
    """Return a year of events: timed and whole days, private ones, some with people invited, and series."""
    made = []
    for number in range(events + series):
        day = date(2026, 1, 2) + timedelta(days=random.randrange(360))
        at = datetime.combine(day, time(7 + random.randrange(12), 15 * random.randrange(4)))
        start, end = WallTime(at, ZONE), WallTime(at + timedelta(hours=1), ZONE)
        event = Event(f"Event {number}", start, end, body=f"About {number}")
        if number >= events:
            weekly = Pattern.weekly([list(Weekday)[day.weekday()]], first_day_of_week=Weekday.SUNDAY)
            event = attrs.evolve(event, recurrence=Recurrence(weekly, Range(day, NoEnd(), ZONE)))
        elif number % 10 == 0:
            event = attrs.evolve(event, start=day, end=day + timedelta(days=1))
        elif number % 10 == 1:
            event = attrs.evolve(event, sensitivity=Sensitivity.PRIVATE)
        elif number % 4 == 2:  # noqa: PLR2004 - one in four has somebody invited
            address = f"p{random.randrange(PEOPLE)}@example.com"
            event = attrs.evolve(event, attendees=(Attendee(EmailAddress(address)),))
        made.append(event)
    return made


def as_appointment(event: Event) -> Appointment:
    """Return what a person would have typed into the CRM."""
    start: Instant | date | None
    end: Instant | date | None
    if isinstance(event.start, WallTime) and isinstance(event.end, WallTime):
        start, end = event.start.instant(), event.end.instant()
    else:
        start = end = event.start if isinstance(event.start, date) else None
    people = tuple(
        Relation(RelationKind.ENTRY, f"e{int(one.email.address[1:].partition('@')[0]) + 1}", one.email.address)
        for one in event.attendees
    )
    recurrence = event.recurrence if isinstance(event.recurrence, Recurrence) else None
    private = event.sensitivity is Sensitivity.PRIVATE
    return Appointment(event.subject, start, end, recurrence, description=event.body, private=private, relations=people)


def timed(name: str, work: Callable[[], ts.Report]) -> None:
    """Print what a run took and did."""
    began = process_time()
    report = work()
    took = process_time() - began
    print(f"{name:10} {took:8.3f} s   {report.state}, {report.written()} writes, {report.ignored} ignored")


def main(arguments: list[str]) -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    random, clock = Random(given.seed), VirtualClock(TODAY)
    outlook = FakeOutlook(clock=clock, page_size=1000)
    crm = FakeCrm(clock=clock, page_size=1000, support=EVENTS)
    crm.entries.load(Entry(first_name=f"P{number}", emails=(f"p{number}@example.com",)) for number in range(PEOPLE))
    made = made_events(given.events, given.series, random)
    half = len(made) // 2
    random.shuffle(made)
    left = outlook.calendar.load(made[:half])
    crm.appointments.load(as_appointment(event) for event in made[half:])
    profile = zynsync.calendar(zynsync.Company("u1"), zone=ZONE)
    wide = RollingWindow(months_back=6, months_ahead=6, zone=ZONE)
    profile = attrs.evolve(
        profile,
        left=attrs.evolve(profile.left, window=wide),
        right=attrs.evolve(profile.right, window=wide),
        guards=Guards(notifying=Limit(1.0, 10_000), creates=Limit(1.0, 10_000)),
    )
    with tempfile.TemporaryDirectory() as folder, ts.SqliteState(Path(folder) / "links.db", key=SECRET) as state:
        sync = ts.Sync(
            "benchmark",
            left=outlook.calendar,
            right=crm.appointments,
            profile=profile,
            state=state,
            clock=clock,
            directories={"entries": crm.entries, "leads": crm.leads},
        )
        print(f"{given.events} events and {given.series} series, half of them on each side")
        timed("initial", sync.run)
        sync.confirm()
        timed("confirmed", sync.run)
        timed("echo", sync.run)
        timed("quiet", sync.run)
        for one in random.sample(left, 10):
            outlook.calendar.edit(one, body=f"edited {one}")
        timed("ten edits", sync.run)
        clock.advance(timedelta(days=1))
        timed("next day", sync.run)


if __name__ == "__main__":
    main(sys.argv[1:])
