"""Provide the way from a database's URL to a connection, and what may be shown of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tallystick.errors import MissingExtra, SettingsError


def parsed_url(url: str | sa.URL) -> sa.URL:
    """Return a database's URL; raise SettingsError for a text that is none."""
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError(
            "the text is no database's URL", remedy="give one such as postgresql://user@host/database"
        ) from None


def with_driver(url: sa.URL) -> sa.URL:
    """Return a URL that names the driver."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def engine_for(url: sa.URL) -> sa.Engine:
    """Return an engine of the state's own; raise MissingExtra where its driver is not installed."""
    with creating():
        return sa.create_engine(with_driver(url), hide_parameters=True)


@contextmanager
def creating() -> Iterator[None]:
    """Say what to install where the driver is missing."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra(
            f"the database's driver {error.name} is not installed", remedy="pip install 'tallystick[postgresql]'"
        ) from None


def shown(url: sa.URL) -> str:
    """Return what may be shown of a URL: neither who signs in, nor how."""
    place = f"{url.host or ''}{f':{url.port}' if url.port else ''}"
    return f"{url.get_backend_name()}://{place}/{url.database or ''}"
