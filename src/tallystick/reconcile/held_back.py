"""Provide the holding back of writes that would send mail to people, until a person confirms their number.

Those of an initial run are held, so that a first sync never sends invitations by itself. What is held is left out of
the plan, its record is parked, and it stays held in later runs until their number is confirmed; whatever else the
plan does for the same pair waits with it. A record that is set aside for something else meanwhile is held all the same.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from tallystick.ports import SIDES, Link, Parked, ParkedKind, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.guards import HELD, NOTIFYING, Figure
from tallystick.reconcile.step import Effect, Step

Rows = tuple[Mapping[str, Parked], Mapping[str, Parked]]


@attrs.frozen
class Held:
    """The steps that stay in the plan, the rows of those that do not, and the figures that a person may confirm."""

    steps: tuple[Step, ...]
    rows: tuple[Parked, ...] = ()
    figures: tuple[Figure, ...] = ()


def hold(context: Context, steps: Sequence[Step], rows: Rows, confirmed: Mapping[str, int]) -> Held:
    """Take out of ``steps`` what is to be confirmed first; ``rows`` are the parked rows of the plan's records."""
    held: list[Step] = []
    figures = []
    silent = Effect.SILENT
    telling = [step for step in steps if step.effect is not silent]
    for side in SIDES:
        loud = [step for step in telling if step.side is side and _is_held(context, step, rows)]
        allowed = confirmed.get(f"{side.label}.{HELD}", 0)
        if len(loud) > allowed:
            held += loud
            figures.append(Figure(f"{side.label}.{HELD}", len(loud), allowed, holds=True))
    if not held:
        return Held(tuple(steps))
    places = {place for step in held for place in _places(step)}
    kept = tuple(step for step in steps if places.isdisjoint(_places(step)))
    return Held(kept, tuple(_row(context, step) for step in held), tuple(figures))


def held_still(parked: Sequence[Parked], rows: Rows, links: Iterable[Link]) -> Sequence[Parked]:
    """Return the rows of a plan, with what is held noted in those that replace the row of one that is, or of its pair.

    ``rows`` are those that the plan's records had, ``links`` the pairs that it looked at.
    """
    held = {(side, one) for side in SIDES for one, row in rows[side].items() if reasons.HELD in row.reasons}
    if not held:
        return parked
    for link in links:
        places = list(zip(SIDES, link.ids, strict=True))
        if not held.isdisjoint(places):
            held.update(places)
    return [
        attrs.evolve(row, reasons=(*row.reasons, reasons.HELD)) if _hides(row) and (row.side, row.id) in held else row
        for row in parked
    ]


def budget(confirmed: Mapping[str, int]) -> Mapping[str, int]:
    """Return the confirmed figures, those of held writes counting for the guard on notifying ones, too."""
    lifted = {
        f"{side.label}.{NOTIFYING}": confirmed[name] for side in SIDES if (name := f"{side.label}.{HELD}") in confirmed
    }
    return {**lifted, **confirmed}


def _is_held(context: Context, step: Step, rows: Rows) -> bool:
    return context.initial or any(
        reasons.HELD in row.reasons for side, one in _places(step) if (row := rows[side].get(one))
    )


def _hides(row: Parked) -> bool:
    """Tell whether a row says nothing of what is held, and is not that of a record that is set aside for good."""
    return row.kind is not ParkedKind.LEFT and not {reasons.HELD, reasons.UNIQUE_ID}.intersection(row.reasons)


def _places(step: Step) -> Iterable[tuple[Side, str]]:
    return [(side, one) for side, one in zip(SIDES, step.ids, strict=True) if one]


def _row(context: Context, step: Step) -> Parked:
    linked = step.after is None or step.after.number > 0
    other = step.side.other
    return Parked(
        other,
        step.source,
        None,
        ParkedKind.FROZEN if linked else ParkedKind.IGNORED,
        (reasons.HELD,),
        context.record_keys(step.side, [step.target] if step.target else []),
        first_seen=context.now,
        last_seen=context.now,
        retry_at=context.now,
    )
