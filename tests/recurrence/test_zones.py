"""Zones are known by their Windows and their IANA names, and one name is never silently another zone."""

import zoneinfo
from importlib import import_module

import pytest

from tallystick.recurrence import (
    UnknownZone,
    canonical_zone,
    iana_zone,
    is_known_zone,
    keep_name,
    same_zone,
    windows_zone,
)
from tallystick.recurrence.windows_zones import WINDOWS_ZONES
from tallystick.recurrence.zone_aliases import ZONE_ALIASES
from tallystick.recurrence.zones import zone_rules
from tests.oracles import node_modules
from tests.recurrence import zone_table


@pytest.mark.behaviour("MX-A-09")
@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("pacific  standard time ", "America/Los_Angeles"),
        ("Europe/Paris", "Europe/Paris"),
        ("EUROPE/PARIS", "Europe/Paris"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("India Standard Time", "Asia/Kolkata"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Coordinated Universal Time", "UTC"),
        ("EST5EDT", "EST5EDT"),
        ("UTC-11", "Etc/GMT+11"),
        ("Alberta Standard Time", "America/Edmonton"),
        ("Antarctica/Troll", "Antarctica/Troll"),
        ("/vendor.example/20260101_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/vendor.example/Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_name_of_either_vocabulary(name: str, iana: str) -> None:
    """A zone is found by its Windows or IANA name, in any case, by old names, and inside identifiers of programs."""
    assert iana == iana_zone(name)
    assert zone_rules(name).key == iana


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "tzone://Microsoft/Custom",
        "Customized Time Zone",
        "UTC+8",
        "GMT+0200",
        "+01:00",
        "中国标准时间",
        "localtime",
        "posixrules",
        "right/Europe/Paris",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe",
        "Europe/Paris\x00",
        "/Europe/Paris/x",
        "x" * 100_000,
    ],
    ids=lambda name: repr(name[:30]),
)
def test_a_name_that_nobody_knows(name: str) -> None:
    """An empty, localised, home-made or hostile name is refused, and an offset is not taken for a zone."""
    with pytest.raises(UnknownZone) as caught:
        iana_zone(name)

    assert not is_known_zone(name)
    assert caught.value.remedy
    assert not name.strip() or name not in str(caught.value)


def test_aliases_and_territories() -> None:
    """A host names localised zones itself, and a country chooses among the zones of a Windows name."""
    aliases = {"中国标准时间": "China Standard Time"}

    assert iana_zone("中国标准时间", aliases=aliases) == "Asia/Shanghai"
    assert is_known_zone("中国标准时间", aliases=aliases)
    assert iana_zone("Romance Standard Time", territory="es") == "Europe/Madrid"
    assert iana_zone("Romance Standard Time", territory="XX") == "Europe/Paris"
    assert iana_zone("Europe/Berlin", territory="ES") == "Europe/Berlin"


def test_back_to_windows() -> None:
    """Each IANA name has one Windows name, old names the same as new ones; a few have none."""
    assert windows_zone("Europe/Madrid") == "Romance Standard Time"
    assert windows_zone("Asia/Calcutta") == windows_zone("Asia/Kolkata") == "India Standard Time"
    assert windows_zone("romance standard time") == "Romance Standard Time"
    with pytest.raises(UnknownZone, match="no Windows name"):
        windows_zone("Antarctica/Troll")


def test_a_name_is_kept_while_the_zone_is_the_same() -> None:
    """A mailbox that answers with another name of the same zone changes nothing; another zone does."""
    assert keep_name("Europe/Madrid", "Romance Standard Time") == "Europe/Madrid"
    assert keep_name("Europe/Madrid", "Tokyo Standard Time") == "Tokyo Standard Time"
    assert keep_name(None, "UTC") == "UTC"
    assert keep_name("UTC", None) is None
    assert same_zone("Home-made", "Home-made")
    assert not same_zone("Home-made", "UTC")
    assert canonical_zone("Europe/Kyiv") == canonical_zone("Europe/Kiev") == canonical_zone("FLE Standard Time")
    assert canonical_zone("Antarctica/Troll") == "Antarctica/Troll"


def test_every_name_of_the_table_is_a_zone() -> None:
    """Each zone of the table can be loaded, and leads back to its Windows name."""
    for windows, text in WINDOWS_ZONES.items():
        for row in text.split(";"):
            territory, *names = row.split()
            assert iana_zone(windows, territory=None if territory == "001" else territory) == names[0]
            for name in names:
                assert zoneinfo.ZoneInfo(name)
                assert windows_zone(name) == windows
    for old, new in ZONE_ALIASES.items():
        assert same_zone(old, new)


def test_every_zone_of_this_machine_is_known() -> None:
    """Each zone that Python knows here, but for those that depend on the machine, is found by its name."""
    names = {name for name in zoneinfo.available_timezones() if name not in ("localtime", "Factory")}

    assert set() == {name for name in names if not is_known_zone(name)}


@pytest.mark.oracle
def test_the_tables_are_current() -> None:
    """The tables say what the CLDR's packages say."""
    assert zone_table.differences(node_modules("cldr-core", "cldr-bcp47")) == []


@pytest.mark.oracle
def test_tzlocal_agrees() -> None:
    """The default zone of each Windows name is the one that tzlocal has."""
    tables = import_module("tzlocal.windows_tz")

    assert {name: zone for name, zone in tables.win_tz.items() if not same_zone(name, zone)} == {}
