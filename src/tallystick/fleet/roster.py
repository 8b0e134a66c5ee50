"""Provide the roster: which syncs there are and when each is due, in a database that all workers share.

It is the schedule of a fleet, whatever engine runs it: an engine *claims* what is due, runs it, and *settles* what it
came to. Three things hold, however often an engine delivers:

* What is claimed is nobody else's until it is settled, or until the claim is given up (``hold``): then its worker is
  taken for dead, and it falls due again.
* Asking for a run only brings it forward. Asking twice is asking once; asking while it runs has it run once more.
* A sync whose profile has hours starts within them; otherwise only if a person asks, and then until it is done.
* Nothing but the order of work rests on a claim. That no two workers write one sync at once is the lease's to see to.

``now`` comes from the caller's clock: clocks of workers that differ by seconds make a run that much early or late, no
more. It needs SQLAlchemy, as a state in a database does.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self, TypeVar

import attrs

import tallystick.state.sql  # noqa: F401 -- first: it says what to install where SQLAlchemy is missing

# isort: split
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tallystick.errors import SettingsError
from tallystick.fleet.job import SyncJob
from tallystick.fleet.limits import Tenant, TenantLimits
from tallystick.fleet.outcome import OutcomeKind, SyncOutcome
from tallystick.fleet.pace import Pace, fraction
from tallystick.fleet.roster_tables import (
    hours_text,
    job_values,
    roster_tables,
    tenant_values,
    to_hours,
    to_job,
    to_tenant,
)
from tallystick.reconcile import AROUND_THE_CLOCK, Hours
from tallystick.state.packing import micros, to_moment
from tallystick.state.sql.dialects import kind_of
from tallystick.state.sql.driver import carry
from tallystick.state.sql.engines import engine_for, parsed_url, shown
from tallystick.state.sql.transacting import Transaction, again, made

T = TypeVar("T")

USUAL_HOLD = timedelta(minutes=30)
"""How long a claim lasts, unless a host says otherwise: longer than any run of a sync."""

USUAL_PACE = Pace()
USUAL_LIMITS = TenantLimits()

_LONGEST_WAIT = 5.0


@attrs.frozen
class Lag:
    """How far a fleet is behind.

    ``enrolled`` syncs there are; ``due`` ones wait for a worker, the ``oldest`` for so many seconds; ``claimed`` ones
    are at work.
    """

    enrolled: int
    due: int
    claimed: int
    oldest: float


class Roster:
    """The syncs of a fleet, in tables of the database that ``url`` names; they are made when they are not there.

    ``pace`` says when syncs are due, ``limits`` what each tenant is allowed, ``hold`` how long a claim lasts. Close it,
    or use it in a ``with`` statement; any thread may use it. An SQLAlchemy ``Engine`` may be given instead of a URL; it
    stays the host's to dispose of.
    """

    def __init__(
        self,
        url: str | sa.URL | sa.Engine,
        *,
        pace: Pace = USUAL_PACE,
        limits: TenantLimits = USUAL_LIMITS,
        hold: timedelta = USUAL_HOLD,
        prefix: str = "tallystick_fleet_",
    ) -> None:
        if hold < timedelta(seconds=1):
            raise SettingsError("a claim that is given up at once", remedy="give a hold longer than any run takes")
        self.pace = pace
        self._limits = limits
        self._hold = hold
        self._own = not isinstance(url, sa.Engine)
        parsed = url.url if isinstance(url, sa.Engine) else parsed_url(url)
        kind = kind_of(parsed)
        self._where = shown(parsed)
        self._begin = kind.writing_within(_LONGEST_WAIT)
        self._engine = url if isinstance(url, sa.Engine) else engine_for(parsed)
        self._upsert = postgresql.insert if parsed.get_backend_name() == "postgresql" else sqlite.insert
        self._tables = roster_tables(prefix)
        self._guarding = kind.guarding.format(name=self._tables.syncs.name)
        self._do(self._create)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are the roster's own."""
        if self._own:
            self._engine.dispose()

    # --- who takes part ------------------------------------------------------------------------------------------

    def enrol(self, jobs: Iterable[SyncJob], now: datetime, hours: Hours | None = None) -> None:
        """Take syncs up, each due at its own place in the coming interval; replace the jobs of those that are there.

        ``hours`` are those of their profile. Where they are not given, each sync's first run tells.
        """
        given = {job.sync: job for job in jobs}
        syncs, tenants = self._tables.syncs, self._tables.tenants
        rows = [
            {
                **job_values(job),
                "due": micros(self.pace.first(job.sync, now, hours or AROUND_THE_CLOCK)),
                "asked": False,
                "attempts": 0,
                "hours": hours_text(hours),
            }
            for _, job in sorted(given.items())
        ]
        if not rows:
            return
        adding = self._upsert(syncs)
        replaced = {
            name: adding.excluded[name] for name in ("factory", "tenant", "options", *(("hours",) if hours else ()))
        }
        named = [{"tenant": name, "faults": 0} for name in sorted({job.tenant for job in given.values()})]

        def take_up(connection: sa.Connection) -> None:
            connection.execute(self._upsert(tenants).on_conflict_do_nothing(), named)
            connection.execute(adding.on_conflict_do_update(index_elements=["sync"], set_=replaced), rows)

        self._do(take_up)

    def withdraw(self, sync: str) -> None:
        """Drop a sync. What its state keeps is not touched; one that runs now runs to its end."""
        dropping = sa.delete(self._tables.syncs).where(self._tables.syncs.c.sync == sync)
        self._do(lambda connection: connection.execute(dropping).rowcount)

    def due_now(self, syncs: Iterable[str], now: datetime) -> int:
        """Ask for a run of each sync at once, as a person does, whatever its hours; return how many are known.

        One that is due before stays so; one that is at work runs once more when it has ended.
        """
        named = sorted(set(syncs))
        return self._do(lambda connection: sum(self._bring_forward(connection, sync, now) for sync in named))

    def changed(self, syncs: Iterable[str], now: datetime) -> int:
        """Bring each sync forward of which a service says that something changed; return how many are known.

        It is due now, or when its hours begin; one that is at work within them runs once more. One that is switched
        off stays so.
        """
        named = sorted(set(syncs))
        return self._do(lambda connection: sum(self._told(connection, sync, now) for sync in named))

    # --- the work ------------------------------------------------------------------------------------------------

    def claim(self, now: datetime, limit: int = 100) -> list[SyncJob]:
        """Claim what is due, the longest due first, as far as its tenants are let start; the rest is put off."""
        return self._do(partial(self._claim, now=now, limit=limit))

    def settle(self, outcome: SyncOutcome, now: datetime) -> datetime | None:
        """Note what an attempt came to; return when the sync is due again, None for never or where it was withdrawn."""
        return self._do(partial(self._settle, outcome=outcome, now=now))

    def lag(self, now: datetime) -> Lag:
        """Return how far the fleet is behind."""
        return self._do(lambda connection: asked_lag(connection, self._tables.syncs, now))

    # --- inside --------------------------------------------------------------------------------------------------

    def _create(self, connection: sa.Connection) -> None:
        if self._guarding:
            connection.exec_driver_sql(self._guarding)
        self._tables.metadata.create_all(connection, checkfirst=True)
        syncs = self._tables.syncs
        if "hours" not in {column["name"] for column in sa.inspect(connection).get_columns(syncs.name)}:
            connection.exec_driver_sql(f"ALTER TABLE {syncs.name} ADD COLUMN hours TEXT")  # made by an earlier release

    def _bring_forward(self, connection: sa.Connection, sync: str, now: datetime, *, by_hand: bool = True) -> int:
        table, at = self._tables.syncs, micros(now)
        claimed = table.c.claimed > at
        sooner = sa.case((claimed, table.c.due), (table.c.due < at, table.c.due), else_=at)
        asked = sa.true() if by_hand else sa.or_(table.c.asked, sa.func.coalesce(claimed, sa.false()))
        return connection.execute(sa.update(table).where(table.c.sync == sync).values(due=sooner, asked=asked)).rowcount

    def _told(self, connection: sa.Connection, sync: str, now: datetime) -> int:
        table = self._tables.syncs
        row = connection.execute(sa.select(table).where(table.c.sync == sync).with_for_update()).one_or_none()
        if row is None:
            return 0
        hours = to_hours(row.hours)
        if row.due is not None and hours.include(now):
            return self._bring_forward(connection, sync, now, by_hand=False)
        if row.due is not None and row.claimed is None:
            opens = micros(self.pace.within(hours, sync, now))
            sooner = sa.case((table.c.due < opens, table.c.due), else_=opens)
            connection.execute(sa.update(table).where(table.c.sync == sync).values(due=sooner))
        # One that is at work outside its hours is due within them when it has ended, and will see the change then.
        return 1

    def _claim(self, connection: sa.Connection, now: datetime, limit: int) -> list[SyncJob]:
        """Claim up to ``limit`` syncs; those that may not start are put off, and others looked at in their place."""
        table, until = self._tables.syncs, micros(now + self._hold)
        due = sa.select(table).where(table.c.due <= micros(now)).order_by(table.c.due).with_for_update(skip_locked=True)
        change = sa.update(table).where(table.c.sync == sa.bindparam("named"))
        claimed: list[SyncJob] = []
        while len(claimed) < limit:
            rows = connection.execute(due.limit(limit - len(claimed))).all()
            if not rows:
                break
            before = self._standing(connection, {row.tenant for row in rows})
            tenants, started, put_off = dict(before), [], []
            for row in rows:
                opens = now if row.asked else self.pace.within(to_hours(row.hours), row.sync, now)
                if opens > now:
                    put_off.append({"named": row.sync, "at": micros(opens)})
                    continue
                tenants[row.tenant], wait = tenants[row.tenant].start(self._limits, now)
                if wait is None:
                    started.append(row)
                else:
                    # Not all of a tenant's syncs come back at one instant.
                    later = wait + self._limits.per * fraction(row.sync)
                    put_off.append({"named": row.sync, "at": micros(later)})
            if started:
                claim = change.values(due=until, claimed=until, asked=False)
                connection.execute(claim, [{"named": row.sync} for row in started])
            if put_off:
                connection.execute(change.values(due=sa.bindparam("at")), put_off)
            self._keep(connection, {name: one for name, one in tenants.items() if one != before[name]})
            claimed += map(to_job, started)
        return claimed

    def _settle(self, connection: sa.Connection, outcome: SyncOutcome, now: datetime) -> datetime | None:
        table = self._tables.syncs
        known = sa.select(table).where(table.c.sync == outcome.sync).with_for_update()
        row = connection.execute(known).one_or_none()
        if row is None:
            return None
        tenant = self._standing(connection, {row.tenant})[row.tenant]
        ended = tenant.ended(outcome.kind, self._limits, now)
        attempts = 0 if outcome.kind is OutcomeKind.DONE else row.attempts + 1
        hours = outcome.hours or to_hours(row.hours)
        # What a person asked for at night is wanted at night, also where a service or another worker is in the way.
        wanted = outcome.kind in (OutcomeKind.RETRY, OutcomeKind.BUSY) and self._is_asked_for(row)
        due = self.pace.next(attrs.evolve(outcome, hours=None if wanted else hours), attempts, now)
        again = row.asked and outcome.kind in (OutcomeKind.DONE, OutcomeKind.OFF)
        if again:
            due = now
        change = sa.update(table).where(table.c.sync == outcome.sync)
        kept = {"claimed": None, "asked": again or wanted, "attempts": attempts, "hours": hours_text(hours)}
        connection.execute(change.values(due=micros(due), **kept))
        if ended != tenant:
            self._keep(connection, {row.tenant: ended})
        return due

    def _is_asked_for(self, row: sa.Row[Any]) -> bool:
        """Tell whether a person wants the run at any hour: nothing else asks meanwhile, or starts outside the hours."""
        until = to_moment(row.claimed)
        return bool(row.asked) or (until is not None and not to_hours(row.hours).include(until - self._hold))

    def _standing(self, connection: sa.Connection, names: set[str]) -> dict[str, Tenant]:
        """Return how tenants stand, locked for this transaction."""
        table = self._tables.tenants
        asked = sa.select(table).where(table.c.tenant.in_(sorted(names))).order_by(table.c.tenant).with_for_update()
        known = {row.tenant: to_tenant(row) for row in connection.execute(asked)}
        return {name: known.get(name, Tenant()) for name in names}

    def _keep(self, connection: sa.Connection, tenants: dict[str, Tenant]) -> None:
        table = self._tables.tenants
        for name, tenant in sorted(tenants.items()):
            connection.execute(sa.update(table).where(table.c.tenant == name).values(tenant_values(tenant)))

    def _do(self, work: Callable[[sa.Connection], T]) -> T:
        """Do something in one transaction, again where it was undone for another's sake or the connection was lost.

        Where the answer was lost it may be done twice, which each of them bears.
        """
        transaction = Transaction(self._begin, work)
        return carry(self._engine, again(lambda: made(transaction), self._where))


def asked_lag(connection: sa.Connection, syncs: sa.Table, now: datetime) -> Lag:
    """Return how far the fleet is behind whose syncs stand in a table."""
    at = micros(now)
    waiting = sa.and_(syncs.c.due <= at, sa.or_(syncs.c.claimed.is_(None), syncs.c.claimed <= at))
    asked = sa.select(
        sa.func.count(),
        sa.func.count(sa.case((waiting, 1))),
        sa.func.count(sa.case((syncs.c.claimed > at, 1))),
        sa.func.min(sa.case((waiting, syncs.c.due))),
    )
    enrolled, due, claimed, oldest = connection.execute(asked).one()
    since = to_moment(oldest)
    return Lag(enrolled, due, claimed, (now - since).total_seconds() if since else 0.0)
