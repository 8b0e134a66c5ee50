"""Provide the profile: a frozen value that says all of what one sync is.

A profile holds no engine code. Its functions are small and pure, and they are named by ``version`` texts, since a
function cannot be compared with the one of yesterday: whoever changes what is eligible raises the version, and the
next run lists both sides anew.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Generic, TypeVar

import attrs

from tallystick.mapping import Rule
from tallystick.matching import Matcher
from tallystick.ports import Scope
from tallystick.reconcile.policies import ConflictPolicy, Duplicates, Guards, RemovalPolicy, Retries

L = TypeVar("L")
R = TypeVar("R")
S = TypeVar("S")


def everybody(_record: object) -> bool:
    """Let every record take part."""
    return True


def no_reason(_record: object) -> Sequence[str]:
    """Find no reason against any record."""
    return ()


@attrs.frozen
class SideProfile(Generic[S]):
    """What a profile says of one side.

    ``blank`` is the record that a new one is made from. Records for which ``takes_part`` is false are not looked at,
    not listed, and no hit of a look-up. ``reasons_against`` returns every reason why a record is unfit, none if it is
    fit. ``creates``: whether records may be created here. ``removal``: what an absence on this side means for the
    other. ``version`` names what decides the extent, beside the scope.
    """

    blank: S
    scope: Scope = Scope()
    takes_part: Callable[[S], bool] = everybody
    reasons_against: Callable[[S], Sequence[str]] = no_reason
    creates: bool = True
    removal: RemovalPolicy = RemovalPolicy()
    version: str = "1"

    @property
    def extent(self) -> str:
        """What decides which records of this side are looked at; a change makes the next run an initial one."""
        window = self.scope.window
        length = f"{(window.last - window.first).days}d" if window else ""
        return f"{self.scope.name or '*'}|{length}|{self.version}"


@attrs.frozen
class Profile(Generic[L, R]):
    """All of what one sync is.

    ``look_up`` says whether a record that is new in a later run is searched for on the other side (in an initial run
    it always is). ``keep_latest_duplicate`` takes the most recently modified of a group of duplicates, instead of
    none. ``interval`` is the time between two runs.
    """

    name: str
    left: SideProfile[L]
    right: SideProfile[R]
    mapping: tuple[Rule[L, R], ...]
    matcher: Matcher[L, R]
    conflict: ConflictPolicy = ConflictPolicy()
    duplicates: Duplicates = Duplicates.INITIAL
    keep_latest_duplicate: bool = False
    look_up: bool = True
    guards: Guards = Guards()
    retries: Retries = Retries()
    interval: timedelta = timedelta(minutes=10)

    @property
    def sides(self) -> tuple[SideProfile[L], SideProfile[R]]:
        """Both sides, to be indexed."""
        return (self.left, self.right)
