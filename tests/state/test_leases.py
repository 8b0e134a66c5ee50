"""Test leases and the fences of commits, on every kind of state."""

import threading
from datetime import datetime, timedelta

import attrs
import pytest

from tallystick.errors import LeaseHeld, LeaseLost, StateMoved, UsageError
from tallystick.ports import Bid, Commit, Fence, Lease, RunRow, RunState, State
from tests.state.samples import NOON, a_batch, a_link, a_row, everything
from tests.state.timing import Timing

SPAN = timedelta(minutes=5)
MOST = SPAN * 0.8
FULL = Commit(
    head={"layout": "x"}, links=[a_link()], parked=[a_row("l9")], opened=[a_batch("t")], run=RunRow(RunState.SYNCING)
)


def taken(state: State, timing: Timing, worker: str = "one", sync: str = "s") -> Lease:
    """Return the lease of a worker that has asked for it now."""
    return state.acquire(sync, worker, timing.now, SPAN)


def under(lease: Lease, timing: Timing) -> Fence:
    """Return the fence of a commit that is made now under a lease."""
    return Fence(lease.token, timing.now, SPAN)


def test_one_at_a_time(state: State, timing: Timing) -> None:
    """While one worker holds a sync another is refused, and told who it is and when to come back."""
    lease = taken(state, timing)
    with pytest.raises(LeaseHeld, match=r"s: 'one' is at work on this sync -- try again when it is done, or after 2"):
        taken(state, timing, "two")
    with pytest.raises(LeaseHeld) as caught:
        taken(state, timing, "two")
    assert (caught.value.worker, caught.value.until, caught.value.retryable) == ("one", lease.until, True)
    assert caught.value.to_dict()["until"] == lease.until.isoformat()

    state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    assert state.head("s").links == 1


def test_a_commit_takes_the_lease(state: State, timing: Timing) -> None:
    """A worker that records its run may take the lease with it: both are there, or neither."""
    begun = Commit(run=RunRow(RunState.SYNCING), bid=Bid("one", timing.now, SPAN), newest_run=0)
    lease = state.commit("s", begun).lease
    assert lease is not None
    assert (lease.worker, state.lease("s", timing.now)) == ("one", lease)
    assert len(state.runs("s")) == 1

    before = everything(state)
    for worker, newest, refused in (("two", None, LeaseHeld), ("one", 0, StateMoved)):
        with pytest.raises(refused):
            state.commit("s", attrs.evolve(begun, bid=Bid(worker, timing.now, SPAN), newest_run=newest))
        assert (everything(state), state.lease("s", timing.now)) == (before, lease)

    timing.advance(SPAN)
    later = state.commit("s", Commit(bid=Bid("two", timing.now, SPAN))).lease
    assert later is not None
    assert (later.token > lease.token, later.worker, everything(state)) == (True, "two", before)
    with pytest.raises(LeaseLost):
        state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))


def test_leasing_makes_no_sync_known(state: State, timing: Timing) -> None:
    """A sync that was only leased is not known yet, and its head is fresh."""
    before = everything(state)
    taken(state, timing)

    assert everything(state) == before


def test_syncs_are_apart(state: State, timing: Timing) -> None:
    """The lease of one sync is none of another's, and opens no other."""
    lease = taken(state, timing)
    taken(state, timing, "two", "other")
    taken(state, timing, "two", "other")

    with pytest.raises(LeaseLost):
        state.commit("other", Commit(links=[a_link()], fence=under(lease, timing)))
    with pytest.raises(LeaseLost):
        state.commit("third", Commit(links=[a_link()], fence=under(lease, timing)))
    assert list(state.syncs()) == []


def test_taken_over(state: State, timing: Timing) -> None:
    """A lease that has run out may be taken by another worker, under a larger token."""
    first = taken(state, timing)
    timing.advance(SPAN)
    second = taken(state, timing, "two")

    assert second.token > first.token
    assert second.worker == "two"


