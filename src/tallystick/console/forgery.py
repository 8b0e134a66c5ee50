"""Provide the proof that a form was sent from a page of this console, by the person whom the page was made for.

Two things have to hold. The *origin*: the browser says that the request comes from this very site, by Sec-Fetch-Site,
or by Origin where it sends no such header; a request that says neither is refused. Pages are sent with Referrer-Policy
no-referrer, under which browsers send the Origin ``null``, which proves nothing. And the *token*: every form has one,

    issued . nonce . HMAC(secret, issued, nonce, who)

which holds for the one whom it was made for, and for half a day. Nothing of it is kept, so that any process of a host
with the same secret takes it.
"""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tallystick.errors import SettingsError

LASTS = timedelta(hours=12)
_AHEAD = timedelta(minutes=5)
"""How far the clocks of a host's machines may differ."""

_SHORTEST = 16
_NONCE = 16
_PARTS = 3


@attrs.frozen
class Seal:
    """What tokens are made with."""

    secret: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if len(self.secret) < _SHORTEST:
            raise SettingsError(
                f"a secret of {len(self.secret)} bytes",
                where="console",
                remedy="give 32 random ones, the same to each process",
            )

    def token(self, who: str, now: datetime) -> str:
        """Return a token for the forms of a page."""
        issued, nonce = f"{int(now.timestamp()):x}", secrets.token_hex(_NONCE)
        return f"{issued}.{nonce}.{self._mac('form', issued, nonce, who)}"

    def holds(self, token: str, who: str, now: datetime) -> bool:
        """Tell whether a token was made for ``who``, and not too long ago."""
        parts = token.split(".")
        if len(parts) != _PARTS or not token.isascii():
            return False
        issued, nonce, mac = parts
        if not hmac.compare_digest(mac, self._mac("form", issued, nonce, who)):
            return False
        age = now.timestamp() - int(issued, 16)
        return -_AHEAD.total_seconds() <= age <= LASTS.total_seconds()

    def digest(self, *shown: str) -> str:
        """Return by what a form knows again what its page showed, without telling it."""
        return self._mac("shown", *shown)

    def _mac(self, *parts: str) -> str:
        told = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self.secret, told.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def refuse_other_sites(request: Request, origins: Collection[str]) -> None:
    """Raise HTTPException with 403 where a request to write does not come from a page of this site."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    known = origins or (f"{request.url.scheme}://{request.url.netloc}",)
    if origin in (None, "null"):
        fits = site == "same-origin"
    else:  # a proxy may have changed what this process is called; the browser knows what it asked for
        fits = origin in known or (site == "same-origin" and not origins)
    if not fits:
        raise HTTPException(403, "This form was not sent from a page of this site, so nothing was done.")


def refuse_embedding(request: Request) -> None:
    """Raise HTTPException with 403 where another site's page asks for one of these as a part of itself."""
    site, mode = request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-mode")
    if site in ("cross-site", "same-site") and mode != "navigate":
        raise HTTPException(403, "Pages of a console are no part of another site's.")
