"""Provide what a write to an event does to people, as a mailbox sends mail about it, and whose it is to delete."""

from tallystick.ports import WriteKind
from tallystick.reconcile import Effect
from tallystick.records import Event


def is_own_meeting(event: Event) -> bool:
    """Tell whether an event is its mailbox's own to delete: one that somebody else called is on no CRM's say-so."""
    return event.is_organizer


def meeting_effect(kind: WriteKind, before: Event | None, after: Event | None) -> Effect:
    """Tell what a write does to people: the organizer's writes to a meeting go to everybody invited."""
    event = after if after is not None else before
    if event is None or not event.is_organizer:
        return Effect.SILENT
    if not event.attendees and not (before and before.attendees):
        return Effect.SILENT
    return Effect.CANCELS if kind is WriteKind.REMOVE else Effect.NOTIFIES
