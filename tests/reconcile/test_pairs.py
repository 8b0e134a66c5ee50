"""What is decided about two records that are both there: to the last detail of the steps and of the link."""

from typing import Any

import attrs
import pytest

from tallystick.mapping import Lens, MergePolicy, Rule, Shape, rule
from tallystick.mapping.base import EMPTY, NO_BASE
from tallystick.ports import Link, Side, WriteKind
from tallystick.reconcile import Choice, ConflictPolicy, LoserFate, RemovalAction, RemovalPolicy, Unit, Winner
from tallystick.reconcile.context import Context
from tallystick.reconcile.copies import copy_step
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.pair_steps import Change, change
from tallystick.reconcile.pairs import LostValue, PairDecision, Shown, decide_pair
from tallystick.reconcile.step import Effect, Step
from tests.reconcile.given import FOLLOWING, LATEST, NOW, RULES, L, Person, R, context, item, linked

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
OF = context()
IDS = {L: "l", R: "r"}
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is L else (other, one)


def entries(of: Context, *records: Person) -> tuple[bytes, bytes]:
    """Return the base of two records."""
    return (of.mapping.digest(L, records[0]), of.mapping.digest(R, records[-1]))


def update(side: Side, **more: Any) -> Step:  # noqa: ANN401 -- the step's
    """Return the write of a pair's record, of which people are told."""
    made = Step(WriteKind.UPDATE, side, IDS[side], "v2", IDS[side.other], "v2", "changed")
    return attrs.evolve(made, effect=Effect.NOTIFIES, **more)


def test_records_that_agree_are_remembered_and_no_more() -> None:
    """Equal records have a link with their present versions, and no step."""
    link = linked(OF, Person("Eva"))
    done = Link(("l", "r"), ("v2", "v3"), (True, True), entries(OF, ADA), OF.mapping.layout, 7, "changed")
    pair = (item("l", ADA), item("r", attrs.evolve(ADA, name=" Ada "), "v3"))

    assert decide_pair(OF, link, pair) == PairDecision(pair, done)
    first = attrs.evolve(done, number=0, decided="first_pairing")
    assert decide_pair(OF, None, pair, "first_pairing") == PairDecision(pair, first)


@SIDES
def test_what_is_known_of_a_record_counts_until_it_is_read_again(side: Side) -> None:
    """The pair is decided about as it is now, whatever one of its records showed before."""
    now = item(IDS[side], attrs.evolve(ADA, title="Prof"))
    pair = by_side(side, now, item(IDS[side.other], ADA))
    expected = decide_pair(OF, linked(OF, ADA), pair)

    for known in (now, item(IDS[side], ADA)):
        shown = Shown(side, known, OF.mapping.entries.shown[side](known.record))
        assert decide_pair(OF, linked(OF, ADA), pair, shown=shown) == expected
    assert len(expected.steps) == 1


@SIDES
def test_an_equal_record_that_is_not_on_its_list_joins_it(side: Side) -> None:
    """The other one is not touched, and nothing of either is written but the membership."""
    pair = by_side(side, item(IDS[side], ADA, member=False), item(IDS[side.other], ADA))
    done = Link(("l", "r"), ("v2", "v2"), (True, True), entries(OF, ADA), OF.mapping.layout, 0, "first_pairing")
    join = Step(WriteKind.JOIN, side, IDS[side], "v2", IDS[side.other], "v2", "first_pairing", member=True, after=done)

    found = decide_pair(OF, None, pair, "first_pairing")

    assert found == PairDecision(pair, done, (join,))
    assert (found.steps[0].planned, found.steps[0].entries) == (ADA, tuple(OF.mapping.entries.shown[side](ADA)))
    spaced = attrs.evolve(ADA, name=" Ada ")
    alike = by_side(side, attrs.evolve(pair[side], record=spaced), pair[side.other])
    assert decide_pair(OF, None, alike, "first_pairing").steps[0].planned == spaced


