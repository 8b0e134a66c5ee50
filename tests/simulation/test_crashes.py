"""Crash at every request of a run, and at every request of the run that recovers."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import cast, get_args

import attrs
import pytest

from tallystick.ports import CreateSafety
from tests.conftest import Count
from tests.simulation.crash import WRITES, Crash, Flavour, Fuse
from tests.simulation.scenarios import SCENARIOS, Scenario
from tests.simulation.world import World

SAFETIES: tuple[tuple[CreateSafety, float], ...] = (
    (CreateSafety.CLIENT_ID, 0),
    (CreateSafety.CLIENT_ID, 30),
    (CreateSafety.UNIQUE_KEY, 0),
    (CreateSafety.UNIQUE_KEY, 30),
    (CreateSafety.SERVER_TOKEN, 0),
    (CreateSafety.SERVER_TOKEN, 30),
    (CreateSafety.SEARCHABLE_TAG, 0),
    (CreateSafety.SEARCHABLE_TAG, 30),
    (CreateSafety.NATURAL_KEY, 0),
    (CreateSafety.NATURAL_KEY, 30),
)
PLAIN = ((CreateSafety.SEARCHABLE_TAG, 0.0),)
ONE_IN = 61
"""Of how many pairs of crashes one is tried: a prime, so that the second crash is another one each time."""

AT_ONCE, SOON, LATE = 0.0, 1.0, 600.0
"""How many seconds after a crash the next run comes: while the write may still arrive, or when it can't any more."""

Settings = tuple[CreateSafety, float]
Strike = tuple[int, Flavour]


@attrs.define
class Tally:
    """What was tried, and what came of it."""

    crashes: int = 0
    histories: int = 0
    failures: Counter[str] = attrs.field(factory=Counter)

    def note(self, what: str, error: BaseException | None) -> None:
        """Count one history, and how it failed."""
        self.histories += 1
        if error is not None:
            self.failures[f"{what}: {type(error).__name__}: {str(error)[:200]}"] += 1


def strikes(fuse: Fuse) -> Iterator[Strike]:
    """Yield every way in which a run with this trace can be struck: each request, each flavour that makes sense."""
    for at, request in enumerate(fuse.trace, 1):
        port, _, method = request.partition(".")
        written = port in ("left", "right") and method in WRITES
        for flavour in cast("tuple[Flavour, ...]", get_args(Flavour)):
            if written or flavour in ("before", "after"):
                yield at, flavour


def struck(world: World, strike: Strike) -> Fuse:
    """Run once, and have the run struck."""
    fuse = Fuse(*strike)
    try:
        world.run(fuse)
    except Crash:
        assert fuse.dead
    return fuse


def recovered(world: World, gap: float) -> tuple[object, ...]:
    """Run until the world is quiet, check it, and return where everything stands."""
    world.clock.advance(gap)
    world.run()
    world.quiet()
    world.check()
    return world.picture()


def attempt(work: Callable[[], object]) -> BaseException | None:
    """Do the work and return how it failed, if it did."""
    try:
        work()
    except (Exception, Crash) as error:  # noqa: BLE001 - every failure counts
        return error
    return None


def crash_everywhere(
    scenario: Scenario,
    settings: Settings,
    gaps: tuple[float, ...],
    tally: Tally,
    make: Callable[..., World] = World,
) -> None:
    """Crash once, at every request in turn, in worlds made by ``make``."""
    safety, lag = settings

    def begun() -> World:
        return scenario.begin(make(safety=safety, lag=lag))

    clean, counting = begun(), Fuse()
    clean.run(counting)
    clean.quiet()
    clean.check()
    expected = clean.picture()
    for strike in strikes(counting):
        for gap in gaps:
            world = begun()

            def work(world: World = world, strike: Strike = strike, gap: float = gap) -> None:
                struck(world, strike)
                assert recovered(world, gap) == expected, "not the same as without a crash"

            tally.crashes += 1
            tally.note(f"{scenario.name}, {safety}, lag {lag}, {strike}, next run after {gap}", attempt(work))


