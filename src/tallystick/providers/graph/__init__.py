"""Provide mailboxes of Microsoft Graph as providers, over httpx, which is an extra; this is where it is asked for.

Read in this order: ``asks`` (what is asked, as values), ``wire`` (as HTTP), ``reading`` (of answers), ``cursor`` (of a
feed), ``kind`` and ``collection`` (every decision of a provider), ``contacts``, ``tasks``, ``events``, ``mail`` (the
kinds), ``mail_feed`` (many folders as one feed), ``gate`` (what is under way at once), ``mailbox``, ``provider`` and
``mail_provider`` (the blocking and the awaited face of it all).
"""

from tallystick.errors import MissingExtra as _MissingExtra

try:
    import httpx as _httpx  # noqa: F401 -- asked for, no more
except ModuleNotFoundError:
    raise _MissingExtra("mailboxes of Microsoft Graph need httpx", remedy="pip install 'tallystick[graph]'") from None

from tallystick.providers.graph.contacts import CONTACT_CAPABILITIES as CONTACT_CAPABILITIES
from tallystick.providers.graph.events import EVENT_CAPABILITIES as EVENT_CAPABILITIES
from tallystick.providers.graph.mail import MAIL_CAPABILITIES as MAIL_CAPABILITIES
from tallystick.providers.graph.mail_provider import AsyncGraphMail as AsyncGraphMail
from tallystick.providers.graph.mail_provider import GraphMail as GraphMail
from tallystick.providers.graph.mailbox import AsyncMailbox as AsyncMailbox
from tallystick.providers.graph.mailbox import Mailbox as Mailbox
from tallystick.providers.graph.provider import AsyncGraphProvider as AsyncGraphProvider
from tallystick.providers.graph.provider import AsyncGraphTasks as AsyncGraphTasks
from tallystick.providers.graph.provider import GraphProvider as GraphProvider
from tallystick.providers.graph.provider import GraphTasks as GraphTasks
from tallystick.providers.graph.tasks import TASK_CAPABILITIES as TASK_CAPABILITIES
