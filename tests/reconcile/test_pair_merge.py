"""The merge of a whole pair: directions, rules that follow, whole records, sets without room, and what is agreed on."""

from datetime import date
from itertools import product
from typing import Any

import attrs
import pytest

from tallystick.mapping import Direction, Lens, Rule, attribute, elements, rule, slots
from tallystick.ports import Link, Side, Window, WriteKind
from tallystick.reconcile import ConflictPolicy, LoserFate, Unit, Winner
from tallystick.reconcile.context import Context
from tallystick.reconcile.pairs import LostValue, PairDecision, decide_first_pairings, decide_pair
from tallystick.reconcile.realm import Realm
from tests.reconcile.given import FOLLOWING, RULES, L, Person, R, context, item, linked, texts

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
WINNERS = {L: Winner.LEFT, R: Winner.RIGHT}
REALM: Realm[Any] = Realm(L, lambda record: record.name)
DAYS = Window(date(2026, 3, 1), date(2026, 4, 1))
PAIRS = list(product([False, True], repeat=2))


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is L else (other, one)


def decided(of: Context, link: Link | None, left: Person, right: Person) -> PairDecision:
    """Return what is decided about a pair of these records."""
    return decide_pair(of, link, (item("l", left), item("r", right)))


def written(found: PairDecision) -> dict[Side, object]:
    """Return the fields that are written, by side."""
    return {step.side: step.fields for step in found.steps}


@pytest.mark.parametrize("update", PAIRS, ids=str)
@pytest.mark.parametrize("writable", PAIRS, ids=str)
def test_a_side_is_written_where_the_rule_and_the_pair_allow_it(
    update: tuple[bool, bool], writable: tuple[bool, bool]
) -> None:
    """The direction of the rule and what the profile says of the pair both have a say, for texts, slots and sets."""
    one_way = [attrs.evolve(one, direction=Direction(update=update)) for one in RULES]
    of = context(tuple(one_way), writable=lambda _left, _right: writable)
    edited = Person("Eva", "Prof", ("1", "2"), ("x", "y"))

    for side in (L, R):
        found = decided(of, linked(of, ADA), *by_side(side, edited, ADA))
        fields = {"name": "Eva", "title": "Prof", "phones": ("1", "2"), "tags": ("x", "y")}
        allowed = update[side.other] and writable[side.other]
        assert written(found) == ({side.other: fields} if allowed else {})


def test_slots_that_only_one_side_may_be_given_lose_there_alone() -> None:
    """Who wins a slot and may be written overwrites the other's; what would go to the side that may not is left."""
    to_right = attrs.evolve(RULES[2], direction=Direction(update=(False, True)))
    of = context((*RULES[:2], to_right, RULES[3]), conflict=ConflictPolicy(Winner.LEFT, LoserFate.DROP))
    left, right = (attrs.evolve(ADA, phones=phones) for phones in (("2", ""), ("3", "4")))

    found = decided(of, linked(of, ADA), left, right)

    assert written(found) == {R: {"phones": ("2", "4")}}
    assert found.lost == [LostValue("phones", R)]
    assert found.steps[0].loses == {"phones": ("3", "4")}


def test_a_lens_is_given_the_record_that_is_there() -> None:
    """What it keeps of the record is that of the side that is written."""
    keeping: Lens[Any, Any] = Lens(
        lambda record: record.title.partition(",")[0],
        lambda record, value: {"title": f"{value},{record.title.partition(',')[2]}"},
        ("title",),
    )
    of = context((RULES[0], rule("title", keeping, keeping), *RULES[2:]))
    left, right = attrs.evolve(ADA, title="Prof,l"), attrs.evolve(ADA, title="Dr,r")

    assert written(decided(of, linked(of, ADA), left, right)) == {R: {"title": "Prof,r"}}


