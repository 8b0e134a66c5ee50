"""What a run decides, record by record, and in which order its steps are applied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tallystick.ports import Absence, AbsenceReason, Item, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import Choice, ConflictPolicy, RemovalAction, RemovalPolicy
from tallystick.reconcile.context import Context
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.deciding import (
    Decided,
    decide_links,
    decide_merged,
    decide_new,
    decide_pair_again,
    decide_unmatched,
    note_astray,
    ordered,
    unscoped,
)
from tallystick.reconcile.newcomers import Sorted, park, pass_over
from tallystick.reconcile.pairs import decide_pair
from tallystick.reconcile.plan import Note
from tallystick.reconcile.profile import with_its_partner
from tallystick.reconcile.step import Step
from tests.reconcile.given import LATEST, NOW, RULES, L, Person, R, context, item, linked

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
IDS = {L: "l", R: "r"}
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
OF = context()


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is L else (other, one)


def on(side: Side, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 -- the profile's
    """Return the settings of one side, as a context takes them."""
    return {"left" if side is L else "right": settings}


def unmatched(of: Context, side: Side, *items: Item[Any], room: int | None = None) -> Decided:
    """Return what is decided about records of a side that have no match."""
    sorted_, decided = Sorted(), Decided()
    sorted_.fit[side].update({one.id: one for one in items})
    decide_unmatched(of, decided, sorted_, by_side(side, [one.id for one in items], []), room)
    return decided


def test_steps_are_ordered_by_kind_side_and_ids_and_what_waits_is_last() -> None:
    """Creates come first; the order is the same however the steps were found."""

    def step(kind: WriteKind, side: Side, target: str, source: str, waits: str = "") -> Step:
        return Step(kind, side, target, None, source, None, "new", waits=waits)

    kinds = list(WriteKind)
    steps = [step(kind, side, target, "s") for kind in kinds for side in (L, R) for target in ("a", "b")]
    steps += [step(kinds[0], L, "c", "s"), step(kinds[0], L, "a", "a", "first"), step(kinds[-1], R, "z", "z", "first")]
    steps += [step(kinds[0], L, "a", "t")]

    found = ordered(reversed(steps))

    def place(one: Step) -> tuple[object, ...]:
        return (bool(one.waits), kinds.index(one.kind), one.side, one.target, one.source)

    assert list(found) == sorted(steps, key=place) == list(ordered(steps))
    assert Decided(steps=steps).ordered() == found
    assert [one.waits for one in found[-2:]] == ["first", "first"]


@SIDES
def test_a_record_without_a_match_gets_a_counterpart_or_a_row_that_says_why_not(side: Side) -> None:
    """Passed over in an initial run, not created here, blocked by the other side or by itself, beyond the capacity."""
    ada, bob = item("a", ADA, "va"), item("b", Person("Bob"), "vb")
    initially = context(
        run={"initial": True}, **on(side, initially=lambda record, when: record.name == "Bob" and when == NOW)
    )
    nowhere = context(**on(side.other, creates=False))

    assert unmatched(OF, side, ada, bob) == Decided(
        steps=[create_step(OF, side.other, ada, "new"), create_step(OF, side.other, bob, "new")]
    )
    assert unmatched(initially, side, ada, bob) == Decided(
        steps=[create_step(initially, side.other, bob, "new")],
        parked=[pass_over(initially, side, ada, "not_in_the_initial_run")],
    )
    later = context(**on(side, initially=lambda _record, _when: False))
    assert len(unmatched(later, side, ada).steps) == 1
    assert unmatched(nowhere, side, ada) == Decided(parked=[park(nowhere, side, ada, ("not_created_here",))])
    for room, created in ((0, 0), (1, 1), (2, 2)):
        found = unmatched(OF, side, ada, bob, room=room)
        assert len(found.steps) == created
        assert found.parked == [park(OF, side, one, ("capacity",), next_run=True) for one in (ada, bob)[created:]]


@SIDES
def test_what_blocks_a_record_is_the_others_fault_or_its_own(side: Side) -> None:
    """The other side's is told once for all that wait, and a record's own is its reason."""
    blocks = {"Ada": "no_folder", "Bob": "no_folder", "Eva": "missing:list", "Cid": "quota"}
    of = context(**on(side, blocks=lambda record: blocks.get(record.name, "")))
    items = [item(one, Person(one), f"v{one}") for one in ("Ada", "Eva", "Bob", "Cid", "Dan")]

    found = unmatched(of, side, *items)

    why = ["blocked:no_folder", "missing:list", "blocked:no_folder", "blocked:quota"]
    assert found.parked == [park(of, side, one, (code,), next_run=True) for one, code in zip(items, why, strict=False)]
    assert found.notes == [
        Note(Note.BLOCKED, side.other, "", "no_folder"),
        Note(Note.BLOCKED, side.other, "", "quota"),
    ]
    assert len(found.steps) == 1


@SIDES
def test_what_a_new_record_can_not_hold_whole_is_noted(side: Side) -> None:
    """A note for each rule that cuts a record's value, and none where the rule does not create on that side."""
    of = context((RULES[0], RULES[1].reporting(lambda value: len(str(value)) < 4), *RULES[2:]))
    short, long = item("a", ADA), item("b", attrs.evolve(ADA, title="Dame"))

    assert unmatched(of, side, short, long).notes == [Note(Note.NOT_CARRIED, side, "b", "title")]
    one_way = attrs.evolve(
        of.profile.mapping[1], direction=attrs.evolve(RULES[1].direction, create=(side is L, side is R))
    )
    silent = context((RULES[0], one_way, *RULES[2:]))
    assert unmatched(silent, side, long).notes == []


