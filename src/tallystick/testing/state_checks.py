"""Provide the checks of a state: what a commit takes, what is read back, and who may write."""

from datetime import UTC, datetime, timedelta

import attrs

from tallystick.errors import LeaseHeld, LeaseLost, StateError, StateMoved
from tallystick.ports import (
    Batch,
    Bid,
    Claim,
    Commit,
    Fence,
    Intent,
    Link,
    Parked,
    ParkedKind,
    RunRow,
    RunState,
    Side,
    State,
    WriteKind,
)
from tallystick.testing.check import Check, Failed, refused, require

SYNC = "contract"
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
SPAN = timedelta(minutes=5)
_MANY = 2500


def a_link(number: int, stored: int = 0) -> Link:
    """Return one of many different links."""
    base = (b"left %d" % number, b"right %d" % number)
    return Link((f"l{number}", f"r{number}"), (f"v{number}", None), (True, False), base, "a@1", stored, "why|a")


def a_row(
    id_: str, *, side: Side = Side.LEFT, keys: tuple[bytes, ...] = (), hour: int = 0, due: int | None = None
) -> Parked:
    """Return a parked row."""
    at = NOW + timedelta(hours=hour)
    retry = None if due is None else NOW + timedelta(hours=due)
    return Parked(side, id_, "v", ParkedKind.IGNORED, ("missing:a",), keys, 1, at, at, retry)


def a_batch(*tokens: str) -> Batch:
    """Return a batch of creates."""
    intents = tuple(
        Intent(token, WriteKind.CREATE, ("l", ""), ("v", None), (True, False), (b"l", b"r")) for token in tokens
    )
    return Batch(Side.RIGHT, NOW, "a@1", intents)


def _links(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(1), a_link(2)]))
    for side in Side:
        ids = [a_link(2).ids[side], "unknown", a_link(1).ids[side]]
        found = sorted(state.links(SYNC, side, ids), key=lambda link: link.ids)
        kept = [attrs.evolve(link, number=0) for link in found]
        require(kept == [a_link(1), a_link(2)], f"links are not read back by their {side.label} ids as they were kept")
        require(len({link.number for link in found} - {0}) == len(found), "links have no numbers of their own")


def _replaced(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(1), a_link(2)]))
    (one,) = state.links(SYNC, Side.LEFT, ["l1"])
    state.commit(SYNC, Commit(links=[attrs.evolve(one, ids=("l1", "r9"), versions=("v9", "v9"))]))
    (now,) = state.links(SYNC, Side.LEFT, ["l1"])
    require(now.ids == ("l1", "r9") and now.number == one.number, "a link with a number does not replace its namesake")
    require(not state.links(SYNC, Side.RIGHT, ["r1"]), "a link that was replaced is still found by its old id")
    state.commit(SYNC, Commit(unlinked=[one.number]))
    require(not state.links(SYNC, Side.LEFT, ["l1"]), "a link that was ended is still found")
    require(len(state.links(SYNC, Side.LEFT, ["l2"])) == 1, "ending one link ended another")


def _unique(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(1)]))
    before = state.head(SYNC)
    twice = attrs.evolve(a_link(2), ids=("l1", "r2"))
    with refused(StateError, "one record is in two links"):
        state.commit(SYNC, Commit(links=[twice], parked=[a_row("p")]))
    require(state.head(SYNC) == before, "a commit that was refused was taken in part")
    require(not state.parked(SYNC, Side.LEFT, ["p"]), "a commit that was refused was taken in part")


def _revision(state: State) -> None:
    first = state.commit(SYNC, Commit(links=[a_link(1)])).head.revision
    second = state.commit(SYNC, Commit(first, links=[a_link(2)])).head.revision
    require(second != first, "a commit did not move the revision")
    with refused(StateMoved, "a commit that rests on an older revision is not refused with StateMoved"):
        state.commit(SYNC, Commit(first, links=[a_link(3)]))
    require(not state.links(SYNC, Side.LEFT, ["l3"]), "a commit that was refused was taken all the same")


def _run_rows(state: State) -> None:
    before = state.commit(SYNC, Commit(links=[a_link(1)])).head.revision
    numbers = [state.commit(SYNC, Commit(run=RunRow(RunState.SYNCING, started=NOW))).run for _ in range(3)]
    require(state.head(SYNC).revision == before, "a run's row moved the revision")
    done = RunRow(RunState.COMPLETE, numbers[1], started=NOW, ended=NOW + SPAN, counts={"a": 1}, note="done")
    state.commit(SYNC, Commit(run=done))
    rows = state.runs(SYNC, 2)
    require([row.number for row in rows] == numbers[:0:-1], "the runs do not come newest first, as many as asked for")
    require(rows[1] == done, "a run's row with a number does not replace its namesake")


