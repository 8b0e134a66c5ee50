"""Provide Maximizer's appointment sync: one way, from an Outlook calendar to the CRM.

Outlook is the truth: when an event changes, every field of its appointment is asserted; until then whatever was
changed in the CRM is left alone. Looked after are the days around today. What slides out of them stays as it is on
both sides, what slides in is new. An appointment that matches is taken up, the rest are created; those deleted in
Outlook are deleted, and those deleted in the CRM come back while their event lies in the window.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from typing import ClassVar, Final

import attrs

from tallystick.matching import Matcher
from tallystick.ports import Scope, Side, Term
from tallystick.profiles.attendee_references import ENTRIES, LEADS, attendee_references
from tallystick.profiles.calendar_times import CrmTimes, appointment_recurrence, appointment_span
from tallystick.profiles.maximizer.appointment_rules import MOST_SUBJECT, AppointmentTable, appointment_rules
from tallystick.reconcile import (
    AROUND_THE_CLOCK,
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
from tallystick.settings import KnownZone, Within, setting
from tallystick.text import clean, cut

END_OF_TIME: Final = date(2200, 1, 1)
"""The day that stands for no end."""

DEFAULT_TABLE: Final = AppointmentTable()


@attrs.frozen(kw_only=True)
class AppointmentSettings:
    """The settings of the appointment sync."""

    name: ClassVar[str] = "maximizer-appointments"

    zone: str = setting(
        "UTC", "where the user lives: the window is counted by its days", extent=True, checks=(KnownZone(),)
    )
    days_back: int = setting(15, "how many days back from today are synced", extent=True, checks=(Within(0, 3650),))
    days_ahead: int = setting(30, "how many days ahead of today are synced", extent=True, checks=(Within(0, 3650),))
    cancelled_counts_as_deleted: bool = setting(
        default=False, words="whether a cancelled meeting that still lies in the calendar counts as deleted"
    )
    capacity: int | None = setting(None, "the most pairs that the sync may hold", checks=(Within(1),))
    interval: timedelta = setting(
        timedelta(minutes=10), "the time between two runs", checks=(Within(timedelta(minutes=1)),)
    )
    hours: Hours = setting(AROUND_THE_CLOCK, "the days and hours of runs by schedule")

    def profile(self, user: str, table: AppointmentTable = DEFAULT_TABLE) -> Profile[Event, Appointment]:
        """Return the profile of these settings, for the user whom the CRM knows by the id ``user``."""
        window = RollingWindow(self.days_back, self.days_ahead, self.zone)
        times = table.times(self.zone)
        return Profile(
            self.name,
            SideProfile(
                Event(),
                reasons_against=lambda event: _lacks(event, times),
                creates=False,
                removal=RemovalPolicy(deleted=RemovalAction.DELETE, out_of_scope=RemovalAction.KEEP),
                version=f"end {table.end_for_missing}" if table.end_for_missing else "1",
                window=window,
                lies_in=event_lies_in,
                rechecks=True,
                counts_as_deleted=_is_cancelled if self.cancelled_counts_as_deleted else _stands,
                references=attendee_references(ENTRIES, LEADS),
            ),
            SideProfile(
                Appointment(),
                Scope(),
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

    def event_keys(event: Event) -> Sequence[Hashable]:
        return [times.said_key(_subject(event.subject), times.span(event), times.recurrence(event))]

    def appointment_keys(appointment: Appointment) -> Sequence[Hashable]:
        span, recurrence = appointment_span(appointment), appointment_recurrence(appointment)
        return [times.said_key(_subject(appointment.subject), span, recurrence)]

    def appointment_terms(event: Event) -> Sequence[Term]:
        return [Term("subject", _subject(event.subject))]

    return Matcher(event_keys, appointment_keys, lambda _: (), appointment_terms)


def _subject(subject: str) -> str:
    """Return a subject as it is cut for the CRM."""
    return clean(cut(clean(subject), MOST_SUBJECT))


def _lacks(event: Event, times: CrmTimes) -> Sequence[str]:
    return [*(() if event.subject.strip() else ("missing:subject",)), *times.lacks(event)]


def _stands(_event: Event) -> bool:
    return False


def _is_cancelled(event: Event) -> bool:
    return event.is_cancelled
