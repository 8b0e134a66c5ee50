"""Provide how a sync's writes are taken: one outcome for each, and nothing written unless it is done.

Checks come in the order in which a service makes them: is it there, is it still the state that the write rests on,
can it be understood, may it be so. A create that comes twice is where services differ most:

=================  ==================================================================
how it is safe     the same token once more
=================  ==================================================================
client id          refused, since the id is taken
unique key         answered with the first, while it exists; else created anew
server token       answered with the first; if that is gone, the answer is that it is gone
searchable tag     creates a second one; both are found by the token
natural key        creates a second one; the token is not kept
=================  ==================================================================
"""

from collections import Counter
from collections.abc import Callable
from typing import Generic, TypeVar, assert_never

from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.ports.write import Create, Outcome, Remove, Status, Update, Write, WriteKind
from tallystick.providers.memory.cabinet import Cabinet
from tallystick.providers.memory.row import Row

R = TypeVar("R")
_REPEAT_IS_KNOWN = frozenset({CreateSafety.UNIQUE_KEY, CreateSafety.SERVER_TOKEN})


class Writer(Generic[R]):
    """The sync's hand on a cabinet. ``done`` counts the writes that took effect, ``mails`` what they sent, by kind.

    ``rewrite`` is what the service makes of every record that a sync writes.
    """

    def __init__(self, cabinet: Cabinet[R], capabilities: Capabilities) -> None:
        self.done: Counter[WriteKind] = Counter()
        self.mails: Counter[WriteKind] = Counter()
        self.rewrite: Callable[[R], R] | None = None
        self._cabinet = cabinet
        self._shape = cabinet.shape
        self._conditional = capabilities.conditional_writes
        self._safety = capabilities.create_safety
        self._keeps_token = capabilities.create_safety is not CreateSafety.NATURAL_KEY
        self._first: dict[str, str] = {}

    def apply(self, write: Write[R], name: str | None) -> Outcome[R]:
        """Take one write, as seen from the scope ``name``, and say what became of it."""
        if isinstance(write, Create):
            return self._create(write, name)
        if isinstance(write, Update):
            return self._update(write, name)
        if isinstance(write, Remove):
            return self._remove(write)
        assert_never(write)

    def _create(self, write: Create[R], name: str | None) -> Outcome[R]:
        code = self._shape.refuses(write.record, None)
        if code:
            return Outcome(Status.REFUSED, code=code)
        again = self._repeated(write.token, name)
        if again is not None:
            return again
        cabinet = self._cabinet
        record = write.record if self.rewrite is None else self.rewrite(write.record)
        lists = cabinet.membership.names(record, ())
        if name is not None:
            record, lists = cabinet.membership.place(record, lists, name, write.member)
        row = cabinet.add(
            record,
            lists,
            id_=write.token if self._safety is CreateSafety.CLIENT_ID else None,
            token=write.token if self._keeps_token else None,
        )
        self._tell(WriteKind.CREATE, None, row.item.record)
        if self._safety in _REPEAT_IS_KNOWN:
            self._first[write.token] = row.item.id
        return self._took(WriteKind.CREATE, row, name)

    def _repeated(self, token: str, name: str | None) -> Outcome[R] | None:
        rows = self._cabinet.written.rows
        if self._safety is CreateSafety.CLIENT_ID and token in rows:
            return Outcome(Status.REFUSED, code="exists")
        if token not in self._first:
            return None
        row = rows.get(self._first[token])
        if row is not None:
            return Outcome(Status.DONE, row.seen_from(name))
        return Outcome(Status.GONE) if self._safety is CreateSafety.SERVER_TOKEN else None

    def _update(self, write: Update, name: str | None) -> Outcome[R]:
        row = self._cabinet.written.rows.get(write.id)
        if row is None:
            return Outcome(Status.GONE)
        if self._moved(row, write.version):
            return Outcome(Status.CHANGED)
        fields = write.fields
        code = self._shape.problem(fields) or ("no_scope" if write.member is False and name is None else "")
        if code:
            return Outcome(Status.REFUSED, code=code)
        record = row.item.record
        if fields:
            record = self._shape.evolve(record, fields)
            code = self._shape.refuses(record, fields)
            if code:
                return Outcome(Status.REFUSED, code=code)
            record = record if self.rewrite is None else self.rewrite(record)
        lists = self._cabinet.membership.names(record, row.lists)
        if write.member is not None and name is not None:
            record, lists = self._cabinet.membership.place(record, lists, name, write.member)
        kind = write.kind
        self._tell(kind, row.item.record, record)
        return self._took(kind, self._cabinet.change(row, record, lists), name)

    def _remove(self, write: Remove) -> Outcome[R]:
        row = self._cabinet.written.rows.get(write.id)
        if row is None:
            return Outcome(Status.GONE)
        if self._moved(row, write.version):
            return Outcome(Status.CHANGED)
        self._cabinet.drop(row)
        self._tell(WriteKind.REMOVE, row.item.record, None)
        self.done[WriteKind.REMOVE] += 1
        return Outcome(Status.DONE)

    def _tell(self, kind: WriteKind, before: R | None, after: R | None) -> None:
        self.mails[kind] += self._shape.tells(kind, before, after)

    def _moved(self, row: Row[R], version: str | None) -> bool:
        return self._conditional and version is not None and version != row.item.version

    def _took(self, kind: WriteKind, row: Row[R], name: str | None) -> Outcome[R]:
        self.done[kind] += 1
        return Outcome(Status.DONE, row.seen_from(name))