def _newest_run(state: State) -> None:
    queued = Commit(run=RunRow(RunState.ENQUEUED, enqueued=NOW), newest_run=0)
    number = state.commit(SYNC, queued).run
    with refused(StateMoved, "a run's row that rests on another newest run is not refused with StateMoved"):
        state.commit(SYNC, queued)
    require(len(state.runs(SYNC)) == 1, "a run's row that was refused was kept all the same")
    state.commit("another", queued)
    state.commit(SYNC, attrs.evolve(queued, newest_run=number))
    require(state.runs(SYNC)[0].number != number, "a run's row that rests on the newest run is not kept")


def _parked(state: State) -> None:
    state.commit(SYNC, Commit(parked=[a_row("p", hour=1), a_row("q"), a_row("p", side=Side.RIGHT)]))
    state.commit(SYNC, Commit(parked=[a_row("p", hour=5)]))
    (row,) = state.parked(SYNC, Side.LEFT, ["p"])
    require(row.first_seen == NOW + timedelta(hours=1), "a parked row forgot when it was first seen")
    require(row.last_seen == NOW + timedelta(hours=5), "a parked row does not replace the one before")
    state.commit(SYNC, Commit(cleared=[(Side.LEFT, "p")]))
    left = [(one.side, one.id) for one in state.parked_list(SYNC)]
    require(sorted(left) == [(Side.LEFT, "q"), (Side.RIGHT, "p")], "clearing a parked row cleared another, or none")


def _found_parked(state: State) -> None:
    failed = attrs.evolve(a_row("r", due=2), kind=ParkedKind.FAILED)
    state.commit(SYNC, Commit(parked=[a_row("p", keys=(b"one", b"two")), a_row("q", keys=(b"three",)), failed]))
    sharing = [row.id for row in state.parked_sharing(SYNC, [b"two", b"three", b"none"])]
    require(sorted(sharing) == ["p", "q"], "parked rows are not found by their keys, each once")
    due = [[row.id for row in state.parked_due(SYNC, NOW + timedelta(hours=hour))] for hour in (1, 2, 3)]
    require(due == [[], ["r"], ["r"]], "parked rows are not due when their retry is")
    kinds = [row.id for row in state.parked_list(SYNC, ParkedKind.FAILED)]
    require(kinds == ["r"], "parked rows are not listed by their kind")
    counts = dict(state.head(SYNC).parked)
    require(counts == {ParkedKind.IGNORED: 2, ParkedKind.FAILED: 1}, "the head does not count the parked rows")


def _journal(state: State) -> None:
    answer = state.commit(SYNC, Commit(opened=[a_batch("a", "b"), a_batch("c")]))
    require([one.number for one in state.batches(SYNC)] == list(answer.batches), "batches are not open, oldest first")
    first, second = state.batches(SYNC)
    require(attrs.evolve(first, number=0) == a_batch("a", "b"), "a batch is not read back as it was kept")
    rest = attrs.evolve(first, intents=first.intents[1:])
    state.commit(SYNC, Commit(kept=[rest], closed=[second.number]))
    require(list(state.batches(SYNC)) == [rest], "a batch of which a part is settled does not keep the rest alone")


def _heads(state: State) -> None:
    require(state.head(SYNC).initial and not state.head(SYNC).links, "the head of an unknown sync is not a fresh one")
    given: dict[str, object] = {"cursors": ("c1", None), "initial": False, "confirmed": {"creates": 3}, "layout": "a@1"}
    answer = state.commit(SYNC, Commit(head=given, links=[a_link(1)]))
    head = state.head(SYNC)
    require(answer.head == head, "a commit is answered with another head than is read")
    said = {"cursors": head.cursors, "initial": head.initial, "confirmed": dict(head.confirmed), "layout": head.layout}
    require(said == given and head.enabled, "the head does not say what was committed, or something else was changed")
    require(head.links == 1, "the head does not count the links")


