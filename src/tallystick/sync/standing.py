"""Provide the standing lists: records that were seen and not finished, with every reason, and the pairs in conflict."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import attrs

from tallystick.errors import UnknownRecord
from tallystick.mapping import field_names
from tallystick.ports import Commit, ParkedKind, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.reasons import words
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.holding import held_briefly
from tallystick.sync.setup import Setup

_LATER: Final = "nothing was released; look at the list when that run has ended, and release what is still there"


@attrs.frozen
class Listed:
    """One row of the standing lists: a record that was seen and not finished, with every reason in words.

    ``attempts`` counts how often its write was refused, ``retry_at`` is when it is tried again by itself. ``url``
    opens the record for editing, where the provider gives one. ``fields`` are those of the record, by its own names,
    that the reasons are about, where they are about any.
    """

    side: Side
    id: str
    kind: ParkedKind
    reasons: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    url: str
    attempts: int = 0
    retry_at: datetime | None = None
    fields: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The reasons in words."""
        return tuple(words(reason) for reason in self.reasons)

    @property
    def resolvable(self) -> bool:
        """Whether missing or invalid data is the reason, which a correction of the record mends."""
        return any(map(reasons.is_resolvable, self.reasons))


@attrs.frozen
class Conflict:
    """One pair whose sides changed the same things, and that waits for a person to choose.

    ``id`` names it, and is the left record's. ``ids``, ``versions`` (as of when it was found) and ``urls`` are by side;
    ``rules`` are the names of what both changed. The values themselves are with the providers.
    """

    id: str
    ids: tuple[str, str]
    versions: tuple[str | None, str | None]
    rules: tuple[str, ...]
    first_seen: datetime | None
    urls: tuple[str, str]


def conflicts(setup: Setup) -> Call[list[Conflict]]:
    """Return the pairs in conflict, oldest first."""
    rows = yield from calls.parked_list(setup.sync, ParkedKind.CONFLICT)
    there = {row.id: row for row in rows if row.side is Side.RIGHT}
    here = [row for row in rows if row.side is Side.LEFT]
    links = {
        link.ids[0]: link.ids[1] for link in (yield from calls.links(setup.sync, Side.LEFT, [row.id for row in here]))
    }
    found = []
    for row in here:
        ids = (row.id, links.get(row.id, ""))
        other = there.get(ids[1])
        rules = tuple(rule for reason in row.reasons if (rule := reason.partition(":")[2]))
        urls = (url_of(setup, Side.LEFT, ids[0]), url_of(setup, Side.RIGHT, ids[1]) if ids[1] else "")
        found.append(
            Conflict(row.id, ids, (row.version, other.version if other else None), rules, row.first_seen, urls)
        )
    return found


def listed(setup: Setup, *kinds: ParkedKind) -> Call[list[Listed]]:
    """Return the parked rows of some kinds as a person reads them."""
    found = []
    for kind in kinds:
        found += [
            Listed(
                row.side,
                row.id,
                row.kind,
                row.reasons,
                row.first_seen,
                row.last_seen,
                url_of(setup, row.side, row.id),
                row.attempts,
                row.retry_at,
                fields_named(setup, row.side, row.reasons),
            )
            for row in (yield from calls.parked_list(setup.sync, kind))
        ]
    return found


def errors(setup: Setup, *, resolvable: bool | None) -> Call[list[Listed]]:
    """Return the rows of records that failed, or are ignored for missing or invalid data; only one kind if asked."""
    rows = yield from listed(setup, ParkedKind.FAILED, ParkedKind.IGNORED, ParkedKind.FROZEN)
    found = [row for row in rows if row.kind is ParkedKind.FAILED or row.resolvable]
    return [row for row in found if resolvable in (None, row.resolvable)]


def fields_named(setup: Setup, side: Side, codes: Iterable[str]) -> tuple[str, ...]:
    """Return a record's own fields that are meant by the names of fields or rules in the codes of reasons."""
    named = {code.rpartition(":")[2] for code in codes if ":" in code}
    own = field_names(setup.profile.sides[side].blank)
    found = [name for name in own if name in named]
    for rule in setup.mapping.rules:
        if any(rule.name.startswith(name) for name in named):
            found += rule.lenses[side].writes
    return tuple(dict.fromkeys(found))


def url_of(setup: Setup, side: Side, one: str) -> str:
    """Return where a person edits a record; an empty text where the provider does not say."""
    return setup.capabilities[side].record_url.replace("{id}", one)


def releasing(setup: Setup, side: Side, one: str, is_gone: Callable[[str], bool]) -> Call[None]:
    """Let a failed record be tried again by the next run, as if it had never failed.

    Raises UnknownRecord where no such record has failed, LeaseHeld while a run is at work.
    """
    return held_briefly(setup.sync, _releasing(setup, side, one), is_gone, _LATER)


def _releasing(setup: Setup, side: Side, one: str) -> Call[None]:
    found = yield from calls.parked(setup.sync, side, [one])
    if not found or found[0].kind is not ParkedKind.FAILED:
        raise UnknownRecord(
            "no such record has failed",
            where=f"{setup.sync}, {side.label} {one}",
            remedy="choose from the list of errors",
        )
    why = tuple(reason for reason in found[0].reasons if reason != reasons.GAVE_UP)
    row = attrs.evolve(found[0], reasons=why, attempts=0, retry_at=(yield from calls.now()))
    yield from calls.commit(setup.sync, Commit(parked=[row]))
