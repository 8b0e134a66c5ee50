"""Provide the observing: each side's changes since its cursor, page by page, until the feed says it is complete."""

from functools import partial

import attrs

from tallystick.errors import CursorExpired, Unavailable
from tallystick.ports import SIDES, Page, Scope, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records

_REPEATS_AT_MOST = 10_000
"""By how many the pages that tell only what their reading has told may outnumber those that tell anything new."""


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
    repeats = 0
    while True:
        page = yield from calls.patiently(partial(calls.changes, side, at, scope))
        repeats += _repeats(page, items, unlisted)
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
            raise _endless("the feed leads back to a page that was read, without end", side)
        if repeats > _REPEATS_AT_MOST and not full:
            raise CursorExpired("the feed tells what it has told, without end", where=f"{side.label} side")
        if repeats > _REPEATS_AT_MOST:
            raise _endless("the feed tells what it has told, without end", side)
        at = page.cursor


def _repeats(page: Page[object], items: Records, unlisted: set[str]) -> int:
    """Return 1 for a page that tells only what was told before it, -1 for one with anything new, 0 for an empty one."""
    gone = {*page.unlisted, *page.unreadable}
    if not (page.items or gone):
        return 0
    return 1 if gone <= unlisted and all(items.get(item.id) == item for item in page.items) else -1


def _endless(what: str, side: Side) -> Unavailable:
    remedy = "the next run tries again; if it stays so, the provider's changes() has to be mended"
    return Unavailable(what, where=f"{side.label} side", remedy=remedy)
