"""Provide the command that corrects a listed record: new values in its own file, synced at once.

A value is read as the record's JSON form is: texts as they are, everything else as JSON.
"""

import json
from collections.abc import Mapping
from typing import Annotated

from cyclopts import Parameter

from tallystick import Side
from tallystick.cli.exits import Exit, exit_of_run, writing
from tallystick.cli.options import AsJson, How, Left, OfSide, OneRecord, Right
from tallystick.cli.pair import Pair, open_sync
from tallystick.cli.report_view import report_data, show_report
from tallystick.cli.screen import make_screen
from tallystick.errors import UsageError
from tallystick.ports import Item
from tallystick.records import record_converter


def correct(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    side: OfSide,
    record: OneRecord,
    set_: Annotated[
        tuple[str, ...],
        Parameter(name="--set", help="One field and its new value: `--set surname=Lovelace`; lists and such as JSON."),
    ],
    as_json: AsJson = False,
) -> Exit:
    """Correct a record that `tallystick errors` lists, in its own file, and sync: mended, it is off the list.

    The sync that follows does what any sync does, without asking.
    """
    given = dict(map(_assignment, set_))
    screen = make_screen(as_json=as_json)
    with open_sync(left, right, how) as (pair, sync):
        fields, version = _read(pair, Side.named(side), record, given)
        with writing():
            report = sync.correct(side, record, fields, version=version)
        still = [row for row in sync.errors() if (row.side.label, row.id) == (side, record)]
    if as_json:
        screen.data({**report_data(report, []), "listed": [reason for row in still for reason in row.reasons]})
        return exit_of_run(report.state)
    show_report(screen, report, [], pair.labels)
    screen.line()
    if still:
        screen.line(f"The record is still listed: {'; '.join(word for row in still for word in row.words)}", "yellow")
    else:
        screen.line("The record is off the list.", "green")
    return exit_of_run(report.state)


def _assignment(given: str) -> tuple[str, str]:
    field, equals, value = given.partition("=")
    if not equals or not field.strip():
        raise UsageError("a correction names no field and value", remedy="give it as --set surname=Lovelace")
    return field.strip(), value


def _read(pair: Pair, side: Side, one: str, given: Mapping[str, str]) -> tuple[dict[str, object], str | None]:
    """Return the new values as the record holds them, and the version of it that they are for."""
    (sight,) = pair.ends[side].provider.get([one], pair.profile.sides[side].scope)
    if not isinstance(sight, Item):
        return dict(given), None  # what that means is the sync's to say
    converter = record_converter()
    plain = converter.unstructure(sight.record)
    unknown = sorted(given.keys() - plain.keys())
    if unknown:
        known = ", ".join(plain)
        raise UsageError(f"the record has no field {', '.join(unknown)}", where=f"{side.label} {one}", remedy=known)
    fields: dict[str, object] = {}
    for field, text in given.items():
        try:
            made = converter.structure({**plain, field: _value(plain[field], text)}, type(sight.record))
        except Exception:  # noqa: BLE001 -- of whatever class: the value cannot be this field's
            raise UsageError(
                f"not a value that {field} can have",
                where=f"{side.label} {one}",
                remedy="give a text as it is, anything else as JSON, as a .jsonl file holds it",
            ) from None
        fields[field] = getattr(made, field)
    return fields, sight.version


def _value(present: object, text: str) -> object:
    if isinstance(present, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        if present is not None:
            raise
        return text
