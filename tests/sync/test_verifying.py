"""A plan that creates is held against what is there when it is applied, also on sides that tell no changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tallystick import MemoryState, Sync
from tallystick.errors import StalePlan
from tallystick.profiles import maximizer
from tallystick.providers.files import APPOINTMENTS, open_events, open_file, write_events
from tallystick.providers.memory import FakeCrm
from tallystick.records import Event
from tallystick.recurrence import WallTime

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)


def calendar(folder: Path, name: str, whose: str = "ada's") -> Sync[Any, Any]:
    """Return the sync of a calendar with one event, of that name, and the folder's file of appointments."""
    path = folder / f"{name}.ics"
    if not path.exists():
        start, end = (WallTime(NOON + timedelta(days=2, hours=hours), "Europe/Paris") for hours in (0, 1))
        write_events(path, [Event(name, start=start, end=end)])
    crm = folder / "crm.jsonl"
    crm.touch()
    return Sync(
        f"{whose} {name}",
        left=open_events(path),
        right=open_file(crm, APPOINTMENTS),
        profile=maximizer.appointments("user-1"),
        state=MemoryState(),
        directories={"entries": FakeCrm().entries, "leads": FakeCrm().leads},
    )


def lines(folder: Path) -> list[str]:
    """Return the appointments, a line each."""
    return (folder / "crm.jsonl").read_text(encoding="utf-8").splitlines()


def test_records_that_ask_for_no_counterpart_are_nothing_that_has_changed(tmp_path: Path) -> None:
    """Appointments that are there already, and one that is made meanwhile, don't stand against the plan."""
    calendar(tmp_path, "Before").run()
    sync = calendar(tmp_path, "Planned")
    plan = sync.plan()
    calendar(tmp_path, "Meanwhile").run()

    assert sync.apply(plan).synced == 1
    assert len(lines(tmp_path)) == 3
    assert sync.run().written() == 0


def test_a_record_that_may_be_what_is_about_to_be_created_is_named(tmp_path: Path) -> None:
    """One that has its match keys was made since by somebody else: nothing is written, and a new plan pairs the two."""
    sync = calendar(tmp_path, "Planned")
    plan = sync.plan()
    calendar(tmp_path, "Planned", "somebody else's").run()

    with pytest.raises(StalePlan, match="1 record changed"):
        sync.apply(plan)
    assert len(lines(tmp_path)) == 1
    assert sync.run().synced == 1
    assert len(lines(tmp_path)) == 1
