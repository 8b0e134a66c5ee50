"""Provide the opening of files by their suffix, and the making of new ones.

What can be opened is a table for each kind of record: the suffix, and what makes the codec of such files.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import attrs

from tallystick.codecs.csv import HeaderMap, contact_csv, entry_csv
from tallystick.codecs.document import Codec, identify
from tallystick.codecs.icalendar import CrmTaskForm, IcsCodec, TodoTaskForm, event_ics
from tallystick.codecs.jsonl import JsonLinesCodec
from tallystick.codecs.shapes import ACTIVITY, APPOINTMENT, CONTACT, CRM_TASK, ENTRY, EVENT, MESSAGE, PERSON, TODO_TASK
from tallystick.codecs.vcard import contact_vcf, entry_vcf
from tallystick.errors import InputError, SettingsError
from tallystick.ports import Clock
from tallystick.providers.files.disk import LARGEST_FILE, create_file, read_file
from tallystick.providers.files.mail import MailFiles
from tallystick.providers.files.provider import FileProvider
from tallystick.records import Activity, Appointment, Contact, CrmTask, Entry, Event, Message, Person, TodoTask
from tallystick.recurrence.zones import NO_ALIASES

R = TypeVar("R")
_LARGEST_HEADER_MAP = 100_000


@attrs.frozen
class FileKind(Generic[R]):
    """The files that one kind of record can be in: what makes the codec of each, by suffix.

    Those in ``tables`` have columns, and take a header mapping and an encoding. ``refused`` says of further
    suffixes why there is no codec.
    """

    codecs: Mapping[str, Callable[[], Codec[R]]]
    tables: Mapping[str, Callable[[HeaderMap | None, str | None], Codec[R]]] = attrs.field(factory=dict)
    refused: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes that can be opened."""
        return (*self.tables, *self.codecs)

    def codec(self, path: str | Path, header: HeaderMap | None = None, encoding: str | None = None) -> Codec[R]:
        """Return the codec of a file. Raises InputError for a suffix that is not in the table."""
        suffix = Path(path).suffix.lower()
        if suffix in self.tables:
            return self.tables[suffix](header, encoding)
        if suffix not in self.codecs:
            remedy = f"give a file whose name ends in {' or '.join(self.suffixes)}"
            what = self.refused.get(suffix, "a kind of file that is not supported")
            raise InputError(what, where=str(path), remedy=remedy)
        if header or encoding:
            raise SettingsError("a header mapping or an encoding is for .csv files only", where=str(path))
        return self.codecs[suffix]()


CONTACTS = FileKind[Contact]({".jsonl": partial(JsonLinesCodec, CONTACT), ".vcf": contact_vcf}, {".csv": contact_csv})
ENTRIES = FileKind[Entry]({".jsonl": partial(JsonLinesCodec, ENTRY), ".vcf": entry_vcf}, {".csv": entry_csv})
EVENTS = FileKind[Event]({".ics": event_ics, ".jsonl": partial(JsonLinesCodec, EVENT)})
APPOINTMENTS = FileKind[Appointment](
    {".jsonl": partial(JsonLinesCodec, APPOINTMENT)},
    refused={".ics": "a calendar file has no place for the people and the custom fields of a CRM's appointments"},
)
MESSAGES = FileKind[Message]({".jsonl": partial(JsonLinesCodec, MESSAGE)})
ACTIVITIES = FileKind[Activity]({".jsonl": partial(JsonLinesCodec, ACTIVITY)})
PEOPLE = FileKind[Person]({".jsonl": partial(JsonLinesCodec, PERSON)})
TODO_TASKS = FileKind[TodoTask](
    {".jsonl": partial(JsonLinesCodec, TODO_TASK), ".ics": lambda: IcsCodec(TodoTaskForm())}
)
CRM_TASKS = FileKind[CrmTask]({".jsonl": partial(JsonLinesCodec, CRM_TASK), ".ics": lambda: IcsCodec(CrmTaskForm())})


def events_of(owner: str) -> FileKind[Event]:
    """Return the files of events, where calendar files are those of a person with this mail address."""
    return attrs.evolve(EVENTS, codecs={**EVENTS.codecs, ".ics": partial(event_ics, owner=owner)})


