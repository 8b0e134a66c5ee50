"""Keep two systems' records matched: Outlook on the left, a CRM on the right, or any two systems.

The front door: the few names that most hosts need, each imported when it is first used. Profiles are in
:mod:`tallystick.profiles`, providers in :mod:`tallystick.providers`, what integrators implement in
:mod:`tallystick.ports`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick import errors as errors
    from tallystick import mapping as mapping
    from tallystick import matching as matching
    from tallystick import ports as ports
    from tallystick import reconcile as reconcile
    from tallystick import records as records
    from tallystick import recurrence as recurrence
    from tallystick import state as state
    from tallystick import sync as sync
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
else:
    from tallystick.deferred import deferred

    __getattr__, __dir__ = deferred(
        __name__,
        {
            "Explanation": "tallystick.sync",
            "MemoryState": "tallystick.state",
            "Plan": "tallystick.reconcile",
            "Profile": "tallystick.reconcile",
            "Report": "tallystick.reconcile",
            "Scope": "tallystick.ports",
            "Side": "tallystick.ports",
            "SideProfile": "tallystick.reconcile",
            "SqliteState": "tallystick.state",
            "Status": "tallystick.sync",
            "Sync": "tallystick.sync",
            "dump_plan": "tallystick.reconcile",
            "load_plan": "tallystick.reconcile",
        },
        ("errors", "mapping", "matching", "ports", "reconcile", "records", "recurrence", "state", "sync"),
    )
    del deferred

__all__ = [
    "Explanation",
    "MemoryState",
    "Plan",
    "Profile",
    "Report",
    "Scope",
    "Side",
    "SideProfile",
    "SqliteState",
    "Status",
    "Sync",
    "dump_plan",
    "load_plan",
]
