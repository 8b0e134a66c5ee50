"""Provide Maximizer's appointment sync: one way, from an Outlook calendar to the CRM.

Outlook is the truth: when an event changes, every field of its appointment is asserted; until then whatever was
changed in the CRM is left alone. Looked after are the days around today. What slides out of them stays as it is on
both sides, what slides in is new. An appointment that matches is taken up, the rest are created; those deleted in
Outlook are deleted, and those deleted in the CRM come back while their event lies in the window.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Final

import attrs

from tallystick.matching import Matcher
from tallystick.ports import Side, Term
from tallystick.profiles.attendee_references import ENTRIES, LEADS, attendee_references
from tallystick.profiles.calendar_times import CrmTimes
from tallystick.profiles.fitness import missing
from tallystick.profiles.maximizer.appointment_rules import MOST_SUBJECT, AppointmentTable, appointment_rules
from tallystick.profiles.usual_settings import pair_capacity, run_hours, run_interval, window_days, window_zone
from tallystick.reconcile import (
    ConflictPolicy,
    Duplicates,
    Guards,
    Hours,
    LoserFate,
    Profile,
    Realm,
    RemovalAction,
    RemovalPolicy,
    RollingWindow,
    SideProfile,
    Winner,
)
from tallystick.records import Appointment, Event
from tallystick.records.occurring import appointment_lies_in, event_lies_in
from tallystick.recurrence.support import ENDLESS_IN_MAXIMIZER
from tallystick.settings import setting
from tallystick.text import cut_clean

END_OF_TIME: Final = ENDLESS_IN_MAXIMIZER
"""The day that stands for no end."""

DEFAULT_TABLE: Final = AppointmentTable()


@attrs.frozen(kw_only=True)
class AppointmentSettings:
    """The settings of the appointment sync."""

    name: ClassVar[str] = "maximizer-appointments"

    zone: str = window_zone()
    days_back: int = window_days(15, "back from")
    days_ahead: int = window_days(30, "ahead of")
    cancelled_counts_as_deleted: bool = setting(
        default=False, words="whether a cancelled meeting that still lies in the calendar counts as deleted"
    )
    capacity: int | None = pair_capacity(None)
    interval: timedelta = run_interval(timedelta(minutes=10))
    hours: Hours = run_hours()

    def profile(self, user: str, table: AppointmentTable = DEFAULT_TABLE) -> Profile[Event, Appointment]:
        """Return the profile of these settings, for the user whom the CRM knows by the id ``user``."""
        window = RollingWindow(self.days_back, self.days_ahead, self.zone)
        times = table.times(self.zone)
        return Profile(
            self.name,
            SideProfile(
                Event(),
                reasons_against=lambda event: [*missing(subject=event.subject), *times.lacks(event)],
                creates=False,
                removal=RemovalPolicy(deleted=RemovalAction.DELETE, out_of_scope=RemovalAction.KEEP),
                version=f"end {table.end_for_missing}" if table.end_for_missing else "1",
                window=window,
                lies_in=event_lies_in,
                rechecks=True,
                counts_as_deleted=lambda event: self.cancelled_counts_as_deleted and event.is_cancelled,
                references=attendee_references(ENTRIES, LEADS),
            ),
            SideProfile(
                Appointment(),
                removal=RemovalPolicy(deleted=RemovalAction.RECREATE, out_of_scope=RemovalAction.KEEP),
                window=window,
                lies_in=appointment_lies_in,
                follows=True,
            ),
            appointment_rules(user, self.zone, table),
            _matcher(times),
            ConflictPolicy(Winner.LEFT, LoserFate.DROP, edit_beats_removal=False),
            duplicates=Duplicates.NEVER,
            doubles=True,
            guards=Guards(capacity=self.capacity),
            interval=self.interval,
            hours=self.hours,
            writable=_writable(user),
            realm=Realm(Side.RIGHT, lambda event: event.uid),
        )


def appointments(
    user: str,
    *,
    zone: str = "UTC",
    days_back: int = 15,
    days_ahead: int = 30,
    table: AppointmentTable = DEFAULT_TABLE,
    cancelled_counts_as_deleted: bool = False,
    capacity: int | None = None,
    interval: timedelta = timedelta(minutes=10),
) -> Profile[Event, Appointment]:
    """Return the profile of the appointment sync.

    ``user`` is the CRM's id of whom the appointments belong to, ``zone`` where the user lives, by whose days the
    window is counted. ``table`` holds what may be chosen of the field table. A cancelled meeting that still lies in
    the calendar is synced as it is, unless it ``cancelled_counts_as_deleted``. ``capacity`` is the number of pairs
    that it may hold. The sync is to be given two directories, ``entries`` and ``leads``. Raises SettingsError for a
    zone that is not known.
    """
    settings = AppointmentSettings(
        zone=zone,
        days_back=days_back,
        days_ahead=days_ahead,
        cancelled_counts_as_deleted=cancelled_counts_as_deleted,
        capacity=capacity,
        interval=interval,
    )
    return settings.profile(user, table)


def _writable(user: str) -> Callable[[Event, Appointment], tuple[bool, bool]]:
    """Return who writes an appointment that several users have: the organizer's sync, or else the one that made it."""

    def writable(event: Event, appointment: Appointment) -> tuple[bool, bool]:
        return (False, event.is_organizer or appointment.organizer in ("", user))

    return writable


def _matcher(times: CrmTimes) -> Matcher[Event, Appointment]:
    """Return the matcher: subject, start and end, and the pattern of a series."""
    return Matcher(
        lambda event: [times.event_key(event, _subject(event))],
        lambda one: [times.appointment_key(one, _subject(one))],
        lambda _: (),
        lambda event: [Term("subject", _subject(event))],
    )


def _subject(record: Event | Appointment) -> str:
    """Return a subject as it is cut for the CRM."""
    return cut_clean(record.subject, MOST_SUBJECT)
