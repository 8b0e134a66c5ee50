"""Provide the looking up of references: every record that a run reads is given what its directories know of it.

It goes around the machine: requests are carried on, and where a reply holds records with references, the directories
are asked, in one batch a reply and about each value once a run, before the machine sees the reply.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast

import attrs

from tallystick import driving
from tallystick.errors import OutcomeUnknown, ProviderError, TallystickError
from tallystick.ports import Item, Outcome, Page, Scope, Term
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.references import Hit, References
from tallystick.sync import calls
from tallystick.sync.calls import Call, Port, Request, Together

T = TypeVar("T")
_SIDES = {Port.LEFT: 0, Port.RIGHT: 1}
_WRITES = ("create", "update", "remove")


def referring(machine: Call[T], profile: Profile[object, object], sizes: Mapping[str, int]) -> Call[T]:
    """Return a machine that does the same on records whose references were looked up.

    ``sizes`` are how many terms each directory takes in one search.
    """
    if all(side.references is None for side in profile.sides):
        return machine
    directories = _Directories(sizes)
    return driving.around(machine, lambda request: _answered(request, profile, directories), TallystickError)


def _answered(
    request: Request | Together, profile: Profile[object, object], directories: "_Directories"
) -> Call[object]:
    reply = yield request
    if isinstance(request, Together):
        return (yield from _all_seen(request.requests, reply, profile, directories))
    return (yield from _seen(request, reply, profile, directories))


def _all_seen(
    requests: Sequence[Request], replies: object, profile: Profile[object, object], directories: "_Directories"
) -> Call[tuple[object, ...]]:
    """Return the replies to requests that were made at once, with the references of their records."""
    seen: list[object] = []
    for request, reply in zip(requests, cast("Sequence[object]", replies), strict=True):
        try:
            known = isinstance(reply, TallystickError)
            seen.append(reply if known else (yield from _seen(request, reply, profile, directories)))
        except TallystickError as error:
            seen.append(error)
    return tuple(seen)


def _seen(
    request: Request, reply: object, profile: Profile[object, object], directories: "_Directories"
) -> Call[object]:
    """Return a reply with the references of its records."""
    at = _SIDES.get(request.port) if isinstance(request.port, Port) else None
    references = profile.sides[at].references if at is not None else None
    if references is None:
        return reply
    try:
        if isinstance(reply, Page):
            items = yield from directories.resolved(references, reply.items)
            return attrs.evolve(reply, items=items)
        parts = cast("Sequence[object]", reply)
        items = yield from directories.resolved(references, [item for part in parts if (item := _item_of(part))])
    except ProviderError as error:
        if request.method in _WRITES:
            # It was written, and what became of it can't be told whole: the next run looks into it.
            raise OutcomeUnknown("a directory did not answer", where=error.where) from None
        raise
    known = {item.id: item for item in items}
    return [_with_item(part, known) for part in parts]


def _item_of(part: object) -> Item[object] | None:
    if isinstance(part, Outcome):
        return part.item
    return part if isinstance(part, Item) else None


def _with_item(part: object, known: Mapping[str, Item[object]]) -> object:
    item = _item_of(part)
    if item is None:
        return part
    return attrs.evolve(part, item=known[item.id]) if isinstance(part, Outcome) else known[item.id]


@attrs.define
class _Directories:
    """What this run has found so far, by directory and value."""

    sizes: Mapping[str, int]
    found: dict[tuple[str, str], list[Hit]] = attrs.field(factory=dict)

    def resolved(self, references: References[object], items: Iterable[Item[object]]) -> Call[list[Item[object]]]:
        """Return the items with what the directories know of them."""
        wanted = [(item, references.values(item.record)) for item in items]
        hits: dict[str, Sequence[Hit]] = {}
        unknown = dict.fromkeys(value for _, values in wanted for value in values)
        for directory in references.directories:
            yield from self._ask(directory, references, unknown)
            for value in list(unknown):
                if found := self.found[directory, value]:
                    hits[value] = found
                    del unknown[value]
        return [
            attrs.evolve(item, record=references.resolved(item.record, hits)) if values else item
            for item, values in wanted
        ]

    def _ask(self, directory: str, references: References[object], values: Iterable[str]) -> Call[None]:
        new = [value for value in values if (directory, value) not in self.found]
        if not new:
            return
        terms = [Term(references.field, value) for value in new]
        for value in new:
            self.found[directory, value] = []
        for item in (yield from calls.look_up(directory, terms, Scope(), self.sizes[directory])):
            for value in references.answers(item.record):
                known = self.found.get((directory, value))
                if known is not None and all(hit.item.id != item.id for hit in known):
                    known.append(Hit(directory, item))
