"""What becomes of a pair of which a record is absent: to the last detail of the step, the row or the link."""

from datetime import date
from typing import Any

import attrs
import pytest

from tallystick.mapping.base import NO_BASE, unpack
from tallystick.ports import Absence, AbsenceReason, Parked, ParkedKind, Side, Window, WriteKind
from tallystick.reconcile import ConflictPolicy, LoserFate, RemovalAction, RemovalPolicy, reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.pairs import LostValue, decide_pair
from tallystick.reconcile.removals import Ending, Sight, decide_linked
from tallystick.reconcile.step import Effect, Step
from tests.reconcile.given import LATEST, RULES, L, Person, R, context, item, linked, row

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
EDITED = Person("Ada", "Prof", ("1", "2"), ("x",))
IDS = {L: "l", R: "r"}
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
OF = AbsenceReason


def sights(side: Side, absent: Sight, there: Sight) -> tuple[Sight, Sight]:
    """Return what both sides show, by side, where ``absent`` is that of ``side``."""
    return (absent, there) if side is L else (there, absent)


def gone(side: Side, reason: AbsenceReason = OF.DELETED) -> Absence:
    """Return the absence of the pair's record."""
    return Absence(IDS[side], reason)


def with_policy(side: Side, action: RemovalAction, reason: AbsenceReason = OF.DELETED, **more: Any) -> Context:  # noqa: ANN401 -- the context's
    """Return a context in which an absence for a reason has an action on one side."""
    settings = {"removal": RemovalPolicy(**{reason.value: action})}
    return context(**{"left" if side is L else "right": settings, **more})


def remove(side: Side, version: str | None = "v2", **more: Any) -> Step:  # noqa: ANN401 -- the step's
    """Return the step that deletes the record that is left on ``side``."""
    source = IDS[side.other]
    step = Step(WriteKind.REMOVE, side, IDS[side], version, source, "v1", "deleted", ends=7, effect=Effect.CANCELS)
    return attrs.evolve(step, **more)


@SIDES
def test_a_deletion_travels(side: Side) -> None:
    """The other record is deleted as it was seen, and the pair ends; without versions it is known by what it shows."""
    of = with_policy(side, RemovalAction.DELETE)
    link, other = linked(of, ADA), side.other

    assert decide_linked(of, link, sights(side, gone(side), item(IDS[other], ADA))) == Ending(link, remove(other))
    shown = of.mapping.digest(other, ADA)
    assert decide_linked(of, link, sights(side, gone(side), item(IDS[other], ADA, None))) == Ending(
        link, remove(other, None, shown=shown)
    )


@SIDES
def test_an_edit_beats_a_deletion_and_is_created_again(side: Side) -> None:
    """The edited record gets a counterpart again, under the pair's number, whose token is not that of the first."""
    of = with_policy(side, RemovalAction.DELETE)
    link, there = linked(of, ADA), item(IDS[side.other], EDITED)
    step = create_step(of, side, there, reasons.EDIT_BEATS_REMOVAL, number=7, salt=IDS[side])

    assert decide_linked(of, link, sights(side, gone(side), there)) == Ending(link, step, ends=False)
    assert step.token == of.token(side, IDS[side.other], IDS[side]) != of.token(side, IDS[side.other])
    again = with_policy(side, RemovalAction.RECREATE)
    anew = create_step(again, side, item(IDS[side.other], ADA), reasons.RECREATE, number=7, salt=IDS[side])
    assert decide_linked(again, link, sights(side, gone(side), item(IDS[side.other], ADA))) == Ending(
        link, anew, ends=False
    )


