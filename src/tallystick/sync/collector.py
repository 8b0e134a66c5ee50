"""Provide the pausing of the cyclic garbage collector: around a run, if the host wishes, and around what is bulk.

A run of many records makes hundreds of thousands of objects and no cycles; the collector looks through all of them
again and again, for about a quarter of the run's time. Pausing it for a whole run is the host's choice, since it is the
host's process. While many records are decided about, or the answers to many writes taken in, it rests anyway: that
takes about a second, and waits for nobody.
"""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext


def collector_paused(*, paused: bool) -> AbstractContextManager[None]:
    """Pause the collector for a while, if asked to, and leave it as it was found."""
    return _paused() if paused else nullcontext()


@contextmanager
def _paused() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_AS_EVER = nullcontext()
_BULK = 1000
"""From how many records on it is worth it."""


def resting_collector(records: int) -> AbstractContextManager[None]:
    """Let the collector rest while values are made for so many ``records``, by code that waits for nothing.

    What was made is then taken for old, so that the next collection of what is young need not look through it. That is
    left out where the host keeps objects frozen, since it would thaw them.
    """
    return _resting() if records >= _BULK else _AS_EVER


@contextmanager
def _resting() -> Iterator[None]:
    with _paused():
        yield
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
