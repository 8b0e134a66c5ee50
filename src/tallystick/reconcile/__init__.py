"""Provide the deciding, pure: filter, pair, decide, guard, plan, report. No I/O, no clock, no randomness."""

from typing import TYPE_CHECKING

from tallystick.reconcile.guards import Figure as Figure
from tallystick.reconcile.hours import AROUND_THE_CLOCK as AROUND_THE_CLOCK
from tallystick.reconcile.hours import Hours as Hours
from tallystick.reconcile.line import Kin as Kin
from tallystick.reconcile.line import Line as Line
from tallystick.reconcile.line import Succession as Succession
from tallystick.reconcile.plan import Note as Note
from tallystick.reconcile.plan import Plan as Plan
from tallystick.reconcile.policies import Choice as Choice
from tallystick.reconcile.policies import ConflictPolicy as ConflictPolicy
from tallystick.reconcile.policies import Duplicates as Duplicates
from tallystick.reconcile.policies import Guards as Guards
from tallystick.reconcile.policies import Limit as Limit
from tallystick.reconcile.policies import LoserFate as LoserFate
from tallystick.reconcile.policies import RemovalAction as RemovalAction
from tallystick.reconcile.policies import RemovalPolicy as RemovalPolicy
from tallystick.reconcile.policies import Retries as Retries
from tallystick.reconcile.policies import Unit as Unit
from tallystick.reconcile.policies import Winner as Winner
from tallystick.reconcile.profile import Profile as Profile
from tallystick.reconcile.profile import SideProfile as SideProfile
from tallystick.reconcile.realm import Realm as Realm
from tallystick.reconcile.references import Hit as Hit
from tallystick.reconcile.references import References as References
from tallystick.reconcile.report import Bucket as Bucket
from tallystick.reconcile.report import Failure as Failure
from tallystick.reconcile.report import Report as Report
from tallystick.reconcile.rolling import RollingWindow as RollingWindow
from tallystick.reconcile.step import Effect as Effect
from tallystick.reconcile.step import Step as Step

if TYPE_CHECKING:
    from tallystick.reconcile.plan_json import dump_plan as dump_plan
    from tallystick.reconcile.plan_json import load_plan as load_plan
else:
    from tallystick.deferred import deferred

    # Saving plans needs a library that is slow to import.
    __getattr__, __dir__ = deferred(
        __name__, {"dump_plan": "tallystick.reconcile.plan_json", "load_plan": "tallystick.reconcile.plan_json"}
    )
    del deferred
