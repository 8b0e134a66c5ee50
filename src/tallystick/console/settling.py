"""Provide the page on which a person settles a conflict: both records side by side, whole or field by field.

Both are read when the page is made. What is sent back holds for the versions that it showed; where either is another
by now, nothing is written, and the page shows how both are now. Of two people who choose at once, one is told which run
has settled it, or is at it.
"""

import json
from collections.abc import Sequence

import attrs
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk, Visit
from tallystick.console.door import Action
from tallystick.console.forms import Form
from tallystick.console.links import outward
from tallystick.console.values import Shown, shown
from tallystick.console.words import told
from tallystick.errors import AlreadySettled, LeaseHeld, StalePlan, TallystickError, UnknownRecord, UsageError
from tallystick.ports import RunState, Side
from tallystick.sync import Comparison

_CONFLICT = 409
_UNFIT = 422
_RULE = "rule."
STALE = "A record has changed since this page was made. Nothing was written; this is how both are now: choose again."
SETTLED = "This conflict is settled by now, or was none. Nothing was written."
BUSY = "A run is at work on this sync right now. Nothing was written; try again in a moment."


@attrs.frozen
class Compared:
    """One field of the page: what either side shows of it, and whether it is to be chosen."""

    rule: str
    in_conflict: bool
    values: tuple[Shown, Shown]


async def conflict(desk: Desk, request: Request) -> Response:
    """Show both records of a conflict as they are now."""
    visit = await desk.looks(request, Action.READ)
    return await _page(visit, await _compared(visit))


async def resolve(desk: Desk, request: Request) -> Response:
    """Settle a conflict as the form says."""
    visit, form = await desk.writes(request, Action.RESOLVE, Action.READ)
    one = visit.query("id")
    try:
        winner, rules, versions = _choice(form)
        report = await visit.ask(
            visit.sync.resolve,
            visit.sync.resolve_async,
            one,
            winner,
            rules=rules,
            keep_both="keep_both" in form,
            versions=versions,
        )
    except (AlreadySettled, UnknownRecord) as error:
        return _refused(visit, told(error) if isinstance(error, AlreadySettled) else SETTLED)
    except LeaseHeld:
        return await _again(visit, form, BUSY)
    except StalePlan:
        return await _again(visit, None, STALE)
    except UsageError as error:
        return await _again(visit, form, told(error), _UNFIT)
    if report.state in (RunState.WARNING, RunState.PROBLEM):
        return await _again(visit, form, report.note or "The choice could not be written; try again.")
    return visit.go("conflicts", done="resolved")


async def _again(visit: Visit, form: Form | None, said: str, code: int = _CONFLICT) -> Response:
    """Show the conflict as it is now, or that it is one no more."""
    try:
        found = await _compared(visit)
    except UnknownRecord:
        return _refused(visit, SETTLED)
    except TallystickError as error:
        return _refused(visit, told(error) if form is None else said)
    return await _page(visit, found, form=form, code=code, said=said)


def _refused(visit: Visit, said: str) -> Response:
    return visit.page("refused.html", code=_CONFLICT, said=said, listed="conflicts")


async def _compared(visit: Visit) -> Comparison:
    return await visit.ask(visit.sync.compare, visit.sync.compare_async, visit.query("id"))


async def _page(
    visit: Visit, found: Comparison, *, form: Form | None = None, code: int = 200, said: str = ""
) -> Response:
    fields = [Compared(one.rule, one.in_conflict, (shown(one.values[0]), shown(one.values[1]))) for one in found.fields]
    return visit.page(
        "conflict.html",
        code=code,
        found=found,
        chosen=[one for one in fields if one.in_conflict],
        others=[one for one in fields if not one.in_conflict],
        seen=json.dumps(found.versions),
        before=form.under(_RULE) if form else {},
        keeps="keep_both" in form if form else False,
        urls=await _urls(visit, found),
        said=said,
        may_resolve=await visit.may(Action.RESOLVE),
    )


async def _urls(visit: Visit, found: Comparison) -> Sequence[str]:
    for row in await visit.ask(visit.sync.conflicts, visit.sync.conflicts_async):
        if row.id == found.id:
            return [outward(url) for url in row.urls]
    return ["", ""]


def _choice(form: Form) -> tuple[str | None, dict[str, str], tuple[str | None, str | None]]:
    """Return the winner, the choice for each field, and the versions that were seen. Raises UsageError."""
    winner = form.one("winner") or None
    rules = {} if winner else form.under(_RULE)
    if not winner and not rules:
        raise UsageError("nothing is chosen", remedy=f"choose a side for each field, or {Side.LEFT.label} or right")
    try:
        left, right = json.loads(form.one("seen"))
    except (ValueError, TypeError, RecursionError):
        raise UsageError("the form does not say which versions it showed", remedy="load the page again") from None
    if not all(version is None or isinstance(version, str) for version in (left, right)):
        raise UsageError("the form does not say which versions it showed", remedy="load the page again")
    return winner, rules, (left, right)
