"""Provide what is known of the tests: which lines each of them runs, and how long it takes.

That is kept in a file from one time to the next. A test is measured again when its file has changed, or one of those to
be mutated that it runs, and all of them are when there is a further file to be mutated.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
import pytest

Lines = dict[str, dict[str, list[str]]]
"""By file, and then by line (a number, as JSON writes it): the tests that run it."""


@attrs.define
class Reach:
    """The tests that may be tried, with what is known of them."""

    memory: Path
    items: dict[str, pytest.Item]
    sources: dict[str, str]
    known: dict[str, tuple[str, float, dict[str, list[int]]]] = attrs.field(factory=dict)
    """By test: the digest of its file, the seconds it takes (none: it fails), and its lines by file."""

    @classmethod
    def remembered(cls, memory: Path, items: Iterable[pytest.Item], paths: Iterable[str]) -> "Reach":
        """Return what the file still knows of these tests and these files to be mutated."""
        made = cls(memory, {item.nodeid: item for item in items}, {path: digest(path) for path in paths})
        if memory.exists():
            kept = json.loads(memory.read_text(encoding="utf-8"))
            changed = {path for path, now in made.sources.items() if kept["sources"].get(path) != now}
            if changed <= kept["sources"].keys():
                known = kept["known"].items()
                made.sources = kept["sources"] | made.sources
                made.known = {name: what for name, what in known if changed.isdisjoint(what[2])}
        return made

    def unknown(self) -> list[pytest.Item]:
        """Return the tests that have to be measured."""
        digests = {path: digest(path) for path in {str(item.path) for item in self.items.values()}}
        found = self.items.items()
        return [item for name, item in found if self.known.get(name, [""])[0] != digests[str(item.path)]]

    def learn(self, items: Iterable[pytest.Item], seconds: dict[str, float], lines: Lines) -> None:
        """Keep what was measured."""
        of_test: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for path, at in lines.items():
            for line, names in at.items():
                for name in names:
                    of_test[name][path].append(int(line))
        for item in items:
            name = item.nodeid
            self.known[name] = (digest(str(item.path)), seconds[name], of_test[name])
        self.memory.write_text(json.dumps({"sources": self.sources, "known": self.known}), encoding="utf-8")

    def fingerprint(self, path: str, line: int) -> str:
        """Return what tells the tests that run a line from others, and from themselves before they were changed."""
        found = sorted((item.nodeid, self.known[item.nodeid][0]) for item, _ in self.of_line(path, line, ()))
        return hashlib.blake2b(json.dumps(found).encode(), digest_size=8).hexdigest()

    def of_line(self, path: str, line: int, first: Sequence[str]) -> list[tuple[pytest.Item, float]]:
        """Return the tests that run a line, with their seconds: those in ``first``, then the fastest first."""
        known = ((name, self.known[name]) for name in self.items)
        found = {name: seconds for name, (_, seconds, lines) in known if seconds and line in lines.get(path, ())}
        order = [name for name in dict.fromkeys(first) if name in found]
        order += sorted(found.keys() - set(order), key=lambda name: (found[name], name))
        return [(self.items[name], found[name]) for name in order]


def digest(path: str | Path) -> str:
    """Return the digest of a file."""
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=8).hexdigest()
