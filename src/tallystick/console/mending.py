"""Provide the page on which a person corrects a record, and the trying again of one that failed.

The record is read when the page is made, and again when the form comes back: only what was typed anew is written, and
only where the record is still the one that was shown. A correction that does not mend the record leaves it on the list,
with its new reason.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk, Visit
from tallystick.console.door import Action
from tallystick.console.fields import form_of, typed
from tallystick.console.forms import Form
from tallystick.console.words import told
from tallystick.errors import AlreadySettled, StalePlan, TallystickError
from tallystick.ports import Item, RunState
from tallystick.reconcile import Report
from tallystick.sync import Listed

_CONFLICT = 409
_UNFIT = 422
_STALE = "The record has changed since this page was made. Nothing was written; this is how it is now."


async def error(desk: Desk, request: Request) -> Response:
    """Show a record that can be corrected."""
    visit = await desk.looks(request, Action.READ)
    row = await _listed(visit)
    item = await _read(visit, row)
    return await _page(visit, row, item)


async def correct(desk: Desk, request: Request) -> Response:
    """Write a correction, have it synced, and say whether it has mended the record."""
    visit, form = await desk.writes(request, Action.CORRECT, Action.READ)
    row = await _listed(visit)
    item = await _read(visit, row)
    if form.one("shown") != _digest(visit, item):
        return await _page(visit, row, item, code=_CONFLICT, said=_STALE)
    try:
        fields = typed(item.record, form)
        if not fields:
            return visit.go("error", done="unchanged", side=row.side.label, id=row.id)
        report = await visit.ask(
            visit.sync.correct, visit.sync.correct_async, row.side, row.id, fields, version=item.version
        )
    except AlreadySettled as error:
        return visit.page("refused.html", code=_CONFLICT, said=told(error), listed="errors")
    except StalePlan:
        return await _page(visit, row, await _read(visit, row), code=_CONFLICT, said=_STALE)
    except TallystickError as error:
        return await _page(visit, row, item, form=form, code=_UNFIT, said=told(error))
    return await _ended(visit, row, report)


async def _ended(visit: Visit, row: Listed, report: Report) -> Response:
    """Say what became of a record that was corrected."""
    still = await _still_listed(visit, row)
    if still is not None:
        return await _page(visit, still, await _read(visit, still), code=_UNFIT, said=_unmended(still))
    if report.state in (RunState.WARNING, RunState.PROBLEM):
        return visit.go("run", run=report.run)
    return visit.go("errors", done="corrected")


async def release(desk: Desk, request: Request) -> Response:
    """Have a record that failed tried again by the next run."""
    visit, form = await desk.writes(request, Action.RUN)
    await visit.ask(visit.sync.release, visit.sync.release_async, form.one("side"), form.one("id"))
    return visit.go("errors", done="released")


async def _listed(visit: Visit) -> Listed:
    side, one = visit.query("side"), visit.query("id")
    for row in await visit.ask(visit.sync.errors, visit.sync.errors_async):
        if (row.side.label, row.id) == (side, one):
            return row
    raise HTTPException(404, "No error of this record is listed: it may have been mended by now.")


async def _still_listed(visit: Visit, row: Listed) -> Listed | None:
    rows = await visit.ask(visit.sync.errors, visit.sync.errors_async)
    return next((one for one in rows if (one.side, one.id) == (row.side, row.id)), None)


async def _read(visit: Visit, row: Listed) -> Item[object]:
    return await visit.ask(visit.sync.read, visit.sync.read_async, row.side, row.id)


async def _page(
    visit: Visit, row: Listed, item: Item[object], *, form: Form | None = None, code: int = 200, said: str = ""
) -> Response:
    fields = sorted(form_of(item.record), key=lambda field: field.name not in row.fields)
    return visit.page(
        "error.html",
        code=code,
        row=row,
        fields=fields,
        again=form,
        said=said,
        shown=_digest(visit, item),
        label=visit.desk.labels[row.side],
        may_correct=row.resolvable and await visit.may(Action.CORRECT),
    )


def _digest(visit: Visit, item: Item[object]) -> str:
    """Return by which the form knows whether the record is the one that its page showed, also without versions."""
    told = [f"{one.name}={one.value}" for field in form_of(item.record) for one in field.inputs]
    side, one = visit.query("side"), visit.query("id")
    return visit.desk.seal.digest(visit.name, side, one, item.version or "", *told)


def _unmended(row: Listed) -> str:
    return f"The correction is written, and the record is still not in order: {'; '.join(row.words)}."
