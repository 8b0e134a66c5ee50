"""Provide every error of the library: one base, and below it four kinds by who has to act.

* :class:`UsageError` -- the caller's fault: a call, a mapping, a file or a plan that cannot be used as it is.
* :class:`ProviderError` -- a side's fault: it says what the host must do (wait, sign in, list anew, give up on one).
* :class:`StateError` -- the state's fault: another version, another key, another owner, no room.
* :class:`SafetyError` -- nobody's fault: the library refused, because going on could cost data.

An error says what happened, where, and what to do about it. It carries ids, field names and figures, and never a
value of anybody's data: messages end up in logs, and logs are read by people who may not read the records.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

_LONGEST: Final = timedelta.max.total_seconds()


class TallystickError(Exception):
    """The base of every error that the library raises on purpose.

    ``what`` happened, ``where`` (a file and line, a side and id, a rule's name), and the ``remedy``.
    """

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        said = self._place()
        place = f"{said}: " if said else ""
        advice = f" -- {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # An exception is copied by a call with its text alone, which those with further arguments refuse.
        return (_restored, (type(self), self.args), self.__dict__)

    def _place(self) -> str:
        return self.where

    def to_dict(self) -> dict[str, object]:
        """Return the error as JSON-ready data for a host's own log or page."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self._place(),
            "remedy": self.remedy,
            "retryable": self.retryable,
        }


def _restored(kind: type[TallystickError], args: tuple[object, ...]) -> TallystickError:
    """Return an error that is a copy or was pickled, before its values are put back."""
    return kind.__new__(kind, *args)


# --- the caller's fault ------------------------------------------------------------------------------------------


class UsageError(TallystickError):
    """The caller asked for something that cannot be done as asked."""

    code = "usage"


class MappingError(UsageError):
    """A mapping that contradicts itself: two rules write one field, two have one name, a field does not exist."""

    code = "mapping"


class SettingsError(UsageError):
    """A setting outside its range, or two settings that exclude each other."""

    code = "settings"


class InvalidSettings(SettingsError):
    """Settings that can't be: ``faults`` tells by name what is wrong with each, under no name what is with them all."""

    code = "invalid_settings"

    def __init__(self, faults: Mapping[str, str], *, where: str = "", remedy: str = "") -> None:
        said = "; ".join(f"{name}: {fault}" if name else fault for name, fault in faults.items())
        super().__init__(said, where=where, remedy=remedy or "nothing was changed; give other values")
        self.faults: dict[str, str] = dict(faults)

    def to_dict(self) -> dict[str, object]:
        """Return the error with what is wrong with each setting as JSON-ready data."""
        return {**super().to_dict(), "faults": dict(self.faults)}


class LockedSetting(SettingsError):
    """A user's change of settings that an administrator has locked: their names are ``settings``."""

    code = "locked_setting"

    def __init__(self, settings: Sequence[str], *, where: str = "") -> None:
        remedy = "nothing was changed; ask the administrator"
        super().__init__(f"locked by the administrator: {', '.join(settings)}", where=where, remedy=remedy)
        self.settings: tuple[str, ...] = tuple(settings)

    def to_dict(self) -> dict[str, object]:
        """Return the error with the names of the settings as JSON-ready data."""
        return {**super().to_dict(), "settings": list(self.settings)}


class InputError(UsageError):
    """A file or text that cannot be read: its encoding, its header, one of its rows, its size."""

    code = "input"


class UnknownRecord(UsageError):
    """An id, run or conflict was named that is not known."""

    code = "unknown_record"


class StalePlan(UsageError):
    """A saved plan rests on something that has changed since; nothing was written."""

    code = "stale_plan"


class StaleConflict(StalePlan):
    """A choice in a conflict whose records have changed since, or are gone; nothing was written.

    ``versions`` are those of both records now, ``rules`` the names of what is in conflict now: none where a record is
    gone, or nothing is in conflict any more.
    """

    code = "stale_conflict"

    def __init__(
        self,
        what: str,
        *,
        versions: tuple[str | None, str | None] = (None, None),
        rules: Sequence[str] = (),
        where: str = "",
    ) -> None:
        remedy = "nothing was written; look at both records again, or let the next run list it as it is now"
        super().__init__(what, where=where, remedy=remedy)
        self.versions = versions
        self.rules: tuple[str, ...] = tuple(rules)

    def to_dict(self) -> dict[str, object]:
        """Return the error with versions and rules as JSON-ready data."""
        return {**super().to_dict(), "versions": list(self.versions), "rules": list(self.rules)}


class AlreadySettled(StalePlan):
    """What a person was about to settle has been settled meanwhile: a conflict, an error, a guard's stop.

    ``run`` is the number of the run that did, or is at it (``under_way``), since the time ``at``; 0 and None where a
    later run will. ``versions`` are those of the records now, left first, as far as they are known. Nothing was
    written.
    """

    code = "already_settled"

    def __init__(
        self,
        what: str,
        *,
        run: int = 0,
        at: datetime | None = None,
        under_way: bool = False,
        versions: tuple[str | None, str | None] = (None, None),
        where: str = "",
        remedy: str = "",
    ) -> None:
        looked = "look again when that run has ended" if under_way else "look at what is there now"
        super().__init__(what, where=where, remedy=remedy or f"nothing was written; {looked}")
        self.run = run
        self.at = at
        self.under_way = under_way
        self.versions = versions

    def to_dict(self) -> dict[str, object]:
        """Return the error with its run, time and versions as JSON-ready data."""
        at = self.at.isoformat() if self.at else None
        found = {"run": self.run, "at": at, "under_way": self.under_way, "versions": list(self.versions)}
        return {**super().to_dict(), **found}


