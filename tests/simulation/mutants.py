"""Provide engines that were broken on purpose, one safeguard at a time. The simulator has to find each of them out."""

# ruff: noqa: ANN401 - these take whatever they are given

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tallystick.ports import Absence, AbsenceReason, Commit, Committed, Outcome, State, Status, WriteKind
from tallystick.profiles import maximizer
from tallystick.reconcile import (
    ConflictPolicy,
    LoserFate,
    RemovalAction,
    RemovalPolicy,
    Retries,
    Winner,
    deciding,
    pair_steps,
    reasons,
    removals,
)
from tallystick.reconcile.deciding import Decided
from tallystick.reconcile.plan import Recovered
from tallystick.sync import calls, planning, recover, running, sending, sync, waiting
from tallystick.sync.applying import Applying
from tallystick.sync.finishing import finish
from tallystick.sync.gather import Gathering
from tests.simulation.world import CLIENTS, World

Patch = pytest.MonkeyPatch


@attrs.frozen
class Mutant:
    """One broken engine: what is broken in the code, and in the world.

    ``seeds`` is the number of histories within which it has to be found out, ``variant`` the kind of them that has what
    it takes, where not every kind has.
    """

    name: str
    seeds: int
    patch: Callable[[Patch], None] = lambda _patch: None
    setting: Callable[[World], None] = lambda _world: None
    settings: dict[str, Any] = attrs.field(factory=dict)
    variant: str = ""


