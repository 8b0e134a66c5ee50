"""Provide the protocol of a provider that makes scopes: a list of the sync's own, where none is to be chosen.

The host asks before each run, with a token that it keeps to for this sync, and gives the scope to the profile. So the
list is known by what the service keeps of it, whatever people call it: renamed it is found again, also by a sync whose
state was lost, and gone it is made anew.
"""

from collections.abc import Collection
from itertools import count
from typing import Protocol

from tallystick.ports.item import Scope


class ScopeMaker(Protocol):
    """A provider whose scopes can be made."""

    def own_scope(self, title: str, token: str) -> Scope:
        """Return the scope that was made under ``token``; make it where there is none, or none any more.

        A new one is called ``title``, or ``title (2)``, ``title (3)`` … where that is taken. A scope that was made
        otherwise is never returned, whatever it is called. The scope's name is the id that it keeps when it is renamed.
        """
        ...


def free_title(title: str, taken: Collection[str]) -> str:
    """Return ``title``, or the first of its numbered forms that is not taken, whatever the case of its letters."""
    known = {one.casefold() for one in taken}
    if title.casefold() not in known:
        return title
    return next(made for number in count(2) if (made := f"{title} ({number})").casefold() not in known)
