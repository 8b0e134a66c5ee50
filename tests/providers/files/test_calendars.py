"""A calendar file is a side of a sync like any other file."""

from pathlib import Path

from tallystick.ports import Create, Remove, Scope, Status, Term, Update
from tallystick.providers.files import FileProvider
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
