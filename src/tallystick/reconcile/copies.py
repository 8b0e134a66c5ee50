"""Provide the step that keeps the loser of a conflict as a copy: its record, created once more beside it.

The copy is nobody's counterpart and stays out of the scope, where there is one. Its token is made of the record and
the state that lost, so that the same loser is kept once, however often the conflict is decided anew.
"""

from tallystick.ports import Item, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.step import Step


def copy_step(context: Context, side: Side, loser: Item[object], source: Item[object]) -> Step:
    """Return the step that creates a copy of ``loser`` on its own side; ``source`` is its counterpart."""
    shown = context.mapping.digest(side, loser.record).hex()
    return Step(
        WriteKind.CREATE,
        side,
        "",
        None,
        source.id,
        source.version,
        reasons.COPY,
        context.token(side, loser.id, f"copy of {shown}"),
        loser.record,
        member=False,
        effect=context.effect(side, WriteKind.CREATE, None, loser.record),
    )


def stands_alone(context: Context, side: Side, source: str, token: str, item: Item[object]) -> Parked:
    """Return the row of a record that was created and is nobody's counterpart.

    With a ``source`` it is a copy, without one it was brought back. A copy is known again by the token of its step.
    """
    why, keys = (reasons.COPY, copy_key(context, side, token)) if source else (reasons.ENDED, ())
    return Parked(
        side, item.id, item.version, ParkedKind.LEFT, (why,), keys, first_seen=context.now, last_seen=context.now
    )


def copy_key(context: Context, side: Side, token: str) -> tuple[bytes, ...]:
    """Return the keys under which the row of a copy is found by the token of its step."""
    return context.record_keys(side, (f"copy {token}",))
