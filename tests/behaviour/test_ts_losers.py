"""TS-14: winner and fate of the loser are chosen apart; the loser is durable before it is overwritten."""

# ruff: noqa: ANN401 - these take whatever they are given

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import attrs
import pytest

from tallystick import Side
from tallystick.errors import StalePlan, UnknownRecord
from tallystick.ports import CreateSafety, ParkedKind, RunState
from tallystick.profiles import maximizer
from tallystick.reconcile import Bucket, ConflictPolicy, LoserFate, Winner
from tallystick.reconcile.plan import Note
from tests.simulation.crash import Crash, Fuse
from tests.simulation.world import CLIENTS, NAME, World, person_of


def in_conflict(policy: ConflictPolicy, **more: Any) -> World:
    """Return a world with two pairs, one of which both sides have edited."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=policy)
    world = World(profile=profile, **more)
    for person in (1, 2):
        world.insert(0, person, company_name="before", file_as="kept")
    world.quiet()
    world.write(0, 1, 0, "from the left")
    world.write(1, 1, 0, "from the right")
    world.clock.advance(600)
    return world


def companies(world: World, side: int, person: int = 1) -> list[str]:
    """Return the company of all records of a person on a side."""
    mine = f"p{person}@example.com"
    return sorted(one.company_name for one in world.sides[side].all().values() if person_of(one) == mine)


COPYING = ConflictPolicy(Winner.LEFT, LoserFate.COPY)
COPYING_RIGHT = ConflictPolicy(Winner.RIGHT, LoserFate.COPY)
HOLDING = ConflictPolicy(Winner.HOLD)


@pytest.mark.behaviour("TS-14")
@pytest.mark.parametrize("winner", [Winner.LEFT, Winner.RIGHT])
def test_the_loser_is_kept_as_a_copy_beside_its_record(winner: Winner) -> None:
    """The losing record is created once more on its own side, out of the list, and the report names the field."""
    world = in_conflict(ConflictPolicy(winner, LoserFate.COPY))
    report = world.run()
    side = 1 if winner is Winner.LEFT else 0
    won, lost = ("from the left", "from the right") if side else ("from the right", "from the left")

    assert companies(world, side) == sorted([won, lost])
    assert companies(world, 1 - side) == [won]
    assert len(world.sides[side].ids((None, CLIENTS)[side] or "Maximizer")) == 2
    assert [(note.kind, note.side, note.rule) for note in report.notes] == [(Note.LOST, Side(side), "company")]


@pytest.mark.behaviour("TS-14")
@pytest.mark.parametrize("safety", [CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY, CreateSafety.SEARCHABLE_TAG])
def test_a_copy_is_never_synced_as_a_record_of_its_own(safety: CreateSafety) -> None:
    """No run makes a counterpart of a copy, also when it is touched, listed in full, or the scope is all there is."""
    profile = attrs.evolve(maximizer.contacts(category=None), conflict=COPYING)
    world = World(profile=profile, safety=safety)
    world.insert(0, 1, company_name="before", file_as="kept")
    world.quiet()
    world.write(0, 1, 0, "from the left")
    world.write(1, 1, 0, "from the right")
    world.quiet()
    written = world.written()
    world.touch_all()
    world.crm.entries.expire_cursors()
    world.quiet()
    world.sync().disable()
    world.sync().enable()
    world.quiet()

    assert world.written() == written
    assert [len(collection) for collection in world.sides] == [1, 2]
    assert len(world.links()) == 1


@pytest.mark.behaviour("TS-14", "TS-03")
@pytest.mark.parametrize("safety", [CreateSafety.SEARCHABLE_TAG, CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY])
def test_a_copy_is_made_once_and_before_its_record_is_overwritten_wherever_a_run_dies(safety: CreateSafety) -> None:
    """A crash at any request leaves the loser in its record or in one copy, and in the end in exactly one copy."""
    counting = Fuse()
    in_conflict(COPYING, safety=safety).run(counting)
    for at in range(1, len(counting.trace) + 1):
        for flavour in ("before", "after", "lost", "unsent"):
            world = in_conflict(COPYING, safety=safety)
            with suppress(Crash):
                world.run(Fuse(at, flavour))
            assert "from the right" in companies(world, 1), (at, flavour)
            world.clock.advance(600)
            world.run()
            world.quiet()
            assert companies(world, 1) == ["from the left", "from the right"], (at, flavour)
            assert companies(world, 0) == ["from the left"], (at, flavour)


@pytest.mark.behaviour("TS-14")
def test_a_copy_whose_record_is_refused_afterwards_is_not_made_twice() -> None:
    """Where the overwriting fails and is tried again, the copy of the first attempt stands for the loser."""
    world = in_conflict(COPYING)
    world.crm.entries.faults.refuse(lambda write: getattr(write, "id", "") == world_id, "not now", times=2)
    world_id = world.the(1, 1)
    for _ in range(4):
        world.run()
        world.clock.advance(86_400)

    assert companies(world, 1) == ["from the left", "from the right"]
    world.quiet()


@pytest.mark.behaviour("TS-14")
def test_where_no_copy_can_be_made_nothing_is_overwritten() -> None:
    """A copy that is refused keeps its record as it was; a side on which nothing is created holds the conflict."""
    world = in_conflict(COPYING)
    world.crm.entries.faults.refuse(lambda write: hasattr(write, "record"), "full", times=None)
    world.run()
    assert companies(world, 1) == ["from the right"]
    assert [row.reasons for row in world.sync().failed()] == [("refused:full",)]

    world = in_conflict(COPYING)
    world.profile = attrs.evolve(world.profile, right=attrs.evolve(world.profile.right, creates=False))
    assert world.run().conflicts == 1
    assert companies(world, 1) == ["from the right"]

    for safety in (CreateSafety.SERVER_TOKEN, CreateSafety.NATURAL_KEY):
        world = in_conflict(COPYING, safety=safety)
        assert world.run().conflicts == 1  # a copy whose answer is lost could not be found


@pytest.mark.behaviour("TS-14", "TS-15")
def test_a_new_pair_whose_copy_was_refused_is_listed_until_it_is_made() -> None:
    """Both records of a pair that waits for its loser's copy are listed, also beyond the scope, and become a pair."""
    world = World(profile=attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=COPYING_RIGHT))
    world.insert(0, 1, company_name="from the left")
    world.insert(1, 1, company_name="from the right")
    world.crm.entries.leave(world.the(1, 1), CLIENTS)
    world.outlook.contacts.faults.refuse(lambda write: hasattr(write, "record"), "full", times=1)
    world.run()
    assert {(row.side, row.id) for row in world.sync().failed()} == {
        (Side.LEFT, world.the(0, 1)),
        (Side.RIGHT, world.the(1, 1)),
    }

    world.clock.advance(86_400)
    world.quiet()
    assert companies(world, 0) == ["from the left", "from the right"]
    assert world.sync().failed() == []
    assert len(world.links()) == 1


