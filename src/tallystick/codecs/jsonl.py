"""Provide JSON lines: one object a line, the lossless format of records, with no more in it than the library knows.

``{"id": "7", "record": {"first_name": "Ada", ...}, "lists": ["Clients"]}``. The id may be left out, and so may lists
and every field that is empty. A contact's lists are the categories in its record. Reading is strict: a key that is
not known or comes twice, a value of another type, a number that is none, or an object nested too deeply is refused.
Lines that do not change are written as they were read, and all of them end as the first one did.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Generic, NoReturn, TypeVar, cast

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError

from tallystick.codecs.document import Row, Shape, digest, identify
from tallystick.codecs.encodings import Encoding, read_text
from tallystick.codecs.json_names import unique_names
from tallystick.errors import InputError
from tallystick.records import EntryKind, record_converter

R = TypeVar("R")
LONGEST_LINE = 1_000_000
"""In characters."""
_DEEPEST = 16
_KEYS = ("id", "record", "lists")
_REMEDY = 'write it as {"id": "7", "record": {...}, "lists": ["..."]}, with the fields of one record and no others'


@attrs.frozen
class JsonLines(Generic[R]):
    """The content of one file of JSON lines."""

    shape: Shape[R] = attrs.field(repr=False)
    charset: Encoding = Encoding()
    rows: tuple[Row[R], ...] = attrs.field(default=(), repr=False)
    line_end: str = "\n"

    def refusal(self, row: Row[R] | None, record: R, lists: Sequence[str]) -> str:
        """Return a code: encoding for half a character, too_long for a line that no reader would take."""
        text = _dumped(Row(row.id if row else "", record, tuple(lists)), self.shape)
        if not self.charset.holds(text):
            return "encoding:record"
        return "too_long:record" if len(text) >= LONGEST_LINE else ""

    def fresh(self, row_id: str, record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return a new row; the format keeps no time."""
        del modified
        return _versioned(Row(row_id, record, tuple(lists)), self.shape)

    def amend(self, row: Row[R], record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return ``row`` with another record and lists; its line is written anew."""
        del modified
        return _versioned(Row(row.id, record, tuple(lists), line=row.line), self.shape)

    def encode(self, rows: Iterable[Row[R]]) -> bytes:
        """Return the lines of these rows, each with its id."""
        lines = [row.text if row.stored and row.text else _dumped(row, self.shape) for row in rows]
        return self.charset.encode("".join(f"{line}{self.line_end}" for line in lines))


@attrs.frozen
class JsonLinesCodec(Generic[R]):
    """Files of JSON lines with one kind of record."""

    shape: Shape[R]

    def decode(self, data: bytes, name: str) -> JsonLines[R]:
        """Read a file's bytes. Raises InputError, naming the line."""
        text, charset = read_text(data, name, "utf-8")
        if charset.name != "utf-8":
            raise InputError("JSON lines are always UTF-8", where=name, remedy="save it as UTF-8")
        lines = enumerate(text.split("\n"), 1)
        rows = [_row(line.rstrip("\r"), number, self.shape, name) for number, line in lines if line.strip()]
        line_end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
        return JsonLines(self.shape, charset, identify(rows, self.shape, name), line_end)

    def blank(self) -> JsonLines[R]:
        """Return a file without lines."""
        return JsonLines(self.shape)


# --- reading ---------------------------------------------------------------------------------------------------------


def _row(text: str, line: int, shape: Shape[R], name: str) -> Row[R]:
    where = f"{name}, line {line}"
    given = _parsed(text, where)
    if unknown := [key for key in given if key not in _KEYS]:
        raise InputError(f"{len(unknown)} keys that are none of {', '.join(_KEYS)}", where=where, remedy=_REMEDY)
    row_id = given.get("id", "")
    lists = given.get("lists", [])
    if not isinstance(row_id, str) or not isinstance(given.get("record"), dict) or not _are_texts(lists):
        raise InputError("the id must be a text, the record an object, the lists texts", where=where, remedy=_REMEDY)
    record = _structured(cast("dict[str, object]", given["record"]), shape, where)
    names = tuple(dict.fromkeys(cast("list[str]", lists)))
    if names and shape.own_lists(record) not in (None, names):
        remedy = 'write its categories in the record: {"record": {"categories": ["..."]}}'
        raise InputError("the lists of this kind of record are part of it", where=where, remedy=remedy)
    stored = bool(row_id.strip())
    return _versioned(Row(row_id.strip(), record, names, line=line, stored=stored, text=text), shape)


def _parsed(text: str, where: str) -> dict[str, object]:
    if len(text) > LONGEST_LINE:
        raise InputError(f"a line of more than {LONGEST_LINE:,} characters", where=where, remedy=_REMEDY)
    try:
        given = json.loads(text, object_pairs_hook=unique_names, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError):
        remedy = f"{_REMEDY}; each key once"
        raise InputError("the line is no JSON object that can be read", where=where, remedy=remedy) from None
    if not isinstance(given, dict):
        raise InputError("the line is no JSON object", where=where, remedy=_REMEDY)
    # Only what looks as if it could be nested deeply, or holds escaped characters, is worth a walk through all of it.
    if (text.count("{") + text.count("[") > _DEEPEST or "\\u" in text) and not _is_sound(given, _DEEPEST):
        raise InputError("nested too deeply, or half a character in a text", where=where, remedy=_REMEDY)
    return given


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _is_sound(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
    if not isinstance(value, (dict, list)):
        return True
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return depth > 0 and all(_is_sound(part, depth - 1) for part in parts)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = record_converter()
    # A hook for texts is asked for their subclasses too, and would let any word pass for a member of an enum.
    converter.register_structure_hook(EntryKind, lambda value, _: EntryKind(value))
    return converter


def _structured(given: Mapping[str, object], shape: Shape[R], where: str) -> R:
    try:
        record = _converter().structure(given, shape.kind)
    except (BaseValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{_place(error)} does not fit", where=where, remedy=_REMEDY) from None
    # The converter takes a text for a list of letters, and a date in any ISO form: what was given must come back.
    if not _is_part(given, _converter().unstructure(record)):
        raise InputError("a value of the record has another type than its field", where=where, remedy=_REMEDY)
    return record


def _place(error: BaseException) -> str:
    """Return the name of the field that an error is about; fields are ours, so no content is told."""
    for inner in getattr(error, "exceptions", ()):
        for note in getattr(inner, "__notes__", ()):
            field = getattr(note, "name", "")
            if field and isinstance(field, str):
                return f"the field {field}"
    return "a key or value of the record"


def _is_part(given: object, whole: object) -> bool:
    if isinstance(given, Mapping) and isinstance(whole, Mapping):
        return all(key in whole and _is_part(value, whole[key]) for key, value in given.items())
    if isinstance(given, list) and isinstance(whole, (list, tuple)):
        return len(given) == len(whole) and all(map(_is_part, given, whole))
    if isinstance(given, str) and isinstance(whole, str):
        return given == whole or _same_instant(given, whole)
    return type(given) is type(whole) and given == whole


def _same_instant(given: str, whole: str) -> bool:
    """Tell whether an instant was given in another spelling: with another offset, or with Z."""
    try:
        one, other = datetime.fromisoformat(given), datetime.fromisoformat(whole)
    except ValueError:
        return False
    return one.tzinfo is not None and other.tzinfo is not None and one == other


# --- writing ---------------------------------------------------------------------------------------------------------


def _plain(record: object) -> dict[str, object]:
    """Return a record as JSON-ready data without its empty fields; an empty slot in a list keeps its place."""
    fields = cast("dict[str, object]", _converter().unstructure(record))
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return not any(value.values()) if isinstance(value, dict) else value in ("", None, (), [])


def _dumped(row: Row[R], shape: Shape[R]) -> str:
    line: dict[str, object] = {"id": row.id, "record": _plain(row.record)}
    if row.lists and shape.own_lists(row.record) is None:
        line["lists"] = list(row.lists)
    return json.dumps(line, ensure_ascii=False)


def _versioned(row: Row[R], shape: Shape[R]) -> Row[R]:
    own = shape.own_lists(row.record)
    lists = row.lists if own is None else own
    text = json.dumps([_plain(row.record), lists], ensure_ascii=False)
    return attrs.evolve(row, lists=lists, version=digest(text))
