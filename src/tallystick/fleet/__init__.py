"""Provide fleets: very many syncs, run by engines that exist.

One sync is the unit. Three parts make a fleet of them:

* a :class:`SyncJob` is one sync by name, and :func:`sync_one` runs it wherever it is, by a host's own :func:`factory`;
* the *roster* (:mod:`tallystick.fleet.roster`) says which syncs there are and when each is due;
* an *engine* brings jobs to workers: any ``Executor`` (:mod:`tallystick.fleet.executor`), procrastinate
  (:mod:`tallystick.fleet.procrastinate_queue`), Celery (:mod:`tallystick.fleet.celery_task`), or one of your own.

Engines deliver at least once. Everything here may be delivered twice: the lease of a sync is taken inside
:func:`sync_one`, in the state, and every commit shows its fence.
"""

from tallystick.fleet.factory import Factory as Factory
from tallystick.fleet.factory import RunnableSync as RunnableSync
from tallystick.fleet.factory import factory as factory
from tallystick.fleet.job import SyncJob as SyncJob
from tallystick.fleet.limits import Tenant as Tenant
from tallystick.fleet.limits import TenantLimits as TenantLimits
from tallystick.fleet.outcome import OutcomeKind as OutcomeKind
from tallystick.fleet.outcome import SyncOutcome as SyncOutcome
from tallystick.fleet.pace import Pace as Pace
from tallystick.fleet.running import sync_one as sync_one
