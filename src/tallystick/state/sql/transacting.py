"""Provide the transactions of a database server as a machine: which are made, and which of them are made again.

The machine does no I/O. It yields a :class:`Transaction` and is sent what that came to, or is thrown the database's
error; it yields a :class:`Pause` and goes on after it. So one machine serves a driver that blocks (:mod:`.driver`) and
one that is awaited (:mod:`.async_driver`). Whatever else ends a driver, a cancellation included, ends the transaction
with it, as a crash would.

What the database has undone for another's sake, and what never arrived, is made again, a bounded number of times.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tallystick.state.sql.faults import is_lost, is_to_be_repeated, translated

T = TypeVar("T")

_ATTEMPTS = 5


@attrs.frozen
class Transaction(Generic[T]):
    """What is done between the statement that begins a transaction and its end."""

    begin: str
    work: Callable[[sa.Connection], T]

    def make(self, connection: sa.Connection) -> T:
        """Do the work and commit it, or undo it if anything is raised.

        The driver begins and ends none by itself: one request says what there is to be said.
        """
        connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            connection.exec_driver_sql(self.begin)
            done = self.work(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if not connection.invalidated:
                with suppress(DBAPIError):
                    connection.exec_driver_sql("ROLLBACK")
            raise
        return done


@attrs.frozen
class Pause:
    """A while to wait, in seconds."""

    seconds: float


Machine = Generator[Transaction[Any] | Pause, object, T]


def made(transaction: Transaction[T]) -> Machine[T]:
    """Make a transaction once."""
    return cast("T", (yield transaction))


def again(once: Callable[[], Machine[T]], where: str) -> Machine[T]:
    """Make what ``once`` makes, again where it was undone for another's sake or the connection to it was lost.

    A transaction whose connection was lost may have been taken all the same: ``once`` finds that out, or what it does
    may be done twice without harm. Raises this library's errors in the place of the database's.
    """
    with translated(where):
        for left in reversed(range(_ATTEMPTS)):
            try:
                return (yield from once())
            except DBAPIError as error:
                if not left or not (is_lost(error) or is_to_be_repeated(error)):
                    raise
    raise AssertionError(_ATTEMPTS)  # the last attempt has returned or raised
