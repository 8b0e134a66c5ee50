"""Birthdays in CSV files, which come in the order of the exporting machine's region."""

from datetime import date

import attrs
import pytest

from tallystick.codecs.csv import HeaderMap, contact_csv
from tallystick.codecs.csv.dates import detect_dates
from tallystick.errors import InputError

DAY = date(1980, 1, 31)


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (["1980-01-31"], DAY),
        (["1980-01-31T00:00:00Z"], DAY),
        (["31.01.1980"], DAY),
        (["1/31/1980"], DAY),
        (["31/1/1980"], DAY),
        (["1-31-1980"], DAY),
        (["1/2/1980", "1/31/1980"], date(1980, 1, 2)),
        (["1/2/1980", "31/1/1980"], date(1980, 2, 1)),
        (["1/2/1980"], None),
        (["1/31/1980", "31/1/1980"], None),
        (["1/31/80"], None),
        (["31.02.1980"], None),
        (["0/0/00"], None),
        (["soon"], None),
        ([""], None),
    ],
)
def test_dates_are_read_if_they_can_be_told(column: list[str], read: date | None) -> None:
    """A date is read in the only order that fits the whole column, and not at all where two do."""
    assert detect_dates(column).read(column[0]) == read


@pytest.mark.parametrize(("order", "read"), [("mdy", date(1980, 1, 2)), ("dmy", date(1980, 2, 1)), ("ymd", None)])
def test_the_order_can_be_told(order: str, read: date | None) -> None:
    """A header mapping can say in which order the file writes its dates."""
    assert detect_dates(["1/2/1980"], order).read("1/2/1980") == read


def test_an_order_that_is_none() -> None:
    """An order of dates that does not exist is refused."""
    with pytest.raises(InputError, match="ymd, mdy, dmy"):
        detect_dates([], "yyy")


@pytest.mark.parametrize(
    ("present", "written"),
    [("1/31/1980", "2/1/1990"), ("31/1/1980", "1/2/1990"), ("31.01.1980", "01.02.1990"), ("1980-01-31", "1990-02-01")],
)
def test_dates_are_written_as_the_file_does(present: str, written: str) -> None:
    """A changed birthday is written in the order and with the separators of the file."""
    text = f"First Name,Last Name,E-mail Address,Birthday,Tallystick ID\nAda,Byron,,{present},7\n"
    sheet = contact_csv().decode(text.encode(), "outlook.csv")
    assert sheet.rows[0].record.birthday == DAY
    changed = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, birthday=date(1990, 2, 1)), ())
    assert sheet.encode([changed]).decode() == text.replace(present, written)
    assert changed.record.birthday == date(1990, 2, 1)
    cleared = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, birthday=None), ())
    assert sheet.encode([cleared]).decode() == text.replace(present, "")


def test_a_date_that_was_not_read_is_not_lost() -> None:
    """Nothing is written over a birthday that could not be read; other fields of the contact may change."""
    text = "First Name,Last Name,E-mail Address,Birthday,Tallystick ID\nAda,Byron,,1/2/1980,7\n"
    sheet = contact_csv().decode(text.encode(), "outlook.csv")
    row = sheet.rows[0]
    assert row.record.birthday is None
    assert sheet.refusal(row, attrs.evolve(row.record, birthday=DAY), ()) == "unread:birthday"
    other = attrs.evolve(row.record, surname="King")
    assert sheet.refusal(row, other, ()) == ""
    assert sheet.encode([sheet.amend(row, other, ())]).decode() == text.replace("Byron", "King")
    told = contact_csv(HeaderMap(dates="dmy")).decode(text.encode(), "outlook.csv")
    assert told.refusal(told.rows[0], attrs.evolve(row.record, birthday=DAY), ()) == ""
    zeros = contact_csv().decode(text.replace("1/2/1980", "0/0/00").encode(), "outlook.csv")
    assert zeros.refusal(zeros.rows[0], attrs.evolve(row.record, birthday=DAY), ()) == ""
