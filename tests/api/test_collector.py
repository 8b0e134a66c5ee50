"""The collector of cyclic garbage: it rests while a run decides about many records, and is left as it was found."""

import gc

import attrs
import pytest

import tallystick as ts
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook
from tallystick.records import Contact


def seen_while_planning(contacts: int) -> set[bool]:
    """Return whether the collector was at work while so many new contacts were decided about."""
    seen: set[bool] = set()

    def takes_part(_contact: Contact) -> bool:
        seen.add(gc.isenabled())
        return True

    profile = maximizer.contacts(category=None)
    profile = attrs.evolve(profile, left=attrs.evolve(profile.left, takes_part=takes_part))
    seen.clear()  # it was tried when the profile was made
    outlook, crm = FakeOutlook(page_size=1000), FakeCrm()
    outlook.contacts.load(Contact(given_name=f"A{number}") for number in range(contacts))
    ts.Sync("bulk", left=outlook.contacts, right=crm.entries, profile=profile, state=ts.MemoryState(bytes(32))).plan()
    return seen


def test_the_collector_rests_while_many_records_are_decided_about() -> None:
    """A first run of many records is not slowed down by collections, and the host has its collector back after it."""
    assert seen_while_planning(1000) == {False}
    assert gc.isenabled()


def test_the_collector_is_left_alone_by_a_small_run() -> None:
    """A run of a few records does nothing to the host's collector."""
    assert seen_while_planning(10) == {True}


def test_a_collector_that_is_off_stays_off(request: pytest.FixtureRequest) -> None:
    """A host that has switched its collector off finds it off."""
    request.addfinalizer(gc.enable)
    gc.disable()

    assert seen_while_planning(1000) == {False}
    assert not gc.isenabled()


def test_what_the_host_keeps_frozen_stays_frozen(request: pytest.FixtureRequest) -> None:
    """A host that froze its objects before it forked workers finds them frozen."""
    request.addfinalizer(gc.unfreeze)
    gc.freeze()
    frozen = gc.get_freeze_count()

    seen_while_planning(1000)

    assert gc.get_freeze_count() >= frozen - 100 > 0  # some of them may be gone by then
