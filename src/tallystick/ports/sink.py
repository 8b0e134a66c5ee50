"""Provide the protocol of a conflict sink: where the host keeps the losing value before it is overwritten.

The library itself keeps no contents. A value that loses a conflict is lost for good unless a sink has it, so a sink
must have made it durable before :meth:`Sink.keep` returns.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

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


class Sink(Protocol):
    """Where losers go."""

    def keep(self, losers: Sequence[Loser]) -> None:
        """Make the losers durable, then return. Keeping the same loser twice must do no harm."""
        ...