@SIDES
def test_elements_that_do_not_count_are_neither_news_nor_carried(side: Side) -> None:
    """Blank ones are no part of a set, wherever they stand."""
    of = context()
    blank, more = attrs.evolve(ADA, tags=("", "x")), attrs.evolve(ADA, tags=("x", "", "y"))

    assert written(decided(of, linked(of, ADA), *by_side(side, blank, ADA))) == {}
    assert written(decided(of, linked(of, ADA), *by_side(side, blank, more))) == {side: {"tags": ("x", "y")}}


def follows(side: Side) -> Rule[Any, Any]:
    """Return the rule by which the label of ``side`` follows name and title of the other."""
    left, right = by_side(side.other, FOLLOWING.left, attribute("label"))
    return attrs.evolve(FOLLOWING, left=left, right=right)


@SIDES
@pytest.mark.parametrize("one_way", [False, True], ids=["both ways", "one way"])
def test_a_rule_follows_on_the_side_that_it_is_for(side: Side, one_way: bool) -> None:
    """It is planned and written there, and is among what waits where its write is the second."""
    direction = Direction(update=by_side(side, True, False))
    label = follows(side)
    of = context((*RULES, attrs.evolve(label, direction=direction) if one_way else label))
    edited, own = attrs.evolve(ADA, title="Prof"), attrs.evolve(ADA, label="My Ada")
    link = linked(of, *by_side(side, own, ADA))

    found = decided(of, link, *by_side(side, attrs.evolve(own, tags=("x", "y")), edited))

    fields = {"title": "Prof", "label": "Prof Ada"}
    assert written(found) == {side: fields, side.other: {"tags": ("x", "y")}}
    planned = {step.side: step.planned for step in found.steps}
    assert planned[side] == attrs.evolve(own, **fields, tags=("x", "y"))  # type: ignore[arg-type]
    assert planned[side.other] == attrs.evolve(edited, tags=("x", "y"))
    assert found.steps[0].waiting == ((1, 4) if side is R else (3,))
    assert found.not_carried == []
    emptied = decided(of, linked(of, *by_side(side, attrs.evolve(ADA, label="Dr Ada"), ADA)), ADA, ADA)
    assert written(emptied) == {}


def test_an_edit_that_is_overruled_leads_nothing_that_follows_it() -> None:
    """The label that was written by hand stays, as the title from which it would follow was never agreed on."""
    of = context((*RULES, FOLLOWING), conflict=ConflictPolicy(Winner.RIGHT, LoserFate.DROP))
    own = attrs.evolve(ADA, label="My Ada")

    found = decided(of, linked(of, ADA, own), attrs.evolve(ADA, title="L"), attrs.evolve(own, title="R"))

    assert written(found) == {L: {"title": "R"}}


WHOLE = {side: ConflictPolicy(WINNERS[side], LoserFate.DROP, unit=Unit.RECORD) for side in (L, R)}


@SIDES
def test_of_a_whole_record_only_what_was_edited_is_lost(side: Side) -> None:
    """What the winner alone edited is written as ever; a rule that follows neither loses nor fails to be carried."""
    of = context(
        (*RULES, FOLLOWING),
        conflict=WHOLE[side],
        writable=lambda left, right: (left.title != "?", right.title != "?"),
    )
    before = attrs.evolve(ADA, label="Dr Ada")
    mine = attrs.evolve(before, title="Prof", phones=("1", "2"))
    theirs = attrs.evolve(before, title="Sir", label="My Ada")

    found = decided(of, linked(of, before), *by_side(side, mine, theirs))

    assert found.lost == [LostValue("title", side.other)]
    assert found.not_carried == []
    (step,) = found.steps
    assert {"title": "Prof", "phones": ("1", "2")}.items() <= step.fields.items()


def test_of_a_whole_record_what_differs_by_another_version_is_left() -> None:
    """A conflict of other rules does not settle what nobody can tell the edits of."""
    newer = attrs.evolve(RULES[1], version=2)
    of = context((RULES[0], newer, *RULES[2:]), conflict=WHOLE[L])
    link = linked(context(), ADA)

    found = decided(of, link, attrs.evolve(ADA, name="L"), attrs.evolve(ADA, name="R", title="Sir"))

    assert written(found) == {R: {"name": "L"}}
    assert found.differs == ["title"]


