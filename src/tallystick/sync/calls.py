"""Provide the requests that the machine makes of its surroundings, as typed generator functions.

The machine does no I/O. It yields a request and is sent the reply, or is thrown the error; so one machine serves a
blocking and an async driver, a simulator can stop it after any request, and its trace can be compared. Within the
machine a request reads like a call: ``page = yield from changes(side, cursor, scope)``.

Readings that need nothing of each other are yielded as one (:func:`together`): the blocking driver does them in turn,
the async one at once.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from tallystick.errors import ProviderError, TallystickError, Throttled
from tallystick.ports import (
    Batch,
    Claim,
    Commit,
    Committed,
    Create,
    Found,
    Head,
    Image,
    Item,
    Lease,
    Link,
    Loser,
    Outcome,
    Page,
    Parked,
    ParkedKind,
    Remove,
    RunRow,
    Scope,
    Side,
    Term,
    Update,
    WriteKind,
)
from tallystick.sync.replies import found_of, items_of, outcomes_of, page_of

S = TypeVar("S")
T = TypeVar("T")


class Port(Enum):
    """Whom a request goes to."""

    LEFT = "left"
    RIGHT = "right"
    STATE = "state"
    SINK = "sink"
    CLOCK = "clock"
    OBSERVERS = "observers"

    if not TYPE_CHECKING:  # which would take it for an ambiguous override
        __hash__ = object.__hash__  # an enum's own is Python, and asked for with every request


WITHOUT_RECORDS = (Port.STATE, Port.SINK, Port.CLOCK, Port.OBSERVERS)
"""All but the sides and the directories."""


@attrs.frozen
class Request:
    """One call of a method of one port, or of a directory, which goes by its name."""

    port: Port | str
    method: str
    args: tuple[object, ...] = attrs.field(repr=False)


@attrs.frozen
class Together:
    """Requests that need nothing of each other; the reply holds what each was answered, the library's errors too."""

    requests: tuple[Request, ...]


Call = Generator[Request | Together, object, T]
Records = dict[str, Item[object]]

_PORTS = (Port.LEFT, Port.RIGHT)
_METHODS = {
    WriteKind.CREATE: "create",
    WriteKind.UPDATE: "update",
    WriteKind.JOIN: "update",
    WriteKind.LEAVE: "update",
    WriteKind.REMOVE: "remove",
}
_MOST_ATTEMPTS = 5
LONGEST_WAIT = 300.0
"""How long a run waits at most, in seconds, where a service asks it to; beyond that the next run goes on."""

AT_ONCE = 4
"""How many readings of one side are under way at most; services allow few of one mailbox, and throttle the rest."""

_FIRST_WAIT = 2.0
_NOW = Request(Port.CLOCK, "now", ())  # asked before each request of a side


def now() -> Call[datetime]:
    """Ask the clock."""
    return cast("datetime", (yield _NOW))


def sleep(seconds: float) -> Call[None]:
    """Let time pass."""
    yield Request(Port.CLOCK, "sleep", (seconds,))


def patiently(call: Callable[[], Call[T]]) -> Call[T]:
    """Make a call, and again where the service asks to wait; give up where it asks too often or for too long."""
    wait = _FIRST_WAIT
    for _ in range(_MOST_ATTEMPTS - 1):
        try:
            return (yield from call())
        except Throttled as error:
            asked = wait if error.retry_after is None else error.retry_after
            if asked > LONGEST_WAIT:
                raise
            yield from sleep(max(asked, 0.0))
            wait *= 2
    return (yield from call())


def together(machines: Sequence[Call[T]]) -> Call[list[T]]:
    """Run machines that only read, side by side, one request of each at a time; return their results in order.

    Where several of them are asked to wait, the longest wait serves all. An error that one of them does not take ends
    them all.
    """
    if len(machines) == 1:
        return [(yield from machines[0])]
    results: dict[int, T] = {}
    replies: dict[int, object] = dict.fromkeys(range(len(machines)))
    try:
        while replies:
            asked: dict[int, Request] = {}
            for at, reply in replies.items():
                try:
                    asked[at] = cast("Request", _resumed(machines[at], reply))
                except StopIteration as stop:
                    results[at] = stop.value
            replies = yield from _answered(asked)
    finally:
        for machine in machines:
            machine.close()
    return [results[at] for at in range(len(machines))]


