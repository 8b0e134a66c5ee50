"""Provide the tables of a state in a database server: those of :mod:`tallystick.state.schema`, in SQLAlchemy's words.

Beside the columns that SQLite has, ``syncs`` has a ``mark``: each commit leaves its own there, so that one whose answer
was lost can be told from one that never arrived. The version and the key's check value, which a file has elsewhere,
are the one row of ``state``. All names begin with a prefix, since other tables lie in the same database.
"""

from collections.abc import Callable
from typing import Any

import attrs
from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from tallystick.ports import Side

_ESCAPE = "\x1b"
_NUL = "\x00"


class Words(TypeDecorator[str]):
    """A text of any characters, compared by them and not by a language's rules.

    PostgreSQL keeps no NUL, and services give ids as they like: NUL is kept as an escape.
    """

    impl: type[TypeEngine[Any]] | TypeEngine[Any] = Text
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that a database has for it."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's
        """Return a text as it is kept."""
        if isinstance(value, str) and (_NUL in value or _ESCAPE in value):
            return value.replace(_ESCAPE, _ESCAPE + "1").replace(_NUL, _ESCAPE + "0")
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- the same
        """Return the text that was kept."""
        if value is not None and _ESCAPE in value:
            return value.replace(_ESCAPE + "0", _NUL).replace(_ESCAPE + "1", _ESCAPE)
        return value


@attrs.frozen
class Tables:
    """The tables of one state."""

    metadata: MetaData
    state: Table
    syncs: Table
    layouts: Table
    links: Table
    parked: Table
    parked_keys: Table
    batches: Table
    runs: Table
    leases: Table


_Number = BigInteger().with_variant(Integer(), "sqlite")


def tables(prefix: str) -> Tables:
    """Return the tables whose names begin with ``prefix``."""
    metadata = MetaData()

    def table(name: str, *parts: Any) -> Table:  # noqa: ANN401 -- columns, constraints and indexes
        return Table(prefix + name, metadata, *parts, sqlite_autoincrement=True)

    return Tables(
        metadata,
        table("state", _whole("version"), Column("digest", LargeBinary, nullable=False)),
        table("syncs", _number(), *_syncs()),
        table("layouts", _number(), _text("name", unique=True)),
        table("links", _number(), *_links(prefix)),
        table("parked", _number(), *_parked(prefix)),
        table(
            "parked_keys",
            _whole("sync", primary_key=True),
            Column("key", LargeBinary, primary_key=True),
            _whole("parked", primary_key=True),
        ),
        table("batches", _number(), *_batches(prefix)),
        table("runs", _number(), *_runs(prefix)),
        table(
            "leases",
            _text("sync", primary_key=True),
            _text("worker"),
            _whole("token"),
            _whole("until"),
            _whole("span", nullable=True),
        ),
    )


def _number() -> Column[int]:
    return Column("number", _Number, Identity(), primary_key=True)


def _text(name: str, *, nullable: bool = False, unique: bool = False, primary_key: bool = False) -> Column[str]:
    return Column(name, Words, nullable=nullable, unique=unique or None, primary_key=primary_key)


def _whole(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def _each(make: Callable[..., Column[Any]], *names: str, nullable: bool = False) -> list[Column[Any]]:
    return [make(name, nullable=nullable) for name in names]


def _where_known(name: str, column: str) -> Index:
    """Return an index of the rows in which a column is not empty."""
    known = text(f"{column} IS NOT NULL")
    return Index(name, column, postgresql_where=known, sqlite_where=known)


def _syncs() -> list[Column[Any]]:
    return [
        _text("name", unique=True),
        _whole("revision"),
        *_each(_text, "layout", "left_extent", "right_extent", "left_account", "right_account"),
        *_each(_text, "left_cursor", "right_cursor", nullable=True),
        *_each(_whole, "enabled", "initial"),
        _text("confirmed"),
        _whole("links"),
        _text("parked"),
        Column("mark", Words, nullable=False, server_default=""),
    ]


def _links(prefix: str) -> list[Any]:
    return [
        _whole("sync"),
        *_each(_text, "left_id", "right_id"),
        *_each(_text, "left_version", "right_version", nullable=True),
        *_each(_whole, "members", "layout"),
        Column("left_base", LargeBinary, nullable=False),
        Column("right_base", LargeBinary),
        _text("decided", nullable=True),
        *(Column(f"{side.label}_identity", LargeBinary) for side in Side),
        UniqueConstraint("sync", "left_id", name=f"{prefix}links_left_id"),
        UniqueConstraint("sync", "right_id", name=f"{prefix}links_right_id"),
        *(_where_known(f"{prefix}links_{side.label}_identity", f"{side.label}_identity") for side in Side),
    ]


def _parked(prefix: str) -> list[Any]:
    retry_at = _whole("retry_at", nullable=True)
    sync = _whole("sync")
    return [
        sync,
        _whole("side"),
        _text("id"),
        _text("version", nullable=True),
        *_each(_text, "kind", "reasons"),
        _text("keys", nullable=True),
        _whole("attempts"),
        *_each(_whole, "first_seen", "last_seen", nullable=True),
        retry_at,
        UniqueConstraint("sync", "side", "id", name=f"{prefix}parked_id"),
        Index(
            f"{prefix}parked_waiting",
            sync,
            retry_at,
            postgresql_where=retry_at.is_not(None),
            sqlite_where=retry_at.is_not(None),
        ),
    ]


def _batches(prefix: str) -> list[Any]:
    return [
        *_each(_whole, "sync", "side", "at", "layout"),
        _text("intents"),
        Column("bases", LargeBinary, nullable=False),
        _whole("claims", nullable=True),
        _where_known(f"{prefix}batches_claiming", "claims"),
        Index(f"{prefix}batches_of_sync", "sync"),
    ]


def _runs(prefix: str) -> list[Any]:
    return [
        _whole("sync"),
        _text("state"),
        _whole("initial"),
        *_each(_whole, "enqueued", "started", "ended", nullable=True),
        *_each(_whole, "synced", "ignored"),
        *_each(_text, "counts", "note"),
        Index(f"{prefix}runs_of_sync", "sync", "number"),
    ]
