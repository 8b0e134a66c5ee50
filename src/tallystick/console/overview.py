"""Provide the first page: every sync that the visitor may see, with how it stands."""

import attrs
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk
from tallystick.console.door import Action
from tallystick.console.links import beginning
from tallystick.console.words import Standing, is_busy, standing_of, told
from tallystick.errors import TallystickError
from tallystick.sync import Status

_A_PAGE = 50


@attrs.frozen
class Card:
    """One sync of the page: its status, or why there is none."""

    name: str
    token: str
    status: Status | None
    standing: Standing | None
    trouble: str = ""
    may_run: bool = False


async def overview(desk: Desk, request: Request) -> Response:
    """Show all syncs."""
    seen = await desk.all_seen(request)
    first = beginning(request.query_params.get("from", ""), len(seen))
    cards = [await _card(desk, request, name, who) for name, who in seen[first : first + _A_PAGE]]
    busy = any(card.status is not None and is_busy(card.status.last_run) for card in cards)
    return desk.page(
        request, "overview.html", who=seen[0][1], cards=cards, busy=busy, first=first, most=_A_PAGE, total=len(seen)
    )


async def _card(desk: Desk, request: Request, name: str, who: str) -> Card:
    token = desk.seal.token(who, desk.clock.now())
    try:
        visit = desk.visit(request, who, name)
        status = await visit.ask(visit.sync.status, visit.sync.status_async)
    except TallystickError as error:
        return Card(name, token, None, None, told(error))
    return Card(name, token, status, standing_of(status), "", await visit.may(Action.RUN))
