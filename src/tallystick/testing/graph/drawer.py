"""Provide a drawer: the objects of one kind, by id, and the log of what became of them, which delta queries read.

Every object stands in the log once, at the place of its last change: reading the log from its start lists what there
is, and reading on from a place tells what changed since. What changes while somebody reads moves behind the reader's
end, into the next round. A change of folder is a removal here and an object there.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, cast

import attrs

from tallystick.ports import Clock
from tallystick.providers.memory.outlook_ids import mint_id
from tallystick.providers.memory.virtual_clock import VirtualClock
from tallystick.testing.graph.exchange import Body, Refused

_TIMES: Final = ("createdDateTime", "lastModifiedDateTime")


@attrs.define(eq=False)
class Row:
    """One object. ``body`` is all of it but its id and version; ``properties`` are what only ``$expand`` shows."""

    id: str
    folder: str
    body: Body
    place: int = 0
    moves: int = 0
    properties: dict[str, str] = attrs.field(factory=dict)
    links: list[Body] = attrs.field(factory=list)
    changed: frozenset[str] = frozenset()

    @property
    def change_key(self) -> str:
        """The version, as the object's own property."""
        return base64.b64encode(f"v{self.place:08}".encode()).decode()

    @property
    def etag(self) -> str:
        """The version, as a condition of writes."""
        return f'W/"{self.change_key}"'

    def shown_id(self, *, immutable: bool) -> str:
        """Return the id: another one after each move, unless the one is asked for that stays."""
        return self.id if immutable or not self.moves else f"{self.id.rstrip('=')}-{self.moves}="


@attrs.frozen
class Gone:
    """An entry of the log: an object that left a folder."""

    id: str
    folder: str


class Drawer:
    """The objects of one kind of a mailbox.

    ``outlook`` objects have a changeKey beside the etag; those that are not ``dated`` show no times.
    """

    def __init__(self, clock: Clock, prefix: str = "", *, outlook: bool = True, dated: bool = True) -> None:
        self.rows: dict[str, Row] = {}
        self.log: list[Row | Gone | None] = []
        self.generation = 1
        self._clock = clock
        self._prefix = prefix
        self._outlook = outlook
        self._dated = dated
        self._made = 0

    def now(self) -> str:
        """Return the time of a write; a virtual clock moves on with it."""
        clock = self._clock
        at: datetime = clock.tick() if isinstance(clock, VirtualClock) else clock.now()
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, folder: str, body: Mapping[str, object]) -> Row:
        """Add an object and return its row."""
        self._made += 1
        at = self.now()
        row = Row(f"{self._prefix}{mint_id(self._made)}", folder, {"createdDateTime": at, **body})
        self.rows[row.id] = row
        self.touch(row, at=at)
        return row

    def touch(self, row: Row, *, at: str = "", changed: frozenset[str] = frozenset()) -> None:
        """Take in that an object has changed, or that it is new."""
        if row.place < len(self.log) and self.log[row.place] is row:
            self.log[row.place] = None
        row.place = len(self.log)
        row.changed = changed
        row.body["lastModifiedDateTime"] = at or self.now()
        self.log.append(row)

    def drop(self, row: Row) -> None:
        """Take in that an object is deleted."""
        del self.rows[row.id]
        self.log[row.place] = None
        self.log.append(Gone(row.shown_id(immutable=True), row.folder))

    def move(self, row: Row, folder: str) -> None:
        """Put an object into another folder."""
        self.log[row.place] = None
        self.log.append(Gone(row.id, row.folder))
        row.folder, row.moves = folder, row.moves + 1
        self.touch(row)

    def find(self, id_: str) -> Row:
        """Return the object of an id, in whichever of its forms."""
        row = self.rows.get(id_)
        if row is None and "-" in id_:
            known = (one for one in self.rows.values() if one.shown_id(immutable=False) == id_)
            row = next(known, None)
        if row is None:
            raise Refused(404, "ErrorItemNotFound")
        return row

    def within(self, folder: str | None) -> Iterator[Row]:
        """Yield the objects of a folder, or of all."""
        return (row for row in self.rows.values() if folder in (None, row.folder))

    def shown(self, row: Row, *, immutable: bool = True) -> Body:
        """Return an object as an answer has it."""
        head: Body = {"@odata.etag": row.etag, "id": row.shown_id(immutable=immutable)}
        if self._outlook:
            head["changeKey"] = row.change_key
        return head | {key: value for key, value in row.body.items() if self._dated or key not in _TIMES}

    def require(self, row: Row, condition: str) -> None:
        """Refuse a write whose condition the version does not meet."""
        if condition and condition not in ("*", row.etag):
            raise Refused(412, "ErrorIrresolvableConflict")


def as_rows(value: object) -> list[Body]:
    """Return the objects of a list; nothing of what is none."""
    return [one for one in as_items(value) if isinstance(one, dict)]


def as_items(value: object) -> list[object]:
    """Return the members of a list; nothing of what is none."""
    return list(value) if isinstance(value, list) else []


def extended(body: Body) -> dict[str, str]:
    """Return the extended properties of a request's body."""
    return {str(one["id"]): str(one["value"]) for one in as_rows(body.get("singleValueExtendedProperties"))}


def as_body(value: object) -> Body:
    """Return an object of a request's body; what is none is refused."""
    if not isinstance(value, dict):
        raise Refused(400, "RequestBodyRead")
    return cast("Body", value)
