"""An e-mail address is one, or none, however it is written."""

import pytest

from tallystick.text import canonical_address

_LABEL = "b" * 63


@pytest.mark.parametrize(
    "address",
    [
        "a@b.c",
        "ada.lovelace+lists@mail.example-one.com",
        "o'hara@example.com",
        "1@2.3",
        "_a-@b--c.d",
        f"a@{_LABEL}.c",
        f"{'a' * 60}@b.c",
        f"{'a' * 250}@b.c",
    ],
)
def test_an_address_is_known_in_whatever_case_it_is_written(address: str) -> None:
    """With capitals, or blanks around it, it is the same address as without."""
    assert canonical_address(address) == address
    assert canonical_address(address.upper()) == address
    assert canonical_address(f" {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "@b.c",
        "a@b.",
        "a@.c",
        "a@b..c",
        "a..b@c.d",
        ".a@b.c",
        "a.@b.c",
        "a@-b.c",
        "a@b-.c",
        "a@b.c-",
        "a@b_.c",
        "a@b@c.d",
        "a b@c.d",
        "a@b.c,",
        f"a@{_LABEL}b.c",
        f"{'a' * 251}@b.c",
    ],
)
def test_what_is_no_address_is_none_in_any_case(address: str) -> None:
    """Without a local part, a domain of two labels, or with more than both may hold, it stands for nobody."""
    assert canonical_address(address) == ""
    assert canonical_address(address.upper()) == ""
    assert canonical_address(f" {address}\n") == ""
