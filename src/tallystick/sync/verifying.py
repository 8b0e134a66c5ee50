"""Provide the verifying of a plan before it is applied: nothing it rests on may have changed since.

The state's revision and the fingerprints must be the plan's own; then both feeds are asked what happened since the
plan's own cursors. Every record that a step rests on is held against its version, and where the plan creates, any new
record of the other side is reason enough to stop: it may be what the plan is about to create once more. A record that
asks for no counterpart leaves no trace in the plan, so that one in a full listing may be new or not: it is reason to
stop where it shares a match key with what the plan creates beside it.
"""

from collections.abc import Collection, Mapping

from tallystick.errors import StalePlan
from tallystick.matching.matcher import NO_KEYS
from tallystick.ports import SIDES, Head, Item, Side, WriteKind
from tallystick.reconcile.plan import Plan
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.observe import Observed, observe_both
from tallystick.sync.setup import Setup
from tallystick.text import counted

_NAMED_AT_MOST = 5
_REMEDY = "nothing was written; make a new plan"


def verify(setup: Setup, plan: Plan, head: Head) -> Call[None]:
    """Return if the plan still holds; raise StalePlan, with the ids that moved, if it does not."""
    if plan.sync != setup.sync or plan.profile != setup.profile.name:
        raise StalePlan("the plan was made for another sync or profile", where=setup.sync, remedy=_REMEDY)
    if head.revision != plan.revision:
        raise StalePlan("another run has committed since the plan was made", where=setup.sync, remedy=_REMEDY)
    if (plan.layout, plan.extents, plan.accounts) != (setup.mapping.layout, setup.extents, setup.accounts):
        raise StalePlan("the mapping, the scope or an account has changed", where=setup.sync, remedy=_REMEDY)
    creates = not plan.partial and any(step.kind is WriteKind.CREATE for step in plan.steps)
    moved: list[str] = []
    left, right = (plan.cursors_after[side] if setup.capabilities[side].delta else None for side in SIDES)
    for observed in (yield from observe_both((left, right), setup.scopes)):
        side = observed.side
        if not (observed.full or observed.items or observed.unlisted):
            continue  # as nearly always: nothing happened since, and what the plan rests on need not be looked at
        rests_on = _rests_on(plan, side)
        away = {link.ids[side] for link in plan.links if not link.members[side]}
        found = yield from _moved(setup, observed, rests_on, away)
        if creates:
            found += yield from _new(setup, plan, observed, rests_on)
        moved += [f"{side.label}:{one}" for one in found]
    if moved:
        named = ", ".join(moved[:_NAMED_AT_MOST]) + (", ..." if len(moved) > _NAMED_AT_MOST else "")
        raise StalePlan(
            f"{counted(len(moved), 'record')} changed since the plan was made: {named}",
            where=setup.sync,
            remedy=_REMEDY,
        )


def _rests_on(plan: Plan, side: Side) -> dict[str, str | None]:
    """Return the versions, by id, of the records of a side that the plan rests on."""
    found = {link.ids[side]: link.versions[side] for link in plan.links if link.versions[side] is not None}
    for step in plan.steps:
        if step.side is side and step.target:
            found[step.target] = step.version
        # Taking a write back does not rest on what the other side shows now.
        if step.side is side.other and step.source and not plan.partial:
            found[step.source] = step.source_version
    return found


def _moved(setup: Setup, observed: Observed, versions: dict[str, str | None], away: Collection[str]) -> Call[list[str]]:
    """Return the ids that are no longer as the plan knows them; what a full listing lacks is read.

    What is ``away`` the plan found out of sight, too, and only remembers that.
    """
    side, items = observed.side, observed.items
    moved = [one for one, version in versions.items() if one in items and items[one].version != version]
    lacking = [one for one in versions if one not in items] if observed.full else []
    asked = [*lacking, *(one for one in observed.unlisted if one in versions)]
    found = yield from setup.get(side, asked)
    return moved + [
        sight.id
        for sight in found
        if (sight.version != versions[sight.id] if isinstance(sight, Item) else sight.id not in away)
    ]


def _new(setup: Setup, plan: Plan, observed: Observed, known: dict[str, str | None]) -> Call[list[str]]:
    """Return the ids of records that the plan does not know: one of them may be what it is about to create."""
    side = observed.side
    profile = setup.profile.sides[side]
    aside = {row.id for row in (*plan.parked, *plan.recovered.parked) if row.side is side}
    aside |= {link.ids[side] for link in (*plan.links, *plan.recovered.links)}
    unknown = [
        one
        for one, item in observed.items.items()
        if one not in known and one not in aside and item.member and profile.takes_part(item.record)
    ]
    unknown = _in_the_way(setup, plan, side, {one: observed.items[one].record for one in unknown})
    if plan.close_all:
        return unknown
    linked = {link.ids[side] for link in (yield from calls.links(setup.sync, side, unknown))}
    parked = {row.id for row in (yield from calls.parked(setup.sync, side, unknown))}
    return [one for one in unknown if one not in linked and one not in parked]


def _in_the_way(setup: Setup, plan: Plan, side: Side, unknown: Mapping[str, object]) -> list[str]:
    """Return those that ask for a counterpart, or that share a match key with what the plan creates on their side."""
    profile, keys_of = setup.profile.sides[side], setup.profile.matcher.keys[side]
    creates = [step.record for step in plan.steps if step.record is not None and step.side is side]
    created = {key for record in creates for key in keys_of(record)} - NO_KEYS
    return [
        one
        for one, record in unknown.items()
        if (profile.admits(record) and not profile.follows) or not created.isdisjoint(keys_of(record))
    ]