@SIDES
def test_a_change_is_written_on_the_other_side(side: Side) -> None:
    """Only what has changed is written; the guards are told what it does, and the base is what both show then."""
    after = attrs.evolve(ADA, title="Prof", phones=("1", "2"))
    pair = by_side(side.other, item(IDS[side.other], ADA), item(IDS[side], after))
    done = Link(
        ("l", "r"), ("v2", "v2"), (True, True), entries(OF, after), OF.mapping.layout, 7, "changed|title,phones"
    )
    step = update(
        side.other,
        fields={"title": "Prof", "phones": ("1", "2")},
        rules=("title", "phones"),
        moved=(1, 2),
        after=done,
        overwrites=True,
    )

    found = decide_pair(OF, linked(OF, ADA), pair)

    assert found == PairDecision(pair, done, (step,), [], [], [], [])
    assert (found.steps[0].planned, found.steps[0].entries) == (after, tuple(OF.mapping.entries.shown[side](after)))
    without_versions = tuple(attrs.evolve(one, version=None) for one in pair)
    (unversioned,) = decide_pair(OF, linked(OF, ADA), without_versions).steps
    assert unversioned.shown == OF.mapping.digest(side.other, ADA)


def test_two_changes_are_two_writes_of_which_the_second_waits() -> None:
    """After the first neither side has a version, and what the second moves keeps its old base."""
    left, right = attrs.evolve(ADA, title=""), attrs.evolve(ADA, tags=("x", "y"))
    both = attrs.evolve(ADA, title="", tags=("x", "y"))
    pair = (item("l", left), item("r", right, member=False))
    done = Link(("l", "r"), ("v2", "v2"), (True, True), entries(OF, both), OF.mapping.layout, 7, "changed|title,tags")
    halfway = attrs.evolve(
        done,
        versions=(None, None),
        members=(True, False),
        base=entries(OF, attrs.evolve(both, title="Dr")),
    )
    first = update(L, fields={"tags": ("x", "y")}, rules=("tags",), moved=(3,), waiting=(1,), after=halfway)
    second = attrs.evolve(
        update(R, fields={"title": ""}, rules=("title",), moved=(1,), after=done, empties=True),
        kind=WriteKind.JOIN,
        member=True,
        waits=first.id,
    )

    found = decide_pair(OF, linked(OF, ADA, members=(True, False)), pair)

    assert found == PairDecision(pair, done, (first, second), [], [], [], [])
    assert [step.planned for step in found.steps] == [both, both]
    new = decide_pair(OF, None, pair)
    assert new.link.number == 0
    unlinked = new.steps
    assert unlinked[0].after is not None
    assert unlinked[0].after.members == (True, False)


def test_a_membership_may_be_the_second_of_two_writes() -> None:
    """No rule waits for it then; a member of old is one between two writes, too."""
    edited = attrs.evolve(ADA, title="Prof")
    joining = (item("l", ADA), item("r", edited, member=False))

    first, second = decide_pair(OF, linked(OF, ADA, members=(True, False)), joining).steps

    assert (first.waiting, first.fields, second.fields, second.member) == ((), {"title": "Prof"}, {}, True)
    assert first.after is not None
    assert first.after.base == entries(OF, edited)
    both = (item("l", attrs.evolve(ADA, name="Eva")), item("r", edited))
    first, _ = decide_pair(OF, linked(OF, ADA), both).steps
    assert first.after is not None
    assert first.after.members == (True, True)


@SIDES
def test_each_of_two_writes_has_the_copy_of_what_it_overwrites(side: Side) -> None:
    """The copy of the loser stands right before its write, be that the first or the second."""
    of = context(conflict=ConflictPolicy(Winner.LEFT if side is L else Winner.RIGHT, LoserFate.COPY))
    mine, theirs = attrs.evolve(ADA, title="Prof"), attrs.evolve(ADA, title="Sir", tags=("x", "y"))
    pair = by_side(side, item(IDS[side], mine), item(IDS[side.other], theirs))

    steps = decide_pair(of, linked(of, ADA), pair).steps

    copy = copy_step(of, side.other, pair[side.other], pair[side])
    kinds = [(step.kind, step.side, step.copy) for step in steps]
    kept = [(WriteKind.CREATE, side.other, ""), (WriteKind.UPDATE, side.other, copy.id)]
    other = [(WriteKind.UPDATE, side, "")]
    assert kinds == (other + kept if side is L else kept + other)
    assert copy in steps


