"""CX-07 and CX-08 in the console: errors filtered, corrected, synced directly, and gone from the list."""

from datetime import date
from typing import Any

import pytest

from tallystick.console import Action
from tallystick.console.fields import LONGEST
from tallystick.errors import Unavailable
from tests.console.pages import NAME, Answer, Visitor, World


def inputs(page: Answer) -> dict[str, str]:
    """Return what the page's form sends if nothing is typed: its texts, as far as the tests need them."""
    return {"token": page.input("token"), "shown": page.input("shown")}


def correct(visitor: Visitor, world: World, **typed: str) -> Answer:
    """Open the page of the error, and send its form with some fields typed."""
    where: dict[str, Any] = {"sync": NAME, "side": "left", "id": world.left["Grace"]}
    page = visitor.get("/error", **where)
    return visitor.post(
        "/error", {**inputs(page), **{"field." + name.replace("__", "."): one for name, one in typed.items()}}, **where
    )


@pytest.mark.behaviour("CX-07")
def test_errors_are_listed_with_their_nature_and_filtered(world: World, ada: Visitor) -> None:
    """By whether a correction mends them, by side, and by text; the page says how many of how many."""
    world.insert("Jean2", "Refused")
    world.crm.entries.faults.refuse(lambda _: True, "too_large")
    world.run()
    filters: list[dict[str, Any]] = [
        {},
        {"resolvable": "yes"},
        {"resolvable": "no"},
        {"text": "none"},
        {"side": "right"},
    ]
    all_, mendable, others, none, right = (ada.get("/errors", sync=NAME, **more) for more in filters)

    assert "2 errors" in all_.words
    assert "a mandatory field is empty (last_name)" in all_.words
    assert "the service refused the write (too_large)" in all_.words
    assert "first seen" in all_.words
    assert "1 error of 2" in mendable.words
    assert "too_large" not in mendable.words
    assert "1 error of 2" in others.words
    assert "last_name" not in others.words
    assert "No error fits the filter" in none.words
    assert "No error fits the filter" in right.words
    assert mendable.words.count("Correct ") == 1
    assert "Correct A" not in others.words


@pytest.mark.behaviour("CX-08")
def test_a_corrected_record_is_synced_directly_and_leaves_the_list(world: World, ada: Visitor) -> None:
    """Saved on its own side, created on the other, gone from the list."""
    answer = correct(ada, world, surname="Hopper")

    assert "The record is corrected and synced" in answer.words
    assert "No record failed" in answer.words
    assert world.outlook.contacts.record(world.left["Grace"]).surname == "Hopper"
    assert world.crm.entries.record(world.partner("Grace")).last_name == "Hopper"


@pytest.mark.behaviour("CX-08")
def test_what_was_not_typed_is_not_written(world: World, ada: Visitor) -> None:
    """Only the fields that changed are part of the correction."""
    seen: list[object] = []
    world.outlook.contacts.faults.before("update", seen.extend)
    correct(ada, world, surname="Hopper", given_name="Grace", email_addresses__0__address="person2@example.com")
    (update,) = seen
    assert update.fields == {"surname": "Hopper"}  # type: ignore[attr-defined]


def test_what_can_only_be_read_says_so(world: World, ada: Visitor) -> None:
    """A field that no form takes is shown as it is, with where to change it; who may correct nothing is not told."""
    only_read = "This can only be read here. Change it where the record lies."
    where: dict[str, Any] = {"sync": NAME, "side": "left", "id": world.left["Grace"]}
    assert only_read not in ada.get("/error", **where).words

    world.outlook.contacts.edit(world.left["Grace"], personal_notes="long " * LONGEST)
    assert ada.get("/error", **where).words.count(only_read) == 1
    looking = world.app(authorise=lambda _request, action, _sync: "ada" if action is Action.READ else None)
    assert only_read not in Visitor(looking).get("/error", **where).words


