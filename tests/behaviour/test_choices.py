"""CX-05, CX-07, CX-08, HL-07: conflicts that people settle, errors that they mend, and how the connections stand."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import attrs
import pytest

from tallystick import Report, Side, Sync
from tallystick.errors import (
    AlreadySettled,
    AuthenticationRequired,
    LeaseHeld,
    OutcomeUnknown,
    StaleConflict,
    StalePlan,
    TallystickError,
    Throttled,
    Unavailable,
    UnknownRecord,
    UsageError,
)
from tallystick.ports import Clock, Commit, CreateSafety, Outcome, RunRow, RunState, Status
from tallystick.profiles import maximizer
from tallystick.providers.memory.armed import Method
from tallystick.reconcile import ConflictPolicy, LoserFate, Unit, Winner
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.sync import ConnectionState, SystemClock
from tests.simulation.world import CATEGORY, CLIENTS, NAME, World

HOLDING = ConflictPolicy(Winner.HOLD, unit=Unit.RECORD)


def apart(policy: ConflictPolicy = HOLDING, **more: Any) -> World:  # noqa: ANN401 -- the world's
    """Return a world with one pair: both sides changed company and position, and the left the department as well."""
    world = World(profile=attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=policy), **more)
    world.insert(0, 1, company_name="before", job_title="before", department="before", file_as="kept")
    world.quiet()
    world.clock.advance(600)
    world.crm.entries.edit(world.the(1, 1), company_name="right", position="right")
    world.outlook.contacts.edit(world.the(0, 1), company_name="left", job_title="left", department="left")
    return world


def shown(world: World, side: int) -> tuple[str, str, str]:
    """Return company, position and department of the one record."""
    if side:
        entry = world.crm.entries.record(world.the(1, 1))
        return entry.company_name, entry.position, entry.department
    contact = world.outlook.contacts.record(world.the(0, 1))
    return contact.company_name, contact.job_title, contact.department


BEFORE = [("left", "left", "left"), ("right", "right", "before")]


@pytest.mark.behaviour("CX-05")
def test_who_died_while_settling_a_conflict_is_not_taken_for_at_work() -> None:
    """A process that was killed after its choice was written leaves its run as going on; nobody is told to wait."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    left_behind: list[RunRow] = []
    world.crm.entries.faults.before("update", lambda _batch: left_behind.append(world.sync().history()[0]))
    world.sync().resolve(conflict.id, winner="left")
    world.state.commit(NAME, Commit(run=left_behind[0]))

    with pytest.raises(UnknownRecord):
        world.sync().resolve(conflict.id, winner="right")


# --- the unit of a conflict ------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-05")
def test_while_a_person_is_to_decide_nothing_of_the_record_is_written() -> None:
    """The fields that only one side changed wait with it, for as long as it takes, and travel with the choice."""
    world = apart()
    for _ in range(3):
        assert world.run().written() == 0
        world.clock.advance(600)

    (conflict,) = world.sync().conflicts()
    assert sorted(conflict.rules) == ["company", "position"]
    assert [shown(world, side) for side in (0, 1)] == BEFORE
    world.sync().resolve(conflict.id, winner="right")
    assert [shown(world, side) for side in (0, 1)] == [("right", "right", "left")] * 2
    assert world.sync().conflicts() == []
    world.quiet()


@pytest.mark.behaviour("CX-05")
@pytest.mark.parametrize("winner", [Winner.LEFT, Winner.RIGHT])
@pytest.mark.parametrize("unit", Unit)
def test_a_side_that_wins_does_so_by_field_or_by_record(winner: Winner, unit: Unit) -> None:
    """By field, what only the loser changed is kept; by record, the winner's replaces it whole."""
    world = apart(ConflictPolicy(winner, LoserFate.DROP, unit=unit))
    world.run()

    department = "before" if unit is Unit.RECORD and winner is Winner.RIGHT else "left"
    assert [shown(world, side) for side in (0, 1)] == [(winner.value, winner.value, department)] * 2
    world.quiet()


