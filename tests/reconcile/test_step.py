"""What a step is known by, and which steps are no pair's."""

from typing import Any

import attrs

from tallystick.ports import WriteKind
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.step import Step
from tests.reconcile.given import L, Person, R, context, item

UPDATE = Step(WriteKind.UPDATE, R, "r", "v2", "l", "v1", "changed", "token")


def test_a_step_is_known_by_what_it_rests_on() -> None:
    """Another kind, side, record, version or token is another step; what it writes, and why, is none."""
    changes: dict[str, Any] = {
        "kind": WriteKind.JOIN,
        "side": L,
        "target": "r2",
        "version": None,
        "source": "l2 \ud800",
        "source_version": None,
        "token": "",
    }
    others = [attrs.evolve(UPDATE, **{name: value}) for name, value in changes.items()]

    assert len({one.id for one in (UPDATE, *others)}) == 8
    assert attrs.evolve(UPDATE, reason="chosen", fields={"name": "Eva"}, rules=("name",)).id == UPDATE.id
    assert len(UPDATE.id) == 16


def test_a_create_that_no_link_comes_of_stands_alone() -> None:
    """A new record of a pair does not, nor does a write that leaves the pair as it is."""
    made = create_step(context(), R, item("l", Person("Ada")), "new")

    assert not made.stands_alone
    assert attrs.evolve(made, after=None).stands_alone
    assert not UPDATE.stands_alone