HOURS = timedelta(hours=3)


def test_a_clock_that_was_set_back_keeps_nobody_waiting(state: State, timing: Timing) -> None:
    """A lease that ends farther ahead than it is long counts as run out; its late holder writes nothing more."""
    first = taken(state, timing)
    timing.advance(-HOURS)
    assert state.lease("s", timing.now) is None
    second = taken(state, timing, "two")

    assert second.token > first.token
    assert (second.span, state.lease("s", timing.now)) == (SPAN, second)
    with pytest.raises(LeaseLost):
        state.commit("s", Commit(links=[a_link()], fence=under(first, timing)))
    with pytest.raises(LeaseLost):
        state.renew("s", under(first, timing))
    with pytest.raises(LeaseHeld):
        taken(state, timing)
    assert state.head("s").links == 0


@pytest.mark.parametrize("by_commit", [False, True])
def test_a_worker_goes_on_whose_clock_is_set_back(state: State, timing: Timing, by_commit: bool) -> None:
    """Where nobody has taken its lease, the next sign of life makes it end a length from now, and not hours later."""
    lease = taken(state, timing)
    timing.advance(-HOURS)
    if by_commit:
        state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    else:
        state.renew("s", under(lease, timing))
    with pytest.raises(LeaseHeld):
        taken(state, timing, "two")
    timing.advance(SPAN + timedelta(seconds=1))

    assert taken(state, timing, "two").token > lease.token


def test_a_clock_that_is_set_right_costs_nobody_the_lease(state: State, timing: Timing) -> None:
    """Clocks that follow others go back by moments; that is nothing, and a lease is no shorter for it."""
    lease = taken(state, timing)
    timing.advance(-timedelta(seconds=20))
    with pytest.raises(LeaseHeld):
        taken(state, timing, "two")
    state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    timing.advance(SPAN)
    with pytest.raises(LeaseHeld):
        taken(state, timing, "two")


@pytest.mark.parametrize("ended", [False, True])
def test_late_worker(state: State, timing: Timing, ended: bool) -> None:
    """A worker that was only slow writes nothing once another has taken over, nor after that one is done."""
    first = taken(state, timing)
    state.commit("s", Commit(0, links=[a_link("l0", "r0")], fence=under(first, timing)))
    timing.advance(SPAN)
    second = taken(state, timing, "two")
    if ended:
        state.release("s", second.token)
    before = everything(state)

    for commit in (FULL, Commit(1, links=[a_link()]), Commit(run=RunRow(RunState.WARNING)), Commit()):
        commit.fence = under(first, timing)
        with pytest.raises(LeaseLost, match="nothing was written") as caught:
            state.commit("s", commit)
        assert isinstance(caught.value, StateMoved)
    with pytest.raises(LeaseLost):
        state.renew("s", under(first, timing))
    assert everything(state) == before

    if not ended:
        state.commit("s", Commit(1, links=[a_link()], fence=under(second, timing)))
        assert state.head("s").links == 2


def test_run_out(state: State, timing: Timing) -> None:
    """Nothing is written under a lease that has run out, though nobody wants it; renewed, it is as good as before."""
    lease = taken(state, timing)
    timing.advance(SPAN)
    with pytest.raises(LeaseLost, match="has run out"):
        state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    assert state.head("s").links == 0

    assert state.renew("s", under(lease, timing)).token == lease.token
    state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    assert state.head("s").links == 1


@pytest.mark.parametrize("commit", [Commit(), Commit(links=[a_link()]), Commit(run=RunRow(RunState.SYNCING))])
def test_commits_renew(state: State, timing: Timing, commit: Commit) -> None:
    """Every commit under a lease makes it last for its whole span again."""
    lease = taken(state, timing)
    timing.advance(MOST)
    commit.fence = under(lease, timing)
    state.commit("s", commit)
    timing.advance(MOST)

    with pytest.raises(LeaseHeld):
        taken(state, timing, "two")
    timing.advance(MOST)
    assert taken(state, timing, "two").token > lease.token