@pytest.mark.behaviour("CX-05", "TS-14")
def test_what_a_whole_record_overwrites_goes_to_the_sink() -> None:
    """Every edit of the loser's is kept, also one that the winner's side never touched."""
    world = apart(ConflictPolicy(Winner.RIGHT, LoserFate.SINK, unit=Unit.RECORD))
    report = world.run()

    assert sorted(note.rule for note in report.notes) == ["company", "department", "position"]
    assert set(world.sink.values()) == {"left"}


# --- settling --------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("CX-05")
def test_a_conflict_is_resolved_field_by_field() -> None:
    """Each field goes to the side that was chosen for it; one winner may be named for the rest."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    report = world.sync().resolve(conflict.id, winner="right", rules={"company": "left"})

    assert report.state is RunState.COMPLETE
    assert [shown(world, side) for side in (0, 1)] == [("left", "right", "left")] * 2
    assert world.sync().conflicts() == []
    world.quiet()


@pytest.mark.behaviour("CX-05")
@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"rules": {"company": "left"}}, "no side is chosen for position"),
        ({"winner": "left", "rules": {"department": "left"}}, "no conflict of department"),
        ({"winner": "left", "rules": {"company": "middle"}}, "no such side"),
        ({}, "no side is chosen for company, position"),
    ],
)
def test_a_choice_has_to_be_whole(choice: dict[str, Any], said: str) -> None:
    """A field that is left out, or is in no conflict, is told; nothing is written."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()

    with pytest.raises(UsageError, match=said):
        world.sync().resolve(conflict.id, **choice)
    assert [shown(world, side) for side in (0, 1)] == BEFORE
    assert len(world.sync().conflicts()) == 1


@pytest.mark.behaviour("CX-05")
def test_both_versions_are_read_afresh_when_shown() -> None:
    """What a person sees is what the providers have now, with every field in which they differ."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.crm.entries.edit(conflict.ids[1], company_name="right, corrected")
    seen = world.sync().compare(conflict.id)

    assert seen.rules == ("company", "position")
    values = {one.rule: one.values for one in seen.fields}
    assert values["company"] == ("left", "right, corrected")
    assert values["department"] == ("left", "before")
    assert seen.listed_as == conflict.versions
    assert seen.versions == (conflict.versions[0], world.crm.entries.item(conflict.ids[1]).version)
    assert "corrected" not in repr(seen), "a log of it shows no contents"


@pytest.mark.behaviour("CX-05")
def test_a_choice_of_what_was_seen_holds_though_the_list_is_older() -> None:
    """Chosen was between the versions on the page, which are read again before anything is written."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.crm.entries.edit(conflict.ids[1], company_name="right, corrected")
    seen = world.sync().compare(conflict.id)
    world.sync().resolve(conflict.id, winner="right", versions=seen.versions)

    assert shown(world, 0)[0] == "right, corrected"
    world.quiet()


@pytest.mark.behaviour("CX-05")
def test_a_choice_that_became_stale_is_refused_with_the_new_state() -> None:
    """After an edit the person is asked again: the error tells versions and fields as they are now, and no contents."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    seen = world.sync().compare(conflict.id)
    world.crm.entries.edit(conflict.ids[1], company_name="right, corrected", department="right")

    with pytest.raises(StaleConflict) as caught:
        world.sync().resolve(conflict.id, winner="left", versions=seen.versions)
    assert caught.value.versions == world.sync().compare(conflict.id).versions
    assert sorted(caught.value.rules) == ["company", "department", "position"]
    assert "corrected" not in str(caught.value.to_dict())
    assert shown(world, 1) == ("right, corrected", "right", "right")


@pytest.mark.behaviour("CX-05")
def test_a_record_that_is_gone_has_no_versions_to_choose_between() -> None:
    """Neither shown nor settled; the next run decides what a deletion means."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.crm.entries.delete(conflict.ids[1])

    for attempt in (world.sync().compare, lambda one: world.sync().resolve(one, winner="left")):
        with pytest.raises(StaleConflict, match="not there any more"):
            attempt(conflict.id)


