"""TS-02, TS-04, TS-06, TS-11, TS-20: merging, rest, expired cursors, explanations, and accounts that add up."""

from collections.abc import Callable

import attrs
import pytest

from tallystick import Report, Side
from tallystick.errors import AuthenticationRequired, ProviderError, Unavailable, UnknownRecord, UsageError
from tallystick.ports import Capabilities, Commit, ParkedKind, RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import Quirks
from tallystick.reconcile import Bucket, ConflictPolicy, Winner
from tallystick.records import Contact, Entry, Phone, PostalAddress
from tests.simulation.world import CATEGORY, CLIENTS, NAME, TEXTS, World, contact, entry


def paired(*people: int, **settings: object) -> World:
    """Return a world of pairs at rest."""
    world = World(**settings)  # type: ignore[arg-type]  # a world's settings
    for person in people:
        world.insert(0, person, company_name=f"c{person}", file_as="kept")
    world.quiet()
    return world


# --- TS-02, TS-04 ----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("TS-02")
@pytest.mark.parametrize("left", range(len(TEXTS)))
@pytest.mark.parametrize("right", range(len(TEXTS)))
def test_edits_of_different_fields_both_survive(left: int, right: int) -> None:
    """Whichever two fields were edited on the two sides, both edits arrive; of the same one, the later."""
    world = paired(1)
    world.write(0, 1, left, "on the left")
    world.write(1, 1, right, "on the right")
    world.quiet()

    record = world.outlook.contacts.record(world.the(0, 1))
    world.check()
    assert getattr(record, TEXTS[right][0]) == "on the right"
    if left != right:
        assert getattr(record, TEXTS[left][0]) == "on the left"


@pytest.mark.behaviour("TS-02")
def test_an_emptied_field_and_an_edited_one_both_survive() -> None:
    """Emptying a field on one side and editing another on the other are two edits that both arrive."""
    world = paired(1)
    world.write(0, 1, 0, "")
    world.write(1, 1, 1, "edited")
    world.quiet()

    record = world.crm.entries.record(world.the(1, 1))
    assert (record.company_name, record.position) == ("", "edited")
    world.check()


def _odd(world: World) -> None:
    """Fill both sides with what the other cannot say or says otherwise."""
    world.outlook.contacts.insert(
        contact(
            1,
            company_name="  spaces  ",
            mobile_phone="+43 1 234",
            business_phones=("(01) 2-3-4", "55"),
            home_phones=("1", "2"),
            business_address=PostalAddress("one\r\ntwo", "x", "", "", ""),
            categories=("Other",),
        ),
        lists=(CATEGORY,),
    )
    world.crm.entries.insert(
        Entry(
            first_name="given1",
            last_name="FAMILY1",
            emails=("no address", "P1@EXAMPLE.COM", "second@example.com"),
            phones=(Phone("Fax", "00431234"), Phone("Fax", "9"), Phone("Made up", "8"), Phone("Mobile", "7")),
        ),
        lists=(CLIENTS,),
    )
    world.insert(1, 2, phones=(Phone("Home", "55"), Phone("", "66")), company_name="e\u0301")


@pytest.mark.behaviour("TS-04")
@pytest.mark.parametrize("touched", [False, True], ids=["untouched", "touched"])
def test_a_second_run_without_edits_writes_nothing(touched: bool) -> None:
    """However odd the records, a run after nobody's edit writes nothing and changes nothing in the state."""
    world = World()
    _odd(world)
    world.clock.advance(600)
    world.run()
    for _ in range(2):
        if touched:
            world.touch_all()
        world.clock.advance(600)
        before = (world.written(), world.picture())
        world.run()
        assert (world.written(), world.picture()) == before


@pytest.mark.behaviour("TS-04")
@pytest.mark.parametrize("side", list(Side))
def test_a_service_that_rewrites_what_it_is_given_causes_no_ping_pong(side: Side) -> None:
    """Where a service cuts or reformats texts, what it made of them is no edit and never travels back."""
    world = World()
    names = [pair[side] for pair in TEXTS]
    world.sides[side].rewrite = lambda record: attrs.evolve(
        record, **{name: getattr(record, name)[:3].upper() for name in names}
    )
    world.insert(side.other, 1, company_name="a long company name")
    world.quiet()
    world.write(side.other, 1, 1, "a long position")
    world.quiet()
    before = world.written()
    world.touch_all()
    world.clock.advance(600)
    world.run()

    assert world.written() == before
    record = world.sides[side.other].record(world.the(side.other, 1))
    assert record.company_name == "a long company name"
    assert getattr(record, TEXTS[1][side.other]) == "a long position"


