"""The same crashes and histories as contacts and tasks have, for a sales CRM of which a saved search is synced."""

from collections import Counter
from collections.abc import Callable

import pytest

from tallystick.profiles.cx_sales import Resolution
from tallystick.providers.memory import Quirks
from tallystick.recurrence import Pattern, Range, Recurrence
from tests.conftest import Count
from tests.simulation.history import SAFETIES as SETTINGS
from tests.simulation.program import Carried, Op, drawn
from tests.simulation.sales_world import COMPANY, PeopleWorld, SalesTaskWorld, favourite
from tests.simulation.scenarios import Scenario
from tests.simulation.task_world import DAYS, DUE, USER
from tests.simulation.test_crashes import (
    LATE,
    PLAIN,
    SAFETIES,
    SOON,
    Settings,
    Tally,
    crash_everywhere,
    crash_twice_everywhere,
)
from tests.simulation.test_task_programs import CarriedTasks
from tests.simulation.world import World


def _three_pairs(world: World) -> None:
    for number in (1, 2, 3):
        world.insert(number % 2, number, **world.saying(number % 2, number, 0, f"text{number}"))


def _edited_on_both(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.write(1, 1, 0, "edited right")


# --- people ----------------------------------------------------------------------------------------------------------


def _first_people(world: World) -> None:
    world.insert(0, 1, job_title="left1", company_name=COMPANY)
    world.insert(1, 2, job_title="right2", account_name=COMPANY, account_owner="somebody")
    world.insert(0, 4, job_title="left4")
    world.insert(1, 4, department="right4")


def _waiting(world: World) -> None:
    _three_pairs(world)
    world.insert(0, 9, company_name="Not known")


def _known_now(world: World) -> None:
    world.sides[0].edit(world.the(0, 9), company_name=COMPANY)


def _no_favourites(world: World) -> None:
    for number in (1, 2):
        world.write(0, number, 0, "edited left")
        world.sides[1].edit(world.the(1, number), is_favourite=False)
    world.write(1, 2, 1, "edited right")


def _rested(world: World) -> None:
    _three_pairs(world)
    world.quiet()
    _no_favourites(world)


def _favourites(world: World) -> None:
    for number in (1, 2):
        world.sides[1].edit(world.the(1, number), is_favourite=True)


def _outside_of_the_search(world: World) -> None:
    world.sides[1].insert(favourite(7, job_title="has a title", is_favourite=False))
    world.insert(0, 7, department="has a department")


def _mixed_people(world: World) -> None:
    _edited_on_both(world)
    world.write(1, 2, 1, "department")
    world.insert(0, 5, company_name=COMPANY)
    world.insert(1, 6)
    world.sides[0].delete(world.the(0, 3))


PEOPLE_SCENARIOS = (
    Scenario("first run", _first_people, lambda _: None, first=True),
    Scenario("new on left", _three_pairs, lambda world: world.insert(0, 5, company_name=COMPANY)),
    Scenario("new on right", _three_pairs, lambda world: world.insert(1, 6)),
    Scenario("waited for its account", _waiting, _known_now),
    Scenario("edited on both", _three_pairs, _edited_on_both),
    Scenario("found no more", _three_pairs, _no_favourites),
    Scenario("found again", _rested, _favourites),
    Scenario("matched outside of the search", _three_pairs, _outside_of_the_search),
    Scenario("deleted on the left", _three_pairs, lambda world: world.sides[0].delete(world.the(0, 1))),
    Scenario("deleted on the right", _three_pairs, lambda world: world.sides[1].delete(world.the(1, 1))),
    Scenario("mixture of people", _three_pairs, _mixed_people),
)

# --- tasks -----------------------------------------------------------------------------------------------------------


def _unassign(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.crm.tasks.leave(world.the(1, 1), USER)


def _unassigned(world: World) -> None:
    _three_pairs(world)
    world.quiet()
    _unassign(world)


def _series(world: World) -> None:
    world.outlook.tasks.edit(world.the(0, 1), recurrence=Recurrence(Pattern.daily(2), Range(DUE, zone="UTC")))
    world.write(1, 1, 0, "edited right")


def _delete_edited(world: World) -> None:
    world.sides[0].delete(world.the(0, 1))
    world.write(1, 1, 0, "edited right")


def _mixed_tasks(world: World) -> None:
    _edited_on_both(world)
    world.crm.tasks.edit(world.the(1, 2), due=DAYS.same_time(DUE, None), is_completed=True)
    world.insert(0, 5)
    world.insert(1, 6)
    world.sides[0].delete(world.the(0, 3))


TASK_SCENARIOS = (
    Scenario("new on left", _three_pairs, lambda world: world.insert(0, 5)),
    Scenario("new on right", _three_pairs, lambda world: world.insert(1, 6)),
    Scenario("edited on both", _three_pairs, _edited_on_both),
    Scenario("unassigned", _three_pairs, _unassign),
    Scenario("assigned again", _unassigned, lambda world: world.crm.tasks.join(world.the(1, 1), USER)),
    Scenario("a series now", _three_pairs, _series),
    Scenario("completed", _three_pairs, lambda world: world.outlook.tasks.complete(world.the(0, 1))),
    Scenario("deleted on the left", _three_pairs, lambda world: world.sides[0].delete(world.the(0, 1))),
    Scenario("deleted on the right", _three_pairs, lambda world: world.sides[1].delete(world.the(1, 1))),
    Scenario("deleted and edited", _three_pairs, _delete_edited),
    Scenario("mixture of tasks", _three_pairs, _mixed_tasks),
)

Make = Callable[..., World]
CASES: tuple[tuple[Make, Scenario], ...] = (
    *((PeopleWorld, scenario) for scenario in PEOPLE_SCENARIOS),
    *((SalesTaskWorld, scenario) for scenario in TASK_SCENARIOS),
)
NAMES = [f"{make.__name__}, {scenario.name}" for make, scenario in CASES]
FIRST_ONE_IN, ONE_IN = 7, 31
"""Of how many first crashes one is tried in the short form, and of how many pairs that begin so."""


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize(("make", "scenario"), CASES, ids=NAMES)
def test_a_crash_at_any_request_ends_in_the_same_state_as_no_crash(
    make: Make, scenario: Scenario, count: Count
) -> None:
    """Whatever request a run dies at, the next runs end where a run without a crash does."""
    tally = Tally()
    crash_everywhere(scenario, PLAIN[0], (SOON, LATE), tally, make)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]
    assert tally.crashes >= 20, tally.crashes


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize(("make", "scenario"), CASES, ids=NAMES)
def test_a_second_crash_during_recovery_changes_nothing(make: Make, scenario: Scenario, count: Count) -> None:
    """A crash, and another one while the next run recovers from it, end where a run without a crash does."""
    tally = Tally()
    crash_twice_everywhere(scenario, PLAIN[0], LATE, tally, make, one_in=ONE_IN, first_one_in=FIRST_ONE_IN)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]
    assert tally.histories >= 2, tally.histories


