"""Provide the step that creates a record on one side from a record of the other."""

import attrs

from tallystick.mapping import CompiledMapping, Shape
from tallystick.ports import Item, Link, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.step import Step


def create_step(
    context: Context, side: Side, source: Item[object], reason: str, *, number: int = 0, salt: str = ""
) -> Step:
    """Return the step that creates ``source``'s counterpart on ``side``, and links the two once it is done.

    ``number`` is that of the link to be kept, where the pair had one; ``salt`` tells a second incarnation from the
    first, so that its token is its own.
    """
    mapping = context.mapping
    blank = context.profile.sides[side].blank
    record = attrs.evolve(blank, **mapping.fields[side](source.record, blank))  # type: ignore[type-var]  # records are attrs classes
    shared = mapping.shared[side.other](source.record)
    digest = mapping.digest(shared)
    ids, versions = ("", source.id), (None, source.version)
    if side is Side.RIGHT:
        ids, versions = (ids[1], ids[0]), (versions[1], versions[0])
    after = Link(ids, versions, (True, True), (digest, digest), mapping.layout, number, reason)
    return Step(
        context.step_id(WriteKind.CREATE, side.label, source.id, source.version, salt),
        WriteKind.CREATE,
        side,
        "",
        None,
        source.id,
        source.version,
        context.token(side, source.id, salt),
        reason,
        record,
        after=after,
    )


def unplaced(mapping: CompiledMapping[object, object], side: Side, source: object, made: object) -> list[str]:
    """Return the names of the rules whose value did not wholly get into a record made on ``side``."""
    shown, wanted = mapping.shared[side](made), mapping.shared[side.other](source)
    missing = []
    for at, rule in enumerate(mapping.rules):
        if shown[at] == wanted[at] or not rule.direction.create[side]:
            continue
        if rule.shape is Shape.ELEMENTS and set(wanted[at]) <= set(shown[at]):  # type: ignore[arg-type]  # a set's canon
            continue
        missing.append(rule.name)
    return missing