@SIDES
def test_while_a_whole_record_is_held_it_may_still_join(side: Side) -> None:
    """The write of the membership plans the record as it is."""
    of = context(conflict=ConflictPolicy(Winner.HOLD, unit=Unit.RECORD))
    records = (attrs.evolve(ADA, title="L"), attrs.evolve(ADA, title="R", name="Eva"))
    pair = tuple(
        item(one, record, member=at is not side) for at, one, record in zip((L, R), "lr", records, strict=True)
    )

    (step,) = decide_pair(of, linked(of, ADA), (pair[0], pair[1])).steps

    assert (step.side, step.kind, step.fields, step.planned) == (side, WriteKind.JOIN, {}, records[side])


def test_a_conflict_that_is_held_keeps_the_base_of_each_side() -> None:
    """Where the sides had agreed to differ, each is compared with its own again."""
    of = context(conflict=ConflictPolicy(Winner.HOLD))
    link = linked(of, ADA, attrs.evolve(ADA, title="Dr."))

    found = decided(of, link, attrs.evolve(ADA, title="L"), attrs.evolve(ADA, title="R"))

    assert found.held == ["title"]
    assert found.link.base == link.base


def test_what_finds_no_room_in_a_set_stays_news() -> None:
    """The base of a set is what both sides hold; what was agreed to be on one side alone stays so."""
    narrow: Lens[Any, Any] = Lens(
        lambda record: record.tags, lambda _record, tags: {"tags": tuple(tags)[:2]}, ("tags",)
    )
    of = context((*RULES[:3], elements("tags", texts("tags"), narrow, str)))
    left, right = attrs.evolve(ADA, tags=("x", "y", "z")), ADA

    found = decided(of, linked(of, ADA), left, right)

    assert written(found) == {R: {"tags": ("x", "y")}}
    assert found.not_carried == [("tags", R)]
    both = attrs.evolve(ADA, tags=("x", "y"))
    assert found.link.base == (of.mapping.digest(L, both), of.mapping.digest(R, both))
    agreed = linked(of, left, both)
    apart = decided(of, agreed, attrs.evolve(left, tags=("x", "z")), both)
    assert written(apart) == {R: {"tags": ("x",)}}
    assert apart.link.base == (
        of.mapping.digest(L, attrs.evolve(ADA, tags=("x", "z"))),
        of.mapping.digest(R, ADA),
    )


@SIDES
@pytest.mark.parametrize("edited", [False, True], ids=["equal", "edited"])
def test_a_record_outside_its_window_is_no_member_of_it(side: Side, edited: bool) -> None:
    """What is remembered is whether each record lies in the days of its own side, and what the pair is to the realm."""
    inside = {"lies_in": lambda record, window: record.tags == ("x",) and window == DAYS}
    of = context(left=inside, right=inside, run={"windows": (DAYS, DAYS)}, realm=REALM)
    out = attrs.evolve(ADA, tags=("x", ""), title="Prof" if edited else "Dr")
    left, right = by_side(side, out, ADA)
    pair = (item("l", left), item("r", right))

    for link in (None, linked(of, ADA)):
        found = decide_pair(of, link, pair)
        assert found.link.members == by_side(side, False, True)
        assert found.link.identities == of.identities(*pair)
        assert all(found.link.identities)


