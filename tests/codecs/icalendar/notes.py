"""Provide a record that has something of everything an event or task has, and its form, for the tests of the core."""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.codecs.document import Shape
from tallystick.codecs.icalendar import (
    CalendarUser,
    CalendarZones,
    ComponentSet,
    IcsCodec,
    NotExpressed,
    Properties,
    Said,
    Written,
    integer_property,
    not_expressed,
    read_integer,
    read_reminder,
    read_series,
    read_text,
    read_texts,
    read_user,
    recurrence_id,
    reminder_properties,
    series_properties,
    start_property,
    text_property,
    texts_property,
    user_property,
)
from tallystick.recurrence import Cancelled, Moved, Series, WallTime
from tests.recurrence.showing import at


@attrs.frozen
class Note:
    """An event, said in few words."""

    summary: str = ""
    text: str = ""
    place: str = ""
    priority: int | None = None
    series: Series = Series(WallTime(at("2026-01-05 09:00"), "Europe/Berlin"))
    guests: tuple[CalendarUser, ...] = ()
    reminder: int | None = None
    categories: tuple[str, ...] = ()


def _with_categories(note: Note, lists: tuple[str, ...]) -> Note:
    return attrs.evolve(note, categories=lists)


@attrs.frozen
class NoteForm:
    """How a note is said by events."""

    component: str = "VEVENT"
    stale: Mapping[str, tuple[str, ...]] = attrs.field(factory=lambda: {"DESCRIPTION": ("X-ALT-DESC",)})
    units: tuple[tuple[str, ...], ...] = ()
    shape: Shape[Note] = Shape(
        kind=Note,
        names={("first_name",): lambda note: note.summary, ("last_name",): lambda note: str(note.series.start)},
        addresses=lambda note: [guest.address for guest in note.guests],
        own_lists=lambda note: note.categories,
        listed=_with_categories,
    )

    def read(self, found: ComponentSet, zones: CalendarZones) -> tuple[Note, tuple[str, ...]]:
        """Return the note."""
        main = found.main
        categories = read_texts(main.lines("CATEGORIES"))
        note = Note(
            read_text(main.first("SUMMARY")),
            read_text(main.first("DESCRIPTION")),
            read_text(main.first("LOCATION")),
            read_integer(main.first("PRIORITY")),
            read_series(found, zones),
            tuple(map(read_user, main.lines("ATTENDEE"))),
            read_reminder(main),
            categories,
        )
        return note, categories

    def not_expressed(self, found: ComponentSet) -> tuple[NotExpressed, ...]:
        """Return what no series says."""
        return not_expressed(found)

    def write(self, record: Note, lists: Sequence[str], zones: CalendarZones) -> Written:
        """Return the properties, and an override for each occurrence that was moved or changed."""
        properties: Properties = {
            "SUMMARY": text_property("SUMMARY", record.summary),
            "DESCRIPTION": text_property("DESCRIPTION", record.text),
            "LOCATION": text_property("LOCATION", record.place),
            "PRIORITY": integer_property("PRIORITY", record.priority),
            "CATEGORIES": texts_property("CATEGORIES", tuple(lists)),
            "ATTENDEE": tuple(user_property("ATTENDEE", guest) for guest in record.guests),
            **series_properties(record.series, zones),
        }
        overrides = {}
        for one in record.series.exceptions:
            if not isinstance(one, Cancelled):
                key = recurrence_id(one.original, zones)
                start = one.start if isinstance(one, Moved) else one.original
                dtstart = start_property("DTSTART", start, zones)
                overrides[key.value] = Said({"RECURRENCE-ID": (key,), "DTSTART": (dtstart,)})
        return Written(Said(properties, reminder_properties(record.reminder)), overrides)

    def refusal(self, record: Note) -> str:
        """Refuse nothing."""
        return ""


NOTES = IcsCodec(NoteForm())
