"""What a sync came to is told by kind, whatever happened."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tallystick import errors
from tallystick.errors import TallystickError
from tallystick.fleet import OutcomeKind, SyncJob, sync_one
from tallystick.fleet.roster import Roster
from tests.fleet import factories
from tests.fleet.town import Town, job_of, state_at

FAULTY = "tests.fleet.factories:faulty"
REFUSING = "tests.fleet.factories:refusing"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (errors.Throttled(retry_after=900), OutcomeKind.RETRY),
        (errors.Unavailable("down"), OutcomeKind.RETRY),
        (errors.MalformedAnswer("no JSON"), OutcomeKind.RETRY),
        (errors.AuthenticationRequired("signed out"), OutcomeKind.AUTHORISE),
        (errors.PermissionDenied("no"), OutcomeKind.PERSON),
        (errors.ScopeGone("no list"), OutcomeKind.PERSON),
    ],
    ids=lambda value: value.code if isinstance(value, TallystickError) else str(value),
)
def test_faults_of_a_side(fault: TallystickError, kind: OutcomeKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of a side tells what helps: time, its owner, or a person."""
    monkeypatch.setitem(factories.FAULTS, "s", fault)
    outcome = sync_one(SyncJob("s", FAULTY, "tenant"))

    assert (outcome.kind, outcome.code, outcome.tenant) == (kind, fault.code, "tenant")
    assert outcome.retry_after == getattr(fault, "retry_after", None)
    assert json.loads(json.dumps(outcome.to_dict()))["kind"] == kind.value


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (errors.StateUnwritable("no room"), OutcomeKind.RETRY),
        (errors.CommitUnknown("gone"), OutcomeKind.RETRY),
        (errors.StateKeyError("another key"), OutcomeKind.FAILED),
        (errors.SyncDisabled("off"), OutcomeKind.OFF),
        (errors.UsageError("no"), OutcomeKind.FAILED),
        (errors.Throttled(retry_after=3), OutcomeKind.RETRY),
    ],
    ids=lambda value: value.code if isinstance(value, TallystickError) else str(value),
)
def test_runs_that_cannot_begin(fault: TallystickError, kind: OutcomeKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a run from beginning is an outcome too, never an exception."""
    monkeypatch.setitem(factories.FAULTS, "s", fault)
    outcome = sync_one(SyncJob("s", REFUSING))

    assert (outcome.kind, outcome.code) == (kind, fault.code)
    assert outcome.retry_after == getattr(fault, "retry_after", None)


@pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])
def test_hours_and_switch_of_a_profile(enabled: bool, roster: Roster) -> None:
    """A sync is due within its profile's hours, known from the first run; one that the profile switches off never."""
    roster.enrol([SyncJob("s", "tests.fleet.factories:scheduled", "", {"enabled": enabled})], NOON)
    (job,) = roster.claim(NOON + timedelta(minutes=10))
    outcome = sync_one(job)
    due = roster.settle(outcome, NOON + timedelta(minutes=10))

    assert outcome.kind is (OutcomeKind.DONE if enabled else OutcomeKind.OFF)
    assert outcome.hours == factories.MORNING
    assert json.loads(json.dumps(outcome.to_dict()))["sync"] == "s"
    assert (due is not None and due > NOON + timedelta(hours=18)) is enabled
    roster.changed(["s"], NOON + timedelta(hours=1))
    assert roster.claim(NOON + timedelta(hours=18)) == []
    assert roster.claim(NOON + timedelta(days=300, hours=21)) == ([job] if enabled else [])


def test_busy(town: Town) -> None:
    """A sync that another worker is at is busy, and for how long at most is told."""
    job, now = job_of(1), datetime.now(UTC)
    state = state_at(str(town.folder / "state.db"))
    state.acquire(job.sync, "another", now, timedelta(minutes=5))
    outcome = sync_one(job)

    assert (outcome.kind, outcome.code) == (OutcomeKind.BUSY, "lease_held")
    assert outcome.retry_after == pytest.approx(300, abs=30)


def test_done(town: Town) -> None:
    """A run that came to its end is done, and its figures are there."""
    town.user_adds("1", 0, {"who": "ada", "left": "", "right": ""})
    outcome = sync_one(job_of(1))

    assert outcome.kind is OutcomeKind.DONE
    assert outcome.counts == {"written": 1, "conflicts": 0, "failed": 0, "in_doubt": 0}
    assert sync_one(job_of(1)).counts["written"] == 0


def test_foreign_errors_quote_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """An error that is not the library's is told by its class and its place; its message stays out of the logs."""
    outcome = sync_one(SyncJob("s", "tests.fleet.factories:broken"))

    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "KeyError")
    assert "factories.py:" in outcome.note
    assert "s: KeyError at" in caplog.text
    assert "grace" not in caplog.text + outcome.note
