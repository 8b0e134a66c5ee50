"""Provide a simulated mailbox behind the part of Microsoft Graph that a sync uses, to test against without a network.

Read in this order: ``exchange`` (requests and responses, faults, quirks), ``drawer`` (objects and their log),
``listings`` (pages and delta queries), ``person`` (the outside user), ``contacts``, ``calendar``, ``todo``, ``mail``
(the kinds), ``service`` (the whole), ``door`` (for the provider's contract), ``bridge`` (for httpx).
"""

from tallystick.testing.graph.door import GraphDoor as GraphDoor
from tallystick.testing.graph.door import TodoDoor as TodoDoor
from tallystick.testing.graph.exchange import Fault as Fault
from tallystick.testing.graph.exchange import GraphQuirks as GraphQuirks
from tallystick.testing.graph.exchange import Request as Request
from tallystick.testing.graph.exchange import Response as Response
from tallystick.testing.graph.service import GraphService as GraphService
