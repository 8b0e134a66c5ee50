"""The days that a rolling window covers, as told from the day of a run."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tallystick.errors import SettingsError
from tallystick.ports import Window
from tallystick.reconcile import RollingWindow


def test_a_window_is_whole_days_around_today() -> None:
    """Fifteen days back and thirty ahead, both ends included."""
    window = RollingWindow(15, 30).at(datetime(2026, 3, 20, 12, tzinfo=UTC))

    assert window == Window(date(2026, 3, 5), date(2026, 4, 19), "UTC")


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Auckland", 21), ("America/Los_Angeles", 20), ("UTC", 20)])
def test_today_is_the_users_day(zone: str, today: int) -> None:
    """At noon in London it is tomorrow already in Auckland."""
    window = RollingWindow(zone=zone).at(datetime(2026, 3, 20, 12, tzinfo=UTC))

    assert window == Window(date(2026, 3, today), date(2026, 3, today), zone)


def test_a_month_back_from_a_day_that_the_month_lacks_is_its_last() -> None:
    """From the 31st of March a month back is the 28th of February, and two months ahead the 31st of May."""
    window = RollingWindow(months_back=1, months_ahead=2).at(datetime(2026, 3, 31, tzinfo=UTC))

    assert (window.first, window.last) == (date(2026, 2, 28), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("fixed", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 3, 10), date(2026, 3, 30)),
        (date(2026, 3, 15), date(2026, 3, 15), date(2026, 3, 30)),
        (date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_a_fixed_first_day_only_narrows(fixed: date, first: date, last: date) -> None:
    """The chosen start date counts where it is later than the rolling edge."""
    window = RollingWindow(10, 10, not_before=fixed).at(datetime(2026, 3, 20, tzinfo=UTC))

    assert (window.first, window.last) == (first, last)


NEGATIVE = "a window of negative length -- give days and months of 0 or more"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: RollingWindow(days_back=-1), NEGATIVE),
        (lambda: RollingWindow(days_ahead=-1), NEGATIVE),
        (lambda: RollingWindow(months_back=-1), NEGATIVE),
        (lambda: RollingWindow(months_ahead=-1), NEGATIVE),
        (
            lambda: RollingWindow(zone="Europe/Atlantis"),
            "the window's zone is not known -- name one such as Europe/Paris",
        ),
    ],
    ids=["days back", "days ahead", "months back", "months ahead", "zone"],
)
def test_what_is_no_window_is_refused(made: Callable[[], RollingWindow], said: str) -> None:
    """A negative length and a zone that nobody knows are mistakes of the caller, who is told what would do."""
    with pytest.raises(SettingsError) as caught:
        made()

    assert str(caught.value) == said
