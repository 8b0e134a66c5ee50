"""Provide the run: a machine without I/O, its drivers, and the sync that a host works with."""

from tallystick.sync.clock import AsyncSystemClock as AsyncSystemClock
from tallystick.sync.clock import SystemClock as SystemClock
from tallystick.sync.comparing import Comparison as Comparison
from tallystick.sync.comparing import FieldShown as FieldShown
from tallystick.sync.connection import Connection as Connection
from tallystick.sync.connection import ConnectionState as ConnectionState
from tallystick.sync.explaining import Explanation as Explanation
from tallystick.sync.explaining import RuleView as RuleView
from tallystick.sync.forgetting import Forgotten as Forgotten
from tallystick.sync.standing import Conflict as Conflict
from tallystick.sync.standing import Listed as Listed
from tallystick.sync.status import Status as Status
from tallystick.sync.sync import Sync as Sync
