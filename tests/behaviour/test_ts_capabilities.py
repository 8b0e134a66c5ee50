"""What providers declare is kept to: versions that nobody compares, and how a create is made safe."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from tallystick.ports import CreateSafety
from tallystick.providers.memory import MemoryCollection
from tests.simulation.crash import Crash, Fuse
from tests.simulation.world import World


def unconditional(**fields: str) -> World:
    """Return a world with a pair at rest, whose services compare no versions."""
    world = World(conditional_writes=False)
    world.insert(0, 1, **fields)
    world.quiet()
    return world


def edit_in_the_window(collection: MemoryCollection[Any], one: str, **fields: str) -> None:
    """Have a person edit a record once, when a write of the run is about to arrive."""
    edits = [fields]

    def hook(_: object) -> None:
        if edits:
            collection.edit(one, **edits.pop())

    collection.faults.before("update", hook)


@pytest.mark.behaviour("TS-07")
def test_without_conditional_writes_a_record_is_read_once_more_before_it_is_written() -> None:
    """An edit made after the plan and before the write is seen by the last reading: it is merged, not overwritten."""
    world = unconditional(company_name="before", job_title="before")
    world.write(0, 1, 0, "from the left")
    once = [1]

    def edit(ids: Sequence[object]) -> None:
        if once and ids:
            once.pop()
            world.crm.entries.edit(world.the(1, 1), position="from the right")

    world.crm.entries.faults.after("get", edit)
    world.clock.advance(600)
    report = world.run()

    entry = world.crm.entries.record(world.the(1, 1))
    assert (entry.company_name, entry.position) == ("from the left", "from the right")
    assert world.crm.entries.calls["get"] >= 2
    assert report.windows[1] is not None
    world.quiet()
    world.check()


@pytest.mark.behaviour("TS-07")
def test_another_field_that_is_edited_in_the_window_is_carried_by_the_next_run() -> None:
    """An edit that comes between the last reading and the write is answered with the write, and is taken for news."""
    world = unconditional(company_name="before", job_title="before")
    world.write(0, 1, 0, "from the left")
    one = world.the(1, 1)
    edit_in_the_window(world.crm.entries, one, position="from the right")
    world.clock.advance(600)
    world.run()
    world.quiet()

    assert world.outlook.contacts.record(world.the(0, 1)).job_title == "from the right"
    world.check()


@pytest.mark.behaviour("TS-07")
def test_an_edit_in_the_window_is_carried_where_both_records_of_a_pair_are_written() -> None:
    """The first of the two writes is answered with it, and the second one does not make the next run pass it over."""
    world = unconditional(company_name="before", job_title="before", department="before")
    world.write(0, 1, 0, "from the left")
    world.write(1, 1, 1, "from the right")
    one = world.the(0, 1)
    edit_in_the_window(world.outlook.contacts, one, department="meanwhile")
    world.clock.advance(600)
    world.run()
    world.quiet()

    assert world.crm.entries.record(world.the(1, 1)).department == "meanwhile"
    world.check()


@pytest.mark.behaviour("TS-07")
def test_the_report_says_how_long_an_edit_could_have_been_overwritten() -> None:
    """Without conditional writes the report gives the longest window of each side; with them there is none."""
    world = unconditional(company_name="before")
    world.write(0, 1, 0, "edited")
    world.crm.entries.faults.before("update", lambda _: world.clock.advance(3))
    world.clock.advance(600)
    report = world.run()

    assert report.windows[0] is None
    assert 3 <= (report.windows[1] or 0) < 10
    whole = World()
    whole.insert(0, 1)
    assert whole.run().windows == (None, None)


@pytest.mark.parametrize("safety", list(CreateSafety))
def test_the_report_names_how_creates_are_made_safe(safety: CreateSafety) -> None:
    """Whoever reads a report learns which guarantee held on either side."""
    world = World(safety=safety)
    world.insert(0, 1)

    assert world.run().guarantees == (safety.value, safety.value)


@pytest.mark.behaviour("TS-03", "TS-06")
@pytest.mark.parametrize("delta", [True, False])
@pytest.mark.parametrize("runs", [1, 3])
def test_a_create_that_is_to_be_sent_again_finds_its_source_where_a_listing_lacks_it(delta: bool, runs: int) -> None:
    """A service only remembers tokens, and the counterpart was renamed before the sync knew of it: it is not copied."""
    world = World(safety=CreateSafety.SERVER_TOKEN, delta=delta)
    world.insert(0, 1)
    with suppress(Crash):
        world.run(Fuse(1, "after", writes_only=True))
    world.crm.entries.edit(world.the(1, 1), **world.renamed(1, 1, 1))
    for _ in range(runs):
        world.outlook.contacts.faults.empty_listing()
        world.outlook.contacts.expire_cursors()
        world.run()
    world.quiet()

    assert len(world.outlook.contacts) == len(world.crm.entries) == len(world.links()) == 1
    world.check()
