"""A TZID stands for the zone that its name or definition says, and a zone is written with a definition that holds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tallystick.codecs.icalendar.component import Component, parse_one
from tallystick.codecs.icalendar.zone_matching import matching_zone, onsets
from tallystick.codecs.icalendar.zone_writing import zone_definition
from tallystick.codecs.icalendar.zones import CalendarZones, zones_in
from tallystick.recurrence import UnknownZone
from tallystick.recurrence.windows_zones import WINDOWS_ZONES
from tests.codecs.icalendar.samples import crlf

ALL_ZONES = sorted({zone for text in WINDOWS_ZONES.values() for row in text.split(";") for zone in row.split()[1:]})
SAMPLED = (*ALL_ZONES[::30], "Africa/Casablanca", "Europe/Dublin", "Asia/Jerusalem", "Pacific/Apia", "Africa/Monrovia")


def definition(*observances: str, tzid: str = "Home", more: str = "") -> Component:
    """Return a VTIMEZONE of observances given as ``STANDARD +0200 +0100 19961027T030000 RRULE:...``."""
    parts = []
    for one in observances:
        name, before, after, start, *rest = one.split(" ")
        lines = (f"BEGIN:{name}", f"DTSTART:{start}", *rest, f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}")
        parts += [*lines, f"END:{name}"]
    text = "\n".join(["BEGIN:VTIMEZONE", f"TZID:{tzid}", *([more] if more else []), *parts, "END:VTIMEZONE", ""])
    return parse_one(crlf(text).decode())


BERLIN = (
    "STANDARD +0200 +0100 16011028T030000 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "DAYLIGHT +0100 +0200 16010325T020000 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
)
NEW_YORK = (
    "STANDARD -0400 -0500 20071104T020000 RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    "DAYLIGHT -0500 -0400 20070311T020000 RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
)


def offsets_differ(zone: str, found: Component, years: range) -> list[datetime]:
    """Return the days of these years on which a definition has another offset than the zone."""
    given = onsets(found, years[0], years[-1])
    differing = []
    moment = datetime(years[0], 1, 1, 12, tzinfo=UTC)
    place = 0
    offset = given[0].before
    while moment.year in years:
        while place < len(given) and given[place].at <= moment:
            offset = given[place].after
            place += 1
        if moment.astimezone(ZoneInfo(zone)).utcoffset() != offset:
            differing.append(moment)
        moment += timedelta(days=1)
    return differing


@pytest.mark.parametrize("zone", SAMPLED)
def test_a_definition_has_the_clocks_of_its_zone(zone: str) -> None:
    """The definition that is written for a zone has its offset on every day from 1970 to 2060."""
    assert offsets_differ(zone, zone_definition(zone, 2026, "\r\n"), range(1970, 2061)) == []


@pytest.mark.soak
@pytest.mark.parametrize("zone", ALL_ZONES)
def test_every_definition_has_the_clocks_of_its_zone(zone: str) -> None:
    """The same for every zone, and to 2098."""
    assert offsets_differ(zone, zone_definition(zone, 1950, "\r\n"), range(1950, 2099)) == []


def test_a_definition_is_short() -> None:
    """Rules are yearly rules; the first holds what was before them, and later ones go on for ever."""
    text = zone_definition("Europe/Berlin", 2026, "\r\n", "Home").text
    assert text.startswith("BEGIN:VTIMEZONE\r\nTZID:Home\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n")
    assert "DTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n" in text
    assert "TZNAME:CEST" in text
    assert len(text) < 1000


MATCHES: dict[str, tuple[Component, str | None]] = {
    "by-city": (definition(*BERLIN, tzid="(UTC+01:00) Amsterdam, Berlin, Bern, Rom"), "Europe/Berlin"),
    "by-rule": (definition(*BERLIN, tzid="Customized Time Zone"), "Europe/Budapest"),
    "new-york": (definition(*NEW_YORK), "America/New_York"),
    "half-hours": (definition("STANDARD +0530 +0530 19700101T000000"), "Asia/Kolkata"),
    "fixed": (definition("STANDARD +0300 +0300 19700101T000000"), "Etc/GMT-3"),
    "utc": (definition("STANDARD +0000 +0000 19700101T000000"), "UTC"),
    "no-such-zone": (definition("STANDARD +0700 +0731 19700101T000000"), None),
    "no-summer": (definition(*BERLIN[:1]), "Etc/GMT-1"),
    "empty": (definition(), None),
    "no-offset": (definition("STANDARD +02 +0100 19700101T000000"), None),
    "day": (definition("STANDARD +0200 +0100 19700101"), None),
    "utc-start": (definition("STANDARD +0200 +0100 19700101T000000Z"), None),
    "each-second": (definition("STANDARD +0200 +0100 19700101T000000 RRULE:FREQ=SECONDLY"), None),
    "each-day": (definition("STANDARD +0200 +0100 16010101T000000 RRULE:FREQ=DAILY"), None),
    "no-rule": (definition("STANDARD +0200 +0100 19700101T000000 RRULE:FREQ=X"), None),
}


@pytest.mark.parametrize(("found", "zone"), MATCHES.values(), ids=MATCHES.keys())
def test_a_definition_tells_its_zone(found: Component, zone: str | None) -> None:
    """An unknown TZID is the zone whose clocks agree with the definition; none where none does or it makes no sense."""
    assert matching_zone(found, 2026, 2026) == zone


def test_definitions_agree_in_the_years_of_their_use() -> None:
    """The rules of today are those of New York since 2007, and of no zone in 2005."""
    assert matching_zone(definition(*NEW_YORK), 2008, 2008) == "America/New_York"
    assert matching_zone(definition(*NEW_YORK), 2004, 2004) is None


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tehran"])
def test_what_is_written_is_recognised(zone: str) -> None:
    """A definition that this library wrote under any name is found to be a zone with the same clocks."""
    found = matching_zone(zone_definition(zone, 2026, "\r\n", "Home"), 2020, 2030)
    assert found is not None
    years = range(2020, 2031)
    assert offsets_differ(found, zone_definition(zone, 2026, "\r\n"), years) == []


def test_which_says_what_a_tzid_is() -> None:
    """An alias comes before a known name, that before the location in the definition, and that before its rules."""
    home = definition(*BERLIN, tzid="Home", more="X-LIC-LOCATION:Asia/Tokyo")
    named = definition(*NEW_YORK, tzid="Europe/Paris")
    odd = definition("STANDARD +0700 +0731 19700101T000000", tzid="Odd")
    used = "".join(
        f"DTSTART;TZID={tzid}:20260101T090000\n" for tzid in ("Home", "Europe/Paris", "Odd", "Alias", "None")
    )
    text = f"BEGIN:VCALENDAR\n{home.text}{named.text}{odd.text}BEGIN:VEVENT\n{used}END:VEVENT\nEND:VCALENDAR\n"
    calendar = parse_one(text)
    zones = zones_in([calendar], {"Alias": "Romance Standard Time"})
    assert zones.zone_of("Home", "x") == "Asia/Tokyo"
    assert zones.zone_of("Europe/Paris", "x") == "Europe/Paris"
    assert zones.zone_of("Alias", "x") == "Romance Standard Time"
    for unknown in ("Odd", "None"):
        with pytest.raises(UnknownZone, match="line 7, DTSTART: a TZID that is no known name"):
            zones.zone_of(unknown, "line 7, DTSTART")
    assert zones_in([calendar], {"Home": "Asia/Seoul"}).zone_of("Home", "x") == "Asia/Seoul"
    assert zones.tzid_of("Asia/Tokyo") == "Home"
    assert zones.tzid_of("Europe/Paris") == "Europe/Paris"
    assert zones.tzid_of("Pacific Standard Time") == "America/Los_Angeles"
    assert CalendarZones().zone_of("tzone://Microsoft/Utc", "x") == "tzone://Microsoft/Utc"
