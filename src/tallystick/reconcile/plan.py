"""Provide the plan: everything a run would write, as data, in order, before anything is written.

It holds the steps, what will be remembered without any write, what is left alone and why, the guards' figures, and
what all of it rests on: the state's revision, the rule layout, and both cursors before and after. Apply it, print it,
or save it (:mod:`.plan_json`); a saved plan holds contents and is the host's to keep.
"""

from collections import Counter
from collections.abc import Iterator

import attrs

from tallystick.ports import SIDES, Batch, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile.guards import Figure
from tallystick.reconcile.reasons import words
from tallystick.reconcile.step import Step
from tallystick.text import counted


@attrs.frozen
class Note:
    """Something a person may want to know of one record: a field that lost, or was not carried. Names, no values.

    DIFFERS: the mapping has changed, and both sides of the pair are left as different as they are. NOT_UNDONE: a write
    of the run that is to be taken back can't be; ``rule`` is the code of the reason. ENDED: a pair ended, and nobody
    took its record out of the scope; ``rule`` is the code of the reason.
    """

    kind: str
    side: Side
    id: str
    rule: str

    LOST = "lost"
    NOT_CARRIED = "not carried"
    BLOCKED = "blocked"
    """Nothing of its kind can be created: one note for all records that wait, ``rule`` being the reason."""
    DIFFERS = "differs"
    NOT_UNDONE = "not undone"
    ENDED = "pair ended"


@attrs.frozen
class Recovered:
    """What was found out about writes of earlier runs that never got an answer.

    ``closed`` are batches that are settled, ``kept`` those of which intents remain in doubt, ``links`` what was found
    done. ``in_doubt`` are the (side, id) of records that are left alone until it is known what became of them.
    ``resent`` says, by side, that a create is sent again under its token: what is new there may be the first one.
    ``parked`` are rows of records that were created and are no pair's; ``cleared`` are (side, id) of rows whose effect
    was found whole. ``claiming`` are batches that stay open, though nothing waits for them, until the creates of theirs
    have been sent again: what they claim is theirs. ``ended`` are pairs of which a record was to be deleted, or to
    leave, and did.
    """

    closed: tuple[int, ...] = ()
    kept: tuple[Batch, ...] = ()
    links: tuple[Link, ...] = ()
    in_doubt: tuple[tuple[Side, str], ...] = ()
    creates_in_doubt: tuple[bool, bool] = (False, False)
    resent: tuple[bool, bool] = (False, False)
    parked: tuple[Parked, ...] = ()
    cleared: tuple[tuple[Side, str], ...] = ()
    claiming: tuple[Batch, ...] = ()
    ended: tuple[Link, ...] = ()

    def left_alone(self) -> Iterator[tuple[Side, str]]:
        """Yield the (side, id) of records that a plan does not touch: what is in doubt, and what was just found."""
        yield from self.in_doubt
        for link in (*self.links, *self.ended):
            yield from zip(SIDES, link.ids, strict=True)
        yield from ((row.side, row.id) for row in self.parked)


@attrs.frozen
class Plan:
    """The plan of one run; see the module's words.

    ``links`` are stored and ``unlinked`` ended without any write; the last ``refreshed`` of the links are of pairs of
    which only a version moved. ``left_out`` are the records that wait for room, ``found_equal`` the pairs that agree.
    ``unsure`` says that something was left alone because it may only not be visible yet. ``altered`` are codes of what
    has changed in the profile since the last run: rules, and what is eligible; every pair is looked at again.
    ``partial`` says that the plan is about named records only, and that what it observes ends nowhere: cursors stay.
    ``undoes`` is the number of the run that it takes back, 0 for none. ``superseded`` are links that end before any is
    stored, since another pair goes on in a record of theirs.
    """

    sync: str
    profile: str
    revision: int
    layout: str
    initial: bool
    extents: tuple[str, str]
    accounts: tuple[str, str]
    cursors: tuple[str | None, str | None]
    cursors_after: tuple[str | None, str | None]
    pairs: int
    steps: tuple[Step, ...] = ()
    links: tuple[Link, ...] = ()
    refreshed: int = 0
    unlinked: tuple[int, ...] = ()
    parked: tuple[Parked, ...] = ()
    cleared: tuple[tuple[Side, str], ...] = ()
    notes: tuple[Note, ...] = ()
    figures: tuple[Figure, ...] = ()
    recovered: Recovered = Recovered()
    close_all: bool = False
    left_out: int = 0
    found_equal: int = 0
    unsure: bool = False
    altered: tuple[str, ...] = ()
    partial: bool = False
    undoes: int = 0
    superseded: tuple[int, ...] = ()

    @property
    def stops(self) -> tuple[Figure, ...]:
        """The guards that would stop this plan."""
        return tuple(figure for figure in self.figures if figure.stops)

    def writes(self) -> Counter[tuple[Side, WriteKind]]:
        """Return how many writes of each kind the plan has on each side."""
        return Counter((step.side, step.kind) for step in self.steps)

    def summary(self) -> str:
        """Return the plan in a few lines: what would be written where, what is left alone and why."""
        return "\n".join(self._lines())

    def details(self, limit: int | None = None) -> str:
        """Return one line a step: what would be done to which record, and why. Ids and field names, no contents."""
        lines = [_step_line(step) for step in self.steps[:limit]]
        if limit is not None and len(self.steps) > limit:
            lines.append(f"... and {len(self.steps) - limit} more")
        return "\n".join(lines)

    def _lines(self) -> Iterator[str]:
        kind = "initial run" if self.initial else "incremental run"
        if self.partial:
            kind = f"run {self.undoes} taken back" if self.undoes else "a person's choice"
        yield f"Plan of {self.sync} ({self.profile}), {kind}, {self.pairs} pairs so far"
        writes = self.writes()
        for side in SIDES:
            said = [f"{kind} {writes[side, kind]}" for kind in WriteKind if writes[side, kind]]
            yield f"  {side.label:5}  {', '.join(said) or 'no write'}"
        for code in self.altered:
            yield f"  {words(code)}: every pair is looked at again"
        linked = len(self.links) - self.refreshed
        if linked:
            yield f"  {counted(linked, 'pair is', 'pairs are')} equal already and only remembered"
        ended = len(self.unlinked) + len(self.recovered.ended)
        if ended:
            yield f"  {counted(ended, 'pair ends', 'pairs end')} without a write"
        by_reason = Counter(reason for row in self.parked for reason in row.reasons if row.kind is not ParkedKind.LEFT)
        for reason, count in by_reason.most_common():
            yield f"  {count} left alone: {words(reason)}"
        for (kind_, rule), count in Counter((note.kind, note.rule) for note in self.notes).most_common():
            yield f"  {count} {kind_}: {rule}"
        yield from self._found()
        for figure in self.stops:
            yield f"  STOPS: {figure.name} {figure.planned}, allowed {figure.allowed}"

    def _found(self) -> Iterator[str]:
        found = self.recovered
        if found.links:
            pairs = counted(len(found.links), "pair has", "pairs have")
            yield f"  {pairs} what an earlier run wrote without an answer; it is only remembered"
        if found.in_doubt:
            yield f"  {len(found.in_doubt)} in doubt from an earlier run, left alone"


def _step_line(step: Step) -> str:
    what = f" ({', '.join(step.rules)})" if step.rules and step.kind is not WriteKind.CREATE else ""
    target = step.target or f"for {step.source}"
    return f"{step.side.label:5} {step.kind:6} {target}{what}: {words(step.reason)}"
