"""Strategies for records that fit into files, and for files of all kinds."""

from datetime import date

from hypothesis import strategies as st

from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS, max_size=12) | st.sampled_from(["", "=1+1", "'=x", "+49 30 1234-5", '"', "a;b,c\td", " x "])
NAMES = TEXTS.map(lambda text: text.replace(";", "").strip()).filter(bool)
LISTS = st.lists(NAMES, max_size=3, unique=True).map(tuple)
STREETS = TEXTS.map(lambda text: text.replace("\r", "").rstrip("\n"))
ADDRESSES = st.builds(PostalAddress, STREETS, TEXTS, TEXTS, TEXTS, TEXTS)
BIRTHDAYS = st.none() | st.dates(date(1, 1, 1))


def _trimmed(values: list[str]) -> tuple[str, ...]:
    while values and not values[-1]:
        values.pop()
    return tuple(values)


def _trimmed_emails(emails: list[EmailAddress]) -> tuple[EmailAddress, ...]:
    while emails and emails[-1] == EmailAddress(""):
        emails.pop()
    return tuple(emails)


def _trimmed_phones(phones: list[Phone]) -> tuple[Phone, ...]:
    while phones and phones[-1] == Phone("", ""):
        phones.pop()
    return tuple(phones)


def slots(most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Return texts for ``most`` slots, the last of which is filled."""
    return st.lists(TEXTS, max_size=most).map(_trimmed)


CONTACTS = st.builds(
    Contact,
    given_name=TEXTS,
    middle_name=TEXTS,
    surname=TEXTS,
    file_as=TEXTS,
    display_name=TEXTS,
    company_name=TEXTS,
    job_title=TEXTS,
    department=TEXTS,
    office_location=TEXTS,
    email_addresses=st.lists(st.builds(EmailAddress, TEXTS, TEXTS), max_size=3).map(_trimmed_emails),
    mobile_phone=TEXTS,
    business_phones=slots(2),
    home_phones=slots(2),
    business_address=ADDRESSES,
    home_address=ADDRESSES,
    other_address=ADDRESSES,
    categories=LISTS,
    title=TEXTS,
    nick_name=TEXTS,
    generation=TEXTS,
    business_home_page=TEXTS,
    personal_notes=TEXTS,
    birthday=BIRTHDAYS,
)
ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(EntryKind),
    first_name=TEXTS,
    middle_name=TEXTS,
    last_name=TEXTS,
    company_name=TEXTS,
    position=TEXTS,
    department=TEXTS,
    division=TEXTS,
    emails=slots(3),
    phones=st.lists(st.builds(Phone, TEXTS, TEXTS), max_size=4).map(_trimmed_phones),
    address=ADDRESSES,
    salutation=TEXTS,
    website=TEXTS,
    notes=TEXTS,
    birthday=BIRTHDAYS,
)
