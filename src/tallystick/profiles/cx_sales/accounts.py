"""Provide the association of contacts with accounts: a contact's company name stands for the account of that name.

The directory is called ``accounts``; the host passes it to the sync. Names are compared trimmed and without regard to
case. What was found travels with the contact while a run reads it, and is never written to the mailbox.
"""

from operator import itemgetter
from typing import Final, TypeVar

import attrs

from tallystick.mapping import Direction, Lens, Rule, derived, rule
from tallystick.reconcile import References
from tallystick.reconcile.reasons import SEVERAL_OF_NAME, UNKNOWN_NAME
from tallystick.reconcile.references import Hits
from tallystick.records import Account, Contact, Person
from tallystick.text import fold

ACCOUNTS: Final = "accounts"
Association = tuple[str, str, str]
"""Id, name and owner of an account; all empty for none."""

_NONE: Final = ("", "", "")
_ON_CREATION: Final = Direction((False, True), (False, False))
S = TypeVar("S")


@attrs.frozen(repr=False)
class Associated(Contact):
    """A contact with the accounts that bear its company's name."""

    accounts: tuple[Association, ...] = ()


def _names(contact: Contact) -> tuple[str, ...]:
    name = fold(contact.company_name)
    return (name,) if name else ()


def _answers(account: object) -> tuple[str, ...]:
    return (fold(account.name),) if isinstance(account, Account) else ()


def _resolved(contact: Contact, hits: Hits) -> Contact:
    (name,) = _names(contact)
    found = sorted((hit.item.id, hit.item.record) for hit in hits.get(name, ()))
    accounts = tuple((one, record.name, record.owner) for one, record in found if isinstance(record, Account))
    fields = {field.name: getattr(contact, field.name) for field in attrs.fields(Contact)}
    return Associated(**fields, accounts=accounts)


ACCOUNT_REFERENCES: Final[References[Contact]] = References((ACCOUNTS,), "name", _names, _answers, _resolved)


def stands_against(contact: Contact) -> str:
    """Return why no person can be created of a contact: its company names no account, or several; else nothing."""
    if not _names(contact):
        return ""
    found = len(contact.accounts) if isinstance(contact, Associated) else 0
    if found == 1:
        return ""
    return f"{SEVERAL_OF_NAME if found else UNKNOWN_NAME}:company_name"


def _account_of(contact: Contact) -> Association:
    accounts = contact.accounts if isinstance(contact, Associated) else ()
    return accounts[0] if len(accounts) == 1 else _NONE


ACCOUNT_RULE: Final[Rule[Contact, Person]] = rule(
    "account",
    derived(_account_of),
    Lens(
        lambda person: (person.account, person.account_name, person.account_owner),
        lambda _, one: {"account": one[0], "account_name": one[1], "account_owner": one[2]},
        ("account", "account_name", "account_owner"),
    ),
    itemgetter(0),
    direction=_ON_CREATION,
)
"""Written when a person is created, and never changed: who moves to another company is moved in the CRM."""
