"""A calendar file is a side of a sync like any other file."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tallystick import MemoryState, Sync
from tallystick.ports import Absence, AbsenceReason, Create, ParkedKind, Remove, Scope, Status, Term, Update
from tallystick.profiles import zynsync
from tallystick.providers.files import EVENTS, FileProvider, open_file
from tallystick.providers.memory import FakeCrm, VirtualClock
from tallystick.reconcile import reasons
from tallystick.records import Appointment, Event
from tallystick.recurrence import Instant
from tests.codecs.icalendar.notes import NOTES, Note
from tests.codecs.icalendar.samples import GOOGLE

EVERYTHING = Scope()


def test_writes_leave_the_rest_of_the_calendar(tmp_path: Path) -> None:
    """What is created, changed and removed is so in the file, in one step, and all else in it is as it was."""
    path = tmp_path / "work.ics"
    path.write_bytes(GOOGLE)
    provider = FileProvider(path, NOTES)
    day_off, call = provider.changes(None, EVERYTHING).items
    assert provider.capabilities.stable_ids

    (created,) = provider.create([Create("token-1", Note("New"), member=True)], EVERYTHING)
    (updated,) = provider.update([Update(call.id, call.version, {"place": "Room 2"})], EVERYTHING)
    (removed,) = provider.remove([Remove(day_off.id, day_off.version)], EVERYTHING)
    assert [one.status for one in (created, updated, removed)] == [Status.DONE] * 3

    written = path.read_bytes()
    begin, end = GOOGLE.index(b"BEGIN:VEVENT"), GOOGLE.index(b"BEGIN:VEVENT\r\nDTSTART:20260301")
    rest = (GOOGLE[:begin] + GOOGLE[end:]).replace(b"LOCATION:\r\n", b"LOCATION:Room 2\r\n")
    closing = b"END:VCALENDAR\r\n"
    before, _, new = written.partition(b"BEGIN:VEVENT\r\nUID:token-1\r\n")
    head, _, body = before.partition(b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n")
    assert head + body.partition(b"END:VTIMEZONE\r\n")[2] == rest.removesuffix(closing)
    assert new.endswith(b"SUMMARY:New\r\nDTSTART;TZID=Europe/Berlin:20260105T090000\r\nEND:VEVENT\r\n" + closing)
    assert (tmp_path / "work.ics.bak").read_bytes() == GOOGLE

    again = FileProvider(path, NOTES)
    assert [item.id for item in again.changes(None, EVERYTHING).items] == [call.id, "token-1"]
    assert [item.id for item in again.search([Term("email", "BOB@example.com")], EVERYTHING)] == [call.id]


def test_a_stale_version_changes_nothing(tmp_path: Path) -> None:
    """An event that somebody changed meanwhile, in a property that nobody knows, is not written over."""
    path = tmp_path / "work.ics"
    path.write_bytes(GOOGLE)
    provider = FileProvider(path, NOTES)
    _, call = provider.changes(None, EVERYTHING).items
    path.write_bytes(GOOGLE.replace(b"X-NUM-GUESTS=1", b"X-NUM-GUESTS=2"))

    (outcome,) = provider.update([Update(call.id, call.version, {"place": "Room 2"})], EVERYTHING)
    assert outcome.status is Status.CHANGED
    assert b"Room 2" not in path.read_bytes()


HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\n"
FINE = "BEGIN:VEVENT\nUID:fine\nSUMMARY:Fine\nDTSTART:20260320T090000Z\nDTEND:20260320T100000Z\nX-OURS:1\nEND:VEVENT\n"
EARLY = (
    "BEGIN:VEVENT\nUID:early\nSUMMARY:Early\nDTSTART;VALUE=DATE:20260323\nDTEND;VALUE=DATE:20260324\n"
    "RRULE:FREQ=DAILY;UNTIL=20260322\nX-OURS:\n  folded\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:early\nRECURRENCE-ID;VALUE=DATE:20260323\nDTSTART;VALUE=DATE:20260324\nSUMMARY:Moved\n"
    "END:VEVENT\n"
)
AT_A_TIME = EARLY.replace("UNTIL=20260322", "UNTIL=20260321T150000Z")
"""As programs east of Greenwich write the end of a day."""


def calendar(*events: str) -> bytes:
    """Return a calendar of events."""
    return f"{HEAD}{''.join(events)}END:VCALENDAR\n".replace("\n", "\r\n").encode()


class Calendars:
    """A calendar file and a CRM in sync, both ways."""

    def __init__(self, path: Path, *events: str) -> None:
        self.path = path
        self.keep(*events)
        self.clock = VirtualClock(datetime(2026, 3, 18, 9, tzinfo=UTC))
        self.crm = FakeCrm(clock=self.clock)
        self.state = MemoryState()

    def keep(self, *events: str) -> None:
        """Let the file have these events."""
        self.path.write_bytes(calendar(*events))

    def run(self) -> list[tuple[str, ParkedKind, tuple[str, ...]]]:
        """Run, and return what is listed afterwards: ignored first, then failed."""
        self.clock.advance(600)
        sync = Sync(
            "ada@example.com/calendar",
            left=open_file(self.path, EVENTS),
            right=self.crm.appointments,
            profile=zynsync.calendar(zynsync.Company("u1"), deletes=True),
            state=self.state,
            clock=self.clock,
            directories={"entries": self.crm.entries, "leads": self.crm.leads},
        )
        sync.run()
        return [(row.id, row.kind, row.reasons) for row in (*sync.ignored(), *sync.failed())]

    def titles(self) -> list[str]:
        """Return the titles in the CRM."""
        return sorted(one.subject for one in self.crm.appointments.all().values())


SET_ASIDE = ("early", ParkedKind.IGNORED, (reasons.UNREADABLE,))


@pytest.mark.parametrize("early", [EARLY, AT_A_TIME], ids=["a day", "a time"])
def test_a_series_that_ends_before_it_begins_is_set_aside(tmp_path: Path, early: str) -> None:
    """It is listed as ignored and stays in the file byte for byte, while the rest goes on; mended, it is synced."""
    world = Calendars(tmp_path / "work.ics", FINE, early)

    assert world.run() == [SET_ASIDE]
    assert world.titles() == ["Fine"]
    (one,) = world.crm.appointments.ids()
    world.crm.appointments.edit(one, subject="Renamed")
    start = Instant(datetime(2026, 3, 21, 9, tzinfo=UTC))
    world.crm.appointments.insert(Appointment("New", start=start, end=start))
    assert world.run() == [SET_ASIDE]

    kept = world.path.read_bytes()
    assert kept.startswith(calendar(FINE.replace("SUMMARY:Fine", "SUMMARY:Renamed"), early)[:-15])
    assert b"SUMMARY:New" in kept
    world.path.write_bytes(kept.replace(b"UNTIL=2026032", b"UNTIL=2026042"))
    assert world.run() == []
    assert world.titles() == ["Early", "New", "Renamed"]


DAYS = EARLY.replace("UNTIL=20260322", "UNTIL=20260326")
ZONED = (
    "BEGIN:VEVENT\nUID:early\nSUMMARY:Early\nDTSTART;TZID=Europe/Paris:20260323T090000\nRRULE:FREQ=DAILY;COUNT=3\n"
    "EXDATE:20260324T090000\nEND:VEVENT\n"
)


@pytest.mark.parametrize(
    ("mixed", "wrong", "right"),
    [
        (DAYS.replace("X-OURS", "EXDATE:20260324T000000Z\nX-OURS"), "EXDATE:20260324T000000Z", "EXDATE:20260324"),
        (ZONED, "EXDATE:", "EXDATE;TZID=Europe/Paris:"),
    ],
    ids=["days", "no zone"],
)
def test_a_series_that_mixes_days_and_times_is_set_aside(tmp_path: Path, mixed: str, wrong: str, right: str) -> None:
    """A date of another kind than the series' start has that series listed as ignored, not the whole file refused."""
    world = Calendars(tmp_path / "work.ics", FINE, mixed)

    assert world.run() == [SET_ASIDE]
    assert world.titles() == ["Fine"]
    assert world.path.read_bytes() == calendar(FINE, mixed)
    world.keep(FINE, mixed.replace(wrong, right))
    assert world.run() == []
    assert world.titles() == ["Early", "Fine"]


