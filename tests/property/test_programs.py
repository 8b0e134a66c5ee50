"""Programs as data, drawn by Hypothesis: what must hold after any of them, in whatever order the feeds come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick import Side
from tallystick.providers.memory import Quirks
from tallystick.records import Contact, Entry, Phone
from tests.property.strategies import NUMBERS
from tests.simulation.history import History, keeping
from tests.simulation.program import PEOPLE, Carried, Op
from tests.simulation.world import World

NAMES = ("insert", "edit", "both", "delete", "leave", "join", "touch", "run", "expire", "throttle", "rename")
OPS = st.tuples(st.sampled_from(NAMES), st.integers(0, 1), st.integers(0, PEOPLE - 1), st.integers(0, 63))
PROGRAMS: st.SearchStrategy[list[Op]] = st.lists(OPS, max_size=25)

pytestmark = pytest.mark.property


@pytest.mark.behaviour("TS-02", "TS-04", "TS-20")
@given(program=PROGRAMS, replays=st.booleans(), delta=st.booleans())
@settings(max_examples=60)
def test_any_program_ends_in_agreement(program: list[Op], replays: bool, delta: bool) -> None:
    """After any program both sides agree, nothing is lost, nothing is left to write, and the figures add up."""
    history = History(tuple(program), replays=replays, delta=delta, why="any program ends in agreement")
    world = history.world()
    with keeping(history):
        history.lived(world)

    seen = sum(sum(counter.values()) for counter in world.written())
    assert sum(report.written() for report in world.reports) == seen
    revision = world.state.head("simulated").revision
    kept = world.remembered()
    world.clock.advance(600)
    world.run()
    assert world.remembered() == kept
    assert world.state.head("simulated").revision - revision <= 1


@pytest.mark.behaviour("TS-06")
@given(program=PROGRAMS, seed=st.integers(1, 1000))
@settings(max_examples=40)
def test_the_order_of_the_feeds_does_not_matter(program: list[Op], seed: int) -> None:
    """Shuffled and repeated pages, other page orders and full listings end in the same records and pairs."""
    pictures = []
    for quirks, delta in (
        (Quirks(), True),
        (Quirks(replays=True), True),
        (Quirks(unlist_leavers=True), True),
        (Quirks(), False),
    ):
        world = World(seed=seed, quirks=quirks, delta=delta)
        carried = Carried(world)
        carried.all([op for op in program if op[0] != "throttle"])
        carried.finish()
        pictures.append(world.picture()[:2])

    assert all(picture == pictures[0] for picture in pictures)


@given(
    left=st.tuples(NUMBERS, st.lists(NUMBERS, max_size=2), st.lists(NUMBERS, max_size=1)),
    right=st.lists(st.builds(Phone, st.sampled_from(["Cell", "Main", "Fax", "Home", "Made up"]), NUMBERS), max_size=4),
    edits=st.lists(st.tuples(st.integers(0, 1), NUMBERS), max_size=3),
)
@settings(max_examples=60)
def test_telephone_numbers_are_filled_in_and_never_overwritten(
    left: tuple[str, list[str], list[str]], right: list[Phone], edits: list[tuple[int, str]]
) -> None:
    """Whatever numbers there are, a sync only adds: no number that a person left there goes, and it comes to rest."""
    world = World()
    world.insert(0, 1, mobile_phone=left[0], business_phones=tuple(left[1]), home_phones=tuple(left[2]), file_as="kept")
    world.insert(1, 1, phones=tuple(right))
    world.quiet()
    for side, number in edits:
        one = world.the(side, 1)
        if side == Side.LEFT:
            world.sides[0].edit(one, mobile_phone=number)
        else:
            kept = [phone for phone in world.crm.entries.record(one).phones if phone.label != "Cell"]
            world.sides[1].edit(one, phones=(*kept[:3], Phone("Cell", number)))
        before = numbers(world)
        world.quiet()
        assert all(was <= now for was, now in zip(before, numbers(world), strict=True))
    written = world.written()
    world.touch_all()
    world.clock.advance(600)
    world.run()
    assert world.written() == written


def numbers(world: World) -> tuple[set[str], set[str]]:
    """Return all numbers of both sides; a blank is none."""
    contact: Contact = world.outlook.contacts.record(world.the(0, 1))
    entry: Entry = world.crm.entries.record(world.the(1, 1))
    left = {contact.mobile_phone, *contact.business_phones, *contact.home_phones}
    return ({one for one in left if one.strip()}, {phone.number for phone in entry.phones if phone.number.strip()})
