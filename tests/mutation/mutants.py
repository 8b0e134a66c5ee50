"""Provide mutants: modules with one small fault each, made by the operators of mutmut.

mutmut itself would collect the tests anew for each of them. Here a mutant is the difference between two compilations
of its module, and its code takes the place of that of the live functions: nothing is imported twice, what was made at
import is reached too, and properties are mutated like other functions. What stands outside functions is not mutated,
nor are default values.
"""

import gc
import importlib.util
from collections import Counter, defaultdict
from inspect import CO_OPTIMIZED  # set for functions, not for the bodies of classes
from pathlib import Path
from types import CodeType, FunctionType

import attrs
import libcst as cst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from tests.mutation.reach import digest

Live = dict[CodeType, list[FunctionType]]
Codes = dict[tuple[str, int], CodeType]
"""All code in a module's code, by its name and its number among those of that name."""

_JUMPS = ("continue", "break", "pass")


@attrs.frozen
class Mutant:
    """One fault: its module with a number, the function it is in, and the first line that differs, in both forms.

    ``source`` is the digest of its module; ``runs`` the line to look for in what tests run: a line amid a statement
    may not count as one.
    """

    name: str
    source: str
    function: str
    path: str
    line: int
    runs: int
    before: str
    after: str
    codes: dict[CodeType, CodeType] = attrs.field(repr=False)

    def install(self, live: Live) -> None:
        """Have the live functions run the mutant's code, for the rest of this process."""
        reached = 0
        for whole, mutated in self.codes.items():
            for function in live.get(whole, ()):
                if len(whole.co_freevars) == len(mutated.co_freevars):
                    function.__code__ = mutated
                    reached += 1
        if not reached:
            raise LookupError(f"{self.name}: nothing that lives runs {self.function} of {self.path}")


@attrs.frozen
class Fault:
    """A mutant that is not compiled yet."""

    name: str
    module: str
    source: str
    path: Path
    text: str = attrs.field(repr=False)
    parsed: cst.Module = attrs.field(repr=False)
    codes: Codes = attrs.field(repr=False)
    mutation: Mutation = attrs.field(repr=False)

    def made(self) -> Mutant | None:
        """Return the mutant; None where its code is that of the whole module, or is none."""
        mutated = self.parsed.deep_replace(self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(mutated, cst.Module)
        sources = (self.text, mutated.code)
        try:
            after = _codes(sources[1], self.path)
        except SyntaxError:
            return None
        pairs = {code: after[key] for key, code in self.codes.items() if key in after}
        codes = {code: other for code, other in pairs.items() if _instructions(code) != _instructions(other)}
        functions = [code.co_qualname for code in codes if code.co_flags & CO_OPTIMIZED]
        if not functions:
            return None
        lines = enumerate(zip(*(source.splitlines() for source in sources), strict=False), 1)
        at, (one, other) = next((at, pair) for at, pair in lines if pair[0] != pair[1])
        ran = {line for code in codes for *_, line in code.co_lines() if line}
        # A jump may leave no trace in what is measured: the line before it is run by the same tests, or more.
        runs = max((line for line in ran if line <= at - (one.strip() in _JUMPS)), default=at)
        function = min(functions, key=len)
        return Mutant(self.name, self.source, function, str(self.path), at, runs, one.strip(), other.strip(), codes)


def faults(package: str) -> list[Fault]:
    """Return the faults that the operators find in the functions of a package's modules, or of one module."""
    found = []
    for one in files(package):
        text = one.read_text(encoding="utf-8")
        wrapper, codes = MetadataWrapper(cst.parse_module(text)), _codes(text, one)
        visitor = _InFunctions(mutation_operators, IgnoredCode(set(), set(), set()))
        parsed = wrapper.visit(visitor)
        module = package if package.endswith(f".{one.stem}") else f"{package}.{one.stem}"
        within = [
            made for made in visitor.mutations if isinstance(made.contained_by_top_level_function, cst.FunctionDef)
        ]
        source = digest(one)
        found += [
            Fault(f"{module}#{number}", module, source, one, text, parsed, codes, made)
            for number, made in enumerate(within)
        ]
    return found


def files(package: str) -> list[Path]:
    """Return the files of a package's modules, or that of one module."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"there is no {package}")
    path = Path(spec.origin)
    return sorted(path.parent.glob("*.py")) if path.name == "__init__.py" else [path]


def live_functions(paths: set[str]) -> Live:
    """Return the functions of these files that exist now, by their code."""
    found: Live = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in paths:
            found[one.__code__].append(one)
    return found


class _InFunctions(MutationVisitor):
    """mutmut's choice of what to mutate, and decorated functions; no default values."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        return isinstance(node, cst.Param) or bool(super()._skip_node_and_children(node))


def _codes(source: str, path: Path) -> Codes:
    seen = Counter[str]()
    found = {}
    whole = compile(source, str(path), "exec")
    rest = [whole]
    while rest:
        one = rest.pop(0)
        if one is not whole:
            found[one.co_qualname, seen[one.co_qualname]] = one
            seen[one.co_qualname] += 1
        rest += [const for const in one.co_consts if isinstance(const, CodeType)]
    return found


def _instructions(code: CodeType) -> object:
    """Return what code does, wherever it stands: the lines after a mutant may have moved."""
    inner = [_instructions(one) if isinstance(one, CodeType) else (type(one), repr(one)) for one in code.co_consts]
    return code.co_code, inner, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
