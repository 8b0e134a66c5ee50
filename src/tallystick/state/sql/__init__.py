"""Provide the state in a database server, for workers on many machines: PostgreSQL, by way of SQLAlchemy Core.

The library is an extra; this is the one place that asks whether it is there.
"""

from typing import TYPE_CHECKING

from tallystick.errors import MissingExtra as _MissingExtra

try:
    import sqlalchemy as _sqlalchemy
except ModuleNotFoundError:
    raise _MissingExtra("a state in a database needs SQLAlchemy", remedy="pip install 'tallystick[sql]'") from None

if int(_sqlalchemy.__version__.partition(".")[0]) < 2:  # noqa: PLR2004 -- the first with the calls that are made
    raise _MissingExtra(
        f"SQLAlchemy {_sqlalchemy.__version__} is too old", remedy="pip install --upgrade 'tallystick[sql]'"
    )

from tallystick.state.sql.state import SqlState as SqlState

if TYPE_CHECKING:
    from tallystick.state.sql.async_state import AsyncSqlState as AsyncSqlState
else:
    from tallystick.deferred import deferred

    __getattr__, __dir__ = deferred(__name__, {"AsyncSqlState": "tallystick.state.sql.async_state"})
    del deferred
