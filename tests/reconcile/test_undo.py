"""What takes a write back: to the last detail of the step, or of why there is none."""

from typing import Any

import attrs
import pytest

from tallystick.ports import Absence, AbsenceReason, Item, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import RemovalAction, RemovalPolicy
from tallystick.reconcile.context import Context
from tallystick.reconcile.pairs import decide_pair
from tallystick.reconcile.step import Effect, Step
from tallystick.reconcile.undo import Written, after_both, undo
from tests.reconcile.given import RULES, L, Person, R, context, item, linked, row

ADA = Person("Ada", "Dr", ("1", ""), ("x",))
EDITED = attrs.evolve(ADA, title="Prof", tags=("x", "y"))
IDS = {L: "l", R: "r"}
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
OF = context()


def written(side: Side, before: Person | None, after: Person | None, *fields: str, **more: Any) -> Written:  # noqa: ANN401 -- its members
    """Return what a run made of the record of a side."""
    return Written(side, IDS[side], IDS[side.other], before, after, more.get("members", (True, True)), fields)


def aside(side: Side, version: str | None) -> Parked:
    """Return the row of a record that is set aside."""
    return row(side, IDS[side], version, ParkedKind.LEFT, "counterpart_ended")


def step(kind: WriteKind, side: Side, version: str | None = "v2", **more: Any) -> Step:  # noqa: ANN401 -- the step's
    """Return a step of the pair, with no version of the other record to rest on."""
    return Step(kind, side, IDS[side], version, IDS[side.other], None, "undone", **more)


def deleting(side: Side, action: RemovalAction = RemovalAction.DELETE) -> Context:
    """Return a context in which deletions on the other side have an action."""
    removal = {"removal": RemovalPolicy(deleted=action)}
    return context(**{"right" if side is L else "left": removal})  # type: ignore[arg-type]


@SIDES
def test_what_was_created_is_removed_and_its_source_set_aside(side: Side) -> None:
    """The pair ends before the write, and neither record is taken for a new one, also where the write fails."""
    of, now = deleting(side), item(IDS[side], ADA)
    gone: dict[str, Any] = {"ends_first": True, "effect": Effect.CANCELS}
    link = linked(of, ADA)

    assert undo(of, 3, written(side, None, ADA), now, link) == step(
        WriteKind.REMOVE, side, ends=7, parks=(aside(side, "v2"), aside(side.other, "v1")), **gone
    )
    assert undo(of, 3, written(side, None, ADA), now, None) == step(
        WriteKind.REMOVE, side, parks=(aside(side, "v2"), aside(side.other, None)), **gone
    )
    alone = attrs.evolve(written(side, None, ADA), source="")
    by_itself = step(WriteKind.REMOVE, side, parks=(aside(side, "v2"),), **gone)
    assert undo(of, 3, alone, now, None) == attrs.evolve(by_itself, source="")
    shown = of.mapping.digest(side, ADA)
    unversioned = undo(of, 3, written(side, None, ADA), attrs.evolve(now, version=None), link)
    assert isinstance(unversioned, Step)
    assert (unversioned.version, unversioned.shown) == (None, shown)
    renamed = attrs.evolve(written(side, None, ADA), source="as it was called then")
    assert undo(of, 3, renamed, now, link) == undo(of, 3, written(side, None, ADA), now, link)


@SIDES
def test_where_nothing_is_deleted_what_was_created_leaves_its_list(side: Side) -> None:
    """Both records are set aside; where there is no list to leave, the removal policy is the reason why not."""
    of, now, what = deleting(side, RemovalAction.DETACH), item(IDS[side], ADA), written(side, None, ADA)
    leave = step(
        WriteKind.LEAVE,
        side,
        ends=7,
        member=False,
        parks=(aside(side, "v2"), aside(side.other, "v1")),
        ends_first=True,
    )

    assert undo(of, 3, what, now, linked(of, ADA)) == leave
    assert undo(of, 3, what, attrs.evolve(now, member=False), linked(of, ADA)) == "removal_policy"
    for other in (RemovalAction.TOMBSTONE, RemovalAction.KEEP):
        assert undo(deleting(side, other), 3, what, now, linked(of, ADA)) == "removal_policy"


