"""Provide programs: lists of what users, services and the weather do, as data, and how they are carried out.

A program is a list of tuples: an operation and three numbers, whose meaning the operation knows. Any numbers make a
legal program; what makes no sense where it stands does nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from random import Random
from typing import Any, Literal

import attrs

from tallystick.errors import StalePlan, Throttled, Unavailable
from tallystick.ports import Scope, Update
from tests.simulation.crash import Crash, Flavour, Fuse
from tests.simulation.lineage import Lineage
from tests.simulation.world import CATEGORY, CLIENTS, NAME, World, person_of

Op = tuple[str, int, int, int]
PEOPLE = 4
_STRIKING = frozenset({"meanwhile", "lose_reply", "lose_request", "delay_request", "partial", "refuse"})
_STRUCK = 0.7
_SETTLED = 0.7
"""How many of the histories begin with two people who are in sync already."""

EDITS = ("insert", "edit", "edit", "edit", "clash", "clash", "both", "rename", "delete", "leave", "join", "touch")
WEATHER = (
    "expire",
    "throttle",
    "down",
    "lose_reply",
    "lose_request",
    "delay_request",
    "meanwhile",
    "pass",
    "interrupt",
    "partial",
    "empty",
    "truncate",
    "refuse",
    "deny",
    "jump",
)
"""What a history may have of bad weather; each has only two of them, so that they meet often."""

_FLAVOURS: tuple[Flavour, ...] = ("before", "after", "lost", "unsent")


def drawn(seed: int, *, weather: bool = True, length: int = 12, more: Sequence[str] = ()) -> list[Op]:
    """Return the program of a seed; ``more`` are the names of further operations."""
    random = Random(seed)
    names = [*EDITS, "run", "run", "run", *more]
    begin: list[Op] = []
    if random.random() < _SETTLED:
        begin = [("insert", random.randrange(2), 0, 0), ("both", 0, 1, random.randrange(64)), ("run", 0, 0, 2)]
    if weather:
        names += ["crash", "crash", "crash"] + [random.choice(WEATHER), random.choice(WEATHER)] * 2
    program = begin
    for _ in range(random.randint(4, length)):
        name, side, extra = random.choice(names), random.randrange(2), random.randrange(64)
        program.append((name, side, random.randrange(PEOPLE), extra))
        if name in _STRIKING and random.random() < _STRUCK:
            program += _met(random, name, side, extra)
    return program


def _met(random: Random, name: str, side: int, extra: int) -> list[Op]:
    """Return what meets the weather: a change to be written there, and runs. Else most of it would pass unseen."""
    creates = extra % 2 and name != "meanwhile"
    person = random.randrange(2, PEOPLE) if creates else random.randrange(2)
    change: Op = ("insert" if creates else "edit", 1 - side, person, random.randrange(64))
    return [change, ("run", 0, 0, random.randrange(2)), ("run", 0, 0, 0)][: random.randint(2, 3)]


@attrs.define
class Carried:
    """A program that is being carried out."""

    world: World
    lineage: Lineage = attrs.field(factory=Lineage)
    counts: Counter[str] = attrs.field(factory=Counter)
    renames: int = 0
    renamed: set[int] = attrs.field(factory=set)
    apart: set[int] = attrs.field(factory=set)
    deletes: bool = False

    def all(self, program: Sequence[Op]) -> None:
        """Carry out the program."""
        for op in program:
            self.one(op)

    def one(self, op: Op) -> None:
        """Carry out one operation."""
        name, side, person, extra = op
        self.counts[name] += 1
        action: Callable[[int, int, int], Any] = getattr(self, f"_{name}")
        action(side, person, extra)

    # --- users -------------------------------------------------------------------------------------------------------

    def _insert(self, side: int, person: int, extra: int) -> None:
        world = self.world
        if any(world.find(each, person) for each in (0, 1)) or self._was_deleted(person):
            return
        world.insert(side, person, **world.saying(side, person, extra, self.lineage.token("")))

    def _both(self, _side: int, person: int, extra: int) -> None:
        """Insert a person on both sides, unless there is one."""
        world = self.world
        if any(world.find(each, person) for each in (0, 1)) or self._was_deleted(person):
            return
        self.apart.add(person)
        for side in (0, 1):
            field = extra // (1 + 3 * side)
            world.insert(side, person, **world.saying(side, person, field, self.lineage.token("")))

    def _edit(self, side: int, person: int, extra: int) -> None:
        world = self.world
        for one in world.find(side, person)[:1]:
            texts = world.texts_of(world.sides[side].record(one))
            token = self.lineage.token(texts[extra % len(texts)])
            world.sides[side].edit(one, **world.saying(side, person, extra, token))

            if self.deletes:
                self.lineage.wanted_again(1 - side, self.world.known_as(person))  # an edit beats a removal

    def _clash(self, _side: int, person: int, extra: int) -> None:
        """Edit one field of a person on both sides."""
        for side in (extra % 2, 1 - extra % 2):
            self._edit(side, person, extra // 2)

    def _rename(self, side: int, person: int, _extra: int) -> None:
        """Change a name that records are matched by, where the person's two records are known to be one."""
        if person in self.apart:
            return
        self.renamed.add(person)
        for one in self.world.find(side, person)[:1]:
            self.renames += 1
            self.world.sides[side].edit(one, **self.world.renamed(side, person, self.renames))

    def _delete(self, side: int, person: int, _extra: int) -> None:
        world = self.world
        if person in self.renamed:
            return
        for one in world.find(side, person)[:1]:
            known = [link.versions for link in world.links() if link.ids[side] == one]
            if not known or (self.deletes and None in known[0]):
                return  # deleting what is not known to be paired, and agreed on, has two explanations afterwards
            if self.deletes and self._pending(person):
                return  # an edit that is still to be carried beats the removal
            self.apart.add(person)
            self.lineage.delete(world, side, world.sides[side].record(one))
            world.sides[side].delete(one)

    def _leave(self, side: int, person: int, _extra: int) -> None:
        for one in self.world.find(side, person)[:1]:
            if self.world.scopes[side] in self.world.sides[side].lists(one) and person not in self.renamed:
                self.apart.add(person)
                self.world.sides[side].leave(one, self.world.scopes[side])

    def _join(self, side: int, person: int, _extra: int) -> None:
        """Put a record back: whoever does that wants it on the other side too, also where it was deleted."""
        for one in self.world.find(side, person)[:1]:
            if self.world.scopes[side] not in self.world.sides[side].lists(one):
                self.world.sides[side].join(one, self.world.scopes[side])
                self.lineage.wanted_again(1 - side, self.world.known_as(person))

    def _touch(self, side: int, person: int, _extra: int) -> None:
        for one in self.world.find(side, person)[:1]:
            self.world.sides[side].touch(one)

    # --- runs --------------------------------------------------------------------------------------------------------

    def _run(self, _side: int, _person: int, extra: int) -> None:
        self._wait((1, 30, 600)[extra % 3])
        self._attempt()

    def _crash(self, _side: int, _person: int, extra: int) -> None:
        self._wait((1, 600)[extra % 2])
        flavour = _FLAVOURS[(extra // 2) % 4]
        fuse = Fuse(1 + extra // 8, flavour) if extra % 8 == 0 else Fuse(1 + extra % 2, flavour, writes_only=True)
        self._attempt(fuse)

    def _attempt(self, fuse: Fuse | None = None) -> None:
        """Run once; whoever is killed or interrupted is gone."""
        try:
            self.world.run(fuse)
        except Crash:
            self.counts["crashed"] += 1
        except KeyboardInterrupt:
            self.counts["interrupted"] += 1

    def _resolve(self, _side: int, person: int, extra: int) -> None:
        """Have a person settle a held conflict, who may have looked at it some time ago."""
        held = self.world.sync().conflicts()
        if not held:
            return
        try:
            self.world.resolve(held[person % len(held)].id, extra % 2)
            self.counts["settled"] += 1
        except StalePlan:
            self.counts["asked again"] += 1
        except KeyboardInterrupt:
            self.counts["interrupted"] += 1

    def _backup(self, _side: int, _person: int, _extra: int) -> None:
        self.world.back_up()

    def _restore(self, _side: int, _person: int, _extra: int) -> None:
        """Put an older copy of the state back, as after the loss of a disk, while no write is on its way.

        The older state can't know what was written last, and so it can't wait until that shows: whoever puts it back
        has to. Of a pair that it never knew, and whose names differ, the tokens tell in the next run, if listings have
        them and nothing is lacking.
        """
        differing = [person for person in self.renamed if self._differ(person)]
        if differing and not (self.world.shows_tokens and self._is_calm()):
            return  # nothing would tell that the two belong together
        if any(collection.faults.denied for collection in self.world.sides):
            return  # a counterpart that is hidden, and that the older state does not know, can't be found again
        if not self.world.state.batches(NAME) and self.world.restore():
            self.counts["restored"] += 1
            self._wait(self.world.lag)
            known = {link.ids for link in self.world.links()}
            for side, person in list(self.lineage.deleted):
                # Of a pair that the older state never knew it can't know that one of it was deleted.
                there = {pair[1 - side] for pair in known}
                others = self.world.sides[1 - side].all().items()
                if any(person_of(record) == person and one not in there for one, record in others):
                    self.lineage.wanted_again(side, person)
            self.apart |= {person for person in range(PEOPLE) if not self._paired(person, known)}
            if differing:
                self.counts["recognised"] += sum(not self._paired(person, known) for person in differing)
                for _ in range(4):  # a run may only look, as one before was cut off, or meet somebody's edit
                    self._wait(600)
                    self.world.run()
                known = {link.ids for link in self.world.links()}
                assert all(self._paired(person, known) for person in differing), "not recognised by the token"

    def _is_calm(self) -> bool:
        """Tell whether the next run gets all that it asks for, and no earlier listing has lacked anything."""
        if self.counts["empty"] or self.counts["truncate"]:
            return False
        armed = [side.faults.armed for side in self.world.sides]
        return not any(one.arriving or one.answering or one.listings or one.writes for one in armed)

    def _differ(self, person: int) -> bool:
        """Tell whether the names of a person's two records differ."""
        records = [self.world.sides[side].record(one) for side in (0, 1) for one in self.world.find(side, person)]
        return len({getattr(record, "surname", "") or getattr(record, "last_name", "") for record in records}) > 1

    def _paired(self, person: int, known: AbstractSet[tuple[str, str]]) -> bool:
        return any(pair[0] in self.world.find(0, person) for pair in known)

    # --- the weather -------------------------------------------------------------------------------------------------

    def _expire(self, side: int, _person: int, _extra: int) -> None:
        self.world.sides[side].expire_cursors()

    def _throttle(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.throttle(1 + extra % 6, retry_after=(None, 0.0, 2.5, 1e9)[extra % 4])

    def _down(self, side: int, _person: int, extra: int) -> None:
        error = Unavailable("down") if extra % 2 else Throttled(retry_after=4000)
        self.world.sides[side].faults.fail(None, error, skip=extra % 5)

    def _method(self, extra: int) -> Literal["create", "update", "remove"]:
        if self.deletes and extra % 3 == 2:
            return "remove"
        return "create" if extra % 2 else "update"

    def _lose_reply(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.lose_reply(self._method(extra))

    def _lose_request(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.lose_request(self._method(extra))

    def _delay_request(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.delay_request("create" if extra % 2 else "update", 20 + extra)

    def _interrupt(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.fail(None, KeyboardInterrupt(), skip=extra % 9)

    def _partial(self, side: int, _person: int, extra: int) -> None:
        """Have the answer of a batch say of one write that nobody knows, or lose it after the first write."""
        faults = self.world.sides[side].faults
        if extra % 3 == 0:
            faults.lose_reply("update" if extra % 2 else "create", first=1)
        else:
            faults.lose_write(lambda _: True, applied=bool(extra % 2))

    def _empty(self, side: int, _person: int, _extra: int) -> None:
        self.world.sides[side].faults.empty_listing()
        self.world.sides[side].expire_cursors()

    def _truncate(self, side: int, _person: int, _extra: int) -> None:
        self.world.sides[side].faults.truncate_listing()
        self.world.sides[side].expire_cursors()

    def _refuse(self, side: int, _person: int, extra: int) -> None:
        self.world.sides[side].faults.refuse(lambda _: True, "refused", times=1 + extra % 3)

    def _deny(self, side: int, person: int, extra: int) -> None:
        """Hide a person's record that has a counterpart, or show all again."""
        faults = self.world.sides[side].faults
        paired = {link.ids[side] for link in self.world.links()}
        hidden = [one for one in self.world.find(side, person)[:1] if one in paired]
        if extra % 3 == 0:
            faults.denied.clear()
        elif hidden:
            faults.deny(*hidden)
            self.counts["denied"] += 1

    def _jump(self, _side: int, _person: int, extra: int) -> None:
        """Set the clock back or forth; not while something is on its way that has to arrive in time."""
        quiet = not any(side.faults.fired["delay_request"] or side.faults.armed.arriving for side in self.world.sides)
        if quiet and not self.world.lag:
            self.world.clock.advance((-3600, -86_400, 86_400, 10**7)[extra % 4])

    def _pass(self, _side: int, _person: int, extra: int) -> None:
        self._wait(extra * 20)

    def _meanwhile(self, side: int, _person: int, extra: int) -> None:
        """Have a user edit the next record that is updated, between reading and writing."""
        world, collection, left = self.world, self.world.sides[side], [1]

        def edit(batch: Sequence[object]) -> None:
            write = batch[0]
            if left and isinstance(write, Update) and write.id in collection:
                left.pop()
                texts = world.texts_of(collection.record(write.id))
                token = self.lineage.token(texts[extra % len(texts)])
                person = next(one for one in range(PEOPLE) if write.id in world.find(side, one))
                collection.edit(write.id, **world.saying(side, person, extra, token))
                self.counts["edited meanwhile"] += 1

        collection.faults.before("update", edit)

    # --- the end -----------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Let the weather clear, run until it is quiet, and check everything."""
        world = self.world
        for collection in world.sides:
            collection.faults.clear()
            if self.counts["empty"] or self.counts["denied"]:
                collection.expire_cursors()  # after a listing that lied only another one can tell
        self._wait(100_000)  # beyond what clocks were set back, or who was killed would still hold the sync
        before = (world.remembered(), world.written())
        world.sync().plan()
        assert (world.remembered(), world.written()) == before, "a plan that was only looked at wrote something"
        for row in world.sync().failed():
            world.sync().release(row.side, row.id)  # its next retry may be far off, where clocks were turned
        world.quiet(most=8)
        self._wait(86_400)
        world.quiet(most=8)
        while held := world.sync().conflicts():
            world.resolve(held[0].id, len(self.lineage.parent) % 2)
            world.quiet(most=8)
        world.check()
        self.lineage.check(world)
        before = (world.picture(), world.written())
        world.touch_all()
        world.clock.advance(600)
        world.run()
        assert (world.picture(), world.written()) == before, "a run after nobody's edit wrote something"

    def _wait(self, seconds: float) -> None:
        """Let time pass, and requests that are on their way arrive when they are due, not when somebody asks next."""
        pause = min(seconds, 90)
        self.world.clock.advance(pause)
        for collection in self.world.sides:
            if collection.faults.fired["delay_request"]:
                faults, hooks = collection.faults.armed.arriving, list(collection.faults.armed.arriving)
                faults.clear()
                collection.get([], Scope())
                faults.extend(hooks)
        self.world.clock.advance(seconds - pause)

    def _pending(self, person: int) -> bool:
        world = self.world
        shown = {world.texts_of(world.sides[side].record(one)) for side in (0, 1) for one in world.find(side, person)}
        return len(shown) != 1 or bool(world.state.batches(NAME))

    def _was_deleted(self, person: int) -> bool:
        return any(one == self.world.known_as(person) for _, one in self.lineage.deleted)


def carried_out(program: Sequence[Op], world: World, *, deletes: bool = False) -> Carried:
    """Carry out a program to its end, with all checks."""
    carried = Carried(world, deletes=deletes)
    carried.all(program)
    carried.finish()
    return carried


__all__ = ["CATEGORY", "CLIENTS", "Carried", "Op", "carried_out", "drawn"]
