"""Provide the engine's profile of mail that is saved once: what all mail syncs have in common.

A letter matches nothing that is in the CRM: what was saved by hand is not known to the sync. A message that goes
changes nothing, and an activity that was deleted is remembered, and not made again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Final

from tallystick.mail import Letter
from tallystick.mapping import Rule
from tallystick.matching import Matcher
from tallystick.reconcile import (
    ConflictPolicy,
    Duplicates,
    Guards,
    Hours,
    Limit,
    LoserFate,
    Profile,
    RemovalAction,
    RemovalPolicy,
    RollingWindow,
    SideProfile,
    Winner,
)
from tallystick.reconcile.hours import AROUND_THE_CLOCK
from tallystick.records import Activity, Origin
from tallystick.records.days import came_in

_ANY_NUMBER: Final = Limit(1.0, 1_000_000_000)
_STAYS: Final = RemovalPolicy(RemovalAction.KEEP, RemovalAction.KEEP, RemovalAction.KEEP, RemovalAction.KEEP)
_REMEMBERED: Final = RemovalPolicy(RemovalAction.TOMBSTONE, RemovalAction.KEEP)
_DIRECT: Final = timedelta(minutes=10)


def mail_profile(
    name: str,
    rules: tuple[Rule[Letter, Activity], ...],
    *,
    reasons_against: Callable[[Letter], Sequence[str]] = attrgetter("against"),
    sends: Callable[[Activity], bool] | None = None,
    window: RollingWindow | None = None,
    interval: timedelta = _DIRECT,
    hours: Hours = AROUND_THE_CLOCK,
    enabled: bool = True,
) -> Profile[Letter, Activity]:
    """Return the profile of a mail sync.

    ``reasons_against`` tells why a letter is not saved: what the selection says, unless given. ``sends`` tells which
    activities of the CRM become messages; without it nothing is made in the mailbox. ``window`` are the days that every
    run looks at, None for whatever is new. ``interval`` and ``hours`` say when runs are due, and ``enabled`` whether
    there are any.
    """
    return Profile(
        name,
        SideProfile(
            Letter(),
            reasons_against_new=reasons_against,
            creates=sends is not None,
            removal=_STAYS,
            window=window,
            lies_in=came_in,
        ),
        SideProfile(
            Activity(),
            takes_part=sends or (lambda activity: activity.origin is Origin.MAILBOX),
            removal=_REMEMBERED,
            follows=sends is None,
        ),
        rules,
        _NOTHING_MATCHES,
        ConflictPolicy(Winner.LEFT, LoserFate.DROP, edit_beats_removal=False),
        duplicates=Duplicates.NEVER,
        look_up=False,
        doubles=True,
        guards=Guards(_ANY_NUMBER, _ANY_NUMBER, _ANY_NUMBER, _ANY_NUMBER, _ANY_NUMBER),
        interval=interval,
        hours=hours,
        enabled=enabled,
    )


_NOTHING_MATCHES: Final[Matcher[Letter, Activity]] = Matcher(lambda _: (), lambda _: (), lambda _: (), lambda _: ())
