"""The law of first pairings: the short way through many pairs decides what the long way decides about each."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tallystick as ts
from tallystick.mapping import compile_mapping
from tallystick.ports import Capabilities, Item, Link
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile import deciding, reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.pair_merge import Items
from tallystick.reconcile.pairs import PairDecision, decide_first_pairings, decide_pair
from tallystick.records import Contact, Entry
from tests.property.strategies import CONTACTS, ENTRIES

pytestmark = pytest.mark.property

KEY = bytes(32)
PROFILE: Any = maximizer.contacts(category="Maximizer", favourite_list="Clients")
MAPPING: Any = compile_mapping(PROFILE.mapping, KEY)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = Context("law", PROFILE, MAPPING, KEY, (Capabilities(), Capabilities()), ("a", "b"), NOW, initial=True)


def the_long_way(context: Context, pairs: Iterable[Items]) -> Iterator[PairDecision]:
    """Yield what is decided about each pair by itself."""
    return (decide_pair(context, None, items, reasons.FIRST_PAIRING) for items in pairs)


@given(CONTACTS, ENTRIES, st.booleans(), st.booleans(), st.booleans())
def test_a_pair_is_decided_the_same_among_many(
    contact: Contact, entry: Entry, equal: bool, inside: bool, listed: bool
) -> None:
    """Two records that agree are linked, others are merged, as if no others were there."""
    if equal:
        entry = MAPPING.counterpart[1](contact, Entry())[0]
    items: Any = (Item("1", "v1", contact, inside), Item("2", "v2", entry, listed))
    (found,) = decide_first_pairings(CONTEXT, [items])
    (wanted,) = the_long_way(CONTEXT, [items])

    assert (found if isinstance(found, Link) else found.link) == wanted.link
    assert isinstance(found, Link) <= (not wanted.steps and not wanted.held)
    assert isinstance(found, Link) or found == wanted


def test_a_plan_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of a whole first run holds the same steps, links and rows, in the same order."""

    def plan() -> ts.Plan:
        books, clock = address_books(400, 7), VirtualClock()
        outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
        outlook.contacts.load(books.contacts)
        crm.entries.load(books.entries, lists=("Clients",))
        state = ts.MemoryState(KEY)
        return ts.Sync(
            "law", left=outlook.contacts, right=crm.entries, profile=PROFILE, state=state, clock=clock
        ).plan()

    fast = plan()
    monkeypatch.setattr(deciding, "decide_first_pairings", the_long_way)
    slow = plan()

    assert len(fast.links) > 100 < len(fast.steps)
    assert fast == slow