@SIDES
@pytest.mark.parametrize(
    "now",
    [
        item("", EDITED),
        Absence("", AbsenceReason.DELETED),
        None,
    ],
    ids=["edited", "deleted", "unknown"],
)
def test_what_has_changed_since_is_left(side: Side, now: Any) -> None:  # noqa: ANN401 -- any sight
    """A record that was created and is another now, or is gone, is left out with that reason."""
    assert undo(deleting(side), 3, written(side, None, ADA), now, None) == "changed_since"


@SIDES
def test_what_was_deleted_is_created_again_and_belongs_to_nobody(side: Side) -> None:
    """It gets a token of its own, and is a member as it was; where a record is there, or may be, it is left out."""
    gone, what = Absence(IDS[side], AbsenceReason.DELETED), written(side, ADA, None, members=(False, True))
    token = OF.token(side, IDS[side], "undo of run 3")
    made = Step(WriteKind.CREATE, side, "", None, "", None, "undone", token, ADA, member=False, effect=Effect.NOTIFIES)

    assert undo(OF, 3, what, gone, None) == made
    for now in (item(IDS[side], ADA), Absence(IDS[side], AbsenceReason.NO_ACCESS), None):
        assert undo(OF, 3, what, now, None) == "changed_since"


@SIDES
def test_fields_are_given_back_and_the_sides_agree_to_differ(side: Side) -> None:
    """The base of the side that is written is what it shows then, the other's stays, and what moved has no version."""
    what, now = written(side, ADA, EDITED, "title", "tags"), item(IDS[side], EDITED)
    link = linked(OF, EDITED)
    back = linked(OF, *((ADA, EDITED) if side is L else (EDITED, ADA)), decided="undone")
    back = attrs.evolve(back, versions=(None, "v1") if side is L else ("v1", None))
    expected = step(
        WriteKind.UPDATE,
        side,
        fields={"title": "Dr", "tags": ("x",)},
        rules=("title", "tags"),
        moved=(1, 3),
        after=back,
        overwrites=True,
        effect=Effect.NOTIFIES,
    )
    expected = attrs.evolve(expected, source_version="v1")

    assert undo(OF, 3, what, now, link) == expected
    stood = undo(OF, 3, what, now, attrs.evolve(link, versions=("v2", "v2")))
    assert isinstance(stood, Step)
    assert stood.after is not None
    assert stood.after.versions == ("v2", "v2")
    alone = step(WriteKind.UPDATE, side, fields={"title": "Dr", "tags": ("x",)}, effect=Effect.NOTIFIES)
    assert undo(OF, 3, what, now, None) == alone
    emptied = undo(OF, 3, written(side, attrs.evolve(ADA, title=""), EDITED, "title"), now, link)
    assert isinstance(emptied, Step)
    assert (emptied.empties, emptied.overwrites) == (True, False)


@SIDES
def test_what_is_given_back_rests_on_the_pair_as_it_is_now(side: Side) -> None:
    """On what the record shows where it has no version, on the partner's present id, and on the present mapping."""
    what = written(side, attrs.evolve(ADA, tags=("x", "y")), ADA, "tags")
    moved = linked(context(RULES[:3]), ADA, ids=("l", "now") if side is L else ("now", "r"))

    found = undo(OF, 3, what, item(IDS[side], ADA, None), moved)

    assert isinstance(found, Step)
    assert (found.shown, found.source) == (OF.mapping.digest(side, ADA), "now")
    assert found.after is not None
    assert found.after.layout == OF.mapping.layout
    assert (found.fields, found.overwrites, found.empties) == ({"tags": ("x", "y")}, False, False)


@SIDES
def test_what_is_news_among_elements_stays_news(side: Side) -> None:
    """A write that is taken back agrees on no element that the base does not hold, and forgets no other."""
    news = attrs.evolve(EDITED, tags=("x", "y", "news"))
    link = linked(OF, attrs.evolve(EDITED, tags=("x", "y", "gone")))

    found = undo(OF, 3, written(side, ADA, news, "title"), item(IDS[side], news), link)
    taken = undo(
        OF, 3, written(side, attrs.evolve(news, tags=("x", "news")), news, "tags"), item(IDS[side], news), link
    )

    for one, tags, title in ((found, ("x", "y", "gone"), "Dr"), (taken, ("x", "gone"), "Prof")):
        assert isinstance(one, Step)
        assert one.after is not None
        assert one.after.base[side] == OF.mapping.digest(side, attrs.evolve(EDITED, tags=tags, title=title))
        assert one.after.base[side.other] == link.base[side.other]


