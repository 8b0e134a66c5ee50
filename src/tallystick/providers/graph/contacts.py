"""Provide the contacts of a mailbox, of its default folder or another: members are those of a category.

The feed is that of the folder, and tells of every change in it, in the category or not. Objects are found by id in
every folder, by address or name in their own. The token of a create is kept in an extended property of the contact;
each create is read back for it, see :mod:`~.tags`.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import attrs

from tallystick.codecs.graph import CONTACTS, read_item
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import Json, objects, text
from tallystick.errors import SettingsError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Scope, Term, Update
from tallystick.providers.graph.asks import Ask, Asking, ask_all
from tallystick.providers.graph.collection import read_listings, read_rows
from tallystick.providers.graph.kind import Done, Membership
from tallystick.providers.graph.tags import Tags
from tallystick.providers.graph.wire import Wire, literal, quoted
from tallystick.records import Contact

TAG: Final = "String {5d1f3a0e-6f7c-4a57-9e53-2b1d7c0c8f4e} Name tallystick-token"
"""The extended property that keeps the token of a create."""
CONTACT_CAPABILITIES: Final = Capabilities(create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20)

_SELECTED: Final = (
    "createdDateTime,lastModifiedDateTime,changeKey,categories,givenName,middleName,surname,fileAs,displayName,"
    "companyName,jobTitle,department,officeLocation,mobilePhone,title,nickName,generation,businessHomePage,"
    "personalNotes,emailAddresses,businessPhones,homePhones,businessAddress,homeAddress,otherAddress,birthday"
)
_EXPANDED: Final = f"singleValueExtendedProperties($filter=id%20eq%20{literal(TAG)})"
_FILTERS: Final = {
    "email": "emailAddresses/any(a:a/address eq {})",
    "email_addresses": "emailAddresses/any(a:a/address eq {})",
    "first_name": "givenName eq {}",
    "last_name": "surname eq {}",
    Term.TOKEN: f"singleValueExtendedProperties/Any(ep: ep/id eq '{TAG}' and ep/value eq {{}})",
}


@attrs.define
class ContactKind:
    """Contacts below ``base`` (``/me``); ``folder`` is the id of a folder, None for the default one."""

    wire: Wire
    base: str
    folder: str | None = None
    capabilities: Capabilities = CONTACT_CAPABILITIES
    _tags: Tags = attrs.field(factory=lambda: Tags("contacts"))

    @property
    def _folder(self) -> str:
        return (
            f"{self.base}/contacts"
            if self.folder is None
            else (f"{self.base}/contactFolders/{quoted(self.folder)}/contacts")
        )

    def scopes(self) -> Asking[Sequence[str]]:
        """Return the categories of the mailbox's own list."""
        rows = yield from read_rows(self.wire, f"{self.base}/outlook/masterCategories")
        return [text(row, "displayName") for row in rows]

    # --- reading -----------------------------------------------------------------------------------------------------

    def feed(self, scope: Scope) -> str:
        """Return the path of the folder's delta query."""
        if scope.window is not None:
            raise SettingsError("contacts are not listed by days", where="scope", remedy="leave the window out")
        return f"{self._folder}/delta?$select={_SELECTED}"

    def listed_id(self, row_id: str, scope: Scope) -> str:  # noqa: ARG002 -- the kind's
        """Return the id as it is."""
        return row_id

    def is_whole(self, row: Json) -> bool:
        """Tell whether a row has all of its contact: one that tells of a change alone lacks when it was made."""
        return "createdDateTime" in row

    def filled(self, rows: Sequence[Json], scope: Scope) -> Asking[tuple[Sequence[Item[Contact]], Sequence[str]]]:
        """Return rows as items."""
        yield ()
        return [self.item(row, scope, "") for row in rows], ()

    def path(self, id_: str) -> str:
        """Return the path of a contact, whatever its folder."""
        return f"{self.base}/contacts/{quoted(id_)}"

    def reading(self, id_: str) -> Ask:
        """Return the ask for a contact."""
        return Ask("GET", f"{self.path(id_)}?$select={_SELECTED}&$expand={_EXPANDED}")

    def item(self, data: Json, scope: Scope, id_: str) -> Item[Contact]:
        """Return a contact as an item."""
        members = Membership[Contact](scope.name)
        found = read_item(CONTACTS, data, member=lambda contact: members.holds(contact.categories), token=_token)
        return attrs.evolve(found, id=id_) if id_ else found

    def searching(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[Contact]]]:
        """Return the contacts of the folder that any of the terms fits."""
        paths = [f"{self._folder}?$filter={_filter(term)}&$expand={_EXPANDED}" for term in terms]
        listings = yield from read_listings(self.wire, paths)
        return [self.item(row, scope, "") for rows in listings for row in rows]

    # --- writing -----------------------------------------------------------------------------------------------------

    def home(self, scope: Scope) -> str:  # noqa: ARG002 -- the kind's
        """Return the path of the folder."""
        self._tags.require(self.capabilities)
        return self._folder

    def made(self, write: Create[Contact], scope: Scope) -> Body:
        """Return the body of a create, with its tag."""
        members = Membership[Contact](scope.name)
        categories = members.placed(write.record.categories, member=write.member)
        body = CONTACTS.create(attrs.evolve(write.record, categories=categories))
        return {**body, "singleValueExtendedProperties": [{"id": TAG, "value": write.token}]}

    def must_see(self, write: Update) -> bool:
        """Tell whether the present categories are needed."""
        return write.member is not None and "categories" not in write.fields

    def patched(self, write: Update, present: Contact | None, scope: Scope) -> Body:
        """Return the body of an update."""
        fields = dict(write.fields)
        before = present or Contact()
        if write.member is not None:
            fields |= Membership[Contact](scope.name).written(fields, before.categories, member=write.member)
        return CONTACTS.patch(before, fields)

    def wanted(self, write: Create[Contact] | Update, present: Contact | None) -> object:  # noqa: ARG002 -- the kind's
        """Return nothing: the body says all."""
        return None

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[Contact] | None]]:
        """Return what stands there; what was made, or given addresses, is read once more."""
        items = [self.item(one.answer, scope, "") for one in done]
        unsure = [at for at, one in enumerate(done) if one.token or "emailAddresses" in one.sent]
        answers = yield from ask_all([self.reading(items[at].id) for at in unsure])
        for at, answer in zip(unsure, answers, strict=True):
            if answer.fault is None:
                items[at] = self._tags.checked(items[at], self.item(answer.body, scope, ""), done[at].token)
        return items

    def repeated(self, write: Create[Contact], scope: Scope) -> Asking[Json | None]:  # noqa: ARG002 -- the kind's
        """Return nothing: contacts have no key that is unique."""
        yield ()
        return None


def _filter(term: Term) -> str:
    if term.field not in _FILTERS:
        raise SettingsError("contacts are not searched by this", where=term.field, remedy=", ".join(_FILTERS))
    before, after = (quote(part, safe="") for part in _FILTERS[term.field].split("{}"))
    return f"{before}{literal(term.value)}{after}"


def _token(data: Json) -> str | None:
    rows = objects(data, "singleValueExtendedProperties")
    return next((text(row, "value") or None for row in rows if text(row, "id").casefold() == TAG.casefold()), None)