@pytest.mark.behaviour("CX-05")
def test_both_can_be_kept() -> None:
    """The record that loses is created once more beside its own, and never synced."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.sync().resolve(conflict.id, winner="left", keep_both=True)

    assert sorted(one.company_name for one in world.crm.entries.all().values()) == ["left", "right"]
    assert len(world.outlook.contacts) == 1
    world.quiet()
    assert [len(collection) for collection in world.sides] == [1, 2]


@pytest.mark.behaviour("CX-05")
def test_both_are_kept_on_both_sides_where_each_loses_a_field() -> None:
    """Nothing of either is gone after a choice field by field."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.sync().resolve(conflict.id, rules={"company": "left", "position": "right"}, keep_both=True)

    assert sorted(one.position for one in world.crm.entries.all().values()) == ["right", "right"]
    assert sorted(one.company_name for one in world.crm.entries.all().values()) == ["left", "right"]
    assert sorted(one.job_title for one in world.outlook.contacts.all().values()) == ["left", "right"]
    world.quiet()


@pytest.mark.behaviour("CX-05")
def test_where_no_copy_could_be_found_again_keeping_both_is_refused() -> None:
    """Better no choice than a copy that may be made twice."""
    world = apart(safety=CreateSafety.NATURAL_KEY)
    world.run()
    (conflict,) = world.sync().conflicts()

    with pytest.raises(UsageError, match="can't be copied"):
        world.sync().resolve(conflict.id, winner="left", keep_both=True)
    assert [shown(world, side) for side in (0, 1)] == BEFORE


def another(world: World, worker: str = "another", clock: Clock | None = None) -> Sync[Contact, Entry]:
    """Return the sync as another process has it."""
    return Sync(
        NAME,
        left=world.outlook.contacts,
        right=world.crm.entries,
        profile=world.profile,
        state=world.state,
        sink=world.sink,
        clock=clock or world.clock,
        worker=worker,
    )


@pytest.mark.behaviour("CX-05")
@pytest.mark.parametrize(
    "meeting", ["", "get", "update"], ids=["one after the other", "while reading", "while writing"]
)
def test_of_two_people_who_resolve_at_once_one_wins_and_one_is_told(meeting: Method | Literal[""]) -> None:
    """The first choice stands; whoever comes second is told by which run and when, and overwrites nothing."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    told: list[AlreadySettled] = []

    def second(_batch: Sequence[object] = ()) -> None:
        with pytest.raises(AlreadySettled) as caught:
            another(world).resolve(conflict.id, winner="right")
        told.append(caught.value)

    if meeting:
        world.crm.entries.faults.before(meeting, lambda _: _in_a_thread(second))
    report = world.sync().resolve(conflict.id, winner="left")
    world.crm.entries.faults.clear()
    if not meeting:
        second()

    assert {(error.run, error.under_way) for error in told} == {(report.run, bool(meeting))}
    assert all(
        error.at and f"run {report.run}" in str(error) and "nothing was written" in error.remedy for error in told
    )
    now = (world.outlook.contacts.item(conflict.ids[0]).version, world.crm.entries.item(conflict.ids[1]).version)
    assert meeting or told[0].to_dict()["versions"] == list(now)
    assert [shown(world, side) for side in (0, 1)] == [("left", "left", "left")] * 2
    with pytest.raises(AlreadySettled):
        world.sync().compare(conflict.id)
    world.quiet()


@pytest.mark.behaviour("CX-05")
def test_however_close_two_people_are_each_conflict_has_one_winner() -> None:
    """Four people at once on one conflict, by the real clock: one choice stands whole, and three are told the same."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    ready = threading.Barrier(4)

    def choose(number: int) -> Report | TallystickError:
        ready.wait()
        try:
            winner = ("left", "right")[number % 2]
            return another(world, f"person {number}", SystemClock()).resolve(conflict.id, winner=winner)
        except TallystickError as error:
            return error

    with ThreadPoolExecutor(4) as people:
        ended = list(people.map(choose, range(4)))

    (won,) = [number for number, one in enumerate(ended) if isinstance(one, Report)]
    told = [one for one in ended if not isinstance(one, Report)]
    assert [type(error) for error in told] == [AlreadySettled] * 3, told
    winner = ("left", "right")[won % 2]
    assert [shown(world, side) for side in (0, 1)] == [(winner, winner, "left")] * 2


