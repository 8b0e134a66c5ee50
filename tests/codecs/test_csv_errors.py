"""CSV files that cannot be read: what is said of them."""

import csv

import pytest

from tallystick.codecs.csv import contact_csv, entry_csv
from tallystick.codecs.csv.dialect import LONGEST_CELL
from tallystick.errors import InputError

SHORT = "First Name,Last Name,E-mail Address"


def complaint(text: str | bytes) -> str:
    """Return what is said of a contact file that cannot be read."""
    with pytest.raises(InputError) as caught:
        contact_csv().decode(text.encode() if isinstance(text, str) else text, "outlook.csv")
    return str(caught.value)


def test_a_missing_column_is_named() -> None:
    """A file without a mandatory column is refused with what is missing, what was found and what to do."""
    said = complaint("Vorname,Last Name,Company,E-mail Address\n")
    assert said.startswith("outlook.csv, line 1: no column 'First Name'; of 4 columns these are known: ")
    assert "Last Name, Company, E-mail Address" in said
    assert "header mapping" in said


def test_a_file_without_header_does_not_leak_its_first_line() -> None:
    """Where the header is missing, the first line is somebody's data, and no error repeats it."""
    assert "Ada" not in complaint("Ada,Byron,a@example.com\n")


def test_a_column_that_comes_twice_is_refused() -> None:
    """Two columns for one field are refused, whatever their names."""
    assert "columns 3 and 4 both stand for 'E-mail Address'" in complaint(f"{SHORT},e-mail address\n")
    assert "both stand for 'Business Country'" in complaint(f"{SHORT},Business Country,Business Country/Region\n")


def test_unknown_columns_may_come_twice() -> None:
    """Columns that nobody reads may have any name, or none, more than once."""
    sheet = contact_csv().decode(f"{SHORT},,,X,X\nAda,Byron,a@example.com,1,2,3,4\n".encode(), "outlook.csv")
    assert sheet.rows[0].record.surname == "Byron"


@pytest.mark.parametrize(("cells", "count"), [("Ada,Byron", 2), ("Ada,Byron,a@example.com,x", 4)])
def test_uneven_rows_are_refused(cells: str, count: int) -> None:
    """A row with too few or too many cells is named by its line in the file."""
    said = complaint(f'{SHORT}\n"multi\nline",x,y\n{cells}\n')
    assert said.startswith(f"outlook.csv, line 4: the row has {count} cells, and the header 3")


def test_a_header_without_end() -> None:
    """A first line of endless text is refused like any other cell that is too long."""
    assert complaint("x" * (LONGEST_CELL + 1)).startswith("outlook.csv, line 1: a cell is longer than 131,072")


def test_an_unclosed_quote_is_found_where_it_begins() -> None:
    """A quote that is never closed is reported at the line where its row begins."""
    said = complaint(f'{SHORT}\nAda,Byron,a@example.com\nBob,"Hill,b@example.com\nCid,Reed,c@example.com\n')
    assert said.startswith("outlook.csv, line 3: a quote is opened in this row and never closed")


def test_text_after_a_closing_quote_is_refused() -> None:
    """A quote in the middle of a quoted text must be doubled."""
    assert complaint(f'{SHORT}\n"Ada "the" Countess",Byron,\n').startswith("outlook.csv, line 2: a closing quote")


@pytest.mark.parametrize("limit", [131_072, 10_000_000])
def test_cells_have_a_limit(limit: int) -> None:
    """A cell beyond the limit is refused, also in a process that has lifted the reader's own."""
    before = csv.field_size_limit(limit)
    try:
        said = complaint(f"{SHORT}\nAda,Byron,{'x' * (LONGEST_CELL + 1)}\n")
        assert csv.field_size_limit() == limit
    finally:
        csv.field_size_limit(before)
    assert said.startswith("outlook.csv, line 2: a cell is longer than 131,072 characters")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    """A file without even a header is refused."""
    assert complaint(data).startswith("outlook.csv: the file is empty")


def test_an_invalid_kind_is_refused() -> None:
    """A word in the column Kind that means nothing is reported with line and column, and not repeated."""
    with pytest.raises(InputError) as caught:
        entry_csv().decode(b"Kind,First Name,Last Name,Email1\nindividual,A,B,\nPiglet,Ada,Byron,\n", "crm.csv")
    assert str(caught.value).startswith("crm.csv, line 3, column 'Kind': a kind of entry that is not known")
    assert "Piglet" not in str(caught.value)
    assert "Individual, Contact, Company" in str(caught.value)


def test_errors_never_hold_what_is_in_the_file() -> None:
    """No error about a row repeats anything that stands in it."""
    secret = "canary-4711"
    broken = [f"{SHORT}\n{secret},x\n", f'{SHORT}\n"{secret},x,y\n', f'{SHORT}\n"{secret}"z,x,y\n', f"{secret}\nx\n"]
    assert not any(secret in complaint(text) for text in broken)
