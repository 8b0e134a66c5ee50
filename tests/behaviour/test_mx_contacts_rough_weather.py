"""Test that a story of many edits ends the same way for the Maximizer contact sync, however the services behave."""

from typing import Any

import pytest

from tallystick.providers.memory import Quirks
from tallystick.records import EntryKind, Phone
from tests.behaviour.conftest import MakeWorld, World, contact, emails, entry

ZOE = "Zoe\N{COMBINING DIAERESIS}"

WEATHER = pytest.mark.parametrize(
    "weather",
    [
        pytest.param({"sqlite": True}, id="state in a file"),
        pytest.param({"quirks": Quirks(unlist_leavers=True)}, id="leavers are unlisted"),
        *(pytest.param({"quirks": Quirks(replays=True), "seed": seed}, id=f"replays {seed}") for seed in range(5)),
        pytest.param({"quirks": Quirks(replays=True, unlist_leavers=True), "seed": 7}, id="replays, unlisted"),
        pytest.param({"page_size": 1}, id="pages of one"),
    ],
)


def story(world: World, *, lost_cursors: bool = False) -> None:
    """Live through six runs, each in a process of its own, and rest."""

    def run() -> None:
        if lost_cursors:
            world.outlook.expire_cursors()
            world.crm.expire_cursors()
        world.restart()
        world.run()

    outlook, crm = world.outlook, world.crm
    left = {name: outlook.insert(contact(name, "Left")) for name in ("Ada", "Bea", "Cleo", "Dora", "Edda")}
    right = {name: world.client(entry(name, "Right")) for name in ("Fay", "Gill", "Hope", "Ivy", "Jo")}
    outlook.insert(contact(ZOE.upper(), "Both", "zoe@example.com", mobile_phone="1"))
    both = crm.insert(entry(ZOE, "both ", "ZOE@example.com", position="Poet"))
    twins = [outlook.insert(contact("Twin", "_")) for _ in range(2)]
    company = world.client(entry("Corp", kind=EntryKind.COMPANY))
    run()
    pairs = {one.first_name: id_ for id_, one in crm.all("Clients").items()}
    mirror = {one.given_name: id_ for id_, one in outlook.all("Maximizer").items()}
    outlook.edit(left["Ada"], company_name="Left", job_title="Poet")
    crm.edit(pairs["Ada"], company_name="Right", phones=(Phone("Home", "4"),))
    outlook.delete(left["Bea"])
    outlook.leave(left["Cleo"], "Maximizer")
    outlook.edit(left["Dora"], surname="")
    crm.delete(right["Fay"])
    crm.leave(right["Gill"], "Clients")
    crm.edit(right["Hope"], last_name="Byron", emails=("hope@example.com", "at example.com", "h@example.com"))
    outlook.delete(twins[0])
    run()
    copy = outlook.insert(contact("Ada", "Left"))
    crm.edit(pairs["Dora"], department="Numbers")
    crm.edit(right["Gill"], position="Poet")
    outlook.touch(left["Cleo"])
    crm.edit(company, kind=EntryKind.INDIVIDUAL)
    run()
    outlook.delete(copy)
    outlook.edit(left["Dora"], surname="Left")
    outlook.join(left["Cleo"], "Maximizer")
    outlook.edit(mirror["Hope"], email_addresses=contact("h").email_addresses)
    crm.edit(both, position="", division="Attic")
    run()
    outlook.edit(left["Edda"], office_location="Attic")
    outlook.edit(left["Edda"], office_location="")
    crm.leave(right["Ivy"], "Clients")
    crm.join(right["Ivy"], "Clients")
    outlook.leave(mirror["Jo"], "Maximizer")
    run()
    run()
    world.settled()


def told(world: World) -> object:
    """Return what both sides show, without ids and times."""
    return (
        sorted(
            (one.given_name, one.surname, one.file_as, one.categories, one.job_title, emails(one), one.mobile_phone)
            for one in world.outlook.all().values()
        ),
        sorted(
            (one.first_name, one.last_name, world.crm.lists(id_), one.position, one.emails)
            for id_, one in world.crm.all().items()
        ),
        sorted(world.ignored().values()),
    )