@pytest.mark.parametrize(
    ("modified", "tolerance", "winner"),
    [(1, 0, L), (-1, 0, R), (0, 0, R), (None, 0, R), (1, 1, R), (2, 1, L), (-2, 1, R)],
)
def test_the_latest_wins_where_clocks_can_tell(modified: int | None, tolerance: int, winner: Side) -> None:
    """Where a time is missing, or they differ by no more than the tolerance, the side that was named wins."""
    minute = 60 * (NOW - NOW).resolution * 1_000_000
    policy = attrs.evolve(LATEST, tolerance=tolerance * minute)
    of = context(conflict=policy)
    when = None if modified is None else NOW + modified * minute
    pair = (item("l", attrs.evolve(ADA, title="L"), modified=when), item("r", attrs.evolve(ADA, title="R")))

    found = decide_pair(of, linked(of, ADA), pair)

    assert found.lost == [LostValue("title", winner.other)]
    (step,) = found.steps
    assert (step.side, step.fields, step.loses) == (
        *(winner.other, {"title": winner.label[0].upper()}),
        {"title": winner.other.label[0].upper()},
    )


def test_sides_that_agreed_to_differ_are_not_in_conflict() -> None:
    """Each is compared with what it showed itself; the one that was edited is carried."""
    link = linked(OF, ADA, attrs.evolve(ADA, title="Dr.", phones=("01", "")))

    def steps(left: Person, right: Person) -> list[object]:
        pair = (item("l", left), item("r", right))
        return [(step.side, step.fields) for step in decide_pair(OF, link, pair).steps]

    agreed = attrs.evolve(ADA, title="Dr.", phones=("01", ""))
    assert steps(ADA, agreed) == []
    assert steps(attrs.evolve(ADA, title="Sir"), agreed) == [(R, {"title": "Sir"})]
    assert steps(ADA, attrs.evolve(agreed, phones=("2", ""))) == [(L, {"phones": ("2", "")})]
    found = decide_pair(OF, link, (item("l", ADA), item("r", attrs.evolve(agreed, tags=("y",)))))
    assert found.link.versions == ("v2", "v2")


def test_a_person_chooses_rule_by_rule() -> None:
    """What was chosen for one rule stands for it, and the other side's value for the rest."""
    of = context(run={"chosen": Choice(L, {"title": R})}, conflict=ConflictPolicy())
    pair = (item("l", Person("Eva", "L")), item("r", Person("Ida", "R")))

    found = decide_pair(of, linked(of, ADA), pair)

    assert [(step.side, step.fields) for step in found.steps] == [(L, {"title": "R"}), (R, {"name": "Eva"})]
    assert found.lost == [LostValue("name", R), LostValue("title", L)]


@pytest.mark.parametrize(("winner", "side"), [(Winner.LEFT, L), (Winner.RIGHT, R)])
def test_a_loser_is_kept_as_a_copy_before_it_is_overwritten(winner: Winner, side: Side) -> None:
    """The copy stands before the write that waits for it, off the list, and its token names what lost."""
    of = context(conflict=ConflictPolicy(winner, LoserFate.COPY))
    pair = (item("l", attrs.evolve(ADA, title="L")), item("r", attrs.evolve(ADA, title="R")))
    loser = pair[side.other]

    copy, write = decide_pair(of, linked(of, ADA), pair).steps

    token = of.token(side.other, loser.id, f"copy of {of.mapping.digest(side.other, loser.record).hex()}")
    assert copy == copy_step(of, side.other, loser, pair[side])
    assert copy == Step(
        WriteKind.CREATE,
        side.other,
        "",
        None,
        IDS[side],
        "v2",
        "copy_of_a_loser",
        token,
        loser.record,
        member=False,
        effect=Effect.NOTIFIES,
    )
    assert (write.copy, write.loses) == (copy.id, {"title": loser.record.title})


