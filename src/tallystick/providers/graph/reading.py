"""Provide the reading of answers: the object that one is, whether it says there is none, listings of many pages."""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.codecs.graph import provider_error
from tallystick.codecs.graph.values import Json, objects, text
from tallystick.errors import MalformedAnswer, ScopeGone
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all
from tallystick.providers.graph.wire import Wire

_NO_SUCH_ID: Final = frozenset({"errorinvalididmalformed", "invalidid", "errorinvalidid"})
_MOST_PAGES: Final = 200


def answered(answer: Answer, *, listing: bool = False) -> Json:
    """Return the object that was answered. Raises what the service's error means."""
    if answer.fault is not None:
        raise provider_error(answer.fault, listing=listing)
    return answer.body


def is_gone(answer: Answer) -> bool:
    """Tell whether an object is not there, or could not be there under such an id."""
    fault = answer.fault
    codes = {code.casefold() for code in fault.codes} if fault else set()
    if answer.status == 404:  # noqa: PLR2004 -- not found
        return fault is not None and not isinstance(
            provider_error(attrs.evolve(fault, status=400), listing=True), ScopeGone
        )
    return answer.status == 400 and bool(codes & _NO_SUCH_ID)  # noqa: PLR2004 -- a bad request


def read_categories(wire: Wire, base: str) -> Asking[Sequence[str]]:
    """Return the categories of the mailbox's own list."""
    rows = yield from read_rows(wire, f"{base}/outlook/masterCategories")
    return [text(row, "displayName") for row in rows]


def read_rows(wire: Wire, path: str) -> Asking[list[Json]]:
    """Return all rows of a plain listing."""
    (rows,) = yield from read_listings(wire, [path], quiet=False)
    return rows


def read_listings(wire: Wire, paths: Sequence[str], *, quiet: bool = True) -> Asking[list[list[Json]]]:
    """Return all rows of several plain listings, read side by side.

    Raises MalformedAnswer where one does not end.
    """
    rows: list[list[Json]] = [[] for _ in paths]
    following = dict(enumerate(paths))
    for _ in range(_MOST_PAGES):
        answers = yield from ask_all([Ask("GET", path, quiet=quiet) for path in following.values()])
        links: dict[int, str] = {}
        for number, answer in zip(following, answers, strict=True):
            data = answered(answer, listing=True)
            rows[number] += objects(data, "value")
            if link := text(data, "@odata.nextLink"):
                links[number] = wire.path_of(link)
        if not links:
            return rows
        following = links
    raise MalformedAnswer("pages that do not come to an end", where="@odata.nextLink", remedy="ask again")
