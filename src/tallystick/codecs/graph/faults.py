"""Provide what an error of Graph means: the library's provider error, and what became of one write.

Told by status and ``error.code``, never by the message, which changes and may quote what was sent. Codes are compared
without case, the inner ones too. The first row that fits counts.

A listing and a read raise :func:`provider_error`; a write is answered with :func:`outcome`, since one that failed is
no reason to stop the others. A failure of the service itself (500 to 504, a gateway's own) leaves open whether a write
arrived; only a 503 that says how long to wait tells that it did not.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.graph.values import Json
from tallystick.codecs.retry_after import read_retry_after
from tallystick.errors import (
    AuthenticationRequired,
    CursorExpired,
    PermissionDenied,
    ProviderError,
    ScopeGone,
    Throttled,
    Unavailable,
)
from tallystick.ports import Outcome, Status

R = TypeVar("R")
M = TypeVar("M")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")
_DEEPEST_CODE: Final = 4

_THROTTLING: Final = frozenset(
    {"toomanyrequests", "applicationthrottled", "errorserverbusy", "mailboxconcurrency", "activitylimitreached"}
)
_SIGNING_IN: Final = frozenset({"invalidauthenticationtoken", "unauthenticated", "compacttokenparsingfailed"})
_WAIT: Final = "wait as long as it says"
_BUSY: Final = frozenset({429, 509})
_NO_ANSWER: Final = frozenset({408, 500, 502, 503, 504})
_LAST_KNOWN: Final = 511
"""The highest status that HTTP gives a meaning; gateways have their own beyond it, and each is as good as a 500."""


@attrs.frozen
class Meaning(Generic[M]):
    """A row of a table: what it means if the status or a code (in lower case) is one of these."""

    means: M
    statuses: frozenset[int]
    codes: frozenset[str] = frozenset()
    remedy: str = ""


ERRORS: Final[tuple[Meaning[type[ProviderError]], ...]] = (
    Meaning(
        CursorExpired,
        frozenset({410}),
        frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "invaliddeltatoken"}),
        "list it in full",
    ),
    Meaning(Throttled, _BUSY, _THROTTLING, _WAIT),
    Meaning(AuthenticationRequired, frozenset({401}), _SIGNING_IN, "sign in again"),
    Meaning(
        PermissionDenied,
        frozenset({403}),
        frozenset({"erroraccessdenied", "accessdenied", "authorization_requestdenied"}),
        "grant the permission",
    ),
    Meaning(
        ScopeGone,
        frozenset({404}),
        frozenset({"errorfoldernotfound", "errornonexistentmailbox", "mailboxnotenabledforrestapi"}),
        "choose the folder or list anew",
    ),
    Meaning(Unavailable, _NO_ANSWER | {424}, remedy="the next run tries again"),
)
"""What an error of a request is. ScopeGone is one for listings only; a 503 that says how long to wait is Throttled."""

OUTCOMES: Final[tuple[Meaning[Status], ...]] = (
    Meaning(Status.THROTTLED, _BUSY | {424}, _THROTTLING),
    Meaning(Status.CHANGED, frozenset({412}), frozenset({"errorirresolvableconflict", "errorchangekeymismatch"})),
    Meaning(Status.GONE, frozenset({404, 410}), frozenset({"erroritemnotfound"})),
    Meaning(Status.UNKNOWN, _NO_ANSWER),
)
"""What an error of one write is; any other is REFUSED. A 503 that says how long to wait is THROTTLED."""


@attrs.frozen
class Fault:
    """An error as the service told it: the HTTP status, its codes from the outside in, and how long to wait."""

    status: int
    codes: tuple[str, ...] = ()
    retry_after: float | None = None

    @property
    def code(self) -> str:
        """What to call it: the service's code, or the status."""
        return self.codes[0] if self.codes else f"http_{self.status}"

    def fits(self, meaning: Meaning[M]) -> bool:
        """Tell whether a row is about this error."""
        status = 500 if self.status > _LAST_KNOWN else self.status
        return status in meaning.statuses or any(code.casefold() in meaning.codes for code in self.codes)


def read_fault(
    status: int, data: Json | None = None, headers: Mapping[str, str] | None = None, *, now: datetime | None = None
) -> Fault:
    """Return the error of an answer, whatever is in it: a body that is none says no code.

    ``now`` is needed for a Retry-After that is a date.
    """
    named = {key.casefold(): value for key, value in (headers or {}).items()}
    return Fault(status, tuple(_codes(data)), read_retry_after(named.get("retry-after"), now))


def provider_error(fault: Fault, *, where: str = "", listing: bool = False) -> ProviderError:
    """Return the error to raise for a request. ``listing`` says that it was for a whole folder, calendar or list."""
    said = f"the service answered {fault.status} ({fault.code})"
    for meaning in ERRORS:
        if not fault.fits(meaning) or (meaning.means is ScopeGone and not listing):
            continue
        if meaning.means is Throttled or (meaning.means is Unavailable and fault.retry_after is not None):
            return Throttled(said, retry_after=fault.retry_after, where=where, remedy=_WAIT)
        return meaning.means(said, where=where, remedy=meaning.remedy)
    return ProviderError(said, where=where)


def outcome(fault: Fault, *, where: str = "") -> Outcome[R]:
    """Return what became of a write that was answered with an error.

    Raises AuthenticationRequired: nothing else would be written either.
    """
    error = provider_error(fault, where=where)
    if isinstance(error, AuthenticationRequired):
        raise error
    status = next((meaning.means for meaning in OUTCOMES if fault.fits(meaning)), Status.REFUSED)
    if fault.status == 503 and fault.retry_after is not None:  # noqa: PLR2004 -- unavailable: it never began
        status = Status.THROTTLED
    return Outcome(status, code=fault.code, retry_after=fault.retry_after if status is Status.THROTTLED else None)


def _codes(data: Json | None) -> list[str]:
    found: list[str] = []
    error = data.get("error") if isinstance(data, Mapping) else None
    for _ in range(_DEEPEST_CODE):
        if not isinstance(error, Mapping):
            break
        code = error.get("code")
        if isinstance(code, str) and _CODE.fullmatch(code):
            found.append(code)
        error = error.get("innerError", error.get("innererror"))
    return found
