"""Provide the pages of one sync's runs: how it stands, its history with a chart, one run, and the asking for a run."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.chart import chart_of
from tallystick.console.desk import Desk
from tallystick.console.door import Action
from tallystick.console.links import number_of
from tallystick.console.tables import rows_of
from tallystick.console.words import STANDINGS, is_busy, standing_of
from tallystick.ports import KEPT_RUNS
from tallystick.reconcile.report import Bucket
from tallystick.sync.finishing import GUARD
from tallystick.sync.tally import written_by_kind


async def history(desk: Desk, request: Request) -> Response:
    """Show how a sync stands, and its latest runs."""
    visit = await desk.looks(request, Action.LOOK)
    sync = visit.sync
    status = await visit.ask(sync.status, sync.status_async)
    runs = await visit.ask(sync.history, sync.history_async, KEPT_RUNS)
    waiting = {
        "conflicts": len(await visit.ask(sync.conflicts, sync.conflicts_async)),
        "errors": len(await visit.ask(sync.errors, sync.errors_async)),
        "ignored": len(await visit.ask(sync.ignored, sync.ignored_async)),
    }
    return visit.page(
        "history.html",
        status=status,
        standing=standing_of(status),
        runs=runs,
        chart=chart_of(runs),
        waiting=waiting,
        busy=is_busy(status.last_run),
        may_run=await visit.may(Action.RUN),
    )


async def run(desk: Desk, request: Request) -> Response:
    """Show one run."""
    visit = await desk.looks(request, Action.LOOK)
    number = number_of(visit.query("run"))
    runs = await visit.ask(visit.sync.history, visit.sync.history_async, KEPT_RUNS)
    found = next((one for one in runs if one.number == number), None)
    if found is None:
        raise HTTPException(404, "There is no such run, or it is one of long ago that is kept no more.")
    return visit.page(
        "run.html",
        run=found,
        writes=rows_of(written_by_kind(found)),
        buckets=[(bucket.value, found.counts[bucket.value]) for bucket in Bucket if found.counts.get(bucket.value)],
        stops=[(name.removeprefix(GUARD), count) for name, count in found.counts.items() if name.startswith(GUARD)],
        standing=STANDINGS[found.state],
        busy=is_busy(found),
        may_undo=found.ended is not None and await visit.may(Action.UNDO),
    )


async def now(desk: Desk, request: Request) -> Response:
    """Ask for a run; while one waits or goes on, none is added."""
    visit, _ = await desk.writes(request, Action.RUN)
    await visit.ask(visit.sync.enqueue, visit.sync.enqueue_async)
    return visit.go("history", done="enqueued")
