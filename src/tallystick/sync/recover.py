"""Provide the recovery: what became of the writes of earlier runs that never got an answer.

Every open intent is looked into before anything is planned, by reads only. A run commits the findings before it
plans; a plan takes them along as its first entries, and leaves the records they are about alone.

Rule by rule, what is there as it was meant is believed; the rest keeps its old base, and is then found like any other
change. An intent is proved absent when its write is not there after the time in which it could still have arrived or
become visible; it is closed, and planning proposes the write anew, with the same token. Until then it is in doubt:
its records are left alone and reported. A create that can't be looked for, but whose token the service remembers, is
sent again at once, and answered with the first one. Its intent stays open until a run has done so, or needs not: the
first one must not be left behind to be taken for a person's new record.
"""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from tallystick.mapping.base import NO_BASE
from tallystick.ports import (
    SIDES,
    Absence,
    AbsenceReason,
    Batch,
    CreateSafety,
    Intent,
    Item,
    Link,
    Parked,
    Redirect,
    Side,
    Term,
    WriteKind,
)
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.copies import stands_alone
from tallystick.reconcile.plan import Recovered
from tallystick.reconcile.policies import RemovalAction
from tallystick.reconcile.removals import Sight, tombstone
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.following import followed
from tallystick.sync.observe import Observed
from tallystick.sync.setup import Setup

_NO_PAIR = (b"", b"")
"""The base of an intent that is about no pair: a record that stands alone, or one whose pair has ended."""

_SEARCHABLE = (CreateSafety.UNIQUE_KEY, CreateSafety.SEARCHABLE_TAG)


@attrs.define
class _Findings:
    closed: list[int] = attrs.field(factory=list)
    kept: list[Batch] = attrs.field(factory=list)
    links: list[Link] = attrs.field(factory=list)
    ended: list[Link] = attrs.field(factory=list)
    in_doubt: list[tuple[Side, str]] = attrs.field(factory=list)
    creates_in_doubt: list[bool] = attrs.field(factory=lambda: [False, False])
    resent: list[bool] = attrs.field(factory=lambda: [False, False])
    parked: list[Parked] = attrs.field(factory=list)
    cleared: list[tuple[Side, str]] = attrs.field(factory=list)
    claiming: list[Batch] = attrs.field(factory=list)
    sources: tuple[set[str], set[str]] = attrs.field(factory=lambda: (set(), set()))
    """The records of each side for which a counterpart may have been created."""

    def has(self, side: Side, one: str) -> bool:
        """Tell whether a record is in a pair by what was found: of several that became one, the first goes on in it."""
        return any(link.ids[side] == one for link in self.links)

    def believe(self, link: Link, whole: bool) -> None:  # noqa: FBT001 - what _believed returns
        """Take in a link with what was found; what waits for the effect goes on waiting unless all of it is there."""
        self.links.append(link)
        if whole:
            self.cleared += zip(SIDES, link.ids, strict=True)


def recover(setup: Setup, context: Context) -> Call[Recovered]:
    """Return what is known by now of the open intents."""
    findings, now = _Findings(), context.now
    open_ = yield from calls.batches(setup.sync)
    for batch in open_:
        findings.sources[batch.side.other].update(
            intent.ids[batch.side.other]
            for intent in batch.intents
            if intent.kind is WriteKind.CREATE and intent.base != _NO_PAIR
        )
    for noted in open_:
        # A clock that was turned back does not tell how long ago that was: the waiting begins anew.
        batch = attrs.evolve(noted, at=min(noted.at, now))
        possible = now < batch.at + _arrival(setup, batch.side)
        remaining: list[Intent] = []
        resent: list[Intent] = []
        for intent in batch.intents:
            if intent.kind is WriteKind.CREATE:
                settled = yield from _settle_create(setup, context, batch, intent, findings, possible=possible)
            else:
                settled = yield from _settle_update(setup, context, batch, intent, findings, possible=possible)
            if settled is None:
                resent.append(intent)
            elif not settled:
                remaining.append(intent)
        _doubt(batch, remaining, findings)
        still_open = attrs.evolve(batch, intents=(*remaining, *resent))
        if remaining:
            findings.kept.append(still_open)
        elif resent:
            findings.claiming.append(still_open)
        else:
            findings.closed.append(batch.number)
    return Recovered(
        tuple(findings.closed),
        tuple(findings.kept),
        tuple(findings.links),
        tuple(findings.in_doubt),
        (findings.creates_in_doubt[0], findings.creates_in_doubt[1]),
        (findings.resent[0], findings.resent[1]),
        tuple(findings.parked),
        tuple(findings.cleared),
        tuple(findings.claiming),
        tuple(findings.ended),
    )


