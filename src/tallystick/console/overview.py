"""Provide the first page: every sync that the visitor may see, with how it stands."""

import attrs
from starlette.requests import Request
from starlette.responses import Response

from tallystick.console.desk import Desk, Visit
from tallystick.console.door import Action
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
    who, visits = await desk.all_seen(request)
    first = _page_of(request, len(visits))
    cards = [await _card(visit) for visit in visits[first : first + _A_PAGE]]
    busy = any(card.status is not None and is_busy(card.status.last_run) for card in cards)
    return desk.page(
        request, "overview.html", who=who, cards=cards, busy=busy, first=first, most=_A_PAGE, total=len(visits)
    )


async def _card(visit: Visit) -> Card:
    token = visit.desk.seal.token(visit.who, visit.desk.clock.now())
    try:
        status = await visit.ask(visit.sync.status, visit.sync.status_async)
    except TallystickError as error:
        return Card(visit.name, token, None, None, told(error))
    return Card(visit.name, token, status, standing_of(status), "", await visit.may(Action.RUN))


def _page_of(request: Request, total: int) -> int:
    asked = request.query_params.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0  # noqa: PLR2004 -- digits
    return first if first < total else 0