@pytest.mark.parametrize("fate", [LoserFate.SINK, LoserFate.COPY], ids=["no sink", "no copy"])
def test_a_conflict_whose_loser_can_not_be_kept_is_held(fate: LoserFate) -> None:
    """The rule is named, its old base stays, and so what else changed is written."""
    of = context(conflict=ConflictPolicy(Winner.LEFT, fate), right={"creates": False})
    left, right = attrs.evolve(ADA, title="L", name="Eva"), attrs.evolve(ADA, title="R")

    found = decide_pair(of, linked(of, ADA), (item("l", left), item("r", right)))

    assert (found.held, found.lost) == (["title"], [])
    assert [step.fields for step in found.steps] == [{"name": "Eva"}]
    assert found.link.base == entries(of, attrs.evolve(ADA, name="Eva"))
    assert found.link.versions == (None, None)
    assert found.link.decided == "changed|name,title"


@SIDES
def test_a_conflict_of_whole_records_takes_all_of_the_winners(side: Side) -> None:
    """What only the loser changed is lost, too, what is equal is not written, and where it is held nothing is."""
    winner = Winner.LEFT if side is L else Winner.RIGHT
    of = context(conflict=ConflictPolicy(winner, LoserFate.DROP, unit=Unit.RECORD))
    mine = attrs.evolve(ADA, title="Prof", tags=("z",))
    theirs = attrs.evolve(ADA, title="Sir", name="Eva", tags=("z",))
    pair = by_side(side, item(IDS[side], mine), item(IDS[side.other], theirs))

    found = decide_pair(of, linked(of, ADA), pair)

    assert found.lost == [LostValue("name", side.other), LostValue("title", side.other)]
    (step,) = found.steps
    assert (step.side, step.fields) == (side.other, {"name": "Ada", "title": "Prof"})
    assert step.loses == {"name": "Eva", "title": "Sir"}
    assert found.link.base == entries(of, mine)
    held = context(conflict=ConflictPolicy(Winner.HOLD, unit=Unit.RECORD))
    waiting = decide_pair(held, linked(held, ADA), pair)
    assert (waiting.steps, waiting.held, waiting.lost) == ((), ["title"], [])
    assert waiting.link.base == entries(held, attrs.evolve(ADA, tags=("z",)))


def test_a_side_that_may_not_be_written_is_left() -> None:
    """By direction or by the pair, a value that can't be written is left, and has not lost."""
    of = context(writable=lambda left, right: (left.name != "Ada", right.title != "R"))
    pair = (item("l", attrs.evolve(ADA, title="L")), item("r", attrs.evolve(ADA, title="R")))

    found = decide_pair(of, linked(of, ADA), pair)

    assert (found.steps, found.lost, found.held) == ((), [], [])
    assert found.link.base == entries(of, pair[0].record, pair[1].record)


@SIDES
def test_a_value_that_can_not_be_changed_in_place_has_its_record_made_anew(side: Side) -> None:
    """The record is deleted, its counterpart is made in the pair's place, and the second waits for the first."""
    rules = (RULES[0], RULES[1].replacing(side), *RULES[2:])
    removal = {"removal": RemovalPolicy(deleted=RemovalAction.RECREATE)}
    of = context(rules, **{"left" if side is L else "right": removal})
    edited = attrs.evolve(ADA, title="Prof")
    pair = by_side(side, item(IDS[side], ADA), item(IDS[side.other], edited))

    gone, anew = decide_pair(of, linked(of, ADA), pair).steps

    assert gone == Step(
        WriteKind.REMOVE, side, IDS[side], "v2", IDS[side.other], "v2", "replaced", effect=Effect.CANCELS
    )
    made = create_step(of, side, pair[side.other], "replaced", number=7, salt=IDS[side])
    assert anew == attrs.evolve(made, waits=gone.id)
    named = by_side(side, item(IDS[side], ADA), item(IDS[side.other], attrs.evolve(ADA, name="Eva")))
    assert [step.kind for step in decide_pair(of, linked(of, ADA), named).steps] == [WriteKind.UPDATE]
    assert [step.kind for step in decide_pair(of, None, pair).steps] == [WriteKind.UPDATE]


