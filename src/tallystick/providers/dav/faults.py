"""Provide what an answer's status means: the provider error of a reading, and what became of one write.

==================  ============================================  ================================================
status              of a reading                                  of a write
==================  ============================================  ================================================
401                 AuthenticationRequired                        the same
403                 CursorExpired (valid-sync-token);             PermissionDenied (need-privileges); else refused
                    else PermissionDenied
404, 410            ScopeGone; CursorExpired (410, with a token)  gone; ScopeGone of a create
409, 412            CursorExpired, with a token                   changed (412); else refused
429, 503, 423       Throttled                                     throttled
3xx                 ScopeGone: it has moved                       refused
other 4xx, 507      ProviderError                                 refused, with the condition's name or the status
other 5xx           Unavailable                                   unknown
==================  ============================================  ================================================
"""

from typing import Final

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
from tallystick.providers.dav.multistatus import conditions_of
from tallystick.providers.http.exchange import Answer

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
GONE: Final = 410
FAILED: Final = 412
INSUFFICIENT: Final = 507
BUSY: Final = frozenset({429, 503})
_WAIT: Final = BUSY | {423}
_EXPIRED: Final = frozenset({BAD_REQUEST, CONFLICT, GONE, FAILED})
"""What services say of a token that they do not know, where they name no condition."""


def is_error(answer: Answer) -> bool:
    """Tell whether an answer is none of success."""
    return not 200 <= answer.status < 300  # noqa: PLR2004 -- the class of success


def check(answer: Answer, *, with_token: bool = False) -> None:
    """Raise what an answer to a reading of the collection means, unless it is one of success.

    ``with_token`` says that changes since a token were asked for.
    """
    if not is_error(answer):
        return
    status, conditions = answer.status, conditions_of(answer)
    said = f"the service answered {status}{f' ({conditions[0]})' if conditions else ''}"
    if with_token and ("valid-sync-token" in conditions or status in _EXPIRED):
        raise CursorExpired(said, remedy="list it in full")
    if status == UNAUTHORIZED:
        raise AuthenticationRequired(said, remedy="sign in again, or check name and password")
    if status == FORBIDDEN:
        raise PermissionDenied(said, remedy="grant the account the right to read the collection")
    if status in {NOT_FOUND, GONE}:
        raise ScopeGone(said, remedy="choose the collection anew")
    if 300 <= status < 400:  # noqa: PLR2004 -- the class of redirects
        raise ScopeGone(f"{said}: the collection has moved", remedy="open it where it is now")
    if status in _WAIT:
        raise Throttled(said, retry_after=answer.retry_after, remedy="wait as long as it says")
    if status >= 500 and status != INSUFFICIENT:  # noqa: PLR2004 -- the class of the service's own faults
        raise Unavailable(said, remedy="the next run tries again")
    raise ProviderError(said)


def outcome_of(answer: Answer, *, creates: bool = False) -> Outcome[object]:
    """Return what became of a write; DONE comes without its item. Raises what concerns every write to come."""
    status = answer.status
    if not is_error(answer):
        return Outcome(Status.DONE)
    conditions = conditions_of(answer)
    code = conditions[0] if conditions else f"http_{status}"
    if status == UNAUTHORIZED or (creates and status in {NOT_FOUND, GONE}):
        check(answer)
    if status == CONFLICT and creates and not conditions:
        raise ScopeGone("the service answered 409", remedy="choose the collection anew")
    if "need-privileges" in conditions:
        raise PermissionDenied(f"the service answered {status} ({code})", remedy="grant the account the right to write")
    if status in _WAIT:
        return Outcome(Status.THROTTLED, code=code, retry_after=answer.retry_after)
    if status in {NOT_FOUND, GONE}:
        return Outcome(Status.GONE, code=code)
    if status == FAILED:
        return Outcome(Status.CHANGED, code=code)
    if status >= 500 and status != INSUFFICIENT:  # noqa: PLR2004 -- the class of the service's own faults
        return Outcome(Status.UNKNOWN, code=code)
    return Outcome(Status.REFUSED, code=code)
