"""Test the progress bar, and the events that move it."""

import io
from collections import Counter

import pytest
from rich.console import Console

from tallystick import MemoryState, Sync
from tallystick.cli.phases import Passed, Phases
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tests.cli.running import contact

CLOCK = VirtualClock()


def test_every_record_that_passes_is_counted_once() -> None:
    """What is read and what is written is counted when it has passed; what will be sent again is not."""
    outlook, crm = FakeOutlook(clock=CLOCK), FakeCrm(clock=CLOCK)
    for name in ("One", "Two", "Three"):
        outlook.contacts.insert(contact("Ada", name), lists=("Maximizer",))
    crm.entries.faults.throttle_write(lambda _write: True)
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    seen: Counter[Passed] = Counter()
    phases = Phases(Console(file=io.StringIO()), transient=False)
    phases.count = lambda passed, many: seen.update({passed: many})  # type: ignore[method-assign]  # to listen to it
    sync = Sync(
        "counted",
        left=outlook.contacts,
        right=crm.entries,
        profile=profile,
        state=MemoryState(),
        clock=CLOCK,
        observers=[phases],
    )

    plan = sync.plan()
    assert seen == {Passed.READ: 3 + 3}  # three contacts in the feed, and a term for each that was looked up
    seen.clear()
    assert sync.apply(plan).written() == 3
    assert seen[Passed.WRITTEN] == 3


def drawn(*, terminal: bool, transient: bool) -> str:
    """Draw two phases, and return what was drawn."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=80)
    phases = Phases(console, transient=transient)
    with phases:
        with phases.phase("Read", 20):
            phases.count(Passed.READ, 15)
            phases.count(Passed.WRITTEN, 1000)
            phases.count(Passed.READ, 15)
        with phases.phase("Write", 4, Passed.WRITTEN):
            phases.count(Passed.WRITTEN, 3)
            phases.count(Passed.WRITTEN, 1)
        phases.count(Passed.WRITTEN, 1)
        phases.advance(1)
    return screen.getvalue()


def test_each_phase_ends_with_its_own_count() -> None:
    """A bar counts what belongs to its phase, beyond what was expected too."""
    lines = [line.split() for line in drawn(terminal=False, transient=False).splitlines()]

    assert [(line[0], line[2]) for line in lines] == [("Read", "30"), ("Write", "4")]


def test_a_bar_that_nobody_watches_is_not_drawn() -> None:
    """Where the output is no terminal, a passing bar is not drawn."""
    assert not drawn(terminal=False, transient=True)
    assert "Read" in drawn(terminal=True, transient=True)


def test_a_bar_moves_while_records_pass() -> None:
    """A bar stands further to the right after each batch."""
    screen = io.StringIO()
    phases = Phases(Console(file=screen, width=80), transient=False)
    places = []
    with phases, phases.phase("Write", 100, Passed.WRITTEN):
        for _ in range(4):
            phases.count(Passed.WRITTEN, 25)
            places.append(phases.done)

    assert places == [0.25, 0.5, 0.75, 1.0]


def test_a_phase_that_is_cut_short_leaves_the_screen_in_order() -> None:
    """An error in the middle of a phase ends its bar and is raised."""
    phases = Phases(Console(file=io.StringIO()), transient=False)

    with pytest.raises(KeyboardInterrupt), phases, phases.phase("Write", 2, Passed.WRITTEN):
        raise KeyboardInterrupt
    phases.count(Passed.WRITTEN, 1)

    assert phases.done is None
