"""Provide listings and delta queries: pages, their links, and the few filters that a sync asks for.

Links are opaque and hold everything that was asked for at first, so that nothing is to be added to them. A token of an
older generation, one that was given before everything was forgotten, is answered with 410.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import attrs

from tallystick.testing.graph.drawer import Drawer, Gone, Row
from tallystick.testing.graph.exchange import Body, GraphQuirks, Refused, Request, Response, opaque, transparent

_MOST: Final = 1000
_ALWAYS: Final = ("@odata.etag", "id")
_EQUAL: Final = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
_ADDRESS: Final = re.compile(r"emailAddresses/any\((\w+):\1/address eq '((?:[^']|'')*)'\)", re.IGNORECASE)
_PROPERTY: Final = re.compile(
    r"singleValueExtendedProperties/any\((\w+):\s*\1/id eq '((?:[^']|'')*)' and \1/value eq '((?:[^']|'')*)'\)",
    re.IGNORECASE,
)
_STARTING: Final = re.compile(r"start/dateTime ge '([^']*)' and start/dateTime lt '([^']*)'")
_MOMENT: Final = re.compile(r"(\w+) (eq|ge|gt) (\d{4}-\d\d-\d\dT[\d:.]+Z)")
_EXPANDED: Final = re.compile(r"singleValueExtendedProperties\(\$filter=([^)]*)\)", re.IGNORECASE)
_WITH_ID: Final = re.compile(r"id eq '((?:[^']|'')*)'", re.IGNORECASE)

Shown = Callable[[Row], Body]
Entry = Row | Gone


def selected(body: Body, fields: str, expand: str = "") -> Body:
    """Return an object with the properties that were selected, and those that were expanded."""
    if not fields:
        return body
    names = {*fields.split(","), *_ALWAYS, *(("attachments",) if "attachments" in expand else ())}
    return {key: value for key, value in body.items() if key in names}


def with_property(body: Body, row: Row, expand: str) -> Body:
    """Return an object with those of the extended properties that were asked for that it has."""
    found = _EXPANDED.search(expand)
    asked = [_unquoted(id_) for id_ in _WITH_ID.findall(found[1])] if found else []
    shown = [{"id": id_, "value": row.properties[id_]} for id_ in asked if id_ in row.properties]
    return {**body, "singleValueExtendedProperties": shown} if shown else body


def matcher(text: str) -> Callable[[Row], bool]:
    """Return what a filter tells of a row; one that is not understood is refused."""
    if not text:
        return lambda _: True
    if found := _PROPERTY.fullmatch(text):
        id_, value = _unquoted(found[2]), _unquoted(found[3])
        return lambda row: row.properties.get(id_) == value
    if found := _ADDRESS.fullmatch(text):
        address = _unquoted(found[2]).casefold()
        return lambda row: address in _addresses(row.body)
    if found := _STARTING.fullmatch(text):
        low, high = found[1], found[2]
        return lambda row: low <= _started(row.body) < high
    if found := _MOMENT.fullmatch(text):
        key, how, moment = found[1], found[2], found[3]
        return lambda row: _holds(str(row.body.get(key) or ""), how, moment)
    if found := _EQUAL.fullmatch(text):
        key, wanted = found[1], _unquoted(found[2]).casefold()
        return lambda row: str(row.body.get(key) or "").casefold() == wanted
    raise Refused(400, "ErrorInvalidUrlQueryFilter")


def listing(request: Request, rows: Iterable[Row], shown: Shown, quirks: GraphQuirks) -> Response:
    """Answer a listing: those rows that the filter fits, a page at a time."""
    query = request.query
    fits = matcher(query.get("$filter", ""))
    found = [row for row in rows if fits(row)]
    size = _size(query.get("$top"), quirks.page_size)
    skip = int(query.get("$skip", "0"))
    page = found[skip : skip + size]
    select, expand = query.get("$select", ""), query.get("$expand", "")
    answer: Body = {"value": [with_property(selected(shown(row), select, expand), row, expand) for row in page]}
    if query.get("$count") == "true":
        answer["@odata.count"] = len(found)
    if skip + size < len(found):
        answer["@odata.nextLink"] = _link(request, {**query, "$skip": str(skip + size)})
    return Response(200, answer)


@attrs.frozen
class Feed:
    """A delta query over one folder.

    ``rows`` turns an entry of the log into what is said of it, for the options that the first request had.
    """

    drawer: Drawer
    folder: str | None
    rows: Callable[[Entry, Mapping[str, str]], Sequence[Body]]
    quirks: GraphQuirks

    def answer(self, request: Request) -> Response:
        """Answer one request: the first of a round, or one that follows a link."""
        token = request.query.get("$skiptoken") or request.query.get("$deltatoken")
        if token is None:
            options = {key: value for key, value in request.query.items() if key != "$top"}
            at: dict[str, object] = {"at": 0, "end": len(self.drawer.log), "first": True, "options": options}
        else:
            at = transparent(token)
            if at.get("generation") != self.drawer.generation:
                raise Refused(410, "SyncStateNotFound")
            at.setdefault("end", len(self.drawer.log))
        return self._page(request, at)

    def _page(self, request: Request, at: dict[str, object]) -> Response:
        start, end, first = int(str(at["at"])), int(str(at["end"])), bool(at.get("first"))
        options = {str(key): str(value) for key, value in dict(at["options"]).items()}  # type: ignore[call-overload]  # ours
        size = _size(request.prefers("odata.maxpagesize"), self.quirks.page_size)
        if self.quirks.empty_pages and not at.get("paused") and start < end:
            return self._leading({"value": []}, request, {**at, "paused": True})
        value: list[Body] = []
        place, count = start, 0
        while place < end and count < size:
            entry = self.drawer.log[place]
            place += 1
            if entry is None or (self.folder is not None and entry.folder != self.folder):
                continue
            if isinstance(entry, Gone) and first:
                continue
            said = self.rows(entry, options)
            count += bool(said)
            value += [self._partly(body, entry, first=first) for body in said]
        if self.quirks.replays and value:
            value = [*value[-1:], *value, {"id": f"unseen-{start}", "@removed": {"reason": "deleted"}}]
        following = {"at": place, "end": end, "first": first, "options": options}
        return self._leading({"value": value}, request, following if place < end else {**following, "done": True})

    def _partly(self, body: Body, entry: Entry, *, first: bool) -> Body:
        if first or not self.quirks.partial or isinstance(entry, Gone) or not entry.changed:
            return body
        return {key: value for key, value in body.items() if key in entry.changed or key in _ALWAYS}

    def _leading(self, answer: Body, request: Request, at: Mapping[str, object]) -> Response:
        state = {**at, "generation": self.drawer.generation}
        if state.pop("done", False):
            last = {key: state[key] for key in ("options", "generation")} | {"at": state["end"]}
            return Response(200, {**answer, "@odata.deltaLink": _link(request, {"$deltatoken": opaque(last)})})
        return Response(200, {**answer, "@odata.nextLink": _link(request, {"$skiptoken": opaque(state)})})


def removed(id_: str) -> list[Body]:
    """Return what a feed says of an object that is no longer there."""
    return [{"id": id_, "@removed": {"reason": "deleted"}}]


def _link(request: Request, query: Mapping[str, str]) -> str:
    path = urlsplit(request.url).path
    return f"{request.root.removesuffix('/v1.0')}{path}?{urlencode(query, quote_via=quote, safe='$')}"


def _size(asked: str | None, usual: int) -> int:
    return min(max(int(asked), 1), _MOST) if asked and asked.isdigit() else usual


def _holds(value: str, how: str, moment: str) -> bool:
    return value == moment if how == "eq" else bool(value) and (value >= moment if how == "ge" else value > moment)


def _unquoted(text: str) -> str:
    return text.replace("''", "'")


def _addresses(body: Body) -> set[str]:
    rows = body.get("emailAddresses") or []
    return {str(row.get("address") or "").casefold() for row in rows}  # type: ignore[attr-defined]  # our own rows


def _started(body: Body) -> str:
    start = body.get("start")
    return str(start.get("dateTime")) if isinstance(start, dict) else ""
