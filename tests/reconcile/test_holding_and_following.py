"""Writes that wait for a person, and records that go on under another id."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from tallystick.ports import Absence, AbsenceReason, Claim, CreateSafety, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import RemovalAction, RemovalPolicy
from tallystick.reconcile.context import Context
from tallystick.reconcile.copies import copy_key, stands_alone
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.guards import Figure
from tallystick.reconcile.held_back import Held, budget, held_still, hold
from tallystick.reconcile.line import Kin, Line, Succession
from tallystick.reconcile.newcomers import Sorted, pair_listed, park, pass_over
from tallystick.reconcile.readopting import readopt
from tallystick.reconcile.realm import Realm, by_identity, counterparts, stands
from tallystick.reconcile.step import Effect, Step
from tallystick.reconcile.succession import Relative, Succeeded, succeed
from tests.reconcile.given import L, Person, R, context, item, linked, row

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
INITIAL = context(run={"initial": True})
LATER = context()


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is L else (other, one)


def step(side: Side, target: str, source: str, effect: Effect = Effect.NOTIFIES, **more: Any) -> Step:  # noqa: ANN401 -- the step's
    """Return a step of which people are told, unless said otherwise."""
    return Step(WriteKind.UPDATE, side, target, None, source, None, "changed", effect=effect, **more)


@SIDES
def test_an_initial_run_holds_what_people_would_be_told_of(side: Side) -> None:
    """It is left out of the plan with all of its pair, parked, and a figure that a person may confirm."""
    other = side.other
    link = linked(LATER, ADA)
    create = Step(
        WriteKind.CREATE, side, "", None, "s1", None, "new", after=attrs.evolve(link, number=0), effect=Effect.NOTIFIES
    )
    change = step(side, "t2", "s2", Effect.CANCELS, after=link)
    removal = step(side, "t3", "s3")
    its_other = step(other, "s2", "t2", Effect.SILENT)
    quiet = step(side, "t4", "s4", Effect.SILENT)
    steps = [create, change, removal, its_other, quiet]

    found = hold(INITIAL, steps, ({}, {}), {})

    keys = {one: INITIAL.record_keys(side, [one]) for one in ("t2", "t3")}
    assert found == Held(
        (quiet,),
        (
            row(other, "s1", None, ParkedKind.IGNORED, "held_notifies", again=True),
            row(other, "s2", None, ParkedKind.FROZEN, "held_notifies", *keys["t2"], again=True),
            row(other, "s3", None, ParkedKind.FROZEN, "held_notifies", *keys["t3"], again=True),
        ),
        (Figure(f"{side.label}.held", 3, 0, holds=True),),
    )
    assert hold(INITIAL, steps, ({}, {}), {f"{side.label}.held": 3}) == Held(tuple(steps))
    assert hold(INITIAL, steps, ({}, {}), {f"{side.label}.held": 2}).figures == (
        Figure(f"{side.label}.held", 3, 2, holds=True),
    )
    assert hold(LATER, steps, ({}, {}), {}) == Held(tuple(steps))


def test_both_sides_writes_are_held_in_an_initial_run() -> None:
    """Each side has its figure, and the rows of both are kept; a pair is known by its number, be it the first."""
    first = linked(LATER, ADA, number=1)
    steps = [step(L, "t1", "s1", after=first), step(R, "t2", "s2")]

    found = hold(INITIAL, steps, ({}, {}), {})

    assert found.steps == ()
    assert [(one.side, one.id, one.kind) for one in found.rows] == [
        (R, "s1", ParkedKind.FROZEN),
        (L, "s2", ParkedKind.FROZEN),
    ]
    assert [one.name for one in found.figures] == ["left.held", "right.held"]


@SIDES
def test_what_was_held_stays_held_in_later_runs(side: Side) -> None:
    """As long as a row of one of its records says so; other rows hold nothing."""
    one, two = step(side, "t1", "s1"), step(side, "t2", "s2")
    held = Parked(side.other, "s1", None, ParkedKind.IGNORED, ("x", "held_notifies"))
    another = Parked(side, "t2", None, ParkedKind.IGNORED, ("x",))

    found = hold(LATER, [one, two], by_side(side, {"t2": another}, {"s1": held}), {})

    assert (found.steps, [kept.id for kept in found.rows]) == ((two,), ["s1"])
    assert hold(LATER, [one, two], by_side(side, {"t1": attrs.evolve(held, side=side)}, {}), {}).steps == (two,)


@SIDES
def test_what_is_held_stays_so_while_a_record_of_its_pair_is_set_aside_for_something_else(side: Side) -> None:
    """The reason is added where the new row does not say it; a record that is left for good waits for nobody."""
    other = side.other
    held = Parked(side, "h", None, ParkedKind.FROZEN, ("held_notifies",))
    unfit = Parked(side, "u", None, ParkedKind.IGNORED, ("missing:name",))
    rows = by_side(side, {"h": held, "u": unfit}, {})
    pairs = [attrs.evolve(linked(LATER, ADA), ids=ids) for ids in (by_side(side, "u", "v"), by_side(side, "h", "p"))]
    why = ("missing:name", "held_notifies")

    def of(side: Side, one: str, kind: ParkedKind, *why: str) -> Parked:
        return Parked(side, one, None, kind, why)

    anew = [
        of(side, "h", ParkedKind.FROZEN, "missing:name"),
        of(other, "p", ParkedKind.CONFLICT, "missing:name"),
        of(side, "h", ParkedKind.FROZEN, "held_notifies"),
        of(side, "h", ParkedKind.LEFT, "counterpart_ended"),
        of(other, "p", ParkedKind.IGNORED, "counterpart_was_merged"),
        of(side, "u", ParkedKind.IGNORED, "missing:name"),
        of(other, "h", ParkedKind.IGNORED, "missing:name"),
        of(other, "v", ParkedKind.IGNORED, "missing:name"),
    ]
    told = [attrs.evolve(one, reasons=why) for one in anew[:2]]
    assert list(held_still(anew, rows, pairs)) == [*told, *anew[2:]]
    assert list(held_still(anew, by_side(side, {"u": unfit}, {}), pairs)) == anew


def test_what_was_confirmed_to_be_held_counts_for_the_guard_too() -> None:
    """A confirmed figure of held writes lifts that of notifying ones, unless that was confirmed itself."""
    assert budget({"left.held": 3}) == {"left.held": 3, "left.notifying": 3}
    assert budget({"right.held": 2, "right.notifying": 5}) == {"right.held": 2, "right.notifying": 5}
    assert budget({"left.removals": 1}) == {"left.removals": 1}


def test_a_record_that_is_nobodys_counterpart_is_remembered_by_how_it_came() -> None:
    """A copy is known by the token of its step, one that was brought back by nothing."""
    made = item("c", ADA, "v3")

    copy, back = stands_alone(LATER, L, "r", "t", made), stands_alone(LATER, L, "", "t", made)

    assert copy == row(L, "c", "v3", ParkedKind.LEFT, "copy_of_a_loser", *copy_key(LATER, L, "t"))
    assert back == row(L, "c", "v3", ParkedKind.LEFT, "counterpart_ended")
    assert len({copy_key(LATER, side, token) for side in (L, R) for token in ("t", "u")}) == 4


LINE: Line[Any, Any] = Line(
    terms=lambda _record: [], kin=lambda _record, _other: None, ended=lambda record: record.title == "over"
)
IDS = {L: "l", R: "r"}


def test_each_side_has_its_own_line() -> None:
    """How records go on is asked of the side that they are on."""
    succession: Succession[Any, Any] = Succession(LINE, attrs.evolve(LINE, ended=lambda _record: False))

    assert (succession.line(L), succession.line(R)) == (succession.left, succession.right)
    assert succession.left != succession.right


@SIDES
def test_a_record_goes_on_in_a_new_one_where_one_pair_alone_has_ended(side: Side) -> None:
    """The heir takes the place of what is over or gone; of several pairs, or of one that goes on, it is parked."""
    new, partner = item("n", ADA, "vn"), item(IDS[side.other], ADA)
    link = linked(LATER, ADA)
    over = item(IDS[side], attrs.evolve(ADA, title="over"), "vo")
    gone = Absence(IDS[side], AbsenceReason.DELETED)

    def relative(own: Any, kin: Kin = Kin.HEIR) -> Relative:  # noqa: ANN401 -- any sight
        return Relative(kin, link, own, partner)

    def found(*relatives: Relative) -> Succeeded:
        return succeed(LATER, LINE, side, new, relatives)

    after = attrs.evolve(link, ids=by_side(side, "n", IDS[side.other]))
    series = "part_of_a_series_in_sync"
    assert found(relative(over)) == Succeeded((pass_over(LATER, side, over, series),), after, partner)
    assert found(relative(gone)) == Succeeded((), after, partner)
    assert found(relative(gone), relative(partner)) == Succeeded((), after, partner)
    assert found(relative(gone), relative(gone, Kin.SPENT)) == Succeeded((pass_over(LATER, side, new, series),))
    blocker = (side, IDS[side])
    assert found(relative(partner)) == Succeeded(
        (park(LATER, side, new, ("candidate_has_partner",), blockers=[blocker]),)
    )
    assert found(relative(gone), relative(over)) == Succeeded(
        (park(LATER, side, new, ("several_candidates",), blockers=[blocker, blocker]),)
    )


def newcomers(side: Side, **names: str) -> Sorted:
    """Return new records of a side that are fit."""
    sorted_ = Sorted()
    sorted_.fit[side].update({one: item(one, Person(name)) for one, name in names.items()})
    sorted_.keys[side].update({one: (name,) for one, name in names.items()})
    return sorted_


@SIDES
@pytest.mark.parametrize(
    "able",
    [{"stable_ids": False}, {"create_safety": CreateSafety.NATURAL_KEY}],
    ids=["ids that change", "no tokens"],
)
def test_a_record_that_is_gone_goes_on_in_the_one_new_record_that_is_it(side: Side, able: dict[str, Any]) -> None:
    """A single one with its fields takes its place, and is new no more; of several none does, nor another."""
    again = {"left" if side is L else "right": {"removal": RemovalPolicy(deleted=RemovalAction.RECREATE)}}
    of = context(able=able, **again)  # type: ignore[arg-type]
    link = linked(of, ADA)
    sights = by_side(side, Absence(IDS[side], AbsenceReason.DELETED), item(IDS[side.other], ADA))

    def adopted(sorted_: Sorted) -> tuple[Link, Any]:
        both = (item("l", ADA), item("r", ADA))
        before, (found, shown) = readopt(of, [(link, both), (link, sights)], sorted_)
        assert before == (link, both)
        return found, shown

    one = newcomers(side, a="Ada", b="Bob")
    it = one.fit[side]["a"]
    assert adopted(one) == (
        attrs.evolve(link, ids=by_side(side, "a", IDS[side.other])),
        by_side(side, it, sights[side.other]),
    )
    assert pair_listed(of, one) == by_side(side, ["b"], [])
    for nobody in (newcomers(side, b="Bob"), newcomers(side, a="Ada", c="Ada"), newcomers(side)):
        assert adopted(nobody) == (link, sights)
    tokened = newcomers(side, a="Ada", c="Ada", d="Dan")
    token = of.token(side, IDS[side.other])
    tokened.fit[side]["d"] = attrs.evolve(tokened.fit[side]["d"], token=token)
    assert adopted(tokened)[0].ids == by_side(side, "d", IDS[side.other])


@SIDES
def test_a_record_that_is_only_out_of_sight_goes_on_in_none(side: Side) -> None:
    """Nor does one of a side with stable ids, nor where both are gone, nor where its absence makes no create."""
    unstable, natural = context(able={"stable_ids": False}), context(able={"create_safety": CreateSafety.NATURAL_KEY})
    there = item(IDS[side.other], ADA)

    def ids(of: Any, one: Any, other: Any) -> tuple[str, str]:  # noqa: ANN401 -- any sights
        ((found, _),) = readopt(of, [(linked(of, ADA), by_side(side, one, other))], newcomers(side, a="Ada"))
        return found.ids

    deleted, unread = (Absence(IDS[side], why) for why in (AbsenceReason.DELETED, AbsenceReason.NO_ACCESS))
    for of, one, other in (
        (unstable, unread, there),
        (natural, deleted, there),
        (LATER, deleted, there),
        (unstable, deleted, deleted),
        (unstable, item(IDS[side], ADA), there),
    ):
        assert ids(of, one, other) == ("l", "r")
    assert ids(unstable, deleted, there) == by_side(side, "a", IDS[side.other])


def claim(shared: str, own: str = "o", *, under_way: bool = False, identity: bytes = b"i") -> Claim:
    """Return what another sync holds, the left side being shared."""
    return Claim(identity, "other", (shared, own), under_way)


REALM: Callable[..., Realm[Any]] = lambda **more: Realm(L, lambda record: record.name, **more)  # noqa: E731


@pytest.mark.parametrize(
    ("side", "claims", "own_copies", "against"),
    [
        (L, [], False, False),
        (R, [], False, False),
        (R, [claim("a")], True, True),
        (L, [claim("a")], False, True),
        (L, [claim("a")], True, False),
        (L, [claim("gone")], False, False),
        (L, [claim("gone", under_way=True)], False, True),
        (R, [claim("gone")], False, True),
    ],
)
def test_claims_of_other_syncs_stand_against_a_create(
    side: Side, claims: list[Claim], own_copies: bool, against: bool
) -> None:
    """One on a shared record that is gone counts for nothing, and where each sync has its own copy none does."""
    assert stands(REALM(own_copies=own_copies), side, iter(claims), frozenset({"gone"})) is against


def test_shared_records_are_known_by_the_pairs_of_other_syncs() -> None:
    """Each once and in order, and none whose create is under way; claims are found by what they claim."""
    claims = [claim("b"), claim("a"), claim("b", "p"), claim("c", under_way=True), claim("d", identity=b"j")]

    assert counterparts(REALM(), claims) == ["a", "b", "d"]
    assert by_identity(claims) == {b"i": claims[:4], b"j": claims[4:]}


def test_tokens_and_keys_are_bound_to_all_that_they_stand_for() -> None:
    """Sync, accounts, side, record and salt make another token each; keys of matches and of records are apart."""
    of = context()
    others = [
        of.token(L, "s"),
        of.token(R, "s"),
        of.token(L, "t"),
        of.token(L, "s", "salt"),
        attrs.evolve(of, sync="other").token(L, "s"),
        attrs.evolve(of, accounts=("eva", "crm")).token(L, "s"),
        attrs.evolve(of, accounts=("ada", "crm2")).token(L, "s"),
        attrs.evolve(of, key=b"another").token(L, "s"),
        of.token(L, "half a character: \ud83d"),
    ]

    assert len(set(others)) == len(others)
    assert others[0] == "53e81961a8ad93bdeaa1051bca65cdf4"
    assert [one.hex() for one in (*of.parked_keys(["Ada"]), *of.record_keys(L, ["Ada"]))] == [
        "83c9cddd78cc586e",
        "dd00b893fe34c00e",
    ]
    assert of.identity(L, "a") == b""
    assert of.identities(item("a", ADA), item("b", ADA)) == (b"", b"")


@SIDES
def test_an_identity_is_what_a_record_is_to_all_syncs_of_a_realm(side: Side) -> None:
    """On the shared side its id, on the other what a copy says; bound to the shared account, or to the realm's name."""

    def of(name: str = "", shared: str = "team", own: str = "ada") -> Context:
        made = context(realm=Realm(side, lambda record: record.name, name=name))
        return attrs.evolve(made, accounts=by_side(side, shared, own))

    def said(of: Context) -> list[bytes]:
        return [of.identity(side, "a"), of.identity(side.other, "x", ADA)]

    here = said(of())
    kinds = [*here, *said(of(shared="other")), *said(of("calendar"))]
    assert len(set(kinds)) == len(kinds)
    assert {len(one) for one in kinds} == {16}
    assert here == said(of(own="eva")) == said(attrs.evolve(of(), sync="eva/people"))
    assert said(of("calendar")) == said(of("calendar", shared="other"))
    assert here[1] == of().identity(side.other, "y", attrs.evolve(ADA, title="Prof"))
    assert here[1] != of().identity(side.other, "x", Person("Eva"))
    assert of().identity(side.other, "x", Person()) == b""
    items = by_side(side, item("a", ADA), item("x", ADA))
    assert of().identities(*items) == by_side(side, *here)


@pytest.mark.parametrize(
    ("name", "shared", "own"),
    [
        ("", "6f6a4a3bcb2887ad250c7fe4ecb113d3", "9dfd4baba2f6bf0b216b3fab2e949a2d"),
        ("calendar", "4ba14cd99b4921b8c66e69fac45f88da", "0a28cd81366265d86ddd325472b3ca55"),
    ],
)
def test_identities_are_those_that_states_hold(name: str, shared: str, own: str) -> None:
    """They are kept from run to run, and stay what they are in every release."""
    of = context(realm=REALM(name=name))

    assert (of.identity(L, "a").hex(), of.identity(R, "x", ADA).hex()) == (shared, own)


@SIDES
def test_a_create_claims_the_identity_of_its_source(side: Side) -> None:
    """The link to be made holds what the source is to the realm, so that no other sync creates it too."""
    for shared in (L, R):
        of = context(realm=Realm(shared, lambda record: record.name))
        after = create_step(of, side, item("s", ADA), "new").after

        assert after
        assert after.identities == by_side(side, b"", of.identity(side.other, "s", ADA))
        assert after.identities[side.other]