@SIDES
def test_a_pair_of_which_a_record_is_unfit_is_frozen(side: Side) -> None:
    """Its rows say why, its link is kept without a write, and a missing record is none that is unfit."""
    of = context(**on(side, reasons_against=lambda record: ["x", "y"] if record.title == "bad" else []))
    link = linked(of, ADA)
    bad, good = item(IDS[side], attrs.evolve(ADA, title="bad")), item(IDS[side.other], attrs.evolve(ADA, name="Eva"))
    decided = Decided()

    decide_links(of, decided, [(link, by_side(side, bad, good))])

    row = park(of, side, bad, ["x", "y"], kind=ParkedKind.FROZEN)
    assert decided == Decided(links=[link], parked=[row])
    decide_links(of, decided, [(link, by_side(side, bad, good))])
    assert decided.parked == [row, row]
    off_list, away = attrs.evolve(bad, member=False), attrs.evolve(link, members=(False, False))
    decided = Decided()
    decide_links(of, decided, [(away, by_side(side, off_list, good))])
    assert decided.parked == [park(of, side, off_list, ["x", "y"], kind=ParkedKind.FROZEN, next_run=True)]
    decided = Decided()
    decide_links(of, decided, [(link, by_side(side, bad, Absence(IDS[side.other], AbsenceReason.DELETED)))])
    assert (decided.unlinked, decided.links) == ([7], [])


@SIDES
def test_a_pair_rests_while_a_record_takes_no_part_or_both_pause_it(side: Side) -> None:
    """Nothing is written or parked, and its link stays, without the version of what moved: it is news for later."""
    no_part = on(side, takes_part=lambda record: record.title != "none")
    out = by_side(side, item(IDS[side], attrs.evolve(ADA, title="none")), item(IDS[side.other], ADA))
    pausing = {"pauses": lambda record: record.title == "paused"}
    paused = (
        item(IDS[side], attrs.evolve(ADA, title="paused")),
        item(IDS[side.other], attrs.evolve(ADA, title="paused")),
    )

    by_both = context(left=pausing, right=pausing)
    for of, pair, why in ((context(**no_part), out, "new"), (by_both, by_side(side, *paused), "rests")):
        link, decided = linked(of, ADA), Decided()
        decide_links(of, decided, [(link, pair), (link, (item("l", ADA), item("r", ADA)))])
        unknown = attrs.evolve(link, versions=(None, None), decided=why)
        assert (decided.steps, decided.parked, decided.links[0]) == ([], [], unknown)
        decide_links(of, decided, [(link, (item("l", ADA), item("r", ADA)))])
        assert decided.found_equal == 2

    still = [attrs.evolve(one, version=version) for one, version in zip(out, ("v1", "v2"), strict=True)]
    link, decided = linked(of, ADA), Decided()
    decide_links(context(**no_part), decided, [(link, (still[0], still[1]))])
    assert decided.links == [attrs.evolve(link, versions=("v1", None))]

    unfit = context(**on(side, **no_part[side.label], reasons_against=lambda _record: ["x"]))
    decided = Decided()
    decide_links(unfit, decided, [(linked(unfit, ADA), out)])
    assert (decided.parked, len(decided.links)) == ([], 1)
    gone = Absence(IDS[side.other], AbsenceReason.DELETED)
    decided = Decided()
    of = context(left=no_part[side.label], right=no_part[side.label])
    decide_links(of, decided, [(linked(of, ADA), by_side(side, out[side], gone))])
    assert (decided.unlinked, len(decided.links)) == ([], 1)

    alone, decided = by_side(side, paused[0], item(IDS[side.other], ADA)), Decided()
    decide_links(by_both, decided, [(linked(by_both, ADA), alone)])
    assert len(decided.steps) == 1
    void = context(
        **on(
            side,
            takes_part=lambda record: record.title != "none",
            counts_as_deleted=lambda record: record.title == "none",
        )
    )
    decided = Decided()
    decide_links(void, decided, [(linked(void, ADA), out)])
    assert decided.unlinked == [7]
    moved = context(run={"rescoped": (side is L, side is R)})
    assert unscoped(moved, linked(moved, ADA)).members == (side is R, side is L)