def crash_twice_everywhere(
    scenario: Scenario,
    settings: Settings,
    gap: float,
    tally: Tally,
    make: Callable[..., World] = World,
    *,
    one_in: int = 1,
    first_one_in: int = 1,
) -> None:
    """Crash at every request, and again at every request of the run after it, in worlds made by ``make``.

    Of all those pairs of crashes ``one_in`` so many is tried, each time the next; of the first crashes
    ``first_one_in`` so many is the beginning of any.
    """
    safety, lag = settings
    pairs = count()

    def begun() -> World:
        return scenario.begin(make(safety=safety, lag=lag))

    clean, counting = begun(), Fuse()
    clean.run(counting)
    clean.quiet()
    expected = clean.picture()
    for first in islice(strikes(counting), 0, None, first_one_in):
        trial = begun()
        struck(trial, first)
        trial.clock.advance(gap)
        second_counting = Fuse()
        if attempt(lambda trial=trial, fuse=second_counting: trial.run(fuse)):  # type: ignore[misc]  # bound early
            tally.note(f"{scenario.name}, {first}: the recovering run", AssertionError("failed"))
            continue
        for second in strikes(second_counting):
            if next(pairs) % one_in:
                continue
            world = begun()

            def work(world: World = world, first: Strike = first, second: Strike = second) -> None:
                struck(world, first)
                world.clock.advance(gap)
                struck(world, second)
                assert recovered(world, gap) == expected, "not the same as without a crash"

            tally.crashes += 2
            tally.note(f"{scenario.name}, {safety}, lag {lag}, {first} then {second}, gap {gap}", attempt(work))


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_crash_at_any_request_ends_in_the_same_state_as_no_crash(scenario: Scenario, count: Count) -> None:
    """Whatever request a run dies at, the next runs end where a run without a crash does."""
    tally = Tally()
    crash_everywhere(scenario, PLAIN[0], (AT_ONCE, SOON, LATE), tally)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, _said(tally)
    assert tally.crashes >= 50, tally.crashes


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("settings", SAFETIES, ids=lambda settings: f"{settings[0].value}, lag {settings[1]}")
def test_creates_survive_a_crash_however_they_are_made_safe(settings: Settings, count: Count) -> None:
    """A crash doubles and loses no new record, whichever way the service offers to make creates safe."""
    tally = Tally()
    scenario = next(one for one in SCENARIOS if one.name == "new on left")
    crash_everywhere(scenario, settings, (AT_ONCE, SOON, LATE), tally)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, _said(tally)
    assert tally.crashes >= 50, tally.crashes


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_second_crash_during_recovery_changes_nothing(scenario: Scenario, count: Count) -> None:
    """A crash, and another one while the next run recovers from it, end where a run without a crash does."""
    tally = Tally()
    crash_twice_everywhere(scenario, PLAIN[0], LATE, tally, one_in=ONE_IN)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, _said(tally)
    assert tally.histories >= 8, tally.histories


@pytest.mark.soak
@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("settings", SAFETIES, ids=lambda settings: f"{settings[0].value}, lag {settings[1]}")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_survives_every_crash_under_every_safety(
    scenario: Scenario, settings: Settings, count: Count
) -> None:
    """Every scenario ends as without a crash, at any request, however creates are made safe."""
    tally = Tally()
    crash_everywhere(scenario, settings, (SOON, 60.0, LATE), tally)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, _said(tally)


@pytest.mark.soak
@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("gap", [SOON, LATE])
@pytest.mark.parametrize("settings", [PLAIN[0], (CreateSafety.NATURAL_KEY, 0.0), (CreateSafety.SEARCHABLE_TAG, 30.0)])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_survives_every_pair_of_crashes(
    scenario: Scenario, settings: Settings, gap: float, count: Count
) -> None:
    """Every scenario ends as without a crash, at any request and at any request of the recovery."""
    tally = Tally()
    crash_twice_everywhere(scenario, settings, gap, tally)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, _said(tally)


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("safety", [CreateSafety.SERVER_TOKEN, CreateSafety.UNIQUE_KEY, CreateSafety.CLIENT_ID])
def test_our_own_copy_that_a_user_renamed_before_it_was_known_stays_one(safety: CreateSafety) -> None:
    """A copy that was made, not known of, and renamed by a user meanwhile is not doubled, nor in the way for good."""
    world = World(safety=safety)
    world.insert(0, 1)
    world.quiet()
    world.insert(0, 2)
    world.clock.advance(LATE)
    world.crm.entries.faults.lose_reply("create")
    world.run()
    world.crm.entries.edit(world.the(1, 2), last_name="Renamed")
    world.clock.advance(SOON)
    world.run()
    world.quiet()

    world.check()
    assert [len(collection) for collection in world.sides] == [2, 2]


def _said(tally: Tally) -> str:
    lines = [
        f"{sum(tally.failures.values())} of {tally.histories} histories failed, {tally.crashes} crashes; the first:"
    ]
    return "\n".join([*lines, *list(tally.failures)[:8]])
