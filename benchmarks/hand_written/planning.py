"""Provide the plan: whom to link, what to write, what is remembered once it is done. It only reads.

Of a pair that differs what is empty is filled, addresses are united, numbers fill empty places, a contact that is filed
under no name gets one, and else the value of the later record stands.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, NamedTuple

from world import SECRET, World

import hand_written.values as values_of
from hand_written.matching import LABELS, SCOPES, Known, Parked, begun, listed, paired, screened, searched
from hand_written.values import EMAILS, EMPTY, FIELDS, FILE_AS, NAMES, NO_BASE, PHONES, Digests, Entries, Fields, Values

WHOLE, HALF = 3, 1
"""Which members a link remembers: both, or the left one until the second half of its pair is written."""
_FIRST, _CREATED = "first_pairing", "new"
_ACCOUNTS = [blake2b(one.encode(), key=SECRET, digest_size=8).hexdigest() for one in ("left:outlook", "right:crm")]
_NEW = (values_of.new_contact, values_of.new_entry)

Row = tuple[object, ...]
"""A link as it is kept: both ids, both versions, members, both bases (the right one only if it differs), decided."""
Writes = tuple[list["Step"], ...]
"""Creates on the left and on the right, updates on the left and on the right, second halves of pairs."""


class Step(NamedTuple):
    """One write: a record to create, or the fields of ``target`` to set, and what is remembered once it is done.

    ``shows`` are the values of the target then, ``own`` their digests. ``told``: by side, whether its version is kept.
    """

    side: int
    target: str
    version: str | None
    source: str
    source_version: str | None
    change: Any
    shows: Values
    own: bytes
    base: tuple[bytes, bytes]
    decided: str
    told: tuple[bool, bool] = (True, True)
    members: int = WHOLE
    token: str = ""


class Plan(NamedTuple):
    """All that a first run has to do, and where both feeds go on after it."""

    links: list[Row]
    writes: Writes
    parked: list[Parked]
    cursors: tuple[str, str]


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest while much is made; what was made is then taken for old."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.unfreeze()
    finally:
        if was_enabled:
            gc.enable()


def plan(world: World) -> Plan:
    """Return all that a first run has to do."""
    providers: tuple[Any, Any] = (world.outlook.contacts, world.crm.entries)
    found = [listed(provider, scope) for provider, scope in zip(providers, SCOPES, strict=True)]
    (lefts, left_cursor), (rights, right_cursor) = found
    with resting():
        left, right = screened(0, lefts), screened(1, rights)
        pairs, alone = paired(left, right)
    missing = (searched(providers[1], left, alone[0], rights), searched(providers[0], right, alone[1], lefts))
    writes: Writes = ([], [], [], [], [])
    with resting():
        digests = Digests()
        links = list(_compared(digests, [(left.fit[one], right.fit[other]) for one, other in pairs], writes))
        writes[0].extend(_created(digests, 0, [right.fit[one] for one in sorted(missing[1])]))
        writes[1].extend(_created(digests, 1, [left.fit[one] for one in sorted(missing[0])]))
        for steps in writes[2:]:
            steps.sort(key=lambda step: step.target)
    return Plan(links, writes, left.parked + right.parked, (left_cursor, right_cursor))


def _compared(digests: Digests, pairs: Iterable[tuple[Known, Known]], writes: Writes) -> Iterator[Row]:
    """Yield the links of pairs that need no write, and add the writes of the others."""
    make, entries_of, differing = digests.of, digests.all, values_of.differing
    for pair in pairs:
        (item, values, addresses, _), (its, shown, folded, _) = pair
        mine = entries_of(values, addresses)
        theirs = mine.copy()
        news = []
        for at in differing(values, shown):
            theirs[at] = made = make[at](folded if at == EMAILS else shown[at])
            if made != mine[at]:
                news.append(at)
        if not news:
            yield item.id, its.id, item.version, its.version, WHOLE, b"".join(mine), None, _FIRST
        elif news == [FILE_AS] and mine[FILE_AS] != EMPTY:
            yield item.id, its.id, item.version, its.version, WHOLE, b"".join(mine), b"".join(theirs), _FIRST
        else:
            yield from _merged(digests, pair, (mine, theirs), news, writes)


def _merged(
    digests: Digests, pair: tuple[Known, Known], entries: tuple[Entries, Entries], news: list[int], writes: Writes
) -> Iterator[Row]:
    """Merge a pair that differs in ``news``: add its writes, or yield its link if there are none."""
    items = (pair[0][0], pair[1][0])
    shown = (list(pair[0][1]), list(pair[1][1]))
    fields: tuple[Fields, Fields] = ({}, {})
    decided = [at for at in news if at != FILE_AS]
    waiting = [at for at in decided if _give(at, pair, entries, shown, fields)]
    if fields[1]:
        shown[1][FILE_AS] = values_of.full_name(shown[1][0], shown[1][2])
    if entries[0][FILE_AS] == EMPTY:
        decided.append(FILE_AS)
        shown[0][FILE_AS] = fields[0]["file_as"] = shown[1][FILE_AS]
    after = [_entries_after(digests, entries[side], pair[side][1], tuple(shown[side])) for side in (0, 1)]
    agreed = after
    if after[0][EMAILS] != after[1][EMAILS]:
        # There was no room for all of them.
        both = values_of.packed(values_of.unpacked(after[0][EMAILS]) & values_of.unpacked(after[1][EMAILS]))
        agreed = [[*one[:EMAILS], both, *one[EMAILS + 1 :]] for one in after]
    base = (b"".join(agreed[0]), b"".join(agreed[1]))
    told = (agreed[0] == after[0], agreed[1] == after[1])
    why = f"{_FIRST}|{','.join([NAMES[at] for at in decided])}"
    steps = []
    for side, (item, other) in enumerate((items, items[::-1])):
        if fields[side]:
            ids = item.id, item.version, other.id, other.version
            own = b"".join(after[side])
            steps.append(Step(side, *ids, fields[side], tuple(shown[side]), own, base, why, told))
    if len(steps) == len(items):
        left, right = (b"".join([NO_BASE if at in waiting else one for at, one in enumerate(all_)]) for all_ in agreed)
        writes[2].append(steps[0]._replace(base=(left, right), told=(False, False), members=HALF))
        writes[4].append(steps[1])
    elif steps:
        writes[2 + steps[0].side].append(steps[0])
    else:
        left_version, right_version = (item.version if one else None for item, one in zip(items, told, strict=True))
        yield link((items[0].id, items[1].id), (left_version, right_version), WHOLE, base, why)


def _give(
    at: int,
    pair: tuple[Known, Known],
    entries: tuple[Entries, Entries],
    shown: tuple[list[Any], list[Any]],
    fields: tuple[Fields, Fields],
) -> bool:
    """Give a side, or both, what it lacks of a value; tell whether anything was for the right one."""
    (left, values, addresses, _), (right, others, folded, _) = pair
    mine, theirs = values[at], others[at]
    if at == EMAILS:
        wanted = (values_of.united(mine, theirs, addresses), values_of.united(theirs, mine, folded))
    elif at == PHONES:
        wanted = (values_of.completed(mine, theirs), values_of.completed(theirs, mine))
    else:
        later = 0 if left.modified and right.modified and left.modified > right.modified else 1
        source = 1 if entries[0][at] == EMPTY else 0 if entries[1][at] == EMPTY else later
        shown[1 - source][at] = fields[1 - source][FIELDS[1 - source][at]] = theirs if source else mine
        return source == 0
    for side in (0, 1):
        if wanted[side]:
            made, shown[side][at] = values_of.put(pair[side][0].record, side, at, wanted[side])
            fields[side].update(made)
    return bool(wanted[1])


def _entries_after(digests: Digests, entries: Entries, before: Values, shown: Values) -> Entries:
    """Return the entries of a record that shows some other values than ``before``."""
    news = values_of.differing(before, shown)
    made = entries.copy() if news else entries
    for at in news:
        made[at] = digests.of[at](values_of.folded(shown[at]) if at == EMAILS else shown[at])
    return made


def _created(digests: Digests, side: int, sources: Iterable[Known]) -> Iterator[Step]:
    """Yield the steps that create the counterparts of the other side's records on ``side``."""
    new, read = _NEW[side], values_of.READ[side]
    start = begun()
    start.update((repr(("token", "benchmark", *_ACCOUNTS, LABELS[side]))[:-1] + ", ").encode())
    for item, values, addresses, _ in sources:
        record = new(values)
        shows = read(record)
        theirs = digests.all(values, addresses)
        made = _entries_after(digests, theirs, values, shows)
        packed = b"".join(theirs)
        own = packed if made is theirs else b"".join(made)
        base = (packed, own) if side else (own, packed)
        token = start.copy()
        token.update(f"{item.id!r}, '')".encode())
        done = record, shows, own, base, _CREATED, (True, True), WHOLE
        yield Step(side, "", None, item.id, item.version, *done, token.hexdigest())


def link(
    ids: tuple[str, str], versions: tuple[str | None, str | None], members: int, base: tuple[bytes, bytes], why: str
) -> Row:
    """Return a link as it is kept."""
    left, right = base
    return *ids, *versions, members, left, None if left == right else right, why
