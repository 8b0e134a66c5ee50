"""Test the clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from tallystick.ports import Clock
from tallystick.providers.memory import FakeCrm, VirtualClock
from tallystick.records import Entry


def test_moves_only_when_moved() -> None:
    """The clock stands still, and moves by sleeping, by being advanced, and by one step for a write."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    clock = VirtualClock(start, step=timedelta(minutes=1))
    as_clock: Clock = clock

    assert start == as_clock.now() == as_clock.now()
    as_clock.sleep(2.5)
    clock.advance(0.5)
    clock.advance(timedelta(hours=1))
    assert start + timedelta(hours=1, seconds=3) == clock.now()
    assert clock.slept == [2.5]
    assert start + timedelta(hours=1, minutes=1, seconds=3) == clock.tick()


class Standing:
    """A clock that always shows the same time."""

    def now(self) -> datetime:
        """Return noon."""
        return datetime(2026, 3, 1, 12, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        """Return at once."""


def test_any_clock_will_do() -> None:
    """A collection takes its times from whatever clock it is given."""
    crm = FakeCrm(clock=Standing())
    id_ = crm.entries.insert(Entry())
    crm.entries.touch(id_)

    assert Standing().now() == crm.entries.item(id_).modified
    assert crm.entries.item(id_).version == "v2"
