"""Provide the opening of files by their suffix, and the making of new ones."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from tallystick.codecs.csv import HeaderMap, contact_csv, entry_csv
from tallystick.codecs.document import Codec, identify
from tallystick.codecs.jsonl import contact_jsonl, entry_jsonl
from tallystick.errors import InputError, SettingsError
from tallystick.ports import Clock
from tallystick.providers.files.disk import LARGEST_FILE, create_file, read_file
from tallystick.providers.files.provider import FileProvider
from tallystick.records import Contact, Entry

R = TypeVar("R")
SUFFIXES = (".csv", ".jsonl")
"""The files that can be opened."""
_LARGEST_HEADER_MAP = 100_000


def open_contacts(
    path: str | Path,
    *,
    header: HeaderMap | None = None,
    encoding: str | None = None,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[Contact]:
    """Open a file of Outlook's contacts, as .csv or .jsonl.

    Args:
        path: The file.
        header: The file's own column names, where they are not Outlook's; for .csv only.
        encoding: The file's encoding, where nothing in it says so; for .csv only.
        clock: Gives the time for the column Modified, if the file has one.
        max_bytes: The most bytes that the file may have.

    Raises:
        InputError: The file is absent, unreadable, too large, of another format, or broken.
    """
    codec = _contacts(path, header, encoding)
    return FileProvider(path, codec, clock=clock, max_bytes=max_bytes)


def open_entries(
    path: str | Path,
    *,
    header: HeaderMap | None = None,
    encoding: str | None = None,
    clock: Clock | None = None,
    max_bytes: int = LARGEST_FILE,
) -> FileProvider[Entry]:
    """Open a file of a CRM's entries, as .csv or .jsonl; arguments and errors are those of :func:`open_contacts`."""
    codec = _entries(path, header, encoding)
    return FileProvider(path, codec, clock=clock, max_bytes=max_bytes)


def read_header_map(path: str | Path) -> HeaderMap:
    """Read a header mapping from a JSON file. Raises InputError."""
    data, _ = read_file(Path(path), _LARGEST_HEADER_MAP)
    return HeaderMap.from_json(data, str(path))


def write_contacts(path: str | Path, contacts: Iterable[Contact]) -> None:
    """Make a new file of contacts with Outlook's own header. Raises Unavailable where there is a file already."""
    _write(path, _contacts(path, None, None), ((contact, contact.categories) for contact in contacts))


def write_entries(path: str | Path, entries: Iterable[Entry], lists: Iterable[Sequence[str]]) -> None:
    """Make a new file of entries with the CRM's header, given the favourite lists of each entry."""
    _write(path, _entries(path, None, None), zip(entries, lists, strict=True))


def _write(path: str | Path, codec: Codec[R], records: Iterable[tuple[R, Sequence[str]]]) -> None:
    document = codec.blank()
    rows = []
    for number, (record, lists) in enumerate(records, 1):
        if code := document.refusal(None, record, lists):
            raise InputError("a record that cannot be written", where=f"{path}, record {number}", remedy=code)
        rows.append(document.fresh("", record, lists))
    create_file(Path(path), document.encode(identify(rows, codec.shape, str(path))))


def _contacts(path: str | Path, header: HeaderMap | None, encoding: str | None) -> Codec[Contact]:
    if _suffix(path, header, encoding) == ".csv":
        return contact_csv(header, encoding)
    return contact_jsonl()


def _entries(path: str | Path, header: HeaderMap | None, encoding: str | None) -> Codec[Entry]:
    if _suffix(path, header, encoding) == ".csv":
        return entry_csv(header, encoding)
    return entry_jsonl()


def _suffix(path: str | Path, header: HeaderMap | None, encoding: str | None) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        remedy = f"give a file whose name ends in {' or '.join(SUFFIXES)}"
        raise InputError("a kind of file that is not supported", where=str(path), remedy=remedy)
    if suffix != ".csv" and (header or encoding):
        raise SettingsError("a header mapping or an encoding is for .csv files only", where=str(path))
    return suffix
