"""Provide the observing: each side's changes since its cursor, page by page, until the feed says it is complete."""

from functools import partial

import attrs

from tallystick.errors import CursorExpired, Unavailable
from tallystick.ports import SIDES, Scope, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records


@attrs.define
class Observed:
    """What one side's feed said. ``full`` says that it listed every member of the scope, so that ids can be missed.

    ``unreadable`` are those of the ``unlisted`` that are there and could not be shown.
    """

    side: Side
    items: Records
    unlisted: set[str]
    cursor: str
    full: bool
    unreadable: frozenset[str] = frozenset()


def observe_both(
    cursors: tuple[str | None, str | None], scopes: tuple[Scope, Scope]
) -> Call[tuple[Observed, Observed]]:
    """Read both feeds to their ends, side by side."""
    left, right = yield from calls.together([observe(side, cursors[side], scopes[side]) for side in SIDES])
    return (left, right)


def observe(side: Side, cursor: str | None, scope: Scope) -> Call[Observed]:
    """Read a side's feed to its end; from the beginning where the cursor has expired."""
    try:
        return (yield from _read(side, cursor, scope))
    except CursorExpired:
        if cursor is None:
            raise
        return (yield from _read(side, None, scope))


def _read(side: Side, cursor: str | None, scope: Scope) -> Call[Observed]:
    items: Records = {}
    unlisted: set[str] = set()
    unreadable: set[str] = set()
    full = cursor is None
    at = cursor
    asked: set[str | None] = set()
    while True:
        page = yield from calls.patiently(partial(calls.changes, side, at, scope))
        for one in (*page.unlisted, *page.unreadable):
            items.pop(one, None)
            unlisted.add(one)
        items.update({item.id: item for item in page.items})
        if unlisted:
            unlisted.difference_update(item.id for item in page.items)
            unreadable = (unreadable - {*page.unlisted} | {*page.unreadable}) & unlisted
        if page.complete:
            return Observed(side, items, unlisted, page.cursor, full, frozenset(unreadable))
        asked.add(at)
        if page.cursor in asked:
            raise Unavailable(
                "the feed leads back to a page that was read, without end",
                where=f"{side.label} side",
                remedy="the next run tries again; if it stays so, the provider's changes() has to be mended",
            )
        at = page.cursor
