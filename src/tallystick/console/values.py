"""Provide values as a page shows them: as text, cut where they are long. Templates escape all of it.

=====================  =============================================
a text                 itself
nothing                nothing
a list                 one a line, the first hundred
several parts          those that are filled, one a line
anything else          as it is written down in JSON
=====================  =============================================
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice

import attrs

from tallystick.records import record_converter
from tallystick.text import cut

LONGEST = 2_000
"""Characters of a value that are shown at most."""

_MOST_MEMBERS = 100


@attrs.frozen
class Shown:
    """A value as text; ``left_out`` says in words how much of it is not shown."""

    text: str = attrs.field(repr=False)
    left_out: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


def shown(value: object, longest: int = LONGEST) -> Shown:
    """Return a value as a page shows it."""
    plain = _plain(value)
    if isinstance(plain, list) and len(plain) > _MOST_MEMBERS:
        left_out = f"{len(plain) - _MOST_MEMBERS:,} more"
        return Shown(_cut("\n".join(_lines(plain)), longest), left_out)
    text = "\n".join(_lines(plain))
    if len(text) <= longest:
        return Shown(text)
    kept = _cut(text, longest)
    return Shown(kept, f"{len(text) - len(kept):,} more characters")


def one_line(text: str, longest: int = 120) -> str:
    """Return the beginning of a text that belongs on one line, such as an id or a code of a service's own."""
    kept = _cut(text, longest)
    return kept if kept == text else f"{kept}…"


def _cut(text: str, longest: int) -> str:
    return cut(text[: longest + 100], longest)  # what lies far behind the cut need not be looked at


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple | list | set | frozenset):
        return [record_converter().unstructure(one) for one in value]
    return record_converter().unstructure(value)


def _lines(plain: object) -> Iterator[str]:
    if isinstance(plain, list):
        for one in islice(plain, _MOST_MEMBERS):
            yield _in_one(one)
    elif isinstance(plain, Mapping):
        for name, one in plain.items():
            if one not in ("", None, [], {}):
                yield f"{str(name).replace('_', ' ')}: {_in_one(one)}"
    else:
        yield _in_one(plain)


def _in_one(plain: object) -> str:
    if isinstance(plain, str):
        return plain
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, Mapping) and all(isinstance(one, str) for one in plain.values()):
        return ", ".join(one for one in plain.values() if one)
    return json.dumps(plain, ensure_ascii=False, default=str)
