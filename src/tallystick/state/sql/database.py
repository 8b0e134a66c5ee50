"""Provide a state's place in a database: its tables, and the machines that read, write and open it.

Every commit is one transaction. It locks the lease and the head of its sync first, so that commits of one sync go one
after another, and those of different syncs side by side. Each leaves a mark at its sync: where the connection is lost
before the answer, the mark tells whether the commit was taken.
"""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, Self, TypeVar

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tallystick.errors import CommitUnknown, SettingsError, UsageError
from tallystick.ports import Commit, Committed
from tallystick.state.reading import Layouts
from tallystick.state.sql import opening
from tallystick.state.sql.connection import SqlConnection
from tallystick.state.sql.dialects import DatabaseKind, kind_of
from tallystick.state.sql.engines import shown
from tallystick.state.sql.faults import is_lost
from tallystick.state.sql.tables import Tables, tables
from tallystick.state.sql.texts import Prepared, prepare
from tallystick.state.sql.transacting import Machine, Pause, Transaction, again, made
from tallystick.state.statements import Statement
from tallystick.state.writing import Writing

P = ParamSpec("P")
T = TypeVar("T")

_PAUSE = 0.1
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,30}")


@attrs.frozen(eq=False)
class Database:
    """One state's place. ``where`` is how errors call it, ``timeout`` how many seconds a commit waits for another's.

    ``writing`` is the statement that begins a transaction that writes.
    """

    where: str
    kind: DatabaseKind
    tables: Tables
    statements: Mapping[Statement, Prepared]
    timeout: float
    writing: str
    layouts: Layouts = attrs.field(factory=Layouts)

    @classmethod
    def at(cls, url: sa.URL, prefix: str, timeout: float) -> Self:
        """Return the place of a state whose tables' names begin with ``prefix``; nothing is asked of the database."""
        if not _PREFIX.fullmatch(prefix):
            raise SettingsError(
                f"{prefix!r} cannot begin the name of a table", remedy="give small letters, digits and underscores"
            )
        kind, own = kind_of(url), tables(prefix)
        return cls(shown(url), kind, own, prepare(own), timeout, kind.writing_within(timeout))

    def open(self, digest: bytes) -> Machine[None]:
        """Make the tables, or bring them to this version, where need be; ``digest`` is the check value of the key."""
        return again(lambda: opening.prepare(self.kind, self.tables, digest, self.where, self.writing), self.where)

    def read(self, ask: Callable[Concatenate[SqlConnection, P], T], *args: P.args, **options: P.kwargs) -> Machine[T]:
        """Ask something within a transaction that sees the state as one commit left it."""
        asked = Transaction(self.kind.reading, lambda connection: ask(self._asked(connection), *args, **options))
        return again(lambda: made(asked), self.where)

    def write(
        self, change: Callable[Concatenate[SqlConnection, P], T], *args: P.args, **options: P.kwargs
    ) -> Machine[T]:
        """Make a change that may be made twice without harm, in one transaction."""
        changed = Transaction(self.writing, lambda connection: change(self._asked(connection), *args, **options))
        return again(lambda: made(changed), self.where)

    def commit(self, sync: str, commit: Commit) -> Machine[Committed]:
        """Take a commit, once and whole, and leave a mark at its sync."""
        return again(lambda: self._commit(sync, commit), self.where)

    def _commit(self, sync: str, commit: Commit) -> Machine[Committed]:
        mark = secrets.token_hex(8)
        answers: list[tuple[Committed, dict[str, int]]] = []

        def take(connection: sa.Connection) -> None:
            writing = Writing(self._asked(connection), sync, self.layouts.numbers)
            committed = writing.take(commit)
            syncs = self.tables.syncs
            connection.execute(sa.update(syncs).values(mark=mark).where(syncs.c.name == sync))
            answers.append((committed, writing.fresh))

        try:
            yield from made(Transaction(self.writing, take))
        except DBAPIError as error:
            # Without an answer of the work's the COMMIT was not sent.
            if not (answers and is_lost(error) and (yield from self._was_taken(sync, mark))):
                raise
        committed, fresh = answers[0]
        self.layouts.add(fresh)
        return committed

    def _was_taken(self, sync: str, mark: str) -> Machine[bool]:
        """Find out whether a commit was taken whose answer was lost.

        Its transaction may still go on: reading waits for the lock that it holds. Raises CommitUnknown where the
        database does not come back in time.
        """
        syncs = self.tables.syncs
        asked = sa.select(syncs.c.mark).where(syncs.c.name == sync).with_for_update()
        ask = Transaction(self.writing, lambda connection: connection.execute(asked).scalar_one_or_none())
        until = time.monotonic() + self.timeout
        while True:
            try:
                return (yield from made(ask)) == mark
            except DBAPIError:
                if time.monotonic() >= until:
                    raise CommitUnknown(
                        "the database went away before it said whether it has taken a commit",
                        where=f"{self.where}, {sync}",
                        remedy="see whether the server is up; the next run goes on from what it finds",
                    ) from None
            yield Pause(_PAUSE)

    def is_closed(self) -> UsageError:
        """Return the error for a state that is asked after it was closed."""
        return UsageError("the state is closed", where=self.where, remedy="use it within its with statement")

    def _asked(self, connection: sa.Connection) -> SqlConnection:
        return SqlConnection(connection, self.where, self.kind, self.statements)
