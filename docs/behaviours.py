"""Print the promised behaviours, each with what its tests say of it and where they are. Read by :file:`printed.py`.

A test carries the ids of what it proves in a mark, and its docstring is one sentence that a user understands: the page
is made of these.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"


def proofs() -> dict[str, list[tuple[str, str]]]:
    """Return, by id, the sentence and the place of each test that proves it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.behaviour(" in text:
            for ids, name, sentence in _marked(ast.parse(text)):
                for one in ids:
                    found.setdefault(one, []).append((sentence, f"{path.relative_to(TESTS).as_posix()}::{name}"))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[list[str], str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            ids = [one for mark in node.decorator_list for one in _ids(mark)]
            if ids:
                yield ids, node.name, " ".join((ast.get_docstring(node) or "").split())


def _ids(mark: ast.expr) -> Iterator[str]:
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "behaviour":
        yield from (str(one.value) for one in mark.args if isinstance(one, ast.Constant))


def rows_by_area() -> dict[str, list[tuple[str, str, str]]]:
    """Return, by the part of an id that names its area, the id, the sentence and the place of each test."""
    made: dict[str, list[tuple[str, str, str]]] = {}
    for one, tests in sorted(proofs().items()):
        shown = [one, *[""] * (len(tests) - 1)]
        made.setdefault(one.rpartition("-")[0], []).extend(
            (number, sentence, f"`{place}`") for number, (sentence, place) in zip(shown, tests, strict=True)
        )
    return made
