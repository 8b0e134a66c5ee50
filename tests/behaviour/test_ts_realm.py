"""One meeting in many mailboxes is one: several users' syncs in one state, and what each knows of the others' pairs."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import attrs
import pytest

from tallystick import MemoryState, Side, SqliteState
from tallystick.ports import Commit, Committed, CreateSafety, RunState, WriteKind
from tallystick.providers.memory import CRM_CAPABILITIES, OUTLOOK_CAPABILITIES
from tallystick.reconcile.plan import Note
from tallystick.records import Appointment, Event, Relation, RelationKind
from tallystick.recurrence import NoEnd, Pattern, Range, Recurrence, Weekday
from tallystick.sinks import MemorySink
from tests.behaviour.calendar_world import PARIS, appointment, at, event, invited, utc
from tests.behaviour.realm_world import Realm, address, one_way, two_way


def meeting(*users: int, recurrence: Recurrence | None = None) -> Event:
    """Return a meeting to which these users are invited."""
    return event("Meeting", attendees=invited(*map(address, users)), recurrence=recurrence)


def shared(*users: int) -> Appointment:
    """Return an appointment of the CRM in which these users take part, the first as its organizer."""
    people = tuple(Relation(RelationKind.USER, f"u{user}", address(user)) for user in users)
    return appointment("Shared", organizer=f"u{users[0]}", relations=people)


def subjects(records: Iterable[object]) -> list[str]:
    """Return the titles in order."""
    return sorted(getattr(record, "subject") for record in records)  # noqa: B009 -- of either side


def reasons(realm: Realm, user: int) -> set[tuple[str, ...]]:
    """Return why records of a user are ignored."""
    return {row.reasons for row in realm.sync(user).ignored()}


@pytest.mark.behaviour("TS-19")
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_a_meeting_in_three_mailboxes_is_one_appointment(order: tuple[int, ...]) -> None:
    """Whoever's sync comes first, and though it was renamed between two of them."""
    realm = Realm(one_way, users=3)
    one = realm.calendars[0].insert(meeting(1, 2))
    realm.post.deliver()
    for number, user in enumerate(order):
        realm.run(user)
        realm.calendars[0].edit(one, subject=f"Renamed {number}")
        realm.post.deliver()
    realm.quiet()

    assert subjects(realm.crm.all().values()) == ["Renamed 2"]
    assert [realm.sync(user).status().pairs for user in range(3)] == [1, 1, 1]


@pytest.mark.behaviour("TS-19")
@pytest.mark.parametrize("first", [0, 1])
def test_the_organizers_copy_is_the_authority(first: int) -> None:
    """The appointment is the organizer's in the end, and nobody else's sync writes it, also when theirs comes late."""
    realm = Realm(one_way)
    one = realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    realm.run(first, 1 - first)
    realm.quiet()
    (made,) = realm.crm.all().values()
    assert made.organizer == "u0"
    realm.calendars[0].edit(one, subject="Renamed")
    realm.run(0)
    (theirs,) = realm.calendars[1].ids()
    realm.calendars[1].edit(theirs, subject="As it was", body="a note of one's own")
    realm.run(1, 0, 1)

    assert subjects(realm.crm.all().values()) == ["Renamed"]
    realm.quiet()


@pytest.mark.behaviour("TS-19", "ZS-09")
def test_where_every_user_has_an_own_copy_the_organizers_meeting_is_the_authority() -> None:
    """Each copy follows the meeting as its organizer has it; an edit of one's own copy changes nobody else's."""
    realm = Realm(two_way)
    one = realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    realm.run(1, 0)
    assert sorted(kept.organizer for kept in realm.crm.all().values()) == ["u0", "u1"]
    realm.calendars[0].edit(one, subject="Renamed", start=at(23), end=at(23, 11))
    realm.quiet()
    assert {(kept.subject, kept.start) for kept in realm.crm.all().values()} == {("Renamed", utc(23, 9))}
    theirs = next(each for each, kept in realm.crm.all().items() if kept.organizer == "u1")
    realm.crm.edit(theirs, subject="Mine")
    realm.quiet()

    assert [subjects(box.all().values()) for box in realm.calendars] == [["Renamed"], ["Renamed"]]
    assert len(realm.crm) == 2


