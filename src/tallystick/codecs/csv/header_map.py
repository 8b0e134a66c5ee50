"""Provide the header mapping: an integrator's own column names, and the words that stand in their cells.

It is a JSON object. Columns that it does not name keep their standard names, so that a value never lacks a place.
"""

import json
from collections.abc import Mapping
from difflib import get_close_matches

import attrs

from tallystick.codecs.csv.dates import ORDERS
from tallystick.codecs.csv.slots import CONTACT_SLOTS, ENTRY_SLOTS
from tallystick.codecs.json_names import unique_names
from tallystick.errors import InputError
from tallystick.records import EntryKind

FIELDS = tuple(dict.fromkeys(slot.name for slot in (*CONTACT_SLOTS, *ENTRY_SLOTS)))
PHONES = ("phone_1", "phone_2", "phone_3", "phone_4")
_KEYS = ("columns", "kinds", "phone_labels", "dates", "separator")
SEPARATOR = ";"
"""What stands between the names of lists in one cell; Outlook admits neither it nor a comma in a category."""
_LONGEST = 100_000


@attrs.frozen
class HeaderMap:
    """How a file's columns and words are to be read.

    ``columns`` gives the field of a column, ``kinds`` the entry kind of a word in the column Kind, ``phone_labels``
    the label of a phone field whose own label is missing, ``dates`` the order of a date's parts (ymd, mdy, dmy),
    ``separator`` what stands between the names of lists.
    """

    columns: Mapping[str, str] = attrs.field(factory=dict)
    kinds: Mapping[str, EntryKind] = attrs.field(factory=dict)
    phone_labels: Mapping[str, str] = attrs.field(factory=dict)
    dates: str = ""
    separator: str = SEPARATOR
    name: str = "header mapping"

    @classmethod
    def from_json(cls, data: bytes | str, name: str = "header mapping") -> "HeaderMap":
        """Read a mapping from JSON; ``name`` is the file's in errors. Raises InputError."""
        given = _object(data, name)
        _known(given, _KEYS, name, "part of a header mapping")
        columns = _texts(given, "columns", name)
        _known(dict.fromkeys(columns.values()), FIELDS, name, "field")
        labels = _texts(given, "phone_labels", name)
        _known(labels, PHONES, name, "phone field")
        kinds = _texts(given, "kinds", name)
        _known(dict.fromkeys(kinds.values()), tuple(EntryKind), name, "kind")
        dates = given.get("dates", "")
        if dates != "" and dates not in ORDERS:
            raise InputError(f"dates must be one of {', '.join(ORDERS)}", where=name)
        separator = given.get("separator", SEPARATOR)
        if not isinstance(separator, str) or not separator.strip():
            raise InputError("the separator must be a text, and no blank", where=name)
        by_word = {word: EntryKind(kind) for word, kind in kinds.items()}
        return cls(columns, by_word, labels, str(dates), separator, name)


def _object(data: bytes | str, name: str) -> dict[str, object]:
    if len(data) > _LONGEST:
        raise InputError("a header mapping of more than 100,000 characters", where=name)
    try:
        given = json.loads(data, object_pairs_hook=unique_names)
    except (ValueError, RecursionError):
        remedy = 'write it as {"columns": {"Vorname": "first_name"}}, each name once'
        raise InputError("the header mapping is no JSON object", where=name, remedy=remedy) from None
    if not isinstance(given, dict):
        raise InputError("the header mapping is no JSON object", where=name)
    return given


def _texts(given: Mapping[str, object], key: str, name: str) -> dict[str, str]:
    part = given.get(key, {})
    if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
        raise InputError(f"{key} must be an object that gives a text for each name", where=name)
    return part


def _known(names: Mapping[str, object], known: tuple[str, ...], where: str, what: str) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise InputError(f"{name[:60]!r} is no {what}", where=where, remedy=remedy)