@SIDES
def test_a_value_that_is_cut_to_what_is_there_has_nothing_made_anew(side: Side) -> None:
    """Where nothing would be written of the value that can't be changed in place, the record stays."""
    cutting: Lens[Any, Any] = Lens(lambda record: record.title, lambda _record, text: {"title": text[:2]}, ("title",))
    left, right = by_side(side, cutting, RULES[1].right)
    removal = {"left" if side is L else "right": {"removal": RemovalPolicy(deleted=RemovalAction.RECREATE)}}
    of = context((RULES[0], rule("title", left, right).replacing(side), *RULES[2:]), **removal)
    pair = by_side(side, item(IDS[side], ADA), item(IDS[side.other], attrs.evolve(ADA, title="Dr.", name="Eva")))

    assert [step.fields for step in decide_pair(of, linked(of, ADA), pair).steps] == [{"name": "Eva"}]


@SIDES
def test_a_create_links_what_it_makes(side: Side) -> None:
    """The new record holds what the mapping carries; what will be remembered is there but for its id and version."""
    of = context(right={"window": None})
    source = item("s", ADA, "v5")

    step = create_step(of, side, source, "new")

    link = Link(
        by_side(side, "", "s"),
        by_side(side, None, "v5"),
        (True, True),
        (of.mapping.digest(side.other, ADA), of.mapping.digest(side.other, ADA)),
        of.mapping.layout,
        0,
        "new",
    )
    assert step == Step(
        *(WriteKind.CREATE, side, "", None, "s", "v5", "new", of.token(side, "s"), ADA),
        after=link,
        effect=Effect.NOTIFIES,
    )
    assert (step.planned, step.entries) == (ADA, tuple(of.mapping.entries.shown[side](ADA)))
    assert create_step(of, side, source, "new", number=3, salt="x").token == of.token(side, "s", "x")


def test_what_did_not_arrive_whole_is_named() -> None:
    """A value that is cut, or that a test of the profile says is, is listed by its rule and the side it goes to."""
    rules = (RULES[0], RULES[1].reporting(lambda value: len(str(value)) < 4), *RULES[2:])
    of = context(rules)

    def not_carried(left: Person) -> object:
        return decide_pair(of, linked(of, ADA), (item("l", left), item("r", ADA))).not_carried

    assert not_carried(attrs.evolve(ADA, title="Sir")) == []
    assert not_carried(attrs.evolve(ADA, title="Dame")) == [("title", R)]
    assert not_carried(attrs.evolve(ADA, phones=("1", "2"), tags=("y",))) == []
    cutting: Lens[Any, Any] = Lens(lambda record: record.title, lambda _record, text: {"title": text[:4]}, ("title",))
    of = context((RULES[0], rule("title", RULES[1].left, cutting), *RULES[2:]))
    assert not_carried(attrs.evolve(ADA, title="Prof")) == []
    assert not_carried(attrs.evolve(ADA, title="Professor")) == [("title", R)]


@SIDES
def test_a_rule_that_follows_is_written_when_its_source_changes(side: Side) -> None:
    """A first pairing fills it, a change of its source writes it, and an edit of it alone is left as it is."""
    of = context((*RULES, FOLLOWING))
    assert side in (L, R)
    named = attrs.evolve(ADA, label="Dr Ada")
    own = attrs.evolve(ADA, label="My Ada")

    def fields(left: Person, right: Person, link: Link | None) -> list[object]:
        return [(step.side, step.fields) for step in decide_pair(of, link, (item("l", left), item("r", right))).steps]

    assert fields(ADA, ADA, None) == [(R, {"label": "Dr Ada"})]
    assert fields(ADA, own, None) == []
    assert fields(ADA, own, linked(of, ADA, named)) == []
    edited = attrs.evolve(ADA, title="Prof")
    assert fields(edited, own, linked(of, ADA, own)) == [(R, {"title": "Prof", "label": "Prof Ada"})]
    assert fields(ADA, attrs.evolve(own, title="Prof"), linked(of, ADA, own)) == [(L, {"title": "Prof"})]
    longer = ("1", "2")
    assert fields(edited, attrs.evolve(own, phones=longer), linked(of, ADA, own)) == [
        (L, {"phones": longer}),
        (R, {"title": "Prof", "label": "Prof Ada"}),
    ]


