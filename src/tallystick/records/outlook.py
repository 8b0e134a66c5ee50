"""Provide Outlook's records, in the words of Microsoft Graph v1.0 (resource types contact, event, todoTask, message).

Absent texts are empty strings and absent lists empty tuples: on the wire "no value" has three spellings, here it has
one. Reprs show no contents.
"""

from datetime import date

import attrs

from tallystick.making import quickly_made
from tallystick.records.parts import NO_ADDRESS, PostalAddress


@attrs.frozen(repr=False)
class EmailAddress:
    """One address with the display name that its owner's contact gives it."""

    address: str
    name: str = ""


@quickly_made
@attrs.frozen(repr=False)
class Contact:
    """A contact in a mailbox.

    The service takes at most 3 ``email_addresses`` and 2 ``business_phones``; ``categories`` are plain names;
    ``birthday`` is a date, whatever time of day the service adds to it.
    """

    given_name: str = ""
    middle_name: str = ""
    surname: str = ""
    file_as: str = ""
    display_name: str = ""
    company_name: str = ""
    job_title: str = ""
    department: str = ""
    office_location: str = ""
    email_addresses: tuple[EmailAddress, ...] = ()
    mobile_phone: str = ""
    business_phones: tuple[str, ...] = ()
    home_phones: tuple[str, ...] = ()
    business_address: PostalAddress = NO_ADDRESS
    home_address: PostalAddress = NO_ADDRESS
    other_address: PostalAddress = NO_ADDRESS
    categories: tuple[str, ...] = ()
    title: str = ""
    nick_name: str = ""
    generation: str = ""
    business_home_page: str = ""
    personal_notes: str = ""
    birthday: date | None = None
