"""Made-up address books: as many of everything as asked for, the same every time, and nobody real."""

import os
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable

import pytest

from tallystick.errors import SettingsError
from tallystick.providers.addressbook import AddressBooks, Fault, Shares, address_books
from tallystick.records import Contact, Entry, EntryKind
from tallystick.text import fold, fold_address, is_address

SIZE = 5000


@pytest.fixture(scope="module")
def books() -> AddressBooks:
    """Return two address books of a fair size."""
    return address_books(SIZE)


def contact_keys(contact: Contact) -> set[Hashable]:
    """Return what a contact is matched by."""
    names = (fold(contact.given_name), fold(contact.surname))
    valid = [email.address for email in contact.email_addresses if is_address(email.address)]
    return {(*names, fold_address(address)) for address in valid} if all(names) else set()


def entry_keys(entry: Entry) -> set[Hashable]:
    """Return what an entry is matched by."""
    names = (fold(entry.first_name), fold(entry.last_name))
    valid = [address for address in entry.emails if is_address(address)]
    return {(*names, fold_address(address)) for address in valid} if all(names) else set()


def shared(keys: Iterable[set[Hashable]]) -> set[int]:
    """Return the indexes of records that share a key with another one."""
    listed = list(keys)
    count = Counter(key for each in listed for key in each)
    return {place for place, each in enumerate(listed) if any(count[key] > 1 for key in each)}


@pytest.mark.parametrize("size", [0, 1, 2, 7, 100, SIZE])
def test_both_books_have_the_size_asked_for(size: int) -> None:
    """Any size can be had, also a very small one."""
    books = address_books(size)
    assert len(books.contacts) == len(books.entries) == len(books.lists) == size


def test_shares(books: AddressBooks) -> None:
    """Three of five people are on both sides, and each side has its duplicates and faults."""
    single = address_books(SIZE, shares=Shares(duplicates=0))
    assert len(single.pairs) / (2 * SIZE - len(single.pairs)) == pytest.approx(0.6, abs=0.001)
    for faults in books.faults:
        assert Counter(faults.values()) == {
            Fault.DUPLICATE: 0.06 * SIZE,
            Fault.LACKING: 0.03 * SIZE,
            Fault.INVALID: 0.01 * SIZE,
            Fault.SPARE_INVALID: 0.01 * SIZE,
        }
    assert sum(entry.kind is EntryKind.COMPANY for entry in books.entries) == 0.02 * SIZE


def test_pairs_are_the_same_people(books: AddressBooks) -> None:
    """The two records of a pair match, and no other records of the two sides do, but for duplicates."""
    by_key = {key: place for place, entry in enumerate(books.entries) for key in entry_keys(entry)}
    for left, right in books.pairs:
        assert contact_keys(books.contacts[left]) & entry_keys(books.entries[right])
    matched = {
        (left, by_key[key])
        for left, contact in enumerate(books.contacts)
        for key in contact_keys(contact)
        if key in by_key and left not in books.faults[0] and by_key[key] not in books.faults[1]
    }
    assert matched == set(books.pairs)


def test_faults_are_what_they_say(books: AddressBooks) -> None:
    """Duplicates match within their side, the lacking and invalid match nobody, and everybody else is fit."""
    sides = [list(map(contact_keys, books.contacts)), list(map(entry_keys, books.entries))]
    for keys, faults in zip(sides, books.faults, strict=True):
        assert shared(keys) == {place for place, fault in faults.items() if fault is Fault.DUPLICATE}
    companies = {place for place, entry in enumerate(books.entries) if entry.kind is EntryKind.COMPANY}
    for keys, faults, others in zip(sides, books.faults, (set(), companies), strict=True):
        unfit = {place for place, each in enumerate(keys) if not each}
        assert unfit - others == {place for place, fault in faults.items() if fault in (Fault.LACKING, Fault.INVALID)}


def test_pairs_differ_as_real_ones_do(books: AddressBooks) -> None:
    """Some pairs were edited on one side, some are spelled in another way, and most are alike."""
    pairs = [(books.contacts[left], books.entries[right]) for left, right in books.pairs]
    respelled = sum(contact.given_name != entry.first_name for contact, entry in pairs)
    edited = sum(fold(contact.job_title) != fold(entry.position) for contact, entry in pairs)
    assert 0.02 < respelled / len(pairs) < 0.15
    assert 0.02 < edited / len(pairs) < 0.15


def test_variety(books: AddressBooks) -> None:
    """There are many scripts, decomposed letters, notes of several lines, and several ways to write a number."""
    names = "".join(contact.given_name + contact.surname for contact in books.contacts)
    scripts = {unicodedata.name(char).split()[0] for char in set(names) if char.isalpha()}
    assert {"LATIN", "GREEK", "CYRILLIC", "CJK", "HANGUL", "ARABIC", "HEBREW", "HIRAGANA", "KATAKANA"} <= scripts
    assert any(not unicodedata.is_normalized("NFC", entry.first_name) for entry in books.entries)
    assert any("\n" in contact.personal_notes for contact in books.contacts)
    shapes = {"".join(" " if char.isdigit() else char for char in each.mobile_phone) for each in books.contacts}
    assert len(shapes) > 15
    assert {entry.kind for entry in books.entries} == set(EntryKind)
    assert any("\n" in contact.business_address.street for contact in books.contacts)


def test_nobody_is_real(books: AddressBooks) -> None:
    """Every address is at a domain that is kept free for examples."""
    addresses = [email.address for contact in books.contacts for email in contact.email_addresses]
    addresses += [address for entry in books.entries for address in entry.emails]
    domains = {fold_address(address).rpartition("@")[2] for address in addresses if is_address(address)}
    assert domains == {"example.com", "example.org", "example.net"}


def test_scopes_can_be_chosen() -> None:
    """All contacts are in the category and all entries on the list that were asked for, some in others too."""
    books = address_books(200, category="Mine", favourite_list="Ours")
    assert all("Mine" in contact.categories for contact in books.contacts)
    assert all("Ours" in lists for lists in books.lists)
    assert any(len(contact.categories) > 1 for contact in books.contacts)
    assert any(len(lists) > 1 for lists in books.lists)


def test_shares_can_be_chosen() -> None:
    """Books without any fault, or with nobody in common, can be had too."""
    clean = Shares(overlap=1, edited=0, respelled=0, duplicates=0, lacking=0, invalid=0, companies=0)
    books = address_books(50, shares=clean)
    assert (len(books.pairs), books.faults) == (50, ({}, {}))
    apart = address_books(50, shares=Shares(overlap=0))
    assert apart.pairs == []


def test_a_size_below_nothing() -> None:
    """A negative size is refused."""
    with pytest.raises(SettingsError):
        address_books(-1)


def test_reprs_show_nobody(books: AddressBooks) -> None:
    """What is printed of the books holds no names."""
    assert repr(books) == "AddressBooks()"


_DIGEST = """
import hashlib
from tallystick.providers.addressbook import address_books
from tallystick.records import record_converter
books = address_books(300, 7)
data = record_converter().unstructure([books.contacts, books.entries, books.lists, books.pairs])
print(hashlib.sha256(repr(data).encode()).hexdigest())
"""


def test_a_seed_makes_the_same_books_in_every_process() -> None:
    """The same seed gives the same books in two processes, and another seed others."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert address_books(50, 1) == address_books(50, 1)
    assert address_books(50, 1) != address_books(50, 2)
