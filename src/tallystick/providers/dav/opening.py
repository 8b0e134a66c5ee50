"""Provide the finding of collections: what lies at an address, and which address books and calendars somebody has.

Services say where to begin (RFC 6764), who one is there, where that person's collections lie, and what each of them
can do. Redirects are followed here alone, a few of them, within the service that the host named.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import attrs

from tallystick.errors import MalformedAnswer, ProviderError, ScopeGone, SettingsError
from tallystick.providers.dav import requests
from tallystick.providers.dav.faults import GONE, NOT_FOUND, check
from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.multistatus import Resource, read_multistatus
from tallystick.providers.dav.names import CALDAV, DAV
from tallystick.providers.http.addresses import resolved
from tallystick.providers.http.exchange import Answer, Exchange, Request

R = TypeVar("R")
_MOST_REDIRECTS: Final = 5
_MOST_HOMES: Final = 10
_REDIRECTS: Final = frozenset({301, 302, 307, 308})
_ABSENT: Final = frozenset({NOT_FOUND, GONE, 405})
_PRINCIPAL: Final = f"{DAV}current-user-principal"
_NAME: Final = f"{DAV}displayname"
_TYPE: Final = f"{DAV}resourcetype"
_REPORTS: Final = f"{DAV}supported-report-set"
_TOKEN: Final = f"{DAV}sync-token"
_COMPONENTS: Final = f"{CALDAV}supported-calendar-component-set"
_ASKED: Final = (_TYPE, _NAME, _REPORTS, _TOKEN, _COMPONENTS)


@attrs.frozen
class Collection:
    """An address book or calendar. ``delta`` tells whether the service says what changed in it (RFC 6578)."""

    url: str
    name: str = ""
    delta: bool = True


def opened(url: str, kind: DavKind[R]) -> Exchange[Collection]:
    """Return the collection at an address. Raises SettingsError where it is none of this kind, ScopeGone if none."""
    answer, here = yield from _asked(url if url.endswith("/") else f"{url}/", _ASKED, depth=0)
    if answer.status in _ABSENT:
        raise ScopeGone("there is no collection at this address", remedy="find_collections() lists those there are")
    check(answer)
    for resource in read_multistatus(answer).resources:
        if found := _collection(resource, here, kind):
            return attrs.evolve(found, url=here)
    held = f"{kind.component}s" if kind.component else "cards"
    remedy = "find_collections() lists those there are"
    raise SettingsError(f"what is at this address holds no {held}", where="url", remedy=remedy)


def found_collections(url: str, kind: DavKind[R]) -> Exchange[Sequence[Collection]]:
    """Return the collections of this kind that belong to whoever the credentials name."""
    principal = yield from _principal(url, kind)
    answer, here = yield from _asked(principal, [kind.home], depth=0)
    check(answer)
    homes = [
        resolved(href.text, here)
        for resource in read_multistatus(answer).resources
        if kind.home in resource.properties
        for href in resource.properties[kind.home].all(f"{DAV}href")
    ]
    found: dict[str, Collection] = {}
    for home in homes[:_MOST_HOMES]:
        answer, here = yield from _asked(home, _ASKED, depth=1)
        check(answer)
        for resource in read_multistatus(answer).resources:
            if collection := _collection(resource, here, kind):
                found[collection.url] = collection
    return tuple(found.values())


def _principal(url: str, kind: DavKind[R]) -> Exchange[str]:
    """Return the address of the person, as the address itself or the service's entrance says it."""
    for place in dict.fromkeys([url, resolved(kind.well_known, url), resolved("/", url)]):
        answer, here = yield from _asked(place, [_PRINCIPAL], depth=0)
        if answer.status in _ABSENT:
            continue
        check(answer)
        for resource in read_multistatus(answer).resources:
            principal = resource.properties.get(_PRINCIPAL)
            if principal is not None and (href := principal.said(f"{DAV}href")):
                return resolved(href, here)
    raise ProviderError("the service does not say whose collections there are", remedy="give a collection's address")


def _asked(url: str, names: Sequence[str], *, depth: int) -> Exchange[tuple[Answer, str]]:
    """Return what is answered to a PROPFIND, and where: redirects are followed within the service."""
    for _ in range(_MOST_REDIRECTS):
        request: Request = requests.propfind(url, names, depth=depth)
        answer = yield request
        if answer.status not in _REDIRECTS:
            return answer, url
        url = resolved(answer.headers.get("location", ""), url)
    raise MalformedAnswer(f"more than {_MOST_REDIRECTS} redirects")


def _collection(resource: Resource, base: str, kind: DavKind[R]) -> Collection | None:
    """Return the collection that an answer speaks of, if it is one that can hold such records."""
    its_kind = resource.properties.get(_TYPE)
    if its_kind is None or its_kind.child(kind.collection) is None:
        return None
    components = resource.properties.get(_COMPONENTS)
    held = {each.attributes.get("name", "").upper() for each in components.children} if components else set()
    if held and kind.component not in held:  # a calendar that names none holds all
        return None
    reports = resource.properties.get(_REPORTS)
    named = (each for one in reports.children for report in one.children for each in report.children) if reports else ()
    names = {each.name for each in named}
    url = resolved(resource.href, base)
    delta = f"{DAV}sync-collection" in names or bool(resource.said(_TOKEN))
    return Collection(url if url.endswith("/") else f"{url}/", resource.said(_NAME), delta)
