"""Provide the writing half of a run: journal, send, commit, batch by batch.

A batch's intents are durable before it is sent. What became of it is committed, with links and bases taken from the
provider's answers, in the same transaction as the next batch's intents, so that a batch costs one commit. Whatever
happens between, the next run finds the intents open and looks into them.

Cursors move last (:mod:`.finishing`), together with everything that needs no write, and only if every step has an
outcome: a run that was cut short is observed again from where the last whole one began.
"""

from collections.abc import Iterator, Sequence

import attrs

from tallystick.errors import ProviderError
from tallystick.ports import (
    SIDES,
    Batch,
    Commit,
    Committed,
    Head,
    Intent,
    Item,
    Link,
    Loser,
    Outcome,
    Parked,
    ParkedKind,
    Side,
    Status,
    WriteKind,
)
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.copies import copy_key, stands_alone
from tallystick.reconcile.newcomers import park
from tallystick.reconcile.plan import Note, Plan
from tallystick.reconcile.report import Failure
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.applied import Applied
from tallystick.sync.calls import Call
from tallystick.sync.claiming import given_up, withheld
from tallystick.sync.collector import resting_collector
from tallystick.sync.completing import NO_HALF, FirstHalf, Made, completed, first_half, intended_base
from tallystick.sync.imaging import keep_after, keep_before
from tallystick.sync.known import Known
from tallystick.sync.repeating import Repeats, repeats
from tallystick.sync.sending import Sent, has_a_budget, send
from tallystick.sync.setup import Setup
from tallystick.sync.telling import tell_steps

_MOST_TOKENS = 20
"""How many tokens of records that are gone a create may meet before it is left to the next run."""


_SENT_TOGETHER = 2
"""How often a write is sent with others of its batch while it gets no answer; after that it is sent by itself."""

_NO_LINK = Link(("", ""), (None, None), (False, False), (b"", b""))
"""What is known of a pair where a step leaves none."""


def _no_windows() -> list[float | None]:
    return [None, None]


