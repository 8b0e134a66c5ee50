"""Provide the pair: two sides that are opened to be synced, with the profile that they are synced by."""

from collections import Counter as Counts
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import attrs

from tallystick import MemoryState, Side, SqliteState, Sync
from tallystick.cli.options import How
from tallystick.cli.profiles import Extent, Offer, find_profile
from tallystick.cli.sources import End, Named, open_source
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.errors import InputError, UsageError
from tallystick.observers import Observer
from tallystick.ports import Provider
from tallystick.profiles.attendee_references import ENTRIES as ENTRIES_DIRECTORY
from tallystick.profiles.attendee_references import LEADS as LEADS_DIRECTORY
from tallystick.profiles.cx_sales import ACCOUNTS
from tallystick.providers.files import ENTRIES, open_file
from tallystick.providers.files.disk import read_file
from tallystick.providers.memory import MemoryCollection, Shape, entry_shape
from tallystick.reconcile import Profile
from tallystick.records import Account
from tallystick.recurrence import is_known_zone
from tallystick.sinks import SqliteSink
from tallystick.text import counted

L = TypeVar("L")
R = TypeVar("R")
_LARGEST_SETTINGS = 1_000_000
_MOST_NAMED = 10


@attrs.frozen
class Pair:
    """Two open sides and their profile. ``name`` is what their sync is called unless told otherwise.

    ``sink`` keeps what is overwritten, where a person asked for that. ``people`` are the directories that were given.
    ``whose`` says whose records of the right side are synced, empty where all of them are.
    It is closed when it is left.
    """

    left: End
    right: End
    profile: Profile[object, object]
    sink: SqliteSink | None = None
    people: Mapping[str, Provider[Any]] = attrs.field(factory=dict)
    whose: str = ""
    close: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The names of both files, so that a folder may be moved; the addresses of what is no file."""
        return f"{self.left.account}+{self.right.account}"

    @property
    def ends(self) -> tuple[End, End]:
        """Both sides, to be indexed by side."""
        return (self.left, self.right)

    @property
    def labels(self) -> tuple[str, str]:
        """What to call both sides."""
        return (self.left.account, self.right.account)

    def sync(self, name: str, state: SqliteState | MemoryState, *observers: Observer) -> Sync[object, object]:
        """Return the sync of both sides."""
        return Sync(
            name,
            left=self.left.provider,
            right=self.right.provider,
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
        """What of both sides is synced, in words."""
        said = []
        for side in Side:
            name = self.profile.sides[side].scope.name
            whole = self.whose if side is Side.RIGHT and self.whose else "all of it"
            said.append(f"{self.ends[side].account}: {f'only {name}' if name is not None else whole}")
        return ", ".join(said)

    def empty_scopes(self) -> list[str]:
        """Return a sentence for each category or list that was named and that no row is in."""
        said = []
        for side in Side:
            end, name = self.ends[side], self.profile.sides[side].scope.name
            if name is not None and name.casefold() not in map(str.casefold, end.provider.scopes()):
                said.append(f"no row of {end.account} is in {name!r}: check how it is written")
        return said

    def left_out(self) -> dict[tuple[str, str], int]:
        """Return how many rows of which file say what no record can, by file and property."""
        names = [(file.account, name) for file in self.ends for said in file.left_out.values() for name in {*said}]
        return dict(sorted(Counts(names).items()))

    def unreadable(self) -> list[str]:
        """Return a sentence for each side that holds records which can't be read; they are known once it was read."""
        return [left_alone(end.account, end.unreadable) for end in self.ends if end.unreadable]

    def remarks(self) -> list[str]:
        """Return a sentence for all that a person should know of both sides, beside the plan."""
        return [
            *self.empty_scopes(),
            *self.unreadable(),
            *(
                f"{counted(many, 'row')} of {file} {'has' if many == 1 else 'have'} {name}:"
                f" no record says that; it stays in the file and is not synced"
                for (file, name), many in self.left_out().items()
            ),
        ]


