"""Provide the application: its commands, and how each of them ends."""

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, MissingArgumentError, Parameter
from rich.console import Console
from rich.text import Text

from tallystick.cli import choosing, correcting, demo, documents, explain, fleet, looking, mailing, planning, syncing
from tallystick.cli.exits import Exit, exit_of_error
from tallystick.cli.options import COMMON, Common
from tallystick.cli.screen import make_screen, shown
from tallystick.cli.secrets import advise
from tallystick.errors import TallystickError, UsageError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What an output may answer; every other file that cannot be written is told of by whoever writes it."""

_HELP = """Keep two systems' records matched: Outlook on one side, a CRM on the other.

It plans first and shows the plan, writes only what changed, and remembers what both sides last agreed on."""


def completion(
    shell: Annotated[Literal["bash", "fish", "powershell", "zsh"], Parameter(help="The shell that is to complete.")],
    /,
    *,
    common: Common = COMMON,  # noqa: ARG001 -- --debug, as every command has it
) -> Exit:
    """Print what a shell needs to complete commands and options."""
    make_screen().out.out(make_app().generate_completion(prog_name="tallystick", shell=shell), highlight=False)
    return Exit.COMPLETE


COMMANDS: tuple[Callable[..., Exit], ...] = (
    demo.demo,
    planning.plan,
    syncing.sync,
    mailing.mail,
    explain.explain,
    choosing.compare,
    choosing.resolve,
    correcting.correct,
    choosing.undo,
    choosing.release,
    looking.history,
    looking.ignored,
    looking.conflicts,
    looking.errors,
    looking.status,
    fleet.fleet_status,
    documents.schema,
    completion,
)


def make_app() -> App:
    """Return the application with all its commands."""
    app = App(
        name="tallystick",
        help=_HELP,
        help_format="markdown",
        version=lambda: version("tallystick"),
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for order, command in enumerate(COMMANDS):
        app.command(command, sort_key=order)
    return app


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing but ``--debug`` lets an error through."""
    with _ended_as_by_ctrl_c():
        return _run(argv)


def _run(argv: Sequence[str]) -> int:
    screen = make_screen()
    try:
        ending = make_app()(list(argv), console=screen.out, exit_on_error=False, print_error=False)
        return int(ending or Exit.COMPLETE)
    except KeyboardInterrupt as stop:
        with _undisturbed():
            return _end(screen.err, Exit.INTERRUPTED, str(stop) or "interrupted; nothing was written")
    except BrokenPipeError:
        _forget_output()
        return int(Exit.WARNING)
    except CycloptsError as error:
        wrong = _misused(error)
        if "--json" in argv:
            screen.data({"error": wrong.to_dict()})
        return _end(screen.err, Exit.USAGE, str(wrong))
    except TallystickError as error:
        if "--debug" in argv:
            raise
        advise(error)
        if "--json" in argv:
            screen.data({"error": error.to_dict()})
        return _end(screen.err, exit_of_error(error), str(error))
    except Exception as error:
        if "--debug" in argv:
            raise
        return _unforeseen(screen.err, error)


def _misused(error: CycloptsError) -> UsageError:
    """Return the error of the command library in the library's own words where those mislead."""
    said, command = " ".join(str(error).split()), " ".join(error.command_chain or ())
    if isinstance(error, MissingArgumentError) and error.argument and error.keyword is None and "mean" not in said:
        remedy = f"tallystick {command} --help tells what it takes"
        return UsageError(f"{error.argument.name} is missing", where=command, remedy=remedy)
    return UsageError(said, remedy="tallystick --help tells what there is")


def _unforeseen(console: Console, error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        _forget_output()
        remedy = "make room where it goes; `tallystick history` tells whether a sync wrote"
        return _end(console, Exit.WARNING, f"what is printed cannot be written ({error.strerror}) -- {remedy}")
    # Its text is not printed: nobody knows whose contents are in it.
    what = f"an error that should not be ({type(error).__name__}) -- run it again with --debug, and report it"
    return _end(console, Exit.PROBLEM, what)


def _forget_output() -> None:
    """Have nothing written at the very end, where nobody reads the output any more or it has no room."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Have a terminal that is closed and a system that shuts down end a command as Ctrl-C does: tidily, and told."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]  # not where nohup says no
    if threading.current_thread() is not threading.main_thread():  # nobody else may, nor is told
        usual = []
    for number in usual:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in usual:
            signal.signal(number, signal.SIG_DFL)


def _end(console: Console, ending: Exit, said: str) -> int:
    line = Text.assemble(("tallystick: ", "bold red"), shown(" ".join(said.split())))
    console.print(line, soft_wrap=True)
    return int(ending)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a second Ctrl-C not spoil the end of the first."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # only the main thread may, and only it is interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
