"""Provide the hand-written floors that runs are held against, and the timing of both.

F2 is what nobody can beat in plain Python: a dictionary join on the same keys (first name, last name, any address;
folded) and the comparison of the same fields of each match, raw values first. F3 is the whole job written by hand for
this one case: validate, find duplicates, match, compare, create and update in memory, ids and one digest a pair to
sqlite; no journal, no plan, no feeds, no policies.
"""

import gc
import sqlite3
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

from tallystick.records import Contact, Entry
from tallystick.text import is_address

FIELDS = (
    ("given_name", "first_name"),
    ("middle_name", "middle_name"),
    ("surname", "last_name"),
    ("company_name", "company_name"),
    ("job_title", "position"),
    ("department", "department"),
    ("office_location", "division"),
)
PARTS = ("street", "city", "state", "postal_code", "country")
Flat = dict[str, str]
Book = list[tuple[Flat, list[str]]]
Key = tuple[str, str, str]


def folded(text: str) -> str:
    """Return a text as the floors compare it."""
    return " ".join(text.split()).lower() if text.isascii() else " ".join(text.casefold().split())


def flat_contacts(contacts: Sequence[Contact]) -> Book:
    """Return contacts as the plain dictionaries that the floors work on."""
    made: Book = []
    for one in contacts:
        flat = {name: getattr(one, name) for name, _ in FIELDS}
        flat |= {part: getattr(one.business_address, part) for part in PARTS}
        flat["mobile"] = one.mobile_phone
        flat["main"] = one.business_phones[0] if one.business_phones else ""
        flat["home"] = one.home_phones[0] if one.home_phones else ""
        made.append((flat, [each.address for each in one.email_addresses]))
    return made


def flat_entries(entries: Sequence[Entry]) -> Book:
    """Return entries as the plain dictionaries that the floors work on, under the contacts' names."""
    made: Book = []
    for one in entries:
        labels = {phone.label: phone.number for phone in one.phones}
        flat = {name: getattr(one, other) for name, other in FIELDS}
        flat |= {part: getattr(one.address, part) for part in PARTS}
        flat["mobile"] = labels.get("Cell") or labels.get("Mobile", "")
        flat["main"] = labels.get("Main", "")
        flat["home"] = labels.get("Home", "")
        made.append((flat, list(one.emails)))
    return made


def floor_join(left: Book, right: Book) -> int:
    """F2: join and compare; return how many values differ."""
    index: dict[tuple[str, str, str], Flat] = {}
    for flat, emails in right:
        first, last = folded(flat["given_name"]), folded(flat["surname"])
        for email in emails:
            index[first, last, email.strip().lower()] = flat
    different = 0
    for flat, emails in left:
        first, last = folded(flat["given_name"]), folded(flat["surname"])
        for email in emails:
            other = index.get((first, last, email.strip().lower()))
            if other is not None:
                for name, value in flat.items():
                    theirs = other[name]
                    if value != theirs and folded(value) != folded(theirs):
                        different += 1
                break
    return different


def fit_records(book: Book) -> tuple[dict[int, list[Key]], dict[Key, int]]:
    """Return the keys of each valid record that is no duplicate, and the first owner of each key."""
    fit: dict[int, list[Key]] = {}
    owner: dict[Key, int] = {}
    doubled: set[int] = set()
    for at, (flat, emails) in enumerate(book):
        first, last = folded(flat["given_name"]), folded(flat["surname"])
        valid = [email.strip().lower() for email in emails if is_address(email)]
        if first and last and valid:
            fit[at] = keys = [(first, last, email) for email in valid]
            for key in keys:
                if owner.setdefault(key, at) != at:
                    doubled |= {owner[key], at}
    return {at: keys for at, keys in fit.items() if at not in doubled}, owner


def floor_job(left: Book, right: Book, path: Path) -> int:
    """F3: the whole job by hand; return how many pairs there are."""
    mine, _ = fit_records(left)
    theirs, owner = fit_records(right)
    pairs: list[tuple[int, int]] = []
    taken = set()
    created: list[Flat] = []
    for at, keys in mine.items():
        hit = next((owner[key] for key in keys if key in owner and owner[key] in theirs), None)
        if hit is None:
            created.append(dict(left[at][0]))
            pairs.append((at, len(right) + len(created)))
            continue
        taken.add(hit)
        pairs.append((at, hit))
        mine_flat, their_flat = left[at][0], right[hit][0]
        if mine_flat != their_flat:
            their_flat = {**their_flat, **{name: value for name, value in mine_flat.items() if value}}
    for at in theirs:
        if at not in taken:
            created.append(dict(right[at][0]))
            pairs.append((len(left) + len(created), at))
    rows = []
    for one, other in pairs:
        flat = left[one][0] if one < len(left) else right[other][0]
        rows.append((str(one), str(other), blake2b("\x1f".join(flat.values()).encode(), digest_size=16).digest()))
    base = sqlite3.connect(path)
    with base:
        base.execute("create table link (one text unique, other text unique, digest blob)")
        base.executemany("insert into link values (?, ?, ?)", rows)
    base.close()
    return len(pairs)


def timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds that ``work`` takes, its result kept until they are counted."""
    gc.collect()
    start = time.process_time()
    kept = work()
    seconds = time.process_time() - start
    del kept
    return seconds
