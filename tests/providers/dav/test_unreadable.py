"""Cards that nobody can read are told of where people look: among the ignored records, for as long as it is so."""

from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.ports import Absence, AbsenceReason, ParkedKind, RunState, Scope
from tallystick.profiles import maximizer
from tallystick.providers.dav import CONTACTS, EVENTS
from tallystick.providers.memory import FakeCrm, VirtualClock
from tallystick.reconcile import reasons
from tests.providers.dav.service import Door, Service, provider
from tests.providers.dav.test_contract import contact

NAME = "ada@example.com/contacts"


@attrs.define
class World:
    """An address book and a CRM, in sync, with a new provider for every run, as a scheduled one has."""

    delta: bool
    service: Service = attrs.field(factory=Service)
    clock: VirtualClock = attrs.field(factory=VirtualClock)
    state: MemoryState = attrs.field(factory=MemoryState)
    crm: FakeCrm = attrs.field()

    @crm.default
    def _crm(self) -> FakeCrm:
        return FakeCrm(clock=self.clock)

    def sync(self) -> Sync[Any, Any]:
        """Return the sync."""
        left = provider(self.service, delta=self.delta)
        profile = maximizer.contacts()
        return Sync(
            NAME, left=left, right=self.crm.entries, profile=profile, state=self.state, clock=self.clock, worker="w"
        )

    def run(self) -> list[tuple[str, ParkedKind, tuple[str, ...]]]:
        """Run, and return what is listed afterwards: ignored first, then failed."""
        self.clock.advance(600)
        report = self.sync().run()
        assert report.state is RunState.COMPLETE, report.note
        sync = self.sync()
        assert report.ignored == len(sync.ignored())
        return [(row.id, row.kind, row.reasons) for row in (*sync.ignored(), *sync.failed())]

    def mend(self, name: str, number: int, lists: tuple[str, ...] = ("Maximizer",)) -> None:
        """Put a card in its place that anybody can read."""
        document = CONTACTS.codec.blank()
        Door(self.service, CONTACTS)._keep(name, document.encode([document.fresh(name, contact(number), lists)]))


@pytest.fixture(params=[True, False], ids=["changes", "etags"])
def world(request: pytest.FixtureRequest) -> World:
    """A world whose service tells what changed, and one in which everything is listed each time."""
    made = World(request.param)
    made.service.put("broken.vcf", "nonsense")
    made.mend("fine", 1)
    return made


def test_a_series_that_ends_before_it_begins_can_be_read_by_nobody() -> None:
    """It is told of as unreadable, and not as deleted."""
    service = Service()
    lines = ("UID:early", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=DAILY;UNTIL=20260104")
    text = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])
    service.put("early.ics", text)
    calendar = provider(service, EVENTS)

    assert calendar.changes(None, Scope()).unreadable == ["early"]
    assert calendar.get(["early"], Scope()) == [Absence("early", AbsenceReason.NO_ACCESS)]


BROKEN = ("broken", ParkedKind.IGNORED, (reasons.UNREADABLE,))


def test_it_is_ignored_until_it_can_be_read(world: World) -> None:
    """The first run lists it with its reason; it stays listed, and leaves the list once it is mended."""
    assert world.run() == [BROKEN]
    (row,) = world.sync().ignored()
    assert row.words[0].startswith("there, and can't be read")
    assert not row.resolvable
    assert world.sync().explain("left", "broken").reasons == (reasons.UNREADABLE,)
    before, seen = world.state.head(NAME).revision, world.state.parked_list(NAME)
    assert world.run() == [BROKEN]
    assert world.state.parked_list(NAME) == seen
    assert len(world.crm.entries) == 1

    world.mend("broken", 2)
    assert world.run() == []
    assert len(world.crm.entries) == 2
    assert world.state.head(NAME).revision > before


def test_it_leaves_the_list_when_it_is_gone(world: World) -> None:
    """What was deleted on the service is ignored no longer."""
    world.run()
    world.service.drop("broken.vcf")
    assert world.run() == []


def test_one_that_is_listed_for_another_reason_is_listed_for_this_one(world: World) -> None:
    """The reason is always today's; and what waited for the other of two duplicates goes on once that can't be read."""
    world.mend("broken", 1)
    assert [(one, why) for one, _, why in world.run()] == [(one, (reasons.DUPLICATE,)) for one in ("broken", "fine")]
    world.service.put("broken.vcf", "nonsense")
    assert world.run() == [BROKEN]
    assert len(world.crm.entries) == 1
    world.mend("broken", 1)
    assert world.run() == [("broken", ParkedKind.IGNORED, (reasons.HAS_PARTNER,))]


def test_one_that_was_taken_out_stays_so(world: World) -> None:
    """A record that a person took out of the sync is not asked about again, whatever becomes of it."""
    world.run()
    world.mend("fine", 1, lists=())
    assert world.run() == [BROKEN]
    world.service.put("fine.vcf", "nonsense")
    assert world.run() == [BROKEN]
    assert [row.id for row in world.state.parked_list(NAME, ParkedKind.LEFT) if row.side is Side.LEFT] == ["fine"]


def test_a_record_in_sync_that_breaks_is_out_of_reach(world: World) -> None:
    """Its pair stays and is told of as failed, its counterpart is left alone, and it goes on once it is mended."""
    world.run()
    world.service.put("fine.vcf", "nonsense")
    assert world.run() == [BROKEN, ("fine", ParkedKind.FAILED, (reasons.NO_ACCESS,))]
    assert len(world.crm.entries) == 1
    world.mend("fine", 3)
    assert world.run() == [BROKEN]
    (entry,) = world.crm.entries.all().values()
    assert entry.last_name == contact(3).surname


def test_a_page_says_one_thing_of_it(world: World) -> None:
    """A card that can't be read is neither an item nor gone."""
    page = provider(world.service, delta=world.delta).changes(None, Scope())
    assert ([item.id for item in page.items], [*page.unlisted], page.unreadable) == (["fine"], [], ["broken"])
