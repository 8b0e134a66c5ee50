"""Provide generated calendars: notes, and files as other programs might have written them."""

from datetime import timedelta

import attrs
from hypothesis import strategies as st

from tallystick.codecs.icalendar import CalendarUser
from tallystick.codecs.icalendar.lines import fold
from tallystick.recurrence import Cancelled, Changed, Moved, OccurrenceException, Series, Start, WallTime
from tests.codecs.icalendar.notes import Note
from tests.recurrence.strategies import expressible_rules, starts

LETTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n,;:\\"^ ')
TEXTS = st.text(LETTERS, max_size=90)
WORDS = st.text(LETTERS, max_size=12).map(str.split).map(" ".join)
ADDRESSES = st.from_regex(r"[a-z]{1,8}@example\.com", fullmatch=True)
USERS = st.builds(
    CalendarUser,
    ADDRESSES,
    WORDS,
    st.sampled_from(["", "ACCEPTED", "NEEDS-ACTION"]),
    st.sampled_from(["", "CHAIR", "OPT-PARTICIPANT"]),
    rsvp=st.booleans(),
)


def later(start: Start, days: int) -> Start:
    """Return the same time so many days later."""
    if isinstance(start, WallTime):
        return WallTime(start.local + timedelta(days=days), start.zone)
    return start + timedelta(days=days)


@st.composite
def series(draw: st.DrawFn) -> Series:
    """Return a series with a rule or none, and a few exceptions."""
    start = draw(starts)
    exceptions: list[OccurrenceException] = []
    for week in range(draw(st.integers(0, 3))):
        original = later(start, 7 * week)
        kinds: list[OccurrenceException] = [Cancelled(original), Changed(original), Moved(original, later(original, 1))]
        exceptions.append(draw(st.sampled_from(kinds)))
    ruled = bool(exceptions) or draw(st.booleans())
    return Series(start, (draw(expressible_rules()),) if ruled else (), exceptions=tuple(exceptions))


NOTES = st.builds(
    Note,
    TEXTS,
    TEXTS,
    TEXTS,
    st.none() | st.integers(0, 9),
    series(),
    st.lists(USERS, max_size=3, unique_by=lambda user: user.address).map(tuple),
    st.none() | st.integers(0, 10**6),
    st.lists(WORDS.filter(bool), max_size=3, unique=True).map(tuple),
)


@st.composite
def properties(draw: st.DrawFn) -> str:
    """Return a property that nobody knows, folded in some way."""
    name = draw(st.from_regex(r"X-[A-Z]{1,8}", fullmatch=True))
    parameter = draw(st.sampled_from(["", ";X-P=1", ';CN="a:b;c,d"', ";LANGUAGE=de", ";FMTTYPE=text/html"]))
    return f"{name}{parameter}:{draw(TEXTS)}".replace("\n", "\\n")


@st.composite
def foreign(draw: st.DrawFn) -> bytes:
    """Return a calendar of two events among what nobody knows, with odd folds, line ends and orders."""
    line_end = draw(st.sampled_from(["\r\n", "\n"]))
    lines = ["BEGIN:VCALENDAR", *draw(st.lists(properties(), max_size=2))]
    for uid in ("one", "two"):
        if draw(st.booleans()):
            lines += ["BEGIN:X-OTHER", *draw(st.lists(properties(), max_size=2)), "END:X-OTHER"]
        known = [
            f"UID:{uid}",
            "DTSTART;TZID=Europe/Paris:20260105T090000",
            "SUMMARY;LANGUAGE=fr:Bonjour",
            "LOCATION:\t",
        ]
        content = draw(st.permutations([*known, *draw(st.lists(properties(), max_size=4))]))
        alarm = ["BEGIN:VALARM", *draw(st.lists(properties(), max_size=2)), "END:VALARM"] * draw(st.integers(0, 1))
        lines += ["BEGIN:VEVENT", *content, *alarm, "END:VEVENT"]
    lines += [*draw(st.lists(properties(), max_size=1)), "END:VCALENDAR"]
    return "".join(draw(folded(line, line_end)) for line in lines).encode()


@st.composite
def folded(draw: st.DrawFn, line: str, line_end: str) -> str:
    """Return a line folded as RFC 5545 says, or somewhere else, with a tab."""
    cut = draw(st.integers(1, len(line)))
    if cut < len(line) and draw(st.booleans()):
        return f"{line[:cut]}{line_end}\t{line[cut:]}{line_end}"
    return fold(line, line_end)


def plain(note: Note) -> Note:
    """Return a note without the series, for comparing those with words of their own."""
    return attrs.evolve(note, series=Note().series)
