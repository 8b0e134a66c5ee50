"""Provide CardDAV and CalDAV servers as sides of a sync: address books and calendars, blocking and awaited.

The protocol is a handful of requests, made and read here without any I/O, and sent with httpx (extra ``dav``). The
library ``caldav`` knows calendars alone, no address books, and sends its requests itself: nothing could be shared by
blocking and awaited providers, nor be held against a server that answers without end.

Read in this order: ``names``, ``kinds``, ``markup``, ``multistatus``, ``requests``, ``faults``; ``reading``, ``feed``,
``writing``; ``opening``, ``provider``, ``connecting``.
"""

from tallystick.providers.dav.connecting import find_collections as find_collections
from tallystick.providers.dav.connecting import find_collections_async as find_collections_async
from tallystick.providers.dav.connecting import open_dav as open_dav
from tallystick.providers.dav.connecting import open_dav_async as open_dav_async
from tallystick.providers.dav.kinds import CONTACTS as CONTACTS
from tallystick.providers.dav.kinds import CRM_TASKS as CRM_TASKS
from tallystick.providers.dav.kinds import ENTRIES as ENTRIES
from tallystick.providers.dav.kinds import EVENTS as EVENTS
from tallystick.providers.dav.kinds import TODO_TASKS as TODO_TASKS
from tallystick.providers.dav.kinds import DavKind as DavKind
from tallystick.providers.dav.kinds import events_of as events_of
from tallystick.providers.dav.opening import Collection as Collection
from tallystick.providers.dav.provider import AsyncDavProvider as AsyncDavProvider
from tallystick.providers.dav.provider import DavProvider as DavProvider
from tallystick.providers.http.body import Limits as Limits
from tallystick.providers.http.transport import AsyncTransport as AsyncTransport
from tallystick.providers.http.transport import Credentials as Credentials
from tallystick.providers.http.transport import Transport as Transport
