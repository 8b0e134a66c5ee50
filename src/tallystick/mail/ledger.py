"""Provide the ledger: which messages a sync has saved, whatever became of them since on either side."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tallystick.mail.identity import letter_id
from tallystick.ports import ParkedKind, Side, State


class Ledger(Protocol):
    """Whoever knows what was saved."""

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these messages, by key, that were saved."""
        ...


class StateLedger:
    """The ledger of a sync, which is its links and its tombstones: what was saved and deleted since was saved."""

    def __init__(self, state: State, sync: str) -> None:
        self._state = state
        self._sync = sync

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these messages that were saved."""
        ids: Sequence[str] = [letter_id(key, 1) for key in dict.fromkeys(keys)]
        if not ids:
            return frozenset()
        linked = {link.ids[Side.LEFT] for link in self._state.links(self._sync, Side.LEFT, ids)}
        rest = [one for one in ids if one not in linked]
        rows = self._state.parked(self._sync, Side.LEFT, rest) if rest else ()
        return frozenset(linked).union(row.id for row in rows if row.kind is ParkedKind.LEFT)
