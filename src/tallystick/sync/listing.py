"""Provide the marks of listings: how sides that can only list all they have are known to say nothing new.

A run that found nothing to do leaves a mark in the place of the cursor that such a side has not got: a keyed digest
of the ids, versions and memberships that were listed, and the revision at which the state was left. The next run finds
both as they were, and no parked row due: it would come to the same end, and need not hold the listing against
anything. Whatever else moves the state, a person's word included, moves its revision, and the mark says nothing more.

There is no mark where more was to be known than the listing tells: where a record has no version or could not be read,
where the days that are looked after pass by, or where the run had to read records besides.
"""

from datetime import datetime
from hashlib import blake2b

import attrs

from tallystick.ports import SIDES, Head, Link
from tallystick.reconcile.plan import Plan, Recovered
from tallystick.sync.calls import Call
from tallystick.sync.gathered import Gathered
from tallystick.sync.known import Known
from tallystick.sync.observe import Observed
from tallystick.sync.setup import Setup

_SORT = "listing"
"""What a mark begins with, so that none is taken for a provider's cursor."""

Both = tuple[Observed, Observed]


def is_mark(cursor: str | None) -> bool:
    """Tell whether what is kept as a side's cursor is a mark."""
    return cursor is not None and cursor.startswith(f"{_SORT} ")


def digests(setup: Setup, observed: Both) -> tuple[str, str]:
    """Return the digest of what each side has listed; an empty text where there is none, or nothing rests on it."""
    left, right = (_digest(setup, one) for one in observed)
    return (left, right)


def _digest(setup: Setup, observed: Observed) -> str:
    side, items = observed.side, observed.items.values()
    if setup.capabilities[side].delta or setup.scopes[side].window is not None or observed.unlisted:
        return ""
    versions = [item.version for item in items]
    if None in versions:
        return ""
    # The repr of lists of texts is exact, so that no two listings come out the same.
    said = repr(([item.id for item in items], versions, [item.member for item in items]))
    return blake2b(said.encode(), key=setup.key, digest_size=16).hexdigest()


def nothing_new(known: Known, head: Head, observed: Both, listed: tuple[str, str], now: datetime) -> Call[bool]:
    """Tell whether the sides that list all they have show what they showed, and the others have nothing to tell."""
    told = any(one.full for one in observed)
    for one in observed:
        if one.full:
            told = told and bool(listed[one.side]) and head.cursors[one.side] == _mark(head.revision, listed[one.side])
        else:
            told = told and not (one.items or one.unlisted)
    return told and not (yield from known.due(now))


def emptied(observed: Both) -> Both:
    """Return what sides have said that have nothing new to tell."""
    left, right = (attrs.evolve(one, items={}, full=False) for one in observed)
    return (left, right)


def marked(setup: Setup, plan: Plan, gathered: Gathered, listed: tuple[str, str]) -> Plan:
    """Return a plan that moves the cursors of the sides without a feed to marks, if it does nothing."""
    if not any(listed) or gathered.read_more or not _does_nothing(setup, plan):
        return plan
    left, right = (
        _mark(plan.revision + 1, listed[side]) if listed[side] else plan.cursors_after[side] for side in SIDES
    )
    return attrs.evolve(plan, cursors_after=(left, right))


def _does_nothing(setup: Setup, plan: Plan) -> bool:
    """Tell whether a plan is that of a run that has nothing to do, but to remember versions."""
    acts = plan.steps or plan.unlinked or plan.parked or plan.cleared or any(map(_is_new, plan.links))
    waits = plan.unsure or plan.left_out or plan.recovered != Recovered()
    return not (acts or waits or plan.close_all or setup.profile.succession)


def _is_new(link: Link) -> bool:
    return not link.number


def _mark(revision: int, digest: str) -> str:
    return f"{_SORT} {revision} {digest}"
