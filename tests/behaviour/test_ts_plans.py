"""TS-01 and TS-05: a plan comes before every write, goes stale when it must, and guards stop what is too much."""

# ruff: noqa: ANN401 - these take whatever they are given

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

from tallystick import Side, Sync
from tallystick.errors import (
    AlreadySettled,
    LeaseHeld,
    StalePlan,
    SyncDisabled,
    TallystickError,
    Unavailable,
    UnknownRecord,
)
from tallystick.ports import Create, Outcome, RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import OUTLOOK_CAPABILITIES, FakeOutlook
from tallystick.reconcile import Guards, Limit
from tallystick.reconcile.plan_json import dump_plan, load_plan
from tests.simulation.world import CATEGORY, CLIENTS, NAME, World, entry

Change = Callable[[World], object]


def at_rest() -> World:
    """Return a world with two pairs at rest."""
    world = World()
    for person in (1, 2):
        world.insert(0, person, company_name=f"c{person}")
    world.quiet()
    return world


def everything(world: World) -> tuple[object, ...]:
    """Return all that a plan might have changed."""
    return (
        world.picture(),
        world.written(),
        world.state.head(NAME),
        world.remembered(),
        world.state.runs(NAME),
        [{one: collection.item(one) for one in collection.ids()} for collection in world.sides],
    )


@pytest.mark.behaviour("TS-01")
def test_a_plan_is_made_without_any_write() -> None:
    """Computing a plan writes nothing to either side, and nothing to the state."""
    world = at_rest()
    world.insert(0, 3)
    world.write(1, 1, 0, "edited")
    before = everything(world)

    plan = world.sync().plan()

    assert plan.writes() == {(Side.RIGHT, WriteKind.CREATE): 1, (Side.LEFT, WriteKind.UPDATE): 1}
    assert everything(world) == before


@pytest.mark.behaviour("TS-01")
def test_a_plan_can_be_read_as_text_without_contents() -> None:
    """The text of a plan says what would be written where and why, by ids and field names only."""
    world = at_rest()
    world.insert(0, 3, company_name="secret words")
    world.write(1, 1, 0, "more secret words")

    plan = world.sync().plan()
    text = f"{plan.summary()}\n{plan.details()}\n{plan!r}"

    assert "create 1" in text
    assert "company" in text
    assert world.the(0, 3) in text
    assert "secret" not in text


@pytest.mark.behaviour("TS-01")
def test_applying_a_plan_does_what_it_says_and_nothing_else() -> None:
    """An applied plan makes exactly the writes that it listed, and leaves nothing to do."""
    world = at_rest()
    world.insert(0, 3)
    world.insert(1, 4)
    world.write(1, 1, 0, "edited")
    world.outlook.contacts.delete(world.the(0, 2))
    plan = world.sync().plan()
    before = world.written()

    report = world.sync().apply(plan)

    done = {(side, kind): count for side in Side for kind, count in (world.written()[side] - before[side]).items()}
    assert done == dict(plan.writes()) == dict(report.writes)
    assert len(world.sync().plan().steps) == 0


@pytest.mark.behaviour("TS-01")
def test_the_same_plan_is_made_twice() -> None:
    """A plan depends on nothing but what is there: two plans of one moment are equal."""
    world = at_rest()
    world.insert(0, 3)
    world.write(1, 1, 0, "edited")

    assert world.sync().plan() == world.sync().plan()


@pytest.mark.behaviour("TS-01")
def test_a_plan_can_be_saved_and_applied_later() -> None:
    """A plan survives being saved as JSON and loaded again: the same plan, applied with the same result."""
    world = at_rest()
    world.insert(0, 3, company_name="c3")
    world.write(1, 1, 0, "edited")
    plan = world.sync().plan()

    text = dump_plan(plan)
    again = load_plan(text, world.profile)

    assert dump_plan(again) == text
    assert again == plan
    assert world.sync().apply(again).writes == dict(plan.writes())
    world.quiet()
    world.check(linked=False)


