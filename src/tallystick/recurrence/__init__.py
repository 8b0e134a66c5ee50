"""Provide recurrence, time and zones: one model, its dates within limits, and translators that say what they lose.

Read in this order: ``times``, ``zones``; ``pattern``, ``ranges``, ``patterned`` (what Outlook and CRMs say), ``rule``
(what RFC 5545 says), ``series``; ``pattern_dates``, ``rule_days``, ``rule_times``, ``slots``, ``expansion`` (the
dates); ``local_days``; ``translation``, ``to_rrule``, ``rule_reading``, ``to_pattern``, ``verification``,
``canonical_form``; ``support``, ``fitting``; and a module for each shape: ``rrule_text``, ``ical_lines``, ``graph``,
``maximizer``, ``salesforce``, ``dateutil_rules`` (not imported here, so that dateutil is loaded only by those who use
it).
"""

from tallystick.recurrence.canonical_form import canonical as canonical
from tallystick.recurrence.canonical_form import canonical_recurrence as canonical_recurrence
from tallystick.recurrence.expansion import Occurrence as Occurrence
from tallystick.recurrence.expansion import Window as Window
from tallystick.recurrence.expansion import expand as expand
from tallystick.recurrence.expansion import iterate as iterate
from tallystick.recurrence.fitting import fit as fit
from tallystick.recurrence.graph import cancelled_from_graph as cancelled_from_graph
from tallystick.recurrence.graph import graph_shape as graph_shape
from tallystick.recurrence.graph import recurrence_from_graph as recurrence_from_graph
from tallystick.recurrence.graph import recurrence_to_graph as recurrence_to_graph
from tallystick.recurrence.ical_lines import format_recurrence_id as format_recurrence_id
from tallystick.recurrence.ical_lines import format_series as format_series
from tallystick.recurrence.ical_lines import parse_exception as parse_exception
from tallystick.recurrence.ical_lines import parse_series as parse_series
from tallystick.recurrence.limits import Gap as Gap
from tallystick.recurrence.limits import Limits as Limits
from tallystick.recurrence.local_days import LocalDays as LocalDays
from tallystick.recurrence.local_days import Moment as Moment
from tallystick.recurrence.local_days import utc_midnight as utc_midnight
from tallystick.recurrence.maximizer import recurrence_from_maximizer as recurrence_from_maximizer
from tallystick.recurrence.maximizer import recurrence_to_maximizer as recurrence_to_maximizer
from tallystick.recurrence.pattern import Pattern as Pattern
from tallystick.recurrence.pattern import PatternType as PatternType
from tallystick.recurrence.pattern_dates import first_date as first_date
from tallystick.recurrence.pattern_dates import last_date as last_date
from tallystick.recurrence.patterned import Recurrence as Recurrence
from tallystick.recurrence.ranges import End as End
from tallystick.recurrence.ranges import EndDate as EndDate
from tallystick.recurrence.ranges import NoEnd as NoEnd
from tallystick.recurrence.ranges import Numbered as Numbered
from tallystick.recurrence.ranges import Range as Range
from tallystick.recurrence.ranges import Unreported as Unreported
from tallystick.recurrence.ranges import keep_unreported as keep_unreported
from tallystick.recurrence.refusals import ExpansionLimit as ExpansionLimit
from tallystick.recurrence.refusals import InvalidRecurrence as InvalidRecurrence
from tallystick.recurrence.refusals import UnknownZone as UnknownZone
from tallystick.recurrence.rrule_text import format_rule as format_rule
from tallystick.recurrence.rrule_text import parse_rule as parse_rule
from tallystick.recurrence.rule import Frequency as Frequency
from tallystick.recurrence.rule import NthDay as NthDay
from tallystick.recurrence.rule import RecurrenceRule as RecurrenceRule
from tallystick.recurrence.salesforce import recurrence_from_salesforce as recurrence_from_salesforce
from tallystick.recurrence.salesforce import recurrence_to_salesforce as recurrence_to_salesforce
from tallystick.recurrence.series import Cancelled as Cancelled
from tallystick.recurrence.series import Changed as Changed
from tallystick.recurrence.series import Moved as Moved
from tallystick.recurrence.series import OccurrenceException as OccurrenceException
from tallystick.recurrence.series import OccurrenceKey as OccurrenceKey
from tallystick.recurrence.series import Series as Series
from tallystick.recurrence.series import occurrence_key as occurrence_key
from tallystick.recurrence.support import GRAPH as GRAPH
from tallystick.recurrence.support import MAXIMIZER_APPOINTMENTS as MAXIMIZER_APPOINTMENTS
from tallystick.recurrence.support import MAXIMIZER_TASKS as MAXIMIZER_TASKS
from tallystick.recurrence.support import SALESFORCE_CLASSIC as SALESFORCE_CLASSIC
from tallystick.recurrence.support import DaySets as DaySets
from tallystick.recurrence.support import PatternSupport as PatternSupport
from tallystick.recurrence.support import Support as Support
from tallystick.recurrence.support import unsupported as unsupported
from tallystick.recurrence.times import Instant as Instant
from tallystick.recurrence.times import Start as Start
from tallystick.recurrence.times import WallTime as WallTime
from tallystick.recurrence.to_pattern import to_pattern as to_pattern
from tallystick.recurrence.to_rrule import to_rrule as to_rrule
from tallystick.recurrence.translation import Exact as Exact
from tallystick.recurrence.translation import Loss as Loss
from tallystick.recurrence.translation import LossKind as LossKind
from tallystick.recurrence.translation import Lossy as Lossy
from tallystick.recurrence.translation import NotExpressible as NotExpressible
from tallystick.recurrence.translation import Reason as Reason
from tallystick.recurrence.translation import ReasonKind as ReasonKind
from tallystick.recurrence.translation import Translation as Translation
from tallystick.recurrence.verification import Agreement as Agreement
from tallystick.recurrence.verification import Difference as Difference
from tallystick.recurrence.verification import verify as verify
from tallystick.recurrence.weekdays import Weekday as Weekday
from tallystick.recurrence.weekdays import WeekIndex as WeekIndex
from tallystick.recurrence.zones import canonical_zone as canonical_zone
from tallystick.recurrence.zones import iana_zone as iana_zone
from tallystick.recurrence.zones import is_known_zone as is_known_zone
from tallystick.recurrence.zones import keep_name as keep_name
from tallystick.recurrence.zones import same_zone as same_zone
from tallystick.recurrence.zones import windows_zone as windows_zone
