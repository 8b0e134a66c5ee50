"""Provide the screen: what a person reads, safe for any terminal and any record id."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime

import attrs
from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDEST = 110
_USUAL = 80
_ROOM = 36
_INDENT = (0, 0, 0, 2)
_SHORT = frozenset({"started", "since", "side", "write", "state"})


@attrs.frozen
class Screen:
    """Two consoles: ``out`` for what was asked for, ``err`` for everything else.

    Where the answer is JSON, ``talk`` is ``err``, so that the output holds nothing else.
    """

    out: Console
    err: Console
    json: bool = False

    @property
    def talk(self) -> Console:
        """Where a person is talked to."""
        return self.err if self.json else self.out

    def data(self, answer: object) -> None:
        """Print an answer as JSON."""
        print(json.dumps(answer, indent=2, default=datetime.isoformat), flush=True)

    def title(self, text: str, rest: str = "") -> None:
        """Print a heading with an empty line before it."""
        self.talk.print()
        self.talk.print(Text.assemble((shown(text), "bold"), "  " if rest else "", (shown(rest), "dim")))

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of text, indented, or an empty one."""
        if text:
            self.show(Text(shown(text), style=style))
        else:
            self.talk.print()

    def show(self, renderable: RenderableType) -> None:
        """Print a table or text, indented."""
        self.talk.print(Padding(renderable, _INDENT, expand=False))

    def below(self, renderable: RenderableType) -> None:
        """Print a table or text with an empty line before it."""
        self.talk.print()
        self.show(renderable)

    def keep_whole(self, made: Table, column: int) -> Table:
        """Give a column the room that its texts need, as far as a narrow screen can spare it; return the table."""
        kept = made.columns[column]
        longest = max(map(len, map(str, kept.cells)))
        kept.min_width = min(longest, _ROOM)
        # Else it would be made narrower first, and wider again, beyond the screen.
        kept.no_wrap = longest <= _ROOM and self.talk.width >= 2 * _ROOM
        return made

    def command(self, text: str, line: str) -> None:
        """Print a text, and below it a command to be copied, on one line however long it is."""
        self.line()
        self.line(text, "dim")
        self.talk.print(f"  {shown(line)}", soft_wrap=True)

    def ask(self, question: str) -> bool:
        """Ask a question whose answer is no, unless somebody types yes."""
        self.talk.print(Text.assemble("  ", (shown(question), "bold"), " [y/N] "), end="", soft_wrap=True)
        try:
            answer = input()
        except EOFError:
            self.talk.print()
            return False
        except KeyboardInterrupt:
            self.talk.print()
            raise
        return answer.strip().lower() in {"y", "yes"}


def has_somebody() -> bool:
    """Tell whether there is somebody to ask: a terminal. Where the input is closed, there is not even an input."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def make_screen(*, as_json: bool = False) -> Screen:
    """Return the screen of this process. What it cannot spell is replaced, never a reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    consoles = [Console(stderr=stderr, highlight=False, markup=False, emoji=False) for stderr in (False, True)]
    for console in consoles:
        if not 0 < console.size.width <= _WIDEST:
            console.width = _WIDEST if console.size.width else _USUAL
    return Screen(consoles[0], consoles[1], json=as_json)


def shown(text: str) -> str:
    """Return ``text`` without anything that a terminal would obey: ids come from files that anybody may write."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def number(count: int) -> str:
    """Return a count as people read it in a table; a dash for none."""
    return f"{count:,}" if count else "-"


def moment(at: datetime | None) -> str:
    """Return an instant in the zone of this machine."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "-"


def table(*columns: str, right: Iterable[int] = (), ids: Iterable[int] = (), head: bool = True) -> Table:
    """Return an empty table; columns in ``right`` hold numbers, those in ``ids`` what must stay whole, to be copied."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, show_header=head, header_style="dim")
    made.pad_edge = False
    made.collapse_padding = True
    rights, folds = set(right), set(ids)
    for place, name in enumerate(columns):
        made.add_column(
            Text(shown(name)),
            justify="right" if place in rights else "left",
            no_wrap=place in rights or name in _SHORT,
            overflow="fold" if place in folds else "ellipsis",
        )
    return made
