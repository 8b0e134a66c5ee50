"""Calendars that people use, services crash under and days go by for: what holds after any program."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick import Profile
from tallystick.providers.memory import Quirks
from tallystick.records import Appointment, Event
from tests.conftest import Count
from tests.simulation.calendars import FLAVOURS, KINDS, SLOTS, Calendars, Op, by_search, one_way, two_way
from tests.simulation.crash import Fuse
from tests.simulation.mutants import outside_the_window_is_deleted, outside_the_window_is_forgotten

NAMES = (
    "insert",
    "insert",
    "edit",
    "edit",
    "move",
    "recur",
    "private",
    "delete",
    "close",
    "touch",
    "expire",
    "days",
    "run",
    "run",
)
PROFILES = [one_way, two_way, by_search]
HABITS = st.sampled_from([Quirks(), Quirks(spreads=True), Quirks(spreads=True, replays=True, unlist_leavers=True)])
MakeProfile = Callable[[], Profile[Event, Appointment]]


def programs(*names: str) -> st.SearchStrategy[list[Op]]:
    """Return a strategy for programs of these operations."""
    op = st.tuples(st.sampled_from(names), st.integers(0, 1), st.integers(0, SLOTS - 1), st.integers(0, 63))
    return st.lists(op, max_size=25)


@pytest.mark.property
@pytest.mark.behaviour("TS-04")
@pytest.mark.parametrize("make", PROFILES)
@given(program=programs(*NAMES), habits=HABITS)
@settings(max_examples=60)
def test_any_program_comes_to_rest(make: MakeProfile, program: list[Op], habits: Quirks) -> None:
    """Nothing is doubled, nothing is left out, and a run after nobody's edit writes nothing."""
    calendars = Calendars(make(), habits)
    calendars.carry_out(program)
    calendars.quiet()
    calendars.check()


@pytest.mark.property
@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("make", PROFILES)
@given(program=programs(*NAMES, "crash", "crash", "crash"), habits=HABITS)
@settings(max_examples=60)
def test_any_program_with_crashes_comes_to_rest(make: MakeProfile, program: list[Op], habits: Quirks) -> None:
    """Also where processes die at any request, and answers are lost."""
    calendars = Calendars(make(), habits)
    calendars.carry_out(program)
    calendars.quiet()
    calendars.check()


@pytest.mark.property
@pytest.mark.behaviour("TS-02")
@given(
    program=programs(*(name for name in NAMES if name not in ("private", "delete", "close"))),
    side=st.integers(0, 1),
    habits=HABITS,
)
@settings(max_examples=40)
def test_a_last_edit_arrives(program: list[Op], side: int, habits: Quirks) -> None:
    """After any program, what a person writes on one side of a pair in the window is what the other side shows."""
    calendars = Calendars(two_way(), habits)
    calendars.carry_out(program)
    calendars.quiet()
    window = calendars.profile.left.scope_at(calendars.world.clock.now()).window
    assert window is not None
    frozen = {row.id for row in calendars.world.state.parked_list(calendars.world.name)}
    for link in calendars.links():
        event = calendars.world.outlook.record(link.ids[0])
        if event.subject == "Private" or event.sensitivity != "normal" or frozen & {*link.ids}:
            continue
        if not calendars.profile.left.lies_in(event, window):
            continue
        text, other = calendars.token(), calendars.sides[1 - side]
        calendars.sides[side].edit(link.ids[side], **{("body", "description")[side]: text})
        calendars.world.run()
        record = other.record(link.ids[1 - side])
        assert (record.body if side else record.description) == text


def fails(make: MakeProfile, seed: int) -> str:
    """Return how the history of a seed fails; an empty text where all is well."""
    try:
        Calendars(make()).lived(seed)
    except AssertionError as error:
        return f"seed {seed}: {str(error)[:200]}"
    return ""


@pytest.mark.behaviour("TS-02", "TS-03", "MX-A-08")
@pytest.mark.parametrize("make", PROFILES)
@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(1_000, 6_000), marks=pytest.mark.soak)])
def test_nothing_is_taken_away_while_days_go_by(make: MakeProfile, seeds: range, count: Count) -> None:
    """In any history of events that slide through the window nothing is doubled, and only persons delete."""
    failures = [failure for seed in seeds if (failure := fails(make, seed))]
    count(histories=len(seeds))

    assert not failures, f"{len(failures)} of {len(seeds)} histories failed: {failures[:5]}"