@attrs.define
class Applying:
    """One run's writing. Live: it holds the transaction that is being collected.

    ``parked`` are the rows of what failed; they are stored with the last transaction, where attempts are counted.
    ``outdated`` are the (side, id) of rows of earlier attempts, which go then, and ``beside`` those of the records that
    were to join and are parked beside the one that the write came from. ``known`` is what need not be asked for.
    ``windows`` are, by side, the most seconds between reading a record once more and the answer of its write.
    """

    setup: Setup
    context: Context
    head: Head
    known: Known
    run: int = 0
    applied: Applied = attrs.field(factory=Applied)
    notes: list[Note] = attrs.field(factory=list)
    parked: list[Parked] = attrs.field(factory=list)
    outdated: list[tuple[Side, str]] = attrs.field(factory=list)
    beside: set[tuple[Side, str]] = attrs.field(factory=set)
    pending: Commit = attrs.field(factory=Commit)
    repeats: Repeats = attrs.field(factory=Repeats)
    _live: dict[tuple[str, str], Link] = attrs.field(factory=dict)
    _first_halves: dict[tuple[str, str], FirstHalf] = attrs.field(factory=dict)
    _failed: set[str] = attrs.field(factory=set)
    windows: list[float | None] = attrs.field(factory=_no_windows)

    def begin(self, plan: Plan) -> None:
        """Take the recovery's findings into the first transaction."""
        found = plan.recovered
        self.pending = Commit(
            plan.revision,
            closed=list(found.closed),
            kept=list(found.kept),
            links=[*found.links, *links_of_steps(plan)],
            unlinked=[*plan.superseded, *(link.number for link in found.ended)],
            close_all=plan.close_all,
        )
        # What is in doubt, or was just found, is left alone by the plan: its changes are still to be observed.
        self.applied.unfinished = bool(found.links or found.ended or found.in_doubt or plan.unsure)
        self.repeats = repeats(self.setup, plan)
        if plan.close_all:
            self.pending.head.update(accounts=plan.accounts, cursors=(None, None), initial=True)
        self.pending.parked += found.parked
        self.pending.cleared += found.cleared
        if self.head.confirmed:
            # Used up before anything is sent: where the run is cut off, what it has done may be all that was confirmed.
            self.pending.head["confirmed"] = {}

    def apply(self, steps: Sequence[Step]) -> Call[None]:
        """Send the steps in order, in batches of one side and kind; stop where a side can't go on."""
        alone = (yield from self._to_be_sent_alone(steps)) if steps else set()
        for batch in self._batches(steps, alone):
            if self.applied.stopped:
                self.applied.unfinished = True
                return
            ready = yield from self._not_copied(self._unheld(batch))
            if ready:
                yield from self._send(ready)

    def commit(self) -> Call[Committed]:
        """Commit what has been collected, and return what the state answered."""
        answer = yield from calls.commit(self.setup.sync, self.pending)
        self.known.taken(self.pending, answer)
        self.head = answer.head
        self.pending = Commit(answer.head.revision)
        return answer

    def _unheld(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Return the steps without those that are no longer wanted, or waited for one that failed and failed, too."""
        failed = self._failed
        if not (failed or self.repeats.answered):
            return steps
        ready: list[Step] = []
        for step in steps:
            if step.waits in failed or step.copy in failed:
                failed.add(step.id)
                if step.copy in failed and _is_of_new_pair(step) and not self.applied.unfinished:
                    # Only the other record is parked with the copy: once cursors have moved, no run looks at this one.
                    self._put_off(step, reasons.NOT_COPIED, [(step.side, step.target, step.version)])
            elif not self.repeats.copies_one(step):
                ready.append(step)
        return ready

    def _to_be_sent_alone(self, steps: Sequence[Step]) -> Call[set[str]]:
        """Return the ids of steps whose writes got no answer again: one of them may be why, and holds up nobody."""
        if not self.head.parked.get(ParkedKind.FAILED):
            return set()
        rows = yield from calls.parked_list(self.setup.sync, ParkedKind.FAILED)
        unheard = {
            (row.side, row.id) for row in rows if reasons.UNANSWERED in row.reasons and row.attempts >= _SENT_TOGETHER
        }
        return {step.id for step in steps if not unheard.isdisjoint(zip(SIDES, step.ids, strict=True))}

    def _batches(self, steps: Sequence[Step], alone: set[str]) -> Iterator[Sequence[Step]]:
        group: list[Step] = []
        last: tuple[object, ...] = ()
        for step in steps:
            kin = (step.side, step.kind, bool(step.waits), bool(alone) and step.id in alone and step.id)
            if group and kin != last:
                yield from calls.chunks(group, self.setup.capabilities[group[0].side].batch_size)
                group = []
            group.append(step)
            last = kin
        if group:
            yield from calls.chunks(group, self.setup.capabilities[group[0].side].batch_size)

    def _not_copied(self, steps: Sequence[Step]) -> Call[Sequence[Step]]:
        """Return the steps without the copies that an earlier attempt has made."""
        keys = {
            copy_key(self.context, step.side, step.token)[0]: step.id
            for step in steps
            if step.stands_alone and step.source
        }
        if not keys:
            return steps
        made = {key for row in (yield from calls.parked_sharing(self.setup.sync, sorted(keys))) for key in row.keys}
        known = {one for key, one in keys.items() if key in made}
        return [step for step in steps if step.id not in known]

    def _send(self, steps: Sequence[Step], depth: int = 0) -> Call[None]:
        side, kind = steps[0].side, steps[0].kind
        yield from self._keep_losers(steps)
        if steps[0].waits:
            yield from self._find_first_halves(steps)
        batch = Batch(side, (yield from calls.now()), self.setup.mapping.layout, tuple(map(self._intent, steps)))
        self.pending.opened.append(batch)
        for step in steps:
            if step.ends_first:
                self._end(step)
        answer = yield from self.commit()
        kept = yield from withheld(self.setup, self.context, steps)
        sent = yield from self._sent(side, kind, steps, kept)
        outcomes = sent.outcomes
        if sent.fault:
            self.applied.fail(sent.fault)
        self.applied.miscount = self.applied.miscount or sent.miscount
        if sent.window is not None:
            self.windows[side] = max(self.windows[side] or 0.0, sent.window)
        if Status.UNKNOWN in [outcome.status for outcome in outcomes]:
            yield from self._know_links(steps)
        taken = yield from self.repeats.taken(self.setup, self.head, steps, outcomes)
        with resting_collector(len(steps)):
            self._take_in(batch, answer.batches[0], steps, outcomes, taken, kept)
        yield from tell_steps(self.setup, steps, outcomes)
        renewed = self._renewed(steps, outcomes)
        if renewed and depth < _MOST_TOKENS:
            yield from self._send(renewed, depth + 1)
        else:
            self.applied.changed += renewed

    def _renewed(self, steps: Sequence[Step], outcomes: Sequence[Outcome[object]]) -> list[Step]:
        """Return creates whose token the service remembers of a record that is gone, under another token."""
        return [
            attrs.evolve(step, token=self.context.token(step.side, step.source, f"after {step.token}"))
            for step, outcome in zip(steps, outcomes, strict=True)
            if step.kind is WriteKind.CREATE and outcome.status is Status.GONE
        ]

    def _take_in(
        self,
        batch: Batch,
        number: int,
        steps: Sequence[Step],
        outcomes: Sequence[Outcome[object]],
        taken: set[str],
        withheld: frozenset[str],
    ) -> None:
        """Take in what became of each write of a batch; what got no answer keeps its intent."""
        open_: list[Intent] = []
        creates, unknown = steps[0].kind is WriteKind.CREATE, Status.UNKNOWN
        for step, intent, outcome in zip(steps, batch.intents, outcomes, strict=True):
            if withheld and step.id in withheld:
                self._failed.add(step.id)
                self.park_failure(step, reasons.ELSEWHERE)
                self.pending.unlinked += given_up(self.setup, step)
            elif outcome.status is unknown or self.repeats.stays_in_doubt(step, outcome):
                open_.append(intent)
                self.applied.in_doubt.append(step)
                self.applied.unfinished = True
                self._failed.add(step.id)
                if has_a_budget(step):
                    self._put_off(step, reasons.UNANSWERED, self._places(step))
            elif taken and outcome.item is not None and outcome.item.id in taken:
                self.park_failure(step, reasons.UNIQUE_ID)
            elif not creates or outcome.status is not Status.GONE:
                self._settle(step, outcome)
                if creates and outcome.item is not None:
                    taken.add(outcome.item.id)  # a service that makes one record of two may answer both with it
        if open_:
            self.pending.kept.append(attrs.evolve(batch, number=number, intents=tuple(open_)))
        else:
            self.pending.closed.append(number)

    def _sent(self, side: Side, kind: WriteKind, steps: Sequence[Step], withheld: frozenset[str]) -> Call[Sent]:
        """Send a batch without what is withheld; its images are kept where the host's sink was told to."""
        if not withheld:
            return (yield from self._sent_whole(side, kind, steps))
        rest = [step for step in steps if step.id not in withheld]
        sent = (yield from self._sent_whole(side, kind, rest)) if rest else Sent([])
        answers = iter(sent.outcomes)
        sent.outcomes = [Outcome(Status.CHANGED) if step.id in withheld else next(answers) for step in steps]
        return sent

    def _sent_whole(self, side: Side, kind: WriteKind, steps: Sequence[Step]) -> Call[Sent]:
        if not self.setup.keeps_images:
            return (yield from send(self.setup, side, kind, steps))
        try:
            images = yield from keep_before(self.setup, self.run, steps)
        except ProviderError as error:
            return Sent([Outcome(Status.THROTTLED)] * len(steps), error)
        sent = yield from send(self.setup, side, kind, steps)
        yield from keep_after(images, sent.outcomes)
        return sent

    def _keep_losers(self, steps: Sequence[Step]) -> Call[None]:
        losers = [
            Loser(self.setup.sync, step.side, step.target, step.version, step.loses) for step in steps if step.loses
        ]
        if losers and self.setup.has_sink:
            yield from calls.keep_losers(losers)

    def _find_first_halves(self, steps: Sequence[Step]) -> Call[None]:
        """Make the first halves durable and know their links, so that the second half goes on from them."""
        yield from self.commit()
        yield from self._know_links(steps)

    def _know_links(self, steps: Sequence[Step]) -> Call[None]:
        wanted = [step.ids[Side.LEFT] for step in steps if step.ids[Side.LEFT]]
        for link in (yield from calls.links(self.setup.sync, Side.LEFT, wanted)):
            self._live[link.ids] = link

    def _intent(self, step: Step) -> Intent:
        after = step.after or _NO_LINK
        left, right = after.versions
        versions = (step.version, right) if step.side is Side.LEFT else (left, step.version)
        claimed = after.identities if step.kind is WriteKind.CREATE else _NO_LINK.identities
        half = self._first_halves.get(step.ids, NO_HALF) if step.waits else NO_HALF
        base = intended_base(self.context, step, after, self._live.get(step.ids), half) if half[2] else after.base
        return Intent(step.token, step.kind, step.ids, versions, after.members, base, claimed)

    def _settle(self, step: Step, outcome: Outcome[object]) -> None:
        if outcome.status is Status.DONE:
            self._done(step, outcome.item)
            return
        self._failed.add(step.id)
        if outcome.status is Status.THROTTLED:
            self.applied.unfinished = True
        elif outcome.status is Status.REFUSED:
            self.park_failure(step, reasons.refused(outcome.code))
        else:
            self.applied.changed.append(step)

    def _done(self, step: Step, item: Item[object] | None) -> None:
        self.applied.writes[step.side, step.kind] += 1
        self.applied.done.append(step)
        if not step.ends_first:
            self._end(step)
        elif step.kind is WriteKind.REMOVE:
            self.pending.cleared.append((step.side, step.target))
        if step.stands_alone and item is not None:
            self.pending.parked.append(stands_alone(self.context, step.side, step.source, step.token, item))
        if step.after is not None and item is not None:
            repeated = self.repeats.is_one(step, item)
            link = self._completed(step, step.after, item, repeated=repeated)
            self.pending.links.append(link)
            self.applied.pairs.add(link.ids)
            self.clear(link)
            if repeated:
                self.repeats.answered.add((step.side, item.id))
                if (link.base, link.members) != (step.after.base, step.after.members):
                    self._look_again(step.side, item)

    def _look_again(self, side: Side, item: Item[object]) -> None:
        """Have the next run look at what a create that was sent again was answered with: it may have been edited."""
        row = park(self.context, side, item, (reasons.WAITS,), kind=ParkedKind.FAILED, next_run=True)
        self.parked.append(row)

    def _end(self, step: Step) -> None:
        """End the pair of a step that ends one, and park what is remembered of it."""
        self.pending.parked += step.parks
        if step.ends:
            self.pending.unlinked.append(step.ends)
            self.pending.cleared += zip(SIDES, step.ids, strict=True)

    def clear(self, link: Link) -> None:
        """Clear the parked rows of a pair's records, with the effect that they waited for."""
        if self.head.parked:
            self.pending.cleared += self.known.perhaps_parked(link.ids)

    def _completed(self, step: Step, after: Link, item: Item[object], *, repeated: bool) -> Link:
        """Return the link after a write; a second half goes on from the link and the version of the first."""
        made = Made(step, after, item, repeated)
        ids = step.ids
        if step.waits:
            made.first, made.half = self._live.get(ids), self._first_halves.get(ids, NO_HALF)
        link, not_taken, news = completed(self.context, made)
        if not step.waits:
            self._first_halves[ids] = first_half(self.context, made, news=news)
        if not_taken:
            self.notes += [Note(Note.NOT_CARRIED, step.side.other, step.source, name) for name in not_taken]
        return link

    def park_failure(self, step: Step, reason: str) -> None:
        """Park the record whose write failed, to be tried again when it changes or its retry falls due.

        What was refused counts as an attempt, and is put off; what changed meanwhile is the next run's.
        """
        self.applied.failures.append(Failure(step.side, step.target or step.source, reason))
        self.applied.failed.append(step)
        self._put_off(step, reason, self._places(step))

    def _places(self, step: Step) -> list[tuple[Side, str, str | None]]:
        """Return the records, as (side, id, version), that are parked where the write of a step failed.

        It is the one that the write comes from. The other one, too, where it may be outside the scope, so that no run
        would look at it again, and where nothing is known of it by which it would be passed over. Else a row that it
        has from an earlier attempt goes.
        """
        link = self._live.get(step.ids)
        is_news = link is not None and link.versions[step.side] != step.version
        half = self._first_halves.get(step.ids) if step.waits else None
        version = half[0] if half else step.source_version
        places = [(step.side.other, step.source, version)] if step.source else []
        if not places or (step.target and (is_news or _is_of_new_pair(step) or step.kind is WriteKind.JOIN)):
            places.append((step.side, step.target, step.version))
        elif step.target and self.head.parked:
            self.outdated.append((step.side, step.target))
        return places

    def _put_off(self, step: Step, reason: str, places: Sequence[tuple[Side, str, str | None]]) -> None:
        """Park records by (side, id, version), to be tried again later; a record that matches calls them as well."""
        keys = self.context.record_keys(step.side, [step.target] if step.target else [])
        if len(places) > 1:
            keys += self.context.record_keys(step.side.other, [step.source])  # the one calls the other
        if step.kind is WriteKind.CREATE:
            keys += self.context.parked_keys(self.context.match_keys(step.side, step.record))
        if step.kind is WriteKind.JOIN:
            self.beside.update((side, one) for side, one, _ in places[1:])
        self.parked += (
            Parked(
                side,
                one,
                version,
                ParkedKind.FAILED,
                (reason,),
                keys,
                attempts=int(reason not in (reasons.CHANGED_MEANWHILE, reasons.ELSEWHERE)),
                first_seen=self.context.now,
                last_seen=self.context.now,
                retry_at=self.context.now,
            )
            for side, one, version in places
        )


def links_of_steps(plan: Plan) -> list[Link]:
    """Return the links of a plan that steps are about: where a pair's records are by now, whatever comes of them."""
    if not (plan.steps and plan.links):
        return []
    numbers = {step.after.number if step.after else step.ends for step in plan.steps}
    return [link for link in plan.links if link.number and link.number in numbers]


def _is_of_new_pair(step: Step) -> bool:
    return step.after is not None and not step.after.number
