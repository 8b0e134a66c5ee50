"""Provide the pair: two files that are opened to be synced, with the profile that they are synced by."""

from collections import Counter as Counts
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import attrs

from tallystick import MemoryState, Side, SqliteState, Sync
from tallystick.cli.options import How
from tallystick.cli.profiles import Extent, find_profile
from tallystick.errors import InputError, UsageError
from tallystick.observers import Observer
from tallystick.ports import Provider
from tallystick.profiles.attendee_references import ENTRIES as ENTRIES_DIRECTORY
from tallystick.profiles.attendee_references import LEADS as LEADS_DIRECTORY
from tallystick.profiles.cx_sales import ACCOUNTS
from tallystick.providers.files import (
    ENTRIES,
    EVENTS,
    FileKind,
    FileProvider,
    events_of,
    open_file,
    read_header_map,
)
from tallystick.providers.files.disk import read_file
from tallystick.providers.memory import MemoryCollection, Shape, entry_shape
from tallystick.reconcile import Profile
from tallystick.records import Account
from tallystick.recurrence import is_known_zone
from tallystick.sinks import SqliteSink
from tallystick.sync import SystemClock
from tallystick.text import counted

_LARGEST_SETTINGS = 1_000_000


@attrs.frozen
class Pair:
    """Two open files and their profile. ``name`` is what their sync is called unless told otherwise.

    ``sink`` keeps what is overwritten, where a person asked for that. ``people`` are the directories that were given.
    """

    left: FileProvider[object]
    right: FileProvider[object]
    profile: Profile[object, object]
    sink: SqliteSink | None = None
    people: Mapping[str, Provider[Any]] = attrs.field(factory=dict)

    @property
    def name(self) -> str:
        """The names of both files, so that a folder may be moved."""
        return f"{self.left.account}+{self.right.account}"

    @property
    def files(self) -> tuple[FileProvider[object], FileProvider[object]]:
        """Both files, to be indexed by side."""
        return (self.left, self.right)

    @property
    def labels(self) -> tuple[str, str]:
        """What to call both sides."""
        return (self.left.account, self.right.account)

    def sync(self, name: str, state: SqliteState | MemoryState, *observers: Observer) -> Sync[object, object]:
        """Return the sync of both files."""
        return Sync(
            name,
            left=self.left,
            right=self.right,
            profile=self.profile,
            state=state,
            sink=self.sink,
            directories=self._directories(),
            observers=observers,
        )

    def _directories(self) -> dict[str, Provider[Any]]:
        """Return the directories that the profile looks people up in; nobody stands in one that was not given."""
        nobody: dict[str, Provider[Any]] = {
            name: MemoryCollection(Shape(Account)) if name == ACCOUNTS else MemoryCollection(entry_shape())
            for side in self.profile.sides
            if side.references
            for name in side.references.directories
        }
        return {**nobody, **self.people}

    @property
    def extent(self) -> str:
        """What of both files is synced, in words."""
        said = []
        for side in Side:
            name = self.profile.sides[side].scope.name
            said.append(f"{self.files[side].account}: {f'only {name}' if name is not None else 'all of it'}")
        return ", ".join(said)

    def empty_scopes(self) -> list[str]:
        """Return a sentence for each category or list that was named and that no row is in."""
        said = []
        for side in Side:
            file, name = self.files[side], self.profile.sides[side].scope.name
            if name is not None and name.casefold() not in map(str.casefold, file.scopes()):
                said.append(f"no row of {file.account} is in {name!r}: check how it is written")
        return said

    def left_out(self) -> dict[tuple[str, str], int]:
        """Return how many rows of which file say what no record can, by file and property."""
        names = [(file.account, name) for file in self.files for said in file.left_out.values() for name in {*said}]
        return dict(sorted(Counts(names).items()))

    def remarks(self) -> list[str]:
        """Return a sentence for all that a person should know of the files, beside the plan."""
        return [
            *self.empty_scopes(),
            *(
                f"{counted(many, 'row')} of {file} {'has' if many == 1 else 'have'} {name}:"
                f" no record says that; it stays in the file and is not synced"
                for (file, name), many in self.left_out().items()
            ),
        ]


def open_pair(left: Path, right: Path, how: How) -> Pair:
    """Open both files. Raises UsageError, which names the file and the line."""
    offer = find_profile(how.profile)
    extent = Extent(how.left_list, how.right_list, how.capacity, _known_zone(how.zone))
    profile = offer.profile(extent, read_settings(how.settings) if how.settings else None)
    _refuse_same(left, right, how.state)
    clock = SystemClock()
    return Pair(
        open_file(
            left,
            _of_owner(left, offer.left, how.owner),
            header=read_header_map(how.left_headers) if how.left_headers else None,
            encoding=how.left_encoding or _both(how.encoding, left),
            clock=clock,
        ),
        open_file(
            right,
            offer.right,
            header=read_header_map(how.right_headers) if how.right_headers else None,
            encoding=how.right_encoding or _both(how.encoding, right),
            clock=clock,
        ),
        profile,
        people=_people(profile, how),
    )


def _of_owner(left: Path, kind: FileKind[object], owner: str | None) -> FileKind[object]:
    if owner is None:
        return kind
    if kind is not EVENTS or left.suffix.lower() != ".ics":
        raise UsageError("only a calendar file has an owner", where=str(left), remedy="leave --owner out")
    return cast("FileKind[object]", events_of(owner))


def _people(profile: Profile[object, object], how: How) -> dict[str, Provider[Any]]:
    given = {ENTRIES_DIRECTORY: how.people, LEADS_DIRECTORY: how.leads}
    files = {name: path for name, path in given.items() if path is not None}
    if files and not any(side.references for side in profile.sides):
        raise UsageError("the profile looks nobody up", where=how.profile, remedy="leave --people and --leads out")
    return {name: open_file(path, ENTRIES) for name, path in files.items()}


def read_settings(file: Path) -> str:
    """Return the text of a file of settings. Raises InputError where it can't be read."""
    data, _ = read_file(file, _LARGEST_SETTINGS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the settings are not in UTF-8", where=str(file), remedy="save them as UTF-8") from None


def _known_zone(zone: str) -> str:
    if not is_known_zone(zone):
        raise UsageError(f"there is no time zone {zone!r}", remedy="name it as Europe/Paris, or as Windows does")
    return zone


def _both(encoding: str | None, file: Path) -> str | None:
    """Return the encoding that was given for both files, where the file is of a kind that has a choice."""
    return encoding if file.suffix.lower() == ".csv" else None


def _refuse_same(left: Path, right: Path, state: Path) -> None:
    if _same(left, right):
        raise UsageError("both sides are the same file", where=str(left), remedy="name two files")
    for file in (left, right):
        if _same(file, state):
            raise InputError("the state is one of the two files", where=str(state), remedy="name another state")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
