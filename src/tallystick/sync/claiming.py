"""Provide the asking of the realm: whether another sync of the state knows a record already, before it is doubled.

Asked in one batch for all records that would get a counterpart, and once more between the journal and the sending:
two syncs that want to create at the same moment have both written it down by then, and at least the later one sees the
other's intent. So are removals: a plan may be old. What is withheld is left to the next run. What the answers mean is
in :mod:`..reconcile.realm`.

A shared record is deleted by the last sync only that has a pair with it, and a pair whose shared record was made anew
by another sync goes on in the new one. One whose own record is there again under another id goes on in that one.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import attrs

from tallystick.ports import Absence, AbsenceReason, Claim, Item, Link, Parked, ParkedKind, RunState, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.deciding import Decided
from tallystick.reconcile.newcomers import Hits, Sorted, set_aside, settle
from tallystick.reconcile.realm import Realm, by_identity, counterparts, stands
from tallystick.reconcile.removals import Sights
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records
from tallystick.sync.gather import Gathering
from tallystick.sync.last_writes import LATEST_RUNS, last_written
from tallystick.sync.setup import Setup

Unmatched = tuple[Sequence[str], Sequence[str]]


def withheld(setup: Setup, context: Context, steps: Sequence[Step]) -> Call[frozenset[str]]:
    """Return the ids of the writes of a batch, written down and not yet sent, that another sync has come before."""
    realm = setup.profile.realm
    if realm is None:
        return frozenset()
    if steps[0].kind is not WriteKind.CREATE:
        return (yield from spared(setup, context, (step for step in steps if step.ends or step.ends_first)))
    side = steps[0].side
    wanted = {step.id: step.after.identities[side.other] for step in steps if step.after}
    claims = yield from calls.claims(setup.sync, sorted({*filter(None, wanted.values())}))
    if not claims:
        return frozenset()
    shared = yield from _read(setup, realm, claims)
    known = by_identity(claims)
    held = (one for one, identity in wanted.items() if stands(realm, side, known.get(identity, ()), shared.gone))
    return frozenset(held)


def given_up(setup: Setup, step: Step) -> list[int]:
    """Return the pair, by number, whose own record was to be made anew by a step that is withheld.

    It ends, and its claim with it: of two syncs that each know the other's pair, both would wait for ever.
    """
    realm = setup.profile.realm
    own = realm is not None and step.side is not realm.shared
    return [step.after.number] if own and step.after and step.after.number else []


def spared(setup: Setup, context: Context, steps: Iterable[Step]) -> Call[frozenset[str]]:
    """Return the ids of the steps that would remove a shared record with which another sync has a pair, too."""
    realm = setup.profile.realm
    if realm is None:
        return frozenset()
    removed = {
        context.identity(realm.shared, step.target): step.id
        for step in steps
        if step.side is realm.shared and step.kind is WriteKind.REMOVE
    }
    claims = yield from calls.claims(setup.sync, sorted(removed))
    return frozenset(removed[claim.identity] for claim in claims if not claim.under_way)


def had_elsewhere(setup: Setup, context: Context, creates: Sequence[tuple[Step, str]]) -> Call[frozenset[str]]:
    """Return the ids of the steps that would bring back what another sync has by now.

    Each comes with the id of the counterpart that its record had: that tells what it is, whatever was edited since.
    """
    realm = setup.profile.realm
    if realm is None or not creates:
        return frozenset()
    shared, own = realm.shared, realm.shared.other
    found = yield from setup.get(own, [source for step, source in creates if source and step.side is shared])
    records = {item.id: item.record for item in found if isinstance(item, Item)}
    wanted = {
        step.id: context.identity(step.side.other, source, records.get(source))
        for step, source in creates
        if source and (step.side is own or source in records)
    }
    claims = yield from calls.claims(setup.sync, sorted({*filter(None, wanted.values())}))
    gone = (yield from _read(setup, realm, claims)).gone if claims else frozenset()
    known = by_identity(claim for claim in claims if claim.under_way or claim.ids[shared] not in gone)
    return frozenset(
        step.id for step, _ in creates if stands(realm, step.side, known.get(wanted.get(step.id, b""), ()), gone)
    )


@attrs.frozen
class _Shared:
    """The shared records that claims are about: those that can be read, and the ids of those that are gone."""

    items: Records
    gone: frozenset[str]


def _read(setup: Setup, realm: Realm[object], claims: Sequence[Claim]) -> Call[_Shared]:
    side = realm.shared
    found = yield from setup.get(side, counterparts(realm, claims))
    gone = {one.id for one in found if isinstance(one, Absence) and one.reason is AbsenceReason.DELETED}
    lag = setup.capabilities[side].visibility_lag
    if gone and lag:
        gone -= yield from _perhaps_unseen(side, [claim for claim in claims if claim.ids[side] in gone], lag)
    return _Shared({one.id: one for one in found if isinstance(one, Item)}, frozenset(gone))


def _perhaps_unseen(side: Side, claims: Sequence[Claim], lag: timedelta) -> Call[set[str]]:
    """Return the ids of claimed records that a side may only not show yet: their syncs write to it, or just did."""
    now = yield from calls.now()
    late: set[str] = set()
    for sync in sorted({claim.sync for claim in claims}):
        rows = yield from calls.runs(sync, LATEST_RUNS)
        written = last_written(rows, side)
        recent = written is not None and now < written + lag
        if not recent and any(row.state is RunState.SYNCING for row in rows):
            # A run that died stays open until its sync runs again, which may be never; its lease runs out.
            held = (yield from calls.lease(sync, now)) or (yield from calls.lease(sync, now - lag))
            recent = held is not None
        if recent:
            late.update(claim.ids[side] for claim in claims if claim.sync == sync)
    return late


@attrs.frozen
class Claiming:
    """One run's asking of the realm; what it decides goes into the sorted records and the gathered pairs."""

    setup: Setup
    context: Context
    gathering: Gathering

    def adopt(self, sorted_: Sorted, unmatched: Unmatched) -> Call[Unmatched]:
        """Pair new records that are known elsewhere, or set them aside; return those that are not known."""
        realm = self.setup.profile.realm
        if realm is None:
            return unmatched
        shared, own = realm.shared, realm.shared.other
        identities = {
            (side, one): self.context.identity(side, one, sorted_.fit[side][one].record)
            for side in Side
            for one in unmatched[side]
        }
        claims = yield from calls.claims(self.setup.sync, sorted({*filter(None, identities.values())}))
        if not claims:
            return unmatched
        known = by_identity(claims)
        asked = {one: known.get(identities[own, one], ()) for one in unmatched[own]}
        read = yield from _read(self.setup, realm, [one for each in asked.values() for one in each])
        hits = yield from self._hits(shared, read.items)
        paired = frozenset(pair[shared] for pair in sorted_.pairs)
        hits = attrs.evolve(hits, linked=hits.linked | paired)
        candidates = {one: self._candidates(realm, each, hits) for one, each in asked.items()}
        alone = settle(self.context, sorted_, own, candidates, hits)
        rest: list[Sequence[str]] = [(), ()]
        rest[own] = self._wait(sorted_, own, alone, lambda one: stands(realm, shared, asked[one], read.gone))
        taken = {pair[shared] for pair in sorted_.pairs}
        left = [one for one in unmatched[shared] if one not in taken and one in sorted_.fit[shared]]
        rest[shared] = self._wait(
            sorted_, shared, left, lambda one: stands(realm, own, known.get(identities[shared, one], ()), read.gone)
        )
        return (rest[0], rest[1])

    def asked(self, sorted_: Sorted, unmatched: Unmatched) -> Call[Unmatched]:
        """Ask about all new records, and about the pairs that have lost one; return the new ones that nobody knows."""
        unmatched = self.go_on(sorted_, unmatched)
        unmatched = yield from self.adopt(sorted_, unmatched)
        yield from self.follow()
        return unmatched

    def go_on(self, sorted_: Sorted, unmatched: Unmatched) -> Unmatched:
        """Let a pair whose record is gone go on in a new record of the same identity; return who is left."""
        realm, result = self.setup.profile.realm, self.gathering.result
        if realm is None:
            return unmatched
        side = realm.shared.other
        gone = {link.identities[side]: at for at, (link, sights) in enumerate(result.linked) if _is_gone(sights[side])}
        gone.pop(b"", None)
        heirs: dict[int, list[str]] = {}
        for one in unmatched[side] if gone else ():
            at = gone.get(self.context.identity(side, one, sorted_.fit[side][one].record))
            if at is not None:
                heirs.setdefault(at, []).append(one)
        taken = {at: ones[0] for at, ones in heirs.items() if len(ones) == 1}
        for at, one in taken.items():
            result.linked[at] = _moved(*result.linked[at], side, sorted_.fit[side].pop(one))
        rest = [one for one in unmatched[side] if one in sorted_.fit[side]]
        return (rest, unmatched[1]) if side is Side.LEFT else (unmatched[0], rest)

    def follow(self) -> Call[None]:
        """Let pairs whose shared record is gone go on in the one that another sync has made of the same thing.

        While it is still being made, such a pair is left to the next run.
        """
        realm, result = self.setup.profile.realm, self.gathering.result
        if realm is None:
            return
        shared, own = realm.shared, realm.shared.other
        bereft = {
            link.number: self.context.identity(own, there.id, there.record)
            for link, sights in result.linked
            if isinstance(there := sights[own], Item) and _is_gone(sights[shared])
        }
        claims = yield from calls.claims(self.setup.sync, sorted({*filter(None, bereft.values())}))
        if not claims:
            return
        known = by_identity(claims)
        read = yield from _read(self.setup, realm, claims)
        hits = yield from self._hits(shared, read.items)
        linked: list[tuple[Link, Sights]] = []
        for link, sights in result.linked:
            asked = known.get(bereft.get(link.number, b""), ())
            heirs = [one for one in self._candidates(realm, asked, hits) if one not in hits.linked]
            if len(heirs) == 1:
                linked.append(_moved(link, sights, shared, read.items[heirs[0]]))
            elif stands(realm, shared, asked, read.gone):
                result.unsure = True
            else:
                linked.append((link, sights))
        result.linked = linked

    def spare(self, decided: Decided) -> Call[None]:
        """End a pair without deleting its shared record where another sync has a pair with it, too."""
        held = yield from spared(self.setup, self.context, (step for step in decided.steps if step.ends))
        for step in [step for step in decided.steps if step.id in held]:
            decided.steps.remove(step)
            decided.unlinked.append(step.ends)
            decided.parked.append(self._ended(step.side, step))

    def _candidates(self, realm: Realm[object], claims: Iterable[Claim], hits: Hits) -> list[str]:
        """Return the shared records that claims are about and that take part in this sync."""
        takes_part = self.setup.profile.sides[realm.shared].takes_part
        return [
            one
            for one in counterparts(realm, claims)
            if one in hits.items
            and takes_part(hits.items[one].record)
            and not (realm.own_copies and one in hits.linked)
        ]

    def _hits(self, side: Side, items: Records) -> Call[Hits]:
        doubted = set(self.gathering.recovered.left_alone())
        sure = {one: item for one, item in items.items() if (side, one) not in doubted}
        return (yield from self.gathering.facts(side, sure))

    def _wait(self, sorted_: Sorted, side: Side, ids: Iterable[str], is_known: Callable[[str], bool]) -> list[str]:
        """Set aside what is known elsewhere, for the next run to look at again; return the rest."""
        rest = []
        for one in ids:
            if is_known(one):
                set_aside(self.context, sorted_, side, one, reasons.ELSEWHERE, (), next_run=True)
            else:
                rest.append(one)
        return rest

    def _ended(self, side: Side, step: Step) -> Parked:
        keys = self.context.record_keys(side.other, (step.source,))
        now = self.context.now
        left, why = ParkedKind.LEFT, (reasons.ENDED,)
        return Parked(side, step.target, step.version, left, why, keys, first_seen=now, last_seen=now)


def _is_gone(sight: Item[object] | Absence) -> bool:
    return isinstance(sight, Absence) and sight.reason is AbsenceReason.DELETED


def _moved(link: Link, sights: Sights, side: Side, heir: Item[object]) -> tuple[Link, Sights]:
    if side is Side.LEFT:
        return attrs.evolve(link, ids=(heir.id, link.ids[1])), (heir, sights[1])
    return attrs.evolve(link, ids=(link.ids[0], heir.id)), (sights[0], heir)