class Forgetful:
    """A state that does not keep a part of what is committed."""

    def __init__(self, state: State, forget: Callable[[Commit], Commit]) -> None:
        self._state = state
        self._forget = forget

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Commit what is not forgotten; batches that were forgotten get numbers all the same."""
        kept = self._forget(commit)
        answer = self._state.commit(sync, kept)
        if len(kept.opened) < len(commit.opened):
            answer = attrs.evolve(answer, batches=tuple(-1 for _ in commit.opened))
        return answer


def _forgetting(forget: Callable[[Commit], Commit]) -> Callable[[World], None]:
    def setting(world: World) -> None:
        world.wrap_state = lambda state: Forgetful(state, forget)

    return setting


def _without_journal(commit: Commit) -> Commit:
    return attrs.evolve(commit, opened=[], kept=[], closed=[one for one in commit.closed if one > 0])


def _creates_only(commit: Commit) -> Commit:
    opened = [batch for batch in commit.opened if batch.intents[0].kind is WriteKind.CREATE]
    return attrs.evolve(
        commit,
        opened=opened,
        kept=[batch for batch in commit.kept if batch.number > 0],
        closed=[one for one in commit.closed if one > 0],
    )


def _without_creates(commit: Commit) -> Commit:
    opened = [batch for batch in commit.opened if batch.intents[0].kind is not WriteKind.CREATE]
    return attrs.evolve(
        commit,
        opened=opened,
        kept=[batch for batch in commit.kept if batch.number > 0],
        closed=[one for one in commit.closed if one > 0],
    )


def _without_parked(commit: Commit) -> Commit:
    return attrs.evolve(commit, parked=[])


def forgetting_parked(world: World) -> None:
    """Have the state forget every parked row."""
    _forgetting(_without_parked)(world)


def _looked_for_by_tag(patch: Patch) -> None:
    """Before a create is sent, look for what has its token; what is there is believed to be as it was meant."""
    once: Any = sending._once

    def looking(setup: Any, side: Any, kind: Any, steps: Any, waiting: Any, sent: Any) -> Generator[Any, Any, Any]:
        rest = []
        for at in waiting:
            found = kind is WriteKind.CREATE and (yield from recover._created(setup, side, steps[at]))
            if found:
                sent.outcomes[at] = Outcome(Status.DONE, found)
            else:
                rest.append(at)
        return (yield from once(setup, side, kind, steps, rest, sent)) if rest else []

    patch.setattr(sending, "_once", looking)


def _no_settling(patch: Patch) -> None:
    def recovered(setup: Any, _now: object) -> Generator[Any, Any, Recovered]:
        batches = yield from calls.batches(setup.sync)
        return Recovered(closed=tuple(batch.number for batch in batches))

    patch.setattr(planning, "recover", recovered)


def _no_waiting(patch: Patch) -> None:
    patch.setattr(recover, "_arrival", lambda _setup, _side: timedelta(0))


def _impatient(world: World) -> None:
    """Have what got no answer tried again at once: the usual pause would hide that nothing waits."""
    world.profile = attrs.evolve(world.profile, retries=Retries(timedelta(seconds=1)))


def _cursor_first(patch: Patch) -> None:
    begin = Applying.begin

    def early(self: Applying, plan: Any) -> None:
        begin(self, plan)
        self.pending.head.update(cursors=plan.cursors_after, initial=False)

    patch.setattr(Applying, "begin", early)


def _losers_last(patch: Patch) -> None:
    sent: Any = Applying._sent
    keep: Any = Applying._keep_losers

    def late(self: Applying, side: Any, kind: Any, steps: Any, withheld: Any) -> Generator[Any, Any, Any]:
        answer = yield from sent(self, side, kind, steps, withheld)
        yield from keep(self, steps)
        return answer

    patch.setattr(Applying, "_keep_losers", lambda _self, _steps: iter(()))
    patch.setattr(Applying, "_sent", late)


def _losers_not_kept(patch: Patch) -> None:
    patch.setattr(Applying, "_keep_losers", lambda _self, _steps: iter(()))


def _delete_beats_edit(patch: Patch) -> None:
    again: Any = removals._again
    deleted: Any = removals._deleted

    def beaten(context: Any, link: Any, sights: Any, side: Any, there: Any, reason: str) -> Any:
        if reason != reasons.EDIT_BEATS_REMOVAL:
            return again(context, link, sights, side, there, reason)
        ending = deleted(context, link, sights[side], side.other, there, AbsenceReason.DELETED)
        return attrs.evolve(ending, step=ending.step and attrs.evolve(ending.step, loses={}))

    patch.setattr(removals, "_again", beaten)


def _plan_that_commits(patch: Patch) -> None:
    planned = planning.planning
    patch.setattr(sync, "planning", lambda setup: planned(setup, commit=True))


def _settling_after_planning(patch: Patch) -> None:
    recovering: Any = recover.recover
    decide: Any = planning._decide

    def nothing_yet(_setup: Any, _context: Any) -> Generator[Any, Any, Recovered]:
        yield from ()
        return Recovered()

    def decided(setup: Any, context: Any, *rest: Any) -> Generator[Any, Any, Any]:
        plan = yield from decide(setup, context, *rest)
        return attrs.evolve(plan, recovered=(yield from recovering(setup, context)))

    patch.setattr(planning, "recover", nothing_yet)
    patch.setattr(planning, "_decide", decided)


def outside_the_window_is_deleted(patch: Patch) -> None:
    """Take what is outside the left window for deleted there."""
    absences: Any = removals.absences

    def believed(*args: Any) -> Any:
        found = absences(*args)
        return (AbsenceReason.DELETED, None) if found[0] is AbsenceReason.OUT_OF_WINDOW else found

    for where in (deciding, removals):
        patch.setattr(where, "absences", believed)


def outside_the_window_is_forgotten(patch: Patch) -> None:
    """End pairs that slid out of the window."""
    absences: Any = removals.absences

    def believed(*args: Any) -> Any:
        found = absences(*args)
        gone = (AbsenceReason.DELETED, AbsenceReason.DELETED)
        return gone if AbsenceReason.OUT_OF_WINDOW in found else found

    for where in (deciding, removals):
        patch.setattr(where, "absences", believed)


def _nothing_left_alone(patch: Patch) -> None:
    patch.setattr(Recovered, "left_alone", lambda _self: iter(()))


def _no_holding_back(patch: Patch) -> None:
    patch.setattr(waiting, "hold_back", lambda *_: None)


def _believing_late_reads(patch: Patch) -> None:
    patch.setattr(Gathering, "_is_late", lambda _self, _side: False)


def _unlisted_is_deleted(patch: Patch) -> None:
    def concluded(self: Gathering, side: Any, ids: list[str], _waiting: Any) -> Generator[Any, Any, None]:
        for link in (yield from self.links(side, ids)):
            self._see(link, side, Absence(link.ids[side], AbsenceReason.DELETED))

    patch.setattr(Gathering, "_read_missing", concluded)


def _cursor_over_doubts(patch: Patch) -> None:
    def finished(setup: Any, opened: Any, planned: Any, applying: Applying) -> Any:
        applying.applied.unfinished = False
        return finish(setup, opened, planned, applying)

    patch.setattr(running, "finish", finished)


def _overwriting_without_a_copy(patch: Patch) -> None:
    with_copy: Any = pair_steps._with_copy

    def without(context: Any, work: Any, step: Any) -> Any:
        for made in with_copy(context, work, step):
            if not made.stands_alone:
                yield attrs.evolve(made, copy="")

    patch.setattr(pair_steps, "_with_copy", without)


def _deciding_again_unread(patch: Patch) -> None:
    def unread(_setup: Any, _context: Any, changed: Any) -> Generator[Any, Any, Any]:
        yield from ()
        again = [attrs.evolve(step, version=None) for step in changed]
        return Decided(steps=again), []

    patch.setattr(running, "_decided_anew", unread)


def no_base_as_answered(patch: Patch) -> None:
    """Take for the base what was sent, not what was answered."""
    completed: Any = Applying._completed

    def sent(self: Applying, step: Any, after: Any, item: Any, **more: Any) -> Any:
        link = completed(self, step, after, item, **more)
        return attrs.evolve(link, base=after.base)

    patch.setattr(Applying, "_completed", sent)


def deleting(*, edit_beats_removal: bool) -> Any:
    """Return a profile by which a record that was deleted on one side is deleted on the other."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    removal = RemovalPolicy(deleted=RemovalAction.DELETE)
    return attrs.evolve(
        profile,
        left=attrs.evolve(profile.left, removal=removal),
        right=attrs.evolve(profile.right, removal=removal),
        conflict=ConflictPolicy(Winner.LATEST, LoserFate.DROP, edit_beats_removal=edit_beats_removal),
    )


