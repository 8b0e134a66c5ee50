"""The index of match keys: who has a key, and which records are duplicates of each other."""

import pytest

from tallystick.errors import UsageError
from tallystick.matching import index_keys


def test_all_who_have_a_key_are_its_owners() -> None:
    """Of three records that share a key all three are found by it, once each; of a key that nobody has, nobody."""
    index = index_keys([("a", ["k"]), ("b", ["k", "k"]), ("c", ["other", "k"]), ("d", ["other"])])

    assert [list(index.owners(key)) for key in ("k", "other", "none")] == [["a", "b", "c"], ["c", "d"], []]


@pytest.mark.parametrize(
    ("keyed", "groups"),
    [
        ({"a": ["1"], "b": ["2"]}, []),
        ({"a": ["1"], "b": ["1"], "c": ["2"], "d": ["2"], "e": ["3"]}, [["a", "b"], ["c", "d"]]),
        ({"a": ["1"], "c": ["2"], "b": ["1", "2"], "d": ["3"], "e": ["3"]}, [["a", "b", "c"], ["d", "e"]]),
        ({"a": ["1", "2"], "b": ["1", "2"], "c": ["3", "4"], "d": ["4", "3"]}, [["a", "b"], ["c", "d"]]),
    ],
    ids=["none", "two groups", "a chain beside a pair", "two keys each"],
)
def test_duplicates_are_groups_of_those_who_share_keys(keyed: dict[str, list[str]], groups: list[list[str]]) -> None:
    """Records that share keys, by chains too, are one group; those of other keys are another, or none."""
    assert index_keys(keyed.items()).duplicates() == groups


def test_what_is_no_key_makes_nobody_the_same() -> None:
    """Records that lack a key, as an empty text or None, are found by their other keys alone, and are no duplicates."""
    index = index_keys([("a", ["", "k"]), ("b", [None, ""]), ("c", [None, "l"])])

    assert [list(index.owners(key)) for key in ("", None, "k", "l")] == [[], [], ["a"], ["c"]]
    assert index.duplicates() == []


def test_match_keys_that_are_a_text_are_refused() -> None:
    """Its letters would be the keys: what is said is what to give instead."""
    with pytest.raises(UsageError) as refused:
        index_keys([("a", ["k"]), ("b", "key")])
    assert str(refused.value) == "matcher: match keys that are a text -- give a list of keys, such as [key]"