def _resumed(machine: Call[T], reply: object) -> Request | Together:
    return machine.throw(reply) if isinstance(reply, TallystickError) else machine.send(reply)


def _answered(asked: Mapping[int, Request]) -> Call[dict[int, object]]:
    """Make requests at once; return what each was answered, errors included."""
    waits = {at: cast("tuple[float]", request.args) for at, request in asked.items() if request.method == "sleep"}
    longest = max(waits, key=lambda at: waits[at], default=None)
    made = [at for at in asked if at == longest or at not in waits]
    answers: Sequence[object]
    if len(made) > 1:
        answers = cast("Sequence[object]", (yield Together(tuple(asked[at] for at in made))))
    else:
        try:
            answers = [(yield asked[made[0]])] if made else []
        except TallystickError as error:
            answers = [error]
    answered = dict(zip(made, answers, strict=True))
    return {at: answered.get(at) for at in asked}


def in_parts(things: Sequence[S], size: int, ask: Callable[[Sequence[S]], Call[T]]) -> Call[list[T]]:
    """Ask about ``things``, ``size`` at a time and a few times at once, patiently; return the replies in order."""
    replies: list[T] = []
    for group in chunks(list(chunks(things, size)), AT_ONCE):
        replies += yield from together([patiently(partial(ask, part)) for part in group])
    return replies


# --- a side ------------------------------------------------------------------------------------------------------


def _ask(side: Side, method: str, *args: object) -> Call[object]:
    """Make a request of a side; an error that it answers with knows where it came from."""
    try:
        return (yield Request(_PORTS[side], method, args))
    except ProviderError as error:
        error.side = side.label
        raise


def changes(side: Side, cursor: str | None, scope: Scope) -> Call[Page[object]]:
    """Ask a side for one page of its feed."""
    return page_of((yield from _ask(side, "changes", cursor, scope)), (side, "changes"))


def scopes(side: Side) -> Call[Sequence[str]]:
    """Ask a side for the lists or categories that there are."""
    return cast("Sequence[str]", (yield Request(_PORTS[side], "scopes", ())))


def get(side: Side, ids: Sequence[str], scope: Scope, size: int) -> Call[list[Found[object]]]:
    """Ask a side what each id is now, ``size`` ids at a time."""
    replies = yield from in_parts(ids, size, lambda part: _get(side, part, scope))
    return [one for reply in replies for one in reply]


def _get(side: Side, ids: Sequence[str], scope: Scope) -> Call[Sequence[Found[object]]]:
    return found_of((yield from _ask(side, "get", ids, scope)), ids, (side, "get"))


def search(side: Side, terms: Sequence[Term], scope: Scope, size: int) -> Call[Records]:
    """Search a side, ``size`` terms at a time; return what was found by id."""
    replies = yield from in_parts(terms, size, lambda part: _search(side, part, scope))
    return {item.id: item for reply in replies for item in reply}


def _search(side: Side, terms: Sequence[Term], scope: Scope) -> Call[Sequence[Item[object]]]:
    return items_of((yield from _ask(side, "search", terms, scope)), (side, "search"))


def look_up(directory: str, terms: Sequence[Term], scope: Scope, size: int) -> Call[list[Item[object]]]:
    """Search a directory, ``size`` terms at a time; return what was found."""
    replies = yield from in_parts(terms, size, lambda part: _look_up(directory, part, scope))
    return list({item.id: item for reply in replies for item in reply}.values())


def _look_up(directory: str, terms: Sequence[Term], scope: Scope) -> Call[Sequence[Item[object]]]:
    return items_of((yield Request(directory, "search", (terms, scope))), (f"directory {directory}", "search"))


def write(
    side: Side, kind: WriteKind, batch: Sequence[Create[object] | Update | Remove], scope: Scope
) -> Call[Sequence[Outcome[object]]]:
    """Send one batch of writes of one kind."""
    method = _METHODS[kind]
    return outcomes_of((yield from _ask(side, method, batch, scope)), len(batch), (side, method), batch)


# --- the state ---------------------------------------------------------------------------------------------------


def head(sync: str) -> Call[Head]:
    """Ask the state for the head of a sync."""
    return cast("Head", (yield Request(Port.STATE, "head", (sync,))))


def commit(sync: str, changes_: Commit) -> Call[Committed]:
    """Commit one transaction."""
    return cast("Committed", (yield Request(Port.STATE, "commit", (sync, changes_))))