@pytest.mark.behaviour("CX-08")
def test_a_record_that_is_still_wrong_stays_with_its_new_reason(world: World, ada: Visitor) -> None:
    """The correction is written, and the page says what is wrong now."""
    answer = correct(ada, world, surname="Hopper", given_name="")

    assert answer.code == 422
    assert "is still not in order" in answer.words
    assert "a mandatory field is empty (first_name)" in answer.words
    assert "1 error" in ada.get("/errors", sync=NAME).words
    assert world.outlook.contacts.record(world.left["Grace"]).surname == "Hopper"


@pytest.mark.behaviour("CX-08")
def test_a_correction_of_what_is_another_record_by_now_is_refused(world: World, ada: Visitor) -> None:
    """Nothing is written, and the page shows how it is now."""
    where: dict[str, Any] = {"sync": NAME, "side": "left", "id": world.left["Grace"]}
    page = ada.get("/error", **where)
    world.outlook.contacts.edit(world.left["Grace"], company_name="typed meanwhile")
    answer = ada.post("/error", {**inputs(page), "field.surname": "Hopper"}, **where)

    assert answer.code == 409
    assert "has changed since this page was made" in answer.words
    assert "typed meanwhile" in answer.text
    assert world.outlook.contacts.record(world.left["Grace"]).surname == ""


@pytest.mark.behaviour("CX-08")
def test_a_value_that_is_none_of_its_field_is_told(world: World, ada: Visitor) -> None:
    """What was typed stays in the form; nothing is written."""
    answer = correct(ada, world, surname="Hopper", birthday="the ninth of December")

    assert answer.code == 422
    assert "Birthday is no date" in answer.words
    assert 'value="Hopper"' in answer.text
    assert world.outlook.contacts.record(world.left["Grace"]).surname == ""
    assert "Nothing was changed" in correct(ada, world).words


def test_a_date_and_parts_can_be_corrected_too(world: World, ada: Visitor) -> None:
    """Every kind of field comes back as what it is."""
    correct(
        ada, world, surname="Hopper", birthday="1906-12-09", business_address__city="Arlington", business_phones__0="1"
    )
    record = world.outlook.contacts.record(world.left["Grace"])
    assert (record.birthday, record.business_address.city, record.business_phones) == (
        date(1906, 12, 9),
        "Arlington",
        ("1",),
    )


@pytest.mark.behaviour("CX-07")
def test_an_error_of_another_kind_can_be_read_and_tried_again_and_not_corrected(world: World, ada: Visitor) -> None:
    """Its page has no button, and a form that is sent all the same is refused."""
    world.insert("Refused", "Record")
    world.crm.entries.faults.refuse(lambda _: True, "too_large", times=1)
    world.run()
    where: dict[str, Any] = {"sync": NAME, "side": "left", "id": world.left["Refused"]}
    page = ada.get("/error", **where)
    answer = ada.post("/error", {**inputs(page), "field.surname": "Other"}, **where)

    assert "no correction mends it" in page.words
    assert "Save and sync" not in page.words
    assert answer.code == 422
    assert world.outlook.contacts.record(world.left["Refused"]).surname == "Record"

    again = ada.post("/error/release", {"token": page.input("token"), "side": "left", "id": where["id"]}, sync=NAME)
    assert "The next run tries the record again" in again.words
    world.run()
    assert "too_large" not in ada.get("/errors", sync=NAME).words


def test_an_error_that_is_none_any_more_is_told(world: World, ada: Visitor) -> None:
    """Somebody else may have mended it meanwhile."""
    assert ada.get("/error", sync=NAME, side="left", id="nobody").code == 404
    assert ada.post("/error", {"token": ada.get("/sync", sync=NAME).input("token")}, sync=NAME, id="x").code == 404


def test_a_service_that_is_down_is_told_and_what_was_typed_kept(world: World, ada: Visitor) -> None:
    """Nobody types twice."""
    world.outlook.contacts.faults.fail("update", Unavailable("the service is down"))
    answer = correct(ada, world, surname="Hopper")
    assert answer.code == 422
    assert 'value="Hopper"' in answer.text
    assert "The service is down" in answer.words
