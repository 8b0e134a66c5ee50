"""Provide events as plain data and as lines of a log: the same for every kind of event, also for those to come."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import Enum

import attrs

from tallystick.ports import Side
from tallystick.reconcile import Report
from tallystick.sync.events import Event

Value = str | int | float | bool | None
"""What an event's data consists of; JSON has a word for each."""

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def event_name(event: Event) -> str:
    """Return the name of an event's kind, such as "page_read"."""
    return _WORD.sub("_", type(event).__name__).lower()


def event_data(event: Event) -> dict[str, Value]:
    """Return an event as flat data that is ready for JSON: names in full, a report in figures.

    >>> from datetime import UTC, datetime
    >>> from tallystick.observers import Retrying
    >>> event_data(Retrying("ada", datetime(2026, 1, 5, 8, tzinfo=UTC), seconds=2.5))
    {'event': 'retrying', 'sync': 'ada', 'at': '2026-01-05T08:00:00+00:00', 'seconds': 2.5}
    """
    data: dict[str, Value] = {"event": event_name(event)}
    for field in attrs.fields(type(event)):
        data.update(_flat(field.name, getattr(event, field.name)))
    return data


def event_line(event: Event) -> str:
    """Return an event as one line: what happened, and every figure by its name."""
    data = event_data(event)
    data.pop("at")
    name = str(data.pop("event")).replace("_", " ")
    said = " ".join(f"{key}={value}" for key, value in data.items() if value not in (None, ""))
    return f"{name}: {said}"


def _flat(name: str, value: object) -> dict[str, Value]:
    if isinstance(value, Report):
        return _figures(value)
    if isinstance(value, Mapping):
        return {f"{name}.{_key(key)}": count for key, count in value.items()}
    if isinstance(value, tuple):
        return {f"{name}.{side.label}": value[side] for side in Side}
    return {name: _plain(value)}


def _figures(report: Report) -> dict[str, Value]:
    return {
        "state": report.state.value,
        "initial": report.initial,
        "synced": report.synced,
        "ignored": report.ignored,
        "conflicts": report.conflicts,
        "failed": len(report.failures),
        "written": report.written(),
    }


def _key(key: object) -> str:
    return ".".join(str(_plain(one)) for one in key) if isinstance(key, tuple) else str(_plain(key))


def _plain(value: object) -> Value:
    if isinstance(value, Side):
        return value.label
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)
