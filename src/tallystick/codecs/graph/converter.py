"""Provide Graph's objects to cattrs: a converter that reads and writes records wherever they stand in other classes."""

from typing import TypeVar

from cattrs import Converter

from tallystick.codecs.graph.codec import GraphCodec
from tallystick.codecs.graph.contacts import CONTACTS
from tallystick.codecs.graph.events import EVENTS
from tallystick.codecs.graph.messages import MAIL_FOLDERS, MESSAGES
from tallystick.codecs.graph.tasks import CATEGORIES, TASKS, TODO_LISTS
from tallystick.codecs.graph.values import malformed

R = TypeVar("R")


def configure_graph(converter: Converter) -> None:
    """Teach a converter Graph's objects: structuring reads one, unstructuring gives the body that creates it.

    For envelopes of an integrator's own. Errors are :class:`~tallystick.errors.MalformedAnswer`, within cattrs' own
    groups where the converter makes them.
    """
    _register(converter, CONTACTS)
    _register(converter, EVENTS)
    _register(converter, TASKS)
    _register(converter, TODO_LISTS)
    _register(converter, CATEGORIES)
    _register(converter, MESSAGES)
    _register(converter, MAIL_FOLDERS)


def graph_converter() -> Converter:
    """Return a converter that knows Graph's objects, and raises the first error alone."""
    converter = Converter(detailed_validation=False)
    configure_graph(converter)
    return converter


def _register(converter: Converter, codec: GraphCodec[R]) -> None:
    def read(data: object, _: type[R]) -> R:
        return codec.read(data if isinstance(data, dict) else malformed(codec.name, "an object"))

    converter.register_structure_hook(codec.kind, read)
    converter.register_unstructure_hook(codec.kind, codec.create)
