"""Provide the exact check that the job by hand (:mod:`by_hand`) and the library come to the same, record by record.

Of the plans: every link, every step with what it writes and the base it leaves, every parked record with its reasons
and with what brings it back. After both were applied: every record of both sides, every link and parked row on disk.
"""

import sqlite3
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import hand_written
from world import World

import tallystick as ts
from tallystick.ports import Link, WriteKind
from tallystick.reconcile import Step

_LINKS = "SELECT left_id, right_id, left_version, right_version, members, left_base, right_base, decided FROM links"
_PARKED = "SELECT side, id, version, reasons, keys FROM parked"
_KEYS = "SELECT side, id, key FROM parked_keys JOIN parked ON parked.number = parked_keys.parked"


def check_plans(by_hand: hand_written.Plan, plan: ts.Plan) -> None:
    """Exit with what differs, if anything does, between what is planned by hand and by the library."""
    _same("links", {row[:2]: row for row in by_hand.links}, {link.ids: _link(link) for link in plan.links})
    _same("steps", dict(map(_written, (one for part in by_hand.writes for one in part))), dict(map(_step, plan.steps)))
    parked = {(row.side, row.id): (row.version, row.reasons, row.keys) for row in by_hand.parked}
    _same("parked records", parked, {(row.side, row.id): (row.version, row.reasons, row.keys) for row in plan.parked})
    _same("cursors", dict(enumerate(by_hand.cursors)), dict(enumerate(plan.cursors_after)))


def check_applied(worlds: tuple[World, World], states: tuple[Path, Path]) -> None:
    """Exit with what differs after both plans were applied, the one by hand first: on the sides and on disk."""
    by_hand, library = worlds
    _same("contacts", by_hand.outlook.contacts.all(), library.outlook.contacts.all())
    _same("entries", by_hand.crm.entries.all(), library.crm.entries.all())
    mine, theirs = map(_kept, states)
    for what in mine:
        _same(f"{what} on disk", mine[what], theirs[what])


def _same(what: str, by_hand: Mapping[Any, object], library: Mapping[Any, object]) -> None:
    """Exit with code 1 and say how many differ, and which comes first, by id and without its contents."""
    if by_hand == library:
        return
    alone = [[one for one in found if one not in other] for found, other in ((by_hand, library), (library, by_hand))]
    differing = [one for one in by_hand if one in library and by_hand[one] != library[one]]
    first = next(iter((*differing, *alone[0], *alone[1])))
    raise SystemExit(
        f"the job by hand and the library disagree: of {len(library):,} {what}, {len(differing):,} differ,"
        f" {len(alone[0]):,} are by hand alone, {len(alone[1]):,} the library's alone; the first is {first!r}"
    )


def _link(link: Link) -> tuple[object, ...]:
    """Return a link as it is kept."""
    left, right = link.base
    members = link.members[0] + 2 * link.members[1]
    return *link.ids, *link.versions, members, left, None if left == right else right, link.decided


def _written(step: hand_written.Step) -> tuple[Hashable, object]:
    place = (step.side, step.target, step.source)
    bases = (step.base[1 - step.side], step.own)
    kind = WriteKind.UPDATE if step.target else WriteKind.CREATE
    return place, (kind, step.version, step.source_version, step.change, step.token, step.decided, step.told, bases)


def _step(step: Step) -> tuple[Hashable, object]:
    """Return what a step of the library is: of a new record, whose version is not known yet, that it will be kept."""
    after = step.after
    if after is None:
        raise SystemExit(f"the library plans a step that leaves no link: {step.kind} on the {step.side.label} side")
    place = (int(step.side), step.target, step.source)
    bases = (after.base[step.side.other], b"".join(step.entries))
    created = step.kind is WriteKind.CREATE
    change = step.record if created else step.fields
    told = (True, True) if created else (after.versions[0] is not None, after.versions[1] is not None)
    decided = after.decided
    return place, (step.kind, step.version, step.source_version, change, step.token, decided, told, bases)


def _kept(path: Path) -> dict[str, dict[object, object]]:
    database = sqlite3.connect(path)
    try:
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "links": database.execute(_LINKS).fetchall(),
            "parked rows": database.execute(_PARKED).fetchall(),
            "keys of parked rows": database.execute(_KEYS).fetchall(),
            "batches in the journal": database.execute("SELECT number FROM batches").fetchall(),
        }
    finally:
        database.close()
    return {
        what: {row[:2] if what != "keys of parked rows" else row: row for row in found} for what, found in rows.items()
    }