@SIDES
@pytest.mark.parametrize("action", [RemovalAction.DELETE, RemovalAction.WITHDRAW])
def test_an_edit_that_a_deletion_beats_has_lost(side: Side, action: RemovalAction) -> None:
    """What was edited goes with the record, and its values are named and kept; without a sink the deletion waits."""
    policy = attrs.evolve(LATEST, edit_beats_removal=action is RemovalAction.WITHDRAW)
    of = with_policy(side, action, conflict=policy)
    link, other, there = linked(of, ADA), side.other, item(IDS[side.other], EDITED)
    loses = {"title": "Prof", "phones": ("1", "2")}
    lost = [LostValue("title", other), LostValue("phones", other)]

    assert decide_linked(of, link, sights(side, gone(side), there)) == Ending(
        link, remove(other, loses=loses), lost=lost
    )
    keeping = attrs.evolve(policy, loser=LoserFate.SINK)
    held = row(other, IDS[other], "v1", ParkedKind.CONFLICT, "", again=True)
    held = attrs.evolve(held, reasons=("conflict:title", "conflict:phones"))
    without = with_policy(side, action, conflict=keeping)
    assert decide_linked(without, link, sights(side, gone(side), there)) == Ending(link, parks=[held], ends=False)
    with_sink = with_policy(side, action, conflict=keeping, run={"has_sink": True})
    assert decide_linked(with_sink, link, sights(side, gone(side), there)) == Ending(
        link, remove(other, loses=loses), lost=lost
    )
    assert decide_linked(without, link, sights(side, gone(side), item(IDS[other], ADA))) == Ending(link, remove(other))


@SIDES
@pytest.mark.parametrize("new_rule", [False, True])
def test_what_was_never_agreed_on_is_kept_as_an_edit_is(side: Side, new_rule: bool) -> None:
    """A value that was in conflict from the first has lost, too; one of a new rule, or none at all, has not."""
    of = with_policy(side, RemovalAction.WITHDRAW, conflict=attrs.evolve(LATEST, edit_beats_removal=False))
    rules, other = of.mapping.rules, side.other
    link = linked(of, ADA)
    base = b"".join(
        NO_BASE if rule.name in ("title", "phones") else one
        for rule, one in zip(rules, unpack(link.base[other]), strict=True)
    )
    layout = of.mapping.layout.replace("title@1", "title@0") if new_rule else of.mapping.layout
    link = attrs.evolve(link, base=(base, base), layout=layout)
    there = item(IDS[other], attrs.evolve(ADA, phones=("", "")))
    found = decide_linked(of, link, sights(side, gone(side), there))

    assert isinstance(found, Ending)
    assert found.step is not None
    assert found.step.loses == ({} if new_rule else {"title": "Dr"})
    assert found.lost == ([] if new_rule else [LostValue("title", other)])


@SIDES
@pytest.mark.parametrize(
    ("version", "record", "readable", "edited"),
    [
        ("v1", EDITED, True, False),
        ("v2", ADA, True, False),
        ("v2", EDITED, True, True),
        ("v2", ADA, False, True),
        ("v1", ADA, False, False),
        (None, ADA, True, False),
        (None, EDITED, True, True),
    ],
)
def test_under_another_layout_an_edit_is_rather_seen_than_missed(
    side: Side, version: str | None, record: Person, readable: bool, edited: bool
) -> None:
    """The version tells, or else every value does; where one has a base that can't be read, it may have been edited."""
    newer = (RULES[0], attrs.evolve(RULES[1], version=2), *RULES[2:])
    rules = (RULES[1], RULES[0], *RULES[2:]) if readable else newer
    settings = {"removal": RemovalPolicy(deleted=RemovalAction.DELETE)}
    of = context(rules, **{"left" if side is L else "right": settings})
    link = linked(context(), ADA, versions=("v1", "v1") if version else (None, None))

    found = decide_linked(of, link, sights(side, gone(side), item(IDS[side.other], record, version)))

    assert isinstance(found, Ending)
    assert found.step is not None
    assert found.step.kind is (WriteKind.CREATE if edited else WriteKind.REMOVE)


@SIDES
def test_an_absence_that_is_kept_changes_nothing(side: Side) -> None:
    """The pair stays as it is; a record that may not be read is listed as failed."""
    other = side.other
    of = with_policy(side, RemovalAction.KEEP)
    link = linked(of, ADA)
    failed = row(side, IDS[side], "v1", ParkedKind.FAILED, "no_access", again=True)

    assert decide_linked(of, link, sights(side, gone(side), item(IDS[other], EDITED))) == Ending(link, ends=False)
    assert decide_linked(of, link, sights(side, gone(side, OF.NO_ACCESS), item(IDS[other], ADA))) == Ending(
        link, parks=[failed], ends=False
    )


