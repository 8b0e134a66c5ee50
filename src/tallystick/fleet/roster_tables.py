"""Provide the tables of a roster: one row a sync, with when it is due, and one a tenant.

``due`` is when a sync may be claimed next, in microseconds since 1970; null for one that is switched off. A claim moves
it to when the claim is given up, so that what a dead worker had claimed falls due again by itself. ``claimed`` is that
same time while somebody is at it, ``asked`` notes that a person asked for a run, or anybody while one goes on.
``hours`` are those of the sync's profile, once they are known; null for every hour of every day.
"""

import json
from datetime import time
from typing import Any

import attrs
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Row, Table, Text

from tallystick.fleet.job import SyncJob
from tallystick.fleet.limits import Tenant
from tallystick.reconcile import AROUND_THE_CLOCK, Hours
from tallystick.recurrence import Weekday
from tallystick.state.packing import micros, to_moment
from tallystick.state.sql.tables import Words


@attrs.frozen
class RosterTables:
    """The tables of one roster."""

    metadata: MetaData
    syncs: Table
    tenants: Table


def roster_tables(prefix: str) -> RosterTables:
    """Return the tables whose names begin with ``prefix``."""
    metadata = MetaData()
    syncs = Table(
        f"{prefix}syncs",
        metadata,
        Column("sync", Words(), primary_key=True),
        Column("factory", Text(), nullable=False),
        Column("tenant", Words(), nullable=False),
        Column("options", Text(), nullable=False),
        Column("due", BigInteger()),
        Column("claimed", BigInteger()),
        Column("asked", Boolean(), nullable=False, default=False),
        Column("attempts", Integer(), nullable=False, default=0),
        Column("hours", Text()),
    )
    Index(f"{prefix}syncs_due", syncs.c.due)
    tenants = Table(
        f"{prefix}tenants",
        metadata,
        Column("tenant", Words(), primary_key=True),
        Column("backlog", BigInteger()),
        Column("faults", Integer(), nullable=False, default=0),
        Column("open_until", BigInteger()),
    )
    return RosterTables(metadata, syncs, tenants)


def job_values(job: SyncJob) -> dict[str, object]:
    """Return what is kept of a job."""
    options = json.dumps(dict(job.options), sort_keys=True)
    return {"sync": job.sync, "factory": job.factory, "tenant": job.tenant, "options": options}


def to_job(row: Row[Any]) -> SyncJob:
    """Return the job of a row."""
    return SyncJob(row.sync, row.factory, row.tenant, json.loads(row.options))


def hours_text(hours: Hours | None) -> str | None:
    """Return what is kept of a sync's hours."""
    if hours is None or hours == AROUND_THE_CLOCK:
        return None
    days = [day.value for day in hours.days]
    return json.dumps([days, hours.start.isoformat(), hours.end.isoformat(), hours.zone])


def to_hours(text: str | None) -> Hours:
    """Return the hours that were kept."""
    if text is None:
        return AROUND_THE_CLOCK
    days, start, end, zone = json.loads(text)
    return Hours(tuple(map(Weekday, days)), time.fromisoformat(start), time.fromisoformat(end), zone)


def tenant_values(tenant: Tenant) -> dict[str, object]:
    """Return what is kept of a tenant."""
    return {
        "backlog": micros(tenant.backlog),
        "faults": tenant.faults,
        "open_until": micros(tenant.open_until),
    }


def to_tenant(row: Row[Any]) -> Tenant:
    """Return the tenant of a row."""
    return Tenant(to_moment(row.backlog), row.faults, to_moment(row.open_until))
