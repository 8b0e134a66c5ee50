"""Test the progress bar, and the providers that move it."""

import io

import pytest
from rich.console import Console

from tallystick import Scope
from tallystick.cli.counted import Counted, Passed
from tallystick.cli.phases import Phases
from tallystick.ports import Create, Remove, Term, Update
from tallystick.providers.memory import FakeOutlook
from tests.cli.running import contact

SCOPE = Scope()


def test_every_record_that_passes_is_counted_once() -> None:
    """What is read and what is written is counted when it has passed; what will be sent again is not."""
    outlook = FakeOutlook()
    seen: list[tuple[Passed, int]] = []
    counted = Counted(outlook.contacts, lambda passed, many: seen.append((passed, many)))

    done = counted.create([Create("one", contact("Ada", "One")), Create("two", contact("Ben", "Two"))], SCOPE)
    ids = [outcome.item.id for outcome in done if outcome.item]
    counted.update([Update(ids[0], None, {"surname": "Other"})], SCOPE)
    counted.remove([Remove(ids[1], None)], SCOPE)
    counted.changes(None, SCOPE)
    counted.get(ids, SCOPE)
    counted.search([Term("email", "ada.one@example.org")], SCOPE)
    outlook.contacts.faults.throttle_write(lambda _write: True)
    counted.update([Update(ids[0], None, {"surname": "Again"})], SCOPE)

    written, read = Passed.WRITTEN, Passed.READ
    assert seen == [(written, 2), (written, 1), (written, 1), (read, 1), (read, 2), (read, 1), (written, 0)]


def test_a_counted_provider_is_the_one_that_it_counts() -> None:
    """Counting changes nothing of what a provider says of itself."""
    outlook = FakeOutlook("ada@example.org")
    outlook.contacts.declare("Maximizer")
    counted = Counted(outlook.contacts, lambda _passed, _many: None)

    assert counted.account == "ada@example.org"
    assert counted.capabilities is outlook.contacts.capabilities
    assert list(counted.scopes()) == ["Maximizer"]


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