@pytest.mark.soak
@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("settings", SAFETIES, ids=lambda settings: f"{settings[0].value}, lag {settings[1]}")
@pytest.mark.parametrize(("make", "scenario"), CASES, ids=NAMES)
def test_every_scenario_survives_every_crash_under_every_safety(
    make: Make, scenario: Scenario, settings: Settings, count: Count
) -> None:
    """Every scenario ends as without a crash, at any request, however creates are made safe."""
    tally = Tally()
    crash_everywhere(scenario, settings, (SOON, 60.0, LATE), tally, make)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]


@pytest.mark.soak
@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("gap", [SOON, LATE])
@pytest.mark.parametrize(("make", "scenario"), CASES, ids=NAMES)
def test_every_scenario_survives_every_pair_of_crashes(
    make: Make, scenario: Scenario, gap: float, count: Count
) -> None:
    """Every scenario ends as without a crash, at any request and at any request of the recovery."""
    tally = Tally()
    crash_twice_everywhere(scenario, PLAIN[0], gap, tally, make)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]


# --- histories -------------------------------------------------------------------------------------------------------


class CarriedPeople(Carried):
    """A program about people: the user's mark is what leaving and joining mean."""

    def _leave(self, _side: int, person: int, _extra: int) -> None:
        self._mark(person, is_favourite=False)

    def _join(self, _side: int, person: int, _extra: int) -> None:
        self._mark(person, is_favourite=True)

    def _mark(self, person: int, *, is_favourite: bool) -> None:
        for one in self.world.find(1, person)[:1]:
            if person not in self.renamed and self.world.is_member(1, one) is not is_favourite:
                self.apart.add(person)
                self.world.sides[1].edit(one, is_favourite=is_favourite)


