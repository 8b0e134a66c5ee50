"""Provide a day of a fleet, simulated: to see before buying machines what a pace, limits and a number of workers give.

It is the library's own policies that are tried: :class:`Pace` says when a sync is due, :class:`Tenant` whether it may
start. Simulated are the mailboxes, whose records change now and then, the services, which take their time, are out of
order at times and throttle a tenant that asks too much, and the workers, some of which die with a run in their hands.

=============  ===========================================================================================
event          what follows
=============  ===========================================================================================
change         a notification, where it arrives, makes the mailbox due now
due            it waits for a free worker, the longest due first; its tenant's limits may put it off
end            of a run: what had changed before it began is carried; the outcome says when it is due again
death          of a worker: another takes the job over after a stall, and finds the lease held until it ends
=============  ===========================================================================================

The same settings and seed give the same day in every process: there is no clock in it, and no other randomness.
"""

from array import array
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from heapq import heappop, heappush
from itertools import chain
from random import Random

import attrs

from tallystick.fleet.day_report import DayReport, percentiles
from tallystick.fleet.limits import Tenant, TenantLimits
from tallystick.fleet.outcome import OutcomeKind, SyncOutcome
from tallystick.fleet.pace import Pace, fraction

_MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
_USUAL_PACE = Pace()
_USUAL_LIMITS = TenantLimits(starts=100_000)


@attrs.frozen
class Outage:
    """A span, in seconds from midnight, in which a tenant's service does not answer; no tenant means all of them."""

    begin: float
    end: float
    tenant: str = ""

    def includes(self, at: float, tenant: str) -> bool:
        """Tell whether the service of a tenant is out of order at a time."""
        return self.begin <= at < self.end and self.tenant in ("", tenant)


@attrs.frozen
class DaySettings:
    """A fleet, and the day that it has.

    ``tenants`` are the numbers of mailboxes by the tenant's name. ``workers`` are runs that may be under way at once.
    ``changes`` is how often a mailbox's records change in a day, ``notified`` the share of which the services tell.
    A quiet run makes ``requests`` and each change adds one; a request takes ``latency`` seconds. A tenant's service
    answers ``rate`` requests a second and throttles beyond, for ``throttle`` seconds. A request that gets no answer is
    given up after ``timeout``. Workers die once in ``lifetime`` seconds of work; ``stall`` and ``lease`` are how long
    it takes until their job is taken over, and until the mailbox is free again.
    """

    tenants: dict[str, int]
    workers: int
    pace: Pace = _USUAL_PACE
    limits: TenantLimits = _USUAL_LIMITS
    changes: float = 10.0
    notified: float = 0.0
    requests: int = 4
    latency: float = 0.15
    rate: float = 1000.0
    throttle: float = 60.0
    timeout: float = 10.0
    lifetime: float = 1e9
    stall: float = 30.0
    lease: float = 300.0
    outages: tuple[Outage, ...] = ()
    seed: int = 1


class _Event(IntEnum):
    CHANGE = 0
    DUE = 1
    END = 2


@attrs.define
class _Mailbox:
    sync: str
    tenant: str
    due: float = 0.0
    attempts: int = 0
    running: bool = False
    began: float = 0.0
    asked: bool = False
    held_until: float = 0.0
    requests: int = 0
    pending: list[float] = attrs.field(factory=list)


def simulate(settings: DaySettings) -> DayReport:
    """Return the report of a day; it takes about a second for every hundred thousand runs."""
    return _Day(settings).live()


