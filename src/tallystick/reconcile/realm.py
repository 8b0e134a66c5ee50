"""Provide the realm: the syncs of a state that share an account on one side, each with an account of its own opposite.

One thing may then be seen by several of them: one record on the shared side, a copy of it in each of the other
accounts. What it is to all of them is its *identity*: on the shared side the record's id, on the other what the profile
reads from a copy. An identity is known elsewhere while another sync has a pair with it, or is creating one. Before a
record is created, the realm is asked:

| new in           | known elsewhere, and                      | then                                    |
|------------------|-------------------------------------------|-----------------------------------------|
| an own account   | one shared record of it takes part        | that one is its partner                 |
| an own account   | none does, and each sync has its own copy | created                                 |
| an own account   | none is to be had (yet)                   | it waits                                |
| the shared one   |                                           | it waits, for a copy in the own account |

What waits is looked at again by every run. A claim on a shared record that is gone counts for nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from tallystick.ports import Claim, Side

S = TypeVar("S")


@attrs.frozen
class Realm(Generic[S]):
    """What syncs share that have the account of the side ``shared`` in common.

    ``identity`` returns, from a record of the other side, what is the same in every account that has a copy of it;
    empty where nothing is. ``own_copies``: each sync has a record of its own on the shared side for what is new in its
    account, unless one of those that are there already takes part. ``name`` tells realms apart where the accounts'
    names don't: those of the shared side, unless given.
    """

    shared: Side
    identity: Callable[[S], str]
    own_copies: bool = False
    name: str = ""


def counterparts(realm: Realm[object], claims: Iterable[Claim]) -> list[str]:
    """Return the ids of the shared records that claims are about."""
    return sorted({claim.ids[realm.shared] for claim in claims if not claim.under_way})


def stands(realm: Realm[object], side: Side, claims: Iterable[Claim], gone: frozenset[str]) -> bool:
    """Tell whether claims stand against a create on ``side``; ``gone`` are shared records that are no more."""
    if side is not realm.shared:
        return any(True for _ in claims)
    if realm.own_copies:
        return False
    return any(claim.under_way or claim.ids[realm.shared] not in gone for claim in claims)


def by_identity(claims: Iterable[Claim]) -> Mapping[bytes, Sequence[Claim]]:
    """Return claims by what they claim."""
    found: dict[bytes, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.identity, []).append(claim)
    return found
