"""The law of compiled mappings: what was written out for speed does what the rules say, one after another."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given

from tallystick.mapping import Rule, Shape, compile_mapping, evolved
from tallystick.mapping.base import EMPTY, hasher, pack_elements, pack_slots, pack_value, slot_digest
from tallystick.mapping.entries import canonical
from tallystick.ports import Side
from tallystick.profiles.maximizer.contact_sync import CONTACT_RULES
from tallystick.records import Contact, Entry
from tests.property.strategies import CONTACTS, ENTRIES

pytestmark = pytest.mark.property

KEY = bytes(range(32))
MAPPING: Any = compile_mapping(CONTACT_RULES, KEY)
RULES: Sequence[Rule[Any, Any]] = CONTACT_RULES
BLANKS = (Contact(), Entry())


def entry(rule: Rule[Any, Any], side: int, record: object) -> bytes:
    """Return what the base holds of one rule, made the long way."""
    start = hasher(KEY, rule.name)
    value: Any = canonical(rule, rule.lenses[side].get(record))
    if rule.shape is Shape.SLOTS:
        return pack_slots([slot_digest(start, one) for one in value])
    if rule.shape is Shape.ELEMENTS:
        return pack_elements(start, value) if value else EMPTY
    return pack_value(start, value)


def entries(side: int, record: object) -> list[bytes]:
    """Return what the base holds of one record."""
    return [entry(rule, side, record) for rule in RULES]


@given(CONTACTS, ENTRIES)
def test_compiled_comparison_is_that_of_the_rules(contact: Contact, entry_: Entry) -> None:
    """Two records are compared rule by rule, whatever the short cuts."""
    assert MAPPING.entries.pair(contact, entry_) == (entries(0, contact), entries(1, entry_))
    assert MAPPING.entries.shown[0](contact) == entries(0, contact)
    assert MAPPING.entries.shown[1](entry_) == entries(1, entry_)


@given(CONTACTS, CONTACTS)
def test_compiled_digests_of_a_change_are_those_of_the_record(before: Contact, after: Contact) -> None:
    """What a changed record shows does not depend on how it came about."""
    assert MAPPING.entries.after[0](before, after, entries(0, before)) == entries(0, after)


@pytest.mark.parametrize("side", Side)
@given(contact=CONTACTS, entry_=ENTRIES)
def test_a_compiled_counterpart_is_that_of_the_rules(side: Side, contact: Contact, entry_: Entry) -> None:
    """A new record has what each rule puts into a blank one, and nothing else."""
    source, blank = (entry_, contact)[side], BLANKS[side]
    fields: dict[str, object] = {}
    for rule in RULES:
        value = rule.lenses[side.other].get(source)
        if rule.direction.create[side] and value not in ("", (), None):
            fields.update(rule.lenses[side].put(blank, value))
    made = evolved(blank, fields)

    assert MAPPING.counterpart[side](source, blank) == (made, entries(side.other, source), entries(side, made))
    assert evolved(blank, MAPPING.fields[side](source, blank)) == made
