"""Provide the partition of one big first plan: parts that are planned apart, on many machines, and put together.

Planning is pure, and two records have to do with each other only if they share a match key, or a chain of records leads
from one to the other. So the records of both sides fall into *blocks* that are connected by keys; parts are made of
whole blocks, and every part is planned as if it were all there is. What looks at the whole is done at the end: the
order of the steps, and the guards' figures, whose shares are of all pairs.

It is for a first plan, of listings that are at hand. Refused is what would look beyond a part: references to
directories, series that go on as other records, and writes that notify people, which a first run holds back together.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from typing import Any

import attrs

from tallystick.errors import UsageError
from tallystick.ports import (
    SIDES,
    Absence,
    AbsenceReason,
    Capabilities,
    Found,
    Item,
    Outcome,
    Page,
    Provider,
    Scope,
    Side,
    Term,
)
from tallystick.reconcile import Guards, Plan, Profile
from tallystick.reconcile.deciding import ordered
from tallystick.reconcile.guards import CAPACITY, Figure, figures
from tallystick.state import MemoryState
from tallystick.sync import Sync
from tallystick.sync.collector import collector_paused

PROTOCOL = 5
"""The pickles' protocol: of all releases of Python that the library runs on."""

Items = Sequence[Item[Any]]
Listings = tuple[Items, Items]


@attrs.frozen
class PlanSetup:
    """What every part is planned with: the sync's name, profile and digest key, and both sides as they are.

    ``now`` is the one time that all parts go by.
    """

    sync: str
    profile: Profile[Any, Any]
    key: bytes = attrs.field(repr=False)
    accounts: tuple[str, str]
    capabilities: tuple[Capabilities, Capabilities]
    now: datetime


def plan_in_parts(
    executor: Executor,
    make_setup: Callable[[], PlanSetup],
    listings: Listings,
    cursors: tuple[str | None, str | None],
    parts: int,
) -> Plan:
    """Return the first plan of a sync, made in parts by the workers of an executor; equal to ``Sync.plan()``'s.

    ``listings`` are all records of both sides' collections, ``cursors`` what their feeds gave with them. ``make_setup``
    is called in every worker and travels by name, as a function of a module: a digest key is not sent anywhere.
    """
    setup = make_setup()
    _require_apart(setup)
    with collector_paused(paused=True):
        packed = [pickle.dumps(part, PROTOCOL) for part in partition(setup.profile, listings, parts)]
    planned = list(executor.map(_plan_packed, [make_setup] * len(packed), packed))
    with collector_paused(paused=True):
        return put_together(setup, cursors, list(map(_unpacked, planned)))


def _plan_packed(make_setup: Callable[[], PlanSetup], packed: bytes) -> bytes:
    """Plan a part that travels as bytes, which engines pass on as they are and do not look into."""
    with collector_paused(paused=True):
        part: Listings = pickle.loads(packed)  # noqa: S301 -- from the caller, as the function itself is
        return pickle.dumps(plan_part(make_setup, part), PROTOCOL)


def _unpacked(packed: bytes) -> Plan:
    plan: Plan = pickle.loads(packed)  # noqa: S301 -- from the caller's own workers
    return plan


def partition(profile: Profile[Any, Any], listings: Listings, parts: int) -> list[Listings]:
    """Return the records of both sides in at most so many parts, none of which has to do with another."""
    above: dict[object, object] = {}

    def root(one: object) -> object:
        while (parent := above.setdefault(one, one)) != one:
            above[one] = one = above.setdefault(parent, parent)
        return one

    keyed = [[(item, profile.matcher.keys[side](item.record)) for item in listings[side]] for side in SIDES]
    for _, keys in chain(*keyed):
        for key in keys[1:]:
            above[root(key)] = root(keys[0])
    divided: list[tuple[list[Item[Any]], list[Item[Any]]]] = [([], []) for _ in range(parts)]
    for side in SIDES:
        for item, keys in keyed[side]:
            block = repr(root(keys[0])) if keys else f"{side.label} {item.id}"
            number = int.from_bytes(blake2b(block.encode("utf-8", "surrogatepass"), digest_size=8).digest())
            divided[number % parts][side].append(item)
    filled: list[Listings] = [part for part in divided if part[0] or part[1]]
    return filled or [((), ())]


