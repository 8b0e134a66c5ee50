"""Encodings: told, detected without doubt, or refused."""

import pytest

from tallystick.codecs.csv import contact_csv
from tallystick.codecs.encodings import Encoding, read_text
from tallystick.errors import InputError, SettingsError

HEADER = "First Name,Last Name,E-mail Address\n"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Zoë".encode(), "Zoë", Encoding("utf-8")),
        ("\ufeffZoë".encode(), "Zoë", Encoding("utf-8", b"\xef\xbb\xbf")),
        ("\ufeffZoë".encode("utf-16-le"), "Zoë", Encoding("utf-16-le", b"\xff\xfe")),
        ("\ufeffZoë".encode("utf-16-be"), "Zoë", Encoding("utf-16-be", b"\xfe\xff")),
        ("Zoë – €".encode("cp1252"), "Zoë – €", Encoding("cp1252", assumed=True)),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_what_a_file_says_itself(data: bytes, text: str, encoding: Encoding) -> None:
    """A byte order mark decides, then valid UTF-8, then Windows-1252 if nothing speaks against it."""
    assert read_text(data, "a.csv") == (text, encoding)


@pytest.mark.parametrize("told", ["cp1253", "Windows-1253", "CP1253"])
def test_what_the_caller_says(told: str) -> None:
    """An encoding that the caller names is taken, however it is spelled."""
    data = (HEADER + "Μαρία,Γεωργίου,m@example.com\n").encode("cp1253")
    assert contact_csv(encoding=told).decode(data, "a.csv").rows[0].record.given_name == "Μαρία"


def test_a_byte_order_mark_overrules_the_caller() -> None:
    """A file that says itself what it is needs no telling."""
    data = ("\ufeff" + HEADER + "Zoë,Groß,z@example.com\n").encode()
    assert contact_csv(encoding="cp1252").decode(data, "a.csv").rows[0].record.given_name == "Zoë"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Μαρία Γεωργίου", "cp1253"), ("Иван Петров", "cp1251"), ("Włodarczyk", "cp1250"), ("אברהם", "cp1255")],
    ids=["greek", "cyrillic", "polish", "hebrew"],
)
def test_other_regions_are_not_taken_for_western(name: str, encoding: str) -> None:
    """A file from another region is refused with a remedy, and not read as mangled names."""
    with pytest.raises(InputError, match=r"a.csv, line 3: .* -- save it as UTF-8, or name its encoding"):
        read_text((HEADER + f"Ada,Byron,\n{name},x,\n").encode(encoding), "a.csv")


def test_bytes_that_are_nothing() -> None:
    """Bytes that exist in no admissible encoding are reported with their line."""
    with pytest.raises(InputError, match=r"a\.csv, line 2: bytes that are no UTF-8 and no Windows-1252"):
        read_text(HEADER.encode() + b"Ada\x81,Byron,\n", "a.csv")
    with pytest.raises(InputError, match=r"a\.csv, line 1: bytes that are no utf-8"):
        read_text(b"\xef\xbb\xbfAda\xff", "a.csv")
    with pytest.raises(InputError, match=r"a\.csv, line 2: bytes that are no utf-16-le"):
        read_text(b"\xff\xfe" + "a\nb".encode("utf-16-le") + b"\x00", "a.csv")


def test_nul_characters() -> None:
    """A NUL character, as in UTF-16 without a byte order mark, is reported with its line."""
    with pytest.raises(InputError, match=r"a\.csv, line 2: a NUL character"):
        read_text(HEADER.encode() + b"Ada\0,Byron,\n", "a.csv")
    with pytest.raises(InputError, match=r"a\.csv, line 1: a NUL character, .* utf-16-le"):
        read_text(HEADER.encode("utf-16-le"), "a.csv")
    assert contact_csv(encoding="utf-16-le").decode(HEADER.encode("utf-16-le"), "a.csv").charset.name == "utf-16-le"


def test_an_encoding_that_is_not_known() -> None:
    """A caller who names an encoding that is none is told which there are."""
    with pytest.raises(SettingsError, match="name one of utf-8, utf-16-le"):
        contact_csv(encoding="klingon")


def test_a_central_european_name_that_ends_in_an_odd_letter_is_not_read_wrongly() -> None:
    """A file in another code page is refused, with what to do, also where the odd letter ends the word."""
    with pytest.raises(InputError, match="cp1250"):
        read_text("First Name,Last Name\r\nPaweł,Wójcik\r\n".encode("cp1250"), "contacts.csv")
