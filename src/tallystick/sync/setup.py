"""Provide the setup of one sync: what stays the same from run to run, and is handed to the machine."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import attrs

from tallystick.errors import SyncDisabled
from tallystick.mapping import CompiledMapping
from tallystick.ports import SIDES, Capabilities, Found, Head, Scope, Side, Term
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.profile import Profile
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records

REDECIDED_AT_MOST = 3
DENIED_AT_MOST = 3
"""How many batches of a run may be denied before nothing more is sent: what one is denied may be its records' alone."""

RETRIED_ITEMS_AT_MOST = 4


@attrs.frozen
class Setup:
    """A sync's name, profile and compiled mapping, what the providers can do, whose accounts they are.

    ``scopes`` are what the run looks after, their windows as they are today. ``watched`` says that there are observers.
    """

    sync: str
    profile: Profile[object, object]
    mapping: CompiledMapping[object, object]
    key: bytes = attrs.field(repr=False)
    capabilities: tuple[Capabilities, Capabilities]
    accounts: tuple[str, str]
    has_sink: bool = False
    scopes: tuple[Scope, Scope] = (Scope(), Scope())
    keeps_images: bool = False
    watched: bool = False
    extents: tuple[str, str] = attrs.field(init=False, repr=False)
    """What decides the extent of both sides, by digest, since people name their lists."""

    @extents.default
    def _extents(self) -> tuple[str, str]:
        return (
            name_digest(self.key, Side.LEFT, self.profile.left.extent),
            name_digest(self.key, Side.RIGHT, self.profile.right.extent),
        )

    def get(self, side: Side, ids: Sequence[str]) -> Call[list[Found[object]]]:
        """Ask a side what each id is now, as seen from its scope."""
        return calls.get(side, ids, self.scopes[side], self.capabilities[side].read_size)

    def search(self, side: Side, terms: Sequence[Term]) -> Call[Records]:
        """Search a side; return what was found by id."""
        return calls.search(side, terms, self.scopes[side], self.capabilities[side].read_size)

    def context(self, head: Head, now: datetime, *, initial: bool) -> Context:
        """Return what the decisions of a run share that begins ``now``; a new scope makes it an initial one."""
        left, right = (bool(head.extents[side]) and head.extents[side] != self.extents[side] for side in SIDES)
        return Context(
            self.sync,
            self.profile,
            self.mapping,
            self.key,
            self.capabilities,
            self.accounts,
            now,
            initial or left or right,
            self.has_sink,
            (left, right),
            bool(head.layout) and head.layout != self.mapping.layout,
            (self.scopes[0].window, self.scopes[1].window),
        )

    def refuse_disabled(self, head: Head) -> None:
        """Raise SyncDisabled where the sync is switched off, or its settings say so."""
        if not head.enabled:
            raise SyncDisabled("the sync is switched off", where=self.sync, remedy="switch it on with enable()")
        if not self.profile.enabled:
            raise SyncDisabled(
                "the sync's settings say that it is off",
                where=self.sync,
                remedy="change them, or ask the administrator",
            )

    def altered(self, head: Head) -> tuple[str, ...]:
        """Return codes of what has changed in the profile since the last run: rules by name, and scopes by side."""
        said = [
            f"{reasons.SCOPE_CHANGED}:{side.label}"
            for side in SIDES
            if head.extents[side] and head.extents[side] != self.extents[side]
        ]
        if head.layout not in ("", self.mapping.layout):
            before = dict(name.split("@") for name in head.layout.split(","))
            after = dict(name.split("@") for name in self.mapping.layout.split(","))
            said += [f"{reasons.RULE_ADDED}:{name}" for name in after if name not in before]
            said += [f"{reasons.RULE_CHANGED}:{name}" for name in after if before.get(name, after[name]) != after[name]]
            said += [f"{reasons.RULE_REMOVED}:{name}" for name in before if name not in after]
        return tuple(said)


def name_digest(key: bytes, side: Side, name: str) -> str:
    """Return what the state remembers of a name, such as an account's: enough to know it again."""
    return blake2b(f"{side.label}:{name}".encode(), key=key, digest_size=8).hexdigest()
