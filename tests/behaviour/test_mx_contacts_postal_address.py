"""Test how the Maximizer contact sync keeps the business address of a contact and the primary one of an entry equal."""

import attrs
import pytest

from tallystick import Side
from tallystick.reconcile import Note
from tallystick.records import PostalAddress
from tests.behaviour.conftest import World

HOME, AWAY = PostalAddress("1 Home St", "Hometown", "HT", "11111", "UK"), PostalAddress("2 Away St", country="FR")


@pytest.mark.behaviour("MX-C-10")
def test_the_business_address_is_the_primary_one(world: World) -> None:
    """The business address of a contact is the primary address of its entry; home and other address stay at home."""
    own = {"home_address": HOME, "other_address": AWAY}
    left, right = world.pair(first="Ada", business_address=HOME, **own)
    assert world.crm.record(right).address == HOME
    world.crm.edit(right, address=AWAY)
    world.run()
    assert world.outlook.record(left).business_address == AWAY

    world.outlook.edit(left, home_address=AWAY, other_address=HOME)
    report = world.run()

    assert (world.crm.record(right).address, report.written()) == (AWAY, 0)
    assert (world.outlook.record(left).home_address, world.outlook.record(left).other_address) == (AWAY, HOME)
    world.settled()


@pytest.mark.behaviour("MX-C-10")
def test_home_and_other_address_do_not_travel(world: World) -> None:
    """A contact that has a home address only becomes an entry without an address."""
    _, right = world.pair(first="Ada", home_address=HOME, other_address=AWAY)

    assert PostalAddress() == world.crm.record(right).address
    world.settled()


@pytest.mark.behaviour("MX-C-10")
@pytest.mark.parametrize("last", list(Side))
def test_the_address_is_one_unit(world: World, last: Side) -> None:
    """Where each side changed another line of the address, the most recent address replaces the other as a whole."""
    left, right = world.pair(first="Ada", business_address=HOME)
    versions = (attrs.evolve(HOME, street="3 New St"), attrs.evolve(HOME, city="Newtown"))
    edits = [
        lambda: world.outlook.edit(left, business_address=versions[0]),
        lambda: world.crm.edit(right, address=versions[1]),
    ]
    edits[last.other]()
    edits[last]()

    report = world.run()

    assert versions[last] == world.outlook.record(left).business_address == world.crm.record(right).address
    assert (Note(Note.LOST, last.other, (left, right)[last.other], "address"),) == report.notes
    world.settled()


@pytest.mark.behaviour("MX-C-10")
@pytest.mark.parametrize("empty", [PostalAddress(), PostalAddress(" ", "\n")], ids=["empty", "blank"])
def test_an_emptied_address_empties_the_other(world: World, empty: PostalAddress) -> None:
    """An address that a person empties on one side is emptied on the other, whichever side it is."""
    left, right = world.pair(first="Ada", business_address=HOME)
    world.outlook.edit(left, business_address=empty)
    world.run()
    assert "".join(attrs.astuple(world.crm.record(right).address)).strip() == ""
    world.crm.edit(right, address=AWAY)
    world.run()
    assert world.outlook.record(left).business_address == AWAY

    world.crm.edit(right, address=empty)
    world.run()

    assert "".join(attrs.astuple(world.outlook.record(left).business_address)).strip() == ""
    world.settled()
