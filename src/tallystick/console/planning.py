"""Provide the pages of plans: what a run would do now, what taking one back would, and a person's yes to either.

A plan is made when its page is, and shows ids and names of fields. It is kept nowhere: the form carries a digest of its
steps and figures, and the plan is made anew when it comes back. If it is another by then, nothing is done, and the page
shows the new one.
"""

from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk, Visit
from tallystick.console.door import Action, let_in
from tallystick.console.links import number_of
from tallystick.console.tables import notes_of, parked_of, writes_of
from tallystick.ports import RunState
from tallystick.reconcile.guards import CAPACITY
from tallystick.reconcile.plan import Plan

_MOST_STEPS = 200
_CONFLICT = 409
_MOVED = "This is no longer the plan that the page showed. Nothing was done; look at the new one."


async def plan(desk: Desk, request: Request) -> Response:
    """Show what a run would do now."""
    visit = await desk.looks(request, Action.PLAN)
    return await _page(visit, await visit.ask(visit.sync.plan, visit.sync.plan_async))


async def confirm(desk: Desk, request: Request) -> Response:
    """Confirm, for one run, what guards have stopped, and ask for that run."""
    visit, form = await desk.writes(request, Action.CONFIRM, Action.PLAN)
    made = await visit.ask(visit.sync.plan, visit.sync.plan_async)
    if form.one("plan") != _digest(visit, made):
        return await _page(visit, made, code=_CONFLICT, said=_MOVED)
    await visit.ask(visit.sync.confirm, visit.sync.confirm_async, made)
    await visit.ask(visit.sync.enqueue, visit.sync.enqueue_async)
    return visit.go("history", done="confirmed")


async def undo(desk: Desk, request: Request) -> Response:
    """Show what taking a run back would do."""
    visit = await desk.looks(request, Action.PLAN)
    return await _page(visit, await _undoing(visit))


async def take_back(desk: Desk, request: Request) -> Response:
    """Take a run back, with what guards have stopped if the form says so."""
    visit, form = await desk.writes(request, Action.UNDO, Action.PLAN)
    if "confirmed" in form:
        await let_in(desk.authorise, request, Action.CONFIRM, visit.name)
    made = await _undoing(visit)
    if form.one("plan") != _digest(visit, made):
        return await _page(visit, made, code=_CONFLICT, said=_MOVED)
    if made.stops and "confirmed" in form:
        await visit.ask(visit.sync.confirm, visit.sync.confirm_async, made)
        made = await _undoing(visit)
    report = await visit.ask(visit.sync.apply, visit.sync.apply_async, made)
    done = "undone" if report.state is RunState.COMPLETE else ""
    return visit.go("run", done=done, run=report.run)


async def _undoing(visit: Visit) -> Plan:
    return await visit.ask(visit.sync.undo, visit.sync.undo_async, number_of(visit.query("run")))


async def _page(visit: Visit, made: Plan, *, code: int = 200, said: str = "") -> Response:
    return visit.page(
        "undo.html" if made.undoes else "plan.html",
        code=code,
        plan=made,
        steps=made.steps[:_MOST_STEPS],
        writes=writes_of(made),
        parked=parked_of(made),
        notes=notes_of(made),
        asks=[figure for figure in made.figures if figure.asks],
        full=any(figure.name == CAPACITY for figure in made.stops),
        digest=_digest(visit, made),
        said=said,
        may_confirm=await visit.may(Action.CONFIRM),
        may_run=await visit.may(Action.RUN),
        may_undo=await visit.may(Action.UNDO),
    )


def _digest(visit: Visit, made: Plan) -> str:
    figures = [f"{one.name}={one.planned}/{one.allowed}" for one in made.figures]
    return visit.desk.seal.digest(visit.name, str(made.undoes), *(step.id for step in made.steps), *figures)