def plan_part(make_setup: Callable[[], PlanSetup], part: Listings) -> Plan:
    """Return the plan of one part. Its guards let everything through; they are for the whole."""
    setup = make_setup()
    # A capacity of none has the figure of how many pairs there will be written into the plan.
    profile = attrs.evolve(setup.profile, guards=Guards(capacity=0))
    keys = [[profile.matcher.keys[side](item.record) for item in part[side]] for side in SIDES]
    wanted = set(chain.from_iterable(keys[0])).intersection(chain.from_iterable(keys[1]))
    shared = [
        [item for item, own in zip(part[side], keys[side], strict=True) if wanted.intersection(own)] for side in SIDES
    ]
    left: Provider[Any] = _Listed(setup, Side.LEFT, part, shared)
    right: Provider[Any] = _Listed(setup, Side.RIGHT, part, shared)
    with MemoryState(setup.key) as state:
        return Sync(setup.sync, left=left, right=right, profile=profile, state=state, clock=_Still(setup.now)).plan()


def put_together(setup: PlanSetup, cursors: tuple[str | None, str | None], plans: Sequence[Plan]) -> Plan:
    """Return the plan of the whole, of the plans of its parts."""
    steps = ordered(chain.from_iterable(plan.steps for plan in plans))
    total = sum(figure.planned for plan in plans for figure in plan.figures if figure.name == CAPACITY)
    guards = setup.profile.guards
    found = figures(guards, steps, 0, total, initial=True, confirmed={})
    if guards.capacity is not None and total > guards.capacity:
        found = (*found, Figure(CAPACITY, total, guards.capacity))
    return attrs.evolve(
        plans[0],
        cursors_after=cursors,
        steps=steps,
        links=tuple(sorted(_all(plan.links for plan in plans), key=lambda link: link.ids)),
        parked=tuple(sorted(_all(plan.parked for plan in plans), key=lambda row: (row.side, row.id))),
        notes=tuple(sorted(set(_all(plan.notes for plan in plans)), key=lambda note: (note.side, note.id, note.rule))),
        figures=found,
        found_equal=sum(plan.found_equal for plan in plans),
    )


def _all(parts: Iterable[Sequence[Any]]) -> Iterator[Any]:
    return chain.from_iterable(parts)


def _require_apart(setup: PlanSetup) -> None:
    profile = setup.profile
    beyond = profile.succession or any(one.references for one in profile.sides)
    if beyond or any(capabilities.notifies_people for capabilities in setup.capabilities):
        raise UsageError(
            "its records have to do with more than those that share their match keys",
            where=setup.sync,
            remedy="plan it whole, by Sync.plan()",
        )


@attrs.frozen
class _Still:
    """A clock that stands still: all parts are planned at one time."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:  # noqa: ARG002 -- a clock's
        raise UsageError("a plan of what is at hand waits for nothing")


class _Listed:
    """One side of a part as a provider that is only read."""

    def __init__(self, setup: PlanSetup, side: Side, part: Listings, shared: Sequence[Items]) -> None:
        self.account = setup.accounts[side]
        # All terms come in one search, since its answer is always the same.
        self.capabilities = attrs.evolve(setup.capabilities[side], read_size=max(map(len, part)) + 1)
        self._side = side
        self._items = {item.id: item for item in part[side]}
        self._shared = shared[side]

    def scopes(self) -> Sequence[str]:
        return ()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:  # noqa: ARG002 -- a provider's
        return Page([item for item in self._items.values() if item.member], "", complete=True)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[Any]]:  # noqa: ARG002 -- the same
        return [self._items.get(id_) or Absence(id_, AbsenceReason.DELETED) for id_ in ids]

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:  # noqa: ARG002 -- the same
        """Return whatever shares a key with a record of the other side: the matcher judges the hits anyway."""
        return self._shared

    def create(self, batch: Sequence[object], scope: Scope) -> Sequence[Outcome[Any]]:
        """Refuse: a plan writes nothing."""
        raise UsageError(f"{len(batch)} writes of a plan", where=str(scope.name or self._side.label))

    update = remove = create
