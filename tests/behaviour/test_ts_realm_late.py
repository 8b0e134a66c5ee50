"""Several users' syncs share a CRM that shows writes late: what is not shown yet is waited for, and no longer."""

from datetime import timedelta

import attrs
import pytest

from tallystick.errors import AuthenticationRequired
from tallystick.ports import RunState
from tallystick.providers.memory import CRM_CAPABILITIES
from tests.behaviour.calendar_world import event, invited
from tests.behaviour.realm_world import Realm, address, one_way
from tests.simulation.crash import Crash, Fuse, Fused


def _late() -> Realm:
    """Return two users with one meeting, of whom the first one's sync has made the appointment."""
    late = attrs.evolve(CRM_CAPABILITIES, visibility_lag=timedelta(seconds=30))
    realm = Realm(one_way, crm_settings={"capabilities": late})
    realm.calendars[0].insert(event("Meeting", attendees=invited(address(1))))
    realm.post.deliver()
    realm.run(0)
    return realm


@pytest.mark.behaviour("TS-19", "TS-03")
def test_a_run_that_died_holds_up_no_other_users_sync_for_ever() -> None:
    """The CRM shows writes late, and a user's sync died for good: what is gone is gone once its lease has run out."""
    realm = _late()
    world, fuse = realm.worlds[0], Fuse()
    world.state = Fused("state", realm.state, fuse)
    realm.calendars[0].faults.before("changes", lambda _: setattr(fuse, "dead", True))
    with pytest.raises(Crash):
        realm.run(0)
    assert realm.state.runs("u0")[0].state is RunState.SYNCING
    realm.crm.delete(realm.crm.ids()[0])
    for _ in range(6):
        realm.run(1)

    assert len(realm.crm) == 1
    assert realm.sync(1).status().pairs == 1


@pytest.mark.behaviour("TS-19")
def test_runs_that_write_nothing_hold_up_no_other_users_sync() -> None:
    """The CRM shows writes late, and a user's sync, which can't sign in, is tried again sooner than that."""
    realm = _late()
    realm.crm.delete(realm.crm.ids()[0])
    realm.clock.advance(600)
    realm.calendars[0].faults.fail("changes", AuthenticationRequired("signed out"), times=None)
    for _ in range(6):
        realm.clock.advance(10)
        realm.sync(0).run()
        realm.sync(1).run()

    assert len(realm.crm) == 1
    assert [realm.sync(user).history(1)[0].state for user in (0, 1)] == [RunState.PROBLEM, RunState.COMPLETE]
