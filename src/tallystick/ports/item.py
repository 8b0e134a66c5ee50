"""Provide what a provider says of its records: items, absences, redirects, pages, and the scope that was asked for.

A feed may say that an id is *unlisted*; why it is, nobody knows until it was read. :class:`Absence` carries the
reason once it is known; a record that lives on under another id is a :class:`Redirect`, not an absence.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

import attrs

from tallystick.errors import SettingsError
from tallystick.field_types import check_types
from tallystick.making import quickly_made

R = TypeVar("R")


@attrs.frozen
class Window:
    """A span of whole days of ``zone``, both included; for collections that are listed by time."""

    first: date
    last: date
    zone: str = "UTC"

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if self.last < self.first:
            raise SettingsError("a window ends before it begins", where="window", remedy="give the first day first")


@attrs.frozen
class Scope:
    """The part of a collection that a sync looks after: a named list or category, a window of days, or both.

    ``name`` is the provider's word for a list, category or folder; None means the whole collection. A window narrows
    what is listed, no more: a cursor that was begun with another window has expired.
    """

    name: str | None = None
    window: Window | None = None

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if self.name is not None and not self.name.strip():
            raise SettingsError("the name of a list or category is empty", remedy="leave it out, or give None, for all")


@quickly_made
@attrs.frozen
class Item(Generic[R]):
    """One record as a provider shows it.

    ``version`` is the provider's opaque token for this state of the record, compared for equality only (None where
    it has none). ``member`` tells whether the record belongs to the list that the scope names. ``token`` is the one
    that we gave when we created it, where the provider can return it.
    """

    id: str
    version: str | None
    record: R
    member: bool = True
    modified: datetime | None = None
    token: str | None = None


class AbsenceReason(StrEnum):
    """Why a record is not where it was."""

    DELETED = "deleted"
    OUT_OF_SCOPE = "out_of_scope"
    OUT_OF_WINDOW = "out_of_window"
    NO_ACCESS = "no_access"


@attrs.frozen
class Absence:
    """What :meth:`Provider.get` answers for an id that it cannot show: not found, or refused."""

    id: str
    reason: AbsenceReason


@attrs.frozen
class Redirect:
    """What :meth:`Provider.get` answers where a record lives on under another id (moved, or merged into another).

    The new id may redirect in turn.
    """

    id: str
    new_id: str


Found = Item[R] | Absence | Redirect


@attrs.frozen
class Page(Generic[R]):
    """One page of a feed.

    ``cursor`` asks for what follows. ``complete`` says that nothing is left to read for now; until a feed has said
    so, nothing may be concluded from what it did not list. The same id may come in several pages; the last counts.
    Within one page an id stands in one of ``items``, ``unlisted`` and ``unreadable``. ``unlisted`` may name ids that
    were never shown before. ``unreadable`` are there and can't be shown: what the service holds makes no record.
    """

    items: Sequence[Item[R]]
    cursor: str
    complete: bool
    unlisted: Sequence[str] = ()
    unreadable: Sequence[str] = ()


@attrs.frozen
class Term:
    """One thing to search for, in the searched side's own words: the name of a field, and a value.

    The field :attr:`TOKEN` asks for records that were created with the token ``value``; providers whose creates are
    made safe by a unique key or a searchable tag have to find them, whatever became of the records since.
    """

    field: str
    value: str = attrs.field(repr=False)

    TOKEN = "tallystick:token"
