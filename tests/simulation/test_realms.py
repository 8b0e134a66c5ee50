"""Several users' mailboxes share one CRM: what holds after any program, whoever's sync runs when, and dies where."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick import MemoryState
from tallystick.ports import Claim, CreateSafety
from tests.simulation.crash import Fuse
from tests.simulation.realms import FLAVOURS, PROFILES, SLOTS, USERS, Meetings, Op

SAFETIES = [CreateSafety.SEARCHABLE_TAG, CreateSafety.SERVER_TOKEN]
NAMES = ("call", "share", "share", "rename", "rewrite", "mail", "mail", "expire", "wait", "run", "run", "run")


def programs(*names: str) -> st.SearchStrategy[list[Op]]:
    """Return a strategy for programs of these operations."""
    op = st.tuples(st.sampled_from(names), st.integers(0, USERS - 1), st.integers(0, SLOTS - 1), st.integers(0, 63))
    return st.lists(op, max_size=25)


@pytest.mark.property
@pytest.mark.behaviour("TS-19", "TS-03")
@pytest.mark.parametrize("profile", PROFILES)
@given(program=programs(*NAMES, "delete", "drop", "crash", "crash"), safety=st.sampled_from(SAFETIES))
@settings(max_examples=60)
def test_one_meeting_stays_one(profile: str, program: list[Op], safety: CreateSafety) -> None:
    """In each mailbox once, in the CRM once or once for each user, and everywhere as its organizer has it."""
    meetings = Meetings(PROFILES[profile], safety)
    meetings.carry_out(program)
    meetings.quiet()
    meetings.check()


@pytest.mark.property
@pytest.mark.behaviour("TS-19", "TS-02")
@pytest.mark.parametrize("profile", PROFILES)
@given(program=programs(*NAMES, "crash"))
@settings(max_examples=40)
def test_the_organizers_last_word_is_everybodys(profile: str, program: list[Op]) -> None:
    """After any program, what the organizer then writes is what every mailbox and the CRM show."""
    meetings = Meetings(PROFILES[profile])
    meetings.carry_out(program)
    meetings.quiet()
    for slot in meetings.written:
        for user in range(USERS):
            meetings.carry_out([("rename", user, slot, 0)])
    meetings.quiet()
    meetings.check()
    for slot, title in meetings.last.items():
        for place in range(USERS + 1):
            for one in meetings.find(place, slot):
                assert meetings.places[place].record(one).subject == title


START: list[Op] = [("call", 0, 0, 6), ("call", 1, 1, 1), ("share", 2, 2, 3), ("mail", 0, 0, 0)]
EVERYBODY: list[Op] = [("run", user, 0, 0) for user in range(USERS)]
SCENARIOS: dict[str, tuple[list[Op], list[Op], int]] = {
    "the first to sync": ([], START, 0),
    "the first to sync, who did not call it": ([], START, 1),
    "the second to sync": ([], [*START, ("run", 2, 0, 0)], 0),
    "the second to sync, mail having come": ([], [*START, ("run", 2, 0, 0), ("mail", 0, 0, 0)], 1),
    "renamed": ([*START, *EVERYBODY], [("rename", 0, 0, 0), ("rewrite", 0, 2, 0), ("mail", 0, 0, 0)], 1),
}


@pytest.mark.behaviour("TS-03", "TS-19")
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.soak)])
def test_a_crash_anywhere_doubles_nothing(profile: str, scenario: str, every: int) -> None:
    """Whichever request of one user's run is its last, the others' runs come next and nothing is doubled or lost."""
    before, then, user = SCENARIOS[scenario]

    def begun() -> Meetings:
        meetings = Meetings(PROFILES[profile])
        meetings.carry_out(before)
        if before:
            meetings.quiet()
        meetings.carry_out(then)
        return meetings

    counted = Fuse()
    begun().crash(user, counted)
    assert counted.count > SLOTS
    for number, flavour in enumerate(FLAVOURS):
        for at in range(1 + number % every, counted.count + 1, every):
            meetings = begun()
            meetings.crash(user, Fuse(at, flavour))
            meetings.carry_out([op for op in EVERYBODY if op[1] != user])
            meetings.quiet()
            meetings.check()


def test_an_engine_that_does_not_ask_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the asking of the realm each of the first scenarios ends with a meeting that is two."""
    program: list[Op] = [*START, *EVERYBODY, ("rename", 0, 0, 0), ("rewrite", 0, 2, 0), *EVERYBODY]

    def lived(profile: str) -> None:
        meetings = Meetings(PROFILES[profile])
        meetings.carry_out(program)
        meetings.quiet()
        meetings.check()

    for profile in PROFILES:
        lived(profile)

    def nothing(_self: MemoryState, _sync: str, _identities: Sequence[bytes]) -> Sequence[Claim]:
        return ()

    monkeypatch.setattr(MemoryState, "claims", nothing)
    with pytest.raises(AssertionError):
        lived("two ways")