def open_file(
    path: str | Path,
    kind: FileKind[R],
    *,
    header: HeaderMap | None = None,
    encoding: str | None = None,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[R]:
    """Open a file of one kind of record, by its suffix.

    Args:
        path: The file.
        kind: What it holds: CONTACTS, ENTRIES, EVENTS, APPOINTMENTS, TODO_TASKS, CRM_TASKS, PEOPLE.
        header: The file's own column names, where they are not the usual ones; for .csv only.
        encoding: The file's encoding, where nothing in it says so; for .csv only.
        clock: Gives the time for the column Modified, if the file has one.
        max_bytes: The most bytes that the file may have.

    Raises:
        InputError: The file is absent, unreadable, too large, of another format, or broken.
    """
    return FileProvider(path, kind.codec(path, header, encoding), clock=clock, max_bytes=max_bytes)


def open_mail(path: str | Path) -> MailFiles | FileProvider[Message]:
    """Open messages: a folder of .eml files, an .eml, .mbox or .jsonl file. Raises InputError."""
    return open_file(path, MESSAGES) if Path(path).suffix.lower() == ".jsonl" else MailFiles(path)


def open_contacts(
    path: str | Path,
    *,
    header: HeaderMap | None = None,
    encoding: str | None = None,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[Contact]:
    """Open a file of Outlook's contacts: .csv, .jsonl or .vcf; arguments and errors are those of :func:`open_file`."""
    return open_file(path, CONTACTS, header=header, encoding=encoding, clock=clock, max_bytes=max_bytes)


def open_entries(
    path: str | Path,
    *,
    header: HeaderMap | None = None,
    encoding: str | None = None,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[Entry]:
    """Open a file of a CRM's entries, as .csv, .jsonl or .vcf; arguments and errors are those of :func:`open_file`."""
    return open_file(path, ENTRIES, header=header, encoding=encoding, clock=clock, max_bytes=max_bytes)


def open_events(
    path: str | Path,
    *,
    owner: str = "",
    encoding: str | None = None,
    zones: Mapping[str, str] = NO_ALIASES,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[Event]:
    """Open a calendar file (.ics) with its events; what else is in it stays as it is.

    Args:
        path: The file.
        owner: The mail address of whose calendar it is: events that others organize are not the owner's.
        encoding: The file's encoding, where it is neither UTF-8 nor says so itself.
        zones: The names of time zones, by a TZID that the file does not explain.
        clock: Gives the time for DTSTAMP and LAST-MODIFIED of what is written.
        max_bytes: The most bytes that the file may have.

    Raises:
        InputError: The file is absent, unreadable, too large, of another format, or broken.
    """
    if Path(path).suffix.lower() != ".ics":
        raise InputError("not a calendar file", where=str(path), remedy="give an .ics file; others open_file() opens")
    codec = event_ics(owner=owner, encoding=encoding, aliases=zones)
    return FileProvider(path, codec, clock=clock, max_bytes=max_bytes)


def read_header_map(path: str | Path) -> HeaderMap:
    """Read a header mapping from a JSON file. Raises InputError."""
    data, _ = read_file(Path(path), _LARGEST_HEADER_MAP)
    return HeaderMap.from_json(data, str(path))


def write_contacts(path: str | Path, contacts: Iterable[Contact]) -> None:
    """Make a new file of contacts with Outlook's own header. Raises Unavailable where there is a file already."""
    _write(path, CONTACTS.codec(path), ((contact, contact.categories) for contact in contacts))


def write_entries(path: str | Path, entries: Iterable[Entry], lists: Iterable[Sequence[str]]) -> None:
    """Make a new file of entries with the CRM's header, given the favourite lists of each entry."""
    _write(path, ENTRIES.codec(path), zip(entries, lists, strict=True))


def write_events(path: str | Path, events: Iterable[Event]) -> None:
    """Make a new calendar file of events. Raises Unavailable where there is a file already."""
    _write(path, EVENTS.codec(path), ((event, event.categories) for event in events))


def _write(path: str | Path, codec: Codec[R], records: Iterable[tuple[R, Sequence[str]]]) -> None:
    document = codec.blank()
    rows = []
    for number, (record, lists) in enumerate(records, 1):
        if code := document.refusal(None, record, lists):
            raise InputError("a record that cannot be written", where=f"{path}, record {number}", remedy=code)
        rows.append(document.fresh("", record, lists))
    create_file(Path(path), document.encode(identify(rows, codec.shape, str(path))))
