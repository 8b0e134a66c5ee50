"""Test which contacts the Maximizer contact sync takes for the same person, and what it does where it cannot tell."""

from datetime import timedelta

import pytest

from tallystick import Side
from tallystick.ports import RunState, WriteKind
from tallystick.providers.memory import VirtualClock
from tests.behaviour.conftest import MakeWorld, World, contact, entry

EMAIL = "zoe@example.com"
COMPOSED, DECOMPOSED = "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}", "Zoe\N{COMBINING DIAERESIS}"

# --- duplicates of a first run -----------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-04")
def test_duplicates_in_outlook_are_all_ignored(world: World) -> None:
    """Of contacts with the same names and a common address none is synced, since none can be told to be right."""
    first = world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com"))
    second = world.outlook.insert(contact("ADA ", "lovelace", "home@example.com", "Ada@Example.com"))
    world.outlook.insert(contact("Bea", "Lovelace", "ada@example.com"))

    report = world.run()

    assert {first: ("duplicate",), second: ("duplicate",)} == world.ignored()
    assert [one.first_name for one in world.crm.all().values()] == ["Bea"]
    assert (report.state, report.synced, report.ignored) == (RunState.COMPLETE, 1, 2)
    world.settled()


@pytest.mark.behaviour("MX-C-04")
def test_duplicates_in_the_crm_are_all_ignored(world: World) -> None:
    """Of entries with the same names and a common address none is synced."""
    first = world.client(entry("Ada", "Lovelace", "ada@example.com"))
    second = world.client(entry("ada", "LOVELACE", "home@example.com", "ada@example.com "))

    report = world.run()

    assert {first: ("duplicate",), second: ("duplicate",)} == world.ignored()
    assert (len(world.outlook), report.written()) == (0, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-04")
@pytest.mark.parametrize("side", ["outlook", "crm"])
@pytest.mark.parametrize(
    "chain",
    [
        [("a@example.com",), ("a@example.com", "b@example.com"), ("b@example.com",)],
        [("a@example.com",), ("b@example.com",), ("a@example.com", "b@example.com")],
        [("a@example.com", "b@example.com"), ("b@example.com", "c@example.com"), ("c@example.com", "d@example.com")],
    ],
    ids=["in order", "joined by the last", "long"],
)
def test_a_chain_of_duplicates_is_one_group(world: World, side: str, chain: list[tuple[str, ...]]) -> None:
    """Where a shares an address with b and b shares another one with c, all three are duplicates."""
    if side == "outlook":
        ids = [world.outlook.insert(contact("Ada", "Lovelace", *addresses)) for addresses in chain]
    else:
        ids = [world.client(entry("Ada", "Lovelace", *addresses)) for addresses in chain]

    report = world.run()

    assert dict.fromkeys(ids, ("duplicate",)) == world.ignored()
    assert report.written() == 0
    world.settled()


@pytest.mark.behaviour("MX-C-04")
@pytest.mark.parametrize("listed", [True, False], ids=["on the list", "beside it"])
def test_the_counterpart_of_duplicates_is_not_created_once_more(world: World, listed: bool) -> None:
    """The entry that two duplicate contacts stand for is ignored as ambiguous, and nobody is created or paired."""
    ada = entry("Ada", "Lovelace", "ada@example.com")
    right = world.client(ada) if listed else world.crm.insert(ada)
    left = {world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com")) for _ in range(2)}

    report = world.run()

    assert (left | {right} if listed else left) == world.ignored().keys()
    assert (len(world.outlook), len(world.crm), report.written()) == (2, 1, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-04")
def test_the_counterpart_of_one_link_of_a_chain_is_ambiguous_too(world: World) -> None:
    """A contact that matches but one of several duplicate entries, by an address of its own, is ignored too."""
    world.client(entry("Ada", "Lovelace", "a@example.com"))
    world.client(entry("Ada", "Lovelace", "a@example.com", "b@example.com"))
    left = world.outlook.insert(contact("Ada", "Lovelace", "b@example.com"))

    report = world.run()

    assert world.ignored()[left] == ("counterpart_is_ignored",)
    assert (report.ignored, report.written()) == (3, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-04")
def test_the_policy_can_keep_the_latest_duplicate(world: World) -> None:
    """With the policy set, the contact that was changed last is synced, and the others are ignored."""
    kept = world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com", job_title="old"))
    older = {world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com")) for _ in range(2)}
    world.outlook.edit(kept, job_title="new")
    right = world.client(entry("Ada", "Lovelace", "ada@example.com"))

    report = world.run(keep_latest_duplicate=True)

    assert dict.fromkeys(older, ("duplicate",)) == world.ignored()
    assert (world.crm.record(right).position, len(world.crm), report.synced) == ("new", 1, 1)
    world.settled(keep_latest_duplicate=True)


@pytest.mark.behaviour("MX-C-04")
def test_no_duplicate_is_the_latest_where_times_are_equal(make_world: MakeWorld) -> None:
    """Where two duplicates were changed at the same moment, neither is taken for the latest."""
    world = make_world(clock=VirtualClock(step=timedelta(0)))
    first, second = (world.client(entry("Ada", "Lovelace", "ada@example.com")) for _ in range(2))

    report = world.run(keep_latest_duplicate=True)

    assert ({first, second}, 0) == (set(world.ignored()), report.written())
    world.settled(keep_latest_duplicate=True)


@pytest.mark.behaviour("MX-C-04", "MX-C-17")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_duplicate_stays_ignored_until_it_is_mended(world: World, side: str) -> None:
    """An edit elsewhere, or a new version of itself, does not make a duplicate right: its twin is still there."""
    if side == "outlook":
        first, second = (world.outlook.insert(contact("Ada")) for _ in range(2))
        world.run()
        world.outlook.edit(first, company_name="Example")
        world.outlook.touch(second)
    else:
        first, second = (world.client(entry("Ada")) for _ in range(2))
        world.run()
        world.crm.edit(first, company_name="Example")
        world.crm.touch(second)

    report = world.run()

    assert ({first, second}, 0) == (set(world.ignored()), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-04")
def test_nobody_is_a_duplicate_by_half(world: World) -> None:
    """The same names with different addresses are two people, and one contact is no duplicate of itself."""
    world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com", "ADA@example.com"))
    world.outlook.insert(contact("Ada", "Lovelace", "ada@example.org"))
    world.client(entry("Lovelace", "Ada", "ada@example.com"))

    world.run()

    assert (world.ignored(), len(world.outlook), len(world.crm)) == ({}, 3, 3)
    world.settled()


@pytest.mark.behaviour("MX-C-04", "MX-C-08")
def test_pairs_are_no_duplicates_in_a_fresh_initial_run(world: World) -> None:
    """A contact in sync stays so when a copy of it appears while the sync is off; only the copy is ignored."""
    left, right = world.pair(first="Ada")
    world.sync().disable()
    copy = world.outlook.insert(contact("Ada"))
    world.sync().enable()

    report = world.run()

    assert ({copy: ("candidate_has_partner",)}, 0) == (world.ignored(), report.written())
    world.outlook.edit(left, job_title="Poet")
    world.run()
    assert world.crm.record(right).position == "Poet"
    world.settled()


# --- who is the same ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-05")
@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(("Ada", "_", "a@example.com"), ("Ada", "_", "a@example.com"), id="equal"),
        pytest.param((" Ada ", "_\t", " a@example.com"), ("Ada", "_", "a@example.com "), id="blanks"),
        pytest.param(("ADA", "LoveLace", "A@EXAMPLE.com"), ("Ada", "Lovelace", "a@example.com"), id="case"),
        pytest.param(("Stra\N{LATIN SMALL LETTER SHARP S}e", "_", EMAIL), ("STRASSE", "_", EMAIL), id="sharp s"),
        pytest.param((COMPOSED, "_", EMAIL), (DECOMPOSED, "_", EMAIL), id="accents"),
        pytest.param((DECOMPOSED.upper(), "_", EMAIL), (COMPOSED, "_", EMAIL), id="case and accents"),
        pytest.param(("Ada", "_", "a@example.com", EMAIL), ("Ada", "_", EMAIL, "b@example.com"), id="one of several"),
    ],
)
def test_the_same_person_is_paired(world: World, left: tuple[str, ...], right: tuple[str, ...]) -> None:
    """Names and one address that are equal but for case, blanks and the spelling of accents make one person."""
    world.outlook.insert(contact(*left))
    world.client(entry(*right))

    report = world.run()

    assert (len(world.outlook), len(world.crm), report.synced) == (1, 1, 1)
    assert (report.written(kind=WriteKind.CREATE), world.ignored()) == (0, {})
    world.settled()


@pytest.mark.behaviour("MX-C-05")
@pytest.mark.parametrize(
    "right",
    [
        pytest.param(("Ada", "Lovelace", "ada@example.org"), id="another address"),
        pytest.param(("Ada", "Byron", "ada@example.com"), id="another last name"),
        pytest.param(("Eda", "Lovelace", "ada@example.com"), id="another first name"),
        pytest.param(("Lovelace", "Ada", "ada@example.com"), id="names swapped"),
        pytest.param(("Ada Love", "lace", "ada@example.com"), id="names split elsewhere"),
        pytest.param(("\N{LATIN CAPITAL LETTER A WITH DIAERESIS}da", "Lovelace", "ada@example.com"), id="an accent"),
        pytest.param(("Ada", "Lovelace", "ada+1@example.com"), id="a tag in the address"),
    ],
)
def test_different_people_are_not_paired(world: World, right: tuple[str, ...]) -> None:
    """Whoever differs in a name, or has no address in common, is somebody else and gets a counterpart of his own."""
    world.outlook.insert(contact("Ada", "Lovelace", "ada@example.com"))
    world.client(entry(*right))

    report = world.run()

    assert (report.written(Side.LEFT, WriteKind.CREATE), report.written(Side.RIGHT, WriteKind.CREATE)) == (1, 1)
    assert (len(world.outlook), len(world.crm), world.ignored()) == (2, 2, {})
    world.settled()


@pytest.mark.behaviour("MX-C-05")
def test_other_fields_do_not_matter(world: World) -> None:
    """The middle name, the company and everything else may differ, and it is the same person."""
    world.outlook.insert(contact("Ada", middle_name="A.", company_name="Example", mobile_phone="1"))
    world.client(entry("Ada", middle_name="B.", company_name="Elsewhere"))

    world.run()

    assert (len(world.outlook), len(world.crm), world.ignored()) == (1, 1, {})
    world.settled()


@pytest.mark.behaviour("MX-C-05", "MX-C-06")
def test_the_same_person_in_a_look_up(world: World) -> None:
    """A look-up beyond the scope finds people under the same rule: case, blanks and accents do not matter."""
    world.outlook.insert(contact(DECOMPOSED.upper(), "Smith", " ZOE@example.com"))
    right = world.crm.insert(entry(COMPOSED, " smith ", "b@example.com", "zoe@EXAMPLE.com "))

    world.run()

    assert [right] == world.crm.ids() == world.crm.ids("Clients")
    world.settled()


@pytest.mark.behaviour("MX-C-05")
def test_a_twin_that_is_matched_by_two_is_not_guessed_at(world: World) -> None:
    """An entry that two contacts match by different addresses is ignored with both of them."""
    first = world.outlook.insert(contact("Ada", "Lovelace", "a@example.com"))
    second = world.outlook.insert(contact("Ada", "Lovelace", "b@example.com"))
    right = world.client(entry("Ada", "Lovelace", "a@example.com", "b@example.com"))

    report = world.run()

    assert ({first, second, right}, 0) == (set(world.ignored()), report.written())
    world.settled()