@pytest.mark.behaviour("TS-19", "ZS-08")
@pytest.mark.parametrize("first", [0, 1])
def test_the_next_users_sync_waits_for_the_invitation(first: int) -> None:
    """It creates nothing before mail has come, says why, and takes the copy though it was renamed meanwhile."""
    realm = Realm(two_way)
    one = realm.crm.insert(shared(0, 1))
    realm.run(first, 1 - first, 1 - first)
    assert [len(realm.calendars[user]) for user in (first, 1 - first)] == [1, 0]
    assert reasons(realm, 1 - first) == {("known_elsewhere",)}
    (made,) = realm.calendars[first].ids()
    realm.calendars[first].edit(made, subject="Renamed in the mailbox")
    realm.post.deliver()
    realm.run(1 - first)
    realm.quiet()

    assert [subjects(box.all().values()) for box in realm.calendars] == [["Renamed in the mailbox"]] * 2
    assert [box.all().popitem()[1].is_organizer for box in realm.calendars] == [first == 0, first == 1]
    assert realm.crm.ids() == [one]
    assert reasons(realm, 1 - first) == set()


@pytest.mark.behaviour("TS-19", "ZS-16")
@pytest.mark.parametrize("seen", [True, False], ids=["a run comes between", "no run comes between"])
def test_who_is_invited_again_has_the_former_copy_again(*, seen: bool) -> None:
    """A user deletes a meeting from the calendar and is sent it once more under another name: none is made twice."""
    realm = Realm(two_way)
    one = realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    realm.quiet()
    before = set(realm.crm.ids())
    (theirs,) = realm.calendars[1].ids()
    realm.calendars[1].delete(theirs)
    if seen:
        realm.run(1)
    realm.calendars[0].edit(one, subject="Renamed")
    realm.quiet()

    assert set(realm.crm.ids()) == before
    assert subjects(realm.crm.all().values()) == ["Renamed", "Renamed"]


class Meanwhile:
    """A state that lets somebody else's sync run just before creates are written down, or just after."""

    def __init__(self, state: MemoryState, act: object, *, after: bool) -> None:
        self._state, self._act, self._after = state, act, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._state, name)

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Commit, and let the other one run at that moment, once."""
        act = self._act if any(batch.intents[0].kind is WriteKind.CREATE for batch in commit.opened) else None
        self._act = None if act else self._act
        if act and not self._after:
            act()  # type: ignore[operator]
        answer = self._state.commit(sync, commit)
        if act and self._after:
            act()  # type: ignore[operator]
        return answer


@pytest.mark.behaviour("TS-19", "TS-20")
@pytest.mark.parametrize("after", [False, True], ids=["before it is written down", "after"])
@pytest.mark.parametrize("profile", [one_way, two_way])
def test_two_syncs_that_create_at_the_same_moment(profile: object, *, after: bool) -> None:
    """One runs between the other's plan and its sending: one of them creates, and the other takes that one."""
    realm = Realm(profile)  # type: ignore[arg-type]
    if profile is one_way:
        realm.calendars[0].insert(meeting(1))
        realm.post.deliver()
    else:
        realm.crm.insert(shared(0, 1))
    world = realm.worlds[0]
    world.state = Meanwhile(realm.state, lambda: realm.run(1), after=after)  # type: ignore[arg-type,assignment]
    realm.run(0)
    world.state = realm.state
    realm.quiet()

    assert len(realm.crm) == 1
    assert [len(box) for box in realm.calendars] == [1, 1]
    assert len({kept.uid for box in realm.calendars for kept in box.all().values()}) == 1


@pytest.mark.behaviour("TS-19", "TS-03")
@pytest.mark.parametrize("profile", [one_way, two_way])
def test_a_create_without_an_answer_keeps_its_claim(profile: object) -> None:
    """As long as nobody knows whether it arrived, no other sync creates the same; then that one is taken."""
    realm = Realm(profile)  # type: ignore[arg-type]
    if profile is one_way:
        realm.calendars[0].insert(meeting(1))
        realm.post.deliver()
        realm.crm.faults.lose_request("create")
    else:
        realm.crm.insert(shared(0, 1))
        realm.calendars[0].faults.lose_reply("create")
    realm.run(0, 1, 1)
    assert reasons(realm, 1) == {("known_elsewhere",)}
    realm.clock.advance(3600)
    realm.run(1, 0, 1)
    realm.quiet()

    assert len(realm.crm) == 1
    assert [len(box) for box in realm.calendars] == [1, 1]


