"""Time single pieces of a run against the floor F2 in the same process, and the memory that planning takes.

* ``matching``: the match keys of both sides, their indexes, and the pairs;
* ``comparing``: each pair's rules compared, with their keyed digests;
* ``json``: a plan to JSON and back;
* ``compiling``: the mapping's functions, in milliseconds;
* ``memory``: what the process grew by while it planned, in kB a contact. Only a young process shows it.

    python benchmarks/pieces.py --size 20000
"""

import argparse
import resource
import tempfile
from pathlib import Path

from floors import floor_join, timed
from world import PROFILE, SECRET, World, flat_books

from tallystick.mapping import compile_mapping
from tallystick.matching import Pairing, index_keys, pair
from tallystick.providers.addressbook import address_books
from tallystick.reconcile import dump_plan, load_plan


def pieces(size: int, seed: int) -> dict[str, float]:
    """Return what one round's pieces cost."""
    books = address_books(size, seed)
    left, right = flat_books(books)
    floor = timed(lambda: floor_join(left, right))
    world = World.of(books)
    with tempfile.TemporaryDirectory() as folder, world.state(Path(folder)) as state:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        plan = world.sync(state).plan()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    contacts, entries = world.outlook.contacts.all(), world.crm.entries.all()
    left_keys, right_keys = PROFILE.matcher.keys
    mapping = compile_mapping(PROFILE.mapping, SECRET)

    def match() -> Pairing:
        return pair(
            index_keys((one, left_keys(record)) for one, record in contacts.items()),
            index_keys((one, right_keys(record)) for one, record in entries.items()),
        )

    pairs = [(contacts[one], entries[other]) for one, other in match().pairs]
    return {
        "matching": timed(match) / floor,
        "comparing": timed(lambda: [mapping.entries.pair(*both) for both in pairs]) / floor,
        "json": timed(lambda: load_plan(dump_plan(plan), PROFILE)) / floor,
        "compiling": timed(lambda: compile_mapping(PROFILE.mapping, SECRET)) * 1000,
        "memory": grown / (2 * size),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time single pieces of a run.")
    parser.add_argument("--size", type=int, default=20_000)
    for name, figure in pieces(parser.parse_args().size, 1).items():
        print(f"{name:10}{figure:8.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
