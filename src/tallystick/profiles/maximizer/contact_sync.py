"""Provide Maximizer's contact sync.

Outlook contacts of one category on the left, address-book entries of one favourite list on the right, both
ways. First name, last name and a valid e-mail address are what makes a record fit, and what makes two the same.
Nothing is ever deleted: what goes on one side leaves the category or the list on the other.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import attrs

from tallystick.mapping import TO_LEFT, MergePolicy, Rule, attribute, attribute_of, elements, rule, slots
from tallystick.matching import Matcher
from tallystick.ports import Scope, Side
from tallystick.profiles.contact_lenses import (
    CONTACT_EMAILS,
    CONTACT_PHONES,
    ENTRY_EMAILS,
    FULL_NAME,
    canonical_postal,
    entry_phones,
)
from tallystick.profiles.fitness import missing
from tallystick.profiles.person_matching import address_terms, addresses_of, contact_keys, person_keys
from tallystick.profiles.usual_settings import pair_capacity, run_hours, run_interval
from tallystick.reconcile import (
    ConflictPolicy,
    Guards,
    Hours,
    LoserFate,
    Profile,
    RemovalAction,
    RemovalPolicy,
    SideProfile,
    Winner,
)
from tallystick.records import Contact, Entry, EntryKind, PostalAddress
from tallystick.settings import setting
from tallystick.text import canonical_address, digits

_COMPANY = EntryKind.COMPANY  # named once: to ask an enum for a member takes as long as ten other instructions do

PHONE_LABELS = (("Cell", "Mobile"), ("Main",), ("Fax",), ("Home",))
"""The labels that the four numbers go by: mobile, first and second business, home."""

CONTACT_RULES: tuple[Rule[Contact, Entry], ...] = (
    rule("first_name", attribute("given_name"), attribute("first_name")),
    rule("middle_name", attribute("middle_name"), attribute("middle_name")),
    rule("last_name", attribute("surname"), attribute("last_name")),
    rule("company", attribute("company_name"), attribute("company_name")),
    rule("position", attribute("job_title"), attribute("position")),
    rule("department", attribute("department"), attribute("department")),
    rule("division", attribute("office_location"), attribute("division")),
    elements("emails", CONTACT_EMAILS, ENTRY_EMAILS, canonical_address),
    slots("phones", CONTACT_PHONES, entry_phones(PHONE_LABELS), digits, policy=MergePolicy.FILL),
    rule(
        "address",
        attribute_of("business_address", PostalAddress),
        attribute_of("address", PostalAddress),
        canonical_postal,
    ),
    rule("file_as", attribute("file_as"), FULL_NAME, policy=MergePolicy.FOLLOW, direction=TO_LEFT),
)
"""The field table. Home and other address have no rule: they are not synced."""


@attrs.frozen(kw_only=True)
class ContactSettings:
    """The settings of the contact sync."""

    name: ClassVar[str] = "maximizer-contacts"

    category: str | None = setting(
        "Maximizer", "the category of Outlook that is synced, none for all contacts", extent=True
    )
    favourite_list: str | None = setting(
        None, "the favourite list of the CRM that is synced, none for all entries", extent=True
    )
    capacity: int | None = pair_capacity(20_000)
    look_up: bool = setting(
        default=True, words="whether a new record is searched for on the other side, also after the first run"
    )
    keep_latest_duplicate: bool = setting(
        default=False, words="whether the latest of several records that are the same is taken, instead of none"
    )
    interval: timedelta = run_interval(timedelta(minutes=10))
    hours: Hours = run_hours()

    def profile(self) -> Profile[Contact, Entry]:
        """Return the profile of these settings."""
        removal = RemovalPolicy(deleted=RemovalAction.DETACH, out_of_scope=RemovalAction.DETACH)
        return Profile(
            self.name,
            SideProfile(
                Contact(),
                Scope(self.category),
                reasons_against=_contact_lacks,
                keyed_are_fit=(_contact_keys, _contact_lacks),
                removal=removal,
            ),
            SideProfile(
                Entry(kind=EntryKind.INDIVIDUAL),
                Scope(self.favourite_list),
                takes_part=lambda entry: entry.kind is not _COMPANY,
                reasons_against=_entry_lacks,
                keyed_are_fit=(_entry_keys, _entry_lacks),
                removal=removal,
            ),
            CONTACT_RULES,
            CONTACT_MATCHER,
            ConflictPolicy(Winner.LATEST, LoserFate.DROP, tie=Side.RIGHT),
            keep_latest_duplicate=self.keep_latest_duplicate,
            look_up=self.look_up,
            guards=Guards(capacity=self.capacity),
            interval=self.interval,
            hours=self.hours,
        )


def contacts(
    category: str | None = "Maximizer",
    favourite_list: str | None = None,
    *,
    capacity: int | None = 20_000,
    look_up: bool = True,
    keep_latest_duplicate: bool = False,
    interval: timedelta = timedelta(minutes=10),
) -> Profile[Contact, Entry]:
    """Return the profile of the contact sync.

    ``category`` and ``favourite_list`` name the scope of each side, None for all of it. ``capacity`` is the number of
    pairs it may hold. ``look_up`` searches the other side for records that are new in later runs.
    ``keep_latest_duplicate`` takes the latest of a group of duplicates instead of none.
    """
    return ContactSettings(
        category=category,
        favourite_list=favourite_list,
        capacity=capacity,
        look_up=look_up,
        keep_latest_duplicate=keep_latest_duplicate,
        interval=interval,
    ).profile()


def _contact_lacks(contact: Contact) -> Sequence[str]:
    return _lacks(contact.given_name, contact.surname, addresses_of(contact))


def _entry_lacks(entry: Entry) -> Sequence[str]:
    return _lacks(entry.first_name, entry.last_name, entry.emails)


def _lacks(first: str, last: str, addresses: Sequence[str]) -> Sequence[str]:
    found = missing(first_name=first, last_name=last)
    if not any(map(canonical_address, addresses)):
        found.append("invalid:email" if any(one.strip() for one in addresses) else "missing:email")
    return found


def _contact_keys(contact: Contact) -> Sequence[str]:
    return contact_keys(contact) if contact.given_name.strip() and contact.surname.strip() else ()


def _entry_keys(entry: Entry) -> Sequence[str]:
    return person_keys(entry) if entry.first_name.strip() and entry.last_name.strip() else ()


CONTACT_MATCHER: Matcher[Contact, Entry] = Matcher(
    _contact_keys,
    _entry_keys,
    lambda entry: address_terms("email", entry.emails),
    lambda contact: address_terms("email", addresses_of(contact)),
)
"""First name, last name and at least one address, trimmed and folded."""