def show_sources(setup: Setup, recovered: Recovered, observed: tuple[Observed, Observed]) -> Call[None]:
    """Add what creates that are to be sent again are made of to what the feeds said, where a listing lacks it.

    Else such a create would pass for one that nobody wants any more, and what the first one made for a person's.
    """
    for one in observed:
        intents = [intent for batch in recovered.claiming if batch.side is one.side.other for intent in batch.intents]
        lacking = {intent.ids[one.side] for intent in intents} - one.items.keys() - one.unlisted
        if lacking:
            found = yield from setup.get(one.side, sorted(lacking))
            one.items.update({sight.id: sight for sight in found if isinstance(sight, Item)})


def _arrival(setup: Setup, side: Side) -> timedelta:
    capabilities = setup.capabilities[side]
    return capabilities.request_timeout + capabilities.visibility_lag


def _doubt(batch: Batch, remaining: Sequence[Intent], findings: _Findings) -> None:
    for intent in remaining:
        findings.in_doubt += [(side, intent.ids[side]) for side in SIDES if intent.ids[side]]
        if intent.kind is WriteKind.CREATE:
            findings.creates_in_doubt[batch.side] = True


def _settle_create(
    setup: Setup, context: Context, batch: Batch, intent: Intent, findings: _Findings, *, possible: bool
) -> Call[bool | None]:
    """Tell whether a create is settled; None where it stays open until it has been sent again, or need not be."""
    side, source = batch.side, intent.ids[batch.side.other]
    found = yield from _created(setup, side, intent)
    if found is None:
        findable = setup.capabilities[side].create_safety in (CreateSafety.CLIENT_ID, *_SEARCHABLE)
        if setup.capabilities[side].create_safety is CreateSafety.SERVER_TOKEN:
            # It can't be looked for, but it can be sent again: the service answers with the first one.
            findings.resent[side] = True
            return None
        if possible:
            return False
        return True if findable or not (yield from _claims(setup, context, side, intent)) else None
    if findings.has(side, found.id) or (yield from calls.links(setup.sync, side, [found.id])):
        return True
    if intent.base == _NO_PAIR:
        findings.parked.append(stands_alone(context, side, source, intent.token, found))
        return True
    known = yield from calls.links(setup.sync, side.other, [source])
    number = known[0].number if known else 0
    findings.believe(*_believed(context, batch, intent, found, None, number))
    return True


def _claims(setup: Setup, context: Context, side: Side, intent: Intent) -> Call[bool]:
    """Tell whether a create that may have arrived still claims an identity: until its source has the partner."""
    if not any(intent.identities):
        return False
    source = intent.ids[side.other]
    known = yield from calls.links(setup.sync, side.other, [source])
    return not known or intent.token == context.token(side, source, known[0].ids[side])


def _created(setup: Setup, side: Side, intent: Intent) -> Call[Item[object] | None]:
    capabilities = setup.capabilities[side]
    if capabilities.create_safety is CreateSafety.CLIENT_ID:
        sight = yield from _there(setup, side, intent.token)
        return sight if isinstance(sight, Item) else None
    if capabilities.create_safety in _SEARCHABLE:
        hits = yield from setup.search(side, [Term(Term.TOKEN, intent.token)])
        return next(iter(hits.values()), None) if len(hits) == 1 else None
    return None


def _there(setup: Setup, side: Side, one: str) -> Call[Sight]:
    """Return what an id stands for now, under whatever id that lives on."""
    (found,) = yield from setup.get(side, [one])
    return (yield from followed(setup.get, side, found)) if isinstance(found, Redirect) else found


