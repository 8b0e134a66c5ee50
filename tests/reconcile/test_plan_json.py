"""A saved plan is read as it was written, or refused with what is wrong with it, and never with what it holds."""

import json
from collections.abc import Callable
from typing import Any, cast

import attrs
import pytest

from tallystick.errors import InputError, UsageError
from tallystick.ports import ParkedKind
from tallystick.reconcile import Plan, dump_plan, load_plan
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.pairs import decide_pair
from tallystick.reconcile.plan_json import LARGEST
from tests.reconcile.given import L, Person, R, context, item, linked, row

OF = context()
ADA = Person("Ada", "Dr", ("1", ""), ("x",))
STEPS = (
    create_step(OF, R, item("l2", Person("Eva \ud800")), "new"),
    *decide_pair(
        OF, linked(OF, ADA), (item("l", attrs.evolve(ADA, tags=())), item("r", attrs.evolve(ADA, title="R")))
    ).steps,
)
PLAN = Plan(
    *("ada/people", "people", 1, OF.mapping.layout, False, ("*", "*"), ("a", "b"), (None, "c"), ("d", "e"), 12),
    steps=(*STEPS, attrs.evolve(STEPS[1], loses={"tags": ("x", ("y", "z")), "title": "R"})),
    parked=(row(L, "p", None, ParkedKind.IGNORED, "duplicate", b"\x00\xff"),),
)


def test_a_plan_is_the_same_after_it_was_saved() -> None:
    """Records, fields, values that lose, digests and sides come back, and the same text is made of them."""
    text = dump_plan(PLAN)
    loaded = load_plan(text, OF.profile)

    assert loaded == PLAN
    assert dump_plan(loaded) == text
    assert text.isascii()
    assert all(one not in text for one in ('"planned"', '"entries"', " :", ": "))


def altered(change: Callable[[dict[str, Any]], None]) -> str:
    """Return the text of a plan in which something was changed."""
    read = json.loads(dump_plan(PLAN))
    change(read)
    return json.dumps(read)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the text is no saved plan"),
        ("[]", "the text is no saved plan"),
        ("{}", "the text is no saved plan"),
        ("[" * 100_000, "the text is no saved plan"),
    ],
    ids=["nothing", "a list", "an empty object", "deep"],
)
def test_a_text_that_is_no_plan_is_refused(text: str, said: str) -> None:
    """What is wrong is said, and that a new plan is due."""
    with pytest.raises(InputError) as caught:
        load_plan(text, OF.profile)

    assert str(caught.value) == f"{said} -- make a new plan"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda read: read.update(format=2), "the plan was saved in another format"),
        (lambda read: read["plan"].update(sync="eva"), "the plan is not as it was saved"),
        (lambda read: read.update(checksum=""), "the plan is not as it was saved"),
    ],
    ids=["format", "contents", "checksum"],
)
def test_a_plan_that_is_not_as_it_was_saved_is_refused(change: Callable[[dict[str, Any]], None], said: str) -> None:
    """Nothing of it is applied, whatever was changed."""
    with pytest.raises(InputError) as caught:
        load_plan(altered(change), OF.profile)

    assert str(caught.value) == f"{said} -- make a new plan"


def test_a_plan_that_was_laid_out_anew_is_the_one_that_was_saved() -> None:
    """In which order its keys stand, and with how much space, is no change."""
    read = json.loads(dump_plan(PLAN))
    turned = {**read, "plan": dict(reversed(read["plan"].items()))}

    assert load_plan(json.dumps(turned, indent=2), OF.profile) == PLAN


def test_a_plan_for_other_records_is_refused() -> None:
    """So is a text that is too large to be looked at."""

    class Large(str):
        __slots__ = ()

        def __len__(self) -> int:
            return LARGEST + 1

    other = attrs.evolve(
        OF.profile,
        mapping=(),
        left=attrs.evolve(OF.profile.left, blank={}),
        right=attrs.evolve(OF.profile.right, blank=item("", ADA)),
    )
    for text, profile, said in (
        (Large(), OF.profile, "the plan is too large to be one"),
        (dump_plan(PLAN), other, "the plan does not fit the profile's records"),
    ):
        with pytest.raises(InputError) as caught:
            load_plan(text, profile)
        assert str(caught.value) == f"{said} -- make a new plan"


@pytest.mark.parametrize("part", ["fields", "loses"])
def test_a_plan_that_changes_or_loses_what_json_can_not_say_is_not_saved(part: str) -> None:
    """The record and the field are named, behind what can be said of them, and nothing of the value."""
    held: dict[str, Any] = {part: {"name": "Eva", "tags": ({"secret"},)}}
    step = attrs.evolve(STEPS[1], **held)

    with pytest.raises(UsageError, match="can't say, so the plan can't be saved") as refused:
        dump_plan(attrs.evolve(PLAN, steps=(STEPS[0], step)))
    assert str(refused.value).startswith(f"{step.side.label} side, the {step.kind} of {step.target}, field tags: ")
    assert "secret" not in str(refused.value)


def test_what_is_no_plan_is_neither_saved_nor_loaded() -> None:
    """What a lookup that found nothing returns is refused, and is not kept as if it were a plan."""
    with pytest.raises(UsageError, match=r"^a int is no plan -- pass what plan\(\) or undo\(\) returned$"):
        dump_plan(cast("Any", 5))
    with pytest.raises(InputError, match=r"^a int is no saved plan -- pass the text that dump_plan\(\) returned$"):
        load_plan(cast("Any", 5), OF.profile)
