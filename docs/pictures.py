"""Draw the pictures of the pages from the code that they are about: ``python docs/pictures.py`` writes them anew.

What a run asks of whom is taken from a real run, the tables of the state from its schema, the cells of the change table
from the table. The tests hold the files against what is drawn, so that no picture tells of what once was.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from drawing import CALM, COOL, WARM, WARN, Drawing, fitted
from growth import growth

import tallystick as ts
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile.table import TABLE, Case, Change
from tallystick.records import Contact, EmailAddress
from tallystick.sinks import MemorySink
from tallystick.state.schema import TABLES

FOLDER = Path(__file__).parent / "pictures"

PHASES = (
    ("0 Recover", "What became of writes that never got an answer?"),
    ("1 Observe", "Both sides' changes since the cursors, page by page, up to the end."),
    ("2 Pair", "Fit or parked; known by its link, matched by its keys, or ambiguous."),
    ("3 Decide", "The change table, three-way merge by field, guards."),
    ("4 Plan", "Every write with its reason, in order, and what it rests on."),
    ("5 Apply", "Batch by batch: note, send, remember. Cursors last."),
)

KEPT = {
    "syncs": "one row a sync: where it stands",
    "links": "pairs, and what both sides agreed on",
    "parked": "seen and not finished, with reasons",
    "batches": "the journal: writes sent, not yet settled",
    "runs": "the history",
    "leases": "who may write a sync, and until when",
}


def phases() -> str:
    """Draw the six phases, and which of them write."""
    width, gap, high = 150, 12, 128
    drawing = Drawing(6 * (width + gap) + 28, 222, "The six phases of a run; only the last one writes")
    for number, (name, said) in enumerate(PHASES):
        x = 20 + number * (width + gap)
        drawing.box(x, 24, width, high, WARM if name.endswith("Apply") else CALM)
        drawing.words(x + 12, 48, name, bold=True)
        drawing.lines(x + 12, 72, fitted(said, width - 24), faint=True)
        if number:
            drawing.arrow(x - gap, 24 + high / 2, x, 24 + high / 2)
    edge = 20 + 5 * (width + gap)
    for x1, x2, said in ((20, edge - gap, "plan(): reads only"), (edge, edge + width, "apply(): writes")):
        drawing.rule(x1, 172, x2, 172)
        drawing.words((x1 + x2) / 2, 194, said, bold=True, anchor="middle")
    return drawing.text()


def change_table() -> str:
    """Draw the nine cells of the change table."""
    across, down, edge = 212, 76, 132
    drawing = Drawing(
        edge + 3 * across + 24, 60 + 3 * down + 20, "What the changes of both sides amount to, in nine cells"
    )
    for column, right in enumerate(Change):
        drawing.words(edge + (column + 0.5) * across, 42, f"right {right}", bold=True, anchor="middle")
    for row, left in enumerate(Change):
        top = 58 + row * down
        drawing.words(edge - 14, top + down / 2 + 4, f"left {left}", bold=True, anchor="end")
        for column, right in enumerate(Change):
            case = TABLE[left, right]
            drawing.box(edge + column * across, top, across - 8, down - 8, _shade(case))
            lines = fitted(case.value, across - 30)
            drawing.lines(edge + column * across + 12, top + (down - 8) / 2 + 4 - 8 * (len(lines) - 1), lines)
    return drawing.text()


def _shade(case: Case) -> str:
    if case in {Case.IN_SYNC, Case.BOTH_GONE}:
        return CALM
    if case in {Case.CARRY_LEFT, Case.CARRY_RIGHT}:
        return COOL
    return WARM if case in {Case.MERGE, Case.GONE_LEFT, Case.GONE_RIGHT} else WARN


def state() -> str:
    """Draw the tables that a state keeps of each sync, with their columns."""
    columns = dict(_columns())
    width, high, gap = 282, 168, 16
    drawing = Drawing(
        3 * (width + gap) + 24, 2 * (high + gap) + 24, "The tables of a state and their columns; none has contents"
    )
    for number, (name, said) in enumerate(KEPT.items()):
        x, y = 20 + number % 3 * (width + gap), 20 + number // 3 * (high + gap)
        drawing.box(x, y, width, high, COOL if name in {"batches", "leases"} else CALM)
        drawing.words(x + 14, y + 26, name, bold=True)
        drawing.words(x + 14, y + 45, said, faint=True)
        drawing.rule(x + 14, y + 55, x + width - 14, y + 55)
        drawing.lines(x + 14, y + 76, fitted(", ".join(columns[name]), width - 28))
    return drawing.text()


def _columns() -> Iterator[tuple[str, list[str]]]:
    for statement in TABLES:
        if found := re.match(r"\s*CREATE TABLE (\w+) \((.*)\)", statement, re.DOTALL):
            yield found[1], re.findall(r"(?:^|,)\s*([a-z]\w*) (?:INTEGER|TEXT|BLOB)", found[2])


class _Lane:
    """A port that notes what is asked of it, in one list with the others."""

    def __init__(self, name: str, port: object, asked: list[tuple[str, str]]) -> None:
        self._name, self._port, self._asked = name, port, asked

    def __getattr__(self, name: str) -> object:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def noted(*args: object, **kwargs: object) -> object:
            self._asked.append((self._name, _said(name, args)))
            return value(*args, **kwargs)

        return noted


def _said(method: str, args: tuple[object, ...]) -> str:
    for arg in args:
        if isinstance(arg, ts.ports.Commit):
            named = {"opened": "intents", "links": "outcomes", "head": "cursors", "run": "the run's row"}
            named |= {"bid": "the lease", "last": "the lease"}
            parts = [words for name, words in named.items() if getattr(arg, name)]
            return "commit: " + ", ".join(parts)
    return {
        "acquire": "take the lease",
        "release": "give the lease back",
        "head": "where does the sync stand?",
        "batches": "open intents?",
        "runs": "what was written lately?",
        "links": "links of what changed",
        "changes": "changes since the cursor",
        "search": "is there one already?",
        "keep": "the value that loses",
        "create": "create 1 record",
        "update": "update 1 record",
    }.get(method, method)


def run() -> str:
    """Draw what one run asks of whom, in order: a new record, and a conflict that one side wins."""
    asked = _one_run()
    lanes = {"left": 90, "state": 310, "right": 540, "sink": 720}
    top, step = 78, 30
    high = top + len(asked) * step
    drawing = Drawing(
        820, high + 16, "One run's requests in order, to the left side, the state, the right side and the sink"
    )
    for name, x in lanes.items():
        drawing.words(x, 34, name, bold=True, anchor="middle")
        drawing.rule(x, 46, x, high)
    for number, (lane, said) in enumerate(asked):
        y = top + number * step
        writes = said.startswith(("create", "update"))
        fill = WARM if writes else COOL if said.startswith(("commit", "the value")) else CALM
        wide = 13 + 6.7 * len(said)
        x = min(max(lanes[lane] - wide / 2, 10), 810 - wide)
        drawing.box(x, y - 16, wide, 23, fill)
        drawing.words(x + wide / 2, y, said, anchor="middle")
    return drawing.text()


def _one_run() -> list[tuple[str, str]]:
    clock, asked = VirtualClock(), list[tuple[str, str]]()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)

    def contact(given: str, surname: str) -> Contact:
        mail = (EmailAddress(f"{given.lower()}@example.com"),)
        return Contact(given, surname=surname, email_addresses=mail, categories=("Maximizer",))

    grace = outlook.contacts.insert(contact("Grace", "Hopper"))
    ports = {"left": outlook.contacts, "right": crm.entries, "state": ts.MemoryState(), "sink": MemorySink()}
    watched: dict[str, object] = {name: _Lane(name, port, asked) for name, port in ports.items()}
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    sync = ts.Sync("ada@example.com/contacts", profile=profile, clock=clock, **watched)  # type: ignore[arg-type] # lanes pass on what they are given
    sync.run()
    clock.advance(timedelta(minutes=10))
    outlook.contacts.edit(grace, job_title="Rear admiral")
    crm.entries.edit("e1", position="Professor")
    outlook.contacts.insert(contact("Mary", "Jackson"))
    asked.clear()
    sync.run()
    return asked


PICTURES: dict[str, Callable[[], str]] = {
    "phases": phases,
    "change-table": change_table,
    "state": state,
    "run": run,
    "growth": growth,
}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")