def test_a_series_in_sync_that_comes_to_end_before_it_begins_is_out_of_reach(tmp_path: Path) -> None:
    """It doesn't count as deleted: its pair stays and is told of as failed, and goes on once it is mended."""
    sound = EARLY.replace("UNTIL=20260322", "UNTIL=20260326")
    world = Calendars(tmp_path / "work.ics", FINE, sound)
    assert world.run() == []
    world.keep(FINE, EARLY)

    assert world.run() == [("early", ParkedKind.FAILED, (reasons.NO_ACCESS,))]
    assert world.titles() == ["Early", "Fine"]
    world.keep(FINE, sound.replace("SUMMARY:Early", "SUMMARY:Mended"))
    assert world.run() == []
    assert world.titles() == ["Fine", "Mended"]


def test_a_series_without_uid_is_set_aside_as_the_one_it_was(tmp_path: Path) -> None:
    """It counts as deleted no more than one with a UID does: the CRM's event stays, and is found again."""
    early = EARLY.replace("UID:early\n", "").partition("BEGIN:VEVENT\nREC")[0]
    sound = early.replace("UNTIL=20260322", "UNTIL=20260326")
    world = Calendars(tmp_path / "work.ics", FINE, sound)
    assert world.run() == []
    before = world.crm.appointments.ids()
    for events in ((FINE, early), (FINE, sound)):
        world.keep(*events)
        world.run()
        assert world.crm.appointments.ids() == before
    assert world.run() == []


def test_what_is_set_aside_is_not_written(tmp_path: Path) -> None:
    """It is there and out of reach, and no write takes its place: each is refused, and the file is as it was."""
    path = tmp_path / "work.ics"
    held = calendar(FINE, EARLY.partition("END:VEVENT\n")[0].replace("UID:early\n", "") + "END:VEVENT\n", EARLY)
    path.write_bytes(held)
    provider = open_file(path, EVENTS)
    page = provider.changes(None, EVERYTHING)
    nameless, early = sorted(page.unreadable, key=len, reverse=True)

    assert [item.id for item in page.items] == ["fine"]
    assert early == "early"
    assert provider.unreadable == page.unreadable
    assert [nameless] == [one for one in open_file(path, EVENTS).unreadable if one != early]
    assert provider.get([early, "other"], EVERYTHING) == [
        Absence(early, AbsenceReason.NO_ACCESS),
        Absence("other", AbsenceReason.DELETED),
    ]
    outcomes = [
        *provider.create([Create(early, Event("Again", start=date(2026, 3, 20)), member=True)], EVERYTHING),
        *provider.update([Update(early, None, {"subject": "Again"})], EVERYTHING),
        *provider.remove([Remove(early, None)], EVERYTHING),
    ]
    assert [(one.status, one.code) for one in outcomes] == [(Status.REFUSED, "unreadable")] * 3
    assert path.read_bytes() == held