def _edit_source(world: World) -> None:
    world.write(0, 3, 0, "edited since")


def _edit_target(world: World) -> None:
    world.write(1, 1, 1, "edited since")


def _edit_source_of_an_update(world: World) -> None:
    world.write(0, 1, 1, "edited since")


def _delete_source(world: World) -> None:
    world.outlook.contacts.delete(world.the(0, 3))


def _delete_target(world: World) -> None:
    world.crm.entries.delete(world.the(1, 1))


def _source_leaves(world: World) -> None:
    world.outlook.contacts.leave(world.the(0, 3), CATEGORY)


def _twin_on_the_target_side(world: World) -> None:
    world.insert(1, 3)


def _twin_on_the_source_side(world: World) -> None:
    world.insert(0, 3)


def _another_run(world: World) -> None:
    world.run()


def _expired(change: Change) -> Change:
    def both(world: World) -> None:
        change(world)
        for collection in world.sides:
            collection.expire_cursors()

    return both


REASONS: dict[str, Change] = {
    "the source was edited": _edit_source,
    "the source of an update was edited": _edit_source_of_an_update,
    "the target was edited": _edit_target,
    "the source was deleted": _delete_source,
    "the target was deleted": _delete_target,
    "the source left the scope": _source_leaves,
    "a twin came on the side that is created on": _twin_on_the_target_side,
    "a twin came on the side that is created from": _twin_on_the_source_side,
    "another run has committed": _another_run,
    "the source was edited, cursors expired": _expired(_edit_source),
    "the target was edited, cursors expired": _expired(_edit_target),
    "the source was deleted, cursors expired": _expired(_delete_source),
    "the target was deleted, cursors expired": _expired(_delete_target),
    "the source left the scope, cursors expired": _expired(_source_leaves),
    "a twin came where it is created, cursors expired": _expired(_twin_on_the_target_side),
}


@pytest.mark.behaviour("TS-01")
@pytest.mark.parametrize("delta", [True, False], ids=["delta", "listings only"])
@pytest.mark.parametrize("change", REASONS.values(), ids=REASONS)
def test_a_plan_goes_stale_when_anything_it_rests_on_has_changed(change: Change, delta: bool) -> None:
    """A saved plan is refused, before anything is written, if a record that it rests on has changed since."""
    world = World(delta=delta)
    for person in (1, 2):
        world.insert(0, person, company_name=f"c{person}", file_as="kept")
    world.quiet()
    world.insert(0, 3, file_as="kept")
    world.write(0, 1, 0, "edited")
    plan = world.sync().plan()
    assert plan.writes() == {(Side.RIGHT, WriteKind.CREATE): 1, (Side.RIGHT, WriteKind.UPDATE): 1}
    change(world)
    before = world.written()

    with pytest.raises(StalePlan) as stale:
        world.sync().apply(plan)

    assert world.written() == before
    assert "edited" not in str(stale.value)


@pytest.mark.behaviour("TS-01")
def test_a_plan_goes_stale_with_its_profile_and_accounts() -> None:
    """A plan made under another name, mapping, scope or account is refused."""
    world = at_rest()
    world.insert(0, 3)
    plan = world.sync().plan()
    profile = world.profile
    left, right = world.outlook.contacts, world.crm.entries

    def sync(name: str = NAME, profile: Any = profile) -> Sync[Any, Any]:
        return Sync(name, left=left, right=right, profile=profile, state=world.state, clock=world.clock)

    others = [
        sync(name="another"),
        sync(profile=attrs.evolve(profile, mapping=profile.mapping[:-1])),
        sync(profile=maximizer.contacts(category="Other", favourite_list=CLIENTS)),
        sync(profile=maximizer.contacts(favourite_list="Other")),
        sync(profile=attrs.evolve(profile, name="another")),
    ]
    for other in others:
        with pytest.raises(StalePlan):
            other.apply(plan)
    world.outlook.account = "somebody else's"
    with pytest.raises(StalePlan):
        sync().apply(plan)

    assert len(world.crm.entries) == 2


