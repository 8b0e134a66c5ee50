"""Provide the requests of CardDAV and CalDAV as values: properties and reports asked for, records written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar
from xml.sax.saxutils import escape

from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.names import CALDAV, CARDDAV, DAV, url_of
from tallystick.providers.http.exchange import Request

R = TypeVar("R")
ETAG: Final = f"{DAV}getetag"
MODIFIED: Final = f"{DAV}getlastmodified"
_PREFIXES: Final[Mapping[str, str]] = {DAV: "D", CARDDAV: "CR", CALDAV: "CL"}
_NAMESPACES: Final = " ".join(f'xmlns:{prefix}="{name[1:-1]}"' for name, prefix in _PREFIXES.items())
_XML: Final = {"Content-Type": "application/xml; charset=utf-8"}


def propfind(url: str, names: Sequence[str], *, depth: int) -> Request:
    """Ask for properties of a resource, with ``depth`` 1 of those within it, too."""
    body = f"<D:propfind {_NAMESPACES}>{_prop(names)}</D:propfind>"
    return Request("PROPFIND", url, {**_XML, "Depth": str(depth)}, _document(body))


def sync_collection(url: str, token: str, limit: int | None) -> Request:
    """Ask what changed in a collection since a token (RFC 6578); an empty one asks for everything."""
    most = "" if limit is None else f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>"
    asked = f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>{most}{_prop([ETAG])}"
    body = f"<D:sync-collection {_NAMESPACES}>{asked}</D:sync-collection>"
    return Request("REPORT", url, {**_XML, "Depth": "0"}, _document(body))


def multiget(url: str, kind: DavKind[R], ids: Iterable[str]) -> Request:
    """Ask for records by their ids."""
    hrefs = "".join(f"<D:href>{escape(_path(url_of(one, url, kind.suffix)))}</D:href>" for one in ids)
    report = _short(kind.multiget)
    body = f"<{report} {_NAMESPACES}>{_prop([ETAG, MODIFIED, kind.data])}{hrefs}</{report}>"
    return Request("REPORT", url, {**_XML, "Depth": "0"}, _document(body))


def get(url: str) -> Request:
    """Ask for one record."""
    return Request("GET", url)


def put(url: str, content_type: str, content: bytes, condition: Mapping[str, str]) -> Request:
    """Write one record; ``condition`` is a header."""
    return Request("PUT", url, {"Content-Type": content_type, **condition}, content, writes=True)


def delete(url: str, condition: Mapping[str, str]) -> Request:
    """Delete one record; ``condition`` is a header."""
    return Request("DELETE", url, condition, writes=True)


def _prop(names: Sequence[str]) -> str:
    return f"<D:prop>{''.join(f'<{_short(name)}/>' for name in names)}</D:prop>"


def _short(name: str) -> str:
    space, brace, local = name.partition("}")
    return f"{_PREFIXES[space + brace]}:{local}"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _document(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode()
