"""MX-O-01, MX-O-02, LP-10 and LP-15 in the console: how syncs stand, their runs, and what is left alone."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from tallystick import Sync
from tallystick.console import console
from tallystick.errors import StateUnwritable, Unavailable
from tests.console.pages import NAME, SECRET, Visitor, World, by_header

FIRST = (0, 100, 200, 999, "x")


@pytest.mark.behaviour("LP-15", "MX-O-01")
def test_a_sync_at_a_glance_before_its_first_run() -> None:
    """Never run, due now, and nothing that waits."""
    ada = Visitor(World().app())
    page = ada.get("/sync", sync=NAME)
    assert "never run" in ada.get("/").words
    for said in ("never run", "No run yet", "Next due now", "0 conflicts to settle", "Every 10 minutes"):
        assert said in page.words


@pytest.mark.behaviour("MX-O-01")
def test_every_run_is_in_the_history_and_in_the_chart(world: World, ada: Visitor) -> None:
    """With state, figures and duration, in a table as in the picture; a problem's note says what to do."""
    world.crm.entries.faults.fail("changes", Unavailable("the service is down"))
    world.run()
    page = ada.get("/sync", sync=NAME)

    assert page.text.count("<tr>") == 1 + len(world.sync.history())
    assert "The latest 4 runs: at most 2 writes on one side, 1 of them with a warning or a problem." in page.words
    assert "warning" in page.words
    assert "Right side: the service is down" in page.words
    assert "Right side: the service is down" in ada.get("/run", sync=NAME, run=4).words


@pytest.mark.behaviour("LP-10")
def test_sync_now_enqueues_a_run_and_no_second_one(world: World, ada: Visitor) -> None:
    """The page says so, and looks again by itself while it waits."""
    quiet = ada.get("/sync", sync=NAME)
    ada.post("/sync/now", {"token": quiet.input("token")}, sync=NAME)
    page = ada.post("/sync/now", {"token": quiet.input("token")}, sync=NAME)
    assert [one.state.value for one in world.sync.history()] == ["enqueued", "complete", "complete", "complete"]
    assert "A run is asked for" in page.words
    assert "enqueued" in page.words
    assert "every 2s" in page.text
    assert "every 2s" not in quiet.text
    world.run()
    assert len(world.sync.history()) == 4


@pytest.mark.behaviour("MX-O-02")
def test_ignored_records_are_listed_with_reasons_and_times_and_filtered(world: World, ada: Visitor) -> None:
    """By side, by reason and by text; each opens where the provider says, and is explained."""
    for first in ("", "Kay"):
        world.insert(first, "")
    world.run()
    page = ada.get("/ignored", sync=NAME)
    assert "3 records" in page.words
    assert "2026-01-05 08:20 UTC" in page.words
    assert "1 record of 3" in ada.get("/ignored", sync=NAME, reason="missing:first_name").words
    assert "1 record of 3" in ada.get("/ignored", sync=NAME, text=world.left["Grace"]).words
    assert "No record fits the filter" in ada.get("/ignored", sync=NAME, side="right").words
    assert "1 conflict" in ada.get("/conflicts", sync=NAME, text="COMPANY").words
    assert "No conflict fits the filter" in ada.get("/conflicts", sync=NAME, text="phones").words


def test_a_long_list_is_shown_a_page_at_a_time(world: World, ada: Visitor) -> None:
    """A hundred rows, and links that keep the filter."""
    for number in range(230):
        world.insert(f"Person{number}", "")
    world.run()
    pages = [ada.send("GET", "/errors", query={"sync": NAME, "side": "left", "from": first}) for first in FIRST]
    assert [page.text.count('class="row"') for page in pages] == [100, 100, 31, 100, 100]
    assert "1–100 of 231" in pages[0].words
    assert "201–231 of 231" in pages[2].words
    assert "side=left" in pages[1].text


def test_times_are_shown_by_the_clocks_of_a_zone(world: World) -> None:
    """The host's choice, and named."""
    ada = Visitor(world.app(zone=ZoneInfo("America/New_York"), title="Northwind sync"))
    assert "2026-01-05 03:20 EST" in ada.get("/sync", sync=NAME).words
    assert "Northwind sync" in ada.get("/").words


def test_a_sync_whose_state_is_out_of_reach_does_not_hide_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its card says what is wrong; its own page says it, too."""

    def broken(self: object, sync: str) -> None:
        raise StateUnwritable("the state is locked", remedy="try again")

    other = World()
    app = console({NAME: world.sync, "other": other.sync}, authorise=by_header, secret=SECRET)
    monkeypatch.setattr(type(other.state), "head", broken)
    ada = Visitor(app)
    assert "The state is locked" in ada.get("/").words
    answer = ada.get("/sync", sync="other")
    assert answer.code == 503
    assert "the state is locked" in answer.words.lower()


def test_many_syncs_are_shown_a_page_at_a_time(world: World) -> None:
    """Fifty cards each."""
    syncs: dict[str, Sync[Any, Any]] = {f"sync {number:03}": world.sync for number in range(120)}
    ada = Visitor(console(syncs, authorise=by_header, secret=SECRET, clock=world.clock))
    first, last = ada.get("/"), ada.send("GET", "/", query={"from": 100})
    assert (first.text.count('class="card"'), last.text.count('class="card"')) == (50, 20)
    assert "101–120 of 120" in last.words


def test_what_is_off_says_so_and_offers_no_run(world: World, ada: Visitor) -> None:
    """Switched off, or off by its settings."""
    world.sync.disable()
    page = ada.get("/sync", sync=NAME)
    assert "off Switched off: nothing is read or written" in page.words
    assert "not while it is off" in page.words
    assert "Sync now" not in page.words
    assert ada.get("/plan", sync=NAME).code == 409
    world.sync.enable()
    world.profile = attrs.evolve(world.profile, enabled=False)
    assert "Sync now" not in Visitor(world.app()).get("/sync", sync=NAME).words


def test_a_run_that_takes_long_says_how_long(world: World, ada: Visitor) -> None:
    """In minutes and seconds."""
    world.crm.entries.faults.before("changes", lambda _: world.clock.advance(timedelta(seconds=125)))
    world.run()
    assert "2 min 5 s" in ada.get("/sync", sync=NAME).words
