"""Provide the four calls with which a host begins: find collections, or open one; blocking or awaited.

Credentials are a name and password, any authentication of httpx, or a call that gives the header Authorization. An
address has none in it, and begins with https:// (http:// on this machine, or where it is allowed).
"""

from collections.abc import Sequence
from typing import TypeVar

from tallystick.ports import AsyncClock, Clock
from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.opening import Collection, found_collections, opened
from tallystick.providers.dav.provider import AsyncDavProvider, DavProvider
from tallystick.providers.http.addresses import checked_base
from tallystick.providers.http.body import USUAL_LIMITS, Limits
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.providers.http.transport import AsyncClient, AsyncTransport, Client, Credentials, Transport

R = TypeVar("R")


def find_collections(
    url: str,
    kind: DavKind[R],
    credentials: Credentials = None,
    *,
    client: Client | None = None,
    limits: Limits = USUAL_LIMITS,
    allow_http: bool = False,
) -> Sequence[Collection]:
    """Return the collections of one kind that belong to whoever the credentials name.

    Args:
        url: The service, or anything within it.
        kind: What the collections shall hold: CONTACTS, ENTRIES, EVENTS, TODO_TASKS, CRM_TASKS.
        credentials: Who is asking.
        client: The host's own client, for its proxies and certificates; closed by the host.
        limits: What one answer may cost.
        allow_http: Whether the address may be one without encryption on another machine.

    Raises:
        SettingsError: The address is none, or is not encrypted.
        ProviderError: The service can't be asked; the class says why.
    """
    transport = Transport(credentials, client=client, limits=limits)
    try:
        return drive(found_collections(checked_base(url, allow_http=allow_http), kind), transport.send)
    finally:
        transport.close()


async def find_collections_async(
    url: str,
    kind: DavKind[R],
    credentials: Credentials = None,
    *,
    client: AsyncClient | None = None,
    limits: Limits = USUAL_LIMITS,
    allow_http: bool = False,
) -> Sequence[Collection]:
    """Return the collections of one kind; arguments and errors are those of :func:`find_collections`."""
    transport = AsyncTransport(credentials, client=client, limits=limits)
    try:
        return await drive_async(found_collections(checked_base(url, allow_http=allow_http), kind), transport.send)
    finally:
        await transport.close()


def open_dav(
    url: str,
    kind: DavKind[R],
    credentials: Credentials = None,
    *,
    client: Client | None = None,
    clock: Clock | None = None,
    limits: Limits = USUAL_LIMITS,
    allow_http: bool = False,
) -> DavProvider[R]:
    """Open a collection by its address: ask what it holds and can do.

    Arguments and errors are those of :func:`find_collections`; ``clock`` is the provider's.

    Raises:
        ScopeGone: There is nothing at the address.
        SettingsError: What is there holds no such records.
    """
    transport = Transport(credentials, client=client, limits=limits)
    try:
        collection = drive(opened(checked_base(url, allow_http=allow_http), kind), transport.send)
    except BaseException:
        transport.close()
        raise
    return DavProvider(collection, kind, transport, clock=clock)


async def open_dav_async(
    url: str,
    kind: DavKind[R],
    credentials: Credentials = None,
    *,
    client: AsyncClient | None = None,
    clock: Clock | AsyncClock | None = None,
    limits: Limits = USUAL_LIMITS,
    allow_http: bool = False,
) -> AsyncDavProvider[R]:
    """Open a collection by its address; arguments and errors are those of :func:`open_dav`."""
    transport = AsyncTransport(credentials, client=client, limits=limits)
    try:
        collection = await drive_async(opened(checked_base(url, allow_http=allow_http), kind), transport.send)
    except BaseException:
        await transport.close()
        raise
    return AsyncDavProvider(collection, kind, transport, clock=clock)
