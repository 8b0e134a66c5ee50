"""MX-O-01 to MX-O-07: runs, their record, the standing list, switching, scopes, status, accounts."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from tallystick import Side
from tallystick.errors import AuthenticationRequired, PermissionDenied, ProviderError, SyncDisabled, Unavailable
from tallystick.ports import RunState
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeOutlook
from tallystick.records import Contact, Entry
from tests.simulation.crash import Crash, Fuse
from tests.simulation.world import CATEGORY, CLIENTS, NAME, World, contact


def paired(*people: int) -> World:
    """Return a world of pairs at rest."""
    world = World()
    for person in people:
        world.insert(0, person, company_name=f"c{person}", file_as="kept")
    world.quiet()
    return world


# --- MX-O-01 ---------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-O-01")
def test_a_run_is_recorded_with_its_counts_and_times() -> None:
    """The record of a run has its state, start, end, duration, and the counts of synced and ignored records."""
    world = World()
    world.insert(0, 1)
    world.insert(0, 2)
    world.outlook.contacts.insert(Contact(given_name="nothing else"), lists=(CATEGORY,))
    began = world.clock.now()

    report = world.run()
    (row,) = world.sync().history()

    assert row.state is RunState.COMPLETE
    assert (row.synced, row.ignored, row.note) == (2, 1, "")
    assert (report.synced, report.ignored) == (2, 1)
    assert row.started == began
    assert row.ended == world.clock.now()
    assert row.duration == world.clock.now() - began
    assert row.initial


@pytest.mark.behaviour("MX-O-01")
def test_a_run_can_be_seen_waiting_and_going_on() -> None:
    """A run is visible as enqueued, then as syncing, then as complete, all in one row."""
    world = World()
    world.insert(0, 1)
    seen: list[tuple[RunState, int]] = []

    def look(_batch: object) -> None:
        seen.extend((row.state, row.number) for row in world.sync().history())

    world.crm.entries.faults.before("create", look)
    queued = world.sync().enqueue()
    again = world.sync().enqueue()
    waiting = [row.state for row in world.sync().history()]
    world.run()
    done = [(row.state, row.number) for row in world.sync().history()]

    assert queued == again
    assert waiting == [RunState.ENQUEUED]
    assert seen == [(RunState.SYNCING, queued.number)]
    assert done == [(RunState.COMPLETE, queued.number)]


@pytest.mark.behaviour("MX-O-01")
@pytest.mark.parametrize("method", ["changes", "get", "search", "create", "update"])
@pytest.mark.parametrize("error", [Unavailable("down"), AuthenticationRequired("sign in"), PermissionDenied("no")])
def test_a_fault_is_a_warning_or_a_problem_and_the_next_run_tries_again(method: str, error: ProviderError) -> None:
    """A service that is down is a warning, a missing sign-in or permission a problem; either way the next run works."""
    world = paired(1)
    world.insert(0, 2, file_as="kept")
    world.write(0, 1, 0, "edited")
    world.crm.entries.insert(Entry(first_name="x"), lists=(CLIENTS,))
    world.crm.entries.faults.fail(method, error)  # type: ignore[arg-type]  # the names of the methods
    world.clock.advance(600)

    report = world.run()

    expected = RunState.WARNING if isinstance(error, Unavailable) else RunState.PROBLEM
    assert world.crm.entries.faults.fired["fail"] == 1
    assert report.state is expected
    assert error.what in report.note
    assert world.sync().history()[0].state is expected
    world.quiet()
    world.check()
    assert world.sync().history()[0].state is RunState.COMPLETE


@pytest.mark.behaviour("MX-O-01")
def test_a_record_that_failed_makes_a_warning() -> None:
    """A refused record is a warning with its reason, and is tried again later."""
    world = paired(1)
    world.write(0, 1, 0, "edited")
    world.crm.entries.faults.refuse(world.the(1, 1), "locked", times=1)
    world.clock.advance(600)

    report = world.run()

    assert report.state is RunState.WARNING
    assert "locked" in report.note
    world.quiet()
    assert world.crm.entries.record(world.the(1, 1)).company_name == "edited"


@pytest.mark.behaviour("MX-O-01")
def test_ignored_records_leave_a_run_complete() -> None:
    """Ignored records are no fault."""
    world = World()
    world.outlook.contacts.insert(Contact(), lists=(CATEGORY,))

    assert world.run().state is RunState.COMPLETE


@pytest.mark.behaviour("MX-O-01")
def test_a_guards_stop_is_a_problem_that_says_what_to_do() -> None:
    """A run that its guards stopped is a problem, and its note says what a person must do."""
    world = World()
    for person in range(20):
        world.insert(0, person)
    world.quiet()
    for person in range(12):
        world.outlook.contacts.delete(world.the(0, person))
    world.clock.advance(600)

    report = world.run()

    assert report.state is RunState.PROBLEM
    assert "confirm" in report.note


@pytest.mark.behaviour("MX-O-01")
def test_a_run_that_was_cut_off_is_closed_as_a_warning_by_the_next() -> None:
    """A run whose process died stays as syncing until the next run closes it as a warning."""
    world = World()
    world.insert(0, 1)
    with pytest.raises(Crash):
        world.run(Fuse(1, "before", writes_only=True))
    assert [row.state for row in world.sync().history()] == [RunState.SYNCING]
    world.clock.advance(600)

    world.run()

    newest, oldest = world.sync().history()
    assert (newest.state, oldest.state) == (RunState.COMPLETE, RunState.WARNING)
    assert oldest.ended is not None
    assert oldest.note


@pytest.mark.behaviour("MX-O-01")
def test_synced_counts_pairs_that_the_run_wrote_or_found_equal() -> None:
    """Pairs that were equal when they met count as synced; in a later quiet run nothing does."""
    world = World()
    world.insert(0, 1, file_as="kept")
    world.insert(1, 1)

    assert world.run().synced == 1
    world.clock.advance(600)
    assert world.run().synced == 0


# --- MX-O-02 ---------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-O-02")
def test_the_list_of_ignored_records_is_complete() -> None:
    """Each ignored record is listed with side, id, every reason, and a link to its page where there is one."""
    world = World()
    one = world.outlook.contacts.insert(Contact(), lists=(CATEGORY,))
    two = world.crm.entries.insert(Entry(first_name="x", emails=("no address",)), lists=(CLIENTS,))
    world.run()

    left, right = sorted(world.sync().ignored(), key=lambda row: row.side)

    assert (left.side, left.id, left.url) == (Side.LEFT, one, "")
    assert left.reasons == ("missing:first_name", "missing:last_name", "missing:email")
    assert (right.side, right.id, right.url) == (Side.RIGHT, two, f"https://crm.example/entries/{two}")
    assert right.reasons == ("missing:last_name", "invalid:email")
    assert all(right.words)


Mend = Callable[[World, str], object]


def _mend(world: World, one: str) -> None:
    world.outlook.contacts.edit(one, **attrs.asdict(contact(9), recurse=False) | {"categories": (CATEGORY,)})


@pytest.mark.behaviour("MX-O-02")
@pytest.mark.parametrize("expired", [False, True], ids=["delta", "full listing"])
@pytest.mark.parametrize(
    "mend",
    [
        _mend,
        lambda world, one: world.outlook.contacts.delete(one),
        lambda world, one: world.outlook.contacts.leave(one, CATEGORY),
    ],
    ids=["mended", "deleted", "taken out"],
)
def test_an_ignored_record_stays_listed_until_it_is_settled(mend: Mend, expired: bool) -> None:
    """An ignored record is listed and counted in every run, read or not, until it is mended, deleted or taken out."""
    world = World()
    one = world.outlook.contacts.insert(Contact(given_name="x"), lists=(CATEGORY,))
    for _ in range(3):
        assert world.run().ignored == 1
        assert [row.id for row in world.sync().ignored()] == [one]
        world.clock.advance(600)
    mend(world, one)
    if expired:
        world.outlook.contacts.expire_cursors()

    assert world.run().ignored == 0
    assert not world.sync().ignored()


# --- MX-O-03 ---------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-O-03")
def test_a_sync_that_is_off_reads_and_writes_nothing() -> None:
    """While a sync is off, neither run nor plan makes a request."""
    world = paired(1)
    sync = world.sync()
    sync.disable()
    world.insert(0, 2)
    before = [collection.requests.copy() for collection in world.sides]

    for forbidden in (sync.run, sync.plan):
        with pytest.raises(SyncDisabled):
            forbidden()

    assert [collection.requests for collection in world.sides] == before
    assert sync.status().enabled is False
    assert sync.status().due is None


@pytest.mark.behaviour("MX-O-03")
def test_switching_on_again_makes_a_fresh_initial_sync() -> None:
    """After a sync was off, the next run lists both sides anew: pairs stay pairs, deletions while off are no losses."""
    world = paired(1, 2, 3)
    pairs = {link.ids for link in world.links()}
    world.sync().disable()
    world.outlook.contacts.delete(world.the(0, 1))
    world.crm.entries.delete(world.the(1, 2))
    world.write(0, 3, 0, "edited while off")
    world.insert(1, 4)
    world.clock.advance(86_400)
    sync = world.sync()
    sync.enable()

    report = world.run()

    assert report.initial
    assert ("changes", 1) in world.outlook.contacts.requests
    assert not world.find(0, 1)
    assert not world.find(1, 2)
    assert world.crm.entries.record(world.the(1, 3)).company_name == "edited while off"
    assert len(world.find(0, 4)) == 1
    assert len({link.ids for link in world.links()} & pairs) == 1
    world.quiet()
    world.check(linked=False)
    assert not world.sync().ignored()


@pytest.mark.behaviour("MX-O-03")
@pytest.mark.parametrize("settings", [{"category": "Other"}, {"favourite_list": "Other"}], ids=["category", "list"])
def test_another_scope_makes_the_next_run_an_initial_one(settings: dict[str, str]) -> None:
    """After another category or list was chosen, the next run is an initial one, and pairs stay pairs."""
    world = paired(1, 2)
    pairs = {link.ids for link in world.links()}
    world.profile = maximizer.contacts(**{"favourite_list": CLIENTS, **settings})  # type: ignore[arg-type]  # texts
    world.clock.advance(600)

    report = world.run()

    assert report.initial
    assert {link.ids for link in world.links()} == pairs
    assert not world.sync().ignored()
    assert [len(collection) for collection in world.sides] == [2, 2]
    world.clock.advance(600)
    assert not world.run().initial


@pytest.mark.behaviour("MX-O-03")
def test_another_interval_changes_nothing_else() -> None:
    """Another interval makes no initial run."""
    world = paired(1)
    world.profile = attrs.evolve(world.profile, interval=timedelta(hours=1))
    world.clock.advance(600)

    assert not world.run().initial


@pytest.mark.behaviour("MX-O-03")
def test_switching_on_what_is_on_changes_nothing() -> None:
    """Switching on a sync that is on already makes no initial run."""
    world = paired(1)
    world.sync().enable()

    assert not world.run().initial


# --- MX-O-04, 05 -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-O-04")
def test_the_first_run_is_initial_and_later_ones_read_only_what_changed() -> None:
    """The first run is the initial one, once; later runs ask for what changed since."""
    world = World()
    asked: list[object] = []
    world.outlook.contacts.faults.before("changes", lambda batch: asked.append(batch[0]))
    for person in range(9):
        world.insert(0, person, file_as="kept")

    initial = [world.run().initial]
    pages = len(asked)
    for _ in range(2):
        world.clock.advance(600)
        initial.append(world.run().initial)

    assert initial == [True, False, False]
    assert asked[0] is None
    assert None not in asked[pages:]
    assert len(asked) > pages > 1


@pytest.mark.behaviour("MX-O-04")
def test_a_first_run_that_failed_is_done_again_as_the_initial_one() -> None:
    """The initial sync happens once: a first run that got nowhere was none."""
    world = World()
    world.insert(0, 1)
    world.crm.entries.faults.fail("changes", Unavailable("down"))
    world.run()
    world.clock.advance(600)

    assert world.run().initial
    world.clock.advance(600)
    assert not world.run().initial


@pytest.mark.behaviour("MX-O-05")
def test_runs_are_due_every_ten_minutes_unless_set() -> None:
    """The next run is due ten minutes after the last began, or after the interval that was set."""
    world = World()
    assert world.sync().status().due == world.clock.now()
    began = world.clock.now()
    world.run()

    assert world.sync().status().interval == timedelta(minutes=10)
    assert world.sync().status().due == began + timedelta(minutes=10)
    world.profile = maximizer.contacts(favourite_list=CLIENTS, interval=timedelta(minutes=3))
    assert world.sync().status().due == began + timedelta(minutes=3)


# --- MX-O-06, 07 -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-O-06")
def test_the_status_tells_all_at_a_glance() -> None:
    """The status tells both accounts, on or off, both scopes, interval, pairs and the last run."""
    world = World()
    world.insert(0, 1)
    before = world.sync().status()
    world.run()
    world.crm.entries.declare("Prospects")
    status = world.sync().status()

    assert (before.last_run, before.initial_done, before.pairs) == (None, False, 0)
    assert status.accounts == ("outlook", "crm")
    assert status.scopes == (CATEGORY, CLIENTS)
    assert (status.enabled, status.pairs, status.initial_done) == (True, 1, True)
    assert status.last_run == world.sync().history()[0]
    assert list(world.sync().scopes(Side.RIGHT)) == [CLIENTS, "Prospects"]
    assert list(world.sync().scopes(Side.LEFT)) == [CATEGORY]


def with_another_mailbox(world: World) -> World:
    """Connect another mailbox, in which there are other contacts."""
    world.outlook = FakeOutlook("another", clock=world.clock, capabilities=world.outlook.contacts.capabilities)
    world.insert(0, 2, company_name="c2", file_as="kept")
    world.insert(0, 9, company_name="c9", file_as="kept")
    return world


@pytest.mark.behaviour("MX-O-07")
def test_another_account_begins_a_new_sync() -> None:
    """With another mailbox the old links are closed, nothing is removed or emptied, and a new initial sync begins."""
    world = paired(1, 2)
    entries = world.crm.entries.all(CLIENTS)
    with_another_mailbox(world)
    world.clock.advance(600)

    report = world.run()

    assert report.initial
    assert entries.items() <= world.crm.entries.all(CLIENTS).items()
    assert sorted(len(world.find(0, person)) for person in (1, 2, 9)) == [1, 1, 1]
    assert not any(kind in ("remove", "leave") for _, kind in report.writes)
    assert world.state.head(NAME).links == 3
    world.quiet()
    world.check()


@pytest.mark.behaviour("MX-O-07", "TS-03")
def test_a_crash_in_the_first_run_of_another_account_loses_nobody() -> None:
    """Wherever the first run with another account dies, the next ones finish what an initial sync does."""
    counting = Fuse()
    clean = with_another_mailbox(paired(1, 2))
    clean.clock.advance(600)
    clean.run(counting)
    clean.quiet()
    expected = clean.picture()
    for at in range(1, counting.count + 1):
        world = with_another_mailbox(paired(1, 2))
        world.clock.advance(600)
        with pytest.raises(Crash):
            world.run(Fuse(at, "after"))
        world.clock.advance(600)
        world.run()
        world.quiet()
        assert world.picture() == expected, f"after a crash at request {at}, {counting.trace[at - 1]}"
