"""Provide several users whose mailboxes are synced with one CRM's appointments, in one state, and post between them."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from tallystick import MemoryState, Profile, Sync
from tallystick.ports import State
from tallystick.profiles import maximizer, zynsync
from tallystick.profiles.zynsync.calendar_rules import EVENTS, MOST_DESCRIPTION
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, PostOffice, VirtualClock
from tallystick.records import Appointment, Event
from tests.behaviour.calendar_world import PARIS, TODAY, CalendarWorld

MakeProfile = Callable[[str], Profile[Event, Appointment]]


def address(number: int) -> str:
    """Return a user's address."""
    return f"p{number}@example.com"


def one_way(user: str) -> Profile[Event, Appointment]:
    """Return Maximizer's profile of a user: one appointment for all who have the meeting."""
    return maximizer.appointments(user, zone=PARIS)


def two_way(user: str, **chosen: Any) -> Profile[Event, Appointment]:  # noqa: ANN401 -- the profile's
    """Return ZynSync's profile of a user."""
    return zynsync.calendar(zynsync.Company(user), zone=PARIS, **chosen)


@attrs.define
class Realm:
    """Users u0, u1, ... by number: ``outlooks`` are their mailboxes, ``worlds`` their syncs; the CRM is everybody's."""

    make: MakeProfile
    users: int = 2
    state: State = attrs.field(factory=MemoryState)
    clock: VirtualClock = attrs.field(factory=lambda: VirtualClock(TODAY))
    outlooks: list[FakeOutlook] = attrs.field(init=False)
    fake_crm: FakeCrm = attrs.field(init=False)
    worlds: list[CalendarWorld] = attrs.field(init=False)
    post: PostOffice = attrs.field(init=False)
    settings: dict[str, Any] = attrs.field(factory=dict)
    crm_settings: dict[str, Any] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.outlooks = [FakeOutlook(address(n), clock=self.clock, **self.settings) for n in range(self.users)]
        self.fake_crm = FakeCrm(
            clock=self.clock, support=EVENTS, longest_description=MOST_DESCRIPTION, **self.crm_settings
        )
        self.post = PostOffice({address(n): box.calendar for n, box in enumerate(self.outlooks)})
        self.worlds = [
            CalendarWorld(self.clock, box, self.fake_crm, self.make(f"u{n}"), self.state, f"u{n}")
            for n, box in enumerate(self.outlooks)
        ]
        self.run()

    @property
    def calendars(self) -> list[MemoryCollection[Event]]:
        """The calendars, by user."""
        return [box.calendar for box in self.outlooks]

    @property
    def crm(self) -> MemoryCollection[Appointment]:
        """The appointments."""
        return self.fake_crm.appointments

    def run(self, *users: int) -> None:
        """Run the syncs of these users in this order, or of all."""
        for user in users or range(self.users):
            self.clock.advance(600)
            self.worlds[user].sync.run()

    def quiet(self, most: int = 8) -> None:
        """Let mail arrive and everybody's sync run until two rounds have written nothing: what waits has its turn."""
        still = 0
        for _ in range(most):
            before = self.written()
            self.post.deliver()
            self.run()
            self.clock.advance(3600)
            still = still + 1 if self.written() == before else 0
            if still > 1:
                return
        raise AssertionError("the realm does not come to rest")

    def written(self) -> Sequence[object]:
        """Return how much was written where, and where everything stands."""
        sides: list[MemoryCollection[Any]] = [*self.calendars, self.crm]
        return [(dict(side.writes), {one: side.item(one).version for one in side.ids()}) for side in sides]

    def sync(self, user: int) -> Sync[Event, Appointment]:
        """Return a user's sync."""
        return self.worlds[user].sync
