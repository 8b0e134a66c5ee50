"""Provide the rows that values become, and the values that rows become again.

The order of the columns is that of :mod:`.statements`. Rows are read by the ten thousand, so values
are built by position, and what many rows share is shared: the names of layouts, the pairs of members, a base that is
the same on both sides.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from tallystick.ports import (
    Batch,
    Claim,
    Head,
    Intent,
    Lease,
    Link,
    Parked,
    ParkedKind,
    RunRow,
    RunState,
    Side,
    WriteKind,
)
from tallystick.state import checks

Row = tuple[Any, ...]
LINK_LAYOUT = 3
BATCH_LAYOUT = 3
"""Where the number of the layout stands in a row that was read."""
NOBODY = (b"", b"")
"""The identities of a pair that no other sync has anything to do with."""

_NO_FIGURES = "{}"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MEMBERS = ((False, False), (True, False), (False, True), (True, True))
_SIDES = tuple(Side)
KINDS = {kind.value: kind for kind in ParkedKind}
_STATES = {state.value: state for state in RunState}
_WRITES = {kind.value: kind for kind in WriteKind}


def micros(moment: datetime | None) -> int | None:
    """Return a time as the microseconds since 1970 in UTC."""
    return None if moment is None else (checks.instant(moment) - _EPOCH) // _MICROSECOND


def to_moment(micros: int | None) -> datetime | None:
    """Return the time that was packed, in UTC."""
    return None if micros is None else _EPOCH + micros * _MICROSECOND


def known_moment(micros: int) -> datetime:
    """Return a time that is known to be there."""
    return _EPOCH + micros * _MICROSECOND


def head_row(head: Head) -> Row:
    """Return a head as it is kept."""
    return (
        head.revision,
        head.layout,
        *head.extents,
        *head.accounts,
        *head.cursors,
        int(head.enabled),
        int(head.initial),
        _json(dict(head.confirmed)) if head.confirmed else _NO_FIGURES,
        head.links,
        _json({kind.value: head.parked[kind] for kind in sorted(head.parked)}),
    )


def to_head(row: Row) -> Head:
    """Return the head that was kept."""
    (revision, layout, *pairs, enabled, initial, confirmed, links, parked) = row
    left_extent, right_extent, left_account, right_account, left_cursor, right_cursor = pairs
    return Head(
        revision,
        layout,
        (left_extent, right_extent),
        (left_account, right_account),
        (left_cursor, right_cursor),
        bool(enabled),
        bool(initial),
        _parsed(confirmed),
        links,
        {KINDS[kind]: count for kind, count in _parsed(parked).items()},
    )


def link_rows(sync: int, links: Iterable[Link], layouts: Mapping[str, int]) -> Iterator[Row]:
    """Yield links as they are kept: LINK_VALUES, the sync, both ids, and the number."""
    for link in links:
        left, right = link.base
        yield (
            *link.versions,
            link.members[0] + 2 * link.members[1],
            layouts[link.layout],
            left,
            None if left == right else right,
            link.decided or None,
            link.identities[0] or None,
            link.identities[1] or None,
            sync,
            *link.ids,
            link.number or None,
        )


def plain_link_rows(sync: int, links: Iterable[Link], layouts: Mapping[str, int]) -> Iterator[Row]:
    """Yield new links without identities as they are kept: LINK_FACTS, the sync, and both ids."""
    for link in links:
        (left_version, right_version), (left, right), (one, other) = link.versions, link.base, link.ids
        members = link.members[0] + 2 * link.members[1]
        base = None if left is right or left == right else right
        layout, decided = layouts[link.layout], link.decided or None
        yield left_version, right_version, members, layout, left, base, decided, sync, one, other


def to_links(rows: Iterable[Row], layouts: Mapping[int, str]) -> list[Link]:
    """Return the links that were kept."""
    return [
        Link(
            (left, right),
            (left_version, right_version),
            _MEMBERS[members],
            (left_base, left_base if right_base is None else right_base),
            layouts[layout],
            number,
            decided or "",
            (identity or b"", other or b"") if identity or other else NOBODY,
        )
        for (
            left_version,
            right_version,
            members,
            layout,
            left_base,
            right_base,
            decided,
            identity,
            other,
            left,
            right,
            number,
        ) in rows
    ]


def parked_row(sync: int, row: Parked) -> Row:
    """Return a parked row as it is kept: PARKED_VALUES, with the sync last."""
    return (
        int(row.side),
        row.id,
        row.version,
        row.kind.value,
        _reasons(row.reasons),
        ",".join(key.hex() for key in row.keys) if row.keys else None,
        row.attempts,
        micros(row.first_seen),
        micros(row.last_seen),
        micros(row.retry_at),
        sync,
    )


def to_parked(row: Row) -> Parked:
    """Return the parked row that was kept."""
    side, id_, version, kind, reasons, keys, attempts, first_seen, last_seen, retry_at = row
    return Parked(
        _SIDES[side],
        id_,
        version,
        KINDS[kind],
        _to_reasons(reasons),
        to_keys(keys),
        attempts,
        to_moment(first_seen),
        to_moment(last_seen),
        to_moment(retry_at),
    )


@lru_cache(maxsize=256)
def _reasons(reasons: tuple[str, ...]) -> str:
    """Return reasons as they are kept."""
    return _json(reasons)


@lru_cache(maxsize=256)
def _to_reasons(text: str) -> tuple[str, ...]:
    """Return reasons as they were kept; they are codes, and few."""
    return tuple(_parsed(text))


def to_keys(packed: str | None) -> tuple[bytes, ...]:
    """Return the keys that were kept of a parked row."""
    return () if packed is None else tuple(map(bytes.fromhex, packed.split(",")))


def batch_row(sync: int, batch: Batch, layouts: Mapping[str, int]) -> Row:
    """Return a batch as it is kept: BATCH and the sync.

    All intents are one text, and all bases one run of bytes after another: a row for each would cost five times more.
    """
    intents: list[Row] = []
    bases: list[bytes] = []
    claims = 0
    for intent in batch.intents:
        claims |= intent.identities != NOBODY
        left, right = intent.base
        same = left == right
        bases += (left,) if same else (left, right)
        intents.append(
            (
                intent.token,
                intent.kind,
                *intent.ids,
                *intent.versions,
                intent.members[0] + 2 * intent.members[1],
                len(left),
                None if same else len(right),
                *(() if intent.identities == NOBODY else map(bytes.hex, intent.identities)),
            )
        )
    packed = _json(intents), b"".join(bases), claims or None
    return int(batch.side), micros(batch.at), layouts[batch.layout], *packed, sync


def to_batch(row: Row, layouts: Mapping[int, str]) -> Batch:
    """Return the batch that was kept."""
    number, side, at, layout, packed, bases, _ = row
    intents: list[Intent] = []
    start = 0
    for intent in _parsed(packed):
        token, kind, left, right, left_version, right_version, members, left_size, right_size, *identities = intent
        middle = start + left_size
        end = middle + (right_size or 0)
        base = bases[start:middle]
        both = (base, base if right_size is None else bases[middle:end])
        versions = (left_version, right_version)
        claimed = tuple(map(bytes.fromhex, identities)) or (b"", b"")
        known = Intent(token, _WRITES[kind], (left, right), versions, _MEMBERS[members], both, (claimed[0], claimed[1]))
        intents.append(known)
        start = end
    return Batch(_SIDES[side], known_moment(at), layouts[layout], tuple(intents), number)


def to_claims(row: Row) -> Iterator[Claim]:
    """Yield what the intents of a batch claim, of a row of its sync's name and its intents."""
    sync, packed = row
    for _, _, left, right, *_, last, other in _parsed(packed):
        for identity in (last, other):
            if isinstance(identity, str) and identity:
                yield Claim(bytes.fromhex(identity), sync, (left, right), under_way=True)


