"""Provide the standing lists: records that were seen and not finished, with every reason, and the pairs in conflict."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from tallystick.errors import UnknownRecord
from tallystick.ports import Commit, Parked, ParkedKind, Provider, Side, State
from tallystick.reconcile import reasons
from tallystick.reconcile.reasons import words


@attrs.frozen
class Listed:
    """One row of the standing lists: a record that was seen and not finished, with every reason in words.

    ``attempts`` counts how often its write was refused, ``retry_at`` is when it is tried again by itself. ``url``
    opens the record for editing, where the provider gives one.
    """

    side: Side
    id: str
    kind: ParkedKind
    reasons: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    url: str
    attempts: int = 0
    retry_at: datetime | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The reasons in words."""
        return tuple(words(reason) for reason in self.reasons)


def listed(rows: Iterable[Parked], providers: tuple[Provider[object], Provider[object]]) -> list[Listed]:
    """Return parked rows as a person reads them."""
    return [
        Listed(
            row.side,
            row.id,
            row.kind,
            row.reasons,
            row.first_seen,
            row.last_seen,
            url_of(providers[row.side], row.id),
            row.attempts,
            row.retry_at,
        )
        for row in rows
    ]


def url_of(provider: Provider[object], one: str) -> str:
    """Return where a person edits a record; an empty text where the provider does not say."""
    return provider.capabilities.record_url.replace("{id}", one)


def released(state: State, sync: str, side: Side, one: str, now: datetime) -> Parked:
    """Let a failed record be tried again by the next run, as if it had never failed, and return its row.

    Raises UnknownRecord where no such record has failed.
    """
    found: Sequence[Parked] = state.parked(sync, side, [one])
    if not found or found[0].kind is not ParkedKind.FAILED:
        raise UnknownRecord(
            "no such record has failed", where=f"{sync}, {side.label} {one}", remedy="failed() lists those that have"
        )
    why = tuple(reason for reason in found[0].reasons if reason != reasons.GAVE_UP)
    row = attrs.evolve(found[0], reasons=why, attempts=0, retry_at=now)
    state.commit(sync, Commit(parked=[row]))
    return row
