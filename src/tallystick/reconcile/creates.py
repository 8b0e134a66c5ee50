"""Provide the step that creates a record on one side from a record of the other."""

from tallystick.ports import Item, Link, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.step import Step

# Named once: to ask an enum for a member takes as long as ten other instructions do.
_LEFT, _CREATE = Side.LEFT, WriteKind.CREATE


def create_step(
    context: Context, side: Side, source: Item[object], reason: str, *, number: int = 0, salt: str = ""
) -> Step:
    """Return the step that creates ``source``'s counterpart on ``side``, and links the two once it is done.

    ``number`` is that of the link to be kept, where the pair had one; ``salt`` tells a second incarnation from the
    first, so that its token is its own.
    """
    mapping = context.mapping
    blank = context.profile.sides[side].blank
    record, theirs, own = mapping.counterpart[side](source.record, blank)
    left = side is _LEFT
    digest = b"".join(theirs)
    ids = ("", source.id) if left else (source.id, "")
    versions = (None, source.version) if left else (source.version, None)
    identity = context.identity(side.other, source.id, source.record)
    identities = (b"", identity) if left else (identity, b"")
    after = Link(ids, versions, (True, True), (digest, digest), mapping.layout, number, reason, identities)
    return Step(
        _CREATE,
        side,
        "",
        None,
        source.id,
        source.version,
        reason,
        context.token(side, source.id, salt),
        record,
        after=after,
        effect=context.effect(side, _CREATE, None, record),
        planned=record,
        entries=tuple(own),
    )
