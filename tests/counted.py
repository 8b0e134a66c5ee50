"""Sum up what tests have simulated, as the lines that a session of tests ends with."""

from collections import Counter
from collections.abc import Iterable, Mapping

NAMES = ("simulated", "faults")


def sums(properties: Iterable[tuple[str, object]]) -> list[str]:
    """Return a line for what was simulated and one for the faults that struck, each only where there is any.

    ``properties`` are those of tests: names, and figures by what was counted. Other properties are left alone.
    """
    found = {name: Counter[str]() for name in NAMES}
    for name, figures in properties:
        if name in found and isinstance(figures, Mapping):
            found[name].update(figures)
    return [f"{name}: {_said(figures)}" for name, figures in found.items() if figures]


def _said(figures: Counter[str]) -> str:
    return ", ".join(f"{what.replace('_', ' ')} {number:,}" for what, number in figures.most_common())