@SIDES
@pytest.mark.parametrize("rested", [False, True])
@pytest.mark.parametrize(("left_to_it", "title"), [(False, "paused"), (True, "any"), (False, "active")])
def test_of_a_pair_that_rests_nothing_is_deleted(side: Side, rested: bool, left_to_it: bool, title: str) -> None:
    """What is left pauses the pair by itself, or as it rested before; one that its partner left goes with that."""
    deletes = RemovalPolicy(deleted=RemovalAction.DELETE)
    pauses = with_its_partner if left_to_it else lambda record: record.title == "paused"
    settings: dict[str, Any] = {"pauses": pauses, "removal": deletes}
    of = context(**on(side, **settings), **on(side.other, **{**settings, "pauses": _paused}))
    left_over = item(IDS[side], attrs.evolve(ADA, title=title))
    link, decided = attrs.evolve(linked(of, left_over.record), decided="rests" if rested else ""), Decided()
    decide_links(of, decided, [(link, by_side(side, left_over, Absence(IDS[side.other], AbsenceReason.DELETED)))])

    rests = title == "paused" or (left_to_it and rested)
    assert [step.kind for step in decided.steps] == ([] if rests else [WriteKind.REMOVE])
    assert [row.reasons for row in decided.parked] == ([("counterpart_ended",)] if rests else [])


def _paused(record: object) -> bool:
    return getattr(record, "title", "") == "paused"


def test_a_new_pair_is_decided_about_or_rests_with_nothing_agreed() -> None:
    """Two records that are the same and take no part are linked without a base, so that all is news once they do."""
    pausing = {"pauses": lambda record: record.title == "paused"}
    of = context(left=pausing, right=pausing)
    left = {"l": item("l", ADA), "m": item("m", attrs.evolve(ADA, title="paused"), member=False)}
    right = {"r": item("r", Person("Ada")), "s": item("s", attrs.evolve(ADA, title="paused"))}
    decided = Decided()

    decide_new(of, decided, Sorted(fit=(left, right), pairs=[("l", "r"), ("m", "s")]))

    base = b"\xff" * len(RULES)
    resting = Link(("m", "s"), (None, None), (False, True), (base, base), of.mapping.layout, decided="rests")
    expected = decide_pair(of, None, (left["l"], right["r"]), "first_pairing")
    assert decided == Decided(steps=list(expected.steps), links=[resting])
    again = Decided()
    decide_pair_again(of, again, (left["l"], right["r"]), "first_pairing")
    assert again.steps == list(expected.steps)


@SIDES
def test_a_new_pair_rests_while_one_of_its_records_takes_no_part(side: Side) -> None:
    """It is linked without a base; the other new pairs are decided about."""
    of = context(**on(side, takes_part=lambda record: record.title != "none"))
    mine = {"a": item("a", ADA), "b": item("b", attrs.evolve(ADA, title="none"))}
    theirs = {"c": item("c", ADA), "d": item("d", ADA)}
    decided = Decided()

    decide_new(
        of, decided, Sorted(fit=by_side(side, mine, theirs), pairs=[by_side(side, "b", "d"), by_side(side, "a", "c")])
    )

    resting, equal = decided.links
    assert (resting.ids, resting.decided, resting.base) == (by_side(side, "b", "d"), "rests", (b"\xff" * 4,) * 2)
    assert (equal.ids, equal.decided, decided.found_equal, decided.steps) == (
        *(by_side(side, "a", "c"), "first_pairing", 1, []),
    )


