"""Provide the packing of bases: what both sides last agreed on, as keyed digests per rule and side.

One side's base is bytes: for each rule a count, and so many digests of 8 bytes. A value has one digest, or none where
it was empty; elements have one each, sorted; slots have one each, an empty one being zeros. The count 255 says that
there is no base for this rule: nothing was ever agreed on. Digests are keyed by the host and bound to the rule's
name, so that equal values of two rules, or of two hosts, have nothing in common, and no content can be read back.
"""

from collections.abc import Hashable, Iterable, Sequence
from hashlib import blake2b
from itertools import compress, count
from operator import ne

DIGEST_SIZE = 8
NO_BASE = b"\xff"
EMPTY = b"\x00"
BLANK_SLOT = bytes(DIGEST_SIZE)
_NOTHING = 255
MOST_ELEMENTS = 254
"""How many elements the packing counts; a larger set has one digest of all, and merges as one value."""

_COUNTS = tuple(bytes((count,)) for count in range(256))
_ALONE = 1 + DIGEST_SIZE
_SIZES = tuple(1 if count == _NOTHING else 1 + count * DIGEST_SIZE for count in range(256))
"""How many bytes an entry takes, by its count."""


def hasher(key: bytes, name: str) -> "blake2b":
    """Return the hasher that digests of the rule ``name`` begin with; copy it for each value."""
    person = blake2b(name.encode(), digest_size=blake2b.PERSON_SIZE).digest()
    return blake2b(key=key, digest_size=DIGEST_SIZE, person=person)


def pack_value(start: "blake2b", value: Hashable) -> bytes:
    """Return the packed digest of a value: of a text as it is, of everything else by its repr, which is exact."""
    if not value and (value == "" or value is None or value == ()):
        return EMPTY
    made = start.copy()
    made.update((value if value.__class__ is str else repr(value)).encode("utf-8", "surrogatepass"))
    return b"\x01" + made.digest()


def pack_elements(start: "blake2b", values: Iterable[Hashable]) -> bytes:
    """Return the packed, sorted digests of a set's elements."""
    found = []
    for value in values:
        one = start.copy()
        one.update((value if value.__class__ is str else repr(value)).encode("utf-8", "surrogatepass"))
        found.append(one.digest())
    if len(found) == 1:
        return b"\x01" + found[0]
    if len(found) > MOST_ELEMENTS:
        one = start.copy()
        one.update(b"".join(sorted(found)))
        found = [one.digest()]
    found.sort()
    return _COUNTS[len(found)] + b"".join(found)


def slot_digest(start: "blake2b", value: Hashable) -> bytes:
    """Return the digest of one slot, zeros where it is empty."""
    if not value and (value == "" or value is None):
        return BLANK_SLOT
    made = start.copy()
    made.update((value if value.__class__ is str else repr(value)).encode("utf-8", "surrogatepass"))
    return made.digest()


def pack_slots(slots: Sequence[bytes]) -> bytes:
    """Return the packed digests of slots, in order; no slots, or none filled, pack as empty."""
    made = b"".join(slots)
    return _COUNTS[len(slots)] + made if made.strip(b"\0") else EMPTY


def unpack(base: bytes) -> list[bytes]:
    """Return a side's base as one packed entry a rule."""
    entries = []
    at, whole = 0, len(base)
    while at < whole:
        end = at + _SIZES[base[at]]
        entries.append(base[at:end])
        at = end
    return entries


def differing(one: Sequence[bytes], other: Sequence[bytes]) -> list[int]:
    """Return the numbers of the rules whose packed entries are not the same."""
    return [*compress(count(), map(ne, one, other))]


def digests(entry: bytes) -> tuple[bytes, ...]:
    """Return the digests of one packed entry; of NO_BASE, none."""
    if len(entry) == _ALONE:
        return (entry[1:],)
    return tuple([entry[at : at + DIGEST_SIZE] for at in range(1, len(entry), DIGEST_SIZE)])


def slot_digests(entry: bytes, count: int) -> tuple[bytes, ...]:
    """Return one packed digest a slot (``EMPTY`` for an empty one), ``NO_BASE`` for each where there is no base."""
    if entry == NO_BASE:
        return (NO_BASE,) * count
    if entry == EMPTY:
        return (EMPTY,) * count
    found = tuple(EMPTY if one == BLANK_SLOT else b"\x01" + one for one in digests(entry))
    return found + (EMPTY,) * (count - len(found))


def pack_agreed(shown: tuple[bytes, bytes], base: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return both bases of a set after a merge, from what the sides show then and from their bases before.

    It is the elements that both show, and those in which the sides agreed to differ: one side's base alone held them.
    """
    sets = [set(digests(entry)) for entry in shown]
    known = [set(digests(entry)) for entry in base]
    both = sets[0] & sets[1]
    if known[0] == known[1]:
        packed = _pack(both)
        return (packed, packed)
    return (_pack(both | (sets[0] & known[0] - known[1])), _pack(both | (sets[1] & known[1] - known[0])))


def _pack(found: set[bytes]) -> bytes:
    return _COUNTS[len(found)] + b"".join(sorted(found))
