"""Provide the command that explains: why one record stands where it stands."""

from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from tallystick import Explanation
from tallystick.cli.exits import Exit
from tallystick.cli.options import AsJson, How, Left, OfSide, Right
from tallystick.cli.pair import open_sync
from tallystick.cli.screen import Screen, make_screen, shown, table
from tallystick.ports import Side
from tallystick.reconcile.reasons import words

_ENDS = 4


def explain(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    side: OfSide,
    record: Annotated[str, Parameter(name="--id", help="The record's id, as the other commands show it.")],
    as_json: AsJson = False,
) -> Exit:
    """Explain why a record is synced, or is not: what is remembered, what each side shows, what was decided."""
    screen = make_screen(as_json=as_json)
    with open_sync(left, right, how, look=True) as (_, sync):
        found = sync.explain(side, record)
    if as_json:
        screen.data(_data(found))
    else:
        _show(screen, found)
    return Exit.COMPLETE


def _show(screen: Screen, found: Explanation) -> None:
    screen.title(f"{found.side.label} {found.id}", found.standing)
    for reason in found.reasons:
        screen.line(words(reason))
    if found.decided:
        screen.line(f"last decision: {found.decision}")
    if found.ids != ("", ""):
        sides = table("", "id", "version remembered", "version now", ids=(1, 2, 3))
        for side in Side:
            versions = (found.versions[side], found.versions_seen[side])
            sides.add_row(side.label, shown(found.ids[side]), *(shown(version or "-") for version in versions))
        screen.below(sides)
    if found.rules:
        rules = table("rule", "left", "right", "agreed on", "verdict")
        for rule in found.rules:
            agreed = " ".join(dict.fromkeys(map(_short, rule.base)))
            rules.add_row(rule.rule, _short(rule.shown[0]), _short(rule.shown[1]), agreed, rule.verdict)
        screen.below(rules)
        screen.show(Text("Values are shown as digests, never as they are.", style="dim"))


def _short(digest: str | None) -> str:
    if not digest:
        return "-"
    return digest if len(digest) <= 2 * _ENDS else f"{digest[:_ENDS]}..{digest[-_ENDS:]}"


def _data(found: Explanation) -> dict[str, object]:
    return {
        "side": found.side.label,
        "id": found.id,
        "standing": found.standing,
        "reasons": list(found.reasons),
        "why": [words(reason) for reason in found.reasons],
        "ids": list(found.ids),
        "versions": list(found.versions),
        "versions_seen": list(found.versions_seen),
        "decided": found.decided,
        "rules": [
            {"rule": rule.rule, "shown": list(rule.shown), "base": list(rule.base), "verdict": rule.verdict}
            for rule in found.rules
        ],
    }