def test_a_rule_that_follows_is_filled_in_a_pair_that_rested() -> None:
    """Where nothing was agreed on yet, the pair is as good as new, though it has a link."""
    of = context((*RULES, FOLLOWING))
    resting = linked(of, ADA, base=(NO_BASE * 5, NO_BASE * 5))

    (step,) = decide_pair(of, resting, (item("l", ADA), item("r", ADA))).steps

    assert (step.side, step.fields) == (R, {"label": "Dr Ada"})


def test_a_mirrored_value_is_asserted_with_any_change_of_the_left_record() -> None:
    """An edit of the right one alone stands, also where the service rewrote what it was given before."""
    of = context((RULES[0], attrs.evolve(RULES[1], policy=MergePolicy.MIRROR), *RULES[2:]))
    edited = attrs.evolve(ADA, title="Sir")

    def fields(left: Person, link: Link) -> list[object]:
        pair = (item("l", left), item("r", edited))
        return [(step.side, step.fields) for step in decide_pair(of, link, pair).steps]

    for link in (linked(of, ADA), linked(of, ADA, attrs.evolve(ADA, title="Dr."))):
        assert fields(ADA, link) == []
        assert fields(attrs.evolve(ADA, name="Eva"), link) == [(R, {"name": "Eva", "title": "Dr"})]


def test_under_another_layout_new_rules_fill_and_changed_ones_are_left() -> None:
    """A rule that the link does not know fills an empty side; one of another version is left, and listed to differ."""
    before = context(RULES[:2])
    newer = attrs.evolve(RULES[1], version=2)
    of = context((RULES[0], newer, *RULES[2:]))
    left, right = ADA, attrs.evolve(ADA, title="", phones=("", ""), tags=("y",))

    found = decide_pair(of, linked(before, ADA, attrs.evolve(ADA, title="")), (item("l", left), item("r", right)))

    assert found.differs == ["title"]
    assert [(step.side, step.fields) for step in found.steps] == [
        (L, {"tags": ("x", "y")}),
        (R, {"phones": ("1", ""), "tags": ("y", "x")}),
    ]
    assert found.link.layout == of.mapping.layout
    assert NO_BASE not in of.mapping.rebased(found.link.base, found.link.layout)[0]


@pytest.mark.parametrize(
    ("right", "decided"),
    [
        (Person("Eva", "Sir", ("1", ""), ("x",)), "left_different|name,title"),
        (Person("Eva", "Sir", ("2", ""), ("y",)), "changed|phones,tags"),
        (Person("Ada", "Dr", ("2", ""), ("y",)), "changed|phones,tags"),
    ],
    ids=["left different", "both", "changed"],
)
def test_a_link_remembers_what_was_decided_about_or_else_what_was_left_different(right: Person, decided: str) -> None:
    """Rules of another version, which are left, are told only where nothing else was decided about."""
    of = context((*(attrs.evolve(one, version=2) for one in RULES[:2]), *RULES[2:]))

    assert decide_pair(of, linked(OF, ADA), (item("l", ADA), item("r", right))).link.decided == decided


def test_under_another_layout_a_rule_that_follows_is_filled_if_it_is_new_and_left_if_it_is_another() -> None:
    """One that is as it was follows on; what differs under another version is left, also where a side is empty."""
    edited, labelled = attrs.evolve(ADA, name="Eva"), attrs.evolve(ADA, label="Dr Ada")
    newer_title = (RULES[0], attrs.evolve(RULES[1], version=2), *RULES[2:], FOLLOWING)
    newer_label = (*RULES, attrs.evolve(FOLLOWING, version=2))
    with_label, without = linked(context((*RULES, FOLLOWING)), labelled), linked(context(), ADA)

    def fields(rules: tuple[Rule[Any, Any], ...], link: Link, left: Person, right: Person) -> list[object]:
        pair = (item("l", left), item("r", right))
        return [step.fields for step in decide_pair(context(rules), link, pair).steps]

    other = attrs.evolve(ADA, title="Sir", phones=("2", ""), tags=())
    assert fields(RULES, linked(context(RULES[:1]), ADA), ADA, other) == [{"tags": ("x",)}]
    assert fields((*RULES, FOLLOWING), without, ADA, ADA) == [{"label": "Dr Ada"}]
    assert fields(newer_label, with_label, ADA, ADA) == []
    assert fields(newer_title, with_label, edited, labelled) == [{"name": "Eva", "label": "Dr Eva"}]


