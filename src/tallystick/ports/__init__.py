"""Provide what others implement (Provider, State, Sink, Clock) and the values that cross those borders.

Nothing here decides or performs anything: the engine and its surroundings share these words and nothing else.
"""

from tallystick.ports.async_state import AsyncClock as AsyncClock
from tallystick.ports.async_state import AsyncSink as AsyncSink
from tallystick.ports.async_state import AsyncState as AsyncState
from tallystick.ports.capabilities import Capabilities as Capabilities
from tallystick.ports.capabilities import CreateSafety as CreateSafety
from tallystick.ports.clock import Clock as Clock
from tallystick.ports.history import RunRow as RunRow
from tallystick.ports.history import RunState as RunState
from tallystick.ports.item import Absence as Absence
from tallystick.ports.item import AbsenceReason as AbsenceReason
from tallystick.ports.item import Found as Found
from tallystick.ports.item import Item as Item
from tallystick.ports.item import Page as Page
from tallystick.ports.item import Redirect as Redirect
from tallystick.ports.item import Scope as Scope
from tallystick.ports.item import Term as Term
from tallystick.ports.item import Window as Window
from tallystick.ports.journal import Batch as Batch
from tallystick.ports.journal import Intent as Intent
from tallystick.ports.journal import Unsettled as Unsettled
from tallystick.ports.lease import Bid as Bid
from tallystick.ports.lease import Fence as Fence
from tallystick.ports.lease import Lease as Lease
from tallystick.ports.link import Claim as Claim
from tallystick.ports.link import Link as Link
from tallystick.ports.link import Parked as Parked
from tallystick.ports.link import ParkedKind as ParkedKind
from tallystick.ports.provider import AsyncProvider as AsyncProvider
from tallystick.ports.provider import Provider as Provider
from tallystick.ports.scope_maker import ScopeMaker as ScopeMaker
from tallystick.ports.scope_maker import free_title as free_title
from tallystick.ports.side import SIDES as SIDES
from tallystick.ports.side import Side as Side
from tallystick.ports.sink import Image as Image
from tallystick.ports.sink import ImageSink as ImageSink
from tallystick.ports.sink import Loser as Loser
from tallystick.ports.sink import Sink as Sink
from tallystick.ports.state import KEPT_RUNS as KEPT_RUNS
from tallystick.ports.state import Commit as Commit
from tallystick.ports.state import Committed as Committed
from tallystick.ports.state import Head as Head
from tallystick.ports.state import State as State
from tallystick.ports.write import Create as Create
from tallystick.ports.write import Outcome as Outcome
from tallystick.ports.write import Remove as Remove
from tallystick.ports.write import Status as Status
from tallystick.ports.write import Update as Update
from tallystick.ports.write import Write as Write
from tallystick.ports.write import WriteKind as WriteKind
