"""Provide the fields that a file's columns can stand for, and the column names that Outlook and a CRM give them.

The order of :class:`ContactCells` and :class:`EntryCells` is the order in which a row's cells are digested, so new
fields go before the last two.
"""

from typing import NamedTuple

import attrs


@attrs.frozen
class Slot:
    """One field and the names that its column may have; the first is the one that is written.

    A file without a ``mandatory`` column is refused. A value whose column is missing gets it as a new last column,
    unless the slot is not ``added``. ``default`` is the value that a missing column stands for. A ``date`` may stand
    in its cell in a form that cannot be read.
    """

    name: str
    columns: tuple[str, ...]
    mandatory: bool = False
    added: bool = True
    default: str = ""
    date: bool = False


class ContactCells(NamedTuple):
    """The cells of one contact, by field."""

    title: str = ""
    given_name: str = ""
    middle_name: str = ""
    surname: str = ""
    generation: str = ""
    nick_name: str = ""
    file_as: str = ""
    display_name: str = ""
    company_name: str = ""
    department: str = ""
    job_title: str = ""
    office_location: str = ""
    email_1: str = ""
    email_1_type: str = ""
    email_1_name: str = ""
    email_2: str = ""
    email_2_type: str = ""
    email_2_name: str = ""
    email_3: str = ""
    email_3_type: str = ""
    email_3_name: str = ""
    business_phone_1: str = ""
    business_phone_2: str = ""
    home_phone_1: str = ""
    home_phone_2: str = ""
    mobile_phone: str = ""
    business_street: str = ""
    business_street_2: str = ""
    business_street_3: str = ""
    business_city: str = ""
    business_state: str = ""
    business_postal_code: str = ""
    business_country: str = ""
    home_street: str = ""
    home_street_2: str = ""
    home_street_3: str = ""
    home_city: str = ""
    home_state: str = ""
    home_postal_code: str = ""
    home_country: str = ""
    other_street: str = ""
    other_street_2: str = ""
    other_street_3: str = ""
    other_city: str = ""
    other_state: str = ""
    other_postal_code: str = ""
    other_country: str = ""
    business_home_page: str = ""
    personal_notes: str = ""
    birthday: str = ""
    categories: str = ""
    modified: str = ""
    id: str = ""


class EntryCells(NamedTuple):
    """The cells of one address-book entry, by field."""

    kind: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    company_name: str = ""
    position: str = ""
    department: str = ""
    division: str = ""
    email_1: str = ""
    email_2: str = ""
    email_3: str = ""
    phone_1_label: str = ""
    phone_1: str = ""
    phone_2_label: str = ""
    phone_2: str = ""
    phone_3_label: str = ""
    phone_3: str = ""
    phone_4_label: str = ""
    phone_4: str = ""
    address_street: str = ""
    address_city: str = ""
    address_state: str = ""
    address_postal_code: str = ""
    address_country: str = ""
    salutation: str = ""
    website: str = ""
    notes: str = ""
    birthday: str = ""
    favorite_lists: str = ""
    modified: str = ""
    id: str = ""


def _address(prefix: str, word: str) -> tuple[Slot, ...]:
    return (
        Slot(f"{prefix}_street", (f"{word} Street",)),
        Slot(f"{prefix}_street_2", (f"{word} Street 2",), added=False),
        Slot(f"{prefix}_street_3", (f"{word} Street 3",), added=False),
        Slot(f"{prefix}_city", (f"{word} City",)),
        Slot(f"{prefix}_state", (f"{word} State",)),
        Slot(f"{prefix}_postal_code", (f"{word} Postal Code",)),
        Slot(f"{prefix}_country", (f"{word} Country/Region", f"{word} Country")),
    )


def _email(number: int, word: str) -> tuple[Slot, ...]:
    return (
        Slot(f"email_{number}", (f"{word} Address",), mandatory=number == 1),
        Slot(f"email_{number}_type", (f"{word} Type",), added=False),
        Slot(f"email_{number}_name", (f"{word} Display Name",)),
    )


CONTACT_SLOTS = (
    Slot("title", ("Title",)),
    Slot("given_name", ("First Name",), mandatory=True),
    Slot("middle_name", ("Middle Name",)),
    Slot("surname", ("Last Name",), mandatory=True),
    Slot("generation", ("Suffix",)),
    Slot("nick_name", ("Nickname",)),
    Slot("file_as", ("File As",)),
    Slot("display_name", ("Display Name",)),
    Slot("company_name", ("Company",)),
    Slot("department", ("Department",)),
    Slot("job_title", ("Job Title",)),
    Slot("office_location", ("Office Location",)),
    *_email(1, "E-mail"),
    *_email(2, "E-mail 2"),
    *_email(3, "E-mail 3"),
    Slot("business_phone_1", ("Business Phone",)),
    Slot("business_phone_2", ("Business Phone 2",)),
    Slot("home_phone_1", ("Home Phone",)),
    Slot("home_phone_2", ("Home Phone 2",)),
    Slot("mobile_phone", ("Mobile Phone",)),
    *_address("business", "Business"),
    *_address("home", "Home"),
    *_address("other", "Other"),
    Slot("business_home_page", ("Web Page",)),
    Slot("personal_notes", ("Notes",)),
    Slot("birthday", ("Birthday",), date=True),
    Slot("categories", ("Categories",)),
    Slot("modified", ("Modified",), added=False),
    Slot("id", ("Tallystick ID",)),
)

ENTRY_SLOTS = (
    Slot("kind", ("Kind",), default="Individual"),
    Slot("first_name", ("First Name",), mandatory=True),
    Slot("middle_name", ("Middle Name",)),
    Slot("last_name", ("Last Name",), mandatory=True),
    Slot("company_name", ("Company Name",)),
    Slot("position", ("Position",)),
    Slot("department", ("Department",)),
    Slot("division", ("Division",)),
    Slot("email_1", ("Email1",), mandatory=True),
    Slot("email_2", ("Email2",)),
    Slot("email_3", ("Email3",)),
    Slot("phone_1_label", ("Phone1 Label",)),
    Slot("phone_1", ("Phone1",)),
    Slot("phone_2_label", ("Phone2 Label",)),
    Slot("phone_2", ("Phone2",)),
    Slot("phone_3_label", ("Phone3 Label",)),
    Slot("phone_3", ("Phone3",)),
    Slot("phone_4_label", ("Phone4 Label",)),
    Slot("phone_4", ("Phone4",)),
    Slot("address_street", ("Address Street",)),
    Slot("address_city", ("Address City",)),
    Slot("address_state", ("Address State",)),
    Slot("address_postal_code", ("Address Postal Code",)),
    Slot("address_country", ("Address Country",)),
    Slot("salutation", ("Salutation",)),
    Slot("website", ("Website",)),
    Slot("notes", ("Notes",)),
    Slot("birthday", ("Birthday",), date=True),
    Slot("favorite_lists", ("Favorite Lists",)),
    Slot("modified", ("Modified",), added=False),
    Slot("id", ("Id",)),
)