@SIDES
def test_what_shows_as_before_needs_nothing(side: Side) -> None:
    """Where a field was edited since it is left out, where all is as it was before there is nothing to do."""
    link = linked(OF, EDITED)

    def undone(now: Item[Any], *fields: str, **more: Any) -> object:  # noqa: ANN401 -- its members
        return undo(OF, 3, written(side, ADA, EDITED, *fields, **more), now, link)

    assert undone(item(IDS[side], attrs.evolve(EDITED, title="Sir")), "title") == "changed_since"
    assert undone(item(IDS[side], attrs.evolve(EDITED, title="Sir")), "tags") != "changed_since"
    assert undone(item(IDS[side], EDITED), "name") == ""
    assert undone(item(IDS[side], EDITED)) == ""
    assert undone(item(IDS[side], EDITED, member=False), "title") == "changed_since"
    assert undo(OF, 3, written(side, ADA, EDITED), Absence("", AbsenceReason.DELETED), link) == "changed_since"


@SIDES
def test_membership_is_given_back_with_the_fields(side: Side) -> None:
    """What joined leaves, and its pair ends; what left joins again, and is set aside, as nobody's counterpart."""
    link, record = linked(OF, EDITED), item(IDS[side], EDITED)
    joined = written(side, ADA, EDITED, "title", members=(False, True))
    left = written(side, ADA, EDITED, "title", members=(True, False))

    assert undo(OF, 3, joined, record, link) == step(
        WriteKind.LEAVE,
        side,
        ends=7,
        member=False,
        fields={"title": "Dr"},
        parks=(aside(side, "v2"), aside(side.other, "v1")),
        ends_first=True,
        effect=Effect.NOTIFIES,
    )
    for what, member in ((joined, True), (left, False)):
        unversioned = undo(OF, 3, what, attrs.evolve(record, member=member, version=None), link)
        assert isinstance(unversioned, Step)
        assert unversioned.shown == OF.mapping.digest(side, EDITED)
    assert undo(OF, 3, left, attrs.evolve(record, member=False), link) == step(
        WriteKind.JOIN,
        side,
        member=True,
        fields={"title": "Dr"},
        parks=(aside(side, "v2"),),
        ends_first=True,
        effect=Effect.NOTIFIES,
    )


@SIDES
def test_a_profile_is_told_of_a_join_as_a_join(side: Side) -> None:
    """A plan and an undo ask what a write does to people by the kind of its step, and not where no field changes."""
    asked: list[WriteKind] = []

    def heard(kind: WriteKind, _before: object, _after: object) -> Effect:
        asked.append(kind)
        return Effect.NOTIFIES

    of = context(left={"effect": heard}, right={"effect": heard})
    steps: list[object] = []
    for record in (EDITED, ADA):
        target = item(IDS[side], record, member=False)
        pair = (target, item("r", ADA)) if side is L else (item("l", ADA), target)
        steps += decide_pair(of, linked(of, record), pair).steps
        left = written(side, ADA, record, "title", "tags", members=(True, False))
        steps.append(undo(of, 3, left, target, linked(of, record)))

    effects = [(step.kind, step.effect) for step in steps if isinstance(step, Step)]
    assert effects == [(WriteKind.JOIN, Effect.NOTIFIES)] * 2 + [(WriteKind.JOIN, Effect.SILENT)] * 2
    assert asked == [WriteKind.JOIN] * 2


def test_the_second_of_two_steps_rests_on_what_the_first_leaves() -> None:
    """Each side's base and version are those of its own step; after the first alone no version is known."""
    base: dict[Side, Link] = {
        side: Link(("l", "r"), (f"{side.label}0", f"{side.label}1"), (True, True), (side.label[:1].encode(), b"?"))
        for side in (L, R)
    }
    base[R] = attrs.evolve(base[R], base=(b"?", b"r"))
    steps = {side: step(WriteKind.UPDATE, side, after=base[side]) for side in (L, R)}

    for first, second in ((L, R), (R, L)):
        one, two = after_both(steps[first], steps[second])

        assert one == attrs.evolve(steps[first], after=attrs.evolve(base[first], versions=(None, None)))
        done = attrs.evolve(base[second], base=(b"l", b"r"), versions=("left0", "right1"))
        assert two == attrs.evolve(steps[second], after=done, waits=one.id)
