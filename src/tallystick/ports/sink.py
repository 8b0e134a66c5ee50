"""Provide the protocols of a sink: where the host keeps values that a run overwrites.

The library itself keeps no contents. A value that loses a conflict is lost for good unless a sink has it, so a sink
must have made it durable before :meth:`Sink.keep` returns. A sink that was told to keep *images* holds, for every
write, the record as it was found and as it was left; with them a run can be undone.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import attrs

from tallystick.ports.side import Side


@attrs.frozen
class Loser:
    """The values of one record that lost: by rule name, as they stood on ``side`` at ``version``."""

    sync: str
    side: Side
    id: str
    version: str | None
    values: Mapping[str, object] = attrs.field(repr=False)


@attrs.frozen
class Image:
    """One record as a run found it and as it left it.

    ``write`` names the write within its run. ``id`` is the record's, empty for a create without an answer, ``source``
    its counterpart's. ``fields`` are the names that were written. ``before`` and ``after`` are the record as JSON text,
    None where there is none; ``members`` its membership before and after. Until the answer is known, ``settled`` is
    false and ``after`` what was meant.
    """

    sync: str
    run: int
    write: str
    side: Side
    id: str
    source: str
    fields: tuple[str, ...]
    before: str | None = attrs.field(repr=False)
    after: str | None = attrs.field(repr=False)
    members: tuple[bool, bool] = (True, True)
    settled: bool = False


class Sink(Protocol):
    """Where losers go."""

    def keep(self, losers: Sequence[Loser]) -> None:
        """Make the losers durable, then return. Keeping the same loser twice must do no harm."""
        ...


@runtime_checkable
class ImageSink(Sink, Protocol):
    """A sink that can keep images, too; it does so where ``keeps_images`` is true."""

    @property
    def keeps_images(self) -> bool:
        """Whether it was told to keep images."""
        ...

    def keep_images(self, images: Sequence[Image]) -> None:
        """Make the images durable, then return; one with the sync, run and write of another replaces it."""
        ...

    def images(self, sync: str, run: int) -> Sequence[Image]:
        """Return the images of a run in the order in which they were first kept; none of a run it does not know."""
        ...

    def forget(self, sync: str, side: Side | None = None, id: str = "") -> None:  # noqa: A002 - the word that callers know
        """Erase what is kept of a record, losers and images alike; without a side, all of the sync."""
        ...
