"""Provide a sales CRM's people and accounts in neutral words: whom a person works for, and whose both are.

The account of a person is another record, known by its id; its name and owner are shown beside the person, as such
systems show them.
"""

import attrs

from tallystick.records.crm import Phone
from tallystick.records.parts import NO_ADDRESS, PostalAddress


@attrs.frozen(repr=False)
class Account:
    """A company that is sold to. ``owner`` is the id of the user it belongs to."""

    name: str = ""
    owner: str = ""


@attrs.frozen(repr=False)
class Person:
    """A contact of a sales CRM.

    ``account`` is the id of the account, empty for none; ``account_name`` and ``account_owner`` are what that record
    shows. ``type`` is the CRM's own word for the kind of contact, ``owner`` a user's id. ``is_favourite`` is the
    user's own mark.
    """

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    job_title: str = ""
    department: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: PostalAddress = NO_ADDRESS
    account: str = ""
    account_name: str = ""
    account_owner: str = ""
    type: str = ""
    owner: str = ""
    is_favourite: bool = False
