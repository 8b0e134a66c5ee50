"""Provide the picking of rows from a standing list, and what a person can do about each."""

from collections.abc import Sequence
from typing import Annotated, Literal

import attrs
from cyclopts import Group, Parameter

from tallystick.cli.screen import moment
from tallystick.ports import Parked, ParkedKind
from tallystick.reconcile.reasons import GAVE_UP, is_resolvable, words

_PICK = Group("Which rows", sort_key=1)
_CORRECT = "correct it"
_RELEASE = "release it"

Reason = Annotated[
    str | None, Parameter(group=_PICK, help="Only rows with this text in a reason, in words or as its code.")
]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Pick:
    """Which rows of a list are shown; all of them unless something is said."""

    kind: Annotated[
        Literal["ignored", "frozen", "failed"] | None,
        Parameter(group=_PICK, help="Only these: left out, frozen with its pair until it is mended, or refused."),
    ] = None
    side: Annotated[Literal["left", "right"] | None, Parameter(group=_PICK, help="Only records of this side.")] = None
    resolvable: Annotated[
        bool | None,
        Parameter(
            negative="--not-resolvable",
            group=_PICK,
            show_default=False,
            help="Only what a correction of the record mends, or only what none does.",
        ),
    ] = None
    reason: Reason = None

    def takes(self, row: Parked) -> bool:
        """Tell whether a row is to be shown."""
        return (
            self.kind in (None, row.kind.value)
            and self.side in (None, row.side.label)
            and self.resolvable in (None, can_be_corrected(row))
            and names_reason(row, self.reason)
        )


def names_reason(row: Parked, text: str | None) -> bool:
    """Tell whether a text stands in one of the row's reasons."""
    if not text:
        return True
    said = (part for reason in row.reasons for part in (reason, words(reason)))
    return any(text.casefold() in part.casefold() for part in said)


def can_be_corrected(row: Parked) -> bool:
    """Tell whether a correction of the record mends it."""
    return any(map(is_resolvable, row.reasons))


def what_helps(row: Parked) -> str:
    """Return what can be done about a row, in few words."""
    if can_be_corrected(row):
        return _CORRECT
    if row.kind is not ParkedKind.FAILED:
        return "mend it where it lies"
    if GAVE_UP in row.reasons:
        return _RELEASE
    return f"tried again after {moment(row.retry_at)}" if row.retry_at else "tried again by the next run"


def hints(rows: Sequence[Parked]) -> list[tuple[str, str]]:
    """Return what helps with some of these rows, and the command for it."""
    helped = {what_helps(row) for row in rows}
    commands = (
        (_CORRECT, "tallystick correct LEFT RIGHT ... --side SIDE --id RECORD --set FIELD=VALUE"),
        (_RELEASE, "tallystick release LEFT RIGHT ... --side SIDE --id RECORD"),
    )
    return [(what.capitalize(), line) for what, line in commands if what in helped]
