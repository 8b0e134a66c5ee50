"""Time an initial contact sync beside what other libraries do with the same two address books, in one process.

Each does what it is made for, so that they are no rivals in all of it:

* this library: the whole run, with the plan, the journal, and links and bases of both sides in sqlite on disk;
* ``diffsync``: both books loaded into its models, and one brought to the state of the other, one way, nothing kept;
* ``vdirsyncer``: its core between two storages in memory, both ways, ids and etags in sqlite in memory; records are
  known by a common id, so that nothing is matched; then once more with nothing changed;
* ``pandas``, ``polars``: tables made of the records, joined on the keys, the joined ones compared: no duplicates, no
  decisions, nothing written or kept.

Figures are ratios to the floor F2 (:mod:`floors`), measured before each, medians of the rounds.

Beside it, half as many recurrences as Microsoft Graph writes them, read into a model and written again: by this
library, which refuses what is no recurrence, and by ``O365``, which takes what it is given. The floor is dateutil's
reading of the same rules as texts. O365 has no other part that does this library's work without a request.

    python benchmarks/peers.py --size 20000 --rounds 5
"""

import argparse
import asyncio
import json
import logging
import os
import platform
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import recurrence
from floors import Book, floor_join, folded, timed
from world import World, flat_books

from tallystick.providers.addressbook import AddressBooks, address_books
from tallystick.recurrence import recurrence_from_graph, recurrence_to_graph

Work = Callable[[], object]
NAMES = ("given_name", "surname")


def own(books: AddressBooks, folder: Path) -> Work:
    """Return this library's initial run."""
    world = World.of(books)

    def run() -> object:
        with world.state(folder) as state:
            return world.sync(state).run()

    return run


def by_diffsync(left: Book, right: Book) -> Work:
    """Return the loading of two adapters and a sync of one to the other."""
    diffsync: Any = import_module("diffsync")
    structlog: Any = import_module("structlog")
    # Its log would cost more than its work.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    names = tuple(left[0][0])
    space = {
        "__annotations__": dict.fromkeys(("key", *names), str),
        "__module__": __name__,
        "_modelname": "person",
        "_identifiers": ("key",),
        "_attributes": names,
    }
    person: Any = type("Person", (diffsync.DiffSyncModel,), space)
    adapter: Any = type("Adapter", (diffsync.Adapter,), {"person": person, "top_level": ["person"]})

    def loaded(book: Book) -> Any:  # noqa: ANN401 -- theirs
        made = adapter()
        for key, flat in keyed(book).items():
            made.add(person(key=key, **flat))
        return made

    def run() -> object:
        target = loaded(right)
        loaded(left).sync_to(target)
        return target

    return run


def by_vdirsyncer(left: Book, right: Book) -> tuple[Work, Work]:
    """Return a first sync of two storages, and the second, in which nothing has changed."""
    sync: Any = import_module("vdirsyncer.sync").sync
    status: Any = import_module("vdirsyncer.sync.status").SqliteStatus(":memory:")
    item: Any = import_module("vdirsyncer.vobject").Item
    memory: Any = import_module("vdirsyncer.storage.memory").MemoryStorage
    storages = [memory(), memory()]

    async def load() -> None:
        for storage, book in zip(storages, (left, right), strict=True):
            for key, flat in keyed(book).items():
                lines = [f"X-{name}:{value}".replace("\n", "\\n") for name, value in flat.items()]
                await storage.upload(item("\r\n".join(["BEGIN:VCARD", f"UID:{key}", *lines, "END:VCARD"])))

    def run() -> object:
        done: Awaitable[object] = sync(*storages, status, conflict_resolution=lambda one, _other: one)
        return asyncio.run(_awaited(done))

    asyncio.run(load())
    return run, run


async def _awaited(done: Awaitable[object]) -> object:
    return await done


def keyed(book: Book) -> dict[str, dict[str, str]]:
    """Return the records by name and first address, one a key: those who match by a key themselves are given it."""
    return {
        "|".join((folded(flat["given_name"]), folded(flat["surname"]), folded(emails[0]))): flat
        for flat, emails in book
        if emails
    }