@pytest.mark.behaviour("TS-19", "TS-03")
def test_a_create_that_is_sent_again_keeps_its_claim_meanwhile() -> None:
    """Its first answer was lost; while the next run is about to send it again, somebody else's sync runs."""
    able = attrs.evolve(OUTLOOK_CAPABILITIES, create_safety=CreateSafety.SERVER_TOKEN)
    realm = Realm(two_way, settings={"capabilities": able})
    one = realm.crm.insert(shared(0, 1))
    realm.calendars[0].faults.lose_reply("create")
    realm.run(0)
    realm.crm.edit(one, subject="Renamed")
    world = realm.worlds[0]
    world.state = Meanwhile(realm.state, lambda: realm.run(1), after=False)  # type: ignore[arg-type,assignment]
    realm.run(0)
    world.state = realm.state
    realm.quiet()

    assert [len(box) for box in realm.calendars] == [1, 1]
    assert realm.sync(0).history(1)[0].state is RunState.COMPLETE


@pytest.mark.behaviour("TS-19")
def test_what_another_has_too_is_not_deleted() -> None:
    """Who removes a copy from the own calendar takes it from nobody else; the last one to do so deletes it."""
    realm = Realm(lambda user: two_way(user, deletes=True))
    realm.crm.insert(shared(0, 1))
    realm.run(0)
    realm.quiet()
    (theirs,) = realm.calendars[1].ids()
    realm.calendars[1].delete(theirs)
    realm.run(1, 0, 1)
    assert len(realm.crm) == 1
    assert len(realm.calendars[0]) == 1
    assert not realm.calendars[0].writes[WriteKind.REMOVE]
    (mine,) = realm.calendars[0].ids()
    realm.calendars[0].delete(mine)
    realm.run(0, 1)

    assert len(realm.crm) == 0
    assert all(not len(box) for box in realm.calendars)


WEEKLY = Recurrence(
    Pattern.weekly([Weekday.FRIDAY], first_day_of_week=Weekday.SUNDAY), Range(at(20).local.date(), NoEnd(), PARIS)
)


@pytest.mark.behaviour("TS-19", "MX-A-08")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_series_that_is_made_anew_is_made_once(order: tuple[int, int]) -> None:
    """Its pattern changes: one sync replaces the appointment, the other goes on with the new one."""
    realm = Realm(one_way)
    one = realm.calendars[0].insert(meeting(1, recurrence=WEEKLY))
    realm.post.deliver()
    realm.quiet()
    (before,) = realm.crm.ids()
    realm.calendars[0].edit(one, recurrence=attrs.evolve(WEEKLY, pattern=Pattern.daily(2)))
    realm.post.deliver()
    realm.run(*order)
    realm.quiet()

    (after,) = realm.crm.ids()
    assert after != before
    assert [realm.sync(user).status().pairs for user in (0, 1)] == [1, 1]
    assert [realm.sync(user).explain("right", after).standing for user in (0, 1)] == ["in sync", "in sync"]


@pytest.mark.behaviour("TS-19")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_was_deleted_in_the_crm_comes_back_once(order: tuple[int, int]) -> None:
    """Both syncs owe it; one of them creates it and the other takes it."""
    realm = Realm(one_way)
    realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    realm.quiet()
    realm.crm.delete(realm.crm.ids()[0])
    realm.run(*order)
    realm.quiet()

    assert len(realm.crm) == 1
    assert [realm.sync(user).status().pairs for user in (0, 1)] == [1, 1]


@pytest.mark.behaviour("TS-19")
def test_a_sync_that_begins_anew_gives_its_claims_up() -> None:
    """Once the first user's sync is forgotten, what waited for it is created."""
    realm = Realm(two_way)
    realm.crm.insert(shared(0, 1))
    realm.run(0, 1)
    assert reasons(realm, 1) == {("known_elsewhere",)}
    realm.state.commit("u0", Commit(close_all=True))
    realm.run(1)

    assert len(realm.calendars[1]) == 1


@pytest.mark.behaviour("TS-19")
def test_realms_are_told_apart() -> None:
    """Two CRMs in one state share nothing, though their ids and their meetings are the same."""
    state = MemoryState()
    first = Realm(two_way, users=1, state=state)
    first.crm.insert(shared(0))
    first.run()
    second = Realm(two_way, users=2, state=state, crm_settings={"account": "another"})
    second.worlds[1].name = "another"
    second.crm.insert(shared(1))
    second.worlds[1].run()

    assert len(second.calendars[1]) == 1