def test_new_pairs_that_are_equal_are_linked_and_counted() -> None:
    """Nothing is written of them, and each is a link with the base that both sides show."""
    left = {one: item(one, ADA, "vl") for one in ("l", "m")}
    right = {one: item(one, ADA, "vr") for one in ("r", "s")}
    decided = Decided()

    decide_new(OF, decided, Sorted(fit=(left, right), pairs=[("l", "r"), ("m", "s")]))

    base = (OF.mapping.digest(L, ADA), OF.mapping.digest(R, ADA))
    links = [
        Link(ids, ("vl", "vr"), (True, True), base, OF.mapping.layout, decided="first_pairing")
        for ids in (("l", "r"), ("m", "s"))
    ]
    assert decided == Decided(links=links, found_equal=2)


@pytest.mark.parametrize("rule", ["name", "title"])
def test_what_a_person_chose_stands_for_its_rule(rule: str) -> None:
    """Whoever settles a conflict says for each rule whose value stands, whatever the policy says."""
    of = context(run={"chosen": Choice(L, {"title": R})}, conflict=ConflictPolicy())
    items = (item("l", ADA), item("r", ADA))

    assert of.arbiter(*items, rule) is {"name": L, "title": R}[rule]


@SIDES
def test_a_pair_whose_record_became_one_with_anothers_ends(side: Side) -> None:
    """Its other record, where it is there, is a person's to look after, and waits for the one that it became."""
    link, left_over = linked(OF, ADA), item(IDS[side.other], ADA)
    decided = Decided()

    decide_merged(OF, decided, [(link, side, left_over), (link, side, Absence("x", AbsenceReason.DELETED))])

    row: Parked = park(OF, side.other, left_over, ("counterpart_was_merged",), blockers=[(side, IDS[side])])
    assert decided == Decided(unlinked=[7, 7], parked=[row])


def test_a_pair_that_ends_as_its_record_became_one_outside_the_scope_is_noted() -> None:
    """Whether it ends with a write or without one; a pair that goes on is not told of."""
    left, right, other = (linked(OF, ADA, number=at, ids=(f"l{at}", f"r{at}")) for at in (1, 2, 3))
    step = Step(WriteKind.REMOVE, L, "l2", None, "r2", None, "deleted", ends=2)
    said = Note(Note.LOST, R, "r", "title")
    decided = Decided(steps=[step], unlinked=[1], notes=[said])

    note_astray(decided, [(left, L), (right, R), (other, L)])

    ended = [Note(Note.ENDED, side, one, "merged_out_of_scope") for side, one in ((L, "l1"), (R, "r2"))]
    assert decided.notes == [said, *ended]


@SIDES
def test_an_error_of_the_profiles_own_says_which_records_it_was_raised_about(side: Side) -> None:
    """Linked, newly paired or alone; where the records themselves can't be had, it says no more than that."""

    def clean(name: object) -> str:
        if name == "?":
            raise ValueError("no name")
        return str(name)

    of = context((attrs.evolve(RULES[0], canon=clean), *RULES[1:]))
    good, bad = (item("l", ADA), item("r", ADA)), by_side(side, item("a", Person("?")), item("b", ADA))
    ids = (bad[L].id, bad[R].id)
    link = linked(of, ADA)
    fit = ({one.id: one for one in (good[L], bad[L])}, {one.id: one for one in (good[R], bad[R])})
    alone = by_side(side, [IDS[side], "a"], [])
    unread = ((link, good) for name in "?" if clean(name))

    both = f"left {ids[L]} and right {ids[R]}"
    cases: list[tuple[Callable[[], None], str]] = [
        (lambda: decide_links(of, Decided(), [(link, good), (attrs.evolve(link, ids=ids), bad)]), both),
        (lambda: decide_links(of, Decided(), unread), "the records"),
        (lambda: decide_new(of, Decided(), Sorted(fit=fit, pairs=[("l", "r"), ids])), both),
        (lambda: decide_unmatched(of, Decided(), Sorted(fit=fit), alone, None), f"{side.label} a"),
    ]
    for decides, looked_at in cases:
        with pytest.raises(ValueError, match="no name") as error:
            decides()
        assert error.value.__notes__ == [f"while looking at {looked_at}"]


@SIDES
def test_an_error_in_what_pauses_a_pair_says_of_which_new_pair_it_was_raised(side: Side) -> None:
    """It names both records; the pairs before it were decided about."""

    def pauses(record: Person) -> bool:
        if record.title == "?":
            raise ValueError("no title")
        return True

    of = context(left={"pauses": pauses}, right={"pauses": pauses})
    good, bad = (item("l", ADA), item("r", ADA)), by_side(side, item("a", Person("Ada", "?")), item("b", ADA))
    fit = ({one.id: one for one in (good[L], bad[L])}, {one.id: one for one in (good[R], bad[R])})

    with pytest.raises(ValueError, match="no title") as error:
        decide_new(of, Decided(), Sorted(fit=fit, pairs=[("l", "r"), (bad[L].id, bad[R].id)]))
    assert error.value.__notes__ == [f"while looking at left {bad[L].id} and right {bad[R].id}"]


