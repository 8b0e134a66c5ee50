"""What is public is written down: no name, argument or default goes or comes unnoticed."""

from tests.docs.public_api import KEPT, RENEW, described


def test_what_is_public_is_what_is_written_down() -> None:
    """A change of the public face is made on purpose, and told in the changelog."""
    kept = KEPT.read_text(encoding="utf-8").splitlines()
    found = list(described())
    gone = [f"- {line.strip()}" for line in kept if line not in found]
    new = [f"+ {line.strip()}" for line in found if line not in kept]

    assert not [*gone, *new], RENEW
    assert found == kept, RENEW
