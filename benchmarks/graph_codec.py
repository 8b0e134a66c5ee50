"""Time the decoding of a listing of Graph's contacts against ``json.loads`` of the same text, in one process.

A made-up listing with the keys that the service sends; half of the contacts have little in them, half have much.
Decoding is reading the text with its caps and making a record of every contact. Floor and subject are measured in turn,
so that a busy machine slows both alike; the ratio is the median of the rounds' own. Times are CPU seconds.

    python benchmarks/graph_codec.py --contacts 20000 --rounds 7 --limit 2.5
"""

import argparse
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable

from tallystick.codecs.graph import CONTACTS, read_json

NAMES = ("Ada", "Grace", "Zoë", "Jürgen", "Søren", "Chen")
NOTHING = (
    "middleName title yomiGivenName yomiSurname yomiCompanyName generation profession assistantName manager spouseName "
    "initials businessHomePage officeLocation department mobilePhone jobTitle personalNotes nickName companyName"
)


def contact(number: int, rng: random.Random) -> dict[str, object]:
    """Return one contact with every key that the service sends."""
    given, code = rng.choice(NAMES), f"{rng.getrandbits(128):032x}"
    found: dict[str, object] = {
        "@odata.etag": f'W/"{code}"',
        "id": f"AAMkAGI2{code * 3}AAA=",
        "createdDateTime": "2025-10-19T23:08:24Z",
        "lastModifiedDateTime": "2025-10-19T23:08:24Z",
        "changeKey": code,
        "categories": ["Clients"],
        "parentFolderId": f"AAMkAGI2{code}AAEOAAA=",
        "birthday": None,
        "fileAs": f"{number}, {given}",
        "displayName": f"{given} {number}",
        "givenName": given,
        "surname": str(number),
        **dict.fromkeys(NOTHING.split(" ")),
        "emailAddresses": [{"name": given, "address": f"{given.lower()}{number}@example.com"}],
        "imAddresses": [],
        "homePhones": [],
        "businessPhones": [f"+1 555 {number:07d}"],
        "homeAddress": {},
        "businessAddress": {},
        "otherAddress": {},
        "children": [],
    }
    if number % 2:
        found.update(
            birthday="1974-07-22T11:59:00Z",
            companyName="Example, Inc.",
            jobTitle="Engineer",
            department="Research & Development",
            officeLocation="20/1101",
            personalNotes="met at the fair\r\nlikes trains",
            mobilePhone="+1 555 0000000",
            businessAddress={
                "street": "10 Example Way",
                "city": "Redmond",
                "state": "WA",
                "countryOrRegion": "USA",
                "postalCode": "98075",
            },
        )
    return found


def decoded(text: bytes) -> object:
    """Decode the listing."""
    rows = read_json(text)["value"]
    return [CONTACTS.read(row) for row in rows] if isinstance(rows, list) else None


def seconds(work: Callable[[bytes], object], text: bytes) -> float:
    """Return the CPU time of one call, with garbage collected before and not within."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    kept = work(text)
    spent = time.process_time() - start
    gc.enable()
    del kept
    return spent


def main() -> int:
    """Measure, print, and return 1 where the limit is exceeded."""
    options = argparse.ArgumentParser(description="Time the decoding of contacts.")
    options.add_argument("--contacts", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--limit", type=float, default=2.5)
    given = options.parse_args()
    rng = random.Random(1)
    rows = [contact(number, rng) for number in range(given.contacts)]
    text = json.dumps({"value": rows}, ensure_ascii=False).encode()
    pairs = [(seconds(json.loads, text), seconds(decoded, text)) for _ in range(given.rounds)]
    floor, subject = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(subject / floor for floor, subject in pairs)
    print(f"{given.contacts:,} contacts, {len(text):,} bytes, {given.rounds} rounds")
    print(f"json.loads {floor:.3f} s, decoding {subject:.3f} s: {ratio:.2f} times, limit {given.limit}")
    return int(ratio > given.limit)


if __name__ == "__main__":
    sys.exit(main())
