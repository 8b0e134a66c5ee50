"""Provide a collection in memory: a provider for a sync, and the mailbox that a person uses meanwhile.

A person's actions are never refused for a version and never counted; ``calls``, ``requests`` and ``writes`` tell what
the sync did. A person always sees what was written; a sync sees it as late as the capabilities say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypedDict, TypeVar

from tallystick.errors import SettingsError, UsageError
from tallystick.ports.capabilities import Capabilities
from tallystick.ports.clock import Clock
from tallystick.ports.item import Found, Item, Page, Scope, Term
from tallystick.ports.write import Create, Outcome, Remove, Update, WriteKind
from tallystick.providers.memory.cabinet import Cabinet
from tallystick.providers.memory.faults import Faults
from tallystick.providers.memory.feed import Feed
from tallystick.providers.memory.membership import Lists, Membership
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.service import Service
from tallystick.providers.memory.shape import Shape
from tallystick.providers.memory.virtual_clock import VirtualClock

R = TypeVar("R")


class Ways(TypedDict):
    """What the collections of one account have in common, as arguments."""

    account: str
    clock: Clock | None
    page_size: int
    seed: int
    quirks: Quirks


_LARGEST_PAGE = 1000
_PLAIN = Quirks()
_ABLE = Capabilities()


class MemoryCollection(Generic[R]):
    """Records of one shape in one account, kept in memory.

    Args:
        shape: What the records are, and what the service will not take.
        account: The name of the account; it may be set to another one.
        membership: How scopes are kept; lists beside the records unless told otherwise.
        capabilities: What the collection declares of itself, and keeps to.
        clock: Gives each write its time; a VirtualClock of its own unless one is shared.
        page_size: Items on a page of a feed, 1 to 1000.
        seed: Decides the disorder of the feed, where ``quirks`` ask for any.
        quirks: What the feed does beyond the plain.
    """

    def __init__(
        self,
        shape: Shape[R],
        *,
        account: str = "memory",
        membership: Membership[R] | None = None,
        capabilities: Capabilities = _ABLE,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks = _PLAIN,
    ) -> None:
        if not 1 <= page_size <= _LARGEST_PAGE:
            raise SettingsError(f"a page of {page_size} items", remedy=f"set page_size to 1 to {_LARGEST_PAGE}")
        self.account = account
        self.clock: Clock = clock or VirtualClock()
        membership = membership or Lists()
        self._capabilities = capabilities
        self._cabinet = Cabinet(
            shape,
            membership,
            self.clock,
            lag=capabilities.visibility_lag,
            keep_stale=quirks.replays,
            show_tokens=capabilities.token_in_listings,
        )
        feed: Feed[R] = Feed(
            page_size,
            quirks,
            seed=seed,
            tells_outsiders=membership.tells_outsiders,
            delta=capabilities.delta,
            shape=shape,
        )
        self._service = Service(self._cabinet, feed, capabilities, self.clock)

    def __len__(self) -> int:
        return len(self._cabinet.written.rows)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._cabinet.written.rows

    def __repr__(self) -> str:
        return f"<MemoryCollection {self.account!r}, {len(self)} records>"

    # --- what a person does and sees ---------------------------------------------------------------------------------

    def insert(self, record: R, *, lists: Iterable[str] = ()) -> str:
        """Add a record, in the scopes ``lists`` besides those that stand in it, and return its id."""
        self._require(self._cabinet.shape.holds(record))
        return self._cabinet.add(*self._cabinet.admitted(record, tuple(lists))).item.id

    def load(self, records: Iterable[R], *, lists: Iterable[str] = ()) -> list[str]:
        """Add many records at one instant, unchecked, and return their ids."""
        return self._cabinet.add_all(records, tuple(lists))

    def edit(self, id_: str, /, **fields: object) -> None:
        """Set fields of a record."""
        cabinet = self._cabinet
        row = cabinet.row(id_)
        self._require(cabinet.shape.problem(fields))
        record = cabinet.shape.evolve(row.item.record, fields)
        self._require(cabinet.shape.holds(record))
        cabinet.change(row, record, cabinet.membership.names(record, row.lists))

    def delete(self, id_: str) -> None:
        """Delete a record."""
        self._cabinet.drop(self._cabinet.row(id_))

    def join(self, id_: str, name: str) -> None:
        """Put a record into the scope ``name``."""
        self._place(id_, name, member=True)

    def leave(self, id_: str, name: str) -> None:
        """Take a record out of the scope ``name``; the record itself stays."""
        self._place(id_, name, member=False)

    def touch(self, id_: str) -> None:
        """Give a record a new version and time and change nothing in it, as a service's own jobs do."""
        row = self._cabinet.row(id_)
        self._cabinet.change(row, row.item.record, row.lists)

    def move(self, id_: str) -> str:
        """Give a record a new id, as a move to another folder does, and return it; the old one redirects."""
        return self._cabinet.move(self._cabinet.row(id_)).item.id

    def merge(self, id_: str, into: str) -> None:
        """Delete a record because another one stands for it from now on; its id redirects."""
        row, heir = self._cabinet.row(id_), self._cabinet.row(into)
        if row is heir:
            raise UsageError("a record cannot be merged into itself", where=id_)
        self._cabinet.drop(row, into)

    def declare(self, *names: str) -> None:
        """Make scopes that have no members yet."""
        self._cabinet.declare(names)

    def record(self, id_: str) -> R:
        """Return one record."""
        return self._cabinet.row(id_).item.record

    def item(self, id_: str, scope: Scope | None = None) -> Item[R]:
        """Return one record as an item, with its version and time, as seen from a scope."""
        return self._cabinet.row(id_).seen_from(scope.name if scope else None)

    def lists(self, id_: str) -> tuple[str, ...]:
        """Return the scopes that a record belongs to."""
        return self._cabinet.row(id_).lists

    def all(self, name: str | None = None) -> dict[str, R]:
        """Return all records by id, or those of the scope ``name``."""
        rows = self._cabinet.written.rows
        return {id_: row.item.record for id_, row in rows.items() if name is None or name in row.lists}

    def ids(self, name: str | None = None) -> list[str]:
        """Return all ids, or those of the scope ``name``, the oldest record first."""
        return [*self.all(name)]

    # --- what a sync asks for ----------------------------------------------------------------------------------------

    @property
    def capabilities(self) -> Capabilities:
        """What the collection can do."""
        return self._capabilities

    def scopes(self) -> list[str]:
        """Return the scopes that were declared or ever had a member."""
        return self._cabinet.scopes()

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of a listing or of a delta."""
        return self._service.changes(cursor, scope, self.account)

    def get(self, ids: Sequence[str], scope: Scope) -> list[Found[R]]:
        """Return what each id is now."""
        return self._service.get(ids, scope.name)

    def search(self, terms: Sequence[Term], scope: Scope) -> list[Item[R]]:
        """Return every record that any of the terms fits; those of a search by tokens carry theirs."""
        return self._service.search(terms, scope.name)

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> list[Outcome[R]]:
        """Create records."""
        return self._service.write("create", batch, scope.name)

    def update(self, batch: Sequence[Update], scope: Scope) -> list[Outcome[R]]:
        """Change fields and membership of records."""
        return self._service.write("update", batch, scope.name)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> list[Outcome[R]]:
        """Delete records."""
        return self._service.write("remove", batch, scope.name)

    # --- what a test turns and reads ---------------------------------------------------------------------------------

    @property
    def faults(self) -> Faults[R]:
        """The bad weather between the sync and the collection."""
        return self._service.faults

    @property
    def calls(self) -> Counter[str]:
        """How many requests the sync made, by method."""
        return self._service.calls

    @property
    def requests(self) -> list[tuple[str, int]]:
        """The sync's requests in order, each with the number of ids, terms or writes in it."""
        return self._service.requests

    @property
    def writes(self) -> Counter[WriteKind]:
        """How many writes of the sync took effect, by kind; an answer that repeats an earlier one is none."""
        return self._service.writer.done

    @property
    def mails(self) -> Counter[WriteKind]:
        """How many people were sent mail because of the sync's writes, by kind."""
        return +self._service.writer.mails

    @property
    def rewrite(self) -> Callable[[R], R] | None:
        """What the service makes of each record that the sync writes (it trims, cuts, reformats), None for nothing."""
        return self._service.writer.rewrite

    @rewrite.setter
    def rewrite(self, rewrite: Callable[[R], R] | None) -> None:
        self._service.writer.rewrite = rewrite

    def expire_cursors(self) -> None:
        """Forget every cursor handed out so far: asking with one raises CursorExpired."""
        self._service.feed.expire()

    def _place(self, id_: str, name: str, *, member: bool) -> None:
        cabinet = self._cabinet
        row = cabinet.row(id_)
        cabinet.change(row, *cabinet.membership.place(row.item.record, row.lists, name, member))

    def _require(self, code: str) -> None:
        if code:
            raise UsageError(f"the service does not hold such a record: {code}")
