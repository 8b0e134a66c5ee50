"""Celery's workers run a fleet: by a broker in memory, delivered twice, and as the pages show it."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tallystick.errors import SettingsError
from tallystick.fleet.roster import Lag, Roster
from tests.fleet.judging import Users
from tests.fleet.town import Town, job_of

pytestmark = pytest.mark.engines

MAILBOXES = 10


@pytest.fixture
def roster(roster: Roster) -> Roster:
    """Return a roster with some mailboxes, all of which are due."""
    roster.enrol(map(job_of, range(MAILBOXES)), datetime.now(UTC) - timedelta(hours=1))
    return roster


def test_a_worker(town: Town, roster: Roster) -> None:
    """What is due goes to the broker and is run by a worker, once each, however often the broker delivers it."""
    from celery import Celery
    from celery.contrib.testing.worker import start_worker

    from tallystick.fleet.celery_task import CeleryFleet

    app = Celery("fleet", broker="memory://", backend="cache+memory://")
    users = Users(town)
    for n in range(MAILBOXES):
        users.add(str(n), n % 2)
    fleet = CeleryFleet(app, roster)
    assert fleet.dispatch() == MAILBOXES
    assert fleet.dispatch() == 0
    for n in range(MAILBOXES):
        fleet.sync.delay(job_of(n).to_dict())
    with start_worker(app, pool="threads", concurrency=4, perform_ping_check=False):
        for _ in range(200):
            if roster.lag(datetime.now(UTC)).claimed == 0:
                break
            time.sleep(0.1)

    assert roster.lag(datetime.now(UTC)) == Lag(MAILBOXES, 0, 0, 0.0)
    users.check()


def test_beat(roster: Roster) -> None:
    """Celery's beat looks at the roster as often as it was told, beside what the host has it do."""
    from celery import Celery

    from tallystick.fleet.celery_task import CeleryFleet

    app = Celery("fleet")
    app.conf.beat_schedule = {"theirs": {"task": "x", "schedule": 60}}
    CeleryFleet(app, roster, every=7)

    assert set(app.conf.beat_schedule) == {"theirs", "tallystick.dispatch"}
    assert app.conf.beat_schedule["tallystick.dispatch"]["schedule"] == 7
    with pytest.raises(SettingsError):
        CeleryFleet(app, roster, every=0)
