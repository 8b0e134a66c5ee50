"""Provide the two records of a conflict as a person reads them, and as data: the only view that shows contents."""

import json

from tallystick.cli.screen import Screen, shown, table
from tallystick.records import record_converter
from tallystick.sync import Comparison


def show_comparison(screen: Screen, found: Comparison, labels: tuple[str, str]) -> None:
    """Show every field in which both records differ, and which of them are in conflict."""
    screen.title("Conflict", found.id)
    made = table("field", "", *labels, ids=(2, 3))
    for one in found.fields:
        values = (shown(_in_words(value)) for value in one.values)
        made.add_row(one.rule, "in conflict" if one.in_conflict else "", *values)
    screen.show(made)


def comparison_data(found: Comparison) -> dict[str, object]:
    """Return both records as JSON-ready data."""
    return {
        "conflict": found.id,
        "ids": list(found.ids),
        "versions": list(found.versions),
        "listed_as": list(found.listed_as),
        "fields": [
            {
                "field": one.rule,
                "in_conflict": one.in_conflict,
                "left": _plain(one.values[0]),
                "right": _plain(one.values[1]),
            }
            for one in found.fields
        ],
    }


def _plain(value: object) -> object:
    return record_converter().unstructure(value)


def _in_words(value: object) -> str:
    """Return a value in one line: a text as it is, several of them side by side, anything else as JSON."""
    plain = _plain(value)
    if isinstance(plain, list | tuple) and all(isinstance(one, str) for one in plain):
        return ", ".join(one for one in plain if one)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)
