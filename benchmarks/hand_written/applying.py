"""Provide the writing: a batch is in the journal, on the disk, before it is sent; its links go there with the next."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from world import World

from hand_written.matching import LABELS, SCOPES, Parked
from hand_written.planning import HALF, Plan, Row, Step, link, resting
from hand_written.values import READ
from tallystick.ports import Create, Status, Update

_TABLES = """
CREATE TABLE links (
    number INTEGER PRIMARY KEY, left_id TEXT NOT NULL UNIQUE, right_id TEXT NOT NULL UNIQUE, left_version TEXT,
    right_version TEXT, members INTEGER NOT NULL, left_base BLOB NOT NULL, right_base BLOB, decided TEXT NOT NULL
);
CREATE TABLE parked (
    number INTEGER PRIMARY KEY, side INTEGER NOT NULL, id TEXT NOT NULL, version TEXT, reasons TEXT NOT NULL,
    keys TEXT, seen INTEGER NOT NULL, UNIQUE (side, id)
);
CREATE TABLE parked_keys (key BLOB NOT NULL, parked INTEGER NOT NULL, PRIMARY KEY (key, parked)) WITHOUT ROWID;
CREATE TABLE batches (
    number INTEGER PRIMARY KEY, side INTEGER NOT NULL, at TEXT NOT NULL, intents TEXT NOT NULL, bases BLOB NOT NULL
);
CREATE TABLE cursors (side INTEGER PRIMARY KEY, cursor TEXT NOT NULL);
"""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def apply(world: World, made: Plan, path: Path) -> None:
    """Do all of it, and keep links, parked rows and cursors at ``path``."""
    providers: tuple[Any, Any] = (world.outlook.contacts, world.crm.entries)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(_TABLES)
    at = world.clock.now().isoformat()
    rows: list[Row] = []
    first_halves: dict[str, str | None] = {}
    for steps in made.writes:
        size = providers[steps[0].side].capabilities.batch_size if steps else 1
        for start in range(0, len(steps), size):
            batch = steps[start : start + size]
            side = batch[0].side
            with resting():
                intents = _intents(batch)
            database.execute("BEGIN IMMEDIATE")
            _settle(database, rows)
            database.execute("INSERT INTO batches (side, at, intents, bases) VALUES (?, ?, ?, ?)", (side, at, *intents))
            database.execute("COMMIT")
            outcomes = _send(providers[side], batch)
            with resting():
                rows = list(_answered(batch, outcomes, first_halves))
    database.execute("BEGIN IMMEDIATE")
    _settle(database, rows)
    _settle(database, made.links)
    _keep_parked(database, made.parked, at)
    database.executemany("INSERT INTO cursors VALUES (?, ?)", enumerate(made.cursors))
    database.execute("COMMIT")
    database.close()


def _intents(batch: Sequence[Step]) -> tuple[str, bytes]:
    """Return what the journal notes of a batch: tokens, ids, versions and digests, never values."""
    noted, bases = [], []
    for step in batch:
        left, right = step.base
        bases.append(left if left == right else left + right)
        noted.append((step.token, step.target, step.source, step.version, step.source_version, step.members))
    return _JSON(noted), b"".join(bases)


def _send(provider: Any, batch: Sequence[Step]) -> list[Any]:  # noqa: ANN401 - of either side
    scope = SCOPES[batch[0].side]
    if batch[0].target:
        updates = [Update(one.target, one.version, one.change, None, one.token) for one in batch]
        return list(provider.update(updates, scope))
    return list(provider.create([Create(one.token, one.change) for one in batch], scope))


def _answered(batch: Sequence[Step], outcomes: Sequence[Any], first_halves: dict[str, str | None]) -> Iterator[Row]:
    """Yield the links after a batch; raise RuntimeError where a service has done anything else than was asked of it."""
    read = READ[batch[0].side]
    for step, outcome in zip(batch, outcomes, strict=True):
        item = outcome.item
        if outcome.status is not Status.DONE or (item.record is not step.change and read(item.record) != step.shows):
            raise RuntimeError(f"not done as planned: a write on the {LABELS[step.side]} side: {outcome.status}")
        side, told = step.side, step.told
        version = item.version if told[side] else None
        there = first_halves.get(step.source, step.source_version) if told[1 - side] else None
        if step.members == HALF:
            first_halves[item.id] = item.version
        if side:
            yield link((step.source, item.id), (there, version), step.members, step.base, step.decided)
        else:
            yield link((item.id, step.source), (version, there), step.members, step.base, step.decided)


def _settle(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Keep the links after a batch, and take its intents out of the journal; second halves replace the first."""
    database.execute("DELETE FROM batches")
    database.executemany(
        "INSERT OR REPLACE INTO links (left_id, right_id, left_version, right_version, members, left_base, right_base,"
        " decided) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _keep_parked(database: sqlite3.Connection, parked: list[Parked], at: str) -> None:
    rows = [
        (
            number,
            one.side,
            one.id,
            one.version,
            _JSON(one.reasons),
            ",".join([key.hex() for key in one.keys]) or None,
            at,
        )
        for number, one in enumerate(parked)
    ]
    database.executemany("INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    keys = [(key, number) for number, one in enumerate(parked) for key in {*one.keys}]
    database.executemany("INSERT INTO parked_keys VALUES (?, ?)", keys)