def _apart(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(1)], parked=[a_row("p")]))
    state.commit("another", Commit(links=[a_link(1)], parked=[a_row("p")]))
    state.commit("another", Commit(close_all=True, head={"initial": True}))
    require(not state.links("another", Side.LEFT, ["l1"]), "close_all left links")
    require(not state.parked_list("another"), "close_all left parked rows")
    require(len(state.links(SYNC, Side.LEFT, ["l1"])) == 1, "what was done to one sync was done to another")
    require(set(state.syncs()) == {SYNC, "another"}, "syncs() does not name the syncs")


def _claims(state: State) -> None:
    linked = attrs.evolve(a_link(1), identities=(b"one", b"two"))
    intent = attrs.evolve(a_batch("a").intents[0], identities=(b"three", b""))
    state.commit("another", Commit(links=[linked], opened=[attrs.evolve(a_batch(), intents=(intent,))]))
    state.commit(SYNC, Commit(links=[linked]))
    kept = state.links(SYNC, Side.LEFT, ["l1"])[0]
    require(kept.identities == linked.identities, "a link is not read back with its identities")
    asked = [b"one", b"two", b"three", b"none"]
    expected = [
        Claim(b"one", "another", linked.ids),
        Claim(b"two", "another", linked.ids),
        Claim(b"three", "another", intent.ids, under_way=True),
    ]
    found = sorted(state.claims(SYNC, asked), key=lambda claim: asked.index(claim.identity))
    require(found == expected, "what another sync holds is not told, or not that alone")
    state.commit("another", Commit(close_all=True))
    require(not state.claims(SYNC, asked), "what another sync has given up is still told")


def _marks(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(1), a_link(2)]))
    require(
        sorted(state.marks(SYNC, Side.LEFT)) == [("l1", "v1", True), ("l2", "v2", True)], "marks are not the links'"
    )
    require(
        sorted(state.marks(SYNC, Side.RIGHT)) == [("r1", None, False), ("r2", None, False)], "marks mix the sides up"
    )


def _many(state: State) -> None:
    state.commit(SYNC, Commit(links=[a_link(number) for number in range(_MANY)]))
    found = state.links(SYNC, Side.LEFT, [f"l{number}" for number in range(_MANY)])
    require(len(found) == _MANY, f"of {_MANY} links that were asked for at once {len(found)} were found")


def _any_text(state: State) -> None:
    odd = ["", "ü 🎉", 'it\'s "quoted"', "a\x00b", "%_", "A", "a"]
    state.commit(SYNC, Commit(parked=[a_row(one, keys=(b"\x00\xff",)) for one in odd]))
    found = {row.id for row in state.parked(SYNC, Side.LEFT, odd)}
    require(found == set(odd), "ids of other scripts, cases or with odd signs are not kept as they are")
    require(len(state.parked_sharing(SYNC, [b"\x00\xff"])) == len(odd), "keys of any bytes are not found")


def _lease(state: State) -> None:
    lease = state.acquire(SYNC, "one", NOW, SPAN)
    try:
        state.acquire(SYNC, "two", NOW, SPAN)
    except LeaseHeld as error:
        require(error.worker == "one", "LeaseHeld does not name the worker")
    else:
        raise Failed("two workers hold one lease")
    again = state.acquire(SYNC, "one", NOW, SPAN)
    require(again.token > lease.token, "a lease that is taken anew has no larger token")
    state.release(SYNC, lease.token)
    with refused(LeaseHeld, "giving back a lease that is another's by now gave that one back"):
        state.acquire(SYNC, "two", NOW, SPAN)
    state.release(SYNC, again.token)
    state.acquire(SYNC, "two", NOW, SPAN)


def _told(state: State) -> None:
    require(state.lease(SYNC, NOW) is None, "somebody is said to have a lease that was never taken")
    lease = state.acquire(SYNC, "one", NOW, SPAN)
    require(state.lease(SYNC, NOW) == lease, "who has the lease is not told")
    require(state.lease("another", NOW) is None, "a lease is told of another sync")
    state.commit(SYNC, Commit(links=[a_link(1)], fence=Fence(lease.token, NOW, SPAN)))
    state.release(SYNC, lease.token)
    require(state.lease(SYNC, NOW) is None, "somebody is said to have a lease that was given back")