@SIDES
def test_a_pair_that_ends_without_a_write_is_remembered(side: Side) -> None:
    """The record that stays is set aside, so that it is not taken for a new one; a shared identity is kept with it."""
    of, other = with_policy(side, RemovalAction.TOMBSTONE), side.other
    link = linked(of, ADA)
    key = of.record_keys(side, [IDS[side]])
    known = attrs.evolve(link, identities=(b"one", b"two"))

    def ended(*keys: bytes) -> list[Parked]:
        return [row(other, IDS[other], "v2", ParkedKind.LEFT, "counterpart_ended", *keys)]

    there = sights(side, gone(side), item(IDS[other], ADA))
    assert decide_linked(of, link, there) == Ending(link, parks=ended(*key))
    assert decide_linked(of, known, there) == Ending(known, parks=ended(*key, known.identities[side]))


@SIDES
@pytest.mark.parametrize("action", [RemovalAction.DELETE, RemovalAction.DETACH, RemovalAction.RECREATE])
def test_nothing_is_written_of_a_pair_that_rests(side: Side, action: RemovalAction) -> None:
    """What became of one record ends the pair; both are remembered, as they were seen."""
    of, other = with_policy(side, action, OF.OUT_OF_SCOPE), side.other
    link, left_it = linked(of, ADA), item(IDS[side], ADA, "v3", member=False)

    found = decide_linked(of, link, sights(side, left_it, item(IDS[other], EDITED)), rests=True)

    keys = (of.record_keys(other, [IDS[other]]), of.record_keys(side, [IDS[side]]))
    assert found == Ending(
        link,
        parks=[
            row(side, IDS[side], "v3", ParkedKind.LEFT, "out_of_scope", *keys[0]),
            row(other, IDS[other], "v2", ParkedKind.LEFT, "counterpart_ended", *keys[1]),
        ],
    )


@SIDES
@pytest.mark.parametrize("action", [RemovalAction.DELETE, RemovalAction.WITHDRAW])
def test_a_record_that_may_not_be_deleted_stays_when_its_partner_goes(side: Side, action: RemovalAction) -> None:
    """The profile says so of the record itself: the pair ends, and the record is remembered and is not made anew."""
    other = side.other
    guarded: dict[str, Any] = {other.label: {"removable": lambda record: record.title != "Dr"}}
    of = with_policy(side, action, **guarded)
    link, free = linked(of, ADA), attrs.evolve(ADA, title="Mr")

    kept = row(other, IDS[other], "v2", ParkedKind.LEFT, "counterpart_ended", *of.record_keys(side, [IDS[side]]))
    assert decide_linked(of, link, sights(side, gone(side), item(IDS[other], ADA))) == Ending(link, parks=[kept])
    freely = linked(of, free)
    assert decide_linked(of, freely, sights(side, gone(side), item(IDS[other], free))) == Ending(freely, remove(other))


@SIDES
def test_of_a_pair_that_rests_nothing_is_written_when_a_record_goes(side: Side) -> None:
    """The record that is left stays where it is, also where it would have been deleted or taken off its list."""
    other = side.other
    for action in (RemovalAction.DELETE, RemovalAction.DETACH, RemovalAction.RECREATE):
        of = with_policy(side, action)
        link = linked(of, ADA)
        kept = row(other, IDS[other], "v2", ParkedKind.LEFT, "counterpart_ended", *of.record_keys(side, [IDS[side]]))
        pair = sights(side, gone(side), item(IDS[other], ADA))
        assert decide_linked(of, link, pair, rests=True) == Ending(link, parks=[kept])


