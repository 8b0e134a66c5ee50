"""Provide the simulated contacts: folders of them, and what the service makes of what it is given.

===========================  ======================================================================================
addresses                    three at most; one that is none is kept and never shown, or refused
numbers                      two for business, two for home
birthday                     comes back with the time 11:59 in UTC
displayName                  made of the names when they change and it is not given along
a property that is unknown   refused with UnableToDeserializePostBody
===========================  ======================================================================================
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from tallystick.codecs.graph import CONTACTS
from tallystick.ports import Clock
from tallystick.records import Contact
from tallystick.testing.graph.drawer import Drawer, Row, as_body, as_items, as_rows, extended
from tallystick.testing.graph.exchange import Body, GraphQuirks, Refused, Request, Response
from tallystick.testing.graph.listings import Entry, Feed, listing, removed, selected, with_property
from tallystick.testing.graph.person import Hands
from tallystick.text import is_address

DEFAULT_FOLDER: Final = "AAMkContacts="
_LISTS: Final = ("emailAddresses", "businessPhones", "homePhones", "imAddresses", "children", "categories")
_ADDRESSES: Final = ("homeAddress", "businessAddress", "otherAddress")
_TEXTS: Final = tuple(
    """assistantName businessHomePage companyName department displayName fileAs generation givenName initials jobTitle
    manager middleName mobilePhone nickName officeLocation personalNotes profession spouseName surname title
    yomiCompanyName yomiGivenName yomiSurname""".split()  # noqa: SIM905 -- a list of them fills a screen
)
_KNOWN: Final = frozenset({*_LISTS, *_ADDRESSES, *_TEXTS, "birthday", "singleValueExtendedProperties"})
_MOST: Final = {"emailAddresses": 3, "businessPhones": 2, "homePhones": 2}
_NAMES: Final = ("givenName", "middleName", "surname")


class Contacts(Hands[Contact]):
    """The contacts of a mailbox; a person edits them through :class:`Hands`."""

    def __init__(self, clock: Clock, quirks: GraphQuirks) -> None:
        self.drawer: Drawer = Drawer(clock)
        self.folders: Drawer = Drawer(clock, "AAMkFolder", outlook=False, dated=False)
        self._quirks = quirks
        super().__init__(CONTACTS, self.drawer, DEFAULT_FOLDER)

    def make_folder(self, name: str) -> str:
        """Make a folder and return its id."""
        return self.folders.add("", {"displayName": name}).id

    # --- what clients ask --------------------------------------------------------------------------------------------

    def respond(self, request: Request, path: Sequence[str]) -> Response:
        """Answer a request: for the contacts of a folder, or for the folders, which the default one is not among."""
        match path:
            case ["contacts", *rest]:
                return self._contacts(request, None, rest)
            case ["contactFolders"]:
                return listing(request, self.folders.rows.values(), self.folders.shown, self._quirks)
            case ["contactFolders", folder, "contacts", *rest]:
                return self._contacts(request, folder, rest)
        raise Refused(400, "BadRequest")

    def _contacts(self, request: Request, folder: str | None, rest: Sequence[str]) -> Response:
        if folder not in (None, DEFAULT_FOLDER) and folder not in self.folders.rows:
            raise Refused(404, "ErrorFolderNotFound")
        match request.method, *rest:
            case "GET", "delta":
                told = partial(self._told, request)
                return Feed(self.drawer, folder or DEFAULT_FOLDER, told, self._quirks).answer(request)
            case ("GET",):
                rows = self.drawer.within(folder or DEFAULT_FOLDER)
                return listing(request, rows, lambda row: self._shown(row, request), self._quirks)
            case ("POST",):
                row = self.create(folder or DEFAULT_FOLDER, as_body(request.body))
                return Response(201, self._shown(row, request))
            case method, str(id_):
                return self._one(method, request, self.drawer.find(id_))
        raise Refused(405, "ErrorMethodNotAllowed")

    def create(self, folder: str, body: Body) -> Row:
        """Make a contact of a request's body, as the service keeps it."""
        row = self.drawer.add(folder, self._settled(_EMPTY, body))
        row.properties = extended(body) if self._quirks.keeps_properties else {}
        return row

    def change(self, row: Row, body: Body) -> None:
        """Set properties of a contact."""
        row.body = self._settled(row.body, body)
        self.drawer.touch(row, changed=frozenset(body))

    def _one(self, method: str, request: Request, row: Row) -> Response:
        if method == "GET":
            shown = selected(self._shown(row, request), request.query.get("$select", ""))
            return Response(200, with_property(shown, row, request.query.get("$expand", "")))
        self.drawer.require(row, request.header("If-Match"))
        if method == "PATCH":
            self.change(row, as_body(request.body))
            return Response(200, self._shown(row, request))
        if method == "DELETE":
            self.drawer.drop(row)
            return Response(204)
        raise Refused(405, "ErrorMethodNotAllowed")

    def _told(self, request: Request, entry: Entry, options: Mapping[str, str]) -> list[Body]:
        """Return what the feed says of an entry of the log."""
        if not isinstance(entry, Row):
            return removed(entry.id)
        return [selected(self._shown(entry, request), options.get("$select", ""))]

    def _shown(self, row: Row, request: Request) -> Body:
        shown = self.drawer.shown(row, immutable=request.immutable)
        addresses = [
            one if is_address(str(one.get("address") or "")) else {"name": one.get("name")}
            for one in as_rows(row.body.get("emailAddresses"))
        ]
        shown["parentFolderId"] = row.folder
        shown["emailAddresses"] = addresses
        for place, key in enumerate(("primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress")):
            shown[key] = addresses[place] if place < len(addresses) else None
        return shown

    def _settled(self, before: Mapping[str, object], given: Body) -> Body:
        """Return the whole object that a write makes, or refuse it."""
        if not given.keys() <= _KNOWN:
            raise Refused(400, "UnableToDeserializePostBody")
        for key, most in _MOST.items():
            if len(as_items(given.get(key))) > most:
                raise Refused(400, "ErrorInvalidPropertySet")
        if self._quirks.invalid_addresses == "refuse":
            addresses = [str(one.get("address") or "") for one in as_rows(given.get("emailAddresses"))]
            if not all(map(is_address, filter(None, addresses))):
                raise Refused(400, "ErrorInvalidRecipients")
        after: Body = {**before, **{key: value for key, value in given.items() if key in _KNOWN}}
        after.pop("singleValueExtendedProperties", None)
        for key in _LISTS:
            after[key] = as_items(after.get(key))
        for key in _ADDRESSES:
            after[key] = {part: value for part, value in as_body(after.get(key) or {}).items() if value}
        if isinstance(given.get("birthday"), str):
            after["birthday"] = f"{str(given['birthday'])[:10]}T11:59:00Z"
        if given.keys() & set(_NAMES) and "displayName" not in given:
            after["displayName"] = " ".join(str(after[key]) for key in _NAMES if after.get(key))
        return after


_EMPTY: Final[Mapping[str, object]] = {**dict.fromkeys(_TEXTS, None), "birthday": None}
