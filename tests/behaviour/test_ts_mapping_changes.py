"""TS-16: after a change of mapping, filter or normaliser the next run bases its pairs anew, and rewrites nothing."""

from collections.abc import Callable, Hashable
from typing import Any

import attrs
import pytest

from tallystick import Profile, Side
from tallystick.mapping import MergePolicy, Rule, attribute, rule
from tallystick.ports import RunState
from tallystick.profiles import maximizer
from tallystick.reconcile import ConflictPolicy, RemovalAction, RemovalPolicy, Winner
from tallystick.reconcile.plan import Note
from tallystick.records import Contact, Entry
from tests.simulation.world import CLIENTS, NAME, World

Rules = tuple[Rule[Contact, Entry], ...]


def but(name: str, made: Callable[[Any], Any]) -> Profile[Contact, Entry]:
    """Return the contact profile with one rule made another; None drops it."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    rules = [made(one) if one.name == name else one for one in profile.mapping]
    kept: Rules = tuple(one for one in rules if one is not None)
    return attrs.evolve(profile, mapping=kept)


def canonical(canon: Callable[[Any], Hashable]) -> Callable[[Any], Any]:
    """Return what gives a rule another normaliser, and says so by its version."""
    return lambda one: attrs.evolve(one, canon=canon, version=one.version + 1)


def many(count: int, **fields: str) -> World:
    """Return a world with so many pairs at rest."""
    world = World()
    for person in range(count):
        world.insert(0, person, company_name=f"Company {person}", **fields)
    world.quiet()
    return world


def texts(world: World, side: int, field: str) -> list[str]:
    """Return one field of all records of a side."""
    return [getattr(record, field) for record in world.sides[side].all().values()]


@pytest.mark.behaviour("TS-16")
def test_another_normaliser_rewrites_nothing_in_200_contacts() -> None:
    """After an upgrade that normalises companies otherwise, 200 pairs are looked at again and none is written."""
    world = many(200)
    world.profile = but("company", canonical(lambda text: text.replace(" ", "").casefold()))
    before = world.written()
    world.clock.advance(600)
    plan = world.sync().plan()

    assert plan.steps == ()
    assert len(plan.links) == 200
    assert plan.altered == ("rule_changed:company",)
    assert "a rule of the mapping has a new version (company): every pair is looked at again" in plan.summary()

    report = world.run()
    assert report.altered == ("rule_changed:company",)
    assert "new version (company)" in report.summary()
    assert report.state is RunState.COMPLETE
    assert world.written() == before
    assert {link.layout for link in world.links()} == {world.sync()._parts.mapping.layout}

    world.quiet()
    assert world.written() == before
    assert world.reports[-1].altered == ()


@pytest.mark.behaviour("TS-16")
def test_what_differs_under_another_normaliser_is_left_and_listed_and_the_next_edit_travels() -> None:
    """Two values that were equal and no longer are stay as they are, are named, and an edit made later is carried."""
    folded = but("company", lambda one: attrs.evolve(one, canon=str.casefold))
    world = World(profile=folded)
    for person in (1, 2):
        world.insert(0, person, company_name="ACME")
        world.insert(1, person, company_name="Acme")
    world.quiet()
    assert texts(world, 1, "company_name") == ["Acme", "Acme"]
    world.profile = but("company", canonical(str))
    world.clock.advance(600)

    report = world.run()

    assert (texts(world, 0, "company_name"), texts(world, 1, "company_name")) == (["ACME"] * 2, ["Acme"] * 2)
    assert [(note.kind, note.rule) for note in report.notes] == [(Note.DIFFERS, "company")] * 2
    why = [world.sync().explain("left", link.ids[0]).decision for link in world.links()]
    assert why == ["left as different as it was when the mapping changed (company)"] * 2
    world.quiet()
    assert (texts(world, 0, "company_name"), texts(world, 1, "company_name")) == (["ACME"] * 2, ["Acme"] * 2)

    world.write(0, 1, 0, "ACME Ltd")
    world.quiet()
    assert texts(world, 1, "company_name") == ["ACME Ltd", "Acme"]


@pytest.mark.behaviour("TS-16")
@pytest.mark.parametrize("policy", list(MergePolicy))
def test_a_value_that_one_side_lacks_is_not_filled_because_a_rule_has_a_new_version(policy: MergePolicy) -> None:
    """Whoever emptied a field once does not get it back because its rule was made anew."""
    if policy is MergePolicy.MERGE:
        policy = MergePolicy.CONFLICT
    fill = rule("company", attribute("company_name"), attribute("company_name"), policy=MergePolicy.FILL)
    world = World(profile=but("company", lambda _: fill))
    world.insert(0, 1, company_name="kept on the left")
    world.quiet()
    world.write(1, 1, 0, "")
    world.quiet()
    assert texts(world, 1, "company_name") == [""]

    world.profile = but("company", lambda _: attrs.evolve(fill, policy=policy, version=2))
    before = world.written()
    world.quiet()
    assert world.written() == before
    assert (texts(world, 0, "company_name"), texts(world, 1, "company_name")) == (["kept on the left"], [""])


@pytest.mark.behaviour("TS-16")
@pytest.mark.parametrize("policy", [MergePolicy.CONFLICT, MergePolicy.FILL, MergePolicy.MIRROR])
def test_a_new_rule_fills_what_is_empty_and_lists_what_differs(policy: MergePolicy) -> None:
    """A rule that is new fills the side that has nothing; two different values are left alone and listed."""
    world = World(profile=but("company", lambda _: None))
    for person, here, there in ((1, "left", ""), (2, "left", "right"), (3, "same", "same")):
        world.insert(0, person, company_name=here)
        world.insert(1, person, company_name=there)
    world.quiet()
    world.profile = but("company", lambda one: attrs.evolve(one, policy=policy))
    world.clock.advance(600)
    report = world.run()

    assert texts(world, 0, "company_name") == ["left", "left", "same"]
    assert texts(world, 1, "company_name") == ["left", "right", "same"]
    assert report.altered == ("rule_added:company",)
    assert [(note.kind, note.id) for note in report.notes] == [(Note.DIFFERS, world.the(0, 2))]


@pytest.mark.behaviour("TS-16")
def test_a_rule_that_is_gone_writes_nothing() -> None:
    """Without a rule its field is left alone on both sides, also where it is edited."""
    world = many(3)
    world.profile = but("company", lambda _: None)
    before = world.written()
    world.write(0, 1, 0, "edited")
    world.clock.advance(600)
    report = world.run()

    assert report.altered == ("rule_removed:company",)
    assert world.written() == before
    assert texts(world, 1, "company_name") == ["Company 0", "Company 1", "Company 2"]


@pytest.mark.behaviour("TS-16")
def test_another_rule_of_the_same_pair_is_carried_while_it_is_based_anew() -> None:
    """An edit made before an upgrade is carried by the run after it, where its own rule is the same."""
    world = many(2)
    world.write(0, 1, 1, "Engineer")
    world.profile = but("company", canonical(str.casefold))
    world.clock.advance(600)
    world.run()

    assert sorted(texts(world, 1, "position")) == ["", "Engineer"]


@pytest.mark.behaviour("TS-16")
def test_an_upgrade_is_no_edit_that_beats_a_removal() -> None:
    """A contact that was deleted before an upgrade is gone after it: that a rule is new has edited nothing."""
    removal = RemovalPolicy(deleted=RemovalAction.DELETE)

    def deleting(profile: Profile[Contact, Entry]) -> Profile[Contact, Entry]:
        return attrs.evolve(
            profile,
            left=attrs.evolve(profile.left, removal=removal),
            right=attrs.evolve(profile.right, removal=removal),
        )

    world = World(profile=deleting(maximizer.contacts(favourite_list=CLIENTS)))
    for person in (1, 2):
        world.insert(0, person)
    world.quiet()
    world.outlook.contacts.delete(world.the(0, 1))
    world.profile = deleting(but("company", canonical(str.casefold)))
    world.quiet()

    assert [len(collection) for collection in world.sides] == [1, 1]


@pytest.mark.behaviour("TS-16")
def test_another_filter_is_said_and_removes_nothing() -> None:
    """A scope that has changed is named by plan and report, and nobody is removed for it."""
    world = many(2)
    world.profile = maximizer.contacts(category="Other", favourite_list=CLIENTS)
    world.clock.advance(600)
    plan = world.sync().plan()

    assert plan.altered == ("scope_changed:left",)
    assert "has changed (left)" in plan.summary()
    assert not [step for step in plan.steps if step.kind in ("remove", "leave")]


@pytest.mark.behaviour("TS-16", "TS-03")
def test_a_run_that_is_cut_short_bases_anew_again() -> None:
    """An upgrade whose run ended early is taken up by the next one; the state says so only once all of it is done."""
    world = many(2)
    world.write(0, 1, 1, "Engineer")
    world.profile = but("company", canonical(str.casefold))
    world.crm.entries.faults.lose_reply("update")
    world.clock.advance(600)
    world.run()
    layout = world.sync()._parts.mapping.layout
    assert world.state.head(NAME).layout != layout

    world.quiet()
    assert world.state.head(NAME).layout == layout
    assert {link.layout for link in world.links()} == {layout}
    assert world.links()[0].base[Side.LEFT]


@pytest.mark.behaviour("TS-16", "CX-05")
@pytest.mark.parametrize("change", ["another rule", "another order"])
def test_an_upgrade_settles_no_conflict(change: str) -> None:
    """Two records that differed from the first are held until a person chooses, whatever becomes of other rules."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=ConflictPolicy(Winner.HOLD))
    world = World(profile=profile)
    world.insert(0, 1, job_title="left")
    world.insert(1, 1, position="right")
    world.quiet()
    kept = [one for one in profile.mapping if one.name != "department"]
    rules = kept if change == "another rule" else profile.mapping[::-1]
    world.profile = attrs.evolve(profile, mapping=tuple(rules))
    world.quiet()

    (conflict,) = world.sync().conflicts()
    world.write(1, 1, 1, "edited")
    world.quiet()
    assert (texts(world, 0, "job_title"), texts(world, 1, "position")) == (["left"], ["edited"])
    world.resolve(conflict.id, 0)
    world.quiet()
    assert (texts(world, 0, "job_title"), texts(world, 1, "position")) == (["left"], ["left"])
