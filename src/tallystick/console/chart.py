"""Provide the chart of runs: where each mark of it stands, for a template to draw as SVG.

One group a run, oldest on the left: a bar of what was written on either side, and below it a sign of how the run
ended. A first run may write ten thousand times what the others do, so heights follow the logarithm; the lines say so.
The table of runs beside it says the same in words.
"""

from collections.abc import Sequence
from math import log10
from typing import Final

import attrs

from tallystick.ports import RunRow, RunState, Side
from tallystick.sync.tally import written

MOST: Final = 40
WIDTH: Final = 720
HEIGHT: Final = 200
LEFT: Final = 52
TOP: Final = 14
BASE: Final = 150
SIGNS: Final = 176
_WIDEST: Final = 14.0
_STEPS: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
_LEAST: Final = 10


@attrs.frozen
class Bar:
    """One side's writes in one run: a rectangle."""

    side: str
    x: float
    y: float
    width: float
    height: float


@attrs.frozen
class Group:
    """One run of the chart: its bars, and where its sign stands."""

    run: RunRow
    middle: float
    bars: tuple[Bar, ...]
    counts: tuple[int, int]


@attrs.frozen
class Line:
    """A line across the chart, and the figure that it stands for."""

    y: float
    figure: int


@attrs.frozen
class Chart:
    """A whole chart, in units of its view box."""

    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = BASE
    signs: int = SIGNS

    @property
    def said(self) -> str:
        """What the chart shows, in a sentence."""
        most = max((max(group.counts) for group in self.groups), default=0)
        wrong = sum(group.run.state in (RunState.WARNING, RunState.PROBLEM) for group in self.groups)
        ended = f"{wrong} of them with a warning or a problem" if wrong else "none with a warning or a problem"
        return f"The latest {len(self.groups)} runs: at most {most:,} writes on one side, {ended}."


def chart_of(runs: Sequence[RunRow]) -> Chart | None:
    """Return the chart of the latest runs, newest first as a history lists them; None where there is none."""
    latest = [run for run in reversed(runs[:MOST]) if run.started]
    if not latest:
        return None
    counts = [(written(run, Side.LEFT), written(run, Side.RIGHT)) for run in latest]
    top = next((step for step in _STEPS if step >= max(_LEAST, *map(max, counts))), _STEPS[-1])
    room = (WIDTH - LEFT) / max(len(latest), _LEAST)
    width = min(_WIDEST, room * 0.36)
    groups = tuple(
        _group(run, pair, LEFT + room * (at + 0.5), width, top)
        for at, (run, pair) in enumerate(zip(latest, counts, strict=True))
    )
    return Chart(groups, tuple(Line(_y(step, top), step) for step in _STEPS if step <= top))


def _group(run: RunRow, counts: tuple[int, int], middle: float, width: float, top: int) -> Group:
    bars = tuple(
        Bar(side.label, round(x, 1), _y(count, top), round(width, 1), round(BASE - _y(count, top), 1))
        for side, count, x in zip(Side, counts, (middle - width - 0.5, middle + 0.5), strict=True)
        if count
    )
    return Group(run, round(middle, 1), bars, counts)


def _y(count: int, top: int) -> float:
    """Return the height at which a count stands; one write can be told from none."""
    share = log10(1 + min(count, top)) / log10(1 + top)
    return round(BASE - (BASE - TOP) * share, 1)
