"""TS-18: a side whose ids change, and that does not say which became which: its records are told by token or fields."""

import pytest

from tallystick.providers.memory.shelf import Shelf
from tests.simulation.mutants import deleting
from tests.simulation.world import World


@pytest.fixture(autouse=True)
def _no_redirects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no old id lead to the new one."""
    monkeypatch.setattr(Shelf, "moved_to", lambda _self, _id: None)


def in_sync(*, stable: bool = False, tokens: bool = False) -> World:
    """Return a world by whose profile what is deleted on one side is deleted on the other, with two pairs."""
    profile = deleting(edit_beats_removal=True)
    world = World(profile=profile, stable_ids=stable, token_in_listings=tokens)
    for person in (1, 2):
        world.insert(0, person, company_name=f"c{person}")
    world.quiet()
    return world


def after(world: World) -> World:
    """Return the world once it is quiet."""
    world.clock.advance(600)
    world.quiet()
    return world


@pytest.mark.behaviour("TS-18")
@pytest.mark.parametrize("side", [0, 1])
def test_a_record_under_a_new_id_is_told_by_its_fields(side: int) -> None:
    """Its pair goes on, edits under the new id arrive, and nothing is deleted or created."""
    world = in_sync()
    other = world.the(1 - side, 1)
    new = world.sides[side].move(world.the(side, 1))
    before = world.written()
    after(world)

    assert {link.ids[side]: link.ids[1 - side] for link in world.links()}[new] == other
    assert world.written() == before
    world.write(side, 1, 0, "edited since")
    after(world)
    assert world.sides[1 - side].record(other).company_name == "edited since"
    world.check()


@pytest.mark.behaviour("TS-18")
def test_a_record_that_was_renamed_on_the_way_is_told_by_its_token() -> None:
    """A record that we created bears our token: it is known though neither its id nor its name is what it was."""
    world = in_sync(tokens=True)
    left = world.the(0, 1)
    new = world.crm.entries.move(world.the(1, 1))
    world.crm.entries.edit(new, **world.renamed(1, 1, 2))
    after(world)

    assert (left, new) in {link.ids for link in world.links()}
    assert world.outlook.contacts.record(left).surname == world.crm.entries.record(new).last_name
    world.check()


@pytest.mark.behaviour("TS-18")
@pytest.mark.parametrize("stable", [False, True])
def test_what_nobody_goes_on_for_is_deleted(stable: bool) -> None:
    """A deletion is one where ids change, too; where they are stable, the same person anew is a new record."""
    world = in_sync(stable=stable)
    partner = world.the(1, 1)
    world.outlook.contacts.delete(world.the(0, 1))
    if stable:
        world.insert(0, 1)
    after(world)

    assert partner not in world.crm.entries
    assert len(world.find(1, 1)) == int(stable)
    world.check()


@pytest.mark.behaviour("TS-18")
def test_of_two_that_may_go_on_none_is_guessed_at() -> None:
    """Two new records that match make the pair end: nobody is paired by chance."""
    world = in_sync()
    world.outlook.contacts.delete(world.the(0, 1))
    for _ in range(2):
        world.insert(0, 1)
    after(world)

    twins = set(world.find(0, 1))
    assert len(twins) == 2
    assert not twins & {link.ids[0] for link in world.links()}
