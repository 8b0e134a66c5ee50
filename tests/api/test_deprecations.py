"""What is deprecated works on, and says to whoever uses it what to use instead."""

import warnings

import pytest

from tallystick.deferred import deferred
from tallystick.deprecated import deprecated, renamed


@deprecated(since="0.2", instead="renewed()")
def old(number: int, *, twice: bool = False) -> int:
    """Return a number."""
    return number * (2 if twice else 1)


def test_a_deprecated_function_works_and_warns_its_caller() -> None:
    """The warning names the function, the release and what to use, and points at the line of the call."""
    with pytest.warns(
        DeprecationWarning, match=r"^old\(\) is deprecated since tallystick 0.2: use renewed\(\)$"
    ) as caught:
        assert old(2, twice=True) == 4

    (warning,) = caught
    assert warning.filename == __file__
    assert (old.__name__, old.__doc__) == ("old", "Return a number.")


def test_a_renamed_name_works_and_warns() -> None:
    """The old name of something gives the new one's value; other names, and names that are none, are as they were."""
    found, _ = deferred("tallystick", {"Sync": "tallystick.sync"})
    getattr_ = renamed("tallystick", {"Syncer": ("Sync", "0.2")}, found)

    with pytest.warns(
        DeprecationWarning, match=r"^tallystick.Syncer is deprecated since tallystick 0.2: use tallystick.Sync$"
    ):
        syncer = getattr_("Syncer")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert getattr_("Sync") is syncer
        with pytest.raises(AttributeError):
            getattr_("Nothing")
