"""What a session of tests says at its end of what was simulated."""

from tests.counted import sums


def test_what_was_counted_is_added_up() -> None:
    """Figures of many tests become one line of what was simulated and one of the faults, most of them first."""
    told = [("simulated", {"runs": 900, "writes_sent": 2000}), ("faults", {"lost": 2}), ("simulated", {"runs": 200})]
    assert sums(told) == ["simulated: writes sent 2,000, runs 1,100", "faults: lost 2"]


def test_what_nobody_counted_has_no_line() -> None:
    """Tests that simulate without faults end without a line about faults; those that count nothing, without any."""
    assert sums([("simulated", {"runs": 1}), ("faults", {}), ("other", {"x": 1})]) == ["simulated: runs 1"]
    assert sums([]) == []
