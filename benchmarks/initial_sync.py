"""Time a whole contact sync against hand-written floors, in one process.

For each size: two made-up address books in memory, sqlite on disk, and

* ``plan`` and ``apply`` of an initial run: observe, screen, match, decide, plan; write, journal and links on disk;
* ``echo``: the run right after, in which the feeds bring the run's own writes back;
* ``quiet``: a run in which nothing changed;
* ``ten``: a run after ten edits.

Two floors are measured between the rounds, so that a busy machine slows both alike. F2 is what nobody can beat in
plain Python: a dictionary join on the same keys (first name, last name, any address; folded) and the comparison of
the same fields of each match, raw values first. F3 is the whole job written by hand for this one case: validate, find
duplicates, match, compare, create and update in memory, ids and one digest a pair to sqlite; no journal, no plan, no
feeds, no policies. Ratios are medians of the rounds' own ratios. Times are CPU seconds of this process.

    python benchmarks/initial_sync.py --sizes 1000 5000 20000 --rounds 5
"""

import argparse
import gc
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import attrs

import tallystick as ts
from tallystick.ports import Capabilities
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import CRM_CAPABILITIES, OUTLOOK_CAPABILITIES, FakeCrm, FakeOutlook, VirtualClock
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
SECRET = b"a key for the benchmark, 32 bytes"

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


def in_thousands(capabilities: Capabilities) -> Capabilities:
    """Return what a side can do, but a thousand records at a time: there is no network here."""
    return attrs.evolve(capabilities, batch_size=1000, read_size=1000)


def one_round(size: int, seed: int, folder: Path, *, paused: bool) -> dict[str, float]:
    """Return the CPU seconds of one round's floors and runs."""
    books = address_books(size, seed)
    left, right = flat_contacts(books.contacts), flat_entries(books.entries)
    seconds = {"F2": timed(lambda: floor_join(left, right))}
    seconds["F3"] = timed(lambda: floor_job(left, right, folder / "floor.db"))
    clock = VirtualClock()
    outlook = FakeOutlook(clock=clock, page_size=1000, capabilities=in_thousands(OUTLOOK_CAPABILITIES))
    crm = FakeCrm(clock=clock, page_size=1000, capabilities=in_thousands(CRM_CAPABILITIES))
    ids = outlook.contacts.load(books.contacts)
    crm.entries.load(books.entries, lists=("Clients",))
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients", capacity=None)
    with ts.SqliteState(folder / "links.db", key=SECRET) as state:
        sync = ts.Sync(
            "benchmark",
            left=outlook.contacts,
            right=crm.entries,
            profile=profile,
            state=state,
            clock=clock,
            pause_collector=paused,
        )
        plans: list[ts.Plan] = []
        seconds["plan"] = timed(lambda: plans.append(sync.plan()))
        seconds["apply"] = timed(lambda: sync.apply(plans[0]))
        plans.clear()
        seconds["echo"] = timed(sync.run)
        seconds["quiet"] = timed(sync.run)
        for one in list(ids)[:: max(size // 10, 1)][:10]:
            outlook.contacts.edit(one, job_title="Head of Everything")
        seconds["ten"] = timed(sync.run)
        links = state.head("benchmark").links
    seconds["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds["bytes"] = sum(path.stat().st_size for path in folder.glob("links.db*")) / max(links, 1)
    return seconds


def table(size: int, rounds: Sequence[dict[str, float]]) -> str:
    """Return one size's figures: medians, and medians of the rounds' own ratios."""
    ratios = []
    for one in rounds:
        whole = one["plan"] + one["apply"]
        runs = {"plan": one["plan"], "whole": whole, "echo": one["echo"], "quiet": one["quiet"], "ten": one["ten"]}
        ratios.append({name: value / one["F2"] for name, value in runs.items()} | {"F3": whole / one["F3"]})
    median = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    ratio = {name: statistics.median(one[name] for one in ratios) for name in ratios[0]}
    return (
        f"{size:>7} {median['F2']:8.3f} {median['F3']:8.3f} {median['plan'] + median['apply']:9.3f}"
        f" {ratio['plan']:8.1f} {ratio['whole']:8.1f} {ratio['F3']:8.1f} {ratio['echo']:8.2f}"
        f" {ratio['quiet']:8.4f} {ratio['ten']:8.4f} {median['MB']:8.0f} {median['bytes']:8.0f}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time a whole contact sync against hand-written floors.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause-collector", action="store_true", help="pause the garbage collector during runs")
    options = parser.parse_args(argv)
    print(f"Python {sys.version.split()[0]}, seed {options.seed}, {options.rounds} rounds, CPU seconds, medians")
    print(
        f"{'size':>7} {'F2 s':>8} {'F3 s':>8} {'initial s':>9} {'plan/F2':>8} {'init/F2':>8} {'init/F3':>8}"
        f" {'echo/F2':>8} {'quiet/F2':>8} {'ten/F2':>8} {'peak MB':>8} {'B/link':>8}"
    )
    for size in options.sizes:
        rounds = []
        for at in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                rounds.append(one_round(size, options.seed + at, Path(folder), paused=options.pause_collector))
        print(table(size, rounds), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
