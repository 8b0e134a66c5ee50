"""LP-04, LP-10, LP-15, LP-16, CX-01: when runs are due, asked for, or kept off, and what the status says of it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Sync
from tallystick.errors import StalePlan, SyncDisabled, UsageError
from tallystick.ports import Commit, RunRow, RunState
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile import Hours
from tallystick.records import Contact, EmailAddress, Entry, TodoTask
from tallystick.recurrence import Weekday
from tallystick.sync.begun import latest_begun

HOURS = Hours((Weekday.MONDAY, Weekday.TUESDAY), time(9), time(17), "America/New_York")
TUESDAY_EVENING = datetime(2026, 3, 17, 21, tzinfo=UTC)
"""Five o'clock in New York, when the hours are just over; Monday's begin at 13:00 UTC."""
MAIL = (EmailAddress("ada@example.com"),)


@attrs.define
class Job:
    """One sync with a clock of its own."""

    clock: VirtualClock
    outlook: FakeOutlook
    crm: FakeCrm
    state: MemoryState
    settings: maximizer.ContactSettings

    @classmethod
    def at(cls, now: datetime, settings: maximizer.ContactSettings) -> "Job":
        """Return a job that was never run."""
        clock = VirtualClock(now)
        return cls(clock, FakeOutlook(clock=clock), FakeCrm(clock=clock), MemoryState(), settings)

    def sync(self, *, enabled: bool = True, **more: Any) -> Sync[Contact, Entry]:  # noqa: ANN401 -- the sync's
        """Return the sync under these settings."""
        profile = attrs.evolve(self.settings.profile(), enabled=enabled)
        return Sync(
            "job",
            left=self.outlook.contacts,
            right=self.crm.entries,
            profile=profile,
            state=self.state,
            clock=self.clock,
            **more,
        )


@pytest.fixture
def job() -> Job:
    """A job of an hour's interval, whose hours are just over."""
    return Job.at(TUESDAY_EVENING, maximizer.ContactSettings(interval=timedelta(hours=1), hours=HOURS))


@pytest.mark.behaviour("LP-04", "LP-10", "MX-O-05")
def test_runs_are_due_by_interval_within_the_hours(job: Job) -> None:
    """The first run does not wait for the hours; the next one does, and those after it come by the interval."""
    sync = job.sync()
    assert sync.status().due == TUESDAY_EVENING
    assert sync.run_if_due() is not None
    monday = datetime(2026, 3, 23, 13, tzinfo=UTC)

    assert sync.status().due == monday
    job.clock.advance((monday - job.clock.now()).total_seconds() - 1)
    assert sync.run_if_due() is None
    job.clock.advance(1)
    assert sync.run_if_due() is not None
    assert sync.status().due == monday + timedelta(hours=1)


@pytest.mark.behaviour("LP-04", "LP-10", "ZS-15")
def test_a_run_that_is_asked_for_does_not_wait_for_the_hours(job: Job) -> None:
    """Sync now is due now, once, however often it is asked for, and a new process finds it waiting."""
    job.sync().run()
    rows = {job.sync().enqueue().number for _ in range(3)}

    assert len(rows) == 1
    assert job.sync().status().due == job.clock.now()
    assert job.sync().run_if_due() is not None
    assert job.sync().run_if_due() is None
    assert [row.state for row in job.sync().history()] == [RunState.COMPLETE, RunState.COMPLETE]


@pytest.mark.behaviour("LP-10", "ZS-15")
def test_a_run_that_was_cut_off_keeps_nobody_from_asking_for_one(job: Job) -> None:
    """A process that died leaves its run as going on: while that may be so none is added, then one is, due at once."""
    sync = job.sync()
    sync.run()
    job.clock.advance(3600)
    left = job.state.commit("job", Commit(run=RunRow(RunState.SYNCING, started=job.clock.now()))).run
    job.state.acquire("job", "a process that died", job.clock.now(), timedelta(minutes=5))
    assert sync.enqueue().number == left
    assert sync.run_if_due() is None

    job.clock.advance(301)
    queued = sync.enqueue()
    assert (queued.state, sync.enqueue()) == (RunState.ENQUEUED, queued)
    assert sync.status().due == job.clock.now()
    assert sync.run_if_due() is not None
    assert [row.state for row in sync.history()] == [RunState.COMPLETE, RunState.WARNING, RunState.COMPLETE]


@pytest.mark.behaviour("LP-10", "ZS-15")
def test_who_is_proved_dead_is_not_waited_for(job: Job) -> None:
    """Where the host knows that the worker is gone, what is asked for is due at once."""
    job.state.commit("job", Commit(run=RunRow(RunState.SYNCING, started=job.clock.now())))
    job.state.acquire("job", "gone", job.clock.now(), timedelta(minutes=5))
    sync = job.sync(is_gone=lambda worker: worker == "gone")

    assert sync.enqueue().state is RunState.ENQUEUED
    assert sync.run_if_due() is not None


