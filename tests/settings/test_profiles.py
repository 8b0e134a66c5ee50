"""Every profile that is ready for use declares its settings, and is made from them."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

import attrs
import pytest

from tallystick.mail import Subscriptions
from tallystick.profiles import cx_sales, highlevel, linkpoint, maximizer, zynsync
from tallystick.reconcile import Hours, Profile
from tallystick.settings import Administration, Settings, SettingsKind, declared
from tallystick.settings.documents import written

COMPANY = zynsync.Company("u1")
MAKERS: Mapping[type[SettingsKind], Callable[[Any], Profile[Any, Any]]] = {
    maximizer.ContactSettings: lambda settings: settings.profile(),
    maximizer.AppointmentSettings: lambda settings: settings.profile("u1"),
    maximizer.TaskSettings: lambda settings: settings.profile(),
    maximizer.MailSettings: lambda settings: maximizer.mail("ada@example.com", Subscriptions(), settings).profile,
    highlevel.MailSettings: lambda settings: highlevel.mail(None, settings).profile,
    linkpoint.MailSettings: lambda settings: linkpoint.mail("ada@example.com", settings).profile,
    zynsync.CalendarSettings: lambda settings: settings.profile(COMPANY),
    cx_sales.ContactSettings: lambda settings: settings.profile("u1"),
    cx_sales.MeetingSettings: lambda settings: settings.profile("u1"),
    cx_sales.TaskSettings: lambda settings: settings.profile("u1"),
}
OTHERS: Mapping[str, object] = {
    "category": "Others",
    "favourite_list": "Prospects",
    "zone": "Asia/Tokyo",
    "since": date(2026, 3, 1),
    "ways": "to the CRM",
    "from_mailbox": "with invitee",
    "from_crm": "with person",
    "capacity": 17,
    "mode": "all",
    "look_back": 3,
    "most_per_run": 5,
    "folders": ("archive",),
    "activity_type": "Call",
    "crm_category": "Seen",
    "excluding_category": "Private",
    "smart": linkpoint.SmartAddresses("record@crm.example"),
    "reply_to": "any sent",
    "reply_within": timedelta(days=3),
    "search": cx_sales.SavedSearch("Another"),
    "resolution": "you decide",
    "days_back": 3,
    "days_ahead": 4,
    "days_after_reminder": 5,
    "overdue": timedelta(days=3),
    "interval": timedelta(hours=7),
    "hours": Hours(start=time(8), end=time(18)),
}
"""Another value for each setting; those that are true or false take the other one."""


def other(kind: type[SettingsKind], name: str) -> object:
    """Return another value than the default."""
    default = declared(kind)[name].default
    return not default if isinstance(default, bool) else OTHERS[name]


CHANGES = [(kind, name) for kind in MAKERS for name in declared(kind)]


@pytest.mark.behaviour("MX-O-03")
@pytest.mark.parametrize(("kind", "name"), CHANGES, ids=lambda one: one if isinstance(one, str) else one.name)
def test_what_is_declared_to_decide_the_extent_does_and_nothing_else(kind: type[SettingsKind], name: str) -> None:
    """The fingerprint moves exactly where the next run is a fresh initial one."""
    before, after = kind(), kind(**{name: other(kind, name)})
    extents = [[side.extent for side in MAKERS[kind](settings).sides] for settings in (before, after)]
    moved = Settings(kind).fingerprint != Settings(kind, {name: other(kind, name)}).fingerprint

    assert (extents[0] != extents[1]) is moved is declared(kind)[name].extent


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.name)
def test_the_schedule_of_the_settings_is_the_profiles(kind: type[SettingsKind]) -> None:
    """Interval and hours come from the settings, and the profile bears the name of their documents."""
    profile = MAKERS[kind](Settings(kind, {name: OTHERS[name] for name in ("interval", "hours")}).value)

    assert (profile.name, profile.interval, profile.hours) == (kind.name, OTHERS["interval"], OTHERS["hours"])


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.name)
def test_an_administrator_may_set_and_lock_any_of_them(kind: type[SettingsKind]) -> None:
    """Every setting goes through JSON as an administrator's default, and holds for a user who cannot change it."""
    defaults = {name: other(kind, name) for name in declared(kind)}
    administration = Administration(kind, written(kind, Administration(kind, defaults).defaults)).locks(*defaults)
    settings = Settings(kind, administration=Administration.from_json(kind, administration.to_json()))

    assert attrs.asdict(settings.value, recurse=False) == {**administration.defaults}
    assert all(row.locked and row.words for row in settings.shown())


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (maximizer.contacts, maximizer.ContactSettings),
        (maximizer.appointments, maximizer.AppointmentSettings),
        (maximizer.tasks, maximizer.TaskSettings),
        (zynsync.calendar, zynsync.CalendarSettings),
    ],
    ids=lambda one: getattr(one, "name", None) or one.__name__,
)
def test_the_short_way_has_the_same_defaults(make: Callable[..., object], kind: type[SettingsKind]) -> None:
    """A profile that is made by its function without a choice is that of the settings without a choice."""
    given = {name: one.default for name, one in inspect.signature(make).parameters.items()}
    known = declared(kind)

    assert {name for name in given if name in known} >= {"interval"}
    assert {name: default for name, default in given.items() if name in known} == {
        name: one.default for name, one in known.items() if name in given
    }
