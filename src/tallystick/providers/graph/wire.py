"""Provide the service's wire: what some asks are as one HTTP request, and what its response says of each of them.

One ask is a request of its own, unless it is quiet; several are a ``$batch``, whose parts are answered one by one and
in no order. What befalls a batch as a whole befalls each of its parts. Every request asks for ids that stay
(``Prefer: IdType="ImmutableId"``), the parts of a batch too, which inherit nothing.

A link is followed only below the service's own root: an answer may name any address, and the token goes with the
request. So links become paths here, and what leads elsewhere is refused. A redirection is refused like it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlsplit

import attrs

from tallystick.codecs.graph import read_fault, read_json
from tallystick.codecs.graph.answers import LARGEST
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.retry_after import read_http_date
from tallystick.errors import AuthenticationRequired, MalformedAnswer, SettingsError
from tallystick.providers.graph.asks import Answer, Ask
from tallystick.providers.http.addresses import is_private, same_origin
from tallystick.providers.http.exchange import Answer as Response
from tallystick.providers.http.exchange import Request

ROOT: Final = "https://graph.microsoft.com/v1.0"
_IDS: Final = 'IdType="ImmutableId"'
_PORTS: Final = {"https": 443, "http": 80}
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,50000}")


def _bare(root: str) -> str:
    return root.rstrip("/")


@attrs.frozen
class Wire:
    """The service at one root. Raises SettingsError unless the root is an address of a service."""

    root: str = attrs.field(default=ROOT, converter=_bare)
    most: int = LARGEST

    def __attrs_post_init__(self) -> None:
        parts = urlsplit(self.root)
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or parts.query:
            raise SettingsError("no address of a service", where="root", remedy=f"such as {ROOT}")
        if not is_private(self.root):
            remedy = "use https://; http:// is for this machine alone, since the token goes with each request"
            raise SettingsError("an address without encryption", where="root", remedy=remedy)

    def request(self, asks: Sequence[Ask]) -> Request:
        """Return asks as one request."""
        if len(asks) == 1 and not asks[0].quiet:
            (ask,) = asks
            content = b"" if ask.body is None else json.dumps(ask.body).encode()
            return Request(ask.method, f"{self.root}{ask.path}", _headers(ask), content, writes=ask.writes)
        parts = [_part(number, ask) for number, ask in enumerate(asks)]
        headers = {"Accept": "application/json", "Content-Type": "application/json", "Prefer": _IDS}
        content = json.dumps({"requests": parts}).encode()
        writes = any(ask.writes for ask in asks)
        return Request("POST", f"{self.root}/$batch", headers, content, writes=writes)

    def answers(self, asks: Sequence[Ask], response: Response) -> list[Answer]:
        """Return what each ask was answered. Raises MalformedAnswer for a response that is none."""
        if 300 <= response.status < 400:  # noqa: PLR2004 -- redirections
            remedy = "look at what stands between the service and you; the token is sent nowhere else"
            raise MalformedAnswer("a redirection", where="answer", remedy=remedy)
        whole = self._whole(response)
        if (len(asks) == 1 and not asks[0].quiet) or whole.fault is not None:
            return [whole] * len(asks)
        rows = whole.body.get("responses")
        if not isinstance(rows, list):
            raise MalformedAnswer("not a list", where="responses", remedy="it is not as the service documents it")
        found = {str(row.get("id")): row for row in rows if isinstance(row, dict)}
        return [_part_answer(found.get(str(number)), response) for number in range(len(asks))]

    def _whole(self, response: Response) -> Answer:
        headers = _with_wait(response.headers, response.headers)
        if 200 <= response.status < 300 or response.content[:1] == b"{":  # noqa: PLR2004
            try:
                body = read_json(response.content, most=self.most) if response.content else {}
            except MalformedAnswer:
                if response.status < 300:  # noqa: PLR2004
                    raise
                body = {}
            return _by_service(Answer(response.status, body, headers))
        return _by_service(Answer(response.status, {}, headers))

    def path_of(self, link: str) -> str:
        """Return a link as a path below the root. Raises MalformedAnswer for one that leads elsewhere."""
        same = same_origin(link, self.root)
        there, here = urlsplit(link if same else ""), urlsplit(self.root)
        path = there.path.removeprefix(here.path)
        inside = there.path.startswith(f"{here.path}/") and ".." not in path.split("/")
        if not same or not inside or "@" in there.netloc or not link.isprintable() or "\\" in link:
            remedy = "look at what stands between the service and you; the token is sent nowhere else"
            raise MalformedAnswer("a link that leads elsewhere", where="@odata.nextLink", remedy=remedy)
        return f"{path}?{there.query}" if there.query else path


def bearer(token: object) -> str:
    """Return the header that carries a token. Raises AuthenticationRequired for what can be none; it is not shown."""
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return f"Bearer {token}"
    raise AuthenticationRequired(
        "what the host gave is no access token", where="token", remedy="return the token alone, as a text"
    )


def quoted(part: str) -> str:
    """Return an id as a part of a path; the service does not find ids whose ``=`` is written otherwise."""
    return quote(part, safe="=")


def literal(value: str) -> str:
    """Return a text as a value within a filter, ready for a query."""
    return quote("'" + value.replace("'", "''") + "'", safe="")


def fitting(pattern: str, value: str) -> str:
    """Return a filter with a value in the place of its braces, ready for a query."""
    before, after = (quote(part, safe="") for part in pattern.split("{}"))
    return f"{before}{literal(value)}{after}"


def _headers(ask: Ask) -> dict[str, str]:
    headers = {"Accept": "application/json", "Prefer": ", ".join((_IDS, *ask.prefer))}
    if ask.body is not None:
        headers["Content-Type"] = "application/json"
    if ask.if_match is not None:
        headers["If-Match"] = ask.if_match
    return headers


def _part(number: int, ask: Ask) -> Body:
    part: Body = {"id": str(number), "method": ask.method, "url": ask.path, "headers": _headers(ask)}
    return part if ask.body is None else {**part, "body": ask.body}


def _part_answer(row: Body | None, response: Response) -> Answer:
    """Return what one part was answered; one that is missing or unreadable was answered as by a broken gateway."""
    status = row.get("status") if row is not None else None
    if row is None or not isinstance(status, int) or not 100 <= status < 600:  # noqa: PLR2004 -- HTTP's
        return Answer(502)
    headers, body = row.get("headers"), row.get("body")
    named = {str(key): str(value) for key, value in headers.items()} if isinstance(headers, dict) else {}
    if 300 <= status < 400:  # noqa: PLR2004 -- redirections
        return Answer(502)
    return _by_service(Answer(status, body if isinstance(body, dict) else {}, _with_wait(named, response.headers)))


def _by_service(answer: Answer) -> Answer:
    """Return an answer; of one that says without an error's object that nothing is there, it is not the service's.

    Whoever stands in between knows nothing of the object, and it would be taken for deleted.
    """
    absent = answer.status in (404, 410) and not isinstance(answer.body.get("error"), Mapping)
    if not absent:
        return answer
    return Answer(502, {"error": {"code": f"from_a_gateway_{answer.status}"}}, answer.headers)


def _with_wait(headers: Mapping[str, str], around: Mapping[str, str]) -> dict[str, str]:
    """Return headers with a wait in seconds: one that is a date counts from the service's own clock."""
    named = {key.casefold(): value for key, value in headers.items()}
    date = next((value for key, value in around.items() if key.casefold() == "date"), None)
    wait = read_fault(429, None, named, now=read_http_date(date)).retry_after
    rest = {key: value for key, value in named.items() if key != "retry-after"}
    return rest if wait is None else {**rest, "retry-after": str(wait)}
