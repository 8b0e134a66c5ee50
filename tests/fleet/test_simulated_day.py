"""A simulated day shows what a fleet would do: on a good day, in outages, when workers die, with a large tenant."""

from datetime import timedelta

import attrs
import pytest

from tallystick.fleet import OutcomeKind, Pace, TenantLimits
from tallystick.fleet.day_report import percentiles
from tallystick.fleet.simulated_day import DaySettings, Outage, simulate

GOOD = DaySettings({"a": 20, "b": 20, "c": 20}, workers=2, changes=20)


def test_a_good_day() -> None:
    """Everything is carried within the interval and one run, and every mailbox is looked at once an interval."""
    report = simulate(GOOD)

    assert report.runs == {OutcomeKind.DONE: pytest.approx(60 * 144, abs=60)}
    assert 600 < report.freshness[-1] < 610
    assert report.freshness[0] == pytest.approx(300, rel=0.1)
    assert report.requests_per_mailbox[0] == pytest.approx(4 * 144 + 20, rel=0.05)
    assert report.unfair == {}
    assert report.changes == pytest.approx(60 * 20, rel=0.1)
    assert report.unseen < 30
    assert "came off badly: nobody" in report.summary()


def test_the_same_day_again() -> None:
    """The same seed is the same day, and another is another."""
    assert simulate(GOOD) == simulate(GOOD) != simulate(attrs.evolve(GOOD, seed=2))


def test_notifications() -> None:
    """Where services tell of changes, they are carried within seconds, whatever the interval."""
    pace = Pace(timedelta(hours=6))
    told = simulate(attrs.evolve(GOOD, pace=pace, notified=1.0))
    untold = simulate(attrs.evolve(GOOD, pace=pace))

    assert told.freshness[1] < 5
    assert untold.freshness[1] > 4 * 3600
    assert told.requests < untold.requests + 60 * 20 * 6


def test_an_outage_of_one() -> None:
    """While one tenant's service is down, nobody else waits, and its breaker spares it most of the requests."""
    outage = (Outage(36_000, 43_200, "b"),)
    limits = TenantLimits(starts=100_000, faults=5)
    report = simulate(attrs.evolve(GOOD, outages=outage, limits=limits))
    without = simulate(attrs.evolve(GOOD, outages=outage, limits=TenantLimits(starts=100_000, faults=10**6)))

    assert set(report.unfair) == {"b"}
    assert report.by_tenant["a"] < 700
    assert report.freshness[-1] < 7200 + 2 * 3600
    assert 0 < report.runs[OutcomeKind.RETRY] < without.runs[OutcomeKind.RETRY]


def test_throttling() -> None:
    """A tenant whose service gives too few requests comes off badly, and it alone."""
    report = simulate(attrs.evolve(GOOD, tenants={"a": 20, "b": 20, "c": 20, "large": 120}, workers=20, rate=0.4))

    assert set(report.unfair) == {"large"}
    assert report.by_tenant["a"] < 700
    assert report.runs[OutcomeKind.RETRY] > 100


def test_deaths() -> None:
    """A mailbox whose worker died is taken over, waits for the lease, and nothing stays behind."""
    report = simulate(attrs.evolve(GOOD, lifetime=100.0))

    assert report.deaths > 30
    assert report.runs[OutcomeKind.BUSY] >= report.deaths
    assert report.freshness[-1] < 2 * 600 + 300 + 30
    assert report.unseen < 30


def test_too_few_workers() -> None:
    """Too few workers are seen at once: they are always busy, and changes wait for longer and longer."""
    report = simulate(attrs.evolve(GOOD, tenants={"a": 1000}, workers=1, latency=0.5))

    assert report.busy > 0.95
    assert report.freshness[1] > 1000


def test_no_changes() -> None:
    """A day on which nothing happens has figures too."""
    report = simulate(attrs.evolve(GOOD, changes=0.0))

    assert report.freshness == percentiles([]) == (0.0,) * 4
    assert report.summary()