# --- TS-06 -----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("TS-06")
@pytest.mark.parametrize("replays", [False, True], ids=["plain", "replays"])
@pytest.mark.parametrize("expired", [(0,), (1,), (0, 1)], ids=["left", "right", "both"])
def test_an_expired_cursor_leads_to_no_duplicate_and_no_lost_deletion(expired: tuple[int, ...], replays: bool) -> None:
    """After cursors expired, edits, deletions and new records of meanwhile are all found, and nothing is doubled."""
    world = paired(*range(8), quirks=Quirks(replays=replays))
    world.outlook.contacts.delete(world.the(0, 0))
    world.crm.entries.delete(world.the(1, 1))
    world.outlook.contacts.leave(world.the(0, 2), CATEGORY)
    world.crm.entries.leave(world.the(1, 3), CLIENTS)
    world.write(0, 4, 0, "edited left")
    world.write(1, 5, 0, "edited right")
    world.insert(0, 10)
    world.insert(1, 11)
    for side in expired:
        world.sides[side].expire_cursors()
    world.clock.advance(600)

    report = world.run()

    assert not report.initial
    world.quiet()
    world.check()
    assert sorted(len(world.find(side, person)) for side in (0, 1) for person in (10, 11)) == [1] * 4
    members = [set(collection.ids(name)) for collection, name in zip(world.sides, (CATEGORY, CLIENTS), strict=True)]
    gone = [(1, 0), (0, 1), (0, 2), (1, 2), (0, 3), (1, 3)]
    assert not [place for place in gone if world.the(*place) in members[place[0]]]
    assert world.crm.entries.record(world.the(1, 4)).company_name == "edited left"
    assert world.outlook.contacts.record(world.the(0, 5)).company_name == "edited right"


@pytest.mark.behaviour("TS-06")
def test_a_listing_that_breaks_off_concludes_nothing() -> None:
    """A full listing that fails after its first page costs nobody anything."""
    world = paired(*range(8))
    before = world.picture()
    world.outlook.contacts.expire_cursors()
    world.outlook.contacts.faults.truncate_listing()
    world.clock.advance(600)

    assert world.run().state is RunState.WARNING
    assert world.picture() == before
    world.quiet()
    assert world.picture() == before


@pytest.mark.behaviour("TS-06")
@pytest.mark.parametrize("why", ["expired", "switched off and on"])
def test_a_record_that_a_service_does_not_show_yet_is_not_taken_for_deleted(why: str) -> None:
    """Where writes show up late, a full listing soon after a run does not end the pairs that the run has made."""
    world = World(lag=30)
    world.insert(0, 1, file_as="kept")
    world.clock.advance(60)
    assert world.run().written(Side.RIGHT, WriteKind.CREATE) == 1
    if why == "expired":
        world.crm.entries.expire_cursors()
    else:
        world.sync().disable()
        world.sync().enable()
    world.clock.advance(1)

    world.run()

    assert world.outlook.contacts.ids(CATEGORY) == [world.the(0, 1)]
    world.quiet()
    world.check()
    assert world.crm.entries.ids(CLIENTS) == [world.the(1, 1)]


@pytest.mark.behaviour("TS-06")
def test_what_a_run_wrote_that_had_waited_is_not_taken_for_deleted() -> None:
    """What it made is remembered as new, however much was tried and refused between its asking and its beginning."""
    world = World(lag=3000)
    world.run()
    world.sync().enqueue()
    for _ in range(40):
        with pytest.raises(UsageError):
            world.sync().pair("none", "of these")
    world.insert(0, 1)
    world.clock.advance(5000)
    world.outlook.contacts.edit(world.the(0, 1), company_name="new")
    world.clock.advance(2980)
    assert world.run().written(Side.RIGHT, WriteKind.CREATE) == 1
    world.clock.advance(30)

    assert world.run().written() == 0
    world.clock.advance(4000)
    world.run()
    world.quiet()
    world.check()
    assert world.crm.entries.record(world.the(1, 1)).company_name == "new"


