"""Provide the contacts of a mailbox, of its default folder or another: members are those of a category.

The feed is that of the folder, and tells of every change in it, in the category or not. Objects are found by id in
every folder, by address or name in their own. The token of a create is kept in an extended property of the contact;
each create is read back for it, see :mod:`~.tags`.

Some mailboxes do not find a contact by its id now and then, while they list it. So one that is not found, and of which
the feed has not said that it is gone, is looked for among all of the folder.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.codecs.graph import CONTACTS, read_item
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import Json, text
from tallystick.errors import SettingsError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Scope, Term, Update
from tallystick.providers.graph.asks import Answer, Ask, Asking
from tallystick.providers.graph.kind import Done, Kind, Membership
from tallystick.providers.graph.reading import is_gone, read_listings, read_rows
from tallystick.providers.graph.tags import BY_TAG, TAG, Tags, tag_of
from tallystick.providers.graph.wire import Wire, fitting, literal, quoted
from tallystick.records import Contact

CONTACT_CAPABILITIES: Final = Capabilities(create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20)

_SELECTED: Final = (
    "createdDateTime,lastModifiedDateTime,changeKey,categories,givenName,middleName,surname,fileAs,displayName,"
    "companyName,jobTitle,department,officeLocation,mobilePhone,title,nickName,generation,businessHomePage,"
    "personalNotes,emailAddresses,businessPhones,homePhones,businessAddress,homeAddress,otherAddress,birthday"
)
_EXPANDED: Final = f"singleValueExtendedProperties($filter=id%20eq%20{literal(TAG)})"
_NOT_FOUND: Final = 404
_AT_ONCE: Final = 500
"""How many contacts a page of a whole listing has."""
_FILTERS: Final = {
    "email": "emailAddresses/any(a:a/address eq {})",
    "email_addresses": "emailAddresses/any(a:a/address eq {})",
    "first_name": "givenName eq {}",
    "last_name": "surname eq {}",
    Term.TOKEN: BY_TAG,
}


@attrs.define
class ContactKind(Kind[Contact]):
    """Contacts below ``base`` (``/me``); ``folder`` is the id of a folder, None for the default one."""

    wire: Wire
    base: str
    folder: str | None = None
    capabilities: Capabilities = CONTACT_CAPABILITIES
    _tags: Tags = attrs.field(factory=lambda: Tags("contacts"))
    _gone: set[str] = attrs.field(factory=set)
    _listed: frozenset[str] | None = None

    @property
    def _folder(self) -> str:
        within = "" if self.folder is None else f"/contactFolders/{quoted(self.folder)}"
        return f"{self.base}{within}/contacts"

    # --- reading -----------------------------------------------------------------------------------------------------

    def feed(self, scope: Scope) -> str:
        """Return the path of the folder's delta query."""
        if scope.window is not None:
            raise SettingsError("contacts are not listed by days", where="scope", remedy="leave the window out")
        return f"{self._folder}/delta?$select={_SELECTED}"

    def path(self, id_: str) -> str:
        """Return the path of a contact, whatever its folder."""
        return f"{self.base}/contacts/{quoted(id_)}"

    def reading(self, id_: str) -> Ask:
        """Return the ask for a contact."""
        return Ask("GET", f"{self.path(id_)}?$select={_SELECTED}&$expand={_EXPANDED}")

    def hear_gone(self, ids: Sequence[str]) -> None:
        """Take in what the feed says is gone, and that a listing of before is one of before."""
        self._gone.update(ids)
        self._listed = None

    def read(self, ids: Sequence[str]) -> Asking[list[Answer]]:
        """Return what is said of each id; one that is not found is believed to be gone if it is not listed either."""
        answers = yield from super().read(ids)
        missed = [
            at
            for at, answer in enumerate(answers)
            if answer.status == _NOT_FOUND and is_gone(answer) and self._may_be_there(ids[at])
        ]
        if missed:
            rows = yield from read_rows(
                self.wire, f"{self._folder}?$select={_SELECTED}&$expand={_EXPANDED}&$top={_AT_ONCE}"
            )
            there = {text(row, "id"): row for row in rows}
            self._listed = frozenset(there)
            for at in missed:
                if row := there.get(ids[at]):
                    answers[at] = Answer(200, dict(row))
        return answers

    def _may_be_there(self, id_: str) -> bool:
        return id_ not in self._gone and (self._listed is None or id_ in self._listed)

    def item(self, data: Json, scope: Scope, id_: str) -> Item[Contact]:
        """Return a contact as an item."""
        members = Membership(scope.name)
        found = read_item(CONTACTS, data, member=lambda contact: members.holds(contact.categories), token=tag_of)
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
        categories = Membership(scope.name).placed(write.record.categories, member=write.member)
        body = CONTACTS.create(attrs.evolve(write.record, categories=categories))
        return {**body, "singleValueExtendedProperties": [{"id": TAG, "value": write.token}]}

    def patched(self, write: Update, present: Contact | None, scope: Scope) -> Body:
        """Return the body of an update."""
        before = present or Contact()
        return CONTACTS.patch(before, Membership(scope.name).written(write, before.categories))

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[Contact] | None]]:
        """Return what stands there; what was made, or given addresses, is read once more."""
        items = [self.item(one.answer, scope, "") for one in done]
        unsure = [at for at, one in enumerate(done) if one.token or "emailAddresses" in one.sent]
        return (yield from self._tags.read_again(self, items, unsure, done, scope))


def _filter(term: Term) -> str:
    if term.field not in _FILTERS:
        raise SettingsError("contacts are not searched by this", where=term.field, remedy=", ".join(_FILTERS))
    return fitting(_FILTERS[term.field], term.value)
