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

    @property
    def resolvable(self) -> bool:
        """Whether missing or invalid data is the reason, which a correction of the record mends."""
        return any(map(reasons.is_resolvable, self.reasons))


@attrs.frozen
class Conflict:
    """One pair whose sides changed the same things, and that waits for a person to choose.

    ``id`` names it, and is the left record's. ``ids``, ``versions`` (as of when it was found) and ``urls`` are by side;
    ``rules`` are the names of what both changed. The values themselves are with the providers.
    """

    id: str
    ids: tuple[str, str]
    versions: tuple[str | None, str | None]
    rules: tuple[str, ...]
    first_seen: datetime | None
    urls: tuple[str, str]


def conflicts(state: State, sync: str, providers: tuple[Provider[object], Provider[object]]) -> list[Conflict]:
    """Return the pairs in conflict, oldest first."""
    rows = state.parked_list(sync, ParkedKind.CONFLICT)
    there = {row.id: row for row in rows if row.side is Side.RIGHT}
    here = [row for row in rows if row.side is Side.LEFT]
    links = {link.ids[0]: link.ids[1] for link in state.links(sync, Side.LEFT, [row.id for row in here])}
    found = []
    for row in here:
        ids = (row.id, links.get(row.id, ""))
        other = there.get(ids[1])
        rules = tuple(reason.partition(":")[2] for reason in row.reasons)
        urls = (url_of(providers[0], ids[0]), url_of(providers[1], ids[1]) if ids[1] else "")
        found.append(
            Conflict(row.id, ids, (row.version, other.version if other else None), rules, row.first_seen, urls)
        )
    return found


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


def errors(rows: Iterable[Listed], *, resolvable: bool | None) -> list[Listed]:
    """Return the rows of records that failed, or are ignored for missing or invalid data; only one kind if asked."""
    found = [row for row in rows if row.kind is ParkedKind.FAILED or row.resolvable]
    return [row for row in found if resolvable in (None, row.resolvable)]


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
