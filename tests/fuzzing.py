"""Feed readers with hostile input for a time, and tell how much of it there was."""

import itertools
import os
import sys
import time
from collections.abc import Callable

import attrs
import pytest

_FIRST = 10_000
"""The default tests try the seeds below."""


@attrs.frozen
class Tries:
    """How many inputs were tried, and how many of them were understood and used."""

    tried: int
    understood: int


def fuzzed(feed: Callable[[range], int], inputs: str, capsys: pytest.CaptureFixture[str]) -> Tries:
    """Feed one seed after the other for TALLYSTICK_FUZZ_SECONDS, 30 by default, and print the count.

    ``feed`` makes the inputs of a range of seeds, gives them to the readers, and returns how many were understood.
    What it raises names its seed.
    """
    ends = time.monotonic() + float(os.environ.get("TALLYSTICK_FUZZ_SECONDS", "30"))
    understood = tried = 0
    for seed in itertools.count(_FIRST):
        try:
            understood += feed(range(seed, seed + 1))
        except Exception as error:
            error.add_note(f"seed {seed} of {inputs}")
            raise
        tried = seed - _FIRST + 1
        if time.monotonic() > ends:
            break
    with capsys.disabled():
        sys.stdout.write(f"\n{inputs}: {tried:,} inputs tried, {understood:,} understood\n")
    return Tries(tried, understood)