@pytest.mark.behaviour("TS-01")
def test_a_plan_stays_good_while_nothing_that_it_rests_on_changes() -> None:
    """An edit of a record that the plan has nothing to do with does not make it stale, and is not lost."""
    world = at_rest()
    world.write(0, 1, 0, "planned")
    plan = world.sync().plan()
    world.write(0, 2, 0, "later")

    world.sync().apply(plan)
    assert world.crm.entries.record(world.the(1, 1)).company_name == "planned"

    world.quiet()
    assert world.crm.entries.record(world.the(1, 2)).company_name == "later"


@pytest.mark.behaviour("TS-01")
def test_a_plan_cannot_be_applied_twice_or_while_switched_off() -> None:
    """A plan that was applied is used up; one of a sync that was switched off is refused."""
    world = at_rest()
    world.insert(0, 3)
    sync = world.sync()
    plan = sync.plan()
    sync.apply(plan)
    with pytest.raises(StalePlan):
        sync.apply(plan)
    sync.disable()
    with pytest.raises(SyncDisabled):
        sync.apply(plan)
    assert len(world.crm.entries) == 3


@pytest.mark.behaviour("TS-01", "TS-03")
def test_a_plan_made_after_a_crash_can_be_applied() -> None:
    """A plan that is made while a create of a crashed run is still open neither doubles nor loses it."""
    world = at_rest()
    world.insert(0, 3)
    world.crm.entries.faults.lose_reply("create")
    world.clock.advance(600)
    world.run()
    world.write(0, 3, 0, "edited since")
    world.clock.advance(600)

    report = world.sync().apply(world.sync().plan())
    world.reports.append(report)
    world.quiet()

    world.check()
    assert world.crm.entries.record(world.the(1, 3)).company_name == "edited since"


# --- TS-05 -----------------------------------------------------------------------------------------------------------


def many(count: int = 30, **limits: Limit) -> World:
    """Return a world of many pairs, with guards of 10 % and a floor of 2."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    tenth = Limit(0.1, 2)
    guards = Guards(**{"removals": tenth, "creates": tenth, "rewrites": tenth, "empties": tenth, **limits})  # type: ignore[arg-type]
    world = World(profile=attrs.evolve(profile, guards=guards))
    for person in range(count):
        world.insert(0, person, company_name=f"c{person}", job_title="title", file_as="kept")
    world.quiet()
    return world


def _remove_left(world: World, person: int) -> None:
    world.outlook.contacts.delete(world.the(0, person))


def _remove_right(world: World, person: int) -> None:
    world.crm.entries.delete(world.the(1, person))


def _take_out_left(world: World, person: int) -> None:
    world.outlook.contacts.leave(world.the(0, person), CATEGORY)


def _both_gone(world: World, person: int) -> None:
    _remove_left(world, person)
    _remove_right(world, person)


def _rewrite_left(world: World, person: int) -> None:
    world.write(0, person, 0, "rewritten")


def _rewrite_right(world: World, person: int) -> None:
    world.write(1, person, 0, "rewritten")


def _empty_left(world: World, person: int) -> None:
    world.write(0, person, 1, "")


def _empty_right(world: World, person: int) -> None:
    world.write(1, person, 1, "")


def _create_left(world: World, person: int) -> None:
    world.insert(0, 100 + person)


def _create_right(world: World, person: int) -> None:
    world.insert(1, 100 + person)


KINDS: dict[str, Callable[[World, int], None]] = {
    "right.removals": _remove_left,
    "left.removals": _remove_right,
    "right.removals, taken out": _take_out_left,
    "unlinked": _both_gone,
    "right.rewrites": _rewrite_left,
    "left.rewrites": _rewrite_right,
    "right.empties": _empty_left,
    "left.empties": _empty_right,
    "right.creates": _create_left,
    "left.creates": _create_right,
}


@pytest.mark.behaviour("TS-05")
@pytest.mark.parametrize("name", KINDS)
def test_a_run_that_would_do_too_much_stops_before_it_writes(name: str) -> None:
    """A run beyond a guard writes nothing, says with figures what it would have done, and asks."""
    world, change = many(), KINDS[name]
    for person in range(4):
        change(world, person)
    before, picture = world.written(), world.picture()
    world.clock.advance(600)

    report = world.run()

    guard = name.split(",", maxsplit=1)[0]
    assert report.state is RunState.PROBLEM
    assert (guard, 4, 3) in [(figure.name, figure.planned, figure.allowed) for figure in report.figures]
    assert f"{guard} 4" in report.note
    assert world.written() == before
    assert world.picture() == picture


@pytest.mark.behaviour("TS-05")
@pytest.mark.parametrize("name", KINDS)
def test_what_a_guard_allows_goes_through(name: str) -> None:
    """A run up to a guard's figure goes ahead and comes to rest."""
    world, change = many(), KINDS[name]
    for person in range(3):
        change(world, person)
    world.clock.advance(600)

    assert world.run().state is RunState.COMPLETE
    world.quiet()
    world.check(linked=False)


