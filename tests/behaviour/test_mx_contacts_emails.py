"""Test how the Maximizer contact sync keeps the e-mail addresses of two contacts equal, valid ones and others."""

import pytest

from tallystick.ports import RunState
from tallystick.reconcile import Note
from tallystick.records import EmailAddress
from tests.behaviour.conftest import MakeWorld, World, contact, emails, entry

A, B, C, D, E = (f"{one}@example.com" for one in "abcde")
ABC = (EmailAddress(A, "Ada"), EmailAddress(B), EmailAddress(C))
INVALID = "ada at example.com"


# --- valid addresses ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-12")
def test_three_addresses_reach_a_new_record(world: World) -> None:
    """Up to three addresses of a contact are the Email1 to Email3 of its entry, and the other way round."""
    world.outlook.insert(contact("Ada", email_addresses=ABC))
    world.client(entry("Bea", "Lovelace", C, A, B))

    world.run()

    assert [one.emails for one in world.crm.all().values() if one.first_name == "Ada"] == [(A, B, C)]
    assert [emails(one) for one in world.outlook.all().values() if one.given_name == "Bea"] == [[C, A, B]]
    world.settled()


@pytest.mark.behaviour("MX-C-12")
def test_order_alone_is_no_change(world: World) -> None:
    """Addresses in another order, on either side, are the same addresses: nothing is written."""
    left, right = world.pair(first="Ada", email_addresses=ABC)
    world.outlook.edit(left, email_addresses=ABC[::-1])
    assert world.run().written() == 0
    world.crm.edit(right, emails=(B, C, A))

    report = world.run()

    assert (
        report.written(),
        world.crm.record(right).emails,
        emails(world.outlook.record(left)),
    ) == (0, (B, C, A), [C, B, A])
    world.settled()


@pytest.mark.behaviour("MX-C-12")
def test_case_and_blanks_are_no_change(world: World) -> None:
    """An address in other letters is the same address, once or twice, and an empty slot is none."""
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A),))
    world.outlook.edit(left, email_addresses=(EmailAddress(A.upper()),))
    world.crm.edit(right, emails=("", f" {A} ", A.title()))

    report = world.run()

    assert report.written() == 0
    world.settled()


@pytest.mark.behaviour("MX-C-12")
def test_an_address_that_is_added_or_removed_follows(world: World) -> None:
    """Addresses that are added, removed or replaced on one side are so on the other, and the rest stay."""
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A, "Ada"), EmailAddress(B)))
    world.outlook.edit(left, email_addresses=(EmailAddress(D), EmailAddress(B)))
    world.run()
    assert world.crm.record(right).emails == (D, B)
    world.crm.edit(right, emails=("", B, E))

    world.run()

    assert {B, E} == set(emails(world.outlook.record(left)))
    assert world.crm.record(right).emails == ("", B, E)
    world.settled()


@pytest.mark.behaviour("MX-C-12", "TS-17")
def test_display_names_of_addresses_are_kept(world: World) -> None:
    """The display name that an address has in Outlook stays when the CRM adds or removes another address."""
    left, right = world.pair(first="Ada", email_addresses=ABC)
    world.crm.edit(right, emails=(A, C))

    world.run()

    assert (EmailAddress(A, "Ada"), EmailAddress(C)) == world.outlook.record(left).email_addresses
    world.settled()


@pytest.mark.behaviour("MX-C-12", "MX-C-09", "TS-02")
def test_addresses_that_both_sides_change_are_merged_one_by_one(world: World) -> None:
    """An address added on one side and another removed on the other are both carried."""
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A), EmailAddress(B)))
    world.outlook.edit(left, email_addresses=(EmailAddress(A), EmailAddress(B), EmailAddress(D)))
    world.crm.edit(right, emails=("", B))

    report = world.run()

    assert {B, D} == set(emails(world.outlook.record(left))) == {one for one in world.crm.record(right).emails if one}
    assert report.notes == ()
    world.settled()


@pytest.mark.behaviour("MX-C-12", "MX-C-19")
def test_both_sides_remove_another_address(world: World) -> None:
    """Where the sides removed different addresses and none is left in common, no address is written away for good."""
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A), EmailAddress(B)))
    world.outlook.edit(left, email_addresses=(EmailAddress(A),))
    world.crm.edit(right, emails=(B,))

    world.run()

    assert any(emails(world.outlook.record(left)))
    assert any(world.crm.record(right).emails)
    world.settled()


