"""Provide the addresses of the pages, and links to them that hold wherever the console is mounted.

A link is a path below the root path that the server, the proxy or the outer app has told: no host and no scheme, which
behind a proxy nobody here knows. Names of syncs and ids of records may hold anything, so they go into the query.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.requests import HTTPConnection

PATHS: Final[Mapping[str, str]] = {
    "overview": "/",
    "history": "/sync",
    "run": "/run",
    "now": "/sync/now",
    "ignored": "/ignored",
    "errors": "/errors",
    "error": "/error",
    "release": "/error/release",
    "conflicts": "/conflicts",
    "conflict": "/conflict",
    "plan": "/plan",
    "undo": "/undo",
    "explain": "/explain",
    "static": "/static",
}
_DIGITS: Final = 12
_SAFE_SCHEMES: Final = ("https://", "http://")


def link(request: HTTPConnection, page: str, **query: object) -> str:
    """Return the path to a page; empty values are left out of the query."""
    root = str(request.scope.get("root_path", "")).rstrip("/")
    given = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{root}{PATHS[page]}{f'?{urlencode(given)}' if given else ''}"


def number_of(text: str) -> int:
    """Return a number that an address has, such as a run's; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0


def beginning(text: str, total: int) -> int:
    """Return which of ``total`` rows a page begins with, as its address says; the first one unless there is such."""
    first = number_of(text)
    return first if first < total else 0


def outward(url: str) -> str:
    """Return an address that a provider gave, empty where it is none that a page may lead to."""
    return url if url.lower().startswith(_SAFE_SCHEMES) else ""
