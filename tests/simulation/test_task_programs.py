"""The same histories and crashes as contacts have, with tasks: deleted on either side, unassigned, and recurring."""

from collections import Counter
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.ports import CreateSafety
from tallystick.providers.memory import Completing, Quirks
from tests.conftest import Count
from tests.simulation.history import SAFETIES as SETTINGS
from tests.simulation.program import PEOPLE, Carried, Op, drawn
from tests.simulation.scenarios import Scenario
from tests.simulation.task_world import DAYS, DUE, DUE_TURN, TURNS, USER, TaskWorld
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
from tests.simulation.world import World

NAMES = ("insert", "edit", "both", "delete", "unassign", "join", "touch", "run", "expire", "throttle", "rename", "turn")
MORE = ("turn", "turn", "unassign")
"""What happens to tasks alone."""
OPS = st.tuples(st.sampled_from(NAMES), st.integers(0, 1), st.integers(0, PEOPLE - 1), st.integers(0, 63))


@attrs.define
class CarriedTasks(Carried):
    """A program about tasks. To Do has no leaving: a task is on its list or gone."""

    turned: set[tuple[int, str]] = attrs.field(factory=set)
    """Tasks of each side of which something beside the text was ever changed."""

    def _leave(self, side: int, person: int, extra: int) -> None:
        del side
        self._unassign(1, person, extra)

    def _unassign(self, _side: int, person: int, extra: int) -> None:
        """Take a task that is in sync from the user, and so from To Do; what was edited there the sink has."""
        paired = {link.ids[1] for link in self.world.links()}
        if any(one in paired for one in self.world.find(1, person)) and person not in self.renamed:
            self.lineage.deleted.add((0, self.world.known_as(person)))
            super()._leave(1, person, extra)

    def _delete(self, side: int, person: int, extra: int) -> None:
        """Delete a task; of one that was unassigned and then deleted only the deletion is seen, which an edit beats."""
        there = self.world.find(1, person)
        super()._delete(side, person, extra)
        if len(self.world.find(1, person)) < len(there):
            self.lineage.wanted_again(0, self.world.known_as(person))

    def _join(self, _side: int, person: int, extra: int) -> None:
        super()._join(1, person, extra)

    def _turn(self, side: int, person: int, extra: int) -> None:
        world = self.world
        assert isinstance(world, TaskWorld)
        for one in world.find(side, person)[:1]:
            if (
                extra % TURNS == DUE_TURN
                and person in self.apart
                and one not in {link.ids[side] for link in world.links()}
            ):
                continue  # two that are not a pair yet are known by title and due day: now they are two tasks
            world.turn(side, one, extra)
            self.turned.add((side, one))
            self.lineage.wanted_again(1 - side, world.known_as(person))  # an edit beats a removal

    def _pending(self, person: int) -> bool:
        """Tell whether an edit is still to be carried; what was turned is one, too, though the text is the same."""
        agreed = {(side, link.ids[side]): link.versions[side] for link in self.world.links() for side in (0, 1)}
        turned = [(side, one) for side in (0, 1) for one in self.world.find(side, person) if (side, one) in self.turned]
        news = [at for at in turned if agreed.get(at) != self.world.sides[at[0]].item(at[1]).version]
        return bool(news) or super()._pending(person)


def carried_out(program: list[Op], world: World) -> CarriedTasks:
    """Carry out a program to its end, with all checks."""
    carried = CarriedTasks(world, deletes=True)
    carried.all(program)
    carried.finish()
    return carried


@pytest.mark.property
@pytest.mark.behaviour("TS-02", "TS-04", "TS-20")
@given(program=st.lists(OPS, max_size=25), replays=st.booleans(), delta=st.booleans())
@settings(max_examples=60)
def test_any_program_of_tasks_ends_in_agreement(program: list[Op], replays: bool, delta: bool) -> None:
    """After any program both sides agree on all that they can say, nothing is lost, and the figures add up."""
    world = TaskWorld(quirks=Quirks(replays=replays), delta=delta).begun()
    carried_out(program, world)

    seen = sum(sum(counter.values()) for counter in world.written())
    assert sum(report.written() for report in world.reports) == seen


def carry_out_all(seeds: range, more: Sequence[str] = ()) -> tuple[Counter[str], list[str]]:
    """Carry out the programs of all seeds, with weather; return what happened in them, and what went wrong."""
    counts: Counter[str] = Counter()
    failures = []
    for seed in seeds:
        safety, lag = SETTINGS[seed % len(SETTINGS)]
        quirks = Quirks(replays=bool(seed % 2))
        world = TaskWorld(safety=safety, lag=lag, seed=seed, quirks=quirks, batch_size=(None, 1, 2)[seed % 3])
        # A task is not searched for: what a listing hides is unknown to this profile, and may be made once more.
        program = [op for op in drawn(seed, more=more) if op[0] not in ("empty", "truncate")]
        try:
            counts += carried_out(program, world.begun()).counts
        except Exception as error:  # noqa: BLE001 - every failure counts
            failures.append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]} in {program}")
    return counts, failures


@pytest.mark.behaviour("TS-04")
def test_a_task_whose_match_is_shown_late_is_not_made_once_more() -> None:
    """A task is edited while its first pairing is written, and the list shows it late: its match waits for it."""
    _, failures = carry_out_all(range(10_246, 10_247))

    assert not failures, failures


@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_no_task_is_lost_doubled_or_brought_back_in_any_history(count: Count) -> None:
    """Whatever users, services and crashes do, no task is lost, doubled or brought back, and all comes to rest."""
    counts, failures = carry_out_all(range(150))
    count(histories=150, crashes=counts["crashed"])

    assert not failures, f"{len(failures)} of 150 histories failed:\n" + "\n".join(failures[:5])
    assert counts["crashed"] >= 20, counts


