"""Provide the saving and loading of plans as JSON, with a format number and a checksum.

The text is canonical: the same plan is the same bytes in any process. It holds contents (the records and fields that
would be written), so it is the host's to keep. A text that was altered, cut off, or written by another format is
refused whole; no error names a value.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeVar, cast, get_type_hints

import attrs
from cattrs import Converter

from tallystick.errors import InputError, UsageError
from tallystick.ports import Side
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.profile import Profile
from tallystick.reconcile.step import Step
from tallystick.records import record_converter, structured

L = TypeVar("L")
R = TypeVar("R")

FORMAT = 1
LARGEST = 1 << 30
"""The largest text that is looked at, in characters."""

_REMEDY = "make a new plan"
_UNSAVED = {"planned", "entries"}


def dump_plan(plan: Plan) -> str:
    """Return the plan as JSON text.

    Raises UsageError where a record of the host's own holds what JSON can't say, such as a number that is none.
    """
    unchecked: object = plan
    if not isinstance(unchecked, Plan):
        raise UsageError(f"a {type(plan).__name__} is no plan", remedy="pass what plan() or undo() returned")
    body = _converter().unstructure(plan)
    try:
        checksum = _checksum(body)
    except (TypeError, ValueError):  # their messages could hold contents
        raise UsageError(
            "a value that JSON can't say, so the plan can't be saved",
            where=", ".join(filter(None, _unsayable(plan, body))),
            remedy="let records hold texts, finite numbers, yes and no, None, and lists of them; or apply it unsaved",
        ) from None
    return _text({"format": FORMAT, "checksum": checksum, "plan": body})


def load_plan(text: str, profile: Profile[L, R]) -> Plan:
    """Return the plan that :func:`dump_plan` made the text of, for the profile it was made with.

    Raises InputError where the text is no such plan, or not as it was written.
    """
    unchecked: object = text
    if not isinstance(unchecked, str | bytes | bytearray):
        raise InputError(f"a {type(text).__name__} is no saved plan", remedy="pass the text that dump_plan() returned")
    if len(text) > LARGEST:
        raise InputError("the plan is too large to be one", remedy=_REMEDY)
    try:
        read = json.loads(text)
        body, checksum, written = read["plan"], read["checksum"], read["format"]
        whole = checksum == _checksum(body)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("the text is no saved plan", remedy=_REMEDY) from None
    if written != FORMAT:
        raise InputError("the plan was saved in another format", remedy=_REMEDY)
    if not whole:
        raise InputError("the plan is not as it was saved", remedy=_REMEDY)
    try:
        return _converter(profile).structure(body, Plan)
    except Exception:  # noqa: BLE001 - whatever does not fit, its message could hold contents
        raise InputError("the plan does not fit the profile's records", remedy=_REMEDY) from None


def _checksum(body: object) -> str:
    return sha256(_text(body).encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _unsayable(plan: Plan, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in which record and field of a plan there is something that can't be said."""
    for step, said in zip(plan.steps, body["steps"], strict=True):
        whose = f"{step.side.label} side", f"the {step.kind} of {step.target or step.source}"
        for part in filter(None, map(said.get, ("record", "fields", "loses"))):
            for name, value in part.items() if isinstance(part, dict) else ():
                if not _is_sayable({name: value}):
                    return (*whose, f"field {name}")
    return ()


def _is_sayable(value: object) -> bool:
    try:
        _text(value)
    except (TypeError, ValueError):
        return False
    return True


def _converter(profile: Profile[L, R] | None = None) -> Converter:
    converter = record_converter()
    converter.register_unstructure_hook(bytes, bytes.hex)
    converter.register_structure_hook(bytes, lambda value, _: bytes.fromhex(value))
    converter.register_unstructure_hook(Side, lambda side: side.label)
    converter.register_structure_hook(Side, lambda value, _: Side.named(value))
    converter.register_unstructure_hook(Step, lambda step: _step_out(converter, step))
    if profile is not None:
        types = (type(profile.left.blank), type(profile.right.blank))
        converter.register_structure_hook(Step, lambda value, _: _step_in(converter, value, types))
    return converter


def _step_out(converter: Converter, step: Step) -> dict[str, object]:
    return {
        field.name: converter.unstructure(getattr(step, field.name))
        for field in attrs.fields(Step)
        if field.name not in _UNSAVED
    }


def _step_in(converter: Converter, value: dict[str, object], types: tuple[type, type]) -> Step:
    record_type = types[Side.named(cast("str", value["side"]))]
    made: dict[str, object] = {}
    for field in attrs.fields(attrs.resolve_types(Step)):
        if field.name in _UNSAVED:
            continue
        given = value[field.name]
        if field.name == "record":
            made["record"] = None if given is None else structured(converter, given, record_type)
        elif field.name == "fields":
            made["fields"] = _fields_in(converter, cast("dict[str, object]", given), record_type)
        elif field.name == "loses":
            made["loses"] = {name: _plain(one) for name, one in cast("dict[str, object]", given).items()}
        else:
            made[field.name] = converter.structure(given, cast("type", field.type))
    return Step(**made)  # type: ignore[arg-type]  # structured by the types of its own fields


def _fields_in(converter: Converter, given: dict[str, object], record_type: type) -> dict[str, object]:
    if record_type is dict:
        return cast("dict[str, object]", structured(converter, given, dict))
    types = get_type_hints(record_type)
    return {name: converter.structure(value, types[name]) for name, value in given.items()}


def _plain(value: object) -> object:
    """Return shared values as lenses give them: tuples, where JSON has lists."""
    return tuple(_plain(one) for one in value) if isinstance(value, list) else value
