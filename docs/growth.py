"""Draw how the time of runs grows with the number of contacts, from what ``benchmarks/initial_sync.py`` has kept."""

import json
import math
from pathlib import Path

from drawing import Drawing

KEPT = Path(__file__).parents[1] / "benchmarks" / "sizes.json"
CURVES = {
    "initial": ("a whole initial run", "#1f6f8b"),
    "F3": ("F3, the job by hand", "#b7791f"),
    "F2": ("F2, join and compare", "#7b8794"),
    "echo": ("the run after it", "#2f855a"),
    "ten": ("ten edits", "#c53030"),
    "quiet": ("unchanged", "#6b46c1"),
}
"""Names of figures, their words and colours, from the dearest to the cheapest."""
WIDTH, HEIGHT, LEFT, TOP = 560, 380, 70, 34


def growth() -> str:
    """Draw both axes by powers of ten, so that a straight line is a power of the size, and a flat one no growth."""
    sizes = json.loads(KEPT.read_text(encoding="utf-8"))["sizes"]
    drawing = Drawing(LEFT + WIDTH + 210, TOP + HEIGHT + 56, "CPU seconds of runs by the number of contacts a side")
    values = [one[name] for one in sizes for name in CURVES]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = (math.log10(sizes[at]["size"]) for at in (0, -1))

    def x(size: float) -> float:
        return LEFT + WIDTH * (math.log10(size) - first) / ((last - first) or 1)

    def y(seconds: float) -> float:
        return TOP + HEIGHT * (high - math.log10(seconds)) / (high - low)

    for power in range(low, high + 1):
        drawing.rule(LEFT, y(10**power), LEFT + WIDTH, y(10**power))
        drawing.words(LEFT - 10, y(10**power) + 4, f"{10.0**power:g} s", faint=True, anchor="end")
    for one in sizes:
        drawing.words(x(one["size"]), TOP + HEIGHT + 22, f"{one['size']:,}", faint=True, anchor="middle")
    drawing.words(LEFT + WIDTH / 2, TOP + HEIGHT + 44, "contacts a side", faint=True, anchor="middle")
    below = 0.0
    for name, (said, colour) in CURVES.items():
        drawing.curve(((x(one["size"]), y(one[name])) for one in sizes), colour)
        at = max(y(sizes[-1][name]) + 4, below + 17)  # names of curves that end close together stand below each other
        drawing.words(LEFT + WIDTH + 14, at, said)
        below = at
    return drawing.text()
