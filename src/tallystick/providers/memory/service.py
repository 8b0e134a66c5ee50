"""Provide the service behind a collection: what becomes of each request that a sync makes.

What a request goes through, in this order: it is counted, its size is checked, requests that were delayed arrive,
hooks and faults have their turn, it is carried out, and its answer may be lost.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import attrs

from tallystick.errors import UsageError
from tallystick.ports.capabilities import Capabilities
from tallystick.ports.clock import Clock
from tallystick.ports.item import Absence, AbsenceReason, Found, Item, Page, Redirect, Scope, Term
from tallystick.ports.write import Outcome, Write
from tallystick.providers.memory.armed import Method, RequestFault, WriteMethod
from tallystick.providers.memory.cabinet import Cabinet
from tallystick.providers.memory.faults import Faults
from tallystick.providers.memory.feed import Feed
from tallystick.providers.memory.shelf import Shelf
from tallystick.providers.memory.writer import Writer

R = TypeVar("R")
T = TypeVar("T")


class Service(Generic[R]):
    """One collection's answers. ``calls`` counts requests by method; ``requests`` lists them with their sizes."""

    def __init__(self, cabinet: Cabinet[R], feed: Feed[R], capabilities: Capabilities, clock: Clock) -> None:
        self.calls: Counter[str] = Counter()
        self.requests: list[tuple[str, int]] = []
        self.faults: Faults[R] = Faults()
        self.writer: Writer[R] = Writer(cabinet, capabilities)
        self.feed = feed
        self._cabinet = cabinet
        self._capabilities = capabilities
        self._clock = clock
        self._late: list[tuple[datetime, Callable[[], object]]] = []

    def changes(self, cursor: str | None, scope: Scope, account: str) -> Page[R]:
        """Return one page of the feed."""
        self._open("changes", (cursor,), 1)
        shelf = self._cabinet.seen()
        if cursor is None:
            page = self._listing(shelf, scope, account)
        else:
            self.faults.go_on(cursor)
            page = self.feed.page(shelf, cursor, scope, account)
        denied = self.faults.denied
        if denied:
            page = attrs.evolve(page, items=[item for item in page.items if item.id not in denied])
        self.faults.answer("changes", (cursor,))
        return page

    def get(self, ids: Sequence[str], name: str | None) -> list[Found[R]]:
        """Return what each id is now."""
        self._open("get", ids, self._capabilities.read_size)
        shelf = self._cabinet.seen()
        found = [self._found(shelf, id_, name) for id_ in ids]
        self.faults.answer("get", ids)
        return found

    def search(self, terms: Sequence[Term], name: str | None) -> list[Item[R]]:
        """Return every record that any of the terms fits."""
        self._open("search", terms, self._capabilities.read_size)
        rows = self._cabinet.seen().find(terms)
        if self.faults.denied:
            rows = [row for row in rows if row.item.id not in self.faults.denied]
        items = [row.seen_from(name) for row in rows]
        if any(term.field == Term.TOKEN for term in terms):
            # Whoever searches by tokens has to tell which one each hit answers.
            items = [attrs.evolve(item, token=row.token) for item, row in zip(items, rows, strict=True)]
        self.faults.answer("search", terms)
        return items

    def write(self, method: WriteMethod, batch: Sequence[Write[R]], name: str | None) -> list[Outcome[R]]:
        """Carry out a batch, one outcome for each write."""
        return self.request(method, batch, lambda part: self._carry_out(part, name))

    def request(
        self, method: WriteMethod, batch: Sequence[T], carry_out: Callable[[Sequence[T]], list[Outcome[R]]]
    ) -> list[Outcome[R]]:
        """Carry out a request of any kind by ``carry_out``, which returns one outcome for each of its parts."""
        late = self._open(method, batch, self._capabilities.batch_size)
        if late is not None:
            due = self._clock.now() + timedelta(seconds=late.late or 0)
            self._late.append((due, lambda: carry_out(batch)))
            raise late.error.with_traceback(None)
        lost = self.faults.loses(method)
        outcomes = carry_out(batch if lost is None else batch[: lost.first])
        self.faults.answer(method, batch)
        if lost is not None:
            raise lost.error.with_traceback(None)
        return outcomes

    def _open(self, method: Method, batch: Sequence[object], largest: int) -> RequestFault | None:
        self.calls[method] += 1
        self.requests.append((method, len(batch)))
        if len(batch) > largest:
            raise UsageError(
                f"{len(batch)} in one request, where {largest} are the most",
                where=method,
                remedy="keep to the batch_size and read_size of the capabilities",
            )
        if self._late:
            self._let_in()
        return self.faults.arrive(method, batch)

    def _let_in(self) -> None:
        now = self._clock.now()
        due = [each for each in self._late if each[0] <= now]
        self._late = [each for each in self._late if each[0] > now]
        for _, carry_out in due:
            carry_out()

    def _carry_out(self, batch: Sequence[Write[R]], name: str | None) -> list[Outcome[R]]:
        apply = self.writer.apply
        if not (self.faults.armed.writes or self.faults.denied):
            return [apply(write, name) for write in batch]
        return [self._carry_out_one(write, name) for write in batch]

    def _carry_out_one(self, write: Write[R], name: str | None) -> Outcome[R]:
        fault = self.faults.for_write(write)
        if fault is None:
            return self.writer.apply(write, name)
        if fault.applied:
            self.writer.apply(write, name)
        return fault.outcome

    def _listing(self, shelf: Shelf[R], scope: Scope, account: str) -> Page[R]:
        if self.faults.strikes("empty_listing"):
            return self.feed.nothing(shelf, scope, account)
        cut = self.faults.strikes("truncate_listing")
        page = self.feed.page(shelf, None, scope, account, more=cut)
        if cut:
            self.faults.cut_off(page.cursor)
        return page

    def _found(self, shelf: Shelf[R], id_: str, name: str | None) -> Found[R]:
        if id_ in self.faults.denied:
            return Absence(id_, AbsenceReason.NO_ACCESS)
        row = shelf.rows.get(id_)
        if row is not None:
            return row.seen_from(name)
        new_id = shelf.moved_to(id_)
        return Absence(id_, AbsenceReason.DELETED) if new_id is None else Redirect(id_, new_id)
