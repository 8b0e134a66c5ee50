"""Errors travel: a pool of processes or a task queue pickles what a run raises."""

import copy
import math
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tallystick import errors
from tallystick.errors import TallystickError
from tallystick.recurrence import InvalidRecurrence
from tallystick.testing import ContractBroken

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)

RAISED: list[TallystickError] = [
    errors.UsageError("what", where="where", remedy="remedy"),
    errors.InvalidSettings({"interval": "too short", "": "no two of a kind"}, where="where"),
    errors.LockedSetting(["capacity", "interval"]),
    errors.StaleConflict("what", versions=("1", None), rules=["name"]),
    errors.AlreadySettled("what", run=7, at=AT, versions=("1", "2")),
    errors.MissingExtra("what", remedy="remedy"),
    errors.Throttled(retry_after=1.5),
    errors.LeaseHeld("what", worker="w", until=AT, token=3, where="sync"),
    errors.GuardTripped("what", figures={"left.removals": (40, 12)}, where="sync"),
    InvalidRecurrence("what"),
    ContractBroken("what"),
]


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_an_error_that_was_pickled_or_copied_says_the_same(error: TallystickError) -> None:
    """It is of the same class, and has the same text and the same values."""
    error.add_note("seen by the host")
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error), copy.copy(error)):  # noqa: S301 -- our own
        assert type(again) is type(error)
        assert (str(again), again.to_dict(), vars(again)) == (str(error), error.to_dict(), vars(error))


@pytest.mark.parametrize(
    "asked",
    ["2", timedelta(seconds=2), True, math.nan, math.inf, -math.inf, 1e300, 10**400],
    ids=lambda asked: repr(asked)[:9],
)
def test_a_wait_is_a_number_of_seconds(asked: Any) -> None:  # noqa: ANN401 -- no number, on purpose
    """The text of a header is refused where it is passed on, and not in the middle of a run."""
    with pytest.raises(errors.UsageError, match=r"retry_after: a .* is no number of seconds -- give the seconds"):
        errors.Throttled(retry_after=asked)
