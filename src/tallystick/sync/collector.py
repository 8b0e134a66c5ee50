"""Provide the pausing of the cyclic garbage collector around a run.

A run of many records makes hundreds of thousands of objects and no cycles; the collector looks through all of them
again and again, for about a quarter of the run's time. Pausing it is the host's choice, since it is the host's process.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused(*, paused: bool) -> Iterator[None]:
    """Pause the collector for a while, if asked to, and leave it as it was found."""
    was_enabled = gc.isenabled()
    if paused:
        gc.disable()
    try:
        yield
    finally:
        if paused and was_enabled:
            gc.enable()
