"""Provide a server's database for a fleet, and the people of a town."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet.judging import Users
from tests.fleet.town import Town, close_states
from tests.state.servers import own_database


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return a database with procrastinate's tables, in which state and roster lie too."""
    from tests.fleet.engines.procrastinate_host import fleet_at

    with own_database() as url:
        monkeypatch.setenv("TOWN_STATE", url)
        monkeypatch.setenv("TOWN_LEASE", "5")
        fleet = fleet_at(url)
        with fleet.app.open():
            fleet.app.schema_manager.apply_schema()
        fleet.roster.close()
        yield url
        close_states()


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Users:
    """Return the people of a new town."""
    monkeypatch.setenv("TOWN", str(tmp_path))
    return Users(Town.built(tmp_path))
