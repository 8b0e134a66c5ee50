"""Provide what a collection has to know of its kind of objects: addresses, bodies, and what comes after a write.

What is the same for most kinds stands here; a kind says itself what is otherwise with it. Members are the objects of
a category, unless the kind has scopes of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import attrs

from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import Json, text
from tallystick.ports import Capabilities, Create, Item, Scope, Term, Update
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all
from tallystick.providers.graph.reading import read_categories
from tallystick.providers.graph.wire import Wire

R = TypeVar("R")


@attrs.frozen
class Done:
    """A write that the service says it has done: what was sent, what it answered, and the token of a create."""

    id: str
    answer: Json = attrs.field(repr=False)
    sent: Body = attrs.field(repr=False)
    wanted: object = attrs.field(default=None, repr=False)
    token: str = ""


class Kind(Protocol[R]):
    """One kind of objects of a mailbox below ``base`` (``/me``): contacts, events, messages or tasks."""

    wire: Wire
    base: str

    @property
    def capabilities(self) -> Capabilities:
        """What a provider of this kind declares."""
        ...

    def scopes(self) -> Asking[Sequence[str]]:
        """Return the names of what can be chosen: the categories of the mailbox's own list."""
        return read_categories(self.wire, self.base)

    def feed(self, scope: Scope) -> str:
        """Return the path of the delta query of a scope. Raises SettingsError for a scope that has none."""
        ...

    def listed_id(self, row_id: str, scope: Scope) -> str:  # noqa: ARG002 -- for kinds whose ids name their scope
        """Return the id of the record that a row of a feed is about."""
        return row_id

    def hear_gone(self, ids: Sequence[str]) -> None:  # noqa: ARG002 -- for kinds that doubt it
        """Take in what a page of the feed says is gone."""
        return

    def is_whole(self, row: Json) -> bool:
        """Tell whether a row of a feed has all of its object; one that tells of a change alone lacks its making."""
        return "createdDateTime" in row

    def filled(self, rows: Sequence[Json], scope: Scope) -> Asking[tuple[Sequence[Item[R]], Sequence[str]]]:
        """Return the items that the whole rows of a page are, and the ids of those that are gone meanwhile."""
        yield ()
        return [self.item(row, scope, self.listed_id(text(row, "id"), scope)) for row in rows], ()

    def path(self, id_: str) -> str:
        """Return the path of one object."""
        ...

    def reading(self, id_: str) -> Ask:
        """Return the ask for one object, as items are made of it."""
        ...

    def read(self, ids: Sequence[str]) -> Asking[list[Answer]]:
        """Return what is said of each id, with whatever an object is told in pages of its own."""
        return (yield from ask_all([self.reading(id_) for id_ in ids]))

    def item(self, data: Json, scope: Scope, id_: str) -> Item[R]:
        """Return an object as an item; ``id_`` is what it is known by, empty where that is its own id."""
        ...

    def searching(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[R]]]:
        """Return the items that any of the terms fits. Raises SettingsError for a field that is not searched by."""
        ...

    def home(self, scope: Scope) -> str:
        """Return the path of what new objects are put into."""
        ...

    def made(self, write: Create[R], scope: Scope) -> Body:
        """Return the body of a create. Raises InputError for what the service cannot say."""
        ...

    def must_see(self, write: Update) -> bool:
        """Tell whether an update can only be written down with the present object, or its categories, at hand."""
        return write.member is not None and "categories" not in write.fields

    def patched(self, write: Update, present: R | None, scope: Scope) -> Body:
        """Return the body of an update. Raises InputError for what the service cannot say."""
        ...

    def wanted(self, write: Create[R] | Update, present: R | None) -> object:  # noqa: ARG002 -- the body says all
        """Return what is yet to be written after the body was, whatever the kind makes of it; nothing for most.

        Raises InputError for what the service cannot say.
        """
        return None

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[R] | None]]:
        """Return what stands there after writes, None where that is not known; see to what is yet to be written."""
        ...

    def repeated(self, write: Create[R], scope: Scope) -> Asking[Json | None]:  # noqa: ARG002 -- for kinds with a key
        """Return the object that a create under the same token made, where the service only says that there is one.

        None for most kinds, which have no key that is unique.
        """
        yield ()
        return None


@attrs.frozen
class Membership:
    """Members of a category: objects that name it."""

    name: str | None

    def holds(self, categories: Sequence[str]) -> bool:
        """Tell whether an object with these categories is a member; the service does not mind their case."""
        return self.name is None or self.name.casefold() in {one.casefold() for one in categories}

    def placed(self, categories: Sequence[str], *, member: bool) -> tuple[str, ...]:
        """Return the categories of an object that joined or left."""
        if self.name is None or self.holds(categories) is member:
            return tuple(categories)
        if member:
            return (*categories, self.name)
        return tuple(one for one in categories if one.casefold() != self.name.casefold())

    def written(self, write: Update, before: Sequence[str]) -> Mapping[str, object]:
        """Return the fields of an update, with the categories if joining or leaving changes any."""
        if write.member is None:
            return write.fields
        given = write.fields.get("categories")
        after = self.placed(tuple(given) if isinstance(given, tuple) else tuple(before), member=write.member)
        return write.fields if given is None and after == tuple(before) else {**write.fields, "categories": after}