# --- no room -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-12", "TS-17")
def test_an_address_without_room_is_reported_and_stays_where_it_is(world: World) -> None:
    """Where both sides together have more than three, what has no room is told and kept, until there is room."""
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A), EmailAddress(B)))
    world.outlook.edit(left, email_addresses=tuple(map(EmailAddress, (A, B, C))))
    world.crm.edit(right, emails=(A, B, D))

    report = world.run()

    assert {A, B, C} == set(emails(world.outlook.record(left)))
    assert {A, B, D} == set(world.crm.record(right).emails)
    assert {(Note.NOT_CARRIED, "emails")} == {(note.kind, note.rule) for note in report.notes}
    world.settled()

    world.crm.edit(right, emails=(A, B))
    world.run()
    assert {A, B, C} == set(emails(world.outlook.record(left))) == set(world.crm.record(right).emails)
    world.settled()


@pytest.mark.behaviour("MX-C-12", "TS-17")
def test_an_invalid_address_takes_room_in_the_crm(world: World) -> None:
    """Where invalid addresses fill the CRM's slots, a third valid one is not carried, and that is told."""
    right = world.client(entry("Ada", "Lovelace", A, INVALID, B))
    world.run()
    (left,) = world.outlook.ids()
    world.outlook.edit(left, email_addresses=tuple(map(EmailAddress, (A, B, C))))

    report = world.run()

    assert world.crm.record(right).emails == (A, INVALID, B)
    assert [(note.kind, note.rule) for note in report.notes] == [(Note.NOT_CARRIED, "emails")]
    assert {A, B, C} == set(emails(world.outlook.record(left)))
    world.settled()


# --- invalid addresses -------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-12")
@pytest.mark.parametrize("mode", ["refuse", "drop"])
def test_invalid_addresses_stay_in_the_crm(make_world: MakeWorld, mode: str) -> None:
    """An invalid address does not reach Outlook, and its absence there is no edit, whatever else is edited."""
    world = make_world(invalid_addresses=mode)
    right = world.client(entry("Ada", "Lovelace", INVALID, A, "/O=EXAMPLE/CN=ADA"))
    world.run()
    (left,) = world.outlook.ids()
    assert emails(world.outlook.record(left)) == [A]
    assert world.ignored() == {}

    world.outlook.edit(left, email_addresses=(EmailAddress(B),), job_title="Poet")
    report = world.run()

    assert report.state == RunState.COMPLETE
    assert world.crm.record(right).emails == (INVALID, B, "/O=EXAMPLE/CN=ADA")
    assert emails(world.outlook.record(left)) == [B]
    world.settled()


@pytest.mark.behaviour("MX-C-12")
@pytest.mark.parametrize("mode", ["refuse", "drop"])
def test_an_invalid_address_that_is_added_in_the_crm_stays_there(make_world: MakeWorld, mode: str) -> None:
    """An entry in sync that gets an invalid address besides its valid ones goes on being synced without it."""
    world = make_world(invalid_addresses=mode)
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(A),))
    world.crm.edit(right, emails=(A, INVALID, C), position="Poet")

    report = world.run()

    assert (emails(world.outlook.record(left)), world.outlook.record(left).job_title) == ([A, C], "Poet")
    assert (world.crm.record(right).emails, report.state, report.ignored) == ((A, INVALID, C), RunState.COMPLETE, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-12")
def test_an_invalid_address_in_the_crm_that_is_mended_reaches_outlook(world: World) -> None:
    """Once a person mends the invalid address, it is synced like any other."""
    right = world.client(entry("Ada", "Lovelace", INVALID, A))
    world.run()
    (left,) = world.outlook.ids()
    world.crm.edit(right, emails=(B, A))

    world.run()

    assert {A, B} == set(emails(world.outlook.record(left)))
    world.settled()


@pytest.mark.behaviour("MX-C-12")
@pytest.mark.parametrize("mode", ["refuse", "drop"])
def test_an_invalid_address_in_outlook_holds_up_nothing(make_world: MakeWorld, mode: str) -> None:
    """A contact with an invalid address of old takes changes of its other addresses; its entry never sees it."""
    world = make_world(invalid_addresses=mode)
    left, right = world.pair(first="Ada", email_addresses=(EmailAddress(INVALID, "Ada"), EmailAddress(A)))
    assert world.crm.record(right).emails == (A,)
    world.crm.edit(right, emails=(B,), position="Poet")

    report = world.run()

    assert (report.state, world.outlook.record(left).job_title) == (RunState.COMPLETE, "Poet")
    assert [one for one in emails(world.outlook.record(left)) if "@" in one] == [B]
    assert world.crm.record(right).emails == (B,)
    world.settled()


@pytest.mark.behaviour("MX-C-12", "MX-C-02")
def test_a_record_with_invalid_addresses_only_is_ignored(world: World) -> None:
    """Without a valid address left, a record is ignored on either side."""
    left = world.outlook.insert(contact("Ada", "Lovelace", INVALID))
    right = world.client(entry("Bea", "Lovelace", INVALID, "bea@"))

    report = world.run()

    assert {left: ("invalid:email",), right: ("invalid:email",)} == world.ignored()
    assert report.written() == 0
    world.settled()