@SIDES
def test_what_left_the_scope_takes_its_partner_along(side: Side) -> None:
    """Both stay, both are remembered as out of the scope, and the partner leaves the list if it is on it."""
    of, other = context(), side.other
    link = linked(of, ADA)
    left = item(IDS[side], ADA, "v3", member=False)
    parks = (
        row(side, IDS[side], "v3", ParkedKind.LEFT, "out_of_scope", *of.record_keys(other, [IDS[other]])),
        row(other, IDS[other], "v2", ParkedKind.LEFT, "out_of_scope", *of.record_keys(side, [IDS[side]])),
    )
    leave = Step(
        WriteKind.LEAVE,
        other,
        IDS[other],
        "v2",
        IDS[side],
        "v3",
        "out_of_scope",
        member=False,
        ends=7,
        parks=parks,
    )

    assert decide_linked(of, link, sights(side, left, item(IDS[other], ADA))) == Ending(link, leave, parks=[])
    apart = decide_linked(of, link, sights(side, left, item(IDS[other], ADA, member=False)))
    assert isinstance(apart, Ending)
    without_lists = context(able={"scopes": False})
    ended = attrs.evolve(parks[1], reasons=("counterpart_ended",))
    assert decide_linked(without_lists, link, sights(side, left, item(IDS[other], ADA))) == Ending(
        link, parks=[parks[0], ended]
    )
    detached = with_policy(side, RemovalAction.DETACH)
    assert decide_linked(detached, link, sights(side, gone(side), item(IDS[other], ADA))) == Ending(
        link, attrs.evolve(leave, reason="deleted", parks=(), source_version="v1")
    )


def test_two_records_that_are_gone_end_their_pair() -> None:
    """Of deleted ones nothing is remembered, of two that left the scope both are; what may come back is waited for."""
    of = context()
    link = linked(of, ADA)
    keys = {side: of.record_keys(side.other, [IDS[side.other]]) for side in (L, R)}
    aside = [row(side, IDS[side], None, ParkedKind.LEFT, "out_of_scope", *keys[side]) for side in (L, R)]

    def decided(left: AbsenceReason, right: AbsenceReason) -> object:
        return decide_linked(of, link, (gone(L, left), gone(R, right)))

    assert decided(OF.DELETED, OF.DELETED) == Ending(link)
    assert decided(OF.OUT_OF_SCOPE, OF.OUT_OF_SCOPE) == Ending(link, parks=aside)
    both_left = decide_linked(of, link, (item("l", ADA, "v3", member=False), item("r", ADA, "v4", member=False)))
    seen = [attrs.evolve(one, version=version) for one, version in zip(aside, ("v3", "v4"), strict=True)]
    assert both_left == Ending(link, parks=seen)
    assert decided(OF.OUT_OF_SCOPE, OF.DELETED) == decided(OF.DELETED, OF.OUT_OF_SCOPE) == Ending(link)
    for side in (L, R):
        failed = row(side, IDS[side], "v1", ParkedKind.FAILED, "no_access", again=True)
        reasons_ = (OF.NO_ACCESS, OF.DELETED) if side is L else (OF.DELETED, OF.NO_ACCESS)
        assert decided(*reasons_) == Ending(link, parks=[failed], ends=False)
    assert decided(OF.OUT_OF_WINDOW, OF.DELETED) == Ending(
        attrs.evolve(link, members=(False, False)), parks=[], ends=False
    )


@SIDES
def test_a_record_that_stands_for_nothing_any_more_is_deleted(side: Side) -> None:
    """What a profile counts as deleted is, though it is there; an edit of its partner is put into the same record."""
    settings = {
        "counts_as_deleted": lambda record: record.title == "cancelled",
        "removal": RemovalPolicy(deleted=RemovalAction.DELETE),
    }
    of = context(**{"left" if side is L else "right": settings})  # type: ignore[arg-type]
    link, other = linked(of, ADA), side.other
    void = item(IDS[side], attrs.evolve(ADA, title="cancelled"))

    assert decide_linked(of, link, sights(side, void, item(IDS[other], ADA))) == Ending(
        link, remove(other, source_version="v2")
    )
    edited = item(IDS[other], EDITED)
    pair = sights(side, void, edited)
    assert decide_linked(of, link, pair) == decide_pair(
        of,
        link,
        pair,  # type: ignore[arg-type]
        reasons.EDIT_BEATS_REMOVAL,
    )