@pytest.mark.behaviour("CX-05")
def test_a_choice_that_came_to_nothing_does_not_keep_others_from_theirs() -> None:
    """Where the first one's write was refused, the conflict is still there for the second."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    world.crm.entries.faults.fail("update", Unavailable("down"))
    assert world.sync().resolve(conflict.id, winner="left").state is RunState.WARNING
    world.crm.entries.faults.clear()
    world.clock.advance(3600)
    world.run()

    another(world).resolve(conflict.id, winner="right")
    assert [shown(world, side) for side in (0, 1)] == [("right", "right", "left")] * 2


@pytest.mark.behaviour("CX-05", "TS-08")
@pytest.mark.parametrize("all_of_it", [False, True])
def test_who_is_forgotten_has_settled_nothing(all_of_it: bool) -> None:
    """What a run remembers of the record that was settled goes with the record; its figures stay."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    number = world.sync().resolve(conflict.id, winner="left").run
    (before,) = [row for row in world.sync().history() if row.number == number]
    world.sync().forget() if all_of_it else world.sync().forget("right", conflict.ids[1])

    (row,) = [row for row in world.sync().history() if row.number == number]
    assert [name for name in before.counts if name not in row.counts and "settled" in name]
    assert row.counts["right.update"] == 1
    with pytest.raises(UnknownRecord):
        world.sync().resolve(conflict.id, winner="right")


@pytest.mark.behaviour("CX-05")
def test_while_a_run_is_at_work_a_choice_has_to_wait() -> None:
    """Nobody has settled the conflict then: the error is another, and says who is at work."""
    world = apart()
    world.run()
    (conflict,) = world.sync().conflicts()
    told: list[TallystickError] = []

    def second(_batch: Sequence[object] = ()) -> None:
        with pytest.raises(LeaseHeld) as caught:
            another(world).resolve(conflict.id, winner="right")
        told.append(caught.value)

    world.crm.entries.faults.before("changes", lambda _: _in_a_thread(second))
    world.run()
    assert told
    another(world).resolve(conflict.id, winner="right")


def _in_a_thread(act: Any) -> None:  # noqa: ANN401 -- whatever is to be done
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


# --- errors ----------------------------------------------------------------------------------------------------------


def listed() -> tuple[World, str, str]:
    """Return a world with a contact that lacks its last name, and an entry that the service refuses to change."""
    world = World()
    world.insert(0, 1, file_as="kept")
    world.quiet()
    lacking = world.outlook.contacts.insert(
        Contact("Ada", email_addresses=(EmailAddress("ada@example.com"),)), lists=(CATEGORY,)
    )
    world.write(0, 1, 0, "refused")
    world.crm.entries.faults.refuse(world.the(1, 1), "locked", times=None)
    world.clock.advance(600)
    world.run()
    return world, lacking, world.sync().failed()[0].id


@pytest.mark.behaviour("CX-07")
def test_errors_tell_their_nature_and_those_that_can_be_resolved_can_be_picked() -> None:
    """Missing and invalid data can be resolved by a correction, a service's refusal can not."""
    world, lacking, refused = listed()
    sync = world.sync()

    assert {row.id: row.resolvable for row in sync.errors()} == {lacking: True, refused: False}
    assert [row.words for row in sync.errors(resolvable=True)] == [("a mandatory field is empty (last_name)",)]
    assert [row.reasons for row in sync.errors(resolvable=False)] == [("refused:locked",)]
    assert all(row.first_seen and row.last_seen for row in sync.errors())


@pytest.mark.behaviour("CX-08")
def test_a_corrected_record_is_synced_at_once_and_leaves_the_list() -> None:
    """Saving the correction is all that it takes: the counterpart is there, without waiting for a run."""
    world, lacking, _ = listed()
    report = world.sync().correct("left", lacking, {"surname": "Lovelace"})

    assert report.written(Side.RIGHT) == 1
    assert world.sync().errors(resolvable=True) == []
    assert world.outlook.contacts.record(lacking).surname == "Lovelace"
    assert "Lovelace" in [one.last_name for one in world.crm.entries.all().values()]


