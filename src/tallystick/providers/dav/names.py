"""Provide the names of WebDAV, CardDAV and CalDAV, and of the ids of records within a collection.

A record's id is the last segment of its address without the suffix of its kind: ``/ada/contacts/7f3a.vcf`` is
``7f3a``. So an address can be made of the token of a create, and a create that is repeated meets the first. Records
that other programs put there under another suffix, or none, have an id that begins with a slash: ``/notes``.
"""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from tallystick.errors import MalformedAnswer
from tallystick.providers.http.addresses import resolved

DAV: Final = "{DAV:}"
CARDDAV: Final = "{urn:ietf:params:xml:ns:carddav}"
CALDAV: Final = "{urn:ietf:params:xml:ns:caldav}"

_PLAIN: Final = "@:+,=!$&'()*;~"
_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")


def is_token(token: str) -> bool:
    """Tell whether a token can be the name of a record as it stands."""
    return _TOKEN.fullmatch(token) is not None


def id_of(reference: str, collection: str, suffix: str) -> str:
    """Return the id of an address that an answer names; empty for the collection itself, and for what lies below it.

    Raises MalformedAnswer for an address outside of the collection.
    """
    path, base = urlsplit(resolved(reference, collection)).path, urlsplit(collection).path
    inner = _within(path, base)
    if inner is None:
        raise MalformedAnswer("an answer names a record outside of its collection")
    if not inner or inner.endswith("/"):
        return ""
    name = quote(unquote_to_bytes(inner), safe=_PLAIN)
    if "/" in inner or name in {".", ".."}:
        raise MalformedAnswer("an answer names a record outside of its collection")
    stem = name.removesuffix(suffix)
    return stem if stem and stem != name else f"/{name}"


def url_of(id_: str, collection: str, suffix: str) -> str:
    """Return the address of a record."""
    name = id_[1:] if id_.startswith("/") else f"{id_}{suffix}"
    return f"{collection}{quote(unquote_to_bytes(name), safe=_PLAIN)}"


def _within(path: str, base: str) -> str | None:
    """Return what follows the collection's path; services escape characters in other ways than they were given."""
    segments, known = path.split("/"), base.rstrip("/").split("/")
    if [unquote_to_bytes(one) for one in segments[: len(known)]] != [unquote_to_bytes(one) for one in known]:
        return None
    return "/".join(segments[len(known) :])
