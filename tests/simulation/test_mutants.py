"""The simulator finds out engines that were broken on purpose: it tests the tests."""

import attrs
import pytest

from tallystick.ports import CreateSafety
from tests.conftest import Count
from tests.simulation.hunting import killer_of, survives
from tests.simulation.mutants import MUTANTS, Mutant, deleting, forgetting_parked, no_base_as_answered
from tests.simulation.program import Op, carried_out
from tests.simulation.world import TEXTS, KeptLosers, World


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_engine_is_found_out(mutant: Mutant, monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    """An engine without one of its safeguards fails in the corpus, or within a stated number of histories."""
    with monkeypatch.context() as patch:
        killer = killer_of(mutant, patch)

    assert killer is not None, f"{mutant.name} survived {mutant.seeds} histories"
    assert survives(Mutant("none", 0), killer), f"the whole engine dies of it too: {killer.text()}"
    count(broken_engines_found_out=1)


def copy_renamed_while_in_doubt() -> World:
    """Have a user rename our own copy while nobody knows yet whether it was made."""
    world = World(safety=CreateSafety.SEARCHABLE_TAG, lag=30)
    world.insert(0, 1)
    world.quiet()
    world.insert(0, 2)
    world.crm.entries.faults.lose_reply("create")
    world.clock.advance(600)
    world.run()
    (copy,) = (one for one in world.crm.entries.ids() if one not in {link.ids[1] for link in world.links()})
    world.crm.entries.edit(copy, last_name="Renamed")
    world.clock.advance(31)
    world.run()
    world.quiet()
    return world


def mended_twin() -> World:
    """Have a user mend the twin of a record that was set aside."""
    world = World()
    for _ in range(2):
        world.insert(0, 1)
    world.quiet()
    world.outlook.contacts.delete(world.find(0, 1)[0])
    world.quiet()
    return world


def rewritten() -> World:
    """Have a service cut what it is given, and touch all its records afterwards."""
    world = World()
    world.crm.entries.rewrite = lambda entry: attrs.evolve(entry, company_name=entry.company_name[:2])
    world.insert(0, 1, company_name="a company")
    world.quiet()
    world.touch_all()
    world.quiet()
    return world


def test_without_parked_rows_a_mended_twin_is_forgotten() -> None:
    """The engine that forgets parked rows leaves a record behind whose twin was mended; the whole one pairs it."""
    assert len(mended_twin().links()) == 1
    world = World()
    forgetting_parked(world)
    for _ in range(2):
        world.insert(0, 1)
    world.quiet()
    world.outlook.contacts.delete(world.find(0, 1)[0])
    world.quiet()
    assert not world.links()


def test_without_the_answers_base_a_cut_travels_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that believes what it sent takes a service's cut for an edit; the whole one does not."""
    assert texts_on_the_left(rewritten()) == ["a company"]
    no_base_as_answered(monkeypatch)
    assert texts_on_the_left(rewritten()) == ["a "]


@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_where_a_removal_beats_an_edit_the_edit_goes_to_the_sink(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit creates a deleted record again, or is kept by the sink where a removal beats it, and is lost without."""
    program: list[Op] = [("both", 0, 1, 0), ("run", 0, 0, 2), ("delete", side, 1, 0), ("edit", 1 - side, 1, 0)]
    carried_out(program, World(profile=deleting(edit_beats_removal=True)), deletes=True)
    carried_out(program, World(profile=deleting(edit_beats_removal=False)), deletes=True)
    monkeypatch.setattr(KeptLosers, "keep", lambda _self, _losers: None)
    with pytest.raises(AssertionError, match="lost"):
        carried_out(program, World(profile=deleting(edit_beats_removal=False)), deletes=True)


def test_a_copy_that_was_renamed_while_in_doubt_is_not_doubled() -> None:
    """Our own copy, renamed by a user before anybody knew that it arrived, is found by its token."""
    world = copy_renamed_while_in_doubt()
    world.check()
    assert len(world.outlook.contacts) == 2


def texts_on_the_left(world: World) -> list[str]:
    """Return the first text of every contact."""
    return [getattr(record, TEXTS[0][0]) for record in world.outlook.contacts.all().values()]
