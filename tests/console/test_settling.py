"""CX-05 in the console: both versions side by side, whole or field by field, and no choice over another's."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from tallystick.console.settling import STALE
from tallystick.errors import Unavailable
from tests.console.pages import NAME, Answer, Visitor, World


def form(page: Answer, **chosen: str) -> dict[str, str]:
    """Return what the page's form sends."""
    rules = {f"rule.{rule}": side for rule, side in chosen.items() if rule in ("company", "position")}
    others = {name: value for name, value in chosen.items() if name not in ("company", "position")}
    return {"token": page.input("token"), "seen": page.input("seen"), **rules, **others}


def settle(visitor: Visitor, world: World, first: str = "Ada", **chosen: str) -> Answer:
    """Open the page and send its form."""
    page = visitor.get("/conflict", sync=NAME, id=world.left[first])
    return visitor.post("/conflict", form(page, **chosen), sync=NAME, id=world.left[first])


def shown(world: World) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Return company, position and department on both sides."""
    contact = world.outlook.contacts.record(world.left["Ada"])
    entry = world.crm.entries.record(world.partner("Ada"))
    return (contact.company_name, contact.job_title, contact.department), (
        entry.company_name,
        entry.position,
        entry.department,
    )


@pytest.mark.behaviour("CX-05")
def test_both_versions_are_shown_side_by_side_as_they_are_now(world: World, ada: Visitor) -> None:
    """With what is to be chosen first, and what else differs below; read from both sides at that moment."""
    world.crm.entries.edit(world.partner("Ada"), company_name="typed a moment ago")
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])

    chosen, _, others = page.words.partition("What else differs")
    assert "from the left" in chosen
    assert "typed a moment ago" in chosen
    assert "left's alone" in others
    assert page.has_input("rule.company")
    assert not page.has_input("rule.department")


@pytest.mark.behaviour("CX-05")
def test_a_conflict_is_settled_field_by_field(world: World, ada: Visitor) -> None:
    """Each field goes where it was chosen to go, at once, and the list is shorter by one."""
    answer = settle(ada, world, company="left", position="right")

    assert "The conflict is settled" in answer.words
    assert "No pair is in conflict" in answer.words
    assert shown(world) == (("from the left", "right's job", "left's alone"),) * 2


@pytest.mark.behaviour("CX-05")
@pytest.mark.parametrize("winner", ["left", "right"])
def test_a_conflict_is_settled_whole(world: World, ada: Visitor, winner: str) -> None:
    """One button takes all from one side, whatever else is ticked."""
    answer = settle(ada, world, company="left", winner=winner)

    assert "The conflict is settled" in answer.words
    assert [one[0] for one in shown(world)] == [f"from the {winner}"] * 2
    assert [one[1] for one in shown(world)] == [f"{winner}'s job"] * 2


@pytest.mark.behaviour("CX-05")
def test_both_can_be_kept(world: World, ada: Visitor) -> None:
    """The loser is created once more beside its own."""
    settle(ada, world, winner="left", keep_both="yes")

    found = sorted(one.company_name for one in world.crm.entries.all().values() if one.first_name == "Ada")
    assert found == ["from the left", "from the right"]


@pytest.mark.behaviour("CX-05")
def test_a_choice_that_became_stale_is_refused_and_the_new_state_shown(world: World, ada: Visitor) -> None:
    """Nothing is written, nothing stays ticked, and the page shows what there is to choose now."""
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])
    world.outlook.contacts.edit(world.left["Ada"], company_name="edited since")
    before = shown(world)
    answer = ada.post("/conflict", form(page, company="left", position="left"), sync=NAME, id=world.left["Ada"])

    assert answer.code == 409
    assert STALE in answer.words
    assert "edited since" in answer.words
    assert "checked" not in answer.text
    assert shown(world) == before
    again = ada.post("/conflict", form(answer, company="left", position="left"), sync=NAME, id=world.left["Ada"])
    assert "The conflict is settled" in again.words
    assert shown(world)[1][0] == "edited since"


@pytest.mark.behaviour("CX-05")
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"rule.company": "left"},
        {"winner": "nobody"},
        {"rule.company": "left", "rule.position": "middle"},
        {"winner": "left", "seen": "[1, 2]"},
        {"winner": "left", "seen": "no json"},
        {"winner": "left", "seen": "[" * 100_000},
        {"winner": "left", "seen": '["one"]'},
    ],
)
def test_a_choice_that_is_not_whole_is_told(world: World, ada: Visitor, sent: dict[str, str]) -> None:
    """The page comes back with what was chosen, and says what is missing; nothing is written."""
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])
    before = shown(world)
    answer = ada.post("/conflict", {**form(page), **sent}, sync=NAME, id=world.left["Ada"])

    assert answer.code == 422
    assert 'role="alert"' in answer.text
    assert ("checked" in answer.text) == any(name.startswith("rule") and sent[name] == "left" for name in sent)
    assert shown(world) == before


@pytest.mark.behaviour("CX-05")
def test_of_two_people_who_settle_a_conflict_one_after_the_other_the_second_is_told(world: World, ada: Visitor) -> None:
    """The first choice stands, and the other person reads one clear message."""
    ben = Visitor(ada.app, "ben")
    page = ben.get("/conflict", sync=NAME, id=world.left["Ada"])
    settle(ada, world, winner="left")
    answer = ben.post("/conflict", form(page, winner="right"), sync=NAME, id=world.left["Ada"])

    assert answer.code == 409
    assert "The conflict was settled meanwhile, by run 4" in answer.words
    assert answer.text.count('role="alert"') == 1
    assert shown(world)[1][0] == "from the left"


@pytest.mark.behaviour("CX-05")
def test_of_two_people_who_settle_a_conflict_at_once_one_wins(world: World, ada: Visitor) -> None:
    """While the first choice is being written, the second is refused, and overwrites nothing."""
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])
    answers: list[Answer] = []

    def second(_batch: Sequence[object]) -> None:
        ben = Visitor(world.app(), "ben")
        sent = {**form(page, winner="right"), "token": ben.get("/sync", sync=NAME).input("token")}
        asking = threading.Thread(
            target=lambda: answers.append(ben.post("/conflict", sent, sync=NAME, id=world.left["Ada"]))
        )
        asking.start()
        asking.join()

    world.crm.entries.faults.before("update", second)
    first = ada.post("/conflict", form(page, winner="left"), sync=NAME, id=world.left["Ada"])

    (told,) = answers
    assert told.code == 409
    assert "Somebody else is settling the conflict now, by run 4" in told.words
    assert told.text.count('role="alert"') == 1
    assert "The conflict is settled" in first.words
    assert [one[0] for one in shown(world)] == ["from the left"] * 2


def test_a_service_that_is_down_is_told_and_the_choice_kept(world: World, ada: Visitor) -> None:
    """The page comes back with what was chosen."""
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])
    world.crm.entries.faults.fail("update", Unavailable("the service is down"))
    answer = ada.post("/conflict", form(page, company="left", position="left"), sync=NAME, id=world.left["Ada"])

    assert answer.code == 409
    assert answer.text.count("checked") == 2


def test_a_conflict_that_is_none_is_told(world: World, ada: Visitor) -> None:
    """Neither shown nor settled."""
    other: dict[str, Any] = {"sync": NAME, "id": "nobody"}
    assert ada.get("/conflict", **other).code == 404


def test_a_record_that_is_gone_is_told(world: World, ada: Visitor) -> None:
    """There is nothing to compare; the next run decides what a deletion means."""
    page = ada.get("/conflict", sync=NAME, id=world.left["Ada"])
    world.outlook.contacts.delete(world.left["Ada"])
    assert ada.get("/conflict", sync=NAME, id=world.left["Ada"]).code == 409
    answer = ada.post("/conflict", form(page, winner="left"), sync=NAME, id=world.left["Ada"])
    assert answer.code == 409
    assert "not there any more" in answer.words