def test_a_conflict_is_parked_on_both_sides_and_losses_are_noted() -> None:
    """Each record waits for the other; what lost, what was not carried and what differs is noted with its side."""
    held = context(conflict=ConflictPolicy())
    pair = (item("l", attrs.evolve(ADA, title="L", name="A")), item("r", attrs.evolve(ADA, title="R", name="B")))
    decided = Decided()
    decide_links(held, decided, [(linked(held, ADA), pair)])
    why = ["conflict:name", "conflict:title"]
    rows = [
        park(held, one, pair[one], why, blockers=[(one.other, IDS[one.other])], kind=ParkedKind.CONFLICT)
        for one in (L, R)
    ]
    assert decided == Decided(parked=rows, links=[decide_pair(held, linked(held, ADA), pair).link])
    decide_links(held, decided, [(linked(held, ADA), pair)])
    assert decided.parked == rows * 2
    first = (pair[0], attrs.evolve(pair[1], record=attrs.evolve(pair[1].record, name="A")))
    new, again = Decided(), Decided()
    decide_new(held, new, Sorted(fit=({"l": first[0]}, {"r": first[1]}), pairs=[("l", "r")]))
    decide_pair_again(held, again, first, "first_pairing")
    for decided in (new, again):
        assert [one.reasons for one in decided.parked] == [("conflict:title",)] * 2

    cutting = context((RULES[0], RULES[1].reporting(lambda _value: False), *RULES[2:]), conflict=LATEST)
    later = (attrs.evolve(pair[0], modified=NOW + timedelta(1)), pair[1])
    decided = Decided()
    decide_links(cutting, decided, [(linked(cutting, ADA), later)])
    assert decided.notes == [
        Note(Note.LOST, R, "r", "name"),
        Note(Note.LOST, R, "r", "title"),
        Note(Note.NOT_CARRIED, L, "l", "title"),
    ]
    newer = context((attrs.evolve(RULES[0], version=2), *RULES[1:]))
    decided = Decided()
    decide_links(newer, decided, [(linked(OF, ADA), (item("l", ADA), item("r", attrs.evolve(ADA, name="Eva"))))])
    assert decided.notes == [Note(Note.DIFFERS, L, "l", "name")]


@SIDES
def test_how_a_pair_ends_is_stored_parked_or_written(side: Side) -> None:
    """A pair that ends without a step is unlinked and parked; one that rests in another form is stored so."""
    link, decided = linked(OF, ADA), Decided()
    gone = by_side(side, Absence(IDS[side], AbsenceReason.DELETED), item(IDS[side.other], ADA))
    unread = by_side(side, Absence(IDS[side], AbsenceReason.NO_ACCESS), item(IDS[side.other], ADA))

    decide_links(OF, decided, [(link, gone), (link, unread)])

    assert (decided.unlinked, decided.links, decided.steps) == ([7], [], [])
    assert [one.reasons for one in decided.parked] == [("counterpart_ended",), ("no_access",)]
    away = by_side(side, Absence(IDS[side], AbsenceReason.OUT_OF_WINDOW), item(IDS[side.other], ADA))
    decided = Decided()
    decide_links(OF, decided, [(link, away)])
    assert (decided.unlinked, [one.members for one in decided.links]) == ([], [(side is R, side is L)])
    withdrawing = context(**on(side, removal=RemovalPolicy(deleted=RemovalAction.WITHDRAW)))
    edited = by_side(side, gone[side], item(IDS[side.other], attrs.evolve(ADA, title="Prof")))
    decided = Decided()
    decide_links(withdrawing, decided, [(linked(withdrawing, ADA), edited)])
    lost = Note(Note.LOST, side.other, IDS[side.other], "title")
    assert decided.notes == [lost]
    decide_links(withdrawing, decided, [(linked(withdrawing, ADA), edited)])
    assert decided.notes == [lost, lost]
    decided = Decided()
    decide_links(withdrawing, decided, [(linked(withdrawing, ADA), edited)])
    assert ([one.kind for one in decided.steps], decided.unlinked) == ([WriteKind.REMOVE], [])