@pytest.mark.behaviour("TS-05")
def test_the_floor_lets_small_syncs_work() -> None:
    """With few pairs the floor counts, not the share."""
    world = many(3)
    for person in range(2):
        _remove_left(world, person)
    world.clock.advance(600)

    assert world.run().state is RunState.COMPLETE


@pytest.mark.behaviour("TS-05")
def test_the_creates_of_a_first_run_do_not_count() -> None:
    """A first run may create as many records as there are."""
    assert len(many().crm.entries) == 30


@pytest.mark.behaviour("TS-05")
@pytest.mark.parametrize("by_plan", [True, False], ids=["a plan", "the last run"])
def test_a_confirmation_lets_one_run_go_ahead_up_to_its_figures(by_plan: bool) -> None:
    """After a confirmation the next run goes ahead; the one after that is guarded as before."""
    world = many()
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    world.run()
    sync = world.sync()
    plan = sync.plan()

    assert sync.confirm(plan if by_plan else None) == {"right.removals": 4}
    assert world.run().state is RunState.COMPLETE
    for person in range(4, 8):
        _remove_left(world, person)
    world.clock.advance(600)
    assert world.run().state is RunState.PROBLEM


@pytest.mark.behaviour("TS-05")
def test_a_confirmation_does_not_cover_more_than_it_says() -> None:
    """If more would go than was confirmed, the run stops again."""
    world = many()
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    world.run()
    world.sync().confirm()
    _remove_left(world, 4)
    before = world.written()

    assert world.run().state is RunState.PROBLEM
    assert world.written() == before


@pytest.mark.behaviour("TS-05")
def test_a_confirmation_is_used_up_by_the_next_run_even_if_that_one_stops() -> None:
    """A confirmation is for the next run only: it does not lie in wait for a later one."""
    world = many()
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    world.run()
    world.sync().confirm()
    _remove_left(world, 4)
    assert world.run().state is RunState.PROBLEM
    assert dict(world.state.head(NAME).confirmed) == {}
    before = world.written()
    assert world.run().state is RunState.PROBLEM
    assert [(one.name, one.planned) for one in world.sync().plan().stops] == [("right.removals", 5)]
    assert world.written() == before


@pytest.mark.behaviour("TS-05")
def test_there_is_nothing_to_confirm_where_nothing_was_stopped() -> None:
    """Confirming without a stopped run or plan is refused."""
    with pytest.raises(UnknownRecord):
        many(3).sync().confirm()


