"""Print the library's own tables as Markdown, so that the pages say what the code does.

Each is a value for a page to insert where it says ``{{ name }}``. Read by :file:`conf.py`, and by the tests.
"""

import ast
import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
from behaviours import rows_by_area

from tallystick import errors
from tallystick.codecs.csv.exports import CONTACT_EXPORTS, ENTRY_EXPORTS, Export
from tallystick.codecs.graph.differences import Difference
from tallystick.codecs.graph.faults import ERRORS, OUTCOMES
from tallystick.errors import ProviderError, SafetyError, StateError, UsageError
from tallystick.mail import MailRule, Subscriptions
from tallystick.mapping import Direction, Lens, MergePolicy, Rule
from tallystick.ports import SIDES, AbsenceReason, CreateSafety, Side
from tallystick.profiles import cx_sales, highlevel, linkpoint, maximizer, zynsync
from tallystick.profiles.calendar_times import CrmTimes
from tallystick.reconcile import Duplicates, Guards, Limit, LoserFate, RemovalAction, RemovalPolicy, Unit, Winner
from tallystick.reconcile.reasons import WORDS
from tallystick.reconcile.table import as_markdown
from tallystick.recurrence import MAXIMIZER_APPOINTMENTS, LocalDays
from tallystick.settings import SettingsKind, declared

Row = Iterable[str]


