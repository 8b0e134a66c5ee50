"""TS-05, TS-11 and TS-12 in the console: plans looked at and agreed to, records explained, runs taken back."""

from datetime import timedelta

import attrs
import pytest
from starlette.requests import Request

from tallystick.console import Action
from tallystick.ports import RunState
from tallystick.reconcile import Guards, Limit
from tests.console.pages import NAME, Answer, Visitor, World


def form(page: Answer) -> dict[str, str]:
    """Return what the page's form sends."""
    return {"token": page.input("token"), "plan": page.input("plan")}


def guarded() -> World:
    """Return a world in which the next run would create more than it may."""
    world = World()
    world.insert("Jean", "Bartik")
    world.run()
    world.profile = attrs.evolve(world.profile, guards=Guards(creates=Limit(0.1, 2)))
    for first in ("Betty", "Kay", "Fran", "Ruth"):
        world.insert(first, "Holberton")
    return world


@pytest.mark.behaviour("TS-05")
def test_a_guard_s_stop_is_confirmed_once_up_to_its_figures() -> None:
    """The page shows the figures; the next run goes ahead up to them, and the one after asks again."""
    world = guarded()
    ada = Visitor(world.app())
    page = ada.get("/plan", sync=NAME)
    assert "A guard stops this" in page.words
    assert "Sync now" not in page.words

    answer = ada.post("/plan", form(page), sync=NAME)
    assert "confirmed for one run" in answer.words
    assert world.sync.history()[0].state is RunState.ENQUEUED
    world.run()
    assert world.sync.history()[0].state is RunState.COMPLETE
    assert len(world.crm.entries) == 5

    for first in ("Marlyn", "Adele", "Alice", "Dorothy"):
        world.insert(first, "Wescoff")
    world.run()
    assert world.sync.history()[0].state is RunState.PROBLEM
    assert len(world.crm.entries) == 5
    assert "What the guards found too much" in ada.get("/run", sync=NAME, run=world.sync.history()[0].number).words


@pytest.mark.behaviour("TS-05")
def test_a_plan_that_is_another_by_now_is_not_confirmed() -> None:
    """The page shows the new one; nobody says yes to what they did not see."""
    world = guarded()
    ada = Visitor(world.app())
    page = ada.get("/plan", sync=NAME)
    world.insert("One", "More")
    answer = ada.post("/plan", form(page), sync=NAME)

    assert answer.code == 409
    assert "no longer the plan" in answer.words
    assert world.sync.history()[0].state is RunState.COMPLETE, "no run was asked for"
    assert "confirmed for one run" in ada.post("/plan", form(answer), sync=NAME).words


@pytest.mark.behaviour("TS-05")
def test_nobody_confirms_while_a_run_is_at_work() -> None:
    """The page says who is at it and what to do then, and no run is asked for."""
    world = guarded()
    ada = Visitor(world.app())
    page = ada.get("/plan", sync=NAME)
    world.state.acquire(NAME, "another worker", world.clock.now(), timedelta(minutes=5))
    answer = ada.post("/plan", form(page), sync=NAME)

    assert answer.code == 409
    assert "Nothing was confirmed; when it has ended look at its figures" in answer.words
    assert world.sync.history()[0].state is not RunState.ENQUEUED


def test_capacity_can_t_be_confirmed() -> None:
    """The page says what to do instead, and has no button."""
    world = guarded()
    world.profile = attrs.evolve(world.profile, guards=Guards(capacity=2))
    page = Visitor(world.app()).get("/plan", sync=NAME)
    assert "as many pairs as it may" in page.words
    assert not page.has_input("plan")


@pytest.mark.behaviour("TS-04")
def test_a_plan_shows_ids_and_fields_and_writes_nothing(world: World, ada: Visitor) -> None:
    """No contents are on it, and neither side nor the state has changed."""
    world.outlook.contacts.edit(world.left["Jean"], company_name="UNIVAC")
    world.insert("Secret", "Name")
    before = (world.state.head(NAME), world.crm.entries.all())
    page = ada.get("/plan", sync=NAME)

    assert "create – 1" in page.words
    assert "update – 1" in page.words
    assert "company" in page.words
    assert world.left["Secret"] in page.words
    assert "UNIVAC" not in page.words
    assert "Secret" not in page.words
    assert (world.state.head(NAME), world.crm.entries.all()) == before


