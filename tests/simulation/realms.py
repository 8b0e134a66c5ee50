"""Provide several users' mailboxes that share one CRM: programs of what they do, and what must hold whatever they do.

Each slot is one thing that takes place, known by how its title begins. Every edit gives the title an end that nobody
has written before, so that a copy can be known for what it is by its meeting alone. Mail takes its time, and the sync
of each user runs when it likes, and may die on the way.
"""

# ruff: noqa: ANN401 - these take whatever they are given

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from tallystick import Sync
from tallystick.ports import CreateSafety
from tallystick.providers.memory import CRM_CAPABILITIES, OUTLOOK_CAPABILITIES
from tallystick.records import Appointment, Relation, RelationKind
from tests.behaviour.calendar_world import appointment, event, invited
from tests.behaviour.realm_world import MakeProfile, Realm, address, one_way, two_way
from tests.simulation.crash import Crash, Flavour, Fuse, Fused

Op = tuple[str, int, int, int]
USERS = 3
SLOTS = 3
FLAVOURS: tuple[Flavour, ...] = ("before", "after", "lost", "unsent")
PROFILES: dict[str, MakeProfile] = {"one way": one_way, "two ways": two_way}


@attrs.define
class Meetings:
    """Users who call meetings, and a CRM in which they share them.

    ``last`` are the titles that were last written where they count, by slot: by the organizer, or in the CRM.
    ``deleted`` are the slots of which somebody deleted a record.
    """

    make: MakeProfile
    safety: CreateSafety = CreateSafety.SEARCHABLE_TAG
    realm: Realm = attrs.field(init=False)
    titles: int = 0
    written: dict[int, set[str]] = attrs.field(factory=dict)
    last: dict[int, str] = attrs.field(factory=dict)
    deleted: set[int] = attrs.field(factory=set)
    of_crm: set[int] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        small: dict[str, Any] = {"batch_size": 2, "read_size": 2, "create_safety": self.safety}
        self.realm = Realm(
            self.make,
            USERS,
            settings={
                "page_size": 2,
                "capabilities": attrs.evolve(OUTLOOK_CAPABILITIES, **small),
            },
            crm_settings={
                "page_size": 2,
                "capabilities": attrs.evolve(CRM_CAPABILITIES, **small),
            },
        )

    @property
    def is_one_way(self) -> bool:
        """Whether only the CRM is written."""
        return self.make is one_way

    @property
    def places(self) -> list[Any]:
        """The users' calendars, and the CRM last."""
        return [*self.realm.calendars, self.realm.crm]

    def find(self, place: int, slot: int) -> list[str]:
        """Return the ids of a slot's records in one place."""
        return [one for one, record in self.places[place].all().items() if slot_of(record) == slot]

    def title(self, slot: int) -> str:
        """Return a title of a slot that nobody has written before."""
        self.titles += 1
        self.last[slot] = f"Event {slot} as t{self.titles}"
        self.written.setdefault(slot, set()).add(self.last[slot])
        return self.last[slot]

    # --- what people do ----------------------------------------------------------------------------------------------

    def carry_out(self, program: Sequence[Op]) -> None:
        """Carry out a program; what makes no sense where it stands does nothing."""
        for name, user, slot, extra in program:
            action: Callable[[int, int, int], None] = getattr(self, f"_{name}")
            action(user, slot, extra)

    def _call(self, user: int, slot: int, extra: int) -> None:
        """Have a user call a meeting in the own mailbox; others are invited, or nobody is."""
        if not self._is_new(slot):
            return
        others = [other for other in range(USERS) if other != user and extra & (1 << other)]
        made = event(self.title(slot), 20 + slot, attendees=invited(*map(address, others)))
        self.realm.calendars[user].insert(made)

    def _share(self, user: int, slot: int, extra: int) -> None:
        """Have a user make an appointment in the CRM that others take part in."""
        if not self._is_new(slot) or self.is_one_way:
            return
        others = [other for other in range(USERS) if other != user and extra & (1 << other)]
        people = tuple(Relation(RelationKind.USER, f"u{one}", address(one)) for one in (user, *others))
        made = appointment(self.title(slot), 20 + slot, organizer=f"u{user}", relations=people)
        self.realm.crm.insert(made)
        self.of_crm.add(slot)

    def _is_new(self, slot: int) -> bool:
        return slot not in self.written

    def _rename(self, user: int, slot: int, _extra: int) -> None:
        """Have the organizer rename a meeting."""
        for one in self.find(user, slot)[:1]:
            if self.realm.calendars[user].record(one).is_organizer:
                self.realm.calendars[user].edit(one, subject=self.title(slot))

    def _rewrite(self, _user: int, slot: int, _extra: int) -> None:
        """Have somebody rename what the CRM has that all of its users share."""
        for one in self.find(USERS, slot)[:1]:
            if slot in self.of_crm and not self.is_one_way:
                self.realm.crm.edit(one, subject=self.title(slot))

    def _delete(self, user: int, slot: int, _extra: int) -> None:
        for one in self.find(user, slot)[:1]:
            self.realm.calendars[user].delete(one)
            self.deleted.add(slot)

    def _drop(self, _user: int, slot: int, _extra: int) -> None:
        for one in self.find(USERS, slot)[:1]:
            self.realm.crm.delete(one)
            self.deleted.add(slot)

    def _expire(self, user: int, _slot: int, extra: int) -> None:
        self.places[USERS if extra % 2 else user].expire_cursors()

    def _mail(self, _user: int, _slot: int, _extra: int) -> None:
        self.realm.post.deliver()

    def _wait(self, _user: int, _slot: int, extra: int) -> None:
        self.realm.clock.advance(extra * 10)

    def _run(self, user: int, _slot: int, _extra: int) -> None:
        self.realm.run(user)

    def _crash(self, user: int, _slot: int, extra: int) -> None:
        self.crash(user, Fuse(1 + extra // 8, FLAVOURS[extra % 4], writes_only=extra % 8 > 3))

    # --- runs --------------------------------------------------------------------------------------------------------

    def crash(self, user: int, fuse: Fuse) -> bool:
        """Run a user's sync until the fuse strikes, and tell whether the process died of it."""
        world = self.realm.worlds[user]
        self.realm.clock.advance(600)
        ports: Any = {
            "left": Fused("left", world.outlook, fuse),
            "right": Fused("right", world.crm, fuse),
            "state": Fused("state", self.realm.state, fuse),
        }
        people: Any = {"entries": world.fake_crm.entries, "leads": world.fake_crm.leads}
        try:
            Sync(world.name, profile=world.profile, clock=world.clock, directories=people, **ports).run()
        except Crash:
            return True
        return False

    def quiet(self) -> None:
        """Let time and mail go by, and everybody's sync run, until nothing is written any more."""
        self.realm.clock.advance(3600)
        self.realm.quiet(10)

    # --- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Check what holds once it is quiet."""
        for slot in self.written:
            self.check_not_doubled(slot)
            shown = {record.subject for place in self.places for record in _of(slot, place.all().values())}
            assert shown <= self.written[slot], "somebody's words were made up"
            if slot not in self.deleted:
                assert shown, "a meeting is nowhere any more"
                assert len(shown) == 1, f"a meeting is shown in two ways: {shown}"
                self.check_everywhere(slot)

    def check_not_doubled(self, slot: int) -> None:
        """No mailbox, and no user in the CRM, has a meeting twice; nor is one meeting two in different mailboxes."""
        copies = [list(_of(slot, calendar.all().values())) for calendar in self.realm.calendars]
        assert max(map(len, copies)) <= 1, f"doubled in a mailbox: {copies}"
        uids = {copy.uid for each in copies for copy in each}
        assert len(uids) <= 1 or slot in self.deleted, f"one meeting became {len(uids)}"
        kept: list[Appointment] = list(_of(slot, self.realm.crm.all().values()))
        organizers = Counter(one.organizer for one in kept)
        most = 1 if self.is_one_way or (slot in self.of_crm and slot not in self.deleted) else USERS
        assert len(kept) <= most, f"doubled in the CRM: {organizers}"
        assert not organizers or max(organizers.values()) <= 1, f"doubled in the CRM: {organizers}"

    def check_everywhere(self, slot: int) -> None:
        """Who has a meeting in the own calendar has it in the CRM, and who takes part there has it in the calendar."""
        for user, calendar in enumerate(self.realm.calendars):
            linked = set()
            for one in self.find(user, slot):
                linked |= {self.realm.sync(user).explain("left", one).standing}
            assert linked <= {"in sync"}, f"not in sync: {linked}"
            if slot in self.of_crm:
                (kept,) = _of(slot, self.realm.crm.all().values())
                takes_part = f"u{user}" in {one.id for one in kept.relations}
                assert takes_part <= bool(list(_of(slot, calendar.all().values()))), "somebody's calendar lacks it"

    def picture(self) -> object:
        """Return what is shown where, without ids, versions and times."""
        return [
            sorted((record.subject, repr(record.start)) for record in place.all().values()) for place in self.places
        ]


def slot_of(record: Any) -> int:
    """Return the slot that a record belongs to."""
    return int(record.subject.split()[1])


def _of(slot: int, records: Iterable[Any]) -> Iterator[Any]:
    return (record for record in records if slot_of(record) == slot)


__all__ = ["FLAVOURS", "PROFILES", "SLOTS", "USERS", "Meetings", "Op"]
