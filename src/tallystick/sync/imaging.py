"""Provide the images of a batch: each record as it is found right before its write, and as the write left it.

They are taken only where the host's sink was told to keep them, since they are contents. A record is read once more
for its image, so that it is whole, also in what no rule knows. The image is durable before the write is sent; what the
write left is added once the answer is known. One that was never settled is as good as what was meant: an undoing takes
it back only where exactly that is there.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import attrs

from tallystick import records
from tallystick.mapping import evolved
from tallystick.ports import Image, Item, Outcome, Status, WriteKind
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.rereading import reread
from tallystick.sync.setup import Setup

if TYPE_CHECKING:
    from cattrs import Converter


def keep_before(setup: Setup, run: int, steps: Sequence[Step]) -> Call[list[Image]]:
    """Have the sink keep what a batch is about to overwrite; return the images, one a step."""
    there, _ = yield from reread(setup, steps)
    made = [_image(setup, run, step, there.get(step.target)) for step in steps]
    yield from calls.keep_images(made)
    return made


def keep_after(images: Sequence[Image], outcomes: Sequence[Outcome[object]]) -> Call[None]:
    """Have the sink keep what became of a batch; what is in doubt stays as it was meant."""
    settled = [
        _settled(image, outcome)
        for image, outcome in zip(images, outcomes, strict=True)
        if outcome.status is not Status.UNKNOWN
    ]
    if settled:
        yield from calls.keep_images(settled)


def text_of(record: object) -> str:
    """Return a record as an image holds it."""
    return json.dumps(_json().unstructure(record), sort_keys=True, separators=(",", ":"))


def record_of(setup: Setup, image: Image, text: str | None) -> object | None:
    """Return the record that an image holds."""
    if text is None:
        return None
    return records.structured(_json(), json.loads(text), type(setup.profile.sides[image.side].blank))


def _image(setup: Setup, run: int, step: Step, item: Item[object] | None) -> Image:
    before, after = (text_of(item.record) if item else None), None
    was = item.member if item else False
    if step.kind is WriteKind.CREATE:
        after = text_of(step.record)
    elif step.kind is not WriteKind.REMOVE and item is not None:
        after = text_of(evolved(item.record, step.fields))
    will = was if step.member is None else step.member
    if step.kind is WriteKind.CREATE:
        will = step.member is not False
    members = (was, will)
    return Image(
        setup.sync, run, step.id, step.side, step.target, step.source, tuple(step.fields), before, after, members
    )


def _settled(image: Image, outcome: Outcome[object]) -> Image:
    if outcome.status is not Status.DONE:
        # Nothing was written: it left what it found.
        return attrs.evolve(image, after=image.before, members=(image.members[0], image.members[0]), settled=True)
    item = outcome.item
    if item is None:
        return attrs.evolve(image, settled=True)
    members = (image.members[0], item.member)
    return attrs.evolve(image, id=item.id, after=text_of(item.record), members=members, settled=True)


@cache
def _json() -> "Converter":
    """Return the converter, made when the first image is: its library is slow to import, and few hosts keep images."""
    return records.record_converter()
