"""Provide the converter that turns records and their fields into JSON-ready data and back.

Own files only: unknown keys are refused, and what does not fit its type is an error that names the path and no value.
"""

from datetime import date, datetime

from cattrs import Converter

from tallystick.records.time_json import register_times


def record_converter() -> Converter:
    """Return a converter for every record of this package: dates in ISO form, enums by value, unknown keys refused."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    # By identity: a hook for str alone would also catch the enums that are texts, and leave them texts.
    converter.register_structure_hook_func(lambda made: made is str, _text)
    register_times(converter)
    return converter


def structured(converter: Converter, value: object, made: type) -> object:
    """Return a record of the class ``made`` from what JSON holds of it.

    What a dict holds has no declared types: it is taken as it is, with tuples where JSON has lists.
    """
    return _plain(value) if made is dict else converter.structure(value, made)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _text(value: object, _: type[str]) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