@pytest.mark.parametrize(
    ("shape", "before", "after", "does"),
    [
        (Shape.VALUE, EMPTY, b"\1aaaaaaaa", Change.FILLS),
        (Shape.VALUE, b"\1aaaaaaaa", EMPTY, Change.EMPTIES),
        (Shape.VALUE, b"\1aaaaaaaa", b"\1bbbbbbbb", Change.OVERWRITES),
        (Shape.ELEMENTS, b"\1aaaaaaaa", b"\2aaaaaaaabbbbbbbb", Change.FILLS),
        (Shape.ELEMENTS, b"\2aaaaaaaabbbbbbbb", b"\1aaaaaaaa", Change.OVERWRITES),
        (Shape.ELEMENTS, b"\1aaaaaaaa", b"\1aaaaaaaa", Change.FILLS),
        (Shape.SLOTS, b"\2aaaaaaaa" + bytes(8), b"\2aaaaaaaabbbbbbbb", Change.FILLS),
        (Shape.SLOTS, b"\1aaaaaaaa", b"\2aaaaaaaabbbbbbbb", Change.FILLS),
        (Shape.SLOTS, b"\2" + bytes(8) + b"aaaaaaaa", b"\2bbbbbbbbbbbbbbbb", Change.OVERWRITES),
        (Shape.SLOTS, b"\2aaaaaaaa" + bytes(8), b"\2" + bytes(8) + b"aaaaaaaa", Change.OVERWRITES),
        (Shape.VALUE, b"\1aaaaaaaa", b"\2aaaaaaaabbbbbbbb", Change.OVERWRITES),
    ],
)
def test_filling_is_told_from_rewriting_and_emptying(shape: Shape, before: bytes, after: bytes, does: Change) -> None:
    """An element more and an empty slot that is filled are no rewriting."""
    assert change(shape, before, after) is does


@SIDES
def test_a_loser_whose_record_is_made_anew_is_kept_as_a_copy_first(side: Side) -> None:
    """The copy stands before the deletion, which names what is lost and waits for it."""
    removal = {"removal": RemovalPolicy(deleted=RemovalAction.RECREATE)}
    winner = Winner.RIGHT if side is L else Winner.LEFT
    of = context(
        (RULES[0], RULES[1].replacing(side), *RULES[2:]),
        conflict=ConflictPolicy(winner, LoserFate.COPY),
        **{"left" if side is L else "right": removal},
    )
    loser, other = attrs.evolve(ADA, title="Prof"), attrs.evolve(ADA, title="Sir")
    pair = by_side(side, item(IDS[side], loser), item(IDS[side.other], other))

    copy, gone, anew = decide_pair(of, linked(of, ADA), pair).steps

    assert copy == copy_step(of, side, pair[side], pair[side.other])
    assert (gone.kind, gone.copy, gone.loses) == (WriteKind.REMOVE, copy.id, {"title": "Prof"})
    assert (anew.kind, anew.waits) == (WriteKind.CREATE, gone.id)


def test_while_a_whole_record_is_held_nothing_of_it_is_agreed_on() -> None:
    """A rule that follows keeps its base, too, also where both sides show the same by now."""
    of = context((*RULES, FOLLOWING), conflict=ConflictPolicy(Winner.HOLD, unit=Unit.RECORD))
    before = attrs.evolve(ADA, label="Dr Ada")
    pair = (item("l", attrs.evolve(before, title="L")), item("r", attrs.evolve(before, title="R", label="L Ada")))

    found = decide_pair(of, linked(of, before), pair)

    assert (found.steps, found.held) == ((), ["title"])
    assert found.link.base == entries(of, before)
