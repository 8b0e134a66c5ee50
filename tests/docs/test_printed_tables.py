"""Hold the tables that the pages print against the code and against the pages."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tallystick.mapping import MergePolicy
from tallystick.ports import AbsenceReason
from tallystick.profiles.maximizer import CONTACT_RULES
from tallystick.reconcile import RemovalAction
from tallystick.reconcile.reasons import WORDS
from tallystick.reconcile.table import Change, case_of

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def printed() -> ModuleType:
    """The module that prints the tables; it lies among the pages, and is no part of the library."""
    spec = importlib.util.spec_from_file_location("printed", DOCS / "printed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        spec.loader.exec_module(module)
    return module


def cells(table: str) -> list[list[str]]:
    """Return the cells of a table's rows, without its head."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_every_table_has_its_place(printed: ModuleType) -> None:
    """Each table is on a page, and no page asks for one that does not exist."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md") if "_build" not in page.parts)

    assert set(re.findall(r"{{ (\w+) }}", pages)) == printed.TABLES.keys()


def test_a_table_is_a_table(printed: ModuleType) -> None:
    """Every row has as many cells as the head, or it would be cut without a word."""
    for name, table in printed.TABLES.items():
        if "\n" not in table:  # a figure within a sentence
            continue
        assert {len(row) for row in cells(table)} == {table.splitlines()[1].count("---")}, name


def test_the_change_table_has_all_nine_cells(printed: ModuleType) -> None:
    """Rows are the left side's change, columns the right side's."""
    expected = [[f"**{left}**", *(str(case_of(left, right)) for right in Change)] for left in Change]

    assert expected == cells(printed.TABLES["change_table"])


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("merge_policies", [f"`MergePolicy.{policy.name}`" for policy in MergePolicy]),
        ("removal_actions", [f"`RemovalAction.{action.name}`" for action in RemovalAction]),
        ("removal_policies", [f"`{reason}`" for reason in AbsenceReason]),
        ("reasons", [f"`{code}`" for code in WORDS]),
        ("maximizer_contact_fields", [f"`{rule.name}`" for rule in CONTACT_RULES]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_leaves_nothing_out(printed: ModuleType, table: str, names: list[str]) -> None:
    """The first column names everything that there is, in the code's own order."""
    assert names == [row[0] for row in cells(printed.TABLES[table])]


def test_what_a_choice_means_is_read_from_its_source(printed: ModuleType) -> None:
    """The text under a member is not kept by Python, so it is read again."""
    assert dict(printed.members(RemovalAction))["RECREATE"] == "Create the absent record again."