@pytest.mark.behaviour("TS-12")
def test_a_run_is_looked_at_and_taken_back(world: World, ada: Visitor) -> None:
    """First the plan, then the doing; what stands there afterwards is what stood there before."""
    world.outlook.contacts.edit(world.left["Jean"], company_name="typed into the wrong window")
    world.run()
    run = world.sync.history()[0].number
    page = ada.get("/undo", sync=NAME, run=run)
    assert "update – 1" in page.words
    assert world.crm.entries.record(world.partner("Jean")).company_name == "typed into the wrong window"

    answer = ada.post("/undo", form(page), sync=NAME, run=run)
    assert "The run is taken back" in answer.words
    assert world.crm.entries.record(world.partner("Jean")).company_name == "ENIAC"


@pytest.mark.behaviour("TS-12")
def test_an_undo_that_is_another_by_now_is_not_done(world: World, ada: Visitor) -> None:
    """What changed since the page was made is nobody's to overwrite."""
    world.outlook.contacts.edit(world.left["Jean"], company_name="typed into the wrong window")
    world.run()
    run = world.sync.history()[0].number
    page = ada.get("/undo", sync=NAME, run=run)
    world.crm.entries.edit(world.partner("Jean"), company_name="somebody else's")
    answer = ada.post("/undo", form(page), sync=NAME, run=run)

    assert answer.code == 409
    assert "changed since the run" in answer.words
    assert world.crm.entries.record(world.partner("Jean")).company_name == "somebody else's"


@pytest.mark.behaviour("TS-12")
def test_an_undo_beyond_the_guards_is_confirmed_apart(world: World, ada: Visitor) -> None:
    """Without the tick nothing is written; with it, once."""
    world.profile = attrs.evolve(world.profile, guards=Guards(removals=Limit(0.0, 0)))
    ada = Visitor(world.app())
    page = ada.get("/undo", sync=NAME, run=1)
    assert "A guard stops this" in page.words
    ada.post("/undo", form(page), sync=NAME, run=1)
    assert world.sync.history()[0].state is RunState.PROBLEM
    page = ada.get("/undo", sync=NAME, run=1)
    answer = ada.post("/undo", {**form(page), "confirmed": "yes"}, sync=NAME, run=1)
    assert "The run is taken back" in answer.words


def test_a_guard_s_stop_of_an_undo_is_confirmed_by_who_may(world: World, ada: Visitor) -> None:
    """Who may take runs back, and not go beyond the guards, does not by ticking a box that the page did not have."""
    world.profile = attrs.evolve(world.profile, guards=Guards(removals=Limit(0.0, 0)))

    def but(request: Request, action: Action, sync: str) -> str | None:
        return None if action is Action.CONFIRM else "ada"

    sent = {**form(Visitor(world.app()).get("/undo", sync=NAME, run=1)), "confirmed": "yes"}
    before = world.sync.history()
    answer = Visitor(world.app(authorise=but)).post("/undo", sent, sync=NAME, run=1)

    assert answer.code == 403
    assert world.sync.history() == before


def test_a_run_of_which_nothing_is_kept_is_told(world: World, ada: Visitor) -> None:
    """Without images there is nothing to take back."""
    assert ada.get("/undo", sync=NAME, run=99).code == 404
    assert ada.get("/run", sync=NAME, run=99).code == 404
    assert ada.get("/run", sync=NAME, run="1e3").code == 404


@pytest.mark.behaviour("TS-11")
def test_any_record_is_explained_without_its_contents(world: World, ada: Visitor) -> None:
    """By rule, version and digest; an id that nobody knows is told."""
    page = ada.get("/explain", sync=NAME, side="left", id=world.left["Ada"])
    assert "both sides changed the same field (company)" in page.words
    assert "sides differ, left and right changed" in page.words
    assert "from the left" not in page.words
    assert "a mandatory field is empty" in ada.get("/explain", sync=NAME, side="left", id=world.left["Grace"]).words
    for side, one in (("left", "nobody"), ("middle", "x")):
        unknown = ada.get("/explain", sync=NAME, side=side, id=one)
        assert unknown.code == 404
        assert 'role="alert"' in unknown.text