@pytest.mark.behaviour("LP-10")
def test_what_is_written_of_one_pair_is_not_the_run_that_was_asked_for(job: Job) -> None:
    """Pairing two records by hand leaves the run that somebody asked for waiting, and asked for once."""
    job.sync().run()
    left = job.outlook.contacts.insert(Contact("Ada", categories=("Maximizer",), email_addresses=MAIL))
    right = job.crm.entries.insert(Entry(first_name="Augusta", last_name="King"))
    queued = job.sync().enqueue()
    job.sync().pair(left, right)

    assert job.sync().enqueue() == queued
    assert job.sync().status().due == job.clock.now()
    report = job.sync().run_if_due()
    assert report is not None
    assert report.run == queued.number
    assert job.sync().run_if_due() is None


@pytest.mark.behaviour("LP-10")
def test_who_asks_while_one_pair_is_written_gets_a_run(job: Job) -> None:
    """A run that is asked for while two records are paired by hand is queued, and due when that is done."""
    job.sync().run()
    left = job.outlook.contacts.insert(Contact("Ada", categories=("Maximizer",), email_addresses=MAIL))
    right = job.crm.entries.insert(Entry(first_name="Augusta", last_name="King"))
    asked: list[RunRow] = []
    job.crm.entries.faults.before("update", lambda _batch: asked.append(job.sync().enqueue()))
    job.sync().pair(left, right)

    assert {row.state for row in asked} == {RunState.ENQUEUED}
    report = job.sync().run_if_due()
    assert report is not None
    assert report.run == asked[0].number


@pytest.mark.behaviour("LP-10", "ZS-15")
@pytest.mark.parametrize("many", [24, 25, 130])
def test_a_run_that_is_asked_for_is_found_behind_whatever_comes_before_it(job: Job, many: int) -> None:
    """However many pairs are written by hand meanwhile, the run stays due, is asked for once, and is then the last."""
    job.sync().run()
    plan = job.sync().plan()
    first = job.sync().enqueue()
    for _ in range(many):
        job.sync().apply(plan)
        plan = job.sync().plan()

    queued = job.sync().enqueue()
    assert (queued.state, queued.enqueued) == (RunState.ENQUEUED, first.enqueued)
    assert job.sync().status().due == job.clock.now()
    waiting = [row for row in job.sync().history(1000) if row.state is RunState.ENQUEUED]
    assert waiting == [queued]
    assert len(job.sync().history(1000)) == many + 2

    job.clock.advance(1)
    report = job.sync().run_if_due()
    assert report is not None
    assert report.run == queued.number
    assert job.sync().run_if_due() is None
    assert job.sync().status().last_run == next(row for row in job.sync().history() if row.number == report.run)
    assert {row.state for row in job.sync().history(1000)} == {RunState.COMPLETE}


@pytest.mark.behaviour("LP-10")
def test_runs_are_known_in_the_order_in_which_they_began_also_where_one_was_asked_for_long_before(job: Job) -> None:
    """What takes the number of a run that waits for long is not taken for older than what came before it."""
    job.sync().run()
    job.sync().enqueue()
    for _ in range(27):
        job.clock.advance(60)
        job.sync().apply(job.sync().plan())

    rows = job.sync().history()
    numbers = [row.number for row in latest_begun(rows) if row.state is not RunState.ENQUEUED]
    began = sorted((row.started, row.number) for row in rows if row.started)
    assert numbers == [number for _, number in reversed(began)]


@pytest.mark.behaviour("LP-10")
def test_an_earlier_plan_is_not_the_run_that_was_asked_for(job: Job) -> None:
    """A plan knows nothing of what changed after it: who asks for a run then gets one, though the plan is applied."""
    job.sync().run()
    plan = job.sync().plan()
    ada = Contact("Ada", "", "King", categories=("Maximizer",), email_addresses=MAIL)
    job.outlook.contacts.insert(ada)
    queued = job.sync().enqueue()
    job.sync().apply(plan)

    assert job.sync().enqueue() == queued
    report = job.sync().run_if_due()
    assert report is not None
    assert report.run == queued.number
    assert len(job.crm.entries) == 1


@pytest.mark.behaviour("LP-10")
def test_a_correction_that_is_refused_is_not_the_run_that_was_asked_for(job: Job) -> None:
    """A correction that comes too late leaves the run waiting that somebody asked for."""
    ada = job.outlook.contacts.insert(Contact("Ada", categories=("Maximizer",), email_addresses=MAIL))
    job.sync().run()
    queued = job.sync().enqueue()
    with pytest.raises(StalePlan):
        job.sync().correct("left", ada, {"surname": "King"}, version="another")

    assert job.sync().enqueue() == queued


