"""Provide ZynSync's calendar sync: a mailbox's events and a CRM's, both ways, within a window of three months.

Events are a pair if title, start and end are identical, and the pattern of a series. Of several that are, the oldest
is taken. What is deleted on one side is unlinked, remembered and not created again. Private events travel as time that
is taken. A meeting that somebody else called is written by nobody but that organizer.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeVar

import attrs

from tallystick.mapping import BOTH_WAYS, TO_LEFT, TO_RIGHT, Direction
from tallystick.matching import Matcher
from tallystick.ports import Side, Term
from tallystick.profiles.attendee_references import ENTRIES, LEADS, attendee_references
from tallystick.profiles.calendar_times import CrmTimes
from tallystick.profiles.fitness import missing
from tallystick.profiles.meeting_effect import is_own_meeting, meeting_effect
from tallystick.profiles.meeting_lenses import is_private_event
from tallystick.profiles.removals import removal_policy
from tallystick.profiles.usual_settings import run_hours, run_interval, window_zone
from tallystick.profiles.zynsync.calendar_rules import MOST_SUBJECT, CalendarTable, calendar_rules
from tallystick.profiles.zynsync.invitees import Company, is_organizer
from tallystick.profiles.zynsync.privacy import MASK, is_private_appointment
from tallystick.reconcile import (
    ConflictPolicy,
    Duplicates,
    Hours,
    LoserFate,
    Profile,
    Realm,
    RollingWindow,
    SideProfile,
    Winner,
)
from tallystick.records import Appointment, Event, RelationKind
from tallystick.records.occurring import appointment_lies_in, event_lies_in
from tallystick.settings import setting
from tallystick.text import cut_clean

S = TypeVar("S")
C = TypeVar("C", Event, Appointment)


class Ways(StrEnum):
    """In which directions anything is written."""

    BOTH = "both"
    TO_CRM = "to the CRM"
    TO_MAILBOX = "to the mailbox"


class Filter(StrEnum):
    """Which events of one side are synced to the other."""

    ONLY_PAIRS = "only pairs"
    """Those that are in a pair already: nothing is created."""
    ALL = "all"
    WITH_INVITEE = "with invitee"
    """Those with somebody invited beside the organizer."""
    WITH_PERSON = "with person"
    """Those with a contact or a lead of the CRM among the invited."""


@attrs.frozen
class EventType:
    """The CRM's kind of event that new ones get: its name, and the custom fields that it requires, with their defaults.

    A required field without default (None) stands against every new event.
    """

    name: str = ""
    required: tuple[tuple[str, str | None], ...] = ()

    @property
    def lacks(self) -> str:
        """The first required field that nothing fills, with the type's name before it; empty if there is none."""
        return next((f"{self.name}.{field}" for field, default in self.required if not default), "")

    @property
    def defaults(self) -> tuple[tuple[str, str], ...]:
        """The custom fields of a new event."""
        return tuple((field, default) for field, default in self.required if default)


PLAIN_EVENTS: Final = EventType()


@attrs.frozen
class Filters:
    """The filter of each direction, by where an event comes from."""

    from_mailbox: Filter = Filter.ALL
    from_crm: Filter = Filter.ALL


_DIRECTIONS: Final[Mapping[Ways, Direction]] = {
    Ways.BOTH: BOTH_WAYS,
    Ways.TO_CRM: TO_RIGHT,
    Ways.TO_MAILBOX: TO_LEFT,
}


@attrs.frozen(kw_only=True)
class CalendarSettings:
    """The settings of the calendar sync."""

    name: ClassVar[str] = "zynsync-calendar"

    zone: str = window_zone()
    since: date | None = setting(None, "the first day that is synced; at most a month back in any case", extent=True)
    ways: Ways = setting(Ways.BOTH, "in which directions anything is written", extent=True)
    from_mailbox: Filter = setting(Filter.ALL, "which events of the mailbox are synced to the CRM", extent=True)
    from_crm: Filter = setting(Filter.ALL, "which events of the CRM are synced to the mailbox", extent=True)
    deletes: bool = setting(
        default=False, words="whether what is deleted on one side is deleted on the other, instead of unlinked"
    )
    interval: timedelta = run_interval(timedelta(hours=2))
    hours: Hours = run_hours()

    def profile(self, company: Company, event_type: EventType = PLAIN_EVENTS) -> Profile[Event, Appointment]:
        """Return the profile of these settings, for one user of ``company`` and the kind of event that new ones get."""
        table = CalendarTable(direction=_DIRECTIONS[self.ways])
        times = CrmTimes(self.zone, table.support)
        window = RollingWindow(months_back=1, months_ahead=2, zone=self.zone, not_before=self.since)
        to_mailbox, to_crm = self.ways is not Ways.TO_CRM, self.ways is not Ways.TO_MAILBOX
        winner = {Ways.BOTH: Winner.LATEST, Ways.TO_CRM: Winner.LEFT, Ways.TO_MAILBOX: Winner.RIGHT}[self.ways]
        return Profile(
            self.name,
            SideProfile(
                Event(),
                reasons_against=lambda event: [*missing(subject=event.subject), *times.lacks(event)],
                creates=to_mailbox,
                removal=removal_policy(deletes=self.deletes and to_crm),
                version=f"{self.from_mailbox}|{self.ways}",
                window=window,
                lies_in=event_lies_in,
                follows=not to_crm,
                effect=meeting_effect,
                removable=is_own_meeting,
                references=attendee_references(LEADS, ENTRIES, user=company.user),
                admits=_admitted(self.from_mailbox, _has_invitee, _has_person),
                pauses=_paused(self.from_mailbox, _has_invitee, _has_person),
                blocks=lambda _: event_type.lacks,
            ),
            SideProfile(
                Appointment(organizer=company.user, type=event_type.name, custom=event_type.defaults),
                takes_part=company.belongs,
                reasons_against=lambda one: [*missing(subject=one.subject), *times.appointment_lacks(one)],
                creates=to_crm,
                removal=removal_policy(deletes=self.deletes and to_mailbox),
                version=f"{self.from_crm}|{self.ways}",
                window=window,
                lies_in=appointment_lies_in,
                follows=not to_mailbox,
                admits=_admitted(self.from_crm, company.relates_somebody, _relates_person),
                pauses=_paused(self.from_crm, company.relates_somebody, _relates_person),
            ),
            calendar_rules(company, self.zone, table),
            _matcher(times),
            ConflictPolicy(winner, LoserFate.DROP),
            duplicates=Duplicates.ALWAYS,
            keep_oldest_duplicate=True,
            writable=_writable(company),
            interval=self.interval,
            hours=self.hours,
            realm=Realm(Side.RIGHT, lambda event: event.uid, own_copies=True),
        )


