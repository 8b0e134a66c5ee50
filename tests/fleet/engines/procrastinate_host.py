"""Provide a worker of procrastinate, as a host would have it; where everything is, the environment says."""

import os
from datetime import timedelta

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector

from tallystick.fleet import Pace, TenantLimits
from tallystick.fleet.procrastinate_queue import ProcrastinateFleet
from tallystick.fleet.roster import Roster

STALL = timedelta(seconds=3)


def conninfo(url: str) -> str:
    """Return a database's URL as psycopg takes it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def roster_at(url: str) -> Roster:
    """Return the roster, with waits as short as a test's.

    The interval is long: what falls due by itself must leave room for what is asked for, or nothing is ever at rest.
    """
    pace = Pace(timedelta(hours=1), timedelta(seconds=1), timedelta(seconds=5))
    limits = TenantLimits(starts=1_000_000, faults=100, pause=timedelta(seconds=1))
    return Roster(url, pace=pace, limits=limits, hold=timedelta(seconds=15))


def fleet_at(url: str) -> ProcrastinateFleet:
    """Return the fleet of a roster's database."""
    app = App(connector=PsycopgConnector(conninfo=conninfo(url)))
    return ProcrastinateFleet(app, roster_at(url), every=1, stall=STALL)


if __name__ == "__main__":
    fleet_at(os.environ["TOWN_STATE"]).app.run_worker(
        concurrency=4,
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=1.0,
        stalled_worker_timeout=STALL.total_seconds(),
        delete_jobs="successful",
    )
