"""Hold which addresses a provider may ask: those of the service that the host named."""

import pytest

from tallystick.errors import MalformedAnswer, SettingsError
from tallystick.providers.http.addresses import checked_base, resolved, same_origin

BASE = "https://dav.example.com/ada/contacts/"


@pytest.mark.parametrize(
    "url",
    ["", "dav.example.com/ada/", "ftp://dav.example.com/", "https://", "https://[", "https://h:999999/", "file:///etc"],
)
def test_what_is_no_address_of_a_service_is_refused(url: str) -> None:
    """A slip of the pen is told at once, and not as a service that does not answer."""
    with pytest.raises(SettingsError):
        checked_base(url)


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    """Addresses show up in logs, so passwords have no place in them."""
    with pytest.raises(SettingsError) as caught:
        checked_base("https://ada:secret@dav.example.com/")

    assert "secret" not in str(caught.value)


def test_plain_http_is_for_this_machine_unless_it_is_asked_for() -> None:
    """Nobody sends passwords in the clear by leaving out one letter."""
    with pytest.raises(SettingsError):
        checked_base("http://dav.example.com/")

    for url in ("http://127.0.0.1:5232/", "http://[::1]:5232/", "http://localhost/"):
        assert checked_base(url) == url
    assert checked_base("http://dav.example.com/", allow_http=True)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("a.vcf", "https://dav.example.com/ada/contacts/a.vcf"),
        ("/bob/a.vcf", "https://dav.example.com/bob/a.vcf"),
        ("https://DAV.example.com:443/x", "https://DAV.example.com:443/x"),
    ],
)
def test_what_an_answer_names_is_taken_from_where_it_was_asked(reference: str, expected: str) -> None:
    """Relative and whole addresses mean the same service."""
    assert expected == resolved(reference, BASE)


@pytest.mark.parametrize(
    "reference",
    [
        "https://evil.example.net/ada/contacts/a.vcf",
        "http://dav.example.com/ada/contacts/a.vcf",
        "https://dav.example.com:8443/a.vcf",
        "//evil.example.net/a.vcf",
        "https://dav.example.com@evil.example.net/",
        "file:///etc/passwd",
        "https://[::1/",
        "/" + "a" * 10_000,
    ],
)
def test_an_address_elsewhere_is_refused(reference: str) -> None:
    """Credentials go to no other host, port or scheme, whatever an answer says."""
    with pytest.raises(MalformedAnswer):
        resolved(reference, BASE)


def test_what_is_no_address_is_of_no_origin() -> None:
    """Two things that are no addresses are not alike."""
    assert not same_origin("nothing", "nothing")
