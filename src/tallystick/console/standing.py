"""Provide the pages of the standing lists: ignored records, errors, conflicts; filtered, a hundred rows at a time."""

from collections.abc import Sequence
from typing import TypeVar

import attrs
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk, Visit
from tallystick.console.door import Action
from tallystick.console.links import beginning
from tallystick.ports import ParkedKind, Side
from tallystick.reconcile.reasons import words
from tallystick.sync import Listed

T = TypeVar("T")

_A_PAGE = 100
_RESOLVABLE = {"yes": True, "no": False}


@attrs.frozen
class Rows:
    """A part of a list: which rows, how many there are in all, and how many fit the filter."""

    rows: Sequence[object]
    first: int
    fitting: int
    total: int
    most: int = _A_PAGE


async def ignored(desk: Desk, request: Request) -> Response:
    """Show the records that are not synced, with every reason."""
    visit = await desk.looks(request, Action.LOOK)
    found = await visit.ask(visit.sync.ignored, visit.sync.ignored_async)
    reasons = sorted({code for row in found for code in row.reasons}, key=words)
    fitting = [row for row in found if _fits(visit, row)]
    return visit.page(
        "ignored.html",
        part=_part(visit, fitting, len(found)),
        reasons=reasons,
        asked=_asked(visit),
        may_correct=await visit.may(Action.CORRECT),
    )


async def errors(desk: Desk, request: Request) -> Response:
    """Show the records that failed, or lack what a correction mends."""
    visit = await desk.looks(request, Action.LOOK)
    found = await visit.ask(visit.sync.errors, visit.sync.errors_async)
    asked = _RESOLVABLE.get(visit.query("resolvable"))
    fitting = [row for row in found if asked in (None, row.resolvable) and _fits(visit, row)]
    return visit.page(
        "errors.html",
        part=_part(visit, fitting, len(found)),
        asked=_asked(visit),
        failed=ParkedKind.FAILED,
        may_correct=await visit.may(Action.CORRECT),
        may_release=await visit.may(Action.RUN),
    )


async def conflicts(desk: Desk, request: Request) -> Response:
    """Show the pairs that wait for a person to choose."""
    visit = await desk.looks(request, Action.LOOK)
    found = await visit.ask(visit.sync.conflicts, visit.sync.conflicts_async)
    text = visit.query("text").casefold()
    fitting = [row for row in found if text in " ".join((*row.ids, *row.rules)).casefold()]
    return visit.page(
        "conflicts.html",
        part=_part(visit, fitting, len(found)),
        asked=_asked(visit),
        may_read=await visit.may(Action.READ),
    )


def _fits(visit: Visit, row: Listed) -> bool:
    side, reason, text = visit.query("side"), visit.query("reason"), visit.query("text").casefold()
    if side in {one.label for one in Side} and row.side.label != side:
        return False
    if reason and reason not in row.reasons:
        return False
    return text in " ".join((row.id, *row.words)).casefold()


def _asked(visit: Visit) -> dict[str, str]:
    return {name: visit.query(name) for name in ("side", "reason", "text", "resolvable")}


def _part(visit: Visit, rows: Sequence[object], total: int) -> Rows:
    first = beginning(visit.query("from"), len(rows))
    return Rows(rows[first : first + _A_PAGE], first, len(rows), total)
