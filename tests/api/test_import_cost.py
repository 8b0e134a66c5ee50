"""What an import loads is counted in modules: times differ from machine to machine, modules don't."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tallystick

SLOW = {"asyncio", "cattrs", "dateutil", "nh3", "opentelemetry", "psycopg", "rich", "sqlalchemy", "sqlite3"}


def loaded(code: str) -> set[str]:
    """Return the modules that are loaded once ``code`` has run in a new interpreter, less those of an idle one."""

    def modules(code: str) -> set[str]:
        code = f"import sys\n{code}\nprint(*sys.modules)"
        answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        return set(answer.stdout.split())

    return modules(code) - modules("import typing, importlib")


def packages(modules: set[str]) -> set[str]:
    """Return the outermost packages."""
    return {name.partition(".")[0] for name in modules}


def test_the_front_door_costs_next_to_nothing() -> None:
    """Importing the library loads two modules, its own."""
    assert loaded("import tallystick") == {"tallystick", "tallystick.deferred"}


def test_a_sync_loads_nothing_that_it_may_not_need() -> None:
    """A sync with a state in memory loads neither the way to JSON nor a database, an event loop or an extra."""
    found = loaded("import tallystick as ts\nts.Sync, ts.Profile, ts.MemoryState, ts.Side")

    assert "tallystick.sync.sync" in found
    assert not packages(found) & SLOW


@pytest.mark.parametrize("name", ["SqliteState", "dump_plan"])
def test_what_is_slow_is_loaded_when_it_is_asked_for(name: str) -> None:
    """A name that needs more brings it along."""
    assert packages(loaded(f"import tallystick as ts\nts.{name}")) & SLOW


@pytest.mark.parametrize("package", ["tallystick", "tallystick.reconcile", "tallystick.records", "tallystick.state"])
def test_what_type_checkers_see_is_what_there_is(package: str) -> None:
    """The names that a package defers are those that it shows to type checkers, from the same places."""
    module = __import__(package, fromlist=["_"])
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    (only_checked,) = (node for node in tree.body if isinstance(node, ast.If))
    shown = {
        alias.name: f"{statement.module}.{alias.name}" if statement.module == "tallystick" else statement.module
        for statement in only_checked.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    (call,) = (node for one in only_checked.orelse for node in ast.walk(one) if isinstance(node, ast.Call))
    deferred = ast.literal_eval(call.args[1])
    modules = {name for name, home in shown.items() if home == f"tallystick.{name}"}

    assert {name: home for name, home in shown.items() if name not in modules} == deferred
    assert all(hasattr(module, name) for name in shown)
    assert set(shown) <= set(dir(module))


def test_a_name_that_is_not_there_is_refused_as_usual() -> None:
    """A misspelt name is an AttributeError that names the package."""
    with pytest.raises(AttributeError, match="module 'tallystick' has no attribute 'Nothing'"):
        _ = tallystick.Nothing  # type: ignore[attr-defined]
