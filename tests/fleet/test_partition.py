"""A plan that is made in parts is the plan that is made whole, step by step."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import attrs
import pytest

from tallystick import Plan
from tallystick.errors import UsageError
from tallystick.fleet.partition import partition, plan_in_parts
from tests.fleet import books


def normal(plan: Plan) -> Plan:
    """Return a plan with what has no order of its own in one."""
    return attrs.evolve(
        plan,
        links=tuple(sorted(plan.links, key=lambda link: link.ids)),
        parked=tuple(sorted(plan.parked, key=lambda row: (row.side, row.id))),
        notes=tuple(sorted(plan.notes, key=lambda note: (note.side, note.id, note.rule))),
    )


@pytest.mark.parametrize(("size", "seed", "parts"), [(0, 1, 4), (3, 1, 7), (150, 2, 1), (400, 3, 5), (400, 4, 64)])
def test_equal_to_the_whole(size: int, seed: int, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of parts, the plan has the same steps in the same order, and the same of all else."""
    monkeypatch.setenv(books.SIZE, str(size))
    monkeypatch.setenv(books.SEED, str(seed))
    expected = books.whole()
    cursors = expected.cursors_after
    with ThreadPoolExecutor(2) as executor:
        plan = plan_in_parts(executor, books.setup, books.listings(), cursors, parts)

    assert plan.steps == expected.steps
    assert normal(plan) == normal(expected)
    assert (size < 100) or {row.reasons[0] for row in plan.parked}


def test_equal_in_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is the same whichever processes its parts were made in: nothing hangs on how Python hashes there."""
    monkeypatch.setenv(books.SIZE, "300")
    monkeypatch.setenv(books.SEED, "7")
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    expected = books.whole()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        plan = plan_in_parts(executor, books.setup, books.listings(), expected.cursors_after, 4)

    assert normal(plan) == normal(expected)


def test_guards_look_at_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares and the capacity are of all pairs, not of those of a part."""
    monkeypatch.setenv(books.SIZE, "300")
    monkeypatch.setenv(books.SEED, "5")
    monkeypatch.setenv(books.CAPACITY, "200")
    expected = books.whole()
    with ThreadPoolExecutor(1) as executor:
        plan = plan_in_parts(executor, books.setup, books.listings(), expected.cursors_after, 9)

    assert plan.figures == expected.figures
    assert plan.stops


def test_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record is in one part, and no part has most of them."""
    monkeypatch.setenv(books.SIZE, "1000")
    monkeypatch.setenv(books.SEED, "6")
    listings = books.listings()
    parts = partition(books.setup().profile, listings, 8)

    for side in (0, 1):
        assert sorted(item.id for part in parts for item in part[side]) == sorted(item.id for item in listings[side])
    assert max(len(part[0]) for part in parts) < 2 * len(listings[0]) / 8


def test_what_cannot_be_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks beyond a part is refused, and not planned wrongly."""
    setup = books.setup()
    notifying = attrs.evolve(setup.capabilities[0], notifies_people=True)
    monkeypatch.setattr(books, "mailing", lambda: attrs.evolve(setup, capabilities=(notifying,) * 2), raising=False)
    with ThreadPoolExecutor(1) as executor, pytest.raises(UsageError, match="plan it whole"):
        plan_in_parts(executor, books.mailing, ((), ()), ("", ""), 2)  # type: ignore[attr-defined]