@pytest.mark.behaviour("TS-05")
def test_a_listing_that_comes_back_empty_removes_nothing() -> None:
    """A full listing that is empty, as after a lost permission, costs nobody category or list."""
    world = many()
    world.outlook.contacts.expire_cursors()
    world.outlook.contacts.faults.empty_listing()
    before = world.picture()
    world.clock.advance(600)
    world.run()
    world.quiet()

    assert world.picture() == before


# --- TS-07 beside a run: the record is merged again ---------------------------------------------------------------


@pytest.mark.behaviour("TS-07")
def test_a_hit_of_a_look_up_that_is_deleted_meanwhile_does_not_cost_the_newcomer_its_sync() -> None:
    """If the entry that was found for a new contact is deleted before it is written, the contact is created anew."""
    world = at_rest()
    hit = world.crm.entries.insert(entry(3))
    world.insert(0, 3, file_as="kept")

    def delete(_batch: Sequence[object]) -> None:
        if hit in world.crm.entries:
            world.crm.entries.delete(hit)

    world.crm.entries.faults.before("update", delete)
    world.clock.advance(600)
    world.run()
    world.quiet()

    world.check()


@pytest.mark.behaviour("TS-07", "TS-14")
def test_a_value_that_loses_to_an_edit_in_the_last_moment_is_reported() -> None:
    """A conflict found only while writing is settled like any other, and the report names record and field."""
    world = at_rest()
    world.outlook.contacts.edit(world.the(0, 1), company_name="from the left", file_as="kept")
    world.quiet()
    world.write(0, 1, 0, "left again")
    once = [1]

    def edit(_batch: Sequence[object]) -> None:
        if once:
            once.pop()
            world.write(1, 1, 0, "from the right")

    world.crm.entries.faults.before("update", edit)
    world.clock.advance(600)
    sync = Sync(
        NAME,
        left=world.outlook.contacts,
        right=world.crm.entries,
        profile=world.profile,
        state=world.state,
        clock=world.clock,
    )

    report = sync.run()

    assert world.outlook.contacts.record(world.the(0, 1)).company_name == "from the right"
    assert [(note.kind, note.side, note.rule) for note in report.notes] == [("lost", Side.LEFT, "company")]


def _renaming_everybody(count: int, limit: int) -> World:
    """Return a world in which every right company is edited once while the left one is being carried there."""
    world = World()
    world.profile = attrs.evolve(world.profile, guards=Guards(rewrites=Limit(0, limit)))
    for person in range(count):
        world.insert(0, person, company_name=f"c{person}", job_title="same", file_as="kept")
    world.quiet()
    for person in range(count):
        world.write(0, person, 2, "from the left")
    once = [1]

    def edit(_batch: Sequence[object]) -> None:
        if once:
            once.pop()
            for person in range(count):
                world.write(1, person, 0, f"r{person}")

    world.crm.entries.faults.before("update", edit)
    world.clock.advance(600)
    return world


@pytest.mark.behaviour("TS-05")
def test_what_is_decided_again_within_a_run_counts_for_the_guards() -> None:
    """A run that fills fields does not become one that rewrites everything because it was disturbed."""
    world = _renaming_everybody(3, limit=2)
    report = world.run()

    assert [record.company_name for record in world.outlook.contacts.all().values()] == ["c0", "c1", "c2"]
    assert {failure.reason for failure in report.errors} == {"changed_meanwhile"}
    world.clock.advance(600)
    assert [figure.name for figure in world.run().figures if figure.stops] == ["left.rewrites"]

    free = _renaming_everybody(3, limit=3)
    free.run()
    assert [record.company_name for record in free.outlook.contacts.all().values()] == ["r0", "r1", "r2"]