def calendar(
    company: Company,
    *,
    zone: str = "UTC",
    since: date | None = None,
    ways: Ways = Ways.BOTH,
    filters: Filters = Filters(),
    event_type: EventType = PLAIN_EVENTS,
    deletes: bool = False,
    interval: timedelta = timedelta(hours=2),
) -> Profile[Event, Appointment]:
    """Return the profile of the calendar sync of one user of ``company``, who lives in ``zone``.

    Synced is what lies on ``since`` or later, at most one month back and two ahead. ``deletes``: what is deleted on one
    side is deleted on the other, instead of being unlinked. The sync is to be given two directories, ``entries`` (the
    contacts) and ``leads``. Raises SettingsError for a zone that is not known.
    """
    settings = CalendarSettings(
        zone=zone,
        since=since,
        ways=ways,
        from_mailbox=filters.from_mailbox,
        from_crm=filters.from_crm,
        deletes=deletes,
        interval=interval,
    )
    return settings.profile(company, event_type)


def _writable(company: Company) -> Callable[[Event, Appointment], tuple[bool, bool]]:
    """Return who may write a pair: the organizer's sync both sides, everybody else's a CRM copy of one's own.

    What other users take part in is no own copy: mail takes its time, and two would write it by turns.
    """

    def writable(event: Event, appointment: Appointment) -> tuple[bool, bool]:
        return (event.is_organizer, event.is_organizer or company.has_alone(appointment))

    return writable


def _matcher(times: CrmTimes) -> Matcher[Event, Appointment]:
    """Return the matcher: title, start, end and pattern.

    A private record is also known by the mask that stands for it, which is no private record itself.
    """
    return Matcher(
        lambda event: _keys(Side.LEFT, event, times.event_key, is_private_event),
        lambda one: _keys(Side.RIGHT, one, times.appointment_key, is_private_appointment),
        lambda one: _terms(one, is_private_appointment),
        lambda event: _terms(event, is_private_event),
    )


def _keys(
    side: Side, record: C, key: Callable[[C, str], tuple[Hashable, ...]], is_private: Callable[[C], bool]
) -> Sequence[Hashable]:
    title = cut_clean(record.subject, MOST_SUBJECT)
    own, private = key(record, title), is_private(record)
    if not private and title != MASK:
        return [own]
    return [own, ((side if private else side.other).label, *key(record, MASK))]


def _terms(record: C, is_private: Callable[[C], bool]) -> Sequence[Term]:
    own = Term("subject", cut_clean(record.subject, MOST_SUBJECT))
    return [own, Term("subject", MASK)] if is_private(record) else [own]


# --- filters ---------------------------------------------------------------------------------------------------------


def _admitted(chosen: Filter, has_invitee: Callable[[S], bool], has_person: Callable[[S], bool]) -> Callable[[S], bool]:
    tests: Mapping[Filter, Callable[[S], bool]] = {
        Filter.ONLY_PAIRS: lambda _: False,
        Filter.ALL: lambda _: True,
        Filter.WITH_INVITEE: has_invitee,
        Filter.WITH_PERSON: has_person,
    }
    return tests[chosen]


def _paused(chosen: Filter, has_invitee: Callable[[S], bool], has_person: Callable[[S], bool]) -> Callable[[S], bool]:
    """Return who stands against a pair's going on: those that the filter looks at and no longer lets pass."""
    passes = _admitted(chosen, has_invitee, has_person)
    return (lambda _: False) if chosen in (Filter.ONLY_PAIRS, Filter.ALL) else lambda record: not passes(record)


def _has_invitee(event: Event) -> bool:
    return any(not is_organizer(event, one) for one in event.attendees)


def _has_person(event: Event) -> bool:
    return any(one.relations and not is_organizer(event, one) for one in event.attendees)


def _relates_person(appointment: Appointment) -> bool:
    return any(one.kind is not RelationKind.USER for one in appointment.relations)