@pytest.mark.behaviour("TS-19")
def test_it_holds_in_a_file(tmp_path: Path) -> None:
    """The same in a state that lasts, opened anew between two runs."""
    key, path = bytes(range(32)), tmp_path / "links.db"
    with SqliteState(path, key=key) as state:
        realm = Realm(two_way, state=state)
        realm.crm.insert(shared(0, 1))
        realm.run(0, 1)
    with SqliteState(path, key=key) as state:
        for world in realm.worlds:
            world.state = state
        assert reasons(realm, 1) == {("known_elsewhere",)}
        realm.quiet()
        assert [len(box) for box in realm.calendars] == [1, 1]
        assert realm.sync(1).history(1)[0].state is RunState.COMPLETE
        assert realm.worlds[1].written()[Side.LEFT, WriteKind.CREATE] == 0


@pytest.mark.behaviour("TS-19", "TS-03")
def test_a_create_in_doubt_is_known_by_the_invitation_it_sent() -> None:
    """Its answer was lost, a guest's sync paired its copy, and it was renamed: the organizer's sync takes its own."""
    able = attrs.evolve(OUTLOOK_CAPABILITIES, create_safety=CreateSafety.SERVER_TOKEN)
    realm = Realm(two_way, settings={"capabilities": able})
    one = realm.crm.insert(shared(0, 1))
    realm.calendars[0].faults.lose_reply("create")
    realm.run(0)
    realm.post.deliver()
    realm.run(1)
    realm.crm.edit(one, subject="Renamed")
    realm.quiet()

    assert [subjects(box.all().values()) for box in realm.calendars] == [["Renamed"], ["Renamed"]]
    assert realm.sync(0).history(1)[0].state is RunState.COMPLETE


@pytest.mark.behaviour("TS-19", "TS-03")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_syncs_that_owe_the_same_do_not_wait_for_each_other(order: tuple[int, int]) -> None:
    """A meeting was called off and its appointment edited, so that it is called anew: by one of them, once."""
    realm = Realm(lambda user: two_way(user, deletes=True))
    one = realm.crm.insert(shared(0, 1))
    realm.run(0)
    realm.quiet()
    realm.calendars[0].delete(realm.calendars[0].ids()[0])
    realm.post.deliver()
    realm.crm.edit(one, subject="After all")
    realm.run(*order)
    realm.quiet()

    assert [subjects(box.all().values()) for box in realm.calendars] == [["After all"], ["After all"]]
    assert [realm.sync(user).history(1)[0].state for user in (0, 1)] == [RunState.COMPLETE] * 2


@pytest.mark.behaviour("TS-19", "TS-12")
def test_taking_a_run_back_takes_nothing_from_another_sync() -> None:
    """An appointment that another user's sync has a pair with by now is left out and listed."""
    realm = Realm(one_way)
    realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    realm.worlds[0].sink = MemorySink(keeps_images=True)
    realm.run(0, 1)
    plan = realm.sync(0).undo(realm.sync(0).history(1)[0].number)
    realm.sync(0).apply(plan)
    realm.quiet()

    assert [(note.kind, note.rule) for note in plan.notes] == [(Note.NOT_UNDONE, "known_elsewhere")]
    assert len(realm.crm) == 1
    assert [realm.sync(user).status().pairs for user in (0, 1)] == [1, 1]


@pytest.mark.behaviour("TS-19", "TS-12")
def test_taking_back_what_could_not_be_removed_takes_nothing_from_another_sync() -> None:
    """The CRM refused it, so that the pair has ended; by the time of the second attempt another user's sync has it."""
    realm = Realm(one_way)
    realm.calendars[0].insert(meeting(1))
    realm.worlds[0].sink = MemorySink(keeps_images=True)
    realm.run(0)
    number = realm.sync(0).history(1)[0].number
    realm.crm.faults.refuse(lambda _: True, times=1)
    realm.sync(0).apply(realm.sync(0).undo(number))
    plan = realm.sync(0).undo(number)
    realm.post.deliver()
    realm.run(1)
    realm.sync(0).apply(plan)

    assert len(realm.crm) == 1
    assert realm.sync(1).status().pairs == 1


