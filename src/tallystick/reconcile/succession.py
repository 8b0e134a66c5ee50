"""Provide what is decided about new records that belong to a pair already: its next form, or what it left behind.

Some services go on with a record under another id, or leave a copy of what was done with it. Neither is a new record
for the other side. Inputs: a new record, and the pairs whose record on the *other* side the profile says it is kin of,
each with what the pair's own record on this side is now.

======================  =====================  ====================================================
kin                     the pair's own record  what becomes of it
======================  =====================  ====================================================
spent                   whatever it is         passed over
heir                    has ended, or is gone  takes its place in the pair; the old one is passed over
heir                    goes on                ignored: the pair has a record
heir of several pairs   have ended             ignored as ambiguous: nobody is guessed at
======================  =====================  ====================================================
"""

from collections.abc import Sequence

import attrs

from tallystick.ports import Absence, Item, Link, Parked, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.line import Kin, Line
from tallystick.reconcile.newcomers import park, pass_over
from tallystick.reconcile.removals import Sight


@attrs.frozen
class Relative:
    """A pair that a new record is kin of: what it is to it, the pair's own record, and the one on the other side."""

    kin: Kin
    link: Link
    own: Sight
    partner: Item[object]


@attrs.frozen
class Succeeded:
    """What was decided: rows to park, and the pair that goes on in the new record."""

    parked: Sequence[Parked]
    link: Link | None = None
    partner: Item[object] | None = None


def succeed(
    context: Context, line: Line[object, object], side: Side, item: Item[object], relatives: Sequence[Relative]
) -> Succeeded:
    """Return what becomes of a new record that is kin of these pairs."""
    if any(one.kin is Kin.SPENT for one in relatives):
        return Succeeded((pass_over(context, side, item, reasons.SERIES),))
    open_ = [one for one in relatives if isinstance(one.own, Absence) or line.ended(one.own.record)]
    if len(open_) != 1:
        why = reasons.SEVERAL if open_ else reasons.HAS_PARTNER
        blockers = [(side, one.link.ids[side]) for one in relatives]
        return Succeeded((park(context, side, item, (why,), blockers=blockers),))
    heir = open_[0]
    ids = (item.id, heir.link.ids[1]) if side is Side.LEFT else (heir.link.ids[0], item.id)
    left_behind = () if isinstance(heir.own, Absence) else (pass_over(context, side, heir.own, reasons.SERIES),)
    return Succeeded(left_behind, attrs.evolve(heir.link, ids=ids), heir.partner)