# --- TS-11 -----------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("TS-11")
@pytest.mark.parametrize("side", list(Side))
def test_a_pair_can_be_explained_rule_by_rule(side: Side) -> None:
    """Of a pair one can ask which rules there are, what each side shows and showed, by name, version and digest."""
    world = paired(1)
    world.write(1, 1, 0, "edited")
    explanation = world.sync().explain(side, world.the(side, 1))
    company = next(view for view in explanation.rules if view.rule == "company")
    others = [view for view in explanation.rules if view.rule not in ("company", "file_as")]

    assert explanation.ids == (world.the(0, 1), world.the(1, 1))
    assert explanation.versions_seen == tuple(
        collection.item(one).version for collection, one in zip(world.sides, explanation.ids, strict=True)
    )
    assert explanation.versions[1] != explanation.versions_seen[1]
    assert company.verdict == "sides differ, right changed"
    assert company.shown[0] == company.base[0] != company.shown[1]
    assert {view.verdict for view in others} == {"sides agree, unchanged"}
    assert "edited" not in explanation.text()
    assert explanation == world.sync().explain(side.label, world.the(side, 1))


@pytest.mark.behaviour("TS-11")
def test_the_last_decision_names_reason_and_rules() -> None:
    """Of a pair one can ask what was last decided, and for which rules."""
    world = paired(1)
    world.write(1, 1, 1, "edited")
    world.quiet()

    assert "position" in world.sync().explain("left", world.the(0, 1)).decided


@pytest.mark.behaviour("TS-11")
def test_unlinked_records_can_be_explained() -> None:
    """Of a record without a partner one can ask why: new, unfit, out of the list, of another kind, unknown."""
    world = paired(1)
    sync = world.sync()
    unfit = world.outlook.contacts.insert(Contact(given_name="x"), lists=(CATEGORY,))
    outside = world.crm.entries.insert(entry(5))
    fresh = world.insert(0, 6)

    assert "unfit" in sync.explain("left", unfit).standing
    assert sync.explain("left", unfit).reasons == ("missing:last_name", "missing:email")
    assert "list" in sync.explain("right", outside).standing
    assert "new" in sync.explain("left", fresh).standing
    world.run()
    assert "ignored" in sync.explain("left", unfit).standing
    with pytest.raises(UnknownRecord):
        sync.explain("left", "nobody")


@pytest.mark.behaviour("TS-11")
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("trouble", ["conflict", "refused"])
def test_a_pair_in_trouble_says_so_on_either_side(side: Side, trouble: str) -> None:
    """A pair whose conflict is held, or whose write was refused, says so whichever of its records one asks about."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=ConflictPolicy(Winner.HOLD))
    world = paired(1, profile=profile)
    world.write(0, 1, 0, "left")
    if trouble == "conflict":
        world.write(1, 1, 0, "right")
    world.crm.entries.faults.refuse(world.the(1, 1), "locked")
    world.clock.advance(600)
    world.run()

    explanation = world.sync().explain(side, world.the(side, 1))

    assert any(reason.startswith(trouble) for reason in explanation.reasons)


# --- TS-20 -----------------------------------------------------------------------------------------------------------


def check_writes(world: World, report: Report, before: tuple[object, ...]) -> None:
    """Check that a report's writes are those that the fakes saw."""
    seen = {
        (side, kind): count
        for side in Side
        for kind, count in (world.written()[side] - before[side]).items()  # type: ignore[operator]  # counters
    }
    assert dict(report.writes) == seen


