"""Provide the sending of one batch: what becomes of each of its writes.

Writes that were throttled are sent again, a bounded number of times. An answer that can't be matched to its writes, or
lacks the record, says nothing: its writes are in doubt. Where the service compares no versions, the records are read
once more before each sending (:mod:`.rereading`), and those that have moved are not sent.
"""

from collections.abc import Sequence

import attrs

from tallystick.errors import OutcomeUnknown, ProviderError, TallystickError, Throttled
from tallystick.ports import Create, Outcome, Remove, Side, Status, Update, WriteKind
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.replies import Miscounted
from tallystick.sync.rereading import objection, reread
from tallystick.sync.setup import RETRIED_ITEMS_AT_MOST, Setup

# Named once: to ask an enum for a member takes as long as ten other instructions do.
_CREATE, _REMOVE, _THROTTLED = WriteKind.CREATE, WriteKind.REMOVE, Status.THROTTLED
_WAIT = 1.0
"""How long a throttled write waits where the service does not say."""


@attrs.define
class Sent:
    """What became of a batch.

    ``outcomes`` stand in the order of its steps. ``fault`` is the error after which this side can't go on. ``window``
    is how many seconds at most went by between reading a record once more and the answer of its write. ``miscount``
    says of an answer that could not be matched how many outcomes it had.
    """

    outcomes: list[Outcome[object]]
    fault: TallystickError | None = None
    window: float | None = None
    miscount: str = ""


def has_a_budget(step: Step) -> bool:
    """Tell whether a write without an answer counts as an attempt: any write of a pair that is waited for.

    Nobody waits for what stands alone, or is left of a pair that has ended anyway; and what is made anew in its pair is
    wanted in every run.
    """
    if not step.source or step.ends_first:
        return False
    if step.kind is _CREATE:
        return step.after is not None and not step.after.number
    return step.after is not None or step.kind in (WriteKind.REMOVE, WriteKind.LEAVE)


def send(setup: Setup, side: Side, kind: WriteKind, steps: Sequence[Step]) -> Call[Sent]:
    """Send the steps of a batch, which are of one side and kind."""
    sent = Sent([Outcome(Status.THROTTLED)] * len(steps))
    waiting = list(range(len(steps)))
    for attempt in range(1, RETRIED_ITEMS_AT_MOST + 1):
        try:
            waiting = yield from _once(setup, side, kind, steps, waiting, sent)
        except ProviderError as error:
            # The contract: any other error than an unknown outcome means that nothing of the batch was written.
            sent.fault = error
            return sent
        if not waiting:
            return sent
        asked = max(_asked(sent.outcomes[at]) for at in waiting)
        if attempt == RETRIED_ITEMS_AT_MOST or asked > calls.LONGEST_WAIT:
            sent.fault = Throttled(where=f"{side.label} side")
            return sent
        yield from calls.sleep(asked)
    return sent


def _once(
    setup: Setup, side: Side, kind: WriteKind, steps: Sequence[Step], waiting: list[int], sent: Sent
) -> Call[list[int]]:
    """Send what waits, note what became of it, and return the places of those that were throttled."""
    began = None
    if kind is not WriteKind.CREATE and not setup.capabilities[side].conditional_writes:
        began = yield from calls.now()
        waiting = yield from _unmoved(setup, steps, waiting, sent)
        if not waiting:
            return []
    batch, scope = [_write_of(steps[at]) for at in waiting], setup.scopes[side]
    try:
        reply = yield from calls.patiently(lambda: calls.write(side, kind, batch, scope))
    except OutcomeUnknown as error:
        # No answer, or one that can't be matched to its writes, says nothing about any of them.
        reply = [Outcome(Status.UNKNOWN)] * len(batch)
        sent.miscount = str(error) if isinstance(error, Miscounted) else sent.miscount
    if began is not None:
        window = ((yield from calls.now()) - began).total_seconds()
        sent.window = max(sent.window or 0.0, window)
    for at, outcome in zip(waiting, reply, strict=True):
        # Without the record there is nothing to link: it is there, and the next run finds it.
        unseen = outcome.item is None and outcome.status is Status.DONE and steps[at].kind is not WriteKind.REMOVE
        sent.outcomes[at] = Outcome(Status.UNKNOWN) if unseen and steps[at].after is not None else outcome
    return [at for at in waiting if sent.outcomes[at].status is _THROTTLED]


def _unmoved(setup: Setup, steps: Sequence[Step], waiting: Sequence[int], sent: Sent) -> Call[list[int]]:
    """Read the records that are to be written once more; return the places of those that have not moved."""
    there, gone = yield from reread(setup, [steps[at] for at in waiting])
    still = []
    for at in waiting:
        against = objection(setup.mapping, steps[at], there, gone)
        if against is None:
            still.append(at)
        else:
            sent.outcomes[at] = against
    return still


def _asked(outcome: Outcome[object]) -> float:
    """Return for how many seconds a throttled write is to wait."""
    return _WAIT if outcome.retry_after is None else max(outcome.retry_after, 0.0)


def _write_of(step: Step) -> Create[object] | Update | Remove:
    if step.kind is _CREATE:
        return Create(step.token, step.record, step.member is not False)
    if step.kind is _REMOVE:
        return Remove(step.target, step.version, step.token)
    return Update(step.target, step.version, step.fields, step.member, step.token)
