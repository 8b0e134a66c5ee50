"""Provide the documents of settings: JSON objects that name the kind of settings they are for, and their schema."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

from tallystick.errors import InputError
from tallystick.settings.declared import SettingsKind, declared

_KIND = "settings"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LONGEST = 1_000_000
_LIMITED = {
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "minLength": ("string",),
    "minItems": ("array",),
}


def written(kind: type[object], values: Mapping[str, object]) -> dict[str, object]:
    """Return settings as they are in JSON, in the order in which they are declared."""
    return {name: one.form.write(values[name]) for name, one in declared(kind).items() if name in values}


def written_document(kind: type[SettingsKind], body: Mapping[str, object]) -> str:
    """Return a document as text."""
    return json.dumps({_KIND: kind.name, **body}, indent=2, ensure_ascii=False)


def read_document(kind: type[SettingsKind], text: str, parts: Mapping[str, type]) -> dict[str, object]:
    """Return the parts of a document that are there. Raises InputError where it is none of this kind."""
    if len(text) > _LONGEST:
        raise InputError(
            "a document of settings of more than a million characters", where=kind.name, remedy="give another"
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(
            "the settings are no JSON", where=kind.name, remedy="give the document as it was written"
        ) from None
    if not isinstance(found, dict) or found.pop(_KIND, None) != kind.name:
        raise InputError(
            "the document is not of these settings",
            where=kind.name,
            remedy=f'give an object in which "{_KIND}" is "{kind.name}"',
        )
    _refuse_others(kind, found, parts)
    return found


def _refuse_others(kind: type[SettingsKind], found: Mapping[str, object], parts: Mapping[str, type]) -> None:
    for name, part in found.items():
        if not (name in parts and isinstance(part, dict | list) and isinstance(part, parts[name]) and _are_texts(part)):
            raise InputError(
                "the document holds something else than settings",
                where=kind.name,
                remedy=f"give no other parts than {', '.join(parts)}, each an object or list of names",
            )


def _are_texts(part: Iterable[object]) -> bool:
    return all(isinstance(one, str) for one in part)


def schema(kind: type[SettingsKind]) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of an object of these settings, as ``choices`` and ``defaults`` hold one."""
    properties = {}
    for name, one in declared(kind).items():
        said = dict(one.form.schema)
        limits = {key: limit for check in one.checks for key, limit in check.schema().items()}
        said |= _fitting(said, limits)
        properties[name] = {**said, "description": one.words, "default": one.form.write(one.default)}
    return {
        "$schema": _DIALECT,
        "title": kind.name,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _fitting(said: Mapping[str, object], limits: Mapping[str, object]) -> dict[str, object]:
    """Return the limits where they may stand: beside the type that they limit, also within a choice of types."""
    if not limits:
        return {}
    if "anyOf" not in said:
        return {key: limit for key, limit in limits.items() if said.get("type") in _LIMITED[key]}
    first, *rest = cast("list[dict[str, object]]", said["anyOf"])
    return {"anyOf": [{**first, **_fitting(first, limits)}, *rest]}


def document_schema(kind: type[SettingsKind]) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of whole documents of these settings: a user's, or an administrator's."""
    names = list(declared(kind))
    one = {name: part for name, part in schema(kind).items() if not name.startswith("$")}
    named: dict[str, object] = {"const": kind.name}
    settings = {"$ref": "#/$defs/settings"}
    locked = {"type": "array", "items": {"enum": names}, "uniqueItems": True}
    user = _document({_KIND: named, "choices": settings})
    administrator = _document({_KIND: named, "defaults": settings, "locked": locked})
    return {
        "$schema": _DIALECT,
        "title": kind.name,
        "description": "A user's document holds choices, an administrator's defaults and what is locked.",
        "anyOf": [user, administrator],
        "$defs": {"settings": one},
    }


def _document(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [_KIND], "additionalProperties": False}
