"""Provide calendars for simulations: programs of what people do to them, and what must hold whatever they do.

Each slot is one event, known by its title. Kinds of events are drawn with it: timed, whole days, series over a change
of the clocks, with exceptions, private, with people invited. The clock may walk on by days, so that the window slides.
"""

# ruff: noqa: ANN401 - the profile's

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import attrs

from tallystick import Profile, Side, Sync
from tallystick.ports import RunState
from tallystick.profiles import cx_sales, maximizer, zynsync
from tallystick.profiles.zynsync.calendar_rules import EVENTS, MOST_DESCRIPTION
from tallystick.providers.memory import (
    CRM_CAPABILITIES,
    OUTLOOK_CAPABILITIES,
    FakeCrm,
    FakeOutlook,
    Quirks,
    VirtualClock,
)
from tallystick.records import Appointment, Entry, Event, OccurrenceChange, Relation, RelationKind, Sensitivity
from tallystick.recurrence import Instant, NoEnd, Pattern, Range, Recurrence, WallTime, Weekday
from tests.behaviour.calendar_world import PARIS, TODAY, USER, CalendarWorld, invited
from tests.simulation.crash import Crash, Flavour, Fuse, Fused

Op = tuple[str, int, int, int]
SLOTS = 4
KINDS = 6
_EDITS = ("insert", "edit", "edit", "move", "recur", "private", "delete", "touch")
_LATER = (*_EDITS, "expire", "expire", "days", "days", "run", "run", "run", "crash", "crash", "crash")
FLAVOURS: tuple[Flavour, ...] = ("before", "after", "lost", "unsent")


def drawn(seed: int) -> list[Op]:
    """Return the program of a seed: some events in sync, then edits, days that go by, lost cursors, crashes."""
    random = Random(seed)
    begin: list[Op] = [("insert", random.randrange(2), slot, random.randrange(64)) for slot in range(SLOTS - 1)]
    chosen = [random.choice(_LATER) for _ in range(random.randint(6, 20))]
    later = [(name, random.randrange(2), random.randrange(SLOTS), random.randrange(64)) for name in chosen]
    return [*begin, ("run", 0, 0, 0), *later]


def one_way() -> Profile[Event, Appointment]:
    """Return Maximizer's appointment sync."""
    return maximizer.appointments(USER, zone=PARIS)


def two_way() -> Profile[Event, Appointment]:
    """Return ZynSync's calendar sync."""
    return zynsync.calendar(zynsync.Company(USER), zone=PARIS)


def by_search() -> Profile[Event, Appointment]:
    """Return Oracle CX Sales' meeting sync."""
    return cx_sales.MeetingSettings(zone=PARIS).profile(USER)


