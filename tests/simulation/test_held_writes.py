"""What an initial run holds back, whatever happens before a person confirms it: nobody gets mail until then."""

from random import Random

import pytest

from tallystick.profiles import zynsync
from tallystick.records import Event
from tests.behaviour.calendar_world import PARIS, TODAY, USER, invited
from tests.simulation.calendars import FLAVOURS, Calendars, as_appointment, by_search, made_event
from tests.simulation.crash import Fuse

PAIRS, NEW = range(4), range(4, 6)
OPS = (
    "run",
    "run",
    "crash",
    "crash",
    "expire",
    "cut",
    "touch",
    "edit",
    "hide",
    "show",
    "clear",
    "title",
    "rename",
    "lose",
)


class HeldWrites(Calendars):
    """Meetings that are in sync, and changed in the CRM while the sync was off: each write of theirs sends mail."""

    def begin(self) -> int:
        """Bring everything there, let an initial run hold it, and return how many writes are held."""
        for slot in PAIRS:
            self.sides[0].insert(self._meeting(slot))
        self.world.run()
        self.world.sync.disable()
        for slot in PAIRS:
            self._edit(1, slot, 0)
        self.sides[1].delete(self.find(1, PAIRS[0])[0])
        if self.profile.name == zynsync.CalendarSettings.name:
            for slot in NEW:
                self.sides[1].insert(as_appointment(self._meeting(slot), self.ada))
        self.world.sync.enable()
        self.world.run()
        return len(self.world.ignored())

    def live(self, random: Random) -> None:
        """Let things happen that are no reason to send mail, each of them to an appointment whose write is held."""
        for _ in range(random.randint(6, 20)):
            name, side, slot = random.choice(OPS), random.randrange(2), random.randrange(6)
            getattr(self, f"_{name}")(side, slot, random.randrange(64))
            assert not self.world.outlook.mails, f"mail after {name}"

    def mend(self) -> None:
        """Have everything shown again, and as it has to be."""
        for side in self.sides:
            side.faults.clear()
            side.expire_cursors()
        self._clear(1, 0, 0)

    def _meeting(self, slot: int) -> Event:
        event = made_event(slot, 0, self.token(), TODAY.date())
        return Event(event.subject, event.start, event.end, attendees=invited("ada@example.com"))

    def _run(self, _side: int, _slot: int, _extra: int) -> None:
        self.world.clock.advance(600)
        self.world.sync.run()

    def _crash(self, _side: int, _slot: int, extra: int) -> None:
        self.crash(Fuse(1 + extra // 8, FLAVOURS[extra % 4]))

    def _edit(self, _side: int, slot: int, extra: int) -> None:
        super()._edit(1, slot, extra)

    def _title(self, _side: int, slot: int, _extra: int) -> None:
        """Take an appointment's title, which stays in its location."""
        for one in self.find(1, slot)[:1]:
            self.sides[1].edit(one, subject="", location=f"Event {slot}")

    def _clear(self, _side: int, _slot: int, _extra: int) -> None:
        """Give everybody a title again."""
        for one, record in self.sides[1].all().items():
            if not record.subject:
                self.sides[1].edit(one, subject=record.location, location="")

    def _hide(self, side: int, slot: int, _extra: int) -> None:
        self.sides[side].faults.deny(*self.find(side, slot))

    def _show(self, side: int, _slot: int, _extra: int) -> None:
        self.sides[side].faults.clear()

    def _cut(self, side: int, _slot: int, _extra: int) -> None:
        self.sides[side].faults.truncate_listing()
        self.sides[side].expire_cursors()

    def _lose(self, side: int, _slot: int, _extra: int) -> None:
        self.sides[side].faults.lose_reply("update")

    def _rename(self, _side: int, slot: int, _extra: int) -> None:
        """Give a record that can be read another id: of a hidden one no service tells where it went."""
        self.sides[1].faults.clear()
        for one in self.find(1, slot)[:1]:
            self.sides[1].move(one)


@pytest.mark.behaviour("TS-13")
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("make", ["zynsync", "cx"])
def test_nobody_gets_mail_before_it_is_confirmed(make: str, seed: int) -> None:
    """Crashes, lost feeds, hidden records, other ids and edits send none; a confirmation sends all of it, once."""
    both_ways = zynsync.calendar(zynsync.Company(USER), zone=PARIS, deletes=True)
    simulated = HeldWrites(both_ways if make == "zynsync" else by_search())
    world, random = simulated.world, Random(seed)
    held = simulated.begin()
    assert held == (6 if make == "zynsync" else 4)
    simulated.live(random)
    simulated.mend()
    for _ in range(3):
        world.later(1)
        world.sync.run()
    assert not world.outlook.mails
    assert world.sync.confirm() == {"left.held": held}
    world.later(1)
    world.sync.run()
    assert world.outlook.mails.total() == held
    simulated.quiet()
    assert world.outlook.mails.total() == held
