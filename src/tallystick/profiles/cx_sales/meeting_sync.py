"""Provide Oracle CX Sales' meeting sync: an Outlook calendar on the left, a CRM's meetings on the right, both ways.

What is synced is what a saved search finds, within days around today. A meeting that leaves the search stays on both
sides and is synced no more. Meetings are the same by subject, start, end and pattern. What is deleted on one side is
deleted on the other. A meeting that somebody else called is neither written nor deleted in the mailbox.
"""

from datetime import timedelta
from typing import ClassVar, Final

import attrs

from tallystick.mapping import BOTH_WAYS, TO_RIGHT, Rule, attribute, rule
from tallystick.matching import Matcher
from tallystick.ports import Term
from tallystick.profiles.calendar_times import (
    CrmTimes,
    exception_key,
    said_exceptions,
    said_span,
)
from tallystick.profiles.cx_sales.resolution import Resolution, conflict_policy
from tallystick.profiles.cx_sales.searches import MEETINGS, MY_OPEN_ACTIVITIES, SavedSearch
from tallystick.profiles.fitness import missing
from tallystick.profiles.meeting_effect import is_own_meeting, meeting_effect
from tallystick.profiles.meeting_lenses import (
    BODY,
    EVENT_EXCEPTIONS,
    EXCEPTIONS,
    NO_EXCEPTIONS,
    SPAN,
    event_recurrence,
    event_span,
    recurrence,
)
from tallystick.profiles.removals import removal_policy
from tallystick.profiles.usual_settings import run_hours, run_interval, window_days, window_zone
from tallystick.reconcile import (
    Duplicates,
    Hours,
    Profile,
    RollingWindow,
    SideProfile,
)
from tallystick.reconcile.profile import with_its_partner
from tallystick.records import Appointment, Event
from tallystick.records.occurring import appointment_lies_in, event_lies_in
from tallystick.recurrence import MAXIMIZER_APPOINTMENTS, Support
from tallystick.settings import fingerprint, setting
from tallystick.text import clean

DEFAULT_SUPPORT: Final = MAXIMIZER_APPOINTMENTS
"""The recurrences that a CRM is taken to have unless an integrator says otherwise: the plainest table there is."""


@attrs.frozen(kw_only=True)
class MeetingSettings:
    """The settings of the meeting sync."""

    name: ClassVar[str] = "cx-sales-meetings"

    enabled: bool = setting(default=True, words="whether the sync runs at all; an administrator may lock it")
    search: SavedSearch = setting(MY_OPEN_ACTIVITIES, "the saved search that finds what is synced", extent=True)
    resolution: Resolution = setting(Resolution.CRM_WINS, "whose version stands where both sides changed the same")
    whole_record: bool = setting(default=False, words="whether the winner's whole record stands, not only the fields")
    deletes: bool = setting(default=True, words="whether what is deleted on one side is deleted on the other")
    zone: str = window_zone()
    days_back: int = window_days(30, "back from")
    days_ahead: int = window_days(180, "ahead of")
    interval: timedelta = run_interval(timedelta(minutes=30))
    hours: Hours = run_hours()

    def profile(self, user: str, support: Support = DEFAULT_SUPPORT) -> Profile[Event, Appointment]:
        """Return the profile of these settings, for the user whom the CRM knows by the id ``user``.

        ``support`` is the table of the recurrences that the CRM has. Raises SettingsError for a search by a field that
        there is not.
        """
        found = self.search.matcher(MEETINGS, user)
        times = CrmTimes(self.zone, support)
        window = RollingWindow(self.days_back, self.days_ahead, self.zone)
        removal = removal_policy(deletes=self.deletes)
        return Profile(
            self.name,
            SideProfile(
                Event(),
                reasons_against=lambda event: [*missing(subject=event.subject), *times.lacks(event)],
                removal=removal,
                window=window,
                lies_in=event_lies_in,
                effect=meeting_effect,
                pauses=with_its_partner,
                removable=is_own_meeting,
            ),
            SideProfile(
                Appointment(organizer=user),
                reasons_against=lambda one: [*missing(subject=one.subject), *times.appointment_lacks(one)],
                removal=removal,
                version=fingerprint(self),
                window=window,
                lies_in=appointment_lies_in,
                admits=found,
                pauses=lambda appointment: not found(appointment),
            ),
            meeting_rules(times),
            _matcher(times),
            conflict_policy(self.resolution, whole_record=self.whole_record),
            duplicates=Duplicates.NEVER,
            doubles=True,
            writable=_writable,
            enabled=self.enabled,
            interval=self.interval,
            hours=self.hours,
        )


MeetingRule = Rule[Event, Appointment]


def meeting_rules(times: CrmTimes) -> tuple[MeetingRule, ...]:
    """Return the field table."""
    location: MeetingRule = rule("location", attribute("location"), attribute("location"))
    description: MeetingRule = rule("description", BODY, attribute("description"))
    keeps_exceptions = times.support.exceptions
    return (
        rule("subject", attribute("subject"), attribute("subject")),
        rule("times", event_span(times, times.zone), SPAN, said_span),
        rule("recurrence", event_recurrence(times), recurrence(times), times.said_recurrence),
        rule(
            "exceptions",
            EVENT_EXCEPTIONS,
            EXCEPTIONS if keeps_exceptions else NO_EXCEPTIONS,
            said_exceptions,
            direction=BOTH_WAYS if keeps_exceptions else TO_RIGHT,
        ).keyed(exception_key),
        description,
        location,
    )


def _writable(event: Event, _appointment: Appointment) -> tuple[bool, bool]:
    """Let nobody's meeting be written in a mailbox but the organizer's own."""
    return (event.is_organizer, True)


def _matcher(times: CrmTimes) -> Matcher[Event, Appointment]:
    """Return the matcher: subject, start and end, and the pattern of a series."""
    return Matcher(
        lambda event: [times.event_key(event, event.subject)],
        lambda one: [times.appointment_key(one, one.subject)],
        lambda one: [Term("subject", clean(one.subject))],
        lambda event: [Term("subject", clean(event.subject))],
    )
