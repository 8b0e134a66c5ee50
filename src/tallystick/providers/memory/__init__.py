"""Provide collections in memory that behave as the services do: for trying things out, for tests, for measuring.

Each is two things at once. To a sync it is a :class:`tallystick.ports.Provider`. To a test or a demo it is a mailbox
that somebody uses: ``insert``, ``edit``, ``delete``, ``join`` and ``leave`` are a person's actions, ``faults`` is the
bad weather between the two, and ``writes`` counts what the sync really did.

The parts, from the ground up: :mod:`row` (one record as it stands), :mod:`index` and :mod:`shelf` (all of them, with
the log of changes), :mod:`cabinet` (what was written, and what reads show of it), :mod:`cursor`, :mod:`replay` and
:mod:`feed` (pages), :mod:`writer` (a sync's writes), :mod:`armed` and :mod:`faults`, :mod:`collection` (all of it
together), and on top :mod:`outlook`, :mod:`todo`, :mod:`mail`, :mod:`crm`, :mod:`crm_tasks` and
:mod:`activities`, which only say what is special about each service.
"""

from tallystick.providers.memory.activities import Activities as Activities
from tallystick.providers.memory.activities import activity_shape as activity_shape
from tallystick.providers.memory.appointments import appointment_shape as appointment_shape
from tallystick.providers.memory.calendar import calendar_shape as calendar_shape
from tallystick.providers.memory.collection import MemoryCollection as MemoryCollection
from tallystick.providers.memory.crm import CRM_CAPABILITIES as CRM_CAPABILITIES
from tallystick.providers.memory.crm import FakeCrm as FakeCrm
from tallystick.providers.memory.crm import entry_shape as entry_shape
from tallystick.providers.memory.crm_tasks import CRM_TASK_CAPABILITIES as CRM_TASK_CAPABILITIES
from tallystick.providers.memory.crm_tasks import crm_task_shape as crm_task_shape
from tallystick.providers.memory.faults import Faults as Faults
from tallystick.providers.memory.mail import MAIL_CAPABILITIES as MAIL_CAPABILITIES
from tallystick.providers.memory.mail import Mailbox as Mailbox
from tallystick.providers.memory.mail import message_shape as message_shape
from tallystick.providers.memory.membership import Categories as Categories
from tallystick.providers.memory.membership import Lists as Lists
from tallystick.providers.memory.membership import Membership as Membership
from tallystick.providers.memory.outlook import OUTLOOK_CAPABILITIES as OUTLOOK_CAPABILITIES
from tallystick.providers.memory.outlook import FakeOutlook as FakeOutlook
from tallystick.providers.memory.outlook import InvalidAddresses as InvalidAddresses
from tallystick.providers.memory.outlook import contact_shape as contact_shape
from tallystick.providers.memory.outlook import full_display_name as full_display_name
from tallystick.providers.memory.outlook import without_invalid_addresses as without_invalid_addresses
from tallystick.providers.memory.post_office import PostOffice as PostOffice
from tallystick.providers.memory.quirks import Completing as Completing
from tallystick.providers.memory.quirks import Quirks as Quirks
from tallystick.providers.memory.shape import SearchField as SearchField
from tallystick.providers.memory.shape import Shape as Shape
from tallystick.providers.memory.todo import TODO_CAPABILITIES as TODO_CAPABILITIES
from tallystick.providers.memory.todo import TodoLists as TodoLists
from tallystick.providers.memory.todo import todo_shape as todo_shape
from tallystick.providers.memory.virtual_clock import VirtualClock as VirtualClock
