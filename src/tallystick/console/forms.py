"""Provide the reading of a form that was sent: of the one kind that the pages send, and no larger than it may be."""

from urllib.parse import parse_qs

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

LARGEST = 1_000_000
"""Bytes of a form at most."""

_MOST_FIELDS = 2_000
_KIND = "application/x-www-form-urlencoded"


@attrs.frozen
class Form:
    """What was sent: every name with all its values."""

    values: dict[str, list[str]] = attrs.field(repr=False)

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def one(self, name: str, default: str = "") -> str:
        """Return the first value of a name."""
        return self.values.get(name, [default])[0]

    def under(self, prefix: str) -> dict[str, str]:
        """Return the first values of names with a prefix, by what follows it."""
        return {name.removeprefix(prefix): found[0] for name, found in self.values.items() if name.startswith(prefix)}


async def read_form(request: Request) -> Form:
    """Read a form. Raises HTTPException where it is too large or something else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise HTTPException(415, "This is not what a form of this page sends.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, f"This is more than the {LARGEST:,} bytes that a form may have.")
        text = body.decode("ascii")
        values = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except (ValueError, ClientDisconnect):
        raise HTTPException(400, "This form can't be read.") from None
    return Form(values)
