"""An operator sees at a glance how far a fleet is behind, and which sync has had a write open for longest."""

import importlib
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

from tallystick.errors import MissingExtra
from tallystick.fleet import SyncJob
from tallystick.fleet.roster import Lag, Roster
from tallystick.fleet.status import FleetStatus, fleet_status
from tallystick.ports import Commit, Unsettled
from tallystick.state.sql import SqlState
from tests.state.samples import KEY, a_batch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_oldest_intent_of_the_fleet_is_shown(tmp_path: Path) -> None:
    """Of many syncs the one that waits longest comes first; the state is asked once, however many there are."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'fleet.db'}")
    asked: list[str] = []
    with Roster(engine) as roster, SqlState(engine, key=KEY) as state:
        roster.enrol([SyncJob(f"s{n}", "host.fleet:mailbox") for n in range(30)], NOON)
        for number in range(30):
            opened = [attrs.evolve(a_batch("t"), at=NOON + timedelta(hours=number % 7))] if number % 10 == 5 else []
            state.commit(f"s{number}", Commit(opened=opened))
        sa.event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        status = fleet_status(roster, state, NOON + timedelta(days=1), limit=2)
    engine.dispose()

    assert [one.sync for one in status.unsettled] == ["s15", "s25"]
    assert status.oldest_intent == timedelta(hours=23).total_seconds()
    assert sum("batches" in text for text in asked) == 1
    assert len([text for text in asked if text.startswith("SELECT")]) == 2
    assert status.text().splitlines() == [
        f"30 enrolled, 0 at work, 30 due, the oldest for {status.lag.oldest:,.0f} s",
        "s15: 1 not settled, since 2026-03-01 13:00:00 UTC",
        "s25: 1 not settled, since 2026-03-01 16:00:00 UTC",
    ]


def test_a_fleet_without_open_intents() -> None:
    """Where all is settled and nothing is due, a line says so; a clock that is behind makes no time negative."""
    quiet = FleetStatus(NOON, Lag(3, 0, 1, 0.0), ())
    assert (quiet.oldest_intent, quiet.text()) == (0.0, "3 enrolled, 1 at work, 0 due")
    ahead = attrs.evolve(quiet, unsettled=(Unsettled("s", NOON + timedelta(seconds=5), 1),))
    assert ahead.oldest_intent == 0.0


@pytest.mark.parametrize("module", ["roster", "looking", "status"])
def test_without_sqlalchemy_it_is_said_what_to_install(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What rests on the extra says so when it is imported, as a state in a database does."""
    resting = tuple(f"tallystick.fleet.{name}" for name in ("roster", "looking", "status"))
    for name in [name for name in sys.modules if name in resting or name.startswith("tallystick.state.sql")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)

    with pytest.raises(MissingExtra, match=r"tallystick\[sql\]"):
        importlib.import_module(f"tallystick.fleet.{module}")