def table(head: Row, rows: Iterable[Row]) -> str:
    """Return a table; a bar within a cell is escaped."""
    lines = [list(head), ["---" for _ in head], *map(list, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def members(enum: type[Enum]) -> Iterator[tuple[str, str]]:
    """Yield the name of each member of an enumeration, and the text that stands under it in the source."""
    (tree,) = ast.parse(inspect.getsource(enum)).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    said: dict[str, str] = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = after.value if isinstance(after, ast.Expr) else None
            words = text.value if isinstance(text, ast.Constant) else ""
            said[node.targets[0].id] = " ".join(str(words).split())
    for member in enum:
        yield member.name, said[member.name]


def choices(enum: type[Enum]) -> str:
    """Return a table of an enumeration's members and what each means."""
    rows = ((f"`{enum.__name__}.{name}`", text or "as its name says") for name, text in members(enum))
    return table(("choice", "what it means"), rows)


def exports(known: Mapping[str, Export]) -> str:
    """Return the column of each field, a column for each of the exports; the standard name where it has no other."""
    by_field = [{field: name for name, field in export.header.columns.items()} for export in known.values()]
    fields = dict.fromkeys(field for columns in by_field for field in columns)
    return table(("field", *known), ((f"`{field}`", *(one.get(field, "") for one in by_field)) for field in fields))


def removals(policies: Mapping[str, RemovalPolicy]) -> str:
    """Return the action for each reason of an absence, a column for each of the policies."""
    rows = ((f"`{reason}`", *(str(policy.action(reason)) for policy in policies.values())) for reason in AbsenceReason)
    return table(("why the record is absent", *policies), rows)


def guards(policies: Mapping[str, Guards]) -> str:
    """Return the limit of each guard, a column for each of the policies."""
    names = [field.name for field in attrs.fields(Guards)]
    rows = ((f"`{name}`", *(_limit(getattr(policy, name)) for policy in policies.values())) for name in names)
    return table(("guard", *policies), rows)


def _limit(limit: Limit | int | None) -> str:
    if isinstance(limit, Limit):
        return f"{limit.share:.0%} of the pairs, never less than {limit.floor}"
    return "no limit" if limit is None else f"{limit:,} pairs"


def fields(rules: Iterable[Rule[object, object]], left: str, right: str) -> str:
    """Return the field table of a mapping."""
    rows = (
        (
            f"`{rule.name}`",
            *(_written(lens) for lens in rule.lenses),
            rule.shape.value,
            rule.policy.value,
            _ways(rule.direction, left, right),
        )
        for rule in rules
    )
    return table(("rule", left, right, "shape", "merge policy", "written on"), rows)


def _written(lens: Lens[object, object]) -> str:
    return ", ".join(f"`{field}`" for field in lens.writes) or "(derived, never written)"


def _ways(direction: Direction, left: str, right: str) -> str:
    create, update = (
        " and ".join(name for side, name in zip(SIDES, (left, right), strict=True) if way[side]) or "neither"
        for way in (direction.create, direction.update)
    )
    return create if create == update else f"create: {create}; update: {update}"


def chain(rules: Iterable[MailRule]) -> str:
    """Return the rules of a mail sync in their order, and what each does."""
    return table(
        ("", "rule", "what it does"), ((str(at), f"`{one.name}`", one.says) for at, one in enumerate(rules, 1))
    )


_MAIL = {
    "maximizer": maximizer.mail("ada@example.com", Subscriptions()),
    "linkpoint": linkpoint.mail("ada@example.com", linkpoint.MailSettings()),
    "highlevel": highlevel.mail(None),
}
_PROFILE = maximizer.contacts()
_BOTH = {
    "default": RemovalPolicy(),
    "Maximizer contacts, Outlook side": _PROFILE.sides[Side.LEFT].removal,
    "Maximizer contacts, CRM side": _PROFILE.sides[Side.RIGHT].removal,
}

_TASKS = maximizer.tasks()
_TASK_SIDES = {
    "Maximizer tasks, Outlook side": _TASKS.sides[Side.LEFT].removal,
    "Maximizer tasks, CRM side": _TASKS.sides[Side.RIGHT].removal,
}


def settings(kind: type[SettingsKind]) -> str:
    """Return the table of the settings of a kind."""
    rows = (
        (f"`{one.name}`", _plain(one.form.write(one.default)), "yes" if one.extent else "", one.words)
        for one in declared(kind).values()
    )
    return table(("setting", "unless set", "decides the extent", "meaning"), rows)


def _plain(value: object) -> str:
    """Return a default as it stands in JSON; that of the hours is told in words, since it is long."""
    return "always" if isinstance(value, dict) else f"`{json.dumps(value)}`"


_BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def figures(measured: dict[str, Any]) -> str:
    """Return what was measured, against its targets."""
    rows = (
        (
            one["name"],
            f"{one['figure']:.3g}",
            one["unit"],
            *("" if one[name] is None else f"{one[name]:g}" for name in ("most", "moonshot")),
            one["verdict"],
        )
        for one in measured["rows"]
    )
    return table(("what", "figure", "in", "target", "moonshot", ""), rows)


def kept(name: str) -> dict[str, Any]:
    """Return the figures that a benchmark has kept."""
    found: dict[str, Any] = json.loads((_BENCHMARKS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sizes(measured: dict[str, Any]) -> str:
    """Return what runs cost by the number of contacts, and how that grows."""
    names = ("F2", "F3", "initial", "echo", "quiet", "ten")
    rows = [
        (f"{one['size']:,}", *(f"{one[name]:.3g}" for name in names), f"{one['MB']:.0f}", f"{one['bytes']:.0f}")
        for one in measured["sizes"]
    ]
    rows.append(("growth", *(f"{measured['growth'][name]:.2f}" for name in names), "", ""))
    heads = ("contacts a side", "F2", "F3", "initial run", "the run after it", "unchanged", "ten edits")
    return table((*heads, "peak MB", "B/link"), rows)


def peers(figures_: dict[str, float], unit: str) -> str:
    """Return what this library took, which comes first, and others beside it."""
    own = next(iter(figures_.values()))
    rows = ((name, f"{one:.3g}", f"{one / own:.2f}") for name, one in figures_.items())
    return table(("what", f"in {unit}", "to this library"), rows)


def searches() -> str:
    """Return the predefined searches with their criteria, and the fields that can't be removed."""
    rows = (
        (
            one.name,
            "; ".join(f"`{c.field}` {c.operator} {' or '.join(c.values)}" for c in one.criteria) or "all",
            ", ".join(f"`{field}`" for field in cx_sales.PROTECTED[one.name]),
        )
        for one in cx_sales.PREDEFINED
    )
    return table(("search", "finds", "fields that stay"), rows)


def error_codes() -> str:
    """Return every error by its code: whose it is to mend, what it means, and whether the next run may well succeed."""
    kinds = {UsageError: "caller", ProviderError: "provider", StateError: "state", SafetyError: "refusal"}
    classes = (one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, tuple(kinds)))
    rows = (
        (
            f"`{one.code}`",
            f"{{py:class}}`~tallystick.errors.{one.__name__}`",
            next(said for kind, said in kinds.items() if issubclass(one, kind)),
            " ".join(str(one.__doc__).split("\n\n")[0].split()),
            "yes" if one.retryable else "",
        )
        for one in classes
    )
    return table(("code", "error", "kind", "what it means", "tried again"), rows)


_CX_SIDES = {
    "contacts": cx_sales.ContactSettings().profile("").left.removal,
    "meetings": cx_sales.MeetingSettings().profile("").left.removal,
    "tasks": cx_sales.TaskSettings().profile("").left.removal,
}

TABLES: dict[str, str] = {
    "benchmark_targets": figures(kept("results")),
    "benchmark_machine": kept("sizes")["machine"],
    "benchmark_rounds": str(kept("sizes")["rounds"]),
    "benchmark_sizes": sizes(kept("sizes")),
    "benchmark_peers": peers(kept("peers")["figures"], "F2"),
    "benchmark_peers_recurrences": peers(kept("peers")["recurrences"], "dateutil's reading"),
    "cx_sales_searches": searches(),
    "cx_sales_search_fields": table(
        ("kind", "fields"),
        (
            (kind, ", ".join(f"`{name}`" for name in exposed))
            for kind, exposed in (
                ("contacts", cx_sales.PEOPLE),
                ("meetings", cx_sales.MEETINGS),
                ("tasks", cx_sales.TASKS),
            )
        ),
    ),
    "cx_sales_contact_fields": fields(cx_sales.CONTACT_RULES, "Outlook", "CRM"),
    "cx_sales_meeting_fields": fields(
        cx_sales.meeting_rules(CrmTimes("UTC", MAXIMIZER_APPOINTMENTS)), "Outlook", "CRM"
    ),
    "cx_sales_task_fields": fields(cx_sales.task_rules(LocalDays.of("UTC")), "To Do", "CRM"),
    "cx_sales_removals": removals(_CX_SIDES),
    "cx_sales_contact_settings": settings(cx_sales.ContactSettings),
    "cx_sales_meeting_settings": settings(cx_sales.MeetingSettings),
    "cx_sales_task_settings": settings(cx_sales.TaskSettings),
    "units": choices(Unit),
    "maximizer_contact_settings": settings(maximizer.ContactSettings),
    "maximizer_appointment_settings": settings(maximizer.AppointmentSettings),
    "maximizer_task_settings": settings(maximizer.TaskSettings),
    "linkpoint_mail_settings": settings(linkpoint.MailSettings),
    "maximizer_mail_settings": settings(maximizer.MailSettings),
    "highlevel_mail_settings": settings(highlevel.MailSettings),
    "zynsync_calendar_settings": settings(zynsync.CalendarSettings),
    **{f"{name}_mail_fields": fields(one.profile.mapping, "message", "activity") for name, one in _MAIL.items()},
    **{f"{name}_mail_rules": chain(one.selection.rules) for name, one in _MAIL.items()},
    **{
        f"{name}_mail_removals": removals({"mailbox": one.profile.left.removal, "CRM": one.profile.right.removal})
        for name, one in _MAIL.items()
    },
    "maximizer_task_fields": fields(_TASKS.mapping, "To Do", "CRM"),
    "maximizer_task_removals": removals(_TASK_SIDES),
    "maximizer_task_statuses": table(
        ("To Do", "the CRM's status"), ((f"`{status}`", name) for status, name in maximizer.STATUSES.items())
    ),
    "maximizer_task_priorities": table(
        ("To Do", "the CRM's priority"), ((f"`{one}`", name) for one, name in maximizer.PRIORITIES.items())
    ),
    "change_table": "\n".join(as_markdown()),
    "removal_actions": choices(RemovalAction),
    "removal_policies": removals(_BOTH),
    "winners": choices(Winner),
    "loser_fates": choices(LoserFate),
    "merge_policies": choices(MergePolicy),
    "duplicates": choices(Duplicates),
    "create_safety": choices(CreateSafety),
    "guards": guards({"default": Guards(), "Maximizer contacts": _PROFILE.guards}),
    "error_codes": error_codes(),
    "reasons": table(("code", "in words"), ((f"`{code}`", said) for code, said in WORDS.items())),
    "maximizer_appointment_fields": fields(
        maximizer.appointment_rules("", "UTC", maximizer.AppointmentTable()), "Outlook", "CRM"
    ),
    "zynsync_calendar_fields": fields(
        zynsync.calendar_rules(zynsync.Company(""), "UTC", zynsync.CalendarTable()), "Outlook", "CRM"
    ),
    "maximizer_contact_fields": fields(maximizer.CONTACT_RULES, "Outlook", "CRM"),
    "maximizer_contact_phones": table(
        ("place", "Outlook", "labels in the CRM (the first is given to a new number)"),
        zip(
            ("mobile", "first business", "second business", "home"),
            ("`mobile_phone`", "`business_phones`, first", "`business_phones`, second", "`home_phones`, first"),
            (", ".join(labels) for labels in maximizer.PHONE_LABELS),
            strict=True,
        ),
    ),
    "csv_contact_exports": exports(CONTACT_EXPORTS),
    "csv_entry_exports": exports(ENTRY_EXPORTS),
    "graph_differences": table(("difference", "what it means"), ((f"`{one.name}`", one.meaning) for one in Difference)),
    "graph_errors": table(
        ("error", "status", "or a code (in any case)"),
        (
            (f"`{row.means.__name__}`", ", ".join(map(str, sorted(row.statuses))), ", ".join(sorted(row.codes)))
            for row in ERRORS
        ),
    ),
    "graph_outcomes": table(
        ("outcome", "status", "or a code (in any case)"),
        (
            (f"`Status.{row.means.name}`", ", ".join(map(str, sorted(row.statuses))), ", ".join(sorted(row.codes)))
            for row in OUTCOMES
        ),
    ),
}
TABLES |= {
    f"behaviours_{area.lower().replace('-', '_')}": table(("id", "what holds", "test"), rows)
    for area, rows in rows_by_area().items()
}
"""Every table that a page may insert, by the name that it uses."""