def by_pandas(left: Book, right: Book) -> Work:
    """Return a join of two frames and the comparison of their columns."""
    pandas: Any = import_module("pandas")

    def cleaned(column: Any) -> Any:  # noqa: ANN401 -- theirs
        return column.str.strip().str.lower()

    def frame(book: Book) -> Any:  # noqa: ANN401 -- theirs
        made = pandas.DataFrame([{**flat, "row": at, "email": emails} for at, (flat, emails) in enumerate(book)])
        made = made.explode("email").dropna(subset="email")
        for name in (*NAMES, "email"):
            made[f"key_{name}"] = cleaned(made[name])
        return made

    def run() -> object:
        keys = [f"key_{name}" for name in (*NAMES, "email")]
        both = frame(left).merge(frame(right), on=keys, suffixes=("", "_right")).drop_duplicates("row")
        different = 0
        for name in left[0][0]:
            one, other = both[name], both[f"{name}_right"]
            apart = one != other
            different += int((cleaned(one[apart]) != cleaned(other[apart])).sum())
        return different

    return run


def by_polars(left: Book, right: Book) -> Work:
    """Return the same with native code throughout."""
    polars: Any = import_module("polars")

    def cleaned(name: str) -> Any:  # noqa: ANN401 -- theirs
        return polars.col(name).str.strip_chars().str.to_lowercase()

    def frame(book: Book) -> Any:  # noqa: ANN401 -- theirs
        made = polars.DataFrame([{**flat, "row": at, "email": emails} for at, (flat, emails) in enumerate(book)])
        made = made.explode("email").drop_nulls("email")
        return made.with_columns(cleaned(name).alias(f"key_{name}") for name in (*NAMES, "email"))

    def run() -> object:
        keys = [f"key_{name}" for name in (*NAMES, "email")]
        both = frame(left).join(frame(right), on=keys, suffix="_right").unique("row")
        return both.select(
            (cleaned(name) != cleaned(f"{name}_right")).sum().alias(name) for name in left[0][0]
        ).sum_horizontal()[0]

    return run


def one_round(size: int, seed: int) -> dict[str, float]:
    """Return what each did in one round, in F2."""
    books = address_books(size, seed)
    left, right = flat_books(books)
    found: dict[str, float] = {}

    def measure(name: str, work: Work) -> None:
        floor = timed(lambda: floor_join(left, right))
        found[name] = timed(work) / floor

    with tempfile.TemporaryDirectory() as folder:
        measure("tallystick, initial run", own(books, Path(folder)))
    measure("diffsync, load and sync", by_diffsync(left, right))
    first, second = by_vdirsyncer(left, right)
    measure("vdirsyncer, first sync", first)
    measure("vdirsyncer, nothing changed", second)
    measure("pandas, join and compare", by_pandas(left, right))
    measure("polars, join and compare", by_polars(left, right))
    return found


def own_recurrence(case: recurrence.Case) -> object:
    """Return a recurrence that was read and written by this library."""
    return recurrence_to_graph(recurrence_from_graph(case.graph))


def by_o365() -> Callable[[recurrence.Case], object]:
    """Return what reads and writes a recurrence by O365."""
    calendar: Any = import_module("O365.calendar")
    protocol: Any = import_module("O365.connection").MSGraphProtocol()
    event = SimpleNamespace(protocol=protocol, main_resource="me")
    return lambda case: calendar.EventRecurrence(event, case.graph).to_api_data()


def recurrences(count: int, rounds: int) -> dict[str, float]:
    """Return what reading and writing so many recurrences costs, to dateutil's reading of their texts."""
    works = {"tallystick, read and written": own_recurrence, "O365, read and written": by_o365()}
    return recurrence.to_dateutil(works, count, rounds)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time this library beside others.")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    options = parser.parse_args()
    rounds = [one_round(options.size, 1 + at) for at in range(options.rounds)]
    figures = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    whole = next(iter(figures.values()))
    for name, figure in figures.items():
        print(f"{name:30}{figure:8.1f} F2{figure / whole:8.2f} times this library's")
    translated = recurrences(max(options.size // 2, 100), options.rounds)
    for name, figure in translated.items():
        print(f"{name:30}{figure:8.2f} of dateutil's reading")
    if options.json:
        releases = {name: version(name) for name in ("diffsync", "vdirsyncer", "pandas", "polars", "O365")}
        kept = {
            "size": options.size,
            "rounds": options.rounds,
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            "releases": releases,
            "figures": {name: round(figure, 2) for name, figure in figures.items()},
            "recurrences": {name: round(figure, 3) for name, figure in translated.items()},
        }
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
