"""Provide the page that explains why a record stands where it stands: names, versions and digests, no contents."""

from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk
from tallystick.console.door import Action
from tallystick.console.values import one_line
from tallystick.console.words import told
from tallystick.errors import ProviderError, UsageError
from tallystick.ports import Side
from tallystick.reconcile.reasons import words

_ENDS = 4
_NONE = "\N{EN DASH}"
_NOT_FOUND = 404


async def explain(desk: Desk, request: Request) -> Response:
    """Explain a record, or ask for which."""
    visit = await desk.looks(request, Action.LOOK)
    side, one = visit.query("side"), visit.query("id").strip()
    asked = {"side": side or Side.LEFT.label, "id": one}
    if not one:
        return visit.page("explain.html", found=None, asked=asked, said="")
    try:
        found = await visit.ask(visit.sync.explain, visit.sync.explain_async, asked["side"], one)
    except (UsageError, ProviderError) as error:
        return visit.page("explain.html", code=_NOT_FOUND, found=None, asked=asked, said=told(error))
    return visit.page(
        "explain.html",
        found=found,
        asked=asked,
        said="",
        decided=found.decision,
        why=[(one_line(words(code)), one_line(code)) for code in dict.fromkeys(found.reasons)],
        short=_short,
    )


def _short(digest: str | None) -> str:
    if not digest:
        return _NONE
    return digest if len(digest) <= 2 * _ENDS else f"{digest[:_ENDS]}…{digest[-_ENDS:]}"
