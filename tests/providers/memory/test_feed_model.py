"""Test that whoever follows a feed ends up with what the collection holds, whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.ports import Item, Scope
from tallystick.providers.memory import (
    CRM_CAPABILITIES,
    OUTLOOK_CAPABILITIES,
    FakeCrm,
    FakeOutlook,
    MemoryCollection,
    Quirks,
    VirtualClock,
)
from tallystick.records import Contact, Entry
from tests.providers.memory.follower import Follower

pytestmark = pytest.mark.property

LAG = timedelta(seconds=5)
NAMES = ("Clients", "Friends")
ACTIONS = ("insert", "edit", "delete", "join", "leave", "touch", "move", "expire", "page", "catch_up")

quirks = st.builds(Quirks, replays=st.booleans(), unlist_leavers=st.booleans())
lags = st.sampled_from([timedelta(0), timedelta(seconds=2), LAG])
scopes = st.sampled_from([Scope("Clients"), Scope()])
actions = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 20), st.sampled_from(NAMES)), max_size=60)


def follow(
    collection: MemoryCollection[Contact] | MemoryCollection[Entry],
    insert: Callable[[str], str],
    follower: Follower[Contact] | Follower[Entry],
    steps: list[tuple[str, int, str]],
    clock: VirtualClock,
) -> None:
    """Let a person do what ``steps`` say, and the follower read in between."""
    acts: dict[str, Callable[[str, str], object]] = {
        "edit": lambda id_, name: collection.edit(id_, department=name),
        "delete": lambda id_, name: collection.delete(id_),
        "join": collection.join,
        "leave": collection.leave,
        "touch": lambda id_, name: collection.touch(id_),
        "move": lambda id_, name: collection.move(id_),
    }
    for action, number, name in steps:
        ids = collection.ids()
        if action == "insert":
            insert(name)
        elif action == "expire":
            collection.expire_cursors()
        elif action == "page":
            follower.step()
        elif action == "catch_up":
            follower.catch_up()
        elif ids:
            acts[action](ids[number % len(ids)], name)
    clock.advance(LAG)
    follower.catch_up()  # the round that was going on
    follower.catch_up()  # what changed during that round


@given(steps=actions, scope=scopes, page_size=st.integers(1, 4), seed=st.integers(0, 9), quirks=quirks, lag=lags)
def test_following_a_mailbox(
    steps: list[tuple[str, int, str]], scope: Scope, page_size: int, seed: int, quirks: Quirks, lag: timedelta
) -> None:
    """Whoever follows a category's feed knows its contacts, through replays, expiry, lag and edits in between."""
    capabilities = attrs.evolve(OUTLOOK_CAPABILITIES, visibility_lag=lag)
    clock = VirtualClock()
    contacts = FakeOutlook(
        clock=clock, page_size=page_size, seed=seed, quirks=quirks, capabilities=capabilities
    ).contacts
    follower = Follower(contacts, scope)

    follow(contacts, lambda name: contacts.insert(Contact(categories=(name,))), follower, steps, clock)

    assert {id_: contacts.item(id_, scope) for id_ in contacts.ids(scope.name)} == follower.known


@given(steps=actions, scope=scopes, page_size=st.integers(1, 4), seed=st.integers(0, 9), quirks=quirks, lag=lags)
def test_following_an_address_book(
    steps: list[tuple[str, int, str]], scope: Scope, page_size: int, seed: int, quirks: Quirks, lag: timedelta
) -> None:
    """Whoever follows a list's feed knows its entries, through replays, expiry, lag and edits in between."""
    capabilities = attrs.evolve(CRM_CAPABILITIES, visibility_lag=lag)
    clock = VirtualClock()
    crm = FakeCrm(clock=clock, page_size=page_size, seed=seed, quirks=quirks, capabilities=capabilities)
    entries = crm.entries
    follower = Follower(entries, scope)

    follow(entries, lambda name: entries.insert(Entry(), lists=(name,)), follower, steps, clock)

    expected: dict[str, Item[Entry]] = {id_: entries.item(id_, scope) for id_ in entries.ids(scope.name)}
    assert expected == follower.known
