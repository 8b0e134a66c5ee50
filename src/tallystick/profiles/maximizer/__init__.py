"""Provide Maximizer's ways of syncing with Outlook, one function each."""

from tallystick.profiles.maximizer.contact_sync import CONTACT_MATCHER, CONTACT_RULES, PHONE_LABELS, contacts

__all__ = ["CONTACT_MATCHER", "CONTACT_RULES", "PHONE_LABELS", "contacts"]