@pytest.mark.behaviour("TS-20")
def test_every_pair_and_every_unlinked_record_is_in_one_bucket() -> None:
    """Whatever became of records, the buckets of the report add up to the pairs and the unlinked records."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=ConflictPolicy(Winner.HOLD))
    world = paired(*range(8), profile=profile)
    world.write(0, 0, 0, "left")
    world.write(1, 0, 0, "right")
    world.write(0, 1, 0, "refused")
    world.crm.entries.faults.refuse(world.the(1, 1), "locked")
    world.outlook.contacts.leave(world.the(0, 2), CATEGORY)
    world.outlook.contacts.edit(world.the(0, 3), surname="")
    world.outlook.contacts.insert(Contact(), lists=(CATEGORY,))
    world.insert(0, 20)
    world.outlook.contacts.delete(world.the(0, 4))
    world.write(0, 5, 0, "in doubt")
    world.crm.entries.faults.lose_write(world.the(1, 5), applied=False)
    world.clock.advance(600)
    before = world.written()

    report = world.run()

    # The two that were taken out together are remembered one by one: they are a pair no more.
    assert dict(report.buckets) == {
        Bucket.IN_SYNC: 2,
        Bucket.SYNCED: 1,
        Bucket.IGNORED: 2,
        Bucket.OUT_OF_SCOPE: 2,
        Bucket.CONFLICT: 1,
        Bucket.FAILED: 1,
        Bucket.IN_DOUBT: 1,
    }
    world.check_report(report)
    check_writes(world, report, before)
    assert world.state.head(NAME).parked[ParkedKind.LEFT] == 2


@pytest.mark.behaviour("TS-20")
@pytest.mark.parametrize("method", ["create", "update"])
def test_a_record_in_doubt_stays_in_that_bucket_until_it_is_known(method: str) -> None:
    """While it is not known whether a write arrived, its record is counted as in doubt, in every run, and once."""
    world = paired(1)
    if method == "create":
        world.insert(0, 2, file_as="kept")
    else:
        world.write(0, 1, 0, "edited")
    world.crm.entries.faults.lose_request(method)  # type: ignore[arg-type]  # the names of the methods
    world.clock.advance(600)
    buckets = []
    for _ in range(3):
        buckets.append(world.run().buckets)
        world.clock.advance(1)

    assert [each[Bucket.IN_DOUBT] for each in buckets] == [1, 1, 1]
    assert [sum(each.values()) for each in buckets] == [len(world.outlook.contacts)] * 3
    assert world.reports[-1].note.startswith("1 ")


Trouble = Callable[[World], object]


def _another_commits(world: World) -> None:
    seen: list[int] = []

    def commit(_batch: object) -> None:
        seen.append(1)
        if len(seen) == 2:
            world.state.commit(NAME, Commit(head={"enabled": True}))

    world.crm.entries.faults.before("create", commit)


def _down_when_read_again(error: ProviderError) -> Trouble:
    def arm(world: World) -> None:
        def edit(_batch: object) -> None:
            world.write(1, 1, 1, "meanwhile")
            world.crm.entries.faults.fail("get", error)

        world.crm.entries.faults.before("update", edit)

    return arm


@pytest.mark.behaviour("TS-20")
@pytest.mark.parametrize(
    "trouble",
    [
        lambda world: None,
        lambda world: world.crm.entries.faults.fail("create", AuthenticationRequired("sign in"), skip=1),
        lambda world: world.crm.entries.faults.lose_reply("create", first=0, skip=1),
        lambda world: world.crm.entries.faults.refuse(lambda write: True, times=1),
        lambda world: world.crm.entries.faults.throttle(2, method="create"),
        _another_commits,
        _down_when_read_again(Unavailable("down")),
    ],
    ids=["none", "sign-in", "lost", "refused", "throttled", "another run commits", "down when read again"],
)
def test_the_writes_of_the_report_are_those_the_services_saw(trouble: Trouble) -> None:
    """However a run ends, its report counts exactly the writes that were made, by side and kind."""
    world = paired(1, batch_size=1)
    world.write(0, 1, 0, "edited")
    for person in (2, 3, 4):
        world.insert(0, person, file_as="kept")
    trouble(world)
    before = world.written()
    world.clock.advance(600)

    report = world.run()

    check_writes(world, report, before)
    assert min(report.buckets.values()) >= 0


@pytest.mark.behaviour("TS-20")
def test_a_run_that_lost_its_right_to_go_on_adds_up_all_the_same() -> None:
    """A run that another one overtook in the middle reports buckets that are those of the state, none below nought."""
    world = World(batch_size=1)
    for person in (2, 3, 4):
        world.insert(0, person, file_as="kept")
    _another_commits(world)

    report = world.run()

    assert report.state is RunState.WARNING
    assert min(report.buckets.values()) >= 0, dict(report.buckets)


@pytest.mark.behaviour("TS-20")
def test_held_conflicts_are_not_counted_as_synced() -> None:
    """A pair whose conflict waits for a person was neither written nor found equal."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), conflict=ConflictPolicy(Winner.HOLD))
    world = paired(1, profile=profile)
    world.write(0, 1, 0, "left")
    world.write(1, 1, 0, "right")
    world.clock.advance(600)

    report = world.run()

    assert (report.conflicts, report.synced, report.written()) == (1, 0, 0)


@pytest.mark.behaviour("TS-20")
def test_a_record_that_moved_to_another_id_is_no_second_record() -> None:
    """A contact that moved to another folder keeps its pair, and is not listed as ignored beside it."""
    world = paired(1, 2)
    world.outlook.contacts.move(world.the(0, 1))
    world.clock.advance(600)

    report = world.run()

    assert not world.sync().ignored()
    world.check_report(report)
    assert WriteKind.CREATE not in {kind for _, kind in report.writes}
    assert Capabilities().stable_ids
