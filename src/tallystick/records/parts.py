"""Provide the parts that records of both sides share."""

import attrs

from tallystick.making import quickly_made


@quickly_made
@attrs.frozen(repr=False)
class PostalAddress:
    """One postal address; ``street`` may have several lines. All parts empty means no address."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


NO_ADDRESS = PostalAddress()