@pytest.mark.parametrize("breaks", [outside_the_window_is_deleted, outside_the_window_is_forgotten])
def test_an_engine_that_takes_the_window_for_the_world_is_found_out(
    breaks: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """An engine that deletes or forgets what slid out of the window fails in one of 60 histories."""
    breaks(monkeypatch)
    assert any(fails(one_way, seed) for seed in range(60))
    count(broken_engines_found_out=1)


START: list[Op] = [("insert", kind % 2, kind, kind) for kind in range(SLOTS)]
SCENARIOS: dict[str, tuple[list[Op], list[Op]]] = {
    "new": ([], [("insert", 0, kind, kind) for kind in range(SLOTS)]),
    "people and privacy": ([], [("insert", 0, 0, KINDS - 2), ("insert", 0, 1, KINDS - 1), ("insert", 1, 2, 5)]),
    "edits": (START, [("edit", 0, 0, 0), ("edit", 1, 1, 0), ("move", 0, 1, 13), ("edit", 1, 2, 0)]),
    "another pattern": ([("insert", 0, 2, 2)], [("recur", 0, 2, 1), ("edit", 0, 2, 0)]),
    "deletions": (START, [("delete", 0, 0, 0), ("delete", 1, 2, 0)]),
    "found no more": (START, [("close", 0, 1, 1), ("edit", 0, 1, 0), ("close", 0, 0, 1), ("edit", 1, 0, 0)]),
    "found again": (
        [*START, ("run", 0, 0, 0), ("close", 0, 1, 1), ("run", 0, 0, 0), ("edit", 0, 1, 0), ("run", 0, 0, 0)],
        [("close", 0, 1, 0), ("edit", 0, 0, 0)],
    ),
    "the next day": (START, [("insert", 0, 3, 39), ("edit", 0, 0, 0), ("days", 0, 0, 5)]),
}


def begun(make: MakeProfile, scenario: str) -> Calendars:
    """Return the calendars of a scenario before the run that is watched."""
    before, then = SCENARIOS[scenario]
    calendars = Calendars(make())
    calendars.carry_out(before)
    calendars.quiet()
    calendars.carry_out(then)
    return calendars


def smooth(make: MakeProfile, scenario: str) -> tuple[int, object]:
    """Return how many requests the run of a scenario makes, and where it ends if nothing goes wrong."""
    calendars, counted = begun(make, scenario), Fuse()
    calendars.crash(counted)
    calendars.quiet()
    assert counted.count >= 2 * SLOTS
    if make is by_search and scenario == "found again":
        left, right = (calendars.sides[side].record(calendars.find(side, 1)[0]) for side in (0, 1))
        assert left.body == right.description
    return counted.count, calendars.picture()


@pytest.mark.behaviour("TS-03", "MX-A-08")
@pytest.mark.parametrize("make", PROFILES)
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])
def test_a_crash_anywhere_ends_like_no_crash(make: MakeProfile, scenario: str, every: int, count: Count) -> None:
    """Whichever request of a run is its last, the next runs end where a run without a crash does."""
    requests, expected = smooth(make, scenario)
    for number, flavour in enumerate(FLAVOURS):
        for at in range(1 + number % every, requests + 1, every):
            calendars = begun(make, scenario)
            calendars.crash(Fuse(at, flavour))
            count(histories=1, crashes=1)
            calendars.quiet()
            calendars.check_pairs()
            assert calendars.picture() == expected, f"{scenario}: {flavour} request {at}"


@pytest.mark.behaviour("TS-03", "MX-A-08")
@pytest.mark.parametrize("make", PROFILES)
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("every", [29, pytest.param(1, marks=pytest.mark.soak)])
def test_a_crash_and_one_of_the_recovery_end_like_no_crash(
    make: MakeProfile, scenario: str, every: int, count: Count
) -> None:
    """A crash, and another one while the next run recovers from it, end where a run without a crash does."""
    requests, expected = smooth(make, scenario)
    firsts = [*itertools.product(range(1, requests + 1), FLAVOURS)]
    for number, first in enumerate(firsts[::every]):
        recovering = Fuse()
        trial = begun(make, scenario)
        trial.crash(Fuse(*first))
        trial.crash(recovering)
        seconds = [*itertools.product(range(1, recovering.count + 1), FLAVOURS)]
        for second in seconds[number % every :: every]:
            calendars = begun(make, scenario)
            calendars.crash(Fuse(*first))
            calendars.crash(Fuse(*second))
            count(histories=1, crashes=2)
            calendars.quiet()
            calendars.check_pairs()
            assert calendars.picture() == expected, f"{scenario}: {first}, then {second}"
