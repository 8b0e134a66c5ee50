"""Provide Microsoft Graph's JSON (v1.0): objects to records and back, pages, errors. No transport: bring your own.

Read in this order: ``answers`` (bytes to an object, capped), ``values`` (what stands in objects), ``codec`` (what is
written, and how little), ``contacts``, ``recurring``, ``events``, ``occurrences``, ``tasks``, ``messages`` (the kinds),
``pages`` and ``faults`` (what a provider makes of answers), ``converter`` (for cattrs), ``differences`` (what comes
back in another spelling).
"""

from tallystick.codecs.graph.answers import read_json as read_json
from tallystick.codecs.graph.codec import GraphCodec as GraphCodec
from tallystick.codecs.graph.codec import Group as Group
from tallystick.codecs.graph.contacts import CONTACTS as CONTACTS
from tallystick.codecs.graph.converter import configure_graph as configure_graph
from tallystick.codecs.graph.converter import graph_converter as graph_converter
from tallystick.codecs.graph.differences import Difference as Difference
from tallystick.codecs.graph.differences import differences as differences
from tallystick.codecs.graph.events import EVENTS as EVENTS
from tallystick.codecs.graph.faults import Fault as Fault
from tallystick.codecs.graph.faults import outcome as outcome
from tallystick.codecs.graph.faults import provider_error as provider_error
from tallystick.codecs.graph.faults import read_fault as read_fault
from tallystick.codecs.graph.messages import ATTACHMENTS as ATTACHMENTS
from tallystick.codecs.graph.messages import MAIL_FOLDERS as MAIL_FOLDERS
from tallystick.codecs.graph.messages import MESSAGES as MESSAGES
from tallystick.codecs.graph.occurrences import OccurrenceWrite as OccurrenceWrite
from tallystick.codecs.graph.occurrences import occurrence_writes as occurrence_writes
from tallystick.codecs.graph.occurrences import with_occurrences as with_occurrences
from tallystick.codecs.graph.pages import GraphPage as GraphPage
from tallystick.codecs.graph.pages import Removal as Removal
from tallystick.codecs.graph.pages import own_token as own_token
from tallystick.codecs.graph.pages import read_item as read_item
from tallystick.codecs.graph.pages import read_page as read_page
from tallystick.codecs.graph.tasks import CATEGORIES as CATEGORIES
from tallystick.codecs.graph.tasks import TASKS as TASKS
from tallystick.codecs.graph.tasks import TODO_LISTS as TODO_LISTS
from tallystick.codecs.graph.tasks import Category as Category
from tallystick.codecs.graph.tasks import TodoList as TodoList
from tallystick.codecs.graph.tasks import WellKnownList as WellKnownList
