"""Every promised behaviour has a test that carries its id."""

import re
from pathlib import Path

PROMISED = {
    "CX": range(1, 11),
    "MX-O": range(1, 8),
    "MX-A": range(1, 17),
    "MX-C": range(1, 22),
    "MX-E": range(1, 8),
    "MX-T": range(1, 15),
    "ZS": range(1, 17),
    "LP": range(1, 17),
    "HL": range(1, 10),
    "TS": range(1, 21),
}


def test_every_promised_behaviour_has_a_test() -> None:
    """Whoever looks for the proof of a behaviour finds it by its id."""
    marked = "".join(
        mark
        for path in Path(__file__).parents[1].rglob("test_*.py")
        for mark in re.findall(r"mark\.behaviour\(([^)]*)\)", path.read_text(encoding="utf-8"))
    )
    expected = {f"{area}-{number:02}" for area, numbers in PROMISED.items() for number in numbers}

    assert expected <= set(re.findall(r"[A-Z]+(?:-[A-Z])?-\d\d", marked))