def _settle_update(
    setup: Setup, context: Context, batch: Batch, intent: Intent, findings: _Findings, *, possible: bool
) -> Call[bool]:
    side = batch.side
    found = yield from _there(setup, side, intent.ids[side])
    if intent.kind in (WriteKind.REMOVE, WriteKind.LEAVE):
        yield from _end(setup, context, side, intent, findings, found)
    if not isinstance(found, Item):
        return True
    if found.id != intent.ids[side]:
        taken = found.id in findings.sources[side] or findings.has(side, found.id)
        if taken or (yield from calls.links(setup.sync, side, [found.id])):
            return True  # another pair has what it became, or may have: planning ends this one
    if found.version is not None and found.version == intent.versions[side]:
        return not possible
    if intent.kind in (WriteKind.LEAVE, WriteKind.REMOVE):
        # It is still there, and was changed: planning sees what is there, and asks anew.
        return True
    known = yield from calls.links(setup.sync, side, [intent.ids[side]])
    if intent.base == _NO_PAIR:
        return True
    if known or intent.kind is WriteKind.JOIN:
        link = known[0] if known else None
        findings.believe(*_believed(context, batch, intent, found, link, link.number if link else 0))
    return True


def _end(setup: Setup, context: Context, side: Side, intent: Intent, findings: _Findings, found: Sight) -> Call[None]:
    """End the pair whose record was to be deleted or to leave, and did, as the answer would have had it end.

    Else its absence would pass for a person's doing, and take along the record on the other side where that came back
    meanwhile. Where the removal policy makes anew what is gone, the pair goes on for that.
    """
    removes = intent.kind is WriteKind.REMOVE
    if removes and context.profile.sides[side].removal.deleted is RemovalAction.RECREATE:
        return
    if not _is_absent(context, side, found, removes=removes):
        return
    for link in (yield from calls.links(setup.sync, side, [intent.ids[side]])):
        if link.ids != intent.ids:
            continue
        findings.ended.append(link)
        findings.cleared += zip(SIDES, link.ids, strict=True)
        if removes:
            continue
        other = yield from _there(setup, side.other, link.ids[side.other])
        if not _is_absent(context, side.other, other, removes=True):
            out = Absence(other.id, AbsenceReason.OUT_OF_SCOPE)  # not as it is now: it may have come back
            findings.parked.append(tombstone(context, link, side.other, out, reasons.OUT_OF_SCOPE))
            findings.parked.append(tombstone(context, link, side, found, reasons.OUT_OF_SCOPE))


def _is_absent(context: Context, side: Side, found: Sight, *, removes: bool) -> bool:
    """Tell whether a record is gone, or, for what leaves, out of the scope."""
    if isinstance(found, Absence):
        return found.reason is (AbsenceReason.DELETED if removes else AbsenceReason.OUT_OF_SCOPE)
    return context.profile.sides[side].counts_as_deleted(found.record) if removes else not found.member


def _believed(
    context: Context, batch: Batch, intent: Intent, found: Item[object], link: Link | None, number: int
) -> tuple[Link, bool]:
    """Return the link with what is there as it was meant, and whether all of it is: then its version is believed."""
    side, mapping = batch.side, context.mapping
    planned = mapping.rebased(intent.base, batch.layout)
    old = mapping.rebased(link.base, link.layout) if link else None
    shown = mapping.entries.shown[side](found.record)
    meant = [entry == planned[side][at] for at, entry in enumerate(shown)]
    base = tuple(
        b"".join(
            planned[each][at] if as_meant else (old[each][at] if old else NO_BASE) for at, as_meant in enumerate(meant)
        )
        for each in SIDES
    )
    versions = list(link.versions if link else (None, None))
    if all(meant):
        versions[side] = found.version
        versions[side.other] = intent.versions[side.other]
    ids = list(intent.ids)
    ids[side] = found.id
    known = list(link.identities if link else intent.identities)
    known[side] = context.identity(side, found.id, found.record)
    both, versions_ = (ids[0], ids[1]), (versions[0], versions[1])
    believed = Link(both, versions_, intent.members, (base[0], base[1]), mapping.layout, number)
    return attrs.evolve(believed, identities=(known[0], known[1])), all(meant)
