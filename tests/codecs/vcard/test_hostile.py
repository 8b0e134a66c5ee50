"""Whatever arrives as a file of cards is a document or an InputError, soon, without a word of its content."""

import random
import string
import time
from typing import Any

import attrs
import pytest

from tallystick.codecs.vcard import VcfCodec, VcfDocument, contact_vcf, entry_vcf
from tallystick.errors import InputError
from tallystick.records import Contact
from tests.codecs.vcard.test_vcf import CARDS
from tests.fuzzing import fuzzed

SLOWEST = 3.0
"""Seconds that one file may take on a busy machine; they take a few thousandths."""
MARK = "S3cretWord"
PIECES = (
    *("BEGIN:VCARD", "END:VCARD", "VERSION:3.0", "VERSION:4.0", "VERSION:2.1", "VERSION:", "UID:ada", "UID:", "N:;;;;"),
    *(
        f"N:{MARK}",
        f"FN:{MARK}",
        f"item1.EMAIL:{MARK}",
        "EMAIL;TYPE=",
        'EMAIL;TYPE="a,b":x',
        "TEL;PREF=1:",
        "TEL;VALUE=uri:x",
    ),
    *(
        "ADR:;;;;;;;;;;",
        "ADR:a\\;b\\,c\\\\",
        "ORG:;;",
        "BDAY:--1210",
        "BDAY:18151210",
        f"BDAY:{MARK}",
        "CATEGORIES:,,a\\,b",
    ),
    *(
        f"X-{MARK};A=1:x",
        MARK,
        "\\",
        " ",
        "\t x",
        "",
        ":",
        ";",
        "=:=",
        "KIND:group",
        "PHOTO:data:image/png;base64,AAAA",
    ),
)


def cards(rng: random.Random) -> bytes:
    """Return a file of cards: the sample, damaged, or cards that are nearly right."""
    if rng.random() < 0.3:
        bodies = ["\n".join(rng.choice(PIECES) for _ in range(rng.randrange(8))) for _ in range(rng.randrange(3))]
        text = "".join(f"BEGIN:VCARD\nVERSION:3.0\n{body}\nEND:VCARD\n" for body in bodies)
    else:
        text = CARDS
    data = bytearray(text.encode())
    for _ in range(rng.choice((0, 1, 1, 3, 9))):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            del data[place : place + rng.choice((1, 2, 40))]
        elif kind == 1:
            data[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 1, 4))))
        elif kind == 2:
            data[place:place] = rng.choice(string.punctuation + "\r\n\t 09Z").encode() * rng.choice((1, 1, 200))
        else:
            lines = bytes(data).splitlines(keepends=True)
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(PIECES).encode() + b"\n")
            data[:] = b"".join(lines)
    return bytes(data)


def use(document: VcfDocument[Contact], data: bytes) -> None:
    """Write a file back, as it is and with every card changed; what is written is what is read."""
    assert document.encode(document.rows) == data or not all(row.stored for row in document.rows)
    rows = []
    for row in document.rows:
        record = attrs.evolve(row.record, job_title="x")
        may = document.refusal(row, record, row.lists) == ""
        rows.append(document.amend(row, record, row.lists) if may else row)
    again = contact_vcf().decode(document.encode(rows), "again.vcf")
    assert [one.record for one in again.rows] == [one.record for one in rows]


def decoded(codec: VcfCodec[Any], data: bytes) -> VcfDocument[Any] | InputError:
    """Return what a file is read as, or why it is not."""
    try:
        return codec.decode(data, "work.vcf")
    except InputError as error:
        return error


def feed(seeds: range) -> int:
    """Read the files of some seeds; return how many were understood, and used."""
    understood, contacts = 0, contact_vcf()
    for seed in seeds:
        data = cards(random.Random(seed))
        began = time.process_time()
        for codec in (contacts, entry_vcf()):
            read = decoded(codec, data)
            if isinstance(read, InputError):
                assert read.where.startswith("work.vcf")
                assert read.what
                assert read.remedy
                assert MARK not in str(read)
            else:
                understood += 1
                if codec is contacts:
                    use(read, data)
        assert time.process_time() - began < SLOWEST
    return understood


def test_hostile_cards() -> None:
    """Hundreds of damaged files raise nothing but errors of input, and those that are read can be written."""
    assert feed(range(300)) > 60


@pytest.mark.fuzz
def test_hostile_cards_for_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for as long as ``nox -s fuzz`` allows, which prints how many files were tried."""
    tries = fuzzed(feed, "files of cards", capsys)

    assert tries.understood > tries.tried / 10


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCARD\r\n" * 100_000,
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nX" + b";A" * 300_000,
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + b"\r\n y" * 200_000 + b"\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:" + b";" * 300_000 + b"\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + b"EMAIL:a@example.com\r\n" * 20_000 + b"END:VCARD\r\n",
        b"\r" * 1_000_000,
    ],
    ids=["nested", "parameters", "folds", "parts", "addresses", "ends"],
)
def test_long_cards_are_read_soon(data: bytes) -> None:
    """A long card is read, or refused, in time that grows with its length alone."""
    began = time.process_time()
    read = decoded(contact_vcf(), data)
    assert isinstance(read, VcfDocument) or read.remedy
    assert time.process_time() - began < SLOWEST * 3