@pytest.mark.behaviour("MX-C-08", "TS-20")
def test_the_story_ends_as_a_person_would_expect(world: World) -> None:
    """After all the edits everybody stands where the last word about him or her put them."""
    story(world)

    left = {one.given_name: one for one in world.outlook.all("Maximizer").values()}
    right = {one.first_name: one for one in world.crm.all("Clients").values()}
    assert {"Ada", "Cleo", "Dora", "Edda", "Hope", "Ivy", "Twin", "Corp", ZOE} == set(left) == set(right)
    assert {"Fay", "Gill", "Jo"} == {one.given_name for one in world.outlook.all().values()} - set(left)
    assert {"Bea", "Gill", "Jo"} == {one.first_name for one in world.crm.all().values()} - set(right)
    ada = right["Ada"]
    assert (ada.company_name, ada.position, left["Ada"].company_name) == ("Right", "Poet", "Right")
    assert (left["Dora"].department, left["Dora"].surname) == ("Numbers", "Left")
    assert (left["Hope"].surname, emails(left["Hope"])) == ("Byron", ["h@example.com"])
    assert {"h@example.com", "at example.com"} == {one for one in right["Hope"].emails if one}
    assert (left[ZOE].office_location, left[ZOE].job_title, left[ZOE].mobile_phone) == ("Attic", "", "1")
    assert world.ignored() == {}


@pytest.mark.behaviour("MX-C-08", "TS-06")
@WEATHER
@pytest.mark.parametrize("lost_cursors", [False, True], ids=["delta", "cursors lost"])
def test_the_story_ends_the_same_in_any_weather(
    make_world: MakeWorld, weather: dict[str, Any], lost_cursors: bool
) -> None:
    """Replayed pages, lost cursors, another kind of feed or state: the same edits give the same records and lists."""
    calm, rough = make_world(), make_world(**weather)
    story(calm)

    story(rough, lost_cursors=lost_cursors)

    assert told(calm) == told(rough)


# --- single things that services do ------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-08", "TS-18", "TS-20")
@pytest.mark.parametrize("lost_cursors", [False, True], ids=["delta", "cursors lost"])
@pytest.mark.parametrize("meanwhile", ["nothing", "entry edited", "entry touched", "entry touched, contact edited"])
def test_a_contact_that_is_moved_stays_in_sync(world: World, meanwhile: str, lost_cursors: bool) -> None:
    """A contact whose id changes, as by a move to another folder, stays the same pair and is no duplicate of itself."""
    left, right = world.pair(first="Ada")
    new = world.outlook.move(left)
    if "contact edited" in meanwhile:
        world.outlook.edit(new, office_location="Attic")
    if "entry edited" in meanwhile:
        world.crm.edit(right, department="Numbers")
    if "entry touched" in meanwhile:
        world.crm.touch(right)
    if lost_cursors:
        world.outlook.expire_cursors()
    world.run()
    assert world.ignored() == {}

    world.outlook.edit(new, job_title="Poet")
    report = world.run()

    assert (world.crm.record(right).position, world.ignored(), report.synced) == ("Poet", {}, 1)
    assert world.crm.record(right).department == world.outlook.record(new).department
    assert world.crm.record(right).division == world.outlook.record(new).office_location
    assert (len(world.outlook), len(world.crm)) == (1, 1)
    world.settled()


@pytest.mark.behaviour("MX-C-08", "TS-18")
@pytest.mark.parametrize("touched", [False, True], ids=["alone", "contact touched"])
def test_an_entry_that_is_merged_into_another_leaves_nobody_behind_in_silence(world: World, touched: bool) -> None:
    """When two entries in sync become one, the contact that lost its entry is ignored with a reason, not forgotten."""
    left, right = world.pair(first="Ada")
    other_left, other_right = world.pair(first="Bea")
    world.crm.merge(right, other_right)
    if touched:
        world.outlook.touch(left)

    world.run()

    assert world.sync().status().pairs == 1
    assert [left] == [*world.ignored()]
    world.outlook.edit(other_left, job_title="Poet")
    world.run()
    assert world.crm.record(other_right).position == "Poet"
    world.settled()


