"""Provide the headers that are known by heart: Outlook's on Windows, Outlook's on the web, and a CRM's.

Outlook's own import recognises columns by these names, so a new file is written with the whole of the first.
"""


def _columns(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", " ").split(","))


OUTLOOK_HEADER = _columns("""
Title, First Name, Middle Name, Last Name, Suffix, Company, Department, Job Title,
Business Street, Business Street 2, Business Street 3, Business City, Business State, Business Postal Code,
Business Country/Region, Home Street, Home Street 2, Home Street 3, Home City, Home State, Home Postal Code,
Home Country/Region, Other Street, Other Street 2, Other Street 3, Other City, Other State, Other Postal Code,
Other Country/Region, Assistant's Phone, Business Fax, Business Phone, Business Phone 2, Callback, Car Phone,
Company Main Phone, Home Fax, Home Phone, Home Phone 2, ISDN, Mobile Phone, Other Fax, Other Phone, Pager,
Primary Phone, Radio Phone, TTY/TDD Phone, Telex, Account, Anniversary, Assistant's Name, Billing Information,
Birthday, Business Address PO Box, Categories, Children, Directory Server, E-mail Address, E-mail Type,
E-mail Display Name, E-mail 2 Address, E-mail 2 Type, E-mail 2 Display Name, E-mail 3 Address, E-mail 3 Type,
E-mail 3 Display Name, Gender, Government ID Number, Hobby, Home Address PO Box, Initials, Internet Free Busy,
Keywords, Language, Location, Manager's Name, Mileage, Notes, Office Location, Organizational ID Number,
Other Address PO Box, Priority, Private, Profession, Referred By, Sensitivity, Spouse, User 1, User 2, User 3, User 4,
Web Page
""")
"""What Outlook for Windows exports."""

OUTLOOK_WEB_HEADER = _columns("""
First Name, Middle Name, Last Name, Title, Suffix, Nickname, Given Yomi, Surname Yomi, E-mail Address,
E-mail 2 Address, E-mail 3 Address, Home Phone, Home Phone 2, Business Phone, Business Phone 2, Mobile Phone,
Car Phone, Other Phone, Primary Phone, Pager, Business Fax, Home Fax, Other Fax, Company Main Phone, Callback,
Radio Phone, Telex, TTY/TDD Phone, IMAddress, Job Title, Department, Company, Office Location, Manager's Name,
Assistant's Name, Assistant's Phone, Company Yomi, Business Street, Business City, Business State,
Business Postal Code, Business Country/Region, Home Street, Home City, Home State, Home Postal Code,
Home Country/Region, Other Street, Other City, Other State, Other Postal Code, Other Country/Region,
Personal Web Page, Spouse, Schools, Hobby, Location, Web Page, Birthday, Anniversary, Notes
""")
"""What Outlook on the web and the new Outlook export."""

CRM_HEADER = _columns("""
Id, Kind, First Name, Middle Name, Last Name, Company Name, Position, Department, Division, Email1, Email2, Email3,
Phone1 Label, Phone1, Phone2 Label, Phone2, Phone3 Label, Phone3, Phone4 Label, Phone4, Address Street, Address City,
Address State, Address Postal Code, Address Country, Salutation, Website, Notes, Birthday, Favorite Lists, Modified
""")
"""What a CRM's address book is written with."""
