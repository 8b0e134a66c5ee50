"""Provide the headers of other programs' exports, as header mappings that are recognised by a few of their columns.

They are taken where the caller gives no mapping of his own. What an export has and a record has not stays in its
columns: Google's phones and addresses say in a column beside them what they are, which a contact's fixed fields cannot
follow; a CRM's entry can.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.codecs.csv.header_map import HeaderMap
from tallystick.text import fold

GOOGLE_SEPARATOR: Final = " ::: "
_CELL_MAIN_FAX_HOME: Final = {"phone_1": "Cell", "phone_2": "Main", "phone_3": "Fax", "phone_4": "Home"}


@attrs.frozen
class Export:
    """One program's export: its mapping, and the columns that it is recognised by."""

    header: HeaderMap
    signature: tuple[str, ...]


def recognised(columns: Sequence[str], exports: Sequence[Export]) -> HeaderMap | None:
    """Return the mapping of the first export whose columns are all there."""
    found = set(map(fold, columns))
    return next((one.header for one in exports if found.issuperset(map(fold, one.signature))), None)


def _numbered(columns: str, *, most: int) -> dict[str, str]:
    """Return columns that have a number, given as ``column = field`` with # for the number."""
    pairs = [pair.split(" = ") for pair in columns.split(", ")]
    return {
        column.replace("#", str(number)): field.replace("#", str(number))
        for number in range(1, most + 1)
        for column, field in pairs
    }


def _google(names: dict[str, str], word: str) -> tuple[HeaderMap, HeaderMap]:
    """Return Google's mapping of contacts and of entries; ``word`` is what it calls the kind of a phone."""
    shared = {"Birthday": "birthday", "Notes": "notes", **names, **_numbered("E-mail # - Value = email_#", most=3)}
    contact = {
        "salutation": "title",
        "last_name": "surname",
        "first_name": "given_name",
        "position": "job_title",
        "notes": "personal_notes",
        "website": "business_home_page",
        "favorite_lists": "categories",
    }
    of_entries = {
        column: field for column, field in shared.items() if field not in ("generation", "nick_name", "file_as")
    }
    return (
        HeaderMap({column: contact.get(field, field) for column, field in shared.items()}, separator=GOOGLE_SEPARATOR),
        HeaderMap(
            {
                **of_entries,
                **_numbered(f"Phone # - {word} = phone_#_label, Phone # - Value = phone_#", most=4),
                "Address 1 - Street": "address_street",
                "Address 1 - City": "address_city",
                "Address 1 - Region": "address_state",
                "Address 1 - Postal Code": "address_postal_code",
                "Address 1 - Country": "address_country",
            },
            separator=GOOGLE_SEPARATOR,
        ),
    )


