"""Provide strategies for contacts, entries and their parts: plain ones, odd ones, and ones that are hard to compare."""

from hypothesis import strategies as st

from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress

TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "a", "A", "\u00e9", "e\u0301", "\u017fs", "\u00df", "x\r\ny", "x\ny", " x ", "\ufb01", "\u0130"]
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
)
ADDRESSES = st.one_of(
    st.sampled_from(
        [
            "a@example.com",
            "A@EXAMPLE.COM",
            "b@example.com",
            "c@b\u00fccher.example",
            "c@xn--bcher-kva.example",
            "d+tag@example.com",
        ]
    ),
    st.sampled_from(
        ["", " ", "none", "a@b", "<a@example.com>", "a@example.com,", "/O=X/CN=Y", "@", "\u00e9@example.com"]
    ),
)
NUMBERS = st.one_of(
    st.sampled_from(["", "123", "1-2-3", "+1 23", "001 23", "0", "+", "ask", "\u0661\u0662\u0663", " ", "()"]),
    st.text(alphabet="0123456789+-() x", max_size=6),
)
LABELS = st.sampled_from(["Main", "Fax", "Cell", "Mobile", "Home", "main", " Home ", "", "Made up"])
POSTAL = st.builds(PostalAddress, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)

CONTACTS = st.builds(
    Contact,
    given_name=TEXTS,
    middle_name=TEXTS,
    surname=TEXTS,
    file_as=TEXTS,
    company_name=TEXTS,
    job_title=TEXTS,
    department=TEXTS,
    office_location=TEXTS,
    email_addresses=st.lists(st.builds(EmailAddress, ADDRESSES, TEXTS), max_size=3).map(tuple),
    mobile_phone=NUMBERS,
    business_phones=st.lists(NUMBERS, max_size=2).map(tuple),
    home_phones=st.lists(NUMBERS, max_size=2).map(tuple),
    business_address=POSTAL,
    home_address=POSTAL,
    categories=st.lists(TEXTS, max_size=2).map(tuple),
    personal_notes=TEXTS,
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
    emails=st.lists(ADDRESSES, max_size=3).map(tuple),
    phones=st.lists(st.builds(Phone, LABELS, NUMBERS), max_size=4).map(tuple),
    address=POSTAL,
    notes=TEXTS,
)
