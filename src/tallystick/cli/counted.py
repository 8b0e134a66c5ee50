"""Provide a provider that counts what passes through it, so that a progress bar moves while one call works."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Generic, TypeVar

from tallystick.ports import (
    Capabilities,
    Create,
    Found,
    Item,
    Outcome,
    Page,
    Provider,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)

R = TypeVar("R")


class Passed(Enum):
    """What passed through."""

    READ = "read"
    WRITTEN = "written"


Counter = Callable[[Passed, int], None]


class Counted(Generic[R]):
    """A provider that does what ``inner`` does, and tells ``count`` of every record after it passed."""

    def __init__(self, inner: Provider[R], count: Counter) -> None:
        self._inner = inner
        self._count = count

    @property
    def account(self) -> str:
        """The account of the inner provider."""
        return self._inner.account

    @property
    def capabilities(self) -> Capabilities:
        """What the inner provider can do."""
        return self._inner.capabilities

    def scopes(self) -> Sequence[str]:
        """Return the scopes of the inner provider."""
        return self._inner.scopes()

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page, and count its items."""
        page = self._inner.changes(cursor, scope)
        self._count(Passed.READ, len(page.items))
        return page

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now, and count the ids."""
        found = self._inner.get(ids, scope)
        self._count(Passed.READ, len(ids))
        return found

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return what fits the terms, and count the terms."""
        found = self._inner.search(terms, scope)
        self._count(Passed.READ, len(terms))
        return found

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records, and count those that will not be sent again."""
        return self._written(self._inner.create(batch, scope))

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change records, and count those that will not be sent again."""
        return self._written(self._inner.update(batch, scope))

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records, and count those that will not be sent again."""
        return self._written(self._inner.remove(batch, scope))

    def _written(self, outcomes: Sequence[Outcome[R]]) -> Sequence[Outcome[R]]:
        self._count(Passed.WRITTEN, sum(outcome.status is not Status.THROTTLED for outcome in outcomes))
        return outcomes
