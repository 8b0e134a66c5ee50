"""Provide what may rest although a feed tells of it: what was set aside, and what is not to be tried again yet. Pure.

A write that failed, or got no answer, has a budget of attempts, and each is put off longer than the one before. Feeds
go on telling of its records meanwhile: cursors do not move over what has no outcome, and full listings tell of all.
Nothing rests that has changed since, whose time has come, or in an initial run.
"""

from collections.abc import Iterable

from tallystick.ports import Item, Parked, ParkedKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context

_SET_ASIDE = (ParkedKind.IGNORED, ParkedKind.PASSED_OVER)


def stays_aside(context: Context, row: Parked, item: Item[object]) -> bool:
    """Tell whether a record that was set aside, or is not to be tried again yet, stays so: it has not changed."""
    unchanged = row.version == item.version and item.version is not None
    # A record whose counterpart was merged away is not made anew by an initial run either.
    lasting = not context.initial or row.reasons == (reasons.UNIQUE_ID,)
    return unchanged and lasting and (row.kind in _SET_ASIDE or _is_put_off(context, row))


def awaits_answer(context: Context, row: Parked | None, item: Item[object]) -> bool:
    """Tell whether a pair rests because its last write got no answer, and is not to be tried again yet."""
    return row is not None and reasons.UNANSWERED in row.reasons and stays_aside(context, row, item)


def gone_for_now(context: Context, rows: Iterable[Parked]) -> set[str]:
    """Return the absent records among these rows whose pairs rest: what was to end them got no answer."""
    if context.initial:
        return set()
    return {row.id for row in rows if reasons.UNANSWERED in row.reasons and _is_put_off(context, row)}


def _is_put_off(context: Context, row: Parked) -> bool:
    due = row.retry_at is not None and row.retry_at <= context.now
    return row.kind is ParkedKind.FAILED and row.attempts > 0 and not due
