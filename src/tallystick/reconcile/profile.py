"""Provide the profile: a frozen value that says all of what one sync is.

A profile holds no engine code. Its functions are small and pure, and are tried on the blank records when it is made.
They are named by ``version`` texts, since a function cannot be compared with the one of yesterday: whoever changes what
is eligible raises the version, and the next run lists both sides anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import attrs

from tallystick.errors import SettingsError
from tallystick.field_types import check_types
from tallystick.mapping import Lens, Rule, check_mapping
from tallystick.matching import Key, Matcher
from tallystick.ports import SIDES, Scope, Window, WriteKind
from tallystick.reconcile.functions import check_functions, try_functions
from tallystick.reconcile.hours import AROUND_THE_CLOCK, Hours
from tallystick.reconcile.line import Line, Succession
from tallystick.reconcile.policies import ConflictPolicy, Duplicates, Guards, RemovalAction, RemovalPolicy, Retries
from tallystick.reconcile.realm import Realm
from tallystick.reconcile.references import References
from tallystick.reconcile.rolling import RollingWindow
from tallystick.reconcile.step import Effect

L = TypeVar("L")
R = TypeVar("R")
S = TypeVar("S")
_SILENT = Effect.SILENT  # named once: to ask an enum for a member takes as long as ten other instructions do


def everybody(_record: object) -> bool:
    """Let every record take part."""
    return True


def no_reason(_record: object) -> Sequence[str]:
    """Find no reason against any record."""
    return ()


def always(_record: object, _when: datetime | Window) -> bool:
    """Let every record pass, whenever."""
    return True


def never(_record: object) -> bool:
    """Take every record for what it is."""
    return False


def with_its_partner(_record: object) -> bool:
    """Let a record rest whenever its partner does."""
    return True


def unblocked(_record: object) -> str:
    """Find nothing that stands against creating."""
    return ""


def both_sides(_left: object, _right: object) -> tuple[bool, bool]:
    """Let both records of any pair be written."""
    return (True, True)


def silent(_kind: WriteKind, _before: object, _after: object) -> Effect:
    """Take every write for one that nobody is told of."""
    return _SILENT


@attrs.frozen
class SideProfile(Generic[S]):
    """What a profile says of one side.

    ``blank`` is the record that a new one is made from. Records for which ``takes_part`` is false are not looked at,
    not listed, and no hit of a look-up. ``reasons_against`` returns every reason why a record is unfit, none if it is
    fit; ``reasons_against_new`` returns further ones, which count only as long as the record has no partner.
    ``keyed_are_fit`` names the match keys and the reasons of which it holds that a record with a key is fit, so that
    they are asked of the others alone, but in a pair; beside other keys or reasons it says nothing.
    ``initially`` tells whether an initial run that began at an instant makes a counterpart of a record that has none;
    those that it passes over are taken in when they change. ``creates``: whether records may be created here.
    ``removal``: what an absence on this side means for the other. ``version`` names what decides the extent, beside the
    scope.

    ``window`` narrows the scope to days that move with the calendar, and ``lies_in`` tells whether a record lies in
    them. What slid out is neither deleted nor out of the scope: its pair rests. ``follows``: its records ask for no
    counterpart, they are only matched. ``counts_as_deleted`` tells of records that are there and stand for nothing any
    more. ``rechecks``: ignored records in the scope are looked at again by every run. ``effect`` tells what a write
    does to people, from the kind of its step and the record before and after it; it is not asked about a join or leave
    that changes no field. ``references`` are looked up in directories that the host names. A record that it does not
    ``admit`` gets no counterpart, but may be one; a pair rests while both records ``pause`` it: where one of them is
    deleted meanwhile, or as its side's extent changes, the other stays and the pair ends. :func:`with_its_partner`
    leaves the pausing to the other one. One that is not ``removable`` is not deleted because its counterpart was: the
    pair ends, and it is remembered. ``blocks`` gives a code where the other side can't create a record's
    counterpart, and it waits: one of missing or invalid data is the record's own, of any other one message tells for
    all.
    """

    blank: S
    scope: Scope = Scope()
    takes_part: Callable[[S], bool] = everybody
    reasons_against: Callable[[S], Sequence[str]] = no_reason
    reasons_against_new: Callable[[S], Sequence[str]] = no_reason
    initially: Callable[[S, datetime], bool] = always
    creates: bool = True
    removal: RemovalPolicy = RemovalPolicy()
    version: str = "1"
    window: RollingWindow | None = None
    lies_in: Callable[[S, Window], bool] = always
    follows: bool = False
    counts_as_deleted: Callable[[S], bool] = never
    rechecks: bool = False
    effect: Callable[[WriteKind, S | None, S | None], Effect] = silent
    admits: Callable[[S], bool] = everybody
    pauses: Callable[[S], bool] = never
    removable: Callable[[S], bool] = everybody
    blocks: Callable[[S], str] = unblocked
    references: References[S] | None = None
    keyed_are_fit: tuple[Callable[[S], Sequence[Key]], Callable[[S], Sequence[str]]] | None = None

    def scope_at(self, now: datetime) -> Scope:
        """Return the scope of a run that begins ``now``."""
        return self.scope if self.window is None else attrs.evolve(self.scope, window=self.window.at(now))

    @property
    def extent(self) -> str:
        """What decides which records of this side are looked at; a change makes the next run an initial one."""
        return f"{self.scope.name or '*'}|{self.window or self.scope.window or ''}|{self.version}"


@attrs.frozen
class Profile(Generic[L, R]):
    """All of what one sync is.

    ``look_up`` says whether a record that is new in a later run is searched for on the other side (in an initial run
    it always is). ``doubles``: two records of a side may well be the same, so that one whose match has a partner is no
    duplicate, and gets a counterpart of its own. Of a group of duplicates none is taken, unless
    ``keep_latest_duplicate`` takes the one that was modified last, or ``keep_oldest_duplicate`` the one that has stood
    unchanged for longest, then by id. ``writable`` tells, from both records of a pair, which may be changed.
    ``interval`` is the time between two runs, ``hours`` those within which they are due. A profile that is not
    ``enabled`` keeps its sync from running, as settings say of one that is off until a user or an administrator wants
    it. ``succession`` says how records go on under another id; None where they never do.
    ``realm`` says what other syncs of the state may know already; None where they are nothing to this one.
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
    doubles: bool = False
    keep_oldest_duplicate: bool = False
    writable: Callable[[L, R], tuple[bool, bool]] = both_sides
    guards: Guards = Guards()
    retries: Retries = Retries()
    interval: timedelta = timedelta(minutes=10)
    hours: Hours = AROUND_THE_CLOCK
    enabled: bool = True
    succession: Succession[L, R] | None = None
    realm: Realm[L] | Realm[R] | None = None

    def __attrs_post_init__(self) -> None:
        self._check_functions()
        check_types(self, self.name)
        for side in SIDES:
            check_types(self.sides[side], f"{self.name}, {side.label} side")
        check_mapping(self.mapping, self.left.blank, self.right.blank)
        try_profile(self, (self.left.blank, self.right.blank))
        for side in SIDES:
            replaced = [rule.name for rule in self.mapping if rule.replaces[side]]
            if replaced and self.sides[side].removal.deleted is not RemovalAction.RECREATE:
                # A record that is deleted to be made anew must not be taken for one that a person deleted.
                raise SettingsError(
                    f"the rule {replaced[0]} replaces records of a side whose deleted records are not recreated",
                    where=f"{side.label} side",
                    remedy="set its removal policy to RECREATE for deleted, or let the rule update",
                )

    def _check_functions(self) -> None:
        check_functions(self, Profile, self.name)
        check_functions(self.matcher, Matcher, f"{self.name}, matcher")
        if self.realm is not None:
            check_functions(self.realm, Realm, f"{self.name}, realm")
        for side in SIDES:
            where, one = f"{self.name}, {side.label} side", self.sides[side]
            check_functions(one, SideProfile, where)
            if one.references is not None:
                check_functions(one.references, References, f"{where}, references")
            if self.succession is not None:
                check_functions(self.succession.line(side), Line, f"{where}, succession")
        mapping: object = self.mapping
        if not isinstance(mapping, tuple):
            raise SettingsError(
                f"a {type(mapping).__name__} is no mapping",
                where=f"{self.name}, mapping",
                remedy="pass a tuple of rules; tuple(...) makes one",
            )
        for rule in self.mapping:
            check_functions(rule, Rule, f"{self.name}, mapping")
            for side in SIDES:
                check_functions(rule.lenses[side], Lens, f"{self.name}, rule {rule.name}, {side.label} side")

    @property
    def sides(self) -> tuple[SideProfile[L], SideProfile[R]]:
        """Both sides, to be indexed."""
        return (self.left, self.right)


def try_profile(profile: Profile[L, R], records: tuple[object, object]) -> None:
    """Try a profile's functions on a record of each side; raise SettingsError for one that answers as none can."""
    name, both = profile.name, {"L": records[0], "R": records[1]}
    try_functions(profile, Profile, name, both)
    try_functions(profile.matcher, Matcher, f"{name}, matcher", both)
    if profile.realm is not None:
        try_functions(profile.realm, Realm, f"{name}, realm", {"S": records[profile.realm.shared.other]})
    for side in SIDES:
        where, one = f"{name}, {side.label} side", profile.sides[side]
        own = {"S": records[side], "T": records[side.other]}
        try_functions(one, SideProfile, where, own)
        if one.references is not None:
            try_functions(one.references, References, f"{where}, references", own)
        if profile.succession is not None:
            try_functions(profile.succession.line(side), Line, f"{where}, succession", own)