@pytest.mark.parametrize(
    ("of", "members"),
    [
        (context(), (False, True)),
        (context(), (True, False)),
        (context(realm=REALM), (True, True)),
        (context(left={"lies_in": lambda _record, _window: False}, run={"windows": (DAYS, None)}), (True, True)),
    ],
    ids=["left is no member", "right is no member", "realm", "window"],
)
def test_a_new_pair_of_equals_is_more_than_a_link_where_there_is_more_to_say(
    of: Context, members: tuple[bool, bool]
) -> None:
    """One who joins, what the pair is to a realm, or who lies outside a window: all is as of any other pair."""
    pair = (item("l", ADA, member=members[0]), item("r", ADA, member=members[1]))
    plain = (item("l", ADA), item("r", ADA))

    assert list(decide_first_pairings(of, [pair])) == [decide_pair(of, None, pair, "first_pairing")]
    assert decide_pair(of, None, pair, "first_pairing") != decide_pair(context(), None, plain, "first_pairing")
    linked_only = decide_pair(context(), None, plain, "first_pairing").link
    assert list(decide_first_pairings(context(), [plain, plain])) == [linked_only, linked_only]


def test_a_new_pair_that_differs_in_what_follows_alone_is_linked_as_it_is() -> None:
    """Each side's base is what it shows; neither label is written, and no rule was decided about."""
    of = context((*RULES, FOLLOWING))
    own = attrs.evolve(ADA, label="My Ada")

    found = decided(of, None, ADA, own)

    assert found.steps == ()
    assert found.link.base == (of.mapping.digest(L, ADA), of.mapping.digest(R, own))
    (link,) = decide_first_pairings(of, [(item("l", ADA), item("r", own))])
    assert link == attrs.evolve(found.link, decided="first_pairing")


def test_what_was_edited_alike_on_both_sides_leads_what_follows() -> None:
    """Nothing else is to be written, and the label that follows the title is."""
    of = context((*RULES, FOLLOWING))
    own, edited = attrs.evolve(ADA, label="My Ada"), attrs.evolve(ADA, title="Prof")

    found = decided(of, linked(of, ADA, own), edited, attrs.evolve(edited, label="My Ada"))

    assert written(found) == {R: {"label": "Prof Ada"}}


@SIDES
def test_a_new_pair_keeps_what_a_person_wrote_where_it_would_follow(side: Side) -> None:
    """What else the sides differ in is carried; the label is derived only where there is none."""
    of = context((*RULES, follows(side)))
    titled, own = attrs.evolve(ADA, title="Dr"), attrs.evolve(ADA, title="", label="My Ada")

    assert written(decided(of, None, *by_side(side, own, titled))) == {side: {"title": "Dr"}}
    blank = attrs.evolve(own, label="")
    assert written(decided(of, None, *by_side(side, blank, titled))) == {side: {"title": "Dr", "label": "Dr Ada"}}


def letter(tag: str) -> str:
    """Return by what a tag is told apart."""
    return tag[0]


BY_LETTER: Rule[Any, Any] = rule("tags", texts("tags"), texts("tags"), lambda tags: tuple(sorted(tags))).keyed(letter)


@SIDES
def test_a_collection_is_merged_by_key(side: Side) -> None:
    """Each side gets what the other added; of a letter that both changed the winner's stays, and the loss is told."""
    of = context((*RULES[:3], BY_LETTER), conflict=ConflictPolicy(WINNERS[side], LoserFate.DROP))
    link = linked(of, ADA)
    left, right = (attrs.evolve(ADA, tags=tags) for tags in (("x", "a1", "l"), ("x", "a2", "r")))

    found = decided(of, link, left, right)

    kept = {L: "a1", R: "a2"}[side]
    assert written(found) == {L: {"tags": ("x", kept, "l", "r")}, R: {"tags": ("x", kept, "r", "l")}}
    assert found.lost == [LostValue("tags", side.other)]
    assert found.not_carried == []


def test_what_both_sides_of_a_collection_hold_differently_is_no_loss() -> None:
    """An element that one side has by agreement stays there alone; what was added beside it has arrived."""
    of = context((*RULES[:3], BY_LETTER))
    link = linked(of, attrs.evolve(ADA, tags=("x", "own")), ADA)

    found = decided(of, link, attrs.evolve(ADA, tags=("x", "own", "l")), attrs.evolve(ADA, tags=("x", "r")))

    assert written(found) == {L: {"tags": ("x", "own", "l", "r")}, R: {"tags": ("x", "r", "l")}}
    assert found.not_carried == []