@pytest.mark.behaviour("CX-08")
@pytest.mark.parametrize("meeting", [False, True], ids=["one after the other", "at once"])
def test_of_two_people_who_correct_at_once_one_does_and_one_is_told(meeting: bool) -> None:
    """The first correction stands; whoever comes second is told by which run and when, and overwrites nothing."""
    world, lacking, _ = listed()
    told: list[AlreadySettled] = []

    def second(_batch: Sequence[object] = ()) -> None:
        with pytest.raises(AlreadySettled) as caught:
            another(world).correct("left", lacking, {"surname": "Byron"})
        told.append(caught.value)

    if meeting:
        world.outlook.contacts.faults.before("update", lambda _: _in_a_thread(second))
    report = world.sync().correct("left", lacking, {"surname": "Lovelace"})
    if not meeting:
        second()

    assert {(error.run, error.under_way) for error in told} == {(report.run, meeting)}
    assert world.outlook.contacts.record(lacking).surname == "Lovelace"


@pytest.mark.behaviour("CX-08")
def test_a_record_that_is_still_wrong_stays_with_the_new_reason() -> None:
    """A correction that mends one thing and spoils another is listed with what is wrong now."""
    world, lacking, _ = listed()
    world.sync().correct("left", lacking, {"surname": "Lovelace", "email_addresses": ()})

    assert [row.reasons for row in world.sync().errors(resolvable=True)] == [("missing:email",)]


@pytest.mark.behaviour("CX-08")
def test_an_error_that_no_correction_mends_refuses_one() -> None:
    """The record is not touched."""
    world, _, refused = listed()
    side = world.sync().failed()[0].side
    before = world.sides[side].item(refused)

    with pytest.raises(UsageError, match="no correction mends it"):
        world.sync().correct(side, refused, {"company_name": "x"})
    with pytest.raises(UnknownRecord, match="list of errors"):
        world.sync().correct("left", "nobody", {"surname": "x"})
    assert world.sides[side].item(refused) == before


@pytest.mark.behaviour("CX-08")
@pytest.mark.parametrize("fields", [{}, {"last_name": "Lovelace"}], ids=["none", "the other side's"])
def test_a_correction_names_fields_of_the_record(fields: dict[str, object]) -> None:
    """An entry's name for a field is none of a contact's."""
    world, lacking, _ = listed()

    with pytest.raises(UsageError, match="names no field, or one that the record does not have"):
        world.sync().correct("left", lacking, fields)


@pytest.mark.behaviour("CX-08")
def test_a_correction_of_what_has_changed_since_is_refused() -> None:
    """It rests on the version that the person saw, up to the moment of writing; a record that is gone can't be had."""
    world, lacking, _ = listed()
    seen = world.outlook.contacts.item(lacking).version
    world.outlook.contacts.edit(lacking, job_title="Countess")
    with pytest.raises(StalePlan, match="changed since"):
        world.sync().correct("left", lacking, {"surname": "Byron"}, version=seen)

    def edit(_batch: object) -> None:
        world.outlook.contacts.edit(lacking, job_title="Mathematician")

    world.outlook.contacts.faults.before("update", edit)
    with pytest.raises(StalePlan, match="changed meanwhile"):
        world.sync().correct("left", lacking, {"surname": "Byron"})
    world.outlook.contacts.faults.clear()
    assert world.outlook.contacts.record(lacking).surname == ""
    world.outlook.contacts.delete(lacking)
    with pytest.raises(StalePlan, match="not there any more"):
        world.sync().correct("left", lacking, {"surname": "Byron"})


@pytest.mark.behaviour("CX-08")
def test_a_correction_that_the_service_refuses_is_listed_with_that_reason() -> None:
    """The person is told at once, and the list says it, too."""
    world, lacking, _ = listed()
    world.outlook.contacts.faults.refuse(lacking, "invalid_name", times=1)

    with pytest.raises(UsageError, match="refused the correction"):
        world.sync().correct("left", lacking, {"surname": "Lovelace"})
    (row,) = world.sync().errors(resolvable=True)
    assert row.reasons == ("refused:invalid_name",)
    world.sync().correct("left", lacking, {"surname": "Lovelace"})
    assert world.sync().errors(resolvable=True) == []