@pytest.mark.behaviour("MX-C-08", "TS-18")
def test_what_merges_in_a_chain_leave_behind_is_paired_by_hand(world: World) -> None:
    """Merges on both sides leave a contact and an entry without a partner: both are listed until a person acts."""
    (ada, ada_entry), (bea, bea_entry), (_, cyd_entry) = (world.pair(first=name) for name in ("Ada", "Bea", "Cyd"))
    world.outlook.merge(ada, bea)
    world.crm.merge(bea_entry, cyd_entry)
    for _ in range(2):
        world.run()
    assert world.ignored() == dict.fromkeys((bea, ada_entry), ("counterpart_was_merged",))

    world.sync().pair(bea, ada_entry)
    assert (world.sync().status().pairs, world.ignored()) == (2, {})
    world.settled()


@pytest.mark.behaviour("MX-C-08", "TS-18")
def test_who_lost_a_partner_to_a_merge_waits_also_where_the_heir_is_deleted(world: World) -> None:
    """Nobody knows whom the person meant who deleted it: the contact stays listed, until it is changed."""
    (ada, ada_entry), (_, bea_entry) = (world.pair(first=name) for name in ("Ada", "Bea"))
    world.crm.merge(ada_entry, bea_entry)
    world.run()
    world.crm.delete(bea_entry)
    for _ in range(2):
        world.run()
    assert (len(world.crm), world.ignored()) == (0, {ada: ("counterpart_was_merged",)})

    world.outlook.edit(ada, job_title="Countess")
    world.run()
    assert (len(world.crm), world.ignored()) == (1, {})
    world.settled()


@pytest.mark.behaviour("MX-C-08", "TS-18")
def test_a_moved_contact_is_no_free_hit(world: World) -> None:
    """A look-up that finds a contact under its new id knows that it is in sync: the newcomer is a duplicate."""
    left, right = world.pair(first="Ada")
    world.outlook.move(left)
    copy = world.client(entry("Ada"))

    world.run()

    assert {copy: ("candidate_has_partner",)} == world.ignored()
    assert world.sync().status().pairs == 1
    assert {right, copy} == {*world.crm.ids("Clients")}
    world.settled()


@pytest.mark.behaviour("MX-C-17", "TS-18", "TS-20")
def test_an_entry_that_is_merged_into_an_ignored_one_takes_it_into_the_sync(world: World) -> None:
    """When an entry in sync is merged into one that was ignored, that one is in sync, and no longer listed."""
    left, right = world.pair(first="Ada")
    world.sync().disable()
    heir, twin = (world.client(entry("Twin", "_")) for _ in range(2))
    world.sync().enable()
    world.run()
    assert {heir, twin} == {*world.ignored()}
    world.crm.merge(right, heir)

    world.run()

    assert heir not in world.ignored()
    assert world.outlook.record(left).given_name == "Twin"
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-15")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_somebody_deleted_and_typed_in_again_is_paired_again(world: World, side: str) -> None:
    """A contact that is deleted and made anew between two runs is the same person, once the old pair has ended."""
    left, right = world.pair(first="Ada")
    if side == "outlook":
        world.outlook.delete(left)
        world.outlook.insert(contact("Ada"))
    else:
        world.crm.delete(right)
        world.client(entry("Ada"))
    world.run()

    world.run()

    assert (len(world.outlook), len(world.crm), world.ignored()) == (1, 1, {})
    assert (len(world.outlook.ids("Maximizer")), len(world.crm.ids("Clients"))) == (1, 1)
    world.settled()


@pytest.mark.behaviour("MX-C-20")
def test_what_left_and_is_then_deleted_is_forgotten(world: World) -> None:
    """Records that left the sync are remembered for as long as they exist."""
    left, right = world.pair(first="Ada")
    world.outlook.leave(left, "Maximizer")
    world.run()
    world.outlook.delete(left)
    world.crm.delete(right)

    report = world.run()

    assert sum(report.buckets.values()) == 0
