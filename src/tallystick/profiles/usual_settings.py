"""Provide the settings that several syncs have, said in the same words."""

from datetime import timedelta

from tallystick.reconcile import AROUND_THE_CLOCK, Hours
from tallystick.settings import KnownZone, Within, setting

_MOST_DAYS = 3650


def run_interval(usual: timedelta, least: timedelta = timedelta(minutes=1)) -> timedelta:
    """Declare the time between two runs."""
    return setting(usual, "the time between two runs", checks=(Within(least),))


def run_hours() -> Hours:
    """Declare the hours of runs."""
    return setting(AROUND_THE_CLOCK, "the days and hours of runs by schedule")


def pair_capacity(usual: int | None) -> int | None:
    """Declare the number of pairs that there is room for."""
    return setting(usual, "the most pairs that the sync may hold", checks=(Within(1),))


def window_zone() -> str:
    """Declare the zone of a calendar's user."""
    words = "where the user lives: the window is counted by its days"
    return setting("UTC", words, extent=True, checks=(KnownZone(),))


def window_days(usual: int, direction: str) -> int:
    """Declare how far a window reaches, ``direction`` being *back from* today or *ahead of* it."""
    return setting(usual, f"how many days {direction} today are synced", extent=True, checks=(Within(0, _MOST_DAYS),))


def task_zone() -> str:
    """Declare the zone of a task list's user."""
    return setting("UTC", "where the user lives: dates go by its days", checks=(KnownZone(),))