class CarriedSalesTasks(CarriedTasks):
    """A program about tasks. One that is assigned to somebody else stays on both sides, and rests."""

    def _unassign(self, _side: int, person: int, extra: int) -> None:
        Carried._leave(self, 1, person, extra)


def people(seed: int) -> CarriedPeople:
    """Return the people of a seed; of every second one conflicts are held."""
    safety, lag = SETTINGS[seed // 2 % len(SETTINGS)]
    held = seed % 2
    resolution = Resolution.YOU_DECIDE if held else Resolution.CRM_WINS
    more = {"safety": safety, "lag": lag, "seed": seed, "batch_size": (None, 1, 2)[seed % 3]}
    return CarriedPeople(PeopleWorld(resolution=resolution, quirks=Quirks(replays=bool(seed % 4 // 2)), **more))


def tasks(seed: int) -> CarriedSalesTasks:
    """Return the tasks of a seed."""
    safety, lag = SETTINGS[seed % len(SETTINGS)]
    more = {"safety": safety, "lag": lag, "seed": seed, "batch_size": (None, 1, 2)[seed % 3]}
    return CarriedSalesTasks(SalesTaskWorld(quirks=Quirks(replays=bool(seed % 2)), **more).begun(), deletes=True)


def program_of(seed: int, make: Callable[[int], Carried]) -> list[Op]:
    """Return the program of a seed."""
    program = drawn(seed, more=("resolve", "resolve") if seed % 2 and make is people else ())
    # A task is not searched for: what a listing hides is unknown to its profile, and may be made once more.
    return program if make is people else [op for op in program if op[0] not in ("empty", "truncate")]


def lived(make: Callable[[int], Carried], seeds: range) -> tuple[Counter[str], list[str]]:
    """Carry out the programs of all seeds, with weather; return what happened in them, and what went wrong."""
    counts: Counter[str] = Counter()
    failures = []
    for seed in seeds:
        carried, program = make(seed), program_of(seed, make)
        try:
            carried.all(program)
            carried.finish()
        except Exception as error:  # noqa: BLE001 - every failure counts
            failures.append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]} in {program}")
        counts += carried.counts
    return counts, failures


@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
@pytest.mark.parametrize("make", [people, tasks])
@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(1_000, 11_000), marks=pytest.mark.soak)])
def test_nothing_is_lost_doubled_or_brought_back_in_any_history(
    make: Callable[[int], Carried], seeds: range, count: Count
) -> None:
    """Whatever users, services and crashes do, no record is lost, doubled or brought back, and all comes to rest."""
    counts, failures = lived(make, seeds)
    count(histories=len(seeds), crashes=counts["crashed"])

    assert not failures, f"{len(failures)} of {len(seeds)} histories failed:\n" + "\n".join(failures[:5])
    assert counts["crashed"] >= len(seeds) // 20, counts
