"""Provide Microsoft Graph's JSON (v1.0): objects to records and back, pages, errors. No transport: bring your own.

Read in this order: ``answers`` (bytes to an object, capped), ``values`` (what stands in objects), ``codec`` (what is
written, and how little), ``contacts``, ``recurring``, ``events``, ``occurrences``, ``tasks``, ``messages`` (the kinds),
``pages`` and ``faults`` (what a provider makes of answers), ``converter`` (for cattrs), ``differences`` (what comes
back in another spelling).
"""

from tallystick.codecs.graph.answers import read_json
from tallystick.codecs.graph.codec import GraphCodec, Group
from tallystick.codecs.graph.contacts import CONTACTS
from tallystick.codecs.graph.converter import configure_graph, graph_converter
from tallystick.codecs.graph.differences import Difference, differences
from tallystick.codecs.graph.events import EVENTS
from tallystick.codecs.graph.faults import Fault, outcome, provider_error, read_fault
from tallystick.codecs.graph.messages import ATTACHMENTS, MAIL_FOLDERS, MESSAGES
from tallystick.codecs.graph.occurrences import OccurrenceWrite, occurrence_writes, with_occurrences
from tallystick.codecs.graph.pages import GraphPage, Removal, own_token, read_item, read_page
from tallystick.codecs.graph.tasks import CATEGORIES, TASKS, TODO_LISTS, Category, TodoList, WellKnownList

__all__ = [
    "ATTACHMENTS",
    "CATEGORIES",
    "CONTACTS",
    "EVENTS",
    "MAIL_FOLDERS",
    "MESSAGES",
    "TASKS",
    "TODO_LISTS",
    "Category",
    "Difference",
    "Fault",
    "GraphCodec",
    "GraphPage",
    "Group",
    "OccurrenceWrite",
    "Removal",
    "TodoList",
    "WellKnownList",
    "configure_graph",
    "differences",
    "graph_converter",
    "occurrence_writes",
    "outcome",
    "own_token",
    "provider_error",
    "read_fault",
    "read_item",
    "read_json",
    "read_page",
    "with_occurrences",
]