@pytest.mark.behaviour("LP-10")
def test_a_run_that_was_asked_for_waits_behind_any_number_of_choices(job: Job) -> None:
    """Whoever settles one thing after another does not push the run out of sight that somebody asked for."""
    job.sync().run()
    queued = job.sync().enqueue()
    for _ in range(8):
        with pytest.raises(UsageError):
            job.sync().pair("none", "of these")

    assert job.sync().enqueue() == queued
    assert job.sync().status().due == job.clock.now()
    report = job.sync().run_if_due()
    assert report is not None
    assert report.run == queued.number


@pytest.mark.behaviour("LP-10")
def test_a_run_that_waited_is_the_last_one_once_it_was_made(job: Job) -> None:
    """What was written of one pair meanwhile is not taken for later: the waiting run's stop can still be confirmed."""
    job.settings = attrs.evolve(job.settings, favourite_list="Clients")
    contacts = [
        job.outlook.contacts.insert(
            Contact(
                "Ada", "", f"No {at}", categories=("Maximizer",), email_addresses=(EmailAddress(f"{at}@example.com"),)
            )
        )
        for at in range(20)
    ]
    job.sync().run()
    left = job.outlook.contacts.insert(Contact("Ada", categories=("Maximizer",), email_addresses=MAIL))
    right = job.crm.entries.insert(Entry(first_name="Augusta", last_name="King"))
    queued = job.sync().enqueue()
    job.sync().pair(left, right)
    job.clock.advance(7200)
    for one in contacts[:15]:
        job.outlook.contacts.delete(one)
    stopped = job.sync().run_if_due()

    assert stopped is not None
    assert stopped.run == queued.number
    last = job.sync().status().last_run
    assert last is not None
    assert last.number == queued.number
    assert job.sync().run_if_due() is None
    assert job.sync().confirm() == {"right.removals": 15}


@pytest.mark.behaviour("LP-10")
def test_switched_on_again_it_runs_at_once(job: Job) -> None:
    """What was missed while it was off is not left until the hours begin."""
    sync = job.sync()
    sync.run()
    sync.disable()
    job.clock.advance(60)
    assert sync.status().due is None
    sync.enable()

    assert sync.status().due == job.clock.now()
    assert sync.run_if_due() is not None
    assert sync.run_if_due() is None


@pytest.mark.behaviour("LP-15")
def test_the_status_at_a_glance(job: Job) -> None:
    """At first it is off, never run, without an interval; then on, with the last run and the interval."""
    assert job.sync(enabled=False).status().glance == {"enabled": "no", "last run": "never run", "interval": "none"}
    job.sync().run()

    assert job.sync().status().glance == {
        "enabled": "yes",
        "last run": "complete, 2026-03-17 21:00 UTC",
        "interval": "1 hour",
    }


@pytest.mark.behaviour("LP-15", "CX-01")
def test_what_settings_keep_off_does_not_run(job: Job) -> None:
    """A sync that its settings keep off is neither due nor run, and says whom to ask."""
    job.outlook.contacts.insert(Contact("Ada", "", "Lovelace", categories=("Maximizer",)))
    sync = job.sync(enabled=False)

    assert sync.status().due is None
    assert sync.run_if_due() is None
    with pytest.raises(SyncDisabled, match="settings"):
        sync.run()
    with pytest.raises(SyncDisabled, match="settings"):
        sync.plan()
    assert sync.history() == []
    assert job.sync().run().ignored == 1


@pytest.mark.behaviour("LP-16")
def test_jobs_of_one_person_are_apart(job: Job) -> None:
    """Contacts and tasks have a switch, a schedule, a state and a history each, also within one state."""
    contacts = job.sync()
    tasks = Sync(
        "job/tasks",
        left=job.outlook.tasks,
        right=job.crm.tasks,
        profile=maximizer.TaskSettings(interval=timedelta(hours=5)).profile(job.outlook.tasks.own_scope("M", "t")),
        state=job.state,
        clock=job.clock,
    )
    contacts.run()
    contacts.disable()
    job.outlook.tasks.insert(TodoTask("Write"), lists=[tasks.status().scopes[0] or ""])
    tasks.run()
    tasks.run()

    assert (contacts.status().enabled, tasks.status().enabled) == (False, True)
    assert (len(contacts.history()), len(tasks.history())) == (1, 2)
    assert tasks.status().due == job.clock.now() + timedelta(hours=5)
    contacts.forget()
    assert tasks.status().initial_done
