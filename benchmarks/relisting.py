"""Time runs in which nothing changed and both sides are listed in full, against the floor F2 in the same process.

* ``listed``: two sides without a delta feed, listed by id and version;
* ``expired``: two sides whose cursors have expired, so that one full listing has to be compared with the links.

    python benchmarks/relisting.py --size 20000 --rounds 5
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from floors import floor_join, timed
from world import World, flat_books

from tallystick.providers.addressbook import address_books


def relisting(size: int, seed: int) -> dict[str, float]:
    """Return what one round's runs cost, in F2."""
    books = address_books(size, seed)
    left, right = flat_books(books)
    floor = timed(lambda: floor_join(left, right))
    spent = {}
    for name, delta in (("listed", False), ("expired", True)):
        world = World.of(books, delta=delta)
        with tempfile.TemporaryDirectory() as folder, world.state(Path(folder)) as state:
            sync = world.sync(state)
            for _ in range(2):
                sync.run()
            world.outlook.contacts.expire_cursors()
            world.crm.entries.expire_cursors()
            spent[name] = timed(sync.run) / floor
    return spent


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time runs that list both sides in full.")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rounds = [relisting(options.size, 1 + at) for at in range(options.rounds)]
    for name in rounds[0]:
        print(f"{name:10}{statistics.median(one[name] for one in rounds):8.2f} F2")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