def test_between_two_writes_both_agree_on_what_both_have_by_then() -> None:
    """The left has what the right shows of a collection; of what only the right is given the old bases stay."""
    of = context((*RULES[:3], BY_LETTER))
    link = linked(of, ADA, attrs.evolve(ADA, title="Dr."))
    right = attrs.evolve(ADA, title="Dr.", tags=("x", "r"))

    first, _ = decided(of, link, attrs.evolve(ADA, title="Prof", tags=("x", "l")), right).steps
    assert first.after is not None
    assert first.waiting == (1, 3)
    assert first.after.base == linked(of, attrs.evolve(ADA, tags=("x", "r")), right).base

    added = attrs.evolve(ADA, tags=("x", "l"))
    alone, _ = decided(of, link, added, attrs.evolve(ADA, name="Eva", title="Dr.")).steps
    assert alone.after is not None
    assert alone.waiting == (3,)
    named = attrs.evolve(ADA, name="Eva")
    assert alone.after.base == linked(of, named, attrs.evolve(named, title="Dr.")).base

    sets = context()
    left, right = (attrs.evolve(ADA, tags=tags) for tags in (("x", "l"), ("x", "r")))
    half, _ = decided(sets, linked(sets, ADA), left, right).steps
    assert half.after is not None
    assert half.after.base == linked(sets, ADA).base


def test_two_members_that_both_left_join_again_one_after_the_other() -> None:
    """Between the two writes the right one is the member that it was."""
    of = context()
    pair = (item("l", ADA, member=False), item("r", ADA, member=False))

    for was in (False, True):
        first, second = decide_pair(of, linked(of, ADA, members=(True, was)), pair).steps
        assert (first.kind, second.kind, second.waits) == (WriteKind.JOIN, WriteKind.JOIN, first.id)
        assert first.after is not None
        assert first.after.members == (True, was)


def test_a_number_has_arrived_in_whichever_slot_the_side_keeps_it() -> None:
    """One that the side has no slot for has not, and is named."""
    turning: Lens[Any, Any] = Lens(
        lambda record: record.phones, lambda _record, phones: {"phones": (phones[1], phones[0])}, ("phones",)
    )
    narrow: Lens[Any, Any] = Lens(
        lambda record: record.phones, lambda _record, phones: {"phones": (phones[0], "")}, ("phones",)
    )
    edited = attrs.evolve(ADA, phones=("1", "2"))
    for lens, missed in ((turning, []), (narrow, [("phones", R)])):
        of = context((*RULES[:2], slots("phones", texts("phones"), lens, str), RULES[3]))
        right = attrs.evolve(ADA, phones=("", ""))
        assert decided(of, linked(of, ADA, right), edited, right).not_carried == missed


@SIDES
def test_a_set_that_another_rules_write_makes_unequal_is_agreed_on_as_far_as_both_show_it(side: Side) -> None:
    """The element that came with the title is news to the other side: the next run carries it there."""
    titled: Lens[Any, Any] = Lens(
        lambda record: (*record.tags, *filter(None, [record.title])),
        lambda _record, tags: {"tags": tags},
        ("tags",),
    )
    of = context((*RULES[:3], elements("tags", *by_side(side, titled, texts("tags")), str)))
    plain = attrs.evolve(ADA, title="")
    pair = by_side(side, plain, ADA)

    found = decided(of, linked(of, plain), *pair)

    assert written(found) == {side: {"title": "Dr"}}
    shown_by_both = of.mapping.digest(side.other, ADA)
    assert found.link.base == (shown_by_both, shown_by_both)
    again = decided(of, attrs.evolve(found.link, versions=("v1", "v1")), ADA, ADA)
    assert written(again) == {side.other: {"tags": ("x", "Dr")}}