@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_no_task_is_lost_where_all_of_it_changes(count: Count) -> None:
    """The same where status, importance, due day and alarm change too, and tasks are taken from the user."""
    counts, failures = carry_out_all(range(500_000, 500_150), MORE)
    count(histories=150, crashes=counts["crashed"])

    assert not failures, f"{len(failures)} of 150 histories failed:\n" + "\n".join(failures[:5])
    assert counts["turn"] >= 50, counts


@pytest.mark.soak
@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_no_task_is_lost_in_very_many_histories() -> None:
    """The same, in fifteen thousand histories."""
    counts, failures = carry_out_all(range(1_000, 11_000))
    turned, failed = carry_out_all(range(510_000, 515_000), MORE)
    counts, failures = counts + turned, failures + failed

    assert not failures, f"{len(failures)} of 15,000 histories failed:\n" + "\n".join(failures[:10])
    assert counts["crashed"] >= 1_000, counts


# --- crashes ---------------------------------------------------------------------------------------------------------


def _three_pairs(world: World) -> None:
    world.run()
    for person in (1, 2, 3):
        world.insert(person % 2, person, **world.saying(person % 2, person, 0, f"text{person}"))


def _unassign(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.crm.tasks.leave(world.the(1, 1), USER)


def _both_lines(world: World) -> None:
    world.outlook.tasks.edit(world.the(0, 1), **world.renamed(0, 1, 2))
    world.write(1, 1, 0, "edited right")


def _complete_left(world: World) -> None:
    world.outlook.tasks.complete(world.the(0, 3))


def _complete_both(world: World) -> None:
    _complete_left(world)
    world.crm.tasks.edit(world.the(1, 3), is_completed=True)


def _delete_edited(world: World) -> None:
    world.outlook.tasks.delete(world.the(0, 1))
    world.write(1, 1, 0, "edited right")


def _mixture(world: World) -> None:
    world.write(0, 1, 0, "edited left")
    world.write(1, 1, 0, "edited right")
    world.crm.tasks.edit(world.the(1, 2), due=DAYS.same_time(DUE, None))
    _complete_left(world)
    world.insert(0, 5)
    world.insert(1, 6)


SCENARIOS = (
    Scenario("new on left", _three_pairs, lambda world: world.insert(0, 5)),
    Scenario("new on right", _three_pairs, lambda world: world.insert(1, 6)),
    Scenario("title on the left, body on the right", _three_pairs, _both_lines),
    Scenario("unassigned and edited", _three_pairs, _unassign),
    Scenario("an occurrence completed on the left", _three_pairs, _complete_left),
    Scenario("an occurrence completed on both", _three_pairs, _complete_both),
    Scenario("deleted and edited", _three_pairs, _delete_edited),
    Scenario("mixture", _three_pairs, _mixture),
)
HABITS = (
    Quirks(),
    Quirks(completing=Completing.ADD_COMPLETED),
    Quirks(completing=Completing.ADD_NEXT),
)


@pytest.mark.behaviour("TS-03", "MX-T-13")
@pytest.mark.parametrize("habit", HABITS, ids=lambda quirks: quirks.completing.value)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_crash_while_tasks_are_synced_changes_nothing(scenario: Scenario, habit: Quirks, count: Count) -> None:
    """Whatever request a run dies at, the next runs end where a run without a crash does, and in one series."""
    series = "occurrence" in scenario.name or scenario.name == "mixture"
    if habit.completing is not Completing.ADVANCE and not series:
        return
    tally = Tally()
    crash_everywhere(scenario, PLAIN[0], (SOON, LATE), tally, lambda **settings: TaskWorld(quirks=habit, **settings))
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]
    assert tally.crashes >= 30, tally.crashes


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@pytest.mark.parametrize("one_in", [(7, 31), pytest.param((1, 1), marks=pytest.mark.soak)])
def test_a_second_crash_during_recovery_changes_nothing(
    scenario: Scenario, one_in: tuple[int, int], count: Count
) -> None:
    """A crash, and another one while the next run recovers from it, end where a run without a crash does."""
    tally = Tally()
    crash_twice_everywhere(scenario, PLAIN[0], LATE, tally, TaskWorld, first_one_in=one_in[0], one_in=one_in[1])
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]
    assert tally.histories >= 2, tally.histories


@pytest.mark.behaviour("TS-03")
def test_a_task_that_is_made_again_is_made_once_where_nothing_but_its_fields_tell_it(count: Count) -> None:
    """A task whose counterpart is made again finds the one that got no answer, though it has no token to tell by."""
    tally = Tally()
    scenario = next(one for one in SCENARIOS if one.name == "deleted and edited")
    crash_everywhere(scenario, (CreateSafety.NATURAL_KEY, 0.0), (SOON, LATE), tally, TaskWorld)
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]


@pytest.mark.soak
@pytest.mark.behaviour("TS-03", "MX-T-13")
@pytest.mark.parametrize("setting", SAFETIES, ids=lambda setting: f"{setting[0].value}, lag {setting[1]}")
@pytest.mark.parametrize("habit", HABITS, ids=lambda quirks: quirks.completing.value)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_of_tasks_survives_every_crash(
    scenario: Scenario, habit: Quirks, setting: Settings, count: Count
) -> None:
    """Every scenario ends as without a crash, however creates are made safe."""
    tally = Tally()
    crash_everywhere(scenario, setting, (SOON, LATE), tally, lambda **settings: TaskWorld(quirks=habit, **settings))
    count(histories=tally.histories, crashes=tally.crashes)

    assert not tally.failures, list(tally.failures)[:5]