@pytest.mark.behaviour("TS-19", "TS-12")
@pytest.mark.parametrize("renamed", [False, True], ids=["as it was", "renamed since"])
def test_bringing_a_meeting_back_calls_no_second_one(*, renamed: bool) -> None:
    """Another user's sync has called it meanwhile, and its invitation is on its way: it is left out and listed."""
    realm = Realm(lambda user: two_way(user, deletes=True))
    one = realm.crm.insert(shared(0, 1))
    realm.worlds[0].sink = MemorySink(keeps_images=True)
    realm.run(0)
    (made,) = realm.calendars[0].ids()
    realm.post.deliver()
    undone = realm.sync(0).apply(realm.sync(0).undo(realm.sync(0).history(1)[0].number))
    realm.post.deliver()
    realm.run(1)
    if renamed:
        realm.crm.edit(one, subject="Renamed")
        realm.run(1)
    plan = realm.sync(0).undo(undone.run)
    realm.sync(0).apply(plan)
    realm.quiet()

    assert [(note.kind, note.id, note.rule) for note in plan.notes] == [(Note.NOT_UNDONE, made, "known_elsewhere")]
    title = "Renamed" if renamed else "Shared"
    assert [subjects(box.all().values()) for box in realm.calendars] == [[title], [title]]


@pytest.mark.behaviour("TS-19", "TS-12")
def test_bringing_an_appointment_back_makes_no_second_one() -> None:
    """Another user's sync has made it anew, and the meeting has another title since: it is left out and listed."""
    realm = Realm(one_way)
    one = realm.calendars[0].insert(meeting(0, 1))
    realm.worlds[0].sink = MemorySink(keeps_images=True)
    realm.run(0)
    undone = realm.sync(0).apply(realm.sync(0).undo(realm.sync(0).history(1)[0].number))
    realm.calendars[0].edit(one, subject="Renamed")
    realm.post.deliver()
    realm.run(1)
    plan = realm.sync(0).undo(undone.run)
    realm.sync(0).apply(plan)

    assert [(note.kind, note.rule) for note in plan.notes] == [(Note.NOT_UNDONE, "known_elsewhere")]
    assert subjects(realm.crm.all().values()) == ["Renamed"]


@pytest.mark.behaviour("TS-19", "TS-12")
def test_a_meeting_that_nobody_has_meanwhile_is_brought_back() -> None:
    """Where no other user's sync has it, undoing the undo calls it again, and it is one meeting for all."""
    realm = Realm(lambda user: two_way(user, deletes=True))
    realm.crm.insert(shared(0, 1))
    realm.worlds[0].sink = MemorySink(keeps_images=True)
    realm.run(0)
    undone = realm.sync(0).apply(realm.sync(0).undo(realm.sync(0).history(1)[0].number))
    realm.sync(0).apply(realm.sync(0).undo(undone.run))
    realm.quiet()

    assert [subjects(box.all().values()) for box in realm.calendars] == [["Shared"], ["Shared"]]


@pytest.mark.behaviour("TS-19", "TS-01")
def test_a_plan_of_old_deletes_nothing_that_another_has_by_now() -> None:
    """One user's copy is gone, another's has come since the plan was made: the appointment stays."""
    realm = Realm(lambda user: two_way(user, deletes=True))
    realm.crm.insert(shared(0, 1))
    realm.run(0)
    realm.post.deliver()
    realm.worlds[0].later(0.1)
    (mine,) = realm.calendars[0].ids()
    realm.calendars[0].delete(mine)
    plan = realm.sync(0).plan()
    realm.run(1)
    realm.sync(0).apply(plan)

    assert len(realm.crm) == 1
    assert not realm.crm.writes[WriteKind.REMOVE]
    realm.run(0)
    assert realm.sync(0).history(1)[0].state is RunState.COMPLETE
    assert [realm.sync(user).status().pairs for user in (0, 1)] == [0, 1]


@pytest.mark.behaviour("TS-19")
@pytest.mark.parametrize("at_once", [True, False], ids=["at the same moment", "right after"])
def test_an_appointment_that_the_crm_does_not_show_yet_is_not_gone(*, at_once: bool) -> None:
    """The CRM shows writes late; another user's sync waits for what the first one has just created."""
    late = attrs.evolve(CRM_CAPABILITIES, visibility_lag=timedelta(seconds=30))
    realm = Realm(one_way, crm_settings={"capabilities": late})
    realm.calendars[0].insert(meeting(1))
    realm.post.deliver()
    world = realm.worlds[0]
    if at_once:
        world.state = Meanwhile(realm.state, realm.worlds[1].sync.run, after=False)  # type: ignore[arg-type,assignment]
    realm.run(0)
    world.state = realm.state
    realm.worlds[1].sync.run()
    realm.quiet()

    assert len(realm.crm) == 1
    assert [realm.sync(user).status().pairs for user in (0, 1)] == [1, 1]