class MissingExtra(UsageError):
    """A part was used whose libraries are not installed."""

    code = "missing_extra"


# --- a provider's fault ------------------------------------------------------------------------------------------


class ProviderError(TallystickError):
    """A side could not do what it was asked. Providers raise the classes below; they say what the host must do.

    ``side`` is ``left`` or ``right`` once the engine has met the error, else empty; the text then begins with it.
    """

    code = "provider"
    side: str = ""

    def _place(self) -> str:
        side = f"{self.side} side" if self.side else ""
        return ", ".join(filter(None, (side, self.where)))


class Unavailable(ProviderError):
    """The service does not answer or answers that it is out of order: the next run tries again."""

    code = "unavailable"
    retryable = True


class Throttled(ProviderError):
    """The service asks to be left alone for ``retry_after`` seconds (None where it did not say for how long).

    Raises UsageError for what is no number, as the text of a header is not, or one that no span of time has.
    """

    code = "throttled"
    retryable = True

    def __init__(
        self, what: str = "too many requests", *, retry_after: float | None = None, where: str = "", remedy: str = ""
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        unchecked: object = retry_after
        if unchecked is not None and not _is_wait(unchecked):
            raise UsageError(
                f"a {type(unchecked).__name__} like this is no number of seconds",
                where="retry_after",
                remedy="give the seconds that a header's text or date stands for, or None",
            )
        self.retry_after = retry_after


def _is_wait(value: object) -> bool:
    """Tell whether a value is seconds that a span of time has: it is not nan, infinite, or beyond all floats."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LONGEST <= value <= _LONGEST


class AuthenticationRequired(ProviderError):
    """The credentials are missing or no longer valid: a person has to sign in again."""

    code = "authentication"


class PermissionDenied(ProviderError):
    """The account may not do this: a person has to grant the permission."""

    code = "permission"


class ScopeGone(ProviderError):
    """The list that is synced is no longer there: it is to be made or chosen anew. Nothing is taken for deleted."""

    code = "scope_gone"


class CursorExpired(ProviderError):
    """The cursor is no longer known to the service; the engine lists the side in full."""

    code = "cursor_expired"
    retryable = True


class MalformedAnswer(ProviderError):
    """What the service answered cannot be read: no JSON, too large or too deep, or a value of another type."""

    code = "malformed_answer"


class OutcomeUnknown(ProviderError):
    """A request was sent and no answer came: whatever it wrote may or may not be there."""

    code = "outcome_unknown"
    retryable = True


# --- the state's fault -------------------------------------------------------------------------------------------


class StateError(TallystickError):
    """What is kept between runs cannot be used."""

    code = "state"


class StateVersionError(StateError):
    """The state was written by a newer release, or is no state at all."""

    code = "state_version"


class StateKeyError(StateError):
    """The digest key is not the one that this state was written with."""

    code = "state_key"


class StateMoved(StateError):
    """Another run committed meanwhile: this one has lost its right to write."""

    code = "state_moved"
    retryable = True


class LeaseLost(StateMoved):
    """The lease under which a run writes has run out, or another worker has taken it over; nothing was written."""

    code = "lease_lost"


class LeaseHeld(StateError):
    """Another worker is at work on this sync: its name is ``worker``, and its lease runs out at ``until``.

    ``token`` is the lease's, by which whoever knows that the worker is dead may give it back; 0 where it is not told.
    """

    code = "lease_held"
    retryable = True

    def __init__(
        self, what: str, *, worker: str, until: datetime, token: int = 0, where: str = "", remedy: str = ""
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.worker = worker
        self.until = until
        self.token = token

    def to_dict(self) -> dict[str, object]:
        """Return the error with its worker and time as JSON-ready data."""
        return {**super().to_dict(), "worker": self.worker, "until": self.until.isoformat()}


class StateUnwritable(StateError):
    """The state cannot be written: the disk is full, the file is read-only, or another process holds it."""

    code = "state_unwritable"
    retryable = True


class CommitUnknown(StateError):
    """The database went away before it said whether it has taken a commit: the next run goes on from what it finds."""

    code = "commit_unknown"
    retryable = True


# --- refused for safety ------------------------------------------------------------------------------------------


class SafetyError(TallystickError):
    """The library refused to go on, because going on could cost data."""

    code = "safety"


class GuardTripped(SafetyError):
    """A run would have written more than its guards allow; nothing was written.

    ``figures`` names each guard that tripped with (planned, allowed).
    """

    code = "guard"

    def __init__(self, what: str, *, figures: Mapping[str, tuple[int, int]], where: str = "", remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.figures: dict[str, tuple[int, int]] = dict(figures)

    def to_dict(self) -> dict[str, object]:
        """Return the error with its figures as JSON-ready data."""
        return {**super().to_dict(), "figures": {name: list(pair) for name, pair in self.figures.items()}}


class SyncDisabled(SafetyError):
    """The sync is switched off; nothing was read or written."""

    code = "disabled"
