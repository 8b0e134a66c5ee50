"""Provide the check of addresses: a service is reached where the host said, and nowhere else.

Answers name addresses (of the next page, of a record, of where a collection has moved to), and requests carry the
host's credentials. So an address counts only if it has the scheme, host and port of the one that the host gave.
"""

from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from tallystick.errors import MalformedAnswer, SettingsError

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8_000


def checked_base(url: str, *, allow_http: bool = False) -> str:
    """Return an address that a host gives. Raises SettingsError, never with the address in it.

    Plain http is for this machine only, unless it is allowed: whoever listens reads passwords and records.
    """
    origin = _origin(url)
    if origin is None:
        raise SettingsError("no address of a service", where="url", remedy="give one that begins with https://")
    if "@" in urlsplit(url).netloc:
        remedy = "leave them out of the address, which shows up in logs, and give them apart"
        raise SettingsError("credentials in an address", where="url", remedy=remedy)
    if not (allow_http or is_private(url)):
        raise SettingsError("an address without encryption", where="url", remedy="use https://, or allow_http=True")
    return url


def is_private(url: str) -> bool:
    """Tell whether nobody on the way reads what is sent to an address: it is encrypted, or of this machine."""
    origin = _origin(url)
    return origin is not None and (origin[0] == "https" or _is_here(origin[1]))


def same_origin(url: str, base: str) -> bool:
    """Tell whether two addresses have one scheme, host and port."""
    origin = _origin(url)
    return origin is not None and origin == _origin(base)


def resolved(reference: str, base: str) -> str:
    """Return an address that an answer names, relative or whole. Raises MalformedAnswer unless it is of one origin."""
    try:
        found = urljoin(base, reference.strip()) if len(reference) <= _LONGEST else ""
    except ValueError:
        found = ""
    if not same_origin(found, base):
        remedy = "the service is asked where it was given only; give its other address if you trust it"
        raise MalformedAnswer("an answer names an address elsewhere", remedy=remedy)
    return found


def _origin(url: str) -> tuple[str, str, int] | None:
    """Return the scheme, host and port of an address; None where it is none of a service over HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
