"""Provide the trial: a provider on a fresh, empty service, its back door, the samples, and the steps checks share."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, Generic, TypeVar

import attrs

from tallystick.ports import Capabilities, Create, Found, Item, Outcome, Page, Provider, Scope, Status
from tallystick.testing.check import Failed, OutOfReach, require
from tallystick.testing.samples import BackDoor, Samples

R = TypeVar("R")
W = TypeVar("W")
_MOST_PAGES = 1000


@attrs.frozen
class Feed(Generic[R]):
    """What a feed said, read to its end: the last word on each id, and how many pages it took."""

    items: dict[str, Item[R]]
    unlisted: set[str]
    cursor: str
    pages: int

    def shows(self, id_: str) -> bool:
        """Tell whether a record is shown as a member."""
        return id_ in self.items and self.items[id_].member


@attrs.define
class Trial(Generic[R]):
    """One try of one check."""

    provider: Provider[R]
    door: BackDoor[R]
    samples: Samples[R]
    _numbers: "count[int]" = attrs.field(factory=count)

    @property
    def scope(self) -> Scope:
        """The scope of the samples."""
        return self.samples.scope

    @property
    def capabilities(self) -> Capabilities:
        """What the provider declares."""
        return self.provider.capabilities

    def settle(self) -> None:
        """Wait until what was written can be seen."""
        if lag := self.capabilities.visibility_lag:
            self.samples.wait(lag)

    def need_list(self) -> None:
        """Give the check up where there is no list that records could be on."""
        if self.scope.name is None:
            raise OutOfReach("the samples' scope has no name")

    def inserted(self, *, member: bool = True) -> str:
        """Have the outside user add the next sample; return its id."""
        return self.inserts(1, member=member)[0]

    def inserts(self, size: int, *, member: bool = True) -> list[str]:
        """Have the outside user add the next samples; return their ids."""
        ids = [self.door.insert(self.samples.record(next(self._numbers)), member=member) for _ in range(size)]
        self.settle()
        return ids

    def edit(self, id_: str) -> None:
        """Have the outside user change a record."""
        self.door.edit(id_, self.samples.other_edit)
        self.settle()

    def delete(self, id_: str) -> None:
        """Have the outside user delete a record."""
        self.door.delete(id_)
        self.settle()

    def move(self, id_: str, *, member: bool) -> None:
        """Have the outside user put a record on the list, or take it off."""
        self.door.move(id_, member=member)
        self.settle()

    def there(self, id_: str) -> bool:
        """Tell whether the outside user sees a record."""
        return id_ in self.door.ids()

    def shown(self, id_: str) -> object:
        """Return what the outside user sees of a record."""
        return self.samples.shown(self.door.record(id_))

    def feed(self, cursor: str | None = None, *, trying: bool = False) -> Feed[R]:
        """Read the feed to its end; from its beginning without a delta, unless ``trying`` whether there is one."""
        if not (self.capabilities.delta or trying):
            cursor = None
        items: dict[str, Item[R]] = {}
        unlisted: set[str] = set()
        pages = 0
        for page in self.pages(cursor):
            pages += 1
            cursor = page.cursor
            for one in page.unlisted:
                items.pop(one, None)
                unlisted.add(one)
            for item in page.items:
                items[item.id] = item
                unlisted.discard(item.id)
        return Feed(items, unlisted, cursor or "", pages)

    def pages(self, cursor: str | None = None) -> Iterator[Page[R]]:
        """Read the feed page by page, each when it is asked for, to its end."""
        asked: set[str | None] = set()
        for _ in range(_MOST_PAGES):
            page = self.provider.changes(cursor, self.scope)
            yield page
            if page.complete:
                return
            require(page.cursor != cursor, "a page that is not complete returned the cursor it was asked with")
            require(page.cursor not in asked, "the pages go round in a circle")
            asked.add(cursor)
            cursor = page.cursor
        raise Failed(f"the feed has no end after {_MOST_PAGES} pages")

    def get(self, *ids: str) -> Sequence[Found[R]]:
        """Ask what each id is now."""
        return self.provider.get(list(ids), self.scope)

    def item(self, id_: str) -> Item[R]:
        """Return the record of an id, which must be there."""
        (found,) = self.get(id_)
        if not isinstance(found, Item):
            raise Failed(f"get says {type(found).__name__} of {id_}, which is there")
        return found

    def creation(self, *, member: bool = True) -> Create[R]:
        """Return a create of the next sample."""
        number = next(self._numbers)
        return Create(f"contract-token-{number}", self.samples.record(number), member)

    def created(self, write: Create[R]) -> Item[R]:
        """Have the provider create a record, which must be done, and return its item."""
        return self.done(self.provider.create([write], self.scope))

    def done(self, outcomes: Sequence[Outcome[R]]) -> Item[R]:
        """Return the item of the one write that was done."""
        require(len(outcomes) == 1, f"one write was answered with {len(outcomes)} outcomes")
        require(outcomes[0].status is Status.DONE, f"the write was answered with {outcomes[0].status}")
        item = outcomes[0].item
        if item is None:
            raise Failed("a write that was done was answered without its item")
        self.settle()
        return item

    def in_batches(
        self, send: Callable[[Sequence[W], Scope], Sequence[Outcome[R]]], writes: Sequence[W]
    ) -> list[Outcome[R]]:
        """Have the provider carry out writes, no more of them in one call than it takes; return all outcomes."""
        size = self.capabilities.batch_size
        parts = [writes[at : at + size] for at in range(0, len(writes), size)]
        outcomes = [outcome for part in parts for outcome in send(part, self.scope)]
        self.settle()
        return outcomes

    def require_third(self, outcomes: Sequence[Outcome[R]], status: Status, what: str) -> None:
        """Require that of four writes the third was answered with ``status``, and the others were done."""
        said = [outcome.status for outcome in outcomes]
        wanted = [Status.DONE, Status.DONE, status, Status.DONE]
        words, right = (", ".join(statuses) or "nothing" for statuses in (said, wanted))
        require(said == wanted, f"four {what} of which the third can't be done are answered with {words}, not {right}")

    def status(self, outcomes: Sequence[Outcome[R]]) -> Status:
        """Return the status of the one write."""
        require(len(outcomes) == 1, f"one write was answered with {len(outcomes)} outcomes")
        self.settle()
        return outcomes[0].status


Trials = Trial[Any]


def scoped(declared: Capabilities) -> bool:
    """Tell whether records can be on a list."""
    return declared.scopes