def open_pair(left: str, right: str, how: How) -> Pair:
    """Open both sides. Raises UsageError, which names the file and the line, and what a service's provider raises."""
    offer = find_profile(how.profile)
    extent = Extent(how.left_list, how.right_list, how.capacity, _known_zone(how.zone))
    profile = profile_of(offer, extent, how.settings)
    _refuse_same(left, right, how.state)
    named = (
        Named(
            Side.LEFT,
            left,
            offer.left,
            owner=how.owner,
            headers=how.left_headers,
            encoding=how.left_encoding or _both(how.encoding, left),
            login=how.left_login,
            secret_command=how.left_secret_command,
        ),
        Named(
            Side.RIGHT,
            right,
            offer.right,
            headers=how.right_headers,
            encoding=how.right_encoding or _both(how.encoding, right),
            login=how.right_login,
            secret_command=how.right_secret_command,
        ),
    )
    with ExitStack() as opened:
        ends = [open_source(one, opened) for one in named]
        people = _people(profile, how)
        whose = offer.whose(extent)
        return Pair(ends[0], ends[1], profile, people=people, whose=whose, close=opened.pop_all().close)


@contextmanager
def open_sync(left: str, right: str, how: How, *, look: bool = False) -> Iterator[tuple[Pair, Sync[object, object]]]:
    """Open both sides, and their sync in the state that must be there unless it is only looked at."""
    find = Vault.at if look else Vault.existing
    with open_pair(left, right, how) as pair:
        vault = find(how.state, how.key_file)
        with vault.look() if look else vault.open() as state:
            yield pair, pair.sync(choose_new_sync(state, how.state, how.sync, pair.name), state)


def left_alone(account: str, ids: Sequence[str], kind: str = "record") -> str:
    """Return the sentence that so many records can't be read, with the ids of the first."""
    named = ", ".join(sorted(ids)[:_MOST_NAMED])
    more = "" if len(ids) <= _MOST_NAMED else f" and {len(ids) - _MOST_NAMED:,} more"
    stays = "is" if len(ids) == 1 else "are"
    return f"{counted(len(ids), kind)} of {account} cannot be read, and {stays} left alone: {named}{more}"


def _people(profile: Profile[object, object], how: How) -> dict[str, Provider[Any]]:
    given = {ENTRIES_DIRECTORY: how.people, LEADS_DIRECTORY: how.leads}
    files = {name: path for name, path in given.items() if path is not None}
    if files and not any(side.references for side in profile.sides):
        raise UsageError("the profile looks nobody up", where=how.profile, remedy="leave --people and --leads out")
    return {name: open_file(path, ENTRIES) for name, path in files.items()}


def profile_of(offer: Offer[L, R], extent: Extent, settings: Path | None) -> Profile[L, R]:
    """Return the profile of an extent, or of a file of settings, which errors then name."""
    if settings is None:
        return offer.profile(extent)
    text = _text_of(settings)
    try:
        return offer.profile(extent, text)
    except UsageError as error:
        error.where = f"{settings}, {error.where}" if error.where else str(settings)
        raise


def _text_of(file: Path) -> str:
    data, _ = read_file(file, _LARGEST_SETTINGS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the settings are not in UTF-8", where=str(file), remedy="save them as UTF-8") from None


def _known_zone(zone: str) -> str:
    if not is_known_zone(zone):
        raise UsageError(f"there is no time zone {zone!r}", remedy="name it as Europe/Paris, or as Windows does")
    return zone


def _both(encoding: str | None, source: str) -> str | None:
    """Return the encoding that was given for both files, where the source is of a kind that has a choice."""
    return encoding if source.lower().endswith(".csv") else None


def _refuse_same(left: str, right: str, state: Path) -> None:
    if left == right or _same(Path(left), Path(right)):
        raise UsageError("both sides are the same file", where=left, remedy="name two files")
    for file in (left, right):
        if _same(Path(file), state):
            raise InputError("the state is one of the two files", where=str(state), remedy="name another state")


def refuse_kept(keep: Path | None, left: str, right: str, state: Path) -> None:
    """Raise UsageError where the file that is to keep records is another one that was named."""
    if keep is not None and (_same(keep, state) or keep.absolute() == state.absolute()):
        raise UsageError("the file of kept records is the state", where=str(keep), remedy="name another with --keep")
    if keep is not None and any(_same(keep, Path(file)) for file in (left, right)):
        remedy = "name another with --keep"
        raise UsageError("the file of kept records is one of the two files", where=str(keep), remedy=remedy)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