def test_refused_commits_renew_nothing(state: State, timing: Timing) -> None:
    """A commit that is refused for another reason leaves the lease as it was."""
    lease = taken(state, timing)
    timing.advance(MOST)
    with pytest.raises(StateMoved):
        state.commit("s", Commit(7, links=[a_link()], fence=under(lease, timing)))
    timing.advance(MOST)

    assert taken(state, timing, "two").token > lease.token


def test_a_longer_renewal_stays(state: State, timing: Timing) -> None:
    """A lease that was made to last through a long wait is not cut short by the commits before it."""
    lease = taken(state, timing)
    state.renew("s", Fence(lease.token, timing.now, 3 * SPAN))
    state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    timing.advance(2 * SPAN)

    with pytest.raises(LeaseHeld):
        taken(state, timing, "two")


def test_given_back(state: State, timing: Timing) -> None:
    """A lease that was given back is free at once, and opens nothing any more."""
    lease = taken(state, timing)
    state.release("s", lease.token)
    with pytest.raises(LeaseLost, match="nobody holds it"):
        state.commit("s", Commit(links=[a_link()], fence=under(lease, timing)))
    with pytest.raises(LeaseLost, match="nobody holds it"):
        state.renew("s", under(lease, timing))

    assert taken(state, timing, "two").token > lease.token


def test_giving_back_what_is_anothers(state: State, timing: Timing) -> None:
    """Who gives back a lease that another has taken, or that never was, changes nothing."""
    first = taken(state, timing)
    timing.advance(SPAN)
    second = taken(state, timing, "two")
    state.release("s", first.token)
    state.release("never leased", 1)

    state.commit("s", Commit(links=[a_link()], fence=under(second, timing)))
    with pytest.raises(LeaseHeld):
        taken(state, timing, "three")


def test_same_worker(state: State, timing: Timing) -> None:
    """A worker that is started anew under its name takes over at once, and what it was before is locked out."""
    before, after = taken(state, timing), taken(state, timing)
    assert after.token > before.token

    with pytest.raises(LeaseLost):
        state.commit("s", Commit(links=[a_link()], fence=under(before, timing)))
    state.commit("s", Commit(links=[a_link()], fence=under(after, timing)))


def test_no_fence(state: State, timing: Timing) -> None:
    """What a person switches while a worker is at it needs no lease, and does not take the worker's."""
    lease = taken(state, timing)
    state.commit("s", Commit(head={"enabled": False}))
    state.commit("s", Commit(1, links=[a_link()], fence=under(lease, timing)))

    assert state.head("s").revision == 2


def test_times_without_sense(state: State, timing: Timing) -> None:
    """A lease that would be over at once, or that begins at no instant, is refused."""
    with pytest.raises(UsageError, match="run out when it begins"):
        state.acquire("s", "one", timing.now, timedelta(0))
    with pytest.raises(UsageError, match="zone"):
        state.acquire("s", "one", datetime(2026, 1, 1), SPAN)  # noqa: DTZ001
    with pytest.raises(UsageError, match="outside"):
        state.acquire("s", "one", timing.now, timedelta.max)
    taken(state, timing)


def test_threads(state: State) -> None:
    """Of many workers that ask at once one gets the lease, and each taking has a token of its own."""
    taken_by: list[Lease] = []
    refused: list[str] = []
    together = threading.Barrier(4)

    def work(name: str) -> None:
        for _ in range(5):
            together.wait()
            try:
                lease = state.acquire("s", name, NOON, SPAN)
            except LeaseHeld:
                refused.append(name)
            else:
                taken_by.append(lease)
            together.wait()
            if taken_by[-1].worker == name:
                state.release("s", taken_by[-1].token)

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [lease.token for lease in taken_by] == sorted({lease.token for lease in taken_by})
    assert (len(taken_by), len(refused)) == (5, 15)
