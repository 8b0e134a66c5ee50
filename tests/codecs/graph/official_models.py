"""Check that the official models take what is written: bodies go in, and come out again with nothing lost but nulls.

Run by ``nox -s graph_models``, which installs msgraph-sdk; it is large, and no part of the usual tests. The models have
limits of their own: they leave nulls out, and keep six digits of a second.
"""

# ruff: noqa: ANN401 -- what the models are made of has no types here

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.codecs.graph import CONTACTS, EVENTS, MESSAGES, TASKS
from tallystick.records import BodyType, EmailAddress, Message
from tests.codecs.graph.test_laws import CONTACTS_OF_GRAPH, EVENTS_OF_GRAPH, FULL, FULL_LISTS, TASKS_OF_GRAPH, TEXTS

_PEOPLE = st.lists(st.builds(EmailAddress, FULL, TEXTS), max_size=3).map(tuple)
MESSAGES_OF_GRAPH = st.builds(
    Message,
    subject=TEXTS,
    body=TEXTS,
    body_type=st.sampled_from(BodyType),
    to=_PEOPLE,
    cc=_PEOPLE,
    bcc=_PEOPLE,
    message_id=TEXTS,
    categories=FULL_LISTS,
    is_read=st.booleans(),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")


def through(model: Any, body: object) -> object:
    """Return a body after the official model has read and written it."""
    reading = import_module("kiota_serialization_json.json_parse_node_factory")
    writing = import_module("kiota_serialization_json.json_serialization_writer")
    node = reading.JsonParseNodeFactory().get_root_parse_node("application/json", json.dumps(body).encode())
    writer = writing.JsonSerializationWriter()
    writer.write_object_value(None, node.get_object_value(model))
    return json.loads(writer.get_serialized_content())


def plain(value: Any) -> Any:
    """Return a body without nulls and types, and with the day and time of moments alone."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None and not key.startswith("@")}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value[:19] if isinstance(value, str) and _MOMENT.fullmatch(value) else value


def accepted(codec: Any, model: Any, records: st.SearchStrategy[Any]) -> Callable[[], None]:
    """Return the check of many records of one kind."""

    @settings(max_examples=200, deadline=None)
    @given(record=records)
    def check(record: Any) -> None:
        body = codec.create(record)
        assert plain(through(model, body)) == plain(body)

    found: Callable[[], None] = check
    return found


if __name__ == "__main__":
    for kind, module, name, examples in (
        (CONTACTS, "contact", "Contact", CONTACTS_OF_GRAPH),
        (EVENTS, "event", "Event", EVENTS_OF_GRAPH),
        (TASKS, "todo_task", "TodoTask", TASKS_OF_GRAPH),
        (MESSAGES, "message", "Message", MESSAGES_OF_GRAPH),
    ):
        accepted(kind, getattr(import_module(f"msgraph.generated.models.{module}"), name), examples)()
        print(f"{module}: the official model takes what is written")  # noqa: T201 -- what the session shows