class _Day:
    """A day in progress. ``events`` are (time, number, kind, mailbox, outcome), the number keeping their order."""

    def __init__(self, settings: DaySettings) -> None:
        self.settings = settings
        self.random = Random(settings.seed)
        names = [name for name, count in settings.tenants.items() for _ in range(count)]
        self.mailboxes = [_Mailbox(f"{name}/{number}", name) for number, name in enumerate(names)]
        self.tenants = dict.fromkeys(settings.tenants, Tenant())
        self.asked_until = dict.fromkeys(settings.tenants, 0.0)
        self.events: list[tuple[float, int, _Event, _Mailbox, SyncOutcome | None]] = []
        self.ready: deque[_Mailbox] = deque()
        self.free = settings.workers
        self.numbered = 0
        self.worked = 0.0
        self.deaths = 0
        self.changes = 0
        self.runs: Counter[OutcomeKind] = Counter()
        self.fresh = {name: array("d") for name in settings.tenants}

    def live(self) -> DayReport:
        for mailbox in self.mailboxes:
            self._due(mailbox, _seconds(self.settings.pace.first(mailbox.sync, _MIDNIGHT)))
            self._next_change(mailbox, 0.0)
        while self.events and self.events[0][0] < _DAY:
            at, _, kind, mailbox, outcome = heappop(self.events)
            if kind is _Event.CHANGE:
                self._change(mailbox, at)
            elif outcome is not None:
                self._end(mailbox, at, outcome)
            elif kind is _Event.DUE and at == mailbox.due and not mailbox.running:
                self.ready.append(mailbox)
                mailbox.due = -1.0
            while self.free and self.ready:
                self._start(self.ready.popleft(), at)
        return self._report()

    def _push(self, at: float, kind: _Event, mailbox: _Mailbox, outcome: SyncOutcome | None = None) -> None:
        self.numbered += 1
        heappush(self.events, (at, self.numbered, kind, mailbox, outcome))

    def _due(self, mailbox: _Mailbox, at: float) -> None:
        mailbox.due = at
        self._push(at, _Event.DUE, mailbox)

    def _next_change(self, mailbox: _Mailbox, at: float) -> None:
        if self.settings.changes:
            self._push(at + self.random.expovariate(self.settings.changes / _DAY), _Event.CHANGE, mailbox)

    def _change(self, mailbox: _Mailbox, at: float) -> None:
        self.changes += 1
        mailbox.pending.append(at)
        self._next_change(mailbox, at)
        if self.random.random() < self.settings.notified:
            if mailbox.running:
                mailbox.asked = True
            elif mailbox.due > at:
                self._due(mailbox, at)

    def _start(self, mailbox: _Mailbox, at: float) -> None:
        settings, name = self.settings, mailbox.tenant
        self.tenants[name], wait = self.tenants[name].start(settings.limits, _time(at))
        if wait is not None:
            self._due(mailbox, _seconds(wait) + settings.limits.per.total_seconds() * fraction(mailbox.sync))
            return
        kind, seconds, asked = self._run(mailbox, at)
        self.free -= 1
        self.worked += seconds
        mailbox.running, mailbox.began = True, at
        if kind is OutcomeKind.DONE and self.random.random() < seconds / settings.lifetime:
            # The worker dies: a supervisor has another at once, and the job is taken over when it is missed.
            self.deaths += 1
            died = at + seconds / 2
            mailbox.held_until = died + settings.lease
            self._push(died + settings.stall, _Event.END, mailbox, _outcome(mailbox, OutcomeKind.BUSY, None))
            return
        self._push(at + seconds, _Event.END, mailbox, _outcome(mailbox, kind, asked))

    def _run(self, mailbox: _Mailbox, at: float) -> tuple[OutcomeKind, float, float | None]:
        """Return what a run that starts now will come to, how long it takes, and what the service asks for."""
        settings, name = self.settings, mailbox.tenant
        if mailbox.held_until > at:
            return OutcomeKind.BUSY, settings.latency, mailbox.held_until - at
        if settings.outages and any(one.includes(at, name) for one in settings.outages):
            mailbox.requests += 1
            return OutcomeKind.RETRY, settings.timeout, None
        requests = settings.requests + len(mailbox.pending)
        backlog = max(self.asked_until[name], at)
        if backlog - at > 1.0:
            # A second's worth of requests is in line already.
            mailbox.requests += 1
            return OutcomeKind.RETRY, settings.latency, settings.throttle
        self.asked_until[name] = backlog + requests / settings.rate
        mailbox.requests += requests
        return OutcomeKind.DONE, requests * settings.latency * self.random.uniform(0.5, 1.5), None

    def _end(self, mailbox: _Mailbox, at: float, outcome: SyncOutcome) -> None:
        name, now = mailbox.tenant, _time(at)
        self.free += 1
        mailbox.running = False
        self.runs[outcome.kind] += 1
        if outcome.kind is OutcomeKind.DONE and mailbox.pending:
            self.fresh[name].extend(at - change for change in mailbox.pending if change <= mailbox.began)
            mailbox.pending = [change for change in mailbox.pending if change > mailbox.began]
        self.tenants[name] = self.tenants[name].ended(outcome.kind, self.settings.limits, now)
        mailbox.attempts = 0 if outcome.kind is OutcomeKind.DONE else mailbox.attempts + 1
        again = self.settings.pace.next(outcome, mailbox.attempts, now)
        asked = mailbox.asked and outcome.kind is OutcomeKind.DONE
        mailbox.asked = False
        self._due(mailbox, at if asked or again is None else _seconds(again))

    def _report(self) -> DayReport:
        settings = self.settings
        return DayReport(
            mailboxes=len(self.mailboxes),
            changes=self.changes,
            freshness=percentiles(array("d", chain.from_iterable(self.fresh.values()))),
            by_tenant={name: percentiles(each, (0.95,))[0] for name, each in self.fresh.items()},
            unseen=sum(len(mailbox.pending) for mailbox in self.mailboxes),
            runs=dict(sorted(self.runs.items())),
            requests=sum(mailbox.requests for mailbox in self.mailboxes),
            requests_per_mailbox=percentiles([mailbox.requests for mailbox in self.mailboxes]),
            busy=self.worked / (settings.workers * _DAY),
            deaths=self.deaths,
        )


def _outcome(mailbox: _Mailbox, kind: OutcomeKind, retry_after: float | None) -> SyncOutcome:
    return SyncOutcome(mailbox.sync, mailbox.tenant, kind, retry_after=retry_after)


def _time(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=seconds)


def _seconds(moment: datetime) -> float:
    return (moment - _MIDNIGHT).total_seconds()