def run_row(sync: int, run: RunRow) -> Row:
    """Return a run as it is kept: RUN and the sync."""
    return (
        run.state.value,
        int(run.initial),
        micros(run.enqueued),
        micros(run.started),
        micros(run.ended),
        run.synced,
        run.ignored,
        _json(dict(run.counts)),
        run.note,
        sync,
    )


def to_run(row: Row) -> RunRow:
    """Return the run that was kept."""
    number, state, initial, enqueued, started, ended, synced, ignored, counts, note = row
    return RunRow(
        _STATES[state],
        number,
        bool(initial),
        to_moment(enqueued),
        to_moment(started),
        to_moment(ended),
        synced,
        ignored,
        dict(_to_counts(counts)),
        note,
    )


@lru_cache(maxsize=256)
def _to_counts(text: str) -> Mapping[str, int]:
    """Return the counts that were kept of a run: those of one run are often those of the next."""
    return MappingProxyType(_parsed(text))


def lease_row(sync: str, lease: Lease) -> Row:
    """Return a lease as it is kept: the columns of LEASE, with the name of the sync last."""
    span = None if lease.span is None else lease.span // _MICROSECOND
    return lease.worker, lease.token, micros(lease.until), span, sync


def to_lease(row: Row) -> Lease:
    """Return the lease that was kept."""
    worker, token, until, span = row
    return Lease(worker, token, known_moment(until), None if span is None else span * _MICROSECOND)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder()


def _json(value: Mapping[str, int] | Sequence[object]) -> str:
    return _ENCODER.encode(value)


def _parsed(text: str) -> Any:  # noqa: ANN401 -- what JSON may hold
    """Return what :func:`_json` has written; at once, without looking for white space around it."""
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("there is more than one value")
    return value
