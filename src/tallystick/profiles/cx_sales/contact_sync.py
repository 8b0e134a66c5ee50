"""Provide Oracle CX Sales' contact sync: Outlook contacts on the left, a sales CRM's on the right, both ways.

What is synced is what a saved search finds. A contact that leaves it stays on both sides and is synced no more; one
that is found again goes on. A new Outlook contact is put under the account that bears its company's name, and waits as
an error where there is none, or several. Contacts are the same by first name, last name and an e-mail address. What is
deleted on one side stays on the other, and is unlinked.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Final, cast

import attrs

from tallystick.mapping import TO_LEFT, Lens, MergePolicy, Rule, attribute, attribute_of, derived, elements, rule, slots
from tallystick.matching import Matcher
from tallystick.profiles.contact_lenses import (
    CONTACT_EMAILS,
    CONTACT_PHONES,
    ENTRY_EMAILS,
    canonical_postal,
    entry_phones,
)
from tallystick.profiles.cx_sales.accounts import ACCOUNT_REFERENCES, ACCOUNT_RULE, stands_against
from tallystick.profiles.cx_sales.resolution import Resolution, conflict_policy
from tallystick.profiles.cx_sales.searches import ALL_CONTACTS, PEOPLE, SavedSearch
from tallystick.profiles.fitness import missing
from tallystick.profiles.person_matching import address_terms, addresses_of, contact_keys, person_keys
from tallystick.profiles.removals import removal_policy
from tallystick.profiles.usual_settings import run_hours, run_interval
from tallystick.reconcile import (
    Hours,
    Profile,
    SideProfile,
)
from tallystick.reconcile.profile import unblocked, with_its_partner
from tallystick.records import Contact, Person, PostalAddress
from tallystick.settings import fingerprint, setting
from tallystick.text import canonical_address, digits

PHONE_LABELS: Final = (("Mobile", "Cell"), ("Work", "Main"), ("Work 2", "Fax"), ("Home",))
"""The labels that the four numbers go by: mobile, first and second business, home."""

# The lenses of an address book's entries look at nothing but the fields that both have.
_EMAILS = cast("Lens[Person, tuple[str, ...]]", ENTRY_EMAILS)
_PHONES = cast("Lens[Person, tuple[str, ...]]", entry_phones(PHONE_LABELS))

CONTACT_RULES: Final[tuple[Rule[Contact, Person], ...]] = (
    rule("first_name", attribute("given_name"), attribute("first_name")),
    rule("middle_name", attribute("middle_name"), attribute("middle_name")),
    rule("last_name", attribute("surname"), attribute("last_name")),
    rule("job_title", attribute("job_title"), attribute("job_title")),
    rule("department", attribute("department"), attribute("department")),
    elements("emails", CONTACT_EMAILS, _EMAILS, canonical_address),
    slots("phones", CONTACT_PHONES, _PHONES, digits),
    rule(
        "address",
        attribute_of("business_address", PostalAddress),
        attribute_of("address", PostalAddress),
        canonical_postal,
    ),
    ACCOUNT_RULE,
    rule(
        "company",
        attribute("company_name"),
        derived(lambda person: person.account_name),
        policy=MergePolicy.FOLLOW,
        direction=TO_LEFT,
    ),
)
"""The field table. The company's name follows the account; it never travels to the CRM by itself."""


@attrs.frozen(kw_only=True)
class ContactSettings:
    """The settings of the contact sync."""

    name: ClassVar[str] = "cx-sales-contacts"

    enabled: bool = setting(default=True, words="whether the sync runs at all; an administrator may lock it")
    search: SavedSearch = setting(ALL_CONTACTS, "the saved search that finds what is synced", extent=True)
    resolution: Resolution = setting(Resolution.CRM_WINS, "whose version stands where both sides changed the same")
    whole_record: bool = setting(default=False, words="whether the winner's whole record stands, not only the fields")
    requires_account: bool = setting(
        default=True,
        words="whether a contact waits whose company names no account, or several, instead of being created",
    )
    deletes: bool = setting(default=False, words="whether what is deleted on one side is deleted on the other")
    interval: timedelta = run_interval(timedelta(minutes=30))
    hours: Hours = run_hours()

    def profile(self, user: str) -> Profile[Contact, Person]:
        """Return the profile of these settings, for the user whom the CRM knows by the id ``user``.

        The sync is to be given a directory ``accounts``. Raises SettingsError for a search by a field that there is
        not.
        """
        found = self.search.matcher(PEOPLE, user)
        removal = removal_policy(deletes=self.deletes)
        asked = [one for one in self.search.criteria if one.field == "favourite"]
        favourite = not all(one.met(("no",), user) for one in asked)  # else one that is made would not be found
        return Profile(
            self.name,
            SideProfile(
                Contact(),
                reasons_against=_contact_lacks,
                removal=removal,
                references=ACCOUNT_REFERENCES,
                pauses=with_its_partner,
                blocks=stands_against if self.requires_account else unblocked,
            ),
            SideProfile(
                Person(owner=user, type="account", is_favourite=favourite),
                reasons_against=_person_lacks,
                removal=removal,
                version=fingerprint(self),
                admits=found,
                pauses=lambda person: not found(person),
            ),
            CONTACT_RULES,
            CONTACT_MATCHER,
            conflict_policy(self.resolution, whole_record=self.whole_record),
            enabled=self.enabled,
            interval=self.interval,
            hours=self.hours,
        )


def _contact_lacks(contact: Contact) -> Sequence[str]:
    return _lacks(contact.surname, addresses_of(contact))


def _person_lacks(person: Person) -> Sequence[str]:
    return _lacks(person.last_name, person.emails)


def _lacks(last: str, addresses: Sequence[str]) -> Sequence[str]:
    found = missing(last_name=last)
    if any(one.strip() for one in addresses) and not any(map(canonical_address, addresses)):
        found.append("invalid:email")
    return found


CONTACT_MATCHER: Final[Matcher[Contact, Person]] = Matcher(
    contact_keys,
    person_keys,
    lambda person: address_terms("email", person.emails),
    lambda contact: address_terms("emails", addresses_of(contact)),
)
"""First name, last name and at least one address, trimmed and folded."""