@pytest.mark.behaviour("CX-08")
def test_a_correction_that_is_refused_for_another_reason_can_be_given_anew() -> None:
    """What the record lacks it still lacks, so that it stays on the list, and other values mend it."""
    world, lacking, _ = listed()
    world.outlook.contacts.faults.refuse(lacking, "too_long", times=2)

    for _ in range(2):
        with pytest.raises(UsageError, match="refused the correction"):
            world.sync().correct("left", lacking, {"surname": "Lovelace" * 100})
    (row,) = world.sync().errors(resolvable=True)
    assert row.reasons == ("missing:last_name", "refused:too_long")
    world.sync().correct("left", lacking, {"surname": "Lovelace"})
    assert world.sync().errors(resolvable=True) == []


@pytest.mark.behaviour("CX-08")
@pytest.mark.parametrize(("status", "error"), [(Status.THROTTLED, Throttled), (Status.UNKNOWN, OutcomeUnknown)])
def test_a_correction_without_an_answer_is_no_success(
    status: Status, error: type[TallystickError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether to try again is the person's to say, once it is known what became of it."""
    world, lacking, _ = listed()
    monkeypatch.setattr(
        world.outlook.contacts, "update", lambda batch, scope: [Outcome[Contact](status) for _ in batch]
    )

    with pytest.raises(error):
        world.sync().correct("left", lacking, {"surname": "Lovelace"})
    assert len(world.sync().errors(resolvable=True)) == 1


# --- connections -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("HL-07")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("method", ["changes", "create"])
def test_the_status_of_each_connection_can_be_read(side: Side, method: str) -> None:
    """Connected with its address; needing authorisation from when a run was refused until one is not."""
    world = World()
    world.insert(side.other, 1, file_as="kept") if side.other is Side.LEFT else world.insert(1, 1)
    assert [one.state for one in world.sync().status().connections] == [ConnectionState.CONNECTED] * 2
    assert [one.account for one in world.sync().status().connections] == ["outlook", "crm"]
    world.sides[side].faults.fail(method, AuthenticationRequired("the sign-in has expired"))  # type: ignore[arg-type]

    assert world.run().state is RunState.PROBLEM
    states = [one.state for one in world.sync().status().connections]
    assert states[side] is ConnectionState.NEEDS_AUTHORISATION
    assert states[side.other] is ConnectionState.CONNECTED
    world.sync().enqueue()
    assert world.sync().status().connections[side].state is ConnectionState.NEEDS_AUTHORISATION
    world.clock.advance(600)
    world.sides[side].faults.clear()
    world.run()
    assert [one.state for one in world.sync().status().connections] == [ConnectionState.CONNECTED] * 2


@pytest.mark.behaviour("HL-07")
@pytest.mark.parametrize("side", list(Side))
def test_a_service_that_is_down_is_unreachable_until_it_answers(side: Side) -> None:
    """Nobody has to sign in again because of it; a run that was cut off says nothing about it."""
    world = World()
    world.sides[side].faults.fail("changes", Unavailable("down"))
    world.run()

    expected = [ConnectionState.CONNECTED, ConnectionState.CONNECTED]
    expected[side] = ConnectionState.UNREACHABLE
    assert [one.state for one in world.sync().status().connections] == expected
    world.state.commit(NAME, Commit(run=RunRow(RunState.SYNCING, started=world.clock.now(), counts={"settling.x": 1})))
    assert [one.state for one in world.sync().status().connections] == expected
    world.sides[side].faults.clear()
    world.run()
    assert world.sync().status().connections[side].state is ConnectionState.CONNECTED


@pytest.mark.behaviour("HL-07")
def test_without_an_account_a_side_is_disconnected() -> None:
    """A host that has signed nobody in gives no name."""
    world = World()
    world.outlook.account = ""

    assert world.sync().status().connections[0].state is ConnectionState.DISCONNECTED