def links(sync: str, side: Side, ids: Sequence[str]) -> Call[Sequence[Link]]:
    """Ask for the links of these ids."""
    if not ids:
        return ()
    return cast("Sequence[Link]", (yield Request(Port.STATE, "links", (sync, side, ids))))


def claims(sync: str, identities: Sequence[bytes]) -> Call[Sequence[Claim]]:
    """Ask what other syncs of the state hold of these identities."""
    if not identities:
        return ()
    return cast("Sequence[Claim]", (yield Request(Port.STATE, "claims", (sync, identities))))


def marks(sync: str, side: Side) -> Call[Iterable[tuple[str, str | None, bool]]]:
    """Ask for (id, version, member) of one side of every link."""
    return cast("Iterable[tuple[str, str | None, bool]]", (yield Request(Port.STATE, "marks", (sync, side))))


def parked(sync: str, side: Side, ids: Sequence[str]) -> Call[Sequence[Parked]]:
    """Ask for the parked rows of these ids."""
    if not ids:
        return ()
    return cast("Sequence[Parked]", (yield Request(Port.STATE, "parked", (sync, side, ids))))


def parked_sharing(sync: str, keys: Sequence[bytes]) -> Call[Sequence[Parked]]:
    """Ask for the parked rows that wait for any of the keys."""
    if not keys:
        return ()
    return cast("Sequence[Parked]", (yield Request(Port.STATE, "parked_sharing", (sync, keys))))


def parked_due(sync: str, at: datetime) -> Call[Sequence[Parked]]:
    """Ask for the parked rows whose retry has fallen due."""
    return cast("Sequence[Parked]", (yield Request(Port.STATE, "parked_due", (sync, at))))


def parked_list(sync: str, kind: ParkedKind | None = None) -> Call[Sequence[Parked]]:
    """Ask for all parked rows, or all of a kind."""
    return cast("Sequence[Parked]", (yield Request(Port.STATE, "parked_list", (sync, kind))))


def batches(sync: str) -> Call[Sequence[Batch]]:
    """Ask for the batches of the journal that are not settled."""
    return cast("Sequence[Batch]", (yield Request(Port.STATE, "batches", (sync,))))


def acquire(sync: str, worker: str, at: datetime, span: timedelta) -> Call[Lease]:
    """Ask for the lease of a sync."""
    return cast("Lease", (yield Request(Port.STATE, "acquire", (sync, worker, at, span))))


def release(sync: str, token: int) -> Call[None]:
    """Give a lease back."""
    yield Request(Port.STATE, "release", (sync, token))


def lease(sync: str, at: datetime) -> Call[Lease | None]:
    """Ask for the lease that somebody has."""
    return cast("Lease | None", (yield Request(Port.STATE, "lease", (sync, at))))


def runs(sync: str, limit: int) -> Call[Sequence[RunRow]]:
    """Ask for the newest runs."""
    return cast("Sequence[RunRow]", (yield Request(Port.STATE, "runs", (sync, limit))))


def prune(sync: str, before: datetime) -> Call[int]:
    """Drop the history of runs that ended before an instant; return how many went."""
    return cast("int", (yield Request(Port.STATE, "prune", (sync, before))))


# --- the sink ----------------------------------------------------------------------------------------------------


def keep_losers(losers: Sequence[Loser]) -> Call[None]:
    """Have the host's sink make losing values durable."""
    yield Request(Port.SINK, "keep", (losers,))


def keep_images(kept: Sequence[Image]) -> Call[None]:
    """Have the host's sink make images durable."""
    yield Request(Port.SINK, "keep_images", (kept,))


def forget(sync: str, side: Side | None = None, one: str = "") -> Call[None]:
    """Have the host's sink erase what it keeps of a record, or of the sync."""
    yield Request(Port.SINK, "forget", (sync, side, one))


def images(sync: str, run: int) -> Call[Sequence[Image]]:
    """Ask the host's sink for the images of a run."""
    return cast("Sequence[Image]", (yield Request(Port.SINK, "images", (sync, run))))


def chunks(things: Sequence[S], size: int) -> Iterable[Sequence[S]]:
    """Yield ``things`` in parts of at most ``size``."""
    for at in range(0, len(things), max(size, 1)):
        yield things[at : at + size]