_GOOGLE_CONTACTS, _GOOGLE_ENTRIES = _google(
    {
        "First Name": "first_name",
        "Middle Name": "middle_name",
        "Last Name": "last_name",
        "Name Prefix": "salutation",
        "Name Suffix": "generation",
        "Nickname": "nick_name",
        "File As": "file_as",
        "Organization Name": "company_name",
        "Organization Title": "position",
        "Organization Department": "department",
        "Website 1 - Value": "website",
        "Labels": "favorite_lists",
    },
    "Label",
)
_OLD_GOOGLE_CONTACTS, _OLD_GOOGLE_ENTRIES = _google(
    {
        "Given Name": "first_name",
        "Additional Name": "middle_name",
        "Family Name": "last_name",
        "Name Prefix": "salutation",
        "Name Suffix": "generation",
        "Nickname": "nick_name",
        "Organization 1 - Name": "company_name",
        "Organization 1 - Title": "position",
        "Organization 1 - Department": "department",
        "Website 1 - Value": "website",
        "Group Membership": "favorite_lists",
    },
    "Type",
)
_SALESFORCE_OBJECTS: Final = HeaderMap(
    {
        "Id": "id",
        "Salutation": "salutation",
        "FirstName": "first_name",
        "MiddleName": "middle_name",
        "LastName": "last_name",
        "Title": "position",
        "Department": "department",
        "Email": "email_1",
        "MobilePhone": "phone_1",
        "Phone": "phone_2",
        "Fax": "phone_3",
        "HomePhone": "phone_4",
        "MailingStreet": "address_street",
        "MailingCity": "address_city",
        "MailingState": "address_state",
        "MailingPostalCode": "address_postal_code",
        "MailingCountry": "address_country",
        "Description": "notes",
        "Birthdate": "birthday",
    },
    phone_labels=_CELL_MAIN_FAX_HOME,
)
_SALESFORCE_REPORT: Final = HeaderMap(
    {
        "Contact ID": "id",
        "Title": "position",
        "Account Name": "company_name",
        "Email": "email_1",
        "Mobile": "phone_1",
        "Phone": "phone_2",
        "Fax": "phone_3",
        "Home Phone": "phone_4",
        "Mailing Street": "address_street",
        "Mailing City": "address_city",
        "Mailing State/Province": "address_state",
        "Mailing Zip/Postal Code": "address_postal_code",
        "Mailing Country": "address_country",
        "Description": "notes",
        "Birthdate": "birthday",
    },
    phone_labels=_CELL_MAIN_FAX_HOME,
)
_RENAMED: Final = frozenset({"phone_1", "phone_2", "phone_3", "notes"})
_SALESFORCE_LABELS: Final = HeaderMap(
    {
        **{column: field for column, field in _SALESFORCE_REPORT.columns.items() if field not in _RENAMED},
        "Mobile Phone": "phone_1",
        "Business Phone": "phone_2",
        "Business Fax": "phone_3",
        "Contact Description": "notes",
    },
    phone_labels=_CELL_MAIN_FAX_HOME,
)
_HUBSPOT: Final = HeaderMap(
    {
        "Record ID": "id",
        "Email": "email_1",
        "Job Title": "position",
        "Mobile Phone Number": "phone_1",
        "Phone Number": "phone_2",
        "Fax Number": "phone_3",
        "Street Address": "address_street",
        "City": "address_city",
        "State/Region": "address_state",
        "Postal Code": "address_postal_code",
        "Country/Region": "address_country",
        "Website URL": "website",
        "Date of birth": "birthday",
    },
    phone_labels=_CELL_MAIN_FAX_HOME,
)

_GOOGLE_SIGNATURE: Final = ("First Name", "Organization Name", "E-mail 1 - Value")
_OLD_GOOGLE_SIGNATURE: Final = ("Given Name", "Family Name", "E-mail 1 - Value")
CONTACT_EXPORTS: Final = {
    "Google": Export(_GOOGLE_CONTACTS, _GOOGLE_SIGNATURE),
    "Google, before 2024": Export(_OLD_GOOGLE_CONTACTS, _OLD_GOOGLE_SIGNATURE),
}
"""What a file of contacts may be, besides Outlook's own."""
ENTRY_EXPORTS: Final = {
    "Google": Export(_GOOGLE_ENTRIES, _GOOGLE_SIGNATURE),
    "Google, before 2024": Export(_OLD_GOOGLE_ENTRIES, _OLD_GOOGLE_SIGNATURE),
    "Salesforce, objects": Export(_SALESFORCE_OBJECTS, ("Id", "FirstName", "LastName", "Email")),
    "Salesforce, labels": Export(_SALESFORCE_LABELS, ("Contact ID", "First Name", "Last Name", "Business Phone")),
    "Salesforce, report": Export(_SALESFORCE_REPORT, ("Contact ID", "First Name", "Last Name", "Email")),
    "HubSpot": Export(_HUBSPOT, ("Record ID", "First Name", "Last Name", "Email")),
}
"""What a file of entries may be, besides the CRM's own."""
