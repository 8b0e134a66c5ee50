"""Test a service that shows what was written only some time later."""

from datetime import timedelta

import attrs
import pytest

from tallystick.ports import Absence, AbsenceReason, Capabilities, Create, Item, Scope, Status, Term, Update
from tallystick.providers.memory import CRM_CAPABILITIES, FakeCrm, VirtualClock
from tallystick.records import Entry
from tests.providers.memory.follower import Follower

EVERYTHING = Scope()
CLIENTS = Scope("Clients")
LAG = timedelta(seconds=30)
LAGGING: Capabilities = attrs.evolve(CRM_CAPABILITIES, visibility_lag=LAG)


@pytest.fixture
def clock() -> VirtualClock:
    """Return the clock by which writes become visible."""
    return VirtualClock()


@pytest.fixture
def crm(clock: VirtualClock) -> FakeCrm:
    """Return a CRM that shows writes half a minute late."""
    return FakeCrm(clock=clock, capabilities=LAGGING)


def test_new_records_show_late(crm: FakeCrm, clock: VirtualClock) -> None:
    """A record that was just created is in no listing, no search and under no id until the lag has passed."""
    (outcome,) = crm.entries.create([Create("t1", Entry(last_name="Lovelace"))], CLIENTS)
    assert outcome.item is not None
    id_ = outcome.item.id

    def looks() -> tuple[object, ...]:
        return (
            [item.id for item in crm.entries.changes(None, CLIENTS).items],
            [item.id for item in crm.entries.search([Term(Term.TOKEN, "t1")], CLIENTS)],
            [item.id for item in crm.entries.search([Term("last_name", "Lovelace")], CLIENTS)],
            [isinstance(found, Item) for found in crm.entries.get([id_], CLIENTS)],
        )

    clock.advance(LAG - timedelta(seconds=1))
    assert looks() == ([], [], [], [False])
    clock.advance(1)
    assert ([id_], [id_], [id_], [True]) == looks()


def test_a_person_sees_at_once(crm: FakeCrm) -> None:
    """Whoever uses the service sees what was written, however late a sync does."""
    id_ = crm.entries.insert(Entry(first_name="Ada"))

    assert {id_: Entry(first_name="Ada")} == crm.entries.all()
    assert [Absence(id_, AbsenceReason.DELETED)] == crm.entries.get([id_], EVERYTHING)


def test_edits_and_deletions_show_late(crm: FakeCrm, clock: VirtualClock) -> None:
    """Until the lag has passed, a sync reads the old state, and its write on that state is turned away."""
    edited, deleted = crm.entries.load([Entry(first_name="old"), Entry()])
    clock.advance(LAG)
    follower = Follower(crm.entries, EVERYTHING)
    follower.catch_up()

    crm.entries.edit(edited, first_name="new")
    crm.entries.delete(deleted)
    follower.catch_up()
    assert {edited, deleted} == set(follower.known)
    assert follower.known[edited].record.first_name == "old"
    (outcome,) = crm.entries.update([Update(edited, follower.known[edited].version, {})], EVERYTHING)
    assert Status.CHANGED is outcome.status

    clock.advance(LAG)
    follower.catch_up()
    assert {edited: crm.entries.item(edited)} == follower.known
