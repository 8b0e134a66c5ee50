"""Provide recurrence, time and zones: one model, its dates within limits, and translators that say what they lose.

Read in this order: ``times``, ``zones``; ``pattern``, ``ranges``, ``patterned`` (what Outlook and CRMs say), ``rule``
(what RFC 5545 says), ``series``; ``pattern_dates``, ``rule_days``, ``rule_times``, ``slots``, ``expansion`` (the
dates); ``local_days``; ``translation``, ``to_rrule``, ``rule_reading``, ``to_pattern``, ``verification``,
``canonical_form``; ``support``, ``fitting``; and a module for each shape: ``rrule_text``, ``ical_lines``, ``graph``,
``maximizer``, ``salesforce``, ``dateutil_rules`` (not imported here, so that dateutil is loaded only by those who use
it).
"""

from tallystick.recurrence.canonical_form import canonical, canonical_recurrence
from tallystick.recurrence.expansion import Occurrence, Window, expand, iterate
from tallystick.recurrence.fitting import fit
from tallystick.recurrence.graph import (
    cancelled_from_graph,
    graph_shape,
    recurrence_from_graph,
    recurrence_to_graph,
)
from tallystick.recurrence.ical_lines import format_recurrence_id, format_series, parse_exception, parse_series
from tallystick.recurrence.limits import Gap, Limits
from tallystick.recurrence.local_days import LocalDays, Moment, utc_midnight
from tallystick.recurrence.maximizer import recurrence_from_maximizer, recurrence_to_maximizer
from tallystick.recurrence.pattern import Pattern, PatternType
from tallystick.recurrence.pattern_dates import first_date, last_date
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import End, EndDate, NoEnd, Numbered, Range, Unreported, keep_unreported
from tallystick.recurrence.refusals import ExpansionLimit, InvalidRecurrence, UnknownZone
from tallystick.recurrence.rrule_text import format_rule, parse_rule
from tallystick.recurrence.rule import Frequency, NthDay, RecurrenceRule
from tallystick.recurrence.salesforce import recurrence_from_salesforce, recurrence_to_salesforce
from tallystick.recurrence.series import (
    Cancelled,
    Changed,
    Moved,
    OccurrenceException,
    OccurrenceKey,
    Series,
    occurrence_key,
)
from tallystick.recurrence.support import (
    GRAPH,
    MAXIMIZER_APPOINTMENTS,
    MAXIMIZER_TASKS,
    SALESFORCE_CLASSIC,
    DaySets,
    PatternSupport,
    Support,
    unsupported,
)
from tallystick.recurrence.times import Instant, Start, WallTime
from tallystick.recurrence.to_pattern import to_pattern
from tallystick.recurrence.to_rrule import to_rrule
from tallystick.recurrence.translation import (
    Exact,
    Loss,
    LossKind,
    Lossy,
    NotExpressible,
    Reason,
    ReasonKind,
    Translation,
)
from tallystick.recurrence.verification import Agreement, Difference, verify
from tallystick.recurrence.weekdays import Weekday, WeekIndex
from tallystick.recurrence.zones import canonical_zone, iana_zone, is_known_zone, keep_name, same_zone, windows_zone

__all__ = [
    "GRAPH",
    "MAXIMIZER_APPOINTMENTS",
    "MAXIMIZER_TASKS",
    "SALESFORCE_CLASSIC",
    "Agreement",
    "Cancelled",
    "Changed",
    "DaySets",
    "Difference",
    "End",
    "EndDate",
    "Exact",
    "ExpansionLimit",
    "Frequency",
    "Gap",
    "Instant",
    "InvalidRecurrence",
    "Limits",
    "LocalDays",
    "Loss",
    "LossKind",
    "Lossy",
    "Moment",
    "Moved",
    "NoEnd",
    "NotExpressible",
    "NthDay",
    "Numbered",
    "Occurrence",
    "OccurrenceException",
    "OccurrenceKey",
    "Pattern",
    "PatternSupport",
    "PatternType",
    "Range",
    "Reason",
    "ReasonKind",
    "Recurrence",
    "RecurrenceRule",
    "Series",
    "Start",
    "Support",
    "Translation",
    "UnknownZone",
    "Unreported",
    "WallTime",
    "WeekIndex",
    "Weekday",
    "Window",
    "cancelled_from_graph",
    "canonical",
    "canonical_recurrence",
    "canonical_zone",
    "expand",
    "first_date",
    "fit",
    "format_recurrence_id",
    "format_rule",
    "format_series",
    "graph_shape",
    "iana_zone",
    "is_known_zone",
    "iterate",
    "keep_name",
    "keep_unreported",
    "last_date",
    "occurrence_key",
    "parse_exception",
    "parse_rule",
    "parse_series",
    "recurrence_from_graph",
    "recurrence_from_maximizer",
    "recurrence_from_salesforce",
    "recurrence_to_graph",
    "recurrence_to_maximizer",
    "recurrence_to_salesforce",
    "same_zone",
    "to_pattern",
    "to_rrule",
    "unsupported",
    "utc_midnight",
    "verify",
    "windows_zone",
]