@SIDES
def test_membership_counts_where_the_scope_is_that_of_the_link(side: Side) -> None:
    """A record that never was a member, or whose scope is another than before, has not left it."""
    of, other = context(), side.other
    link = linked(of, ADA)
    pair = sights(side, item(IDS[side], ADA, member=False), item(IDS[other], ADA))
    never = attrs.evolve(link, members=(side is R, side is L))
    moved = context(run={"rescoped": (side is L, side is R)})

    assert decide_linked(of, never, pair) == decide_pair(of, never, pair)  # type: ignore[arg-type]
    assert decide_linked(moved, link, pair) == decide_pair(moved, link, pair)  # type: ignore[arg-type]
    dropped = {"removal": RemovalPolicy(rescoped=RemovalAction.TOMBSTONE)}
    settings: dict[str, Any] = {"left" if side is L else "right": dropped, "run": {"rescoped": (side is L, side is R)}}
    rescoped = context(**settings)
    kept = decide_linked(context(**{**settings, "run": {}}), link, pair)
    assert isinstance(kept, Ending)
    assert kept.step is not None
    assert kept.step.kind is WriteKind.LEAVE
    found = decide_linked(rescoped, link, sights(side, gone(side), item(IDS[other], ADA)))
    assert isinstance(found, Ending)
    assert [one.reasons for one in found.parks] == [("counterpart_ended",)]


WINDOW = Window(date(2026, 3, 1), date(2026, 3, 31))


def in_window(**more: Any) -> Context:  # noqa: ANN401 -- the context's
    """Return the context of a run that looks after records without a label on both sides."""
    inside = {"lies_in": lambda record, window: window is WINDOW and not record.label}
    return context(left=inside, right=inside, run={"windows": (WINDOW, WINDOW)}, **more)


@SIDES
def test_a_pair_that_slid_out_of_the_window_rests(side: Side) -> None:
    """It is neither deleted nor written: what is outside is no member until it is listed again, and has its version."""
    of, other = in_window(), side.other
    out = attrs.evolve(ADA, label="long ago")
    link = linked(of, ADA)
    both = decide_linked(of, link, (item("l", out), item("r", out, "v3")))
    one = decide_linked(of, link, sights(side, item(IDS[side], out), item(IDS[other], ADA, "v3")))
    versions = ("v2", "v3") if side is L else ("v3", "v2")

    assert both == Ending(attrs.evolve(link, members=(False, False), versions=("v2", "v3")), parks=[], ends=False)
    assert one == Ending(attrs.evolve(link, members=(side is R, side is L), versions=versions), parks=[], ends=False)
    for was in ((False, True), (True, False)):
        before = attrs.evolve(link, members=was)
        found = decide_linked(of, before, sights(side, item(IDS[side], out), gone(other, OF.OUT_OF_WINDOW)))
        assert isinstance(found, Ending)
        assert found.link.members == (False, False)
        found = decide_linked(of, before, sights(side, item(IDS[side], out), item(IDS[other], ADA)))
        assert isinstance(found, Ending)
        assert found.link.members == (was[0] and side is R, was[1] and side is L)
    news = attrs.evolve(link, versions=(None, "v1"))
    resting = decide_linked(of, news, (item("l", out), item("r", out)))
    assert isinstance(resting, Ending)
    assert resting.link.versions == (None, "v2")


@SIDES
def test_an_edit_that_moves_a_record_out_of_the_window_is_carried_once_more(side: Side) -> None:
    """A record that was a member and was edited out there, or whose partner was edited inside, is merged as ever."""
    of, other = in_window(), side.other
    link = linked(of, ADA)
    moved = sights(side, item(IDS[side], attrs.evolve(EDITED, label="long ago")), item(IDS[other], ADA))
    partner = sights(side, item(IDS[side], attrs.evolve(ADA, label="long ago")), item(IDS[other], EDITED))

    for pair in (moved, partner):
        assert decide_linked(of, link, pair) == decide_pair(of, link, pair)  # type: ignore[arg-type]
    resting = attrs.evolve(link, members=(side is R, side is L))
    assert isinstance(decide_linked(of, resting, moved), Ending)
    assert decide_linked(of, resting, partner) == decide_pair(of, resting, partner)  # type: ignore[arg-type]


def test_without_a_policy_for_losers_the_profile_holds() -> None:
    """The usual policy keeps losers in a sink, and without one a deletion of what was edited waits."""
    of = with_policy(L, RemovalAction.WITHDRAW, conflict=ConflictPolicy())
    found = decide_linked(of, linked(of, ADA), (gone(L), item("r", EDITED)))

    assert isinstance(found, Ending)
    assert (found.step, found.ends) == (None, False)
