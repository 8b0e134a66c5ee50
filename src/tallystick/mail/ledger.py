"""Provide the ledger: which messages a sync has saved, whatever became of them since on either side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from tallystick.mail.identity import letter_id
from tallystick.ports import Item, Link, ParkedKind, Provider, Scope, Side, State
from tallystick.records import Activity


class Ledger(Protocol):
    """Whoever knows what was saved."""

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these messages, by key, that were saved."""
        ...

    def saved(self, keys: Iterable[str]) -> Mapping[str, Activity]:
        """Return what the CRM has of those of these messages whose activities are there."""
        ...


class StateLedger:
    """The ledger of a sync, which is its links and its tombstones: what was saved and deleted since was saved.

    Without ``activities`` nobody knows what is there of what was saved.
    """

    def __init__(self, state: State, sync: str, activities: Provider[Activity] | None = None) -> None:
        self._state = state
        self._sync = sync
        self._activities = activities

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these messages that were saved."""
        ids = _ids(keys)
        if not ids:
            return frozenset()
        linked = {link.ids[Side.LEFT] for link in self._links(ids)}
        rest = [one for one in ids if one not in linked]
        rows = self._state.parked(self._sync, Side.LEFT, rest) if rest else ()
        return frozenset(linked).union(row.id for row in rows if row.kind is ParkedKind.LEFT)

    def saved(self, keys: Iterable[str]) -> Mapping[str, Activity]:
        """Return what the CRM has of those of these messages whose activities are there."""
        links = {link.ids[Side.RIGHT]: link.ids[Side.LEFT] for link in self._links(_ids(keys))}
        if not links or self._activities is None:
            return {}
        ids, size = list(links), self._activities.capabilities.read_size
        saved: dict[str, Activity] = {}
        for start in range(0, len(ids), size):
            found = self._activities.get(ids[start : start + size], Scope())
            saved.update((links[one.id], one.record) for one in found if isinstance(one, Item))
        return saved

    def _links(self, ids: Sequence[str]) -> Sequence[Link]:
        return self._state.links(self._sync, Side.LEFT, ids) if ids else ()


def _ids(keys: Iterable[str]) -> Sequence[str]:
    return [letter_id(key, 1) for key in dict.fromkeys(keys)]
