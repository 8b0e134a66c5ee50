"""Policies: what they allow, how long they wait, and what they refuse to be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import attrs
import pytest

from tallystick.errors import SettingsError
from tallystick.ports import AbsenceReason, Scope, Side, Window
from tallystick.reconcile import (
    Choice,
    ConflictPolicy,
    Guards,
    Hours,
    Limit,
    RemovalAction,
    RemovalPolicy,
    Retries,
    RollingWindow,
    SideProfile,
)
from tests.reconcile.given import NOW, RULES, Person, context

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("share", "floor", "pairs", "allowed"),
    [(0.2, 10, 0, 10), (0.2, 10, 50, 10), (0.2, 10, 55, 11), (0.2, 10, 59, 11), (0.0, 0, 1000, 0), (1.0, 0, 7, 7)],
)
def test_a_limit_is_a_share_of_the_pairs_and_never_less_than_its_floor(
    share: float, floor: int, pairs: int, allowed: int
) -> None:
    """A share is rounded down, and few pairs allow as much as the floor says."""
    assert Limit(share, floor).allowed(pairs) == allowed


@pytest.mark.parametrize(("share", "floor"), [(-0.01, 0), (1.01, 0), (0.5, -1)])
def test_a_limit_that_is_none_is_refused(share: float, floor: int) -> None:
    """A share below none or above all, and a floor below nothing, are refused with what would do."""
    with pytest.raises(SettingsError) as caught:
        Limit(share, floor)

    assert str(caught.value) == (
        "a guard's share is not between 0 and 1, or its floor is negative"
        " -- give a share such as 0.2, and a floor such as 10"
    )


def test_retries_come_after_twice_as_long_each_and_then_no_more() -> None:
    """From ten minutes to a day, and none after the last attempt; a very late one waits no longer than the longest."""
    waits = [Retries().wait(attempts) for attempts in range(1, 14)]

    assert waits == [
        *(10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 80 * MINUTE, 160 * MINUTE, 320 * MINUTE, 640 * MINUTE, 1280 * MINUTE),
        *(timedelta(days=1), timedelta(days=1), timedelta(days=1), None, None),
    ]
    patient = Retries(timedelta(microseconds=1), timedelta(days=9999), most=100_000)
    assert patient.wait(17) == patient.wait(99_999) == timedelta(microseconds=2**16)
    assert Retries(MINUTE, MINUTE, most=1).wait(1) is None


@pytest.mark.parametrize(
    "made",
    [
        lambda: Retries(most=0),
        lambda: Retries(timedelta(0)),
        lambda: Retries(2 * MINUTE, MINUTE),
    ],
    ids=["no attempt", "no wait", "longer than the longest"],
)
def test_retries_that_are_none_are_refused(made: Callable[[], Retries]) -> None:
    """Retries that never begin, or come later than the latest, are refused with what would do."""
    with pytest.raises(SettingsError) as caught:
        made()

    assert str(caught.value) == (
        "retries that never begin, or come later than the latest"
        " -- give at least one attempt, and a first wait no longer than the longest"
    )


def test_each_reason_of_an_absence_has_its_own_action() -> None:
    """The action for a reason is the one that was given for it."""
    policy = RemovalPolicy(
        RemovalAction.DELETE, RemovalAction.DETACH, RemovalAction.RECREATE, RemovalAction.TOMBSTONE, RemovalAction.KEEP
    )

    assert {reason: policy.action(reason) for reason in AbsenceReason if hasattr(policy, reason.value)} == {
        AbsenceReason.DELETED: RemovalAction.DELETE,
        AbsenceReason.OUT_OF_SCOPE: RemovalAction.DETACH,
        AbsenceReason.OUT_OF_WINDOW: RemovalAction.RECREATE,
        AbsenceReason.NO_ACCESS: RemovalAction.TOMBSTONE,
    }


def test_a_choice_is_by_rule_or_for_all_others() -> None:
    """What was chosen for a rule stands for it, the winner for every other, and without either nothing was chosen."""
    choice = Choice(Side.LEFT, {"title": Side.RIGHT})

    assert [choice.of("title"), choice.of("name"), Choice().of("name")] == [Side.RIGHT, Side.LEFT, None]


@pytest.mark.parametrize("side", list(Side), ids=lambda side: side.label)
def test_what_is_replaced_must_not_be_taken_for_deleted(side: Side) -> None:
    """A rule that makes records anew is refused on a side whose deleted records are not created again."""
    rules = (RULES[0].replacing(side), *RULES[1:])
    again = {"left" if side is Side.LEFT else "right": {"removal": RemovalPolicy(deleted=RemovalAction.RECREATE)}}

    with pytest.raises(SettingsError) as caught:
        context(rules)

    assert str(caught.value) == (
        f"{side.label} side: the rule name replaces records of a side whose deleted records are not recreated"
        " -- set its removal policy to RECREATE for deleted, or let the rule update"
    )
    assert context(rules, **again).mapping.replacing[side] == (0,)


def test_a_side_takes_everything_unless_it_says_otherwise() -> None:
    """Every record takes part, is fit, counts in an initial run, lies in any window, and is neither void nor paused."""
    plain, record, days = SideProfile(Person()), Person("Ada"), RollingWindow(1).at(NOW)

    said = [plain.takes_part(record), plain.initially(record, NOW), plain.lies_in(record, days), plain.admits(record)]
    assert said == [True] * 4
    assert [plain.counts_as_deleted(record), plain.pauses(record), plain.blocks(record)] == [False, False, ""]
    assert [*plain.reasons_against(record), *plain.reasons_against_new(record)] == []


def test_a_side_has_an_extent_of_its_scope_its_window_and_its_version() -> None:
    """Another list, other days or another version are another extent; a window is told from the day of the run."""
    days = RollingWindow(1, 2)
    plain, listed = SideProfile(Person()), SideProfile(Person(), Scope("Clients"), window=days, version="2")

    assert (plain.extent, listed.extent) == ("*||1", f"Clients|{days}|2")
    assert plain.scope_at(NOW) == Scope()
    assert listed.scope_at(NOW) == Scope("Clients", days.at(NOW))
    fixed = Scope(None, days.at(NOW))
    assert SideProfile(Person(), fixed).extent == f"*|{fixed.window}|1"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            lambda: ConflictPolicy(winner=cast("Any", "left")),
            "ConflictPolicy: winner is of the type str, and has to be of Winner",
        ),
        (
            lambda: RemovalPolicy(deleted=cast("Any", "delete")),
            "deleted is of the type str, and has to be of RemovalAction",
        ),
        (
            lambda: RemovalPolicy(rescoped=cast("Any", 7)),
            "rescoped is of the type int, and has to be of RemovalAction or None",
        ),
        (lambda: Guards(removals=cast("Any", 0.2)), "Guards: removals is of the type float, and has to be of Limit"),
        (lambda: Limit(cast("Any", "0.2"), 10), "Limit: share is of the type str, and has to be of float"),
        (lambda: Retries(first=cast("Any", 600)), "Retries: first is of the type int, and has to be of timedelta"),
        (lambda: RollingWindow(cast("Any", None)), "RollingWindow: days_back is None, and has to be of int"),
        (lambda: RollingWindow(zone=cast("Any", 7)), "zone is of the type int, and has to be of str"),
        (lambda: Hours(start=cast("Any", 8)), "Hours: start is of the type int, and has to be of time"),
        (lambda: Scope(cast("Any", 7)), "Scope: name is of the type int, and has to be of str or None"),
        (lambda: Window(cast("Any", "2026-01-05"), NOW), "Window: first is of the type str, and has to be of date"),
        (
            lambda: attrs.evolve(context().profile, left=SideProfile(Person(), removal=cast("Any", None))),
            "left side: removal is None, and has to be of RemovalPolicy",
        ),
        (
            lambda: attrs.evolve(context().profile, interval=cast("Any", 600)),
            "^people: interval is of the type int, and has to be of timedelta",
        ),
    ],
)
def test_a_policy_of_another_type_is_refused(made: Callable[[], object], said: str) -> None:
    """A winner that is the text "left" would be none, and the later edit would win."""
    with pytest.raises(SettingsError, match=said):
        made()


def test_a_whole_number_is_a_share_too() -> None:
    """One is one, whether it is written as 1 or as 1.0."""
    assert Limit(1, 0).allowed(7) == 7
