"""Provide saved searches: which records of the CRM are synced, as data that a person changes and a program reads.

A search is a list of criteria, all of which a record has to meet. A criterion names a field that the kind of record
exposes, an operator and values; it is met where that holds for any of the values. The value :data:`ME` stands for the
user. Fields and values are compared without regard to case.

A predefined search may be changed and saved under another name. The fields that it exposes stay in whatever is made of
it: their criteria can be other ones, but none of them can be removed.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

import attrs

from tallystick.errors import SettingsError
from tallystick.records import Appointment, CrmTask, Person, RelationKind
from tallystick.text import fold

S = TypeVar("S")

ME: Final = "$me"
"""The value that stands for the user of the sync."""


class Operator(StrEnum):
    """What a criterion asks of a field; of one with several values, whether any of them is so."""

    IS = "is"
    IS_NOT = "is not"
    CONTAINS = "contains"
    BEGINS = "begins with"


@attrs.frozen
class Criterion:
    """One condition: a field's name, an operator, and the values of which one has to do (for *is not*: none may)."""

    field: str
    operator: Operator = Operator.IS
    values: tuple[str, ...] = ()

    def met(self, shown: Sequence[str], user: str) -> bool:
        """Tell whether a field that shows these values meets it, for the user with this id."""
        wanted = [fold(user if value == ME else value) for value in self.values]
        found = [fold(value) for value in shown]
        if self.operator is Operator.IS_NOT:
            return not any(value in wanted for value in found)
        holds = _HOLDS[self.operator]
        return any(holds(value, one) for value in found for one in wanted)


_HOLDS: Final[Mapping[Operator, Callable[[str, str], bool]]] = {
    Operator.IS: lambda value, one: value == one,
    Operator.CONTAINS: lambda value, one: one in value,
    Operator.BEGINS: lambda value, one: value.startswith(one),
}


@attrs.frozen
class SavedSearch:
    """A search under a name. ``origin`` is the predefined one that it was made of, empty for one of a person's own.

    Raises SettingsError for a criterion without a value, and where a field of the origin has no criterion any more.
    """

    name: str
    criteria: tuple[Criterion, ...] = ()
    origin: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.name.strip():
            raise SettingsError("a saved search without a name", remedy="give it one")
        if any(not one.values for one in self.criteria):
            raise SettingsError("a criterion without a value", where=self.name, remedy="give one, or leave it out")
        named = {one.field for one in self.criteria}
        removed = [field for field in PROTECTED.get(self.origin, ()) if field not in named]
        if removed:
            raise SettingsError(
                f"the fields of a predefined search can't be removed: {', '.join(removed)}",
                where=self.name,
                remedy="change their criteria instead",
            )

    def saved_as(self, name: str) -> "SavedSearch":
        """Return the same search under another name; what protects its fields goes with it."""
        return attrs.evolve(self, name=name)

    def changed(self, *criteria: Criterion) -> "SavedSearch":
        """Return it with these criteria in place of those of the same fields, and any others added."""
        named = {one.field for one in criteria}
        return attrs.evolve(self, criteria=(*(one for one in self.criteria if one.field not in named), *criteria))

    def without(self, field: str) -> "SavedSearch":
        """Return it without the criteria of a field. Raises SettingsError where the field is protected."""
        return attrs.evolve(self, criteria=tuple(one for one in self.criteria if one.field != field))

    def matcher(self, exposed: "Exposed[S]", user: str) -> Callable[[S], bool]:
        """Return what tells whether a record is found. Raises SettingsError for a field that is not exposed."""
        unknown = [one.field for one in self.criteria if one.field not in exposed]
        if unknown:
            raise SettingsError(
                f"no such field to search by: {', '.join(unknown)}",
                where=self.name,
                remedy=f"use one of {', '.join(exposed)}",
            )
        tests = [(exposed[one.field], one) for one in self.criteria]
        return lambda record: all(one.met(shown(record), user) for shown, one in tests)


Exposed = Mapping[str, Callable[[S], Sequence[str]]]
"""The fields of a kind of record that criteria may name, with the values that a record shows of each."""


def _yes_or_no(is_so: bool) -> Sequence[str]:  # noqa: FBT001 -- what a record shows
    return ("yes" if is_so else "no",)


PEOPLE: Final[Exposed[Person]] = {
    "name": lambda one: (f"{one.first_name} {one.last_name}",),
    "email": lambda one: one.emails,
    "type": lambda one: (one.type,),
    "owner": lambda one: (one.owner,),
    "account": lambda one: (one.account_name,),
    "account_owner": lambda one: (one.account_owner,),
    "favourite": lambda one: _yes_or_no(one.is_favourite),
}
"""What searches for contacts may name."""

OPEN: Final = "open"
STATUS: Final = "Status"
"""The custom field of an appointment that holds its status; one without it is open."""

MEETINGS: Final[Exposed[Appointment]] = {
    "subject": lambda one: (one.subject,),
    "location": lambda one: (one.location,),
    "status": lambda one: (dict(one.custom).get(STATUS, OPEN),),
    "resource": lambda one: (
        one.organizer,
        *(person.id for person in one.relations if person.kind is RelationKind.USER),
    ),
}
"""What searches for meetings may name."""

TASKS: Final[Exposed[CrmTask]] = {
    "subject": lambda one: (one.subject,),
    "status": lambda one: (one.status,),
    "priority": lambda one: (one.priority,),
    "completed": lambda one: _yes_or_no(one.is_completed),
    "assignee": lambda one: one.assigned_to,
}
"""What searches for tasks may name."""

PROTECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "All Contacts": (),
    "My Business Contacts": ("account_owner",),
    "My Contacts": ("type", "owner"),
    "My Favorite Contacts": ("favourite",),
    "My Open Activities": ("status", "resource"),
}
"""The fields that each predefined search exposes."""


def _predefined(name: str, *criteria: Criterion) -> SavedSearch:
    return SavedSearch(name, criteria, origin=name)


ALL_CONTACTS: Final = _predefined("All Contacts")
MY_BUSINESS_CONTACTS: Final = _predefined("My Business Contacts", Criterion("account_owner", values=(ME,)))
MY_CONTACTS: Final = _predefined(
    "My Contacts", Criterion("type", values=("account",)), Criterion("owner", values=(ME,))
)
MY_FAVORITE_CONTACTS: Final = _predefined("My Favorite Contacts", Criterion("favourite", values=("yes",)))
MY_OPEN_ACTIVITIES: Final = _predefined(
    "My Open Activities", Criterion("status", values=(OPEN,)), Criterion("resource", values=(ME,))
)
PREDEFINED: Final = (ALL_CONTACTS, MY_BUSINESS_CONTACTS, MY_CONTACTS, MY_FAVORITE_CONTACTS, MY_OPEN_ACTIVITIES)
"""The five that are there from the beginning."""

MY_TASKS: Final = SavedSearch("My Tasks", (Criterion("assignee", values=(ME,)),))
"""A search of one's own to begin with: all tasks that are the user's."""
