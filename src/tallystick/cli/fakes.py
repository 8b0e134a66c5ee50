"""Provide the demonstration's two sides: a mailbox and a CRM in memory, filled with made-up people."""

from collections import Counter

import attrs

from tallystick import Profile, Side
from tallystick.ports import WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import FakeCrm, FakeOutlook
from tallystick.records import Contact, Entry

_CATEGORY = "Maximizer"
_LIST = "Clients"
_PAGE = 1000


@attrs.frozen
class Fakes:
    """Both sides, and the profile that they are synced by."""

    outlook: FakeOutlook
    crm: FakeCrm
    profile: Profile[Contact, Entry]

    @property
    def extent(self) -> str:
        """What of both sides is synced, in words."""
        return f"Outlook: category {_CATEGORY}, CRM: favourite list {_LIST}"

    def writes(self) -> Counter[tuple[Side, WriteKind]]:
        """Return how many writes of each kind either side has taken."""
        sides = zip(Side, (self.outlook.contacts.writes, self.crm.entries.writes), strict=True)
        return Counter({(side, kind): count for side, writes in sides for kind, count in writes.items() if count})


def make_fakes(contacts: int, seed: int) -> Fakes:
    """Make up two address books of so many contacts each, and load them into the two sides."""
    books = address_books(contacts, seed, category=_CATEGORY, favourite_list=_LIST)
    outlook, crm = FakeOutlook(page_size=_PAGE), FakeCrm(page_size=_PAGE)
    outlook.contacts.load(books.contacts)
    shelves: dict[tuple[str, ...], list[Entry]] = {}
    for entry, lists in zip(books.entries, books.lists, strict=True):
        shelves.setdefault(lists, []).append(entry)
    for lists, entries in shelves.items():
        crm.entries.load(entries, lists=lists)
    return Fakes(outlook, crm, maximizer.contacts(_CATEGORY, _LIST, capacity=None))
