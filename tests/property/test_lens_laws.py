"""The laws of every rule of the contact profile, up to its canonical form."""

# ruff: noqa: ANN401 - these take whatever they are given

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.mapping import MergePolicy, Rule, Shape, compile_mapping
from tallystick.mapping.entries import canonical
from tallystick.profiles.maximizer import CONTACT_RULES, contacts
from tallystick.records import Contact, Entry, PostalAddress
from tests.property.strategies import ADDRESSES, CONTACTS, ENTRIES, NUMBERS, POSTAL, TEXTS

MAPPING: Any = compile_mapping(CONTACT_RULES, bytes(32))
AnyRule = Rule[Contact, Entry]
RECORDS = (CONTACTS, ENTRIES)
PROFILE = contacts()
BY_NAME = {rule.name: rule for rule in CONTACT_RULES}
EACH_RULE = pytest.mark.parametrize("name", BY_NAME)
EACH_SIDE = pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])

pytestmark = pytest.mark.property


def shown(name: str, side: int, record: object) -> object:
    """Return the canonical value of one rule."""
    rule: Any = BY_NAME[name]
    return canonical(rule, rule.lenses[side].get(record))


def shown_by_all(side: int, record: object) -> list[object]:
    """Return the canonical value of every rule."""
    return [shown(name, side, record) for name in BY_NAME]


def put(name: str, side: int, record: Any, value: object) -> Any:
    """Return the record after a value was put into it."""
    return attrs.evolve(record, **BY_NAME[name].lenses[side].put(record, value))


def filled(rule: AnyRule, side: int, record: object, value: Any) -> Any:
    """Return what a policy that only fills makes of a value: a number that is there stays."""
    if rule.policy is not MergePolicy.FILL:
        return value
    present: Any = rule.lenses[side].get(record)
    return tuple(old or new for old, new in zip(present, value, strict=True))


def writable(name: str, side: int) -> bool:
    """Tell whether a rule writes on a side at all."""
    return BY_NAME[name].direction.update[side]


@EACH_SIDE
@given(data=st.data())
def test_whoever_has_a_match_key_lacks_nothing(side: int, data: st.DataObject) -> None:
    """A record is fit where it has a match key, and unfit where it has none: names and an address are both."""
    record = data.draw(RECORDS[side])
    one: Any = PROFILE.sides[side]
    keys: Any = PROFILE.matcher.keys[side]

    assert bool(keys(record)) is not bool(one.reasons_against(record))


@EACH_RULE
@EACH_SIDE
@given(data=st.data())
def test_putting_back_what_was_got_changes_nothing(name: str, side: int, data: st.DataObject) -> None:
    """GetPut: a record into which its own value is put shows what it showed, in this rule and in every other."""
    record = data.draw(RECORDS[side])
    after = put(name, side, record, BY_NAME[name].lenses[side].get(record))

    assert shown_by_all(side, after) == shown_by_all(side, record)


@EACH_RULE
@EACH_SIDE
@given(data=st.data())
def test_getting_what_was_put_gives_it(name: str, side: int, data: st.DataObject) -> None:
    """PutGet: what was got from the other side and put into an empty record is there, as far as there is room."""
    rule = BY_NAME[name]
    source = data.draw(RECORDS[1 - side])
    if not writable(name, side) or rule.policy is MergePolicy.FOLLOW:
        return
    blank: Any = (Contact(), Entry())[side]
    after = put(name, side, blank, rule.lenses[1 - side].get(source))
    wanted, got = shown(name, 1 - side, source), shown(name, side, after)

    if rule.shape is Shape.SLOTS:
        # The same number under two labels is there once.
        assert {one for one in wanted if one} == {one for one in got if one}  # type: ignore[attr-defined]  # slots
    else:
        assert got == wanted


@EACH_RULE
@EACH_SIDE
@given(data=st.data())
def test_a_second_round_trip_is_a_fixed_point(name: str, side: int, data: st.DataObject) -> None:
    """Putting the other side's value twice is the same as once, byte for byte."""
    rule = BY_NAME[name]
    record, source = data.draw(RECORDS[side]), data.draw(RECORDS[1 - side])
    value: Any = rule.lenses[1 - side].get(source)
    once = put(name, side, record, filled(rule, side, record, value))

    assert put(name, side, once, filled(rule, side, once, value)) == once


@EACH_RULE
@EACH_SIDE
@given(data=st.data())
def test_putting_touches_only_its_own_fields(name: str, side: int, data: st.DataObject) -> None:
    """A lens returns no field but those that it says it writes, and leaves every other rule's value alone."""
    record: Any = data.draw(RECORDS[side])
    source: Any = data.draw(RECORDS[1 - side])
    lens = BY_NAME[name].lenses[side]
    fields = lens.put(record, BY_NAME[name].lenses[1 - side].get(source))
    after = attrs.evolve(record, **fields)

    assert set(fields) <= set(lens.writes)
    before, now = shown_by_all(side, record), shown_by_all(side, after)
    others = [at for at, rule in enumerate(CONTACT_RULES) if rule.name not in (name, "file_as")]
    assert [before[at] for at in others] == [now[at] for at in others]


@EACH_RULE
@given(data=st.data())
def test_the_canonical_form_is_its_own(name: str, data: st.DataObject) -> None:
    """Canon is idempotent."""
    rule = BY_NAME[name]
    drawn: Any = {"emails": ADDRESSES, "phones": NUMBERS, "address": POSTAL}.get(name, TEXTS)
    canonical: Any = rule.canon(data.draw(drawn))
    again = PostalAddress(*canonical) if name == "address" else canonical

    assert rule.canon(again) == canonical


@given(CONTACTS)
def test_invalid_addresses_and_display_names_stay(contact: Contact) -> None:
    """Putting a contact's own addresses back keeps every address with its display name, valid or not."""
    after = put("emails", 0, contact, BY_NAME["emails"].left.get(contact))

    assert after == contact


@given(ENTRIES)
def test_invalid_addresses_keep_their_slots(entry: Entry) -> None:
    """Putting an entry's own addresses back keeps every slot."""
    after = put("emails", 1, entry, BY_NAME["emails"].right.get(entry))
    trimmed = list(entry.emails)
    while trimmed and not trimmed[-1]:
        trimmed.pop()

    assert list(after.emails) == trimmed


@given(ENTRIES, CONTACTS)
def test_numbers_under_other_labels_are_never_touched(entry: Entry, contact: Contact) -> None:
    """No number of an entry is lost or moved by putting a contact's numbers where it has none."""
    present = BY_NAME["phones"].right.get(entry)
    wanted = BY_NAME["phones"].left.get(contact)
    value = tuple(old or new for old, new in zip(present, wanted, strict=True))  # type: ignore[call-overload]  # slots
    after = put("phones", 1, entry, value)

    kept = [phone for phone in entry.phones if phone.number]
    assert [phone for phone in after.phones if phone in kept] == kept
    assert len(after.phones) <= 4


@given(CONTACTS, ENTRIES)
def test_a_new_record_shows_what_it_was_made_from(contact: Contact, entry: Entry) -> None:
    """A record made from another shows the same in every rule that can be carried, and digests the same."""
    for side, source, blank in ((1, contact, Entry()), (0, entry, Contact())):
        made = attrs.evolve(blank, **MAPPING.fields[side](source, blank))
        wanted, got = shown_by_all(1 - side, source), shown_by_all(side, made)
        for rule, one, other in zip(CONTACT_RULES, wanted, got, strict=True):
            if rule.direction.create[side] and rule.shape is Shape.VALUE:
                assert one == other, rule.name
