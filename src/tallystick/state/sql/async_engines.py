"""Provide the way from a database's URL to connections that are awaited: PostgreSQL, by psycopg.

The driver is the blocking state's own, which has an awaited form: one URL serves both, and both are told the same codes
of errors. SQLAlchemy's awaited form needs greenlet, which its extra ``asyncio`` brings; this is the one place that asks
whether it is there.
"""

from importlib import import_module

import sqlalchemy as sa

from tallystick.errors import MissingExtra, SettingsError
from tallystick.state.sql.engines import creating, with_driver

try:
    import_module("greenlet")  # SQLAlchemy 2.0 would ask for it at the first request only
    from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
except ImportError:
    raise MissingExtra(
        "a state that is awaited needs greenlet, for SQLAlchemy", remedy="pip install 'tallystick[postgresql]'"
    ) from None

__all__ = ["AsyncEngine", "async_engine_for", "checked_driver"]

_AWAITED = ("psycopg", "psycopg_async")


def checked_driver(url: sa.URL) -> sa.URL:
    """Return a URL with its driver named; raise SettingsError where what it names can't be awaited, or is not tried."""
    if url.get_backend_name() == "sqlite":
        raise SettingsError(
            "a file is not awaited", remedy="give SqliteState, which a sync takes as it is, also where it is awaited"
        )
    named = with_driver(url)
    if named.get_backend_name() == "postgresql" and named.get_driver_name() not in _AWAITED:
        raise SettingsError(
            f"the driver {named.get_driver_name()} can't be awaited here", remedy="give a URL postgresql+psycopg://…"
        )
    return named


def async_engine_for(url: sa.URL) -> AsyncEngine:
    """Return an engine of the state's own; raise MissingExtra where its driver is not installed."""
    with creating():
        return create_async_engine(url, hide_parameters=True)
