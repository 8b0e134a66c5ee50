"""The tables in the documentation say what the code says; run this file as a script to write them anew."""

import re
from pathlib import Path
from types import ModuleType

import pytest

import tallystick.recurrence
from tallystick.recurrence import (
    GRAPH,
    MAXIMIZER_APPOINTMENTS,
    MAXIMIZER_TASKS,
    SALESFORCE_CLASSIC,
    DaySets,
    LossKind,
    PatternSupport,
    PatternType,
    ReasonKind,
    Support,
)
from tests.recurrence.test_samples import DIFFERING

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "explanation" / "recurrence.md"
SYSTEMS = (MAXIMIZER_APPOINTMENTS, MAXIMIZER_TASKS, GRAPH, SALESFORCE_CLASSIC)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def row_text(row: PatternSupport) -> str:
    """Return what a system accepts of one pattern type, in a few words."""
    if row.longest_interval == 0:
        return "no"
    words = [f"up to {row.longest_interval}" if row.longest_interval else "any interval"]
    if row.start_day_only:
        words.append("start's day")
    if row.day_sets is DaySets.NAMED:
        words.append("one day, weekdays, weekend days, all")
    if row.last_sure_day < 31:
        words.append("a day that each month has")
    if row.week_start is not None:
        words.append(f"weeks from {row.week_start.value.capitalize()}")
    return ", ".join(words)


def ends_text(system: Support) -> str:
    """Return which ends a system accepts, in a few words."""
    endless = "none" if system.no_end else f"{system.end_for_endless or 'no'} for none"
    latest = "any date" if system.last_end.year == 9999 else f"date up to {system.last_end}"
    count = {None: "any number", 0: "no number"}.get(system.largest_count, f"up to {system.largest_count} times")
    return f"{endless}, {latest}, {count}"


def tables() -> dict[str, str]:
    """Return each table of the page by the name of its place."""
    rows = [[kind.value, *(row_text(system.row(kind)) for system in SYSTEMS)] for kind in PatternType]
    return {
        "losses": table(
            ["loss", "dates change", "meaning"],
            [[f"`{kind.code}`", "yes" if kind.changes_dates else "no", kind.meaning] for kind in LossKind],
        ),
        "reasons": table(["reason", "meaning"], [[f"`{kind.code}`", kind.meaning] for kind in ReasonKind]),
        "support": table(
            ["pattern", *(system.system for system in SYSTEMS)],
            [*rows, ["ends", *(ends_text(system) for system in SYSTEMS)]],
        ),
        "cases": table(
            ["rule", "where dateutil fails", "here"],
            [[f"`{rule}`", reason, "as expected"] for rule, reason in DIFFERING.items()],
        ),
    }


def place(name: str) -> re.Pattern[str]:
    """Return the pattern of a table's place."""
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_table_says_what_the_code_says(name: str) -> None:
    """Each table of losses, reasons and systems on the page is the one that the code gives."""
    found = place(name).search(PAGE.read_text(encoding="utf-8"))

    assert found is not None
    assert found[0] == f"<!-- {name} -->\n{tables()[name]}\n<!-- /{name} -->"


def test_every_public_name_is_in_the_reference() -> None:
    """Each public name is shown in the reference, by itself or with its module; the list of names is sorted."""
    page = (DOCS / "reference" / "recurrence.md").read_text(encoding="utf-8")
    public = tallystick.recurrence
    whole = set(re.findall(r"automodule:: (\S+)\n   :members:\n", page))
    named = set(re.findall(r"\w+", " ".join(re.findall(r":members: (.+)", page))))
    constants = {
        "GRAPH",
        "MAXIMIZER_APPOINTMENTS",
        "MAXIMIZER_TASKS",
        "SALESFORCE_CLASSIC",
    }  # in the module's docstring
    aliases = {"OccurrenceException", "Translation"}
    missing = {
        name
        for name, value in vars(public).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
        if name not in named | constants | aliases and value.__module__ not in whole
    }

    assert missing == set()


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    for name, content in tables().items():
        found = place(name).search(text)
        assert found is not None
        text = f"{text[: found.start()]}{found[1]}{content}\n{found[2]}{text[found.end() :]}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
