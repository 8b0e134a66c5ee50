"""Keep two systems' records matched: Outlook on the left, a CRM on the right, or any two systems.

The front door: the few names that most hosts need. Profiles are in :mod:`tallystick.profiles`, providers in
:mod:`tallystick.providers`, what integrators implement in :mod:`tallystick.ports`.
"""

from tallystick.ports import Scope as Scope
from tallystick.ports import Side as Side
from tallystick.reconcile import Plan as Plan
from tallystick.reconcile import Profile as Profile
from tallystick.reconcile import Report as Report
from tallystick.reconcile import SideProfile as SideProfile
from tallystick.reconcile import dump_plan as dump_plan
from tallystick.reconcile import load_plan as load_plan
from tallystick.state import MemoryState as MemoryState
from tallystick.state import SqliteState as SqliteState
from tallystick.sync import Explanation as Explanation
from tallystick.sync import Status as Status
from tallystick.sync import Sync as Sync
