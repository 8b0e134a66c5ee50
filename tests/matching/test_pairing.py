"""Who belongs to whom: one to one, or ambiguous and left alone."""

from tallystick.matching import index_keys
from tallystick.matching.pairing import pair


def test_who_shares_keys_with_two_is_nobodys_partner() -> None:
    """A record that one of its keys leads to one and another key to another is ambiguous, and so are those two."""
    one, two = index_keys([("a", ["1", "2"]), ("b", ["3"])]), index_keys([("x", ["1"]), ("y", ["2"]), ("z", ["3"])])
    alone, both = {"a": ("x", "y")}, {"x": ("a",), "y": ("a",)}

    assert (pair(one, two).pairs, pair(one, two).ambiguous) == ([("b", "z")], (alone, both))
    assert (pair(two, one).pairs, pair(two, one).ambiguous) == ([("z", "b")], (both, alone))