@attrs.define
class Calendars:
    """Two calendars that people use and a sync keeps in step."""

    profile: Profile[Event, Appointment]
    quirks: Quirks = Quirks()
    world: CalendarWorld = attrs.field(init=False)
    texts: int = 0
    ada: str = ""
    stood: set[tuple[int, int]] = attrs.field(factory=set)
    excused: set[int] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        clock = VirtualClock(TODAY)
        small: dict[str, Any] = {"batch_size": 2, "read_size": 3}
        self.world = CalendarWorld(
            clock,
            FakeOutlook(
                clock=clock,
                page_size=3,
                quirks=self.quirks,
                capabilities=attrs.evolve(OUTLOOK_CAPABILITIES, **small),
            ),
            FakeCrm(
                clock=clock,
                page_size=3,
                support=EVENTS,
                longest_description=MOST_DESCRIPTION,
                capabilities=attrs.evolve(CRM_CAPABILITIES, **small),
            ),
            self.profile,
        )
        self.ada = self.world.fake_crm.entries.insert(Entry(first_name="Ada", emails=("ada@example.com",)))
        self.world.run()

    @property
    def is_one_way(self) -> bool:
        """Whether only the CRM is written."""
        return not self.profile.left.creates

    @property
    def sides(self) -> tuple[Any, Any]:
        """Both collections, by side."""
        return (self.world.outlook, self.world.crm)

    def find(self, side: int, slot: int) -> list[str]:
        """Return the ids of a slot's records on one side; a masked one is known by its times alone, and not found."""
        return [one for one, record in self.sides[side].all().items() if record.subject == f"Event {slot}"]

    def token(self) -> str:
        """Return a text that nobody has written before."""
        self.texts += 1
        return f"t{self.texts}"

    # --- what people do ----------------------------------------------------------------------------------------------

    def carry_out(self, program: Sequence[Op]) -> None:
        """Carry out a program; what makes no sense where it stands does nothing."""
        for name, side, slot, extra in program:
            action: Callable[[int, int, int], None] = getattr(self, f"_{name}")
            action(side, slot, extra)
            self._note()

    def _note(self) -> None:
        """Note on which sides which slots stand: only a person's deletion may take one away again."""
        self.stood |= {(side, slot) for slot in range(SLOTS) for side in (0, 1) if self.find(side, slot)}

    def _insert(self, side: int, slot: int, extra: int) -> None:
        if any(self.find(each, slot) for each in (0, 1)) or (side and self.is_one_way):
            return
        self.stood -= {(0, slot), (1, slot)}
        self.excused -= {slot}
        made = made_event(slot, extra % KINDS, self.token(), TODAY.date() + timedelta(days=extra % 40 - 10))
        if side == 0:
            self.sides[0].insert(made)
        else:
            self.sides[1].insert(as_appointment(made, self.ada))

    def _edit(self, side: int, slot: int, _extra: int) -> None:
        for one in self.find(side, slot)[:1]:
            self.sides[side].edit(one, **{("body", "description")[side]: self.token()})

    def _move(self, side: int, slot: int, extra: int) -> None:
        for one in self.find(side, slot)[:1]:
            record = self.sides[side].record(one)
            if record.recurrence is None:
                by = timedelta(days=extra % 30 - 10)
                self.sides[side].edit(one, start=_moved(record.start, by), end=_moved(record.end, by))

    def _recur(self, _side: int, slot: int, extra: int) -> None:
        for one in self.find(0, slot)[:1]:
            record = self.sides[0].record(one)
            day = record.start if isinstance(record.start, date) else record.start.local.date()
            patterns = (None, Pattern.daily(2), _weekly(day), Pattern.absolute_monthly(min(day.day, 28), interval=2))
            pattern = patterns[extra % len(patterns)]
            zone = None if isinstance(record.start, date) else PARIS
            self.sides[0].edit(
                one, recurrence=pattern and Recurrence(pattern, Range(day, NoEnd(), zone)), exceptions=()
            )

    def _private(self, _side: int, slot: int, _extra: int) -> None:
        self.excused.add(slot)  # a title that is masked is known no more
        for one in self.find(0, slot)[:1]:
            private = self.sides[0].record(one).sensitivity is Sensitivity.PRIVATE
            self.sides[0].edit(one, sensitivity=Sensitivity.NORMAL if private else Sensitivity.PRIVATE)

    def _delete(self, side: int, slot: int, _extra: int) -> None:
        for one in self.find(side, slot)[:1]:
            self.excused.add(slot)
            self.sides[side].delete(one)

    def _close(self, _side: int, slot: int, extra: int) -> None:
        """Close a meeting of the CRM, or open it again: a search for open ones finds it no more."""
        for one in self.find(1, slot)[:1]:
            self.sides[1].edit(one, custom=((cx_sales.STATUS, "closed"),) if extra % 2 else ())

    def _touch(self, side: int, slot: int, _extra: int) -> None:
        for one in self.find(side, slot)[:1]:
            self.sides[side].touch(one)

    def _expire(self, side: int, _slot: int, _extra: int) -> None:
        self.sides[side].expire_cursors()

    def _days(self, _side: int, _slot: int, extra: int) -> None:
        self.world.later(extra % 25)

    def _run(self, _side: int, _slot: int, _extra: int) -> None:
        self.world.run()

    def _crash(self, _side: int, _slot: int, extra: int) -> None:
        self.crash(Fuse(1 + extra // 8, FLAVOURS[extra % 4], writes_only=extra % 8 > 3))

    # --- runs --------------------------------------------------------------------------------------------------------

    def crash(self, fuse: Fuse) -> bool:
        """Run until the fuse strikes, and tell whether the process died of it."""
        world = self.world
        world.clock.advance(600)
        left: Any = Fused("left", world.outlook, fuse)
        right: Any = Fused("right", world.crm, fuse)
        state: Any = Fused("state", world.state, fuse)
        directories: Any = {"entries": world.fake_crm.entries, "leads": world.fake_crm.leads}
        try:
            Sync(
                world.name,
                left=left,
                right=right,
                profile=self.profile,
                state=state,
                clock=world.clock,
                directories=directories,
            ).run()
        except Crash:
            return True
        return False

    def quiet(self, most: int = 8) -> None:
        """Run until a run writes nothing; raise AssertionError where it does not come to rest."""
        for _ in range(most):
            self.world.clock.advance(3600)
            before, report = self.world.written(), self.world.sync.run()
            if self.world.written() == before and report.state is RunState.COMPLETE:
                return
        raise AssertionError(f"not quiet: {self.world.sync.history(1)}")

    # --- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Check what holds once it is quiet."""
        self.check_pairs()
        self.check_nothing_left()
        self.check_nothing_taken_away()
        before = self.world.written()
        for collection in self.sides:
            for one in collection.ids():
                collection.touch(one)
        self.world.clock.advance(600)
        self.world.sync.run()
        assert self.world.written() == before, "a run after nobody's edit wrote something"
        assert not self.is_one_way or not self.world.outlook.writes

    def links(self) -> list[Any]:
        """Return all links."""
        state, name = self.world.state, self.world.name
        return list(state.links(name, Side.LEFT, [one for one, _, _ in state.marks(name, Side.LEFT)]))

    def check_pairs(self) -> None:
        """No record stands in two pairs, and no title twice on a side."""
        links = self.links()
        for side, collection in enumerate(self.sides):
            ids = [link.ids[side] for link in links]
            assert len(ids) == len(set(ids)), "a record in two pairs"
            titles = Counter(record.subject for record in collection.all().values() if record.subject != "Private")
            assert not [title for title, count in titles.items() if count > 1], f"doubled on side {side}: {titles}"

    def check_nothing_left(self) -> None:
        """Every fit event in the window is in a pair, or is listed, or was set aside by a person's deletion."""
        links, state, name = self.links(), self.world.state, self.world.name
        scope = self.profile.left.scope_at(self.world.clock.now())
        known = {link.ids[0] for link in links} | {row.id for row in state.parked_list(name) if row.side == 0}
        window = scope.window
        assert window is not None
        for one, event in self.world.outlook.all().items():
            if self.profile.left.lies_in(event, window):
                assert one in known, "an event in the window is neither paired nor listed"

    def check_nothing_taken_away(self) -> None:
        """Whatever stood on a side and no person deleted still stands there, also when its day is long over."""
        taken = [(side, slot) for side, slot in self.stood if slot not in self.excused and not self.find(side, slot)]
        assert not taken, f"taken away, and not by a person: {taken}"

    def lived(self, seed: int) -> "Calendars":
        """Carry out the program of a seed to its end, and check everything."""
        self.carry_out(drawn(seed))
        self.quiet()
        self.check()
        return self

    def picture(self) -> object:
        """Return where everything stands by contents, without ids, versions and times."""
        shown = [sorted(map(_shown, side.all().values())) for side in self.sides]
        left, right = ({one: record.subject for one, record in side.all().items()} for side in self.sides)
        pairs = sorted((left.get(link.ids[0], "gone"), right.get(link.ids[1], "gone")) for link in self.links())
        return (shown, pairs)


def made_event(slot: int, kind: int, text: str, day: date) -> Event:
    """Return a slot's event of a kind, on a day."""
    start = WallTime(datetime(day.year, day.month, day.day, 8 + slot), PARIS)  # noqa: DTZ001 - a clock on the wall
    end = WallTime(start.local + timedelta(hours=1), PARIS)
    event = Event(f"Event {slot}", start, end, body=text)
    if kind == 1:
        return attrs.evolve(event, start=day, end=day + timedelta(days=1 + slot))
    if kind == 2:
        return attrs.evolve(event, recurrence=Recurrence(_weekly(day), Range(day, NoEnd(), PARIS)))
    if kind == 3:
        gone = OccurrenceChange(WallTime(start.local + timedelta(days=7), PARIS), cancelled=True)
        return attrs.evolve(event, recurrence=Recurrence(_weekly(day), Range(day, NoEnd(), PARIS)), exceptions=(gone,))
    if kind == 4:
        return attrs.evolve(event, sensitivity=Sensitivity.PRIVATE)
    return attrs.evolve(event, attendees=invited("ada@example.com", "nobody@example.com")) if kind else event


def as_appointment(event: Event, ada: str) -> Appointment:
    """Return the appointment that a person would type for an event."""
    people = (Relation(RelationKind.ENTRY, ada, "ada@example.com"),) if event.attendees else ()
    if isinstance(event.start, date) and isinstance(event.end, date):
        start: Instant | date = event.start
        end: Instant | date = event.end - timedelta(days=1)
    else:
        assert isinstance(event.start, WallTime)
        assert isinstance(event.end, WallTime)
        start, end = event.start.instant(), event.end.instant()
    recurrence = event.recurrence if isinstance(event.recurrence, Recurrence) else None
    return Appointment(
        event.subject,
        start,
        end,
        recurrence,
        description=event.body,
        organizer=USER,
        relations=people,
        private=event.sensitivity is Sensitivity.PRIVATE,
    )


def _weekly(day: date) -> Pattern:
    return Pattern.weekly([list(Weekday)[day.weekday()]], first_day_of_week=Weekday.SUNDAY)


def _moved(start: Any, by: timedelta) -> Any:
    if isinstance(start, WallTime):
        return WallTime(start.local + by, start.zone)
    return Instant(start.utc + by) if isinstance(start, Instant) else start + by


def _shown(record: Event | Appointment) -> tuple[str, ...]:
    text = record.body if isinstance(record, Event) else record.description
    return (record.subject, repr(record.start), repr(record.end), repr(record.recurrence), text)


__all__ = ["FLAVOURS", "KINDS", "SLOTS", "Calendars", "Op", "by_search", "drawn", "one_way", "two_way"]