@pytest.mark.behaviour("TS-14")
def test_a_held_conflict_is_listed_with_both_records_and_versions() -> None:
    """Nothing is overwritten; the list names the pair, the fields, and what to choose between."""
    world = in_conflict(HOLDING)
    report = world.run()
    (conflict,) = world.sync().conflicts()

    assert report.buckets[Bucket.CONFLICT] == 1
    assert conflict.ids == (world.the(0, 1), world.the(1, 1))
    assert conflict.versions == tuple(world.sides[side].item(conflict.ids[side]).version for side in (0, 1))
    assert conflict.rules == ("company",)
    assert conflict.id == conflict.ids[0]
    assert (companies(world, 0), companies(world, 1)) == (["from the left"], ["from the right"])
    world.quiet()
    assert len(world.sync().conflicts()) == 1


@pytest.mark.behaviour("TS-14")
@pytest.mark.parametrize("winner", ["left", "right"])
def test_a_person_settles_a_held_conflict(winner: str) -> None:
    """The chosen value stands on both sides, the other is in the sink, and the list is empty."""
    world = in_conflict(HOLDING)
    world.run()
    (conflict,) = world.sync().conflicts()
    report = world.sync().resolve(conflict.id, winner=winner)
    world.reports.append(report)
    chosen, other = f"from the {winner}", {"left": "from the right", "right": "from the left"}[winner]

    assert report.state is RunState.COMPLETE
    assert (companies(world, 0), companies(world, 1)) == ([chosen], [chosen])
    assert other in world.sink.values()
    assert [(note.kind, note.rule) for note in report.notes] == [(Note.LOST, "company")]
    assert not world.sync().conflicts()
    assert world.sync().history()[0].number == report.run
    written = world.written()
    world.quiet()
    world.check()
    assert world.written() == written


