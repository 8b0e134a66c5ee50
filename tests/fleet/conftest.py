"""Provide towns and rosters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.fleet.roster import Roster
from tests.fleet.town import Town, close_states


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Return a new town, with its state in a file."""
    monkeypatch.setenv("TOWN", str(tmp_path))
    monkeypatch.setenv("TOWN_STATE", str(tmp_path / "state.db"))
    yield Town.built(tmp_path)
    close_states()


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    """Return a new roster in a file."""
    with Roster(f"sqlite:///{tmp_path / 'roster.db'}") as roster:
        yield roster