MUTANTS = (
    Mutant("no journal", 300, setting=_forgetting(_without_journal)),
    Mutant("no intents of creates", 300, setting=_forgetting(_without_creates)),
    Mutant("creates are looked for by their tags alone", 600, _looked_for_by_tag, _forgetting(_without_creates)),
    Mutant("intents of creates only", 600, setting=_forgetting(_creates_only), variant="deleting"),
    Mutant("open intents are forgotten, not settled", 600, _no_settling),
    Mutant("no waiting for what may still arrive", 600, _no_waiting, _impatient),
    Mutant("open intents are settled after planning", 300, _settling_after_planning),
    Mutant("a plan that is only looked at writes", 600, _plan_that_commits),
    Mutant("what is in doubt is not left alone", 600, _nothing_left_alone, _impatient),
    Mutant("new records are paired while a create is in doubt", 600, _no_holding_back),
    Mutant("cursors are committed before the effects", 300, _cursor_first),
    Mutant("cursors move over what has no outcome", 600, _cursor_over_doubts),
    Mutant("no conditional writes", 300, settings={"conditional_writes": False}),
    Mutant("what changed meanwhile is written all the same", 300, _deciding_again_unread),
    Mutant("losers are not kept", 300, _losers_not_kept),
    Mutant("losers are kept after they are overwritten", 600, _losers_last),
    Mutant("losers are overwritten without a copy", 300, _overwriting_without_a_copy, variant="copied"),
    Mutant("a removal beats an edit", 300, _delete_beats_edit, variant="deleting"),
    Mutant("what is not listed is taken for deleted", 300, _unlisted_is_deleted, variant="deleting"),
    Mutant("what a side shows late is believed", 600, _believing_late_reads),
)
"""The engines, each with the number of histories within which it has to be found out."""