@pytest.mark.behaviour("TS-14")
@pytest.mark.parametrize("side", [0, 1])
def test_who_edits_meanwhile_is_asked_again(side: int) -> None:
    """A choice made between other values settles nothing: the conflict is listed anew, with what is there now."""
    world = in_conflict(HOLDING)
    world.run()
    (conflict,) = world.sync().conflicts()
    world.write(side, 1, 0, "edited since")
    with pytest.raises(StalePlan, match="changed since it was listed"):
        world.sync().resolve(conflict.id, winner="left")
    assert "edited since" in companies(world, side)

    world.clock.advance(600)
    world.run()
    (again,) = world.sync().conflicts()
    assert again.versions[side] != conflict.versions[side]
    world.sync().resolve(again.id, winner=Side(side))
    assert (companies(world, 0), companies(world, 1)) == (["edited since"], ["edited since"])


@pytest.mark.behaviour("TS-14")
def test_an_edit_at_the_last_moment_is_not_overwritten_by_a_choice() -> None:
    """Between reading and writing a choice, a version that moves wins over the choice."""
    world = in_conflict(HOLDING)
    world.run()
    (conflict,) = world.sync().conflicts()

    def edit(_batch: Sequence[object]) -> None:
        world.write(1, 1, 0, "edited since")

    world.crm.entries.faults.before("update", edit)
    report = world.sync().resolve(conflict.id, winner="left")
    world.crm.entries.faults.clear()

    assert [failure.reason for failure in report.errors] == ["changed_meanwhile"]
    assert report.note.endswith("; no run does it: what was in conflict stays listed, choose again")
    assert companies(world, 1) == ["edited since"]
    world.quiet()
    assert len(world.sync().conflicts()) == 1


@pytest.mark.behaviour("TS-14", "TS-03")
def test_a_choice_survives_a_crash_at_any_request() -> None:
    """A crash while a choice is written leaves the conflict held or settled, and the loser with the sink."""

    def held() -> World:
        world = in_conflict(HOLDING)
        world.run()
        return world

    world, counting = held(), Fuse()
    world.sync(counting).resolve(world.the(0, 1), winner="left")
    for at in range(1, len(counting.trace) + 1):
        for flavour in ("before", "after", "lost", "unsent"):
            world = held()
            with suppress(Crash):
                world.sync(Fuse(at, flavour)).resolve(world.the(0, 1), winner="left")
            world.clock.advance(600)
            world.run()
            world.quiet()
            there = companies(world, 1)
            assert there == ["from the right"] or "from the right" in world.sink.values(), (at, flavour)
            assert len(world.sync().conflicts()) == (there == ["from the right"]), (at, flavour)


@pytest.mark.behaviour("TS-14")
def test_only_a_held_conflict_can_be_settled() -> None:
    """An id that is in no conflict is a mistake, and says where to look."""
    world = in_conflict(HOLDING)
    world.run()
    with pytest.raises(UnknownRecord, match="list of conflicts"):
        world.sync().resolve(world.the(0, 2), winner="left")
    assert len(world.state.parked_list(NAME, ParkedKind.CONFLICT)) == 2
