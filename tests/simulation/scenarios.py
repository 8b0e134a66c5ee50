"""Provide fixed scenarios: a world at rest, and then what persons did before the run that is watched."""

from collections.abc import Callable

import attrs

from tests.simulation.world import CATEGORY, CLIENTS, World, contact, entry


@attrs.frozen
class Scenario:
    """What was there when the sync began, and what happened since."""

    name: str
    before: Callable[[World], None]
    since: Callable[[World], object]
    first: bool = False

    def begin(self, world: World) -> World:
        """Make the world ready for the run that is watched."""
        self.before(world)
        if not self.first:
            world.quiet()
        self.since(world)
        world.clock.advance(600)
        return world


def busy_with(world: World, people: int) -> None:
    """Make pairs of so many people, and have something to be created, updated and taken out."""
    for person in range(people):
        world.insert(person % 2, person)
    world.run()
    for person in (7, 9, 10):
        world.insert(0, person)
    world.insert(1, 8)
    world.write(0, 0, 0, "left")
    world.write(1, 1, 1, "right")
    world.sides[0].delete(world.the(0, 2))
    world.clock.advance(600)


def _three_pairs(world: World) -> None:
    for person in (1, 2, 3):
        world.insert(0, person, company_name=f"c{person}")
        if person == 2:
            world.insert(1, person, company_name=f"c{person}")


def _nothing(_world: World) -> None:
    pass


def _first_run(world: World) -> None:
    for person in (1, 2):
        world.insert(0, person, company_name=f"left{person}")
    world.insert(1, 3, company_name="right3")
    world.insert(0, 4, company_name="left4", job_title="")
    world.insert(1, 4, company_name="", position="right4")


def _different_fields(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.write(1, 1, 1, "edited right")


def _same_field(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.write(1, 1, 0, "edited right")


def _delete_left(world: World) -> None:
    world.outlook.contacts.delete(world.the(0, 1))


def _delete_right(world: World) -> None:
    world.crm.entries.delete(world.the(1, 1))


def _leave_left(world: World) -> None:
    world.outlook.contacts.leave(world.the(0, 1), CATEGORY)


def _leave_right(world: World) -> None:
    world.crm.entries.leave(world.the(1, 1), CLIENTS)


def _join_by_look_up(world: World) -> None:
    world.crm.entries.insert(entry(7, company_name="", position="has a position"))
    world.insert(0, 7, company_name="has a company")


def _join_by_look_up_left(world: World) -> None:
    world.outlook.contacts.insert(contact(8, company_name="", job_title="has a title"))
    world.insert(1, 8, company_name="has a company")


def _two_of_one(world: World) -> None:
    _three_pairs(world)
    for _ in range(2):
        world.insert(0, 9, company_name="twin")


def _mend(world: World) -> None:
    world.outlook.contacts.delete(world.find(0, 9)[0])


def _mixture(world: World) -> None:
    _different_fields(world)
    world.write(0, 2, 2, "dept")
    world.insert(0, 5, company_name="new on left")
    world.insert(1, 6, company_name="new on right")
    world.outlook.contacts.delete(world.the(0, 3))


SCENARIOS = (
    Scenario("first run", _first_run, _nothing, first=True),
    Scenario("new on left", _three_pairs, lambda world: world.insert(0, 5, company_name="new on left")),
    Scenario("new on right", _three_pairs, lambda world: world.insert(1, 6, company_name="new on right")),
    Scenario("edit left", _three_pairs, lambda world: world.write(0, 1, 0, "edited left")),
    Scenario("edit right", _three_pairs, lambda world: world.write(1, 1, 0, "edited right")),
    Scenario("different fields", _three_pairs, _different_fields),
    Scenario("same field", _three_pairs, _same_field),
    Scenario("delete left", _three_pairs, _delete_left),
    Scenario("delete right", _three_pairs, _delete_right),
    Scenario("leave left", _three_pairs, _leave_left),
    Scenario("leave right", _three_pairs, _leave_right),
    Scenario("join right by look-up", _three_pairs, _join_by_look_up),
    Scenario("join left by look-up", _three_pairs, _join_by_look_up_left),
    Scenario("duplicates mended", _two_of_one, _mend),
    Scenario("mixture", _three_pairs, _mixture),
)