def _fence(state: State) -> None:
    old = state.acquire(SYNC, "one", NOW, SPAN)
    new = state.acquire(SYNC, "one", NOW, SPAN)
    with refused(LeaseLost, "a commit under a lost lease is not refused with LeaseLost"):
        state.commit(SYNC, Commit(links=[a_link(1)], fence=Fence(old.token, NOW, SPAN)))
    require(not state.links(SYNC, Side.LEFT, ["l1"]), "a commit under a lost lease was taken all the same")
    state.commit(SYNC, Commit(links=[a_link(1)], fence=Fence(new.token, NOW, SPAN)))
    state.renew(SYNC, Fence(new.token, NOW, 10 * SPAN))
    with refused(LeaseLost, "a lost lease can be renewed"):
        state.renew(SYNC, Fence(old.token, NOW, SPAN))


def _last(state: State) -> None:
    lease = state.acquire(SYNC, "one", NOW, SPAN)
    fence = Fence(lease.token, NOW, SPAN)
    state.commit(SYNC, Commit(links=[a_link(1)], fence=fence, last=True))
    require(state.lease(SYNC, NOW) is None, "the last commit of a worker does not give its lease back")
    with refused(LeaseLost, "a commit after the last one is not refused with LeaseLost"):
        state.commit(SYNC, Commit(links=[a_link(2)], fence=fence))
    require(state.acquire(SYNC, "two", NOW, SPAN).token > lease.token, "a token came again after a last commit")


def _bid(state: State) -> None:
    begun = Commit(run=RunRow(RunState.SYNCING, started=NOW), bid=Bid("one", NOW, SPAN), newest_run=0)
    answer = state.commit(SYNC, begun)
    require(answer.lease is not None, "a commit that bids for the lease is not answered with it")
    require(state.lease(SYNC, NOW) == answer.lease, "the lease that a commit bids for is not taken")
    other = attrs.evolve(begun, bid=Bid("two", NOW, SPAN), newest_run=None)
    with refused(LeaseHeld, "a commit that bids for another's lease is not refused with LeaseHeld"):
        state.commit(SYNC, other)
    require(len(state.runs(SYNC)) == 1, "a commit that was refused for its bid was taken all the same")
    state.release(SYNC, answer.lease.token if answer.lease else 0)
    with refused(StateMoved, "a commit that bids for the lease is not refused where another run is the newest"):
        state.commit(SYNC, begun)
    require(state.lease(SYNC, NOW) is None, "a commit that was refused has taken the lease all the same")


def _unknown(state: State) -> None:
    for what, commit in (
        ("link", Commit(links=[a_link(1, stored=10**6)])),
        ("run", Commit(run=RunRow(RunState.COMPLETE, 10**6))),
        ("batch", Commit(kept=[attrs.evolve(a_batch("a"), number=10**6)])),
    ):
        with refused(StateError, f"a {what} of a number that was never given is not refused with StateError"):
            state.commit(SYNC, commit)


STATE_CHECKS: tuple[Check[State, None], ...] = (
    Check("links are kept", "links are read back by the ids of either side, as they were kept", _links),
    Check("links are replaced and ended", "by their numbers, and no others", _replaced),
    Check("a record has one link", "a second one refuses the whole commit", _unique),
    Check("a commit rests on a revision", "one that rests on an older revision is refused, whole", _revision),
    Check("runs are kept", "newest first, and they move no revision", _run_rows),
    Check("a run's row rests on the newest", "who knows another one as the newest is refused", _newest_run),
    Check("parked rows are kept", "by side and id, with the time they were first seen", _parked),
    Check("parked rows are found", "by key, by when they are due, and by kind", _found_parked),
    Check("the journal is kept", "batches stay open until they are closed, oldest first", _journal),
    Check("the head is kept", "what is committed of the head is read, and no more is changed", _heads),
    Check("syncs are apart", "what is done to one sync is not done to another", _apart),
    Check("identities are told", "what other syncs hold of them, by links and by open intents", _claims),
    Check("marks are the links'", "id, version and membership of one side of every link", _marks),
    Check("many ids at once", "thousands of ids can be asked for in one call", _many),
    Check("any text is an id", "scripts, cases and odd signs are kept as they are", _any_text),
    Check("a lease is one worker's", "it is held, taken anew under one name, and given back", _lease),
    Check("a lease is told", "who has it can be asked, without taking it", _told),
    Check("a lease fences", "who has lost its lease can't write", _fence),
    Check("the last commit ends a lease", "the lease is given back with a worker's last commit", _last),
    Check("a commit takes the lease", "where it bids for it, with all else that it says or not at all", _bid),
    Check("unknown numbers are refused", "what replaces something never kept is refused", _unknown),
)
