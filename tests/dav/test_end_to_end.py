"""Two-way syncs between a simulated mailbox and real servers, killed at every request: nothing is lost or doubled."""

from collections.abc import Callable
from typing import get_args

import pytest

from tests.dav.servers import Server
from tests.dav.worlds import Right, World, in_store, on_book
from tests.providers.fuse import Died, Flavour, Fuse

pytestmark = pytest.mark.dav


@pytest.mark.parametrize("flavour", get_args(Flavour))
@pytest.mark.parametrize("begun", [World.first, World.later], ids=["first", "later"])
@pytest.mark.parametrize("side", ["book", "store"])
def test_killed_at_every_request(
    side: str, begun: Callable[[World], None], flavour: Flavour, book: Server, store: Server
) -> None:
    """Whichever request a run is killed at, and however, the runs after it end where one that was not killed does."""

    def fresh() -> Right:
        return on_book(book) if side == "book" else in_store(store)

    clean, counting = World(fresh()), Fuse()
    begun(clean)
    clean.run(counting)
    clean.quiet()
    expected = clean.picture()

    assert counting.count >= 8
    for at in range(1, counting.count + 1):
        world = World(fresh())
        begun(world)
        try:
            world.run(Fuse(at, flavour))
        except Died:
            assert flavour != "lost"
        world.quiet()
        assert world.picture() == expected, f"killed {flavour} request {at}"
