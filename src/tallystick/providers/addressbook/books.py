"""Provide two address books of any size that share most of their people, made from a seed.

The same seed makes the same books in every process and on every machine.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Generic, TypeVar

import attrs

from tallystick.errors import SettingsError
from tallystick.providers.addressbook.names import OTHER_CATEGORIES, OTHER_LISTS
from tallystick.providers.addressbook.people import company, counterpart, one_of, person, sometimes
from tallystick.providers.addressbook.variants import (
    Fault,
    duplicate_contact,
    duplicate_entry,
    edited,
    invalid_address,
    lacking_contact,
    lacking_entry,
    respelled,
)
from tallystick.records import Contact, EmailAddress, Entry, EntryKind

R = TypeVar("R")
_BELONGS_TO_A_COMPANY = 0.3
_ON_ANOTHER_LIST = 0.15


@attrs.frozen
class Shares:
    """How much of what there is. ``overlap`` is of all people, the next two of those on both sides, the rest of a side.

    ``edited`` people differ in a field, ``respelled`` ones in case, white space or composition only.
    """

    overlap: float = 0.6
    edited: float = 0.25
    respelled: float = 0.15
    duplicates: float = 0.03
    lacking: float = 0.03
    invalid: float = 0.02
    companies: float = 0.02


@attrs.frozen
class AddressBooks:
    """Two address books, and what is known of them.

    ``lists`` are the favourite lists of each entry. ``pairs`` are the indexes of the contact and the entry of each
    person whom both sides know and neither has twice. ``faults`` tells, for contacts and for entries, what is the
    matter with the record at an index.
    """

    contacts: list[Contact] = attrs.field(repr=False)
    entries: list[Entry] = attrs.field(repr=False)
    lists: list[tuple[str, ...]] = attrs.field(repr=False)
    pairs: list[tuple[int, int]] = attrs.field(repr=False)
    faults: tuple[Mapping[int, Fault], Mapping[int, Fault]] = attrs.field(repr=False)


@attrs.define
class _Placed(Generic[R]):
    """A record on its way into a book: the number of its person if the other side knows it too, and its fault."""

    record: R
    shared: int | None = None
    fault: Fault | None = None


@attrs.frozen
class _Figures:
    """How many of what each side has."""

    both: int
    single: int
    duplicates: int
    lacking: int
    invalid: int
    companies: int


def address_books(
    size: int,
    seed: int = 1,
    *,
    shares: Shares | None = None,
    category: str = "Maximizer",
    favourite_list: str = "Clients",
) -> AddressBooks:
    """Return two address books of ``size`` records each, all of them in the category and on the list."""
    if size < 0:
        raise SettingsError(f"an address book of {size} records", remedy="set size to 0 or more")
    shares = shares or Shares()
    random = Random(seed)  # noqa: S311 -- the same data twice is the point
    figures = _figures(size, shares)
    shared = [person(random, number, _categories(random, category)) for number in range(figures.both)]
    left = [_Placed(contact, number) for number, contact in enumerate(shared)]
    right = [_Placed(_other_side(random, contact, shares), number) for number, contact in enumerate(shared)]
    alone = figures.both
    left += [
        _Placed(person(random, number, _categories(random, category)))
        for number in range(alone, alone + figures.single)
    ]
    alone += figures.single
    right += [
        _Placed(counterpart(person(random, number, ()), _kind(random)))
        for number in range(alone, alone + figures.single - figures.companies)
    ]
    _spoil(random, left, figures, lacking_contact, _with_addresses)
    _spoil(random, right, figures, lacking_entry, _with_emails)
    _double(random, left, figures.duplicates, duplicate_contact)
    _double(random, right, figures.duplicates, duplicate_entry)
    right += [_Placed(company(random, number)) for number in range(figures.companies)]
    random.shuffle(left)
    random.shuffle(right)
    return AddressBooks(
        [placed.record for placed in left],
        [placed.record for placed in right],
        [_lists(random, favourite_list) for _ in right],
        _pairs(left, right),
        (_faults(left), _faults(right)),
    )


def _figures(size: int, shares: Shares) -> _Figures:
    duplicates = min(round(size * shares.duplicates), size // 2)
    people = size - duplicates
    both = round(people * shares.overlap / (shares.overlap + (1 - shares.overlap) / 2))
    single = people - both
    lacking = min(round(size * shares.lacking), single)
    invalid = min(round(size * shares.invalid), single - lacking)
    companies = min(round(size * shares.companies), single - lacking - invalid)
    return _Figures(both, single, duplicates, lacking, invalid, companies)


def _other_side(random: Random, contact: Contact, shares: Shares) -> Entry:
    entry = counterpart(contact, _kind(random))
    if sometimes(random, shares.edited):
        entry = edited(random, entry)
    return respelled(random, entry) if sometimes(random, shares.respelled) else entry


def _kind(random: Random) -> EntryKind:
    return EntryKind.CONTACT if sometimes(random, _BELONGS_TO_A_COMPANY) else EntryKind.INDIVIDUAL


def _categories(random: Random, category: str) -> tuple[str, ...]:
    if sometimes(random, _ON_ANOTHER_LIST):
        return (one_of(random, OTHER_CATEGORIES), category)
    return (category,)


def _lists(random: Random, favourite_list: str) -> tuple[str, ...]:
    if sometimes(random, _ON_ANOTHER_LIST):
        return (favourite_list, one_of(random, OTHER_LISTS))
    return (favourite_list,)


def _spoil(
    random: Random,
    side: Sequence[_Placed[R]],
    figures: _Figures,
    lacking: Callable[[Random, R], R],
    readdressed: Callable[[R, str, bool], R],
) -> None:
    """Make some of those whom one side alone knows unfit, or give them an address that is none."""
    alone = side[figures.both :]
    for placed in alone[: figures.lacking]:
        placed.record = lacking(random, placed.record)
        placed.fault = Fault.LACKING
    for number, placed in enumerate(alone[figures.lacking : figures.lacking + figures.invalid]):
        spare = number % 2 == 1
        placed.record = readdressed(placed.record, invalid_address(random, number), spare)
        placed.fault = Fault.SPARE_INVALID if spare else Fault.INVALID


def _with_addresses(contact: Contact, address: str, spare: bool) -> Contact:  # noqa: FBT001 -- a value, not a switch
    valid = contact.email_addresses[:2] if spare else ()
    return attrs.evolve(contact, email_addresses=(*valid, EmailAddress(address)))


def _with_emails(entry: Entry, address: str, spare: bool) -> Entry:  # noqa: FBT001 -- a value, not a switch
    return attrs.evolve(entry, emails=(*(entry.emails[:2] if spare else ()), address))


def _double(random: Random, side: list[_Placed[R]], count: int, double: Callable[[Random, R], R]) -> None:
    sound = [placed for placed in side if placed.fault is None]
    for placed in random.sample(sound, min(count, len(sound))):
        placed.fault = Fault.DUPLICATE
        side.append(_Placed(double(random, placed.record), None, Fault.DUPLICATE))


def _pairs(left: Sequence[_Placed[Contact]], right: Sequence[_Placed[Entry]]) -> list[tuple[int, int]]:
    entries = {
        placed.shared: place for place, placed in enumerate(right) if placed.fault is None and placed.shared is not None
    }
    return [
        (place, entries[placed.shared])
        for place, placed in enumerate(left)
        if placed.fault is None and placed.shared in entries
    ]


def _faults(side: Sequence[_Placed[R]]) -> dict[int, Fault]:
    return {place: placed.fault for place, placed in enumerate(side) if placed.fault is not None}