@pytest.mark.behaviour("TS-05")
def test_a_stopped_run_can_be_confirmed_after_one_that_did_not_come_so_far() -> None:
    """A run in the night that found a service down does not hide what an earlier one asked."""
    world = World()
    world.profile = attrs.evolve(world.profile, guards=Guards(removals=Limit(0, 0)))
    for person in (1, 2):
        world.insert(0, person)
    world.quiet()
    world.crm.entries.delete(world.the(1, 1))
    world.clock.advance(600)
    assert world.run().figures[0].stops
    world.crm.entries.faults.fail("changes", Unavailable("down"))
    world.clock.advance(600)
    world.run()
    world.sync().enqueue()

    assert world.sync().confirm() == {"left.removals": 1}
    world.clock.advance(600)
    world.run()
    world.quiet()
    with pytest.raises(AlreadySettled, match="a later run went ahead"):
        world.sync().confirm()


@pytest.mark.behaviour("TS-05")
def test_of_two_people_who_confirm_one_stop_one_does_and_one_is_told() -> None:
    """Before the next run, at once, after it, and after it was stopped anew: nobody confirms what he has not seen."""
    world = many()
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    stopped = world.run()
    with ThreadPoolExecutor(4) as people:
        ended = list(people.map(lambda _: _confirmed(world, stopped.run), range(4)))
    told = [one for one in ended if isinstance(one, TallystickError)]
    assert [one for one in ended if not isinstance(one, TallystickError)] == [{"right.removals": 4}]
    assert all(isinstance(one, LeaseHeld) or "confirmed already" in str(one) for one in told)

    _remove_left(world, 4)
    world.clock.advance(600)
    again = world.run()
    assert again.state is RunState.PROBLEM
    late = _confirmed(world, stopped.run)
    assert isinstance(late, AlreadySettled)
    assert (late.run, "another run was stopped" in str(late)) == (again.run, True)
    assert _confirmed(world, again.run) == {"right.removals": 5}
    with pytest.raises(UnknownRecord):
        world.sync().confirm(run=1)


@pytest.mark.behaviour("TS-05")
@pytest.mark.parametrize("by_plan", [True, False])
def test_nobody_confirms_while_a_run_is_at_work(*, by_plan: bool) -> None:
    """A run that is writing goes on to its end; who confirms meanwhile is told so, and confirms what it comes to."""
    world = many()
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    stopped = world.run()
    plan = world.sync().plan() if by_plan else None
    world.sync().confirm()
    refused: list[object] = []

    def confirm(_batch: Sequence[object]) -> None:
        with pytest.raises(LeaseHeld, match="nothing was confirmed; when it has ended") as held:
            world.sync().confirm(plan, run=None if by_plan else stopped.run)
        refused.append(held.value.worker)

    world.crm.entries.faults.before("update", confirm)
    world.clock.advance(600)
    report = world.run()

    assert refused
    assert report.state is RunState.COMPLETE, report.note
    assert report.writes == {(Side.RIGHT, WriteKind.LEAVE): 4}
    assert world.state.head(NAME).confirmed == {}


def test_a_confirmation_leaves_no_lease_behind() -> None:
    """Whoever comes after somebody who has confirmed, or had nothing to confirm, need not wait."""
    world = many()
    with pytest.raises(UnknownRecord):
        world.sync().confirm()
    assert world.state.lease(NAME, world.clock.now()) is None
    for person in range(4):
        _remove_left(world, person)
    world.clock.advance(600)
    world.run()
    world.sync().confirm()
    assert world.state.lease(NAME, world.clock.now()) is None


def _confirmed(world: World, run: int) -> Mapping[str, int] | AlreadySettled | LeaseHeld:
    try:
        return world.sync().confirm(run=run)
    except (AlreadySettled, LeaseHeld) as error:
        return error


def test_the_builders_of_these_tests_hold() -> None:
    """The names used above are what the fakes answer."""
    world = World()
    outcome = world.crm.entries.create([Create("t", entry(1))], world.profile.right.scope)

    assert isinstance(outcome[0], Outcome)
    assert FakeOutlook(capabilities=OUTLOOK_CAPABILITIES).contacts.capabilities.scopes
