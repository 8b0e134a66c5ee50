"""Test the entry point: what is missing, what is mistyped, what goes wrong, and how each of these ends."""

import builtins
import importlib
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

from tallystick.cli import main
from tests.cli.running import NAMES, Books, Call

REAL_IMPORT = builtins.__import__


def test_the_entry_point_is_main() -> None:
    """The command tallystick is this main."""
    (script,) = [one for one in entry_points(group="console_scripts") if one.name == "tallystick"]

    assert script.load() is main


def test_main_takes_what_the_process_was_started_with(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments of its own, main takes those of the process."""
    monkeypatch.setattr(sys, "argv", ["tallystick", "--version"])

    assert main() == 0
    assert capsys.readouterr().out.strip() == version("tallystick")


def test_it_can_be_run_as_a_module() -> None:
    """With python -m, tallystick.cli is the same command, and ends with its exit code."""
    command = [sys.executable, "-m", "tallystick.cli", "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_what_is_mistyped_is_told_as_json_where_that_was_asked_for(books: Books, call: Call) -> None:
    """A program that reads the output finds the error there, as any other."""
    ran = call("plan", *books.options, "--json", "--nonsense")

    assert ran.code == 2
    assert isinstance(ran.data, dict)
    assert ran.data["error"]["code"] == "usage"
    assert "--nonsense" in ran.data["error"]["what"]
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(("given", "missing"), [((), "LEFT"), (("a.csv",), "RIGHT"), (("a.csv", "b.csv"), "--state")])
def test_what_is_missing_is_named_with_the_help_that_tells_of_it(
    given: tuple[str, ...], missing: str, call: Call
) -> None:
    """What was not given at all is not said to lack an argument; an option that lacks one is."""
    ran = call("plan", *given)
    assert ran.code == 2
    assert ran.err == f"tallystick: plan: {missing} is missing -- tallystick plan --help tells what it takes\n"

    assert "--state requires an argument" in call("plan", "a.csv", "b.csv", "--state").err
    assert "--state instead of --stat" in " ".join(call("plan", "a.csv", "b.csv", "--stat", "x").err.split())


@pytest.mark.parametrize("library", ["rich", "cyclopts"])
def test_without_its_libraries_it_says_how_to_get_them(
    library: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the extra is not installed, you are told what to install, in one line."""

    def without(name: str, globals_: Mapping[str, object] | None = None, *rest: object, **named: object) -> object:
        if name.partition(".")[0] == library:
            raise ModuleNotFoundError(name=name)
        return REAL_IMPORT(name, globals_, *rest, **named)  # type: ignore[arg-type]

    for module in [one for one in sys.modules if one.startswith("tallystick.cli.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without)

    ran = call("demo")

    assert ran.code == 2
    assert ran.err == f"tallystick: the command line needs {library} -- pip install 'tallystick[cli]'\n"


def test_another_missing_module_is_not_taken_for_the_extra(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is missing for another reason is not blamed on the extra."""

    def without(name: str, *rest: object) -> object:
        if name == "tallystick.cli.app":
            raise ModuleNotFoundError(name="sqlite3")
        return REAL_IMPORT(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(ModuleNotFoundError):
        call("demo")


def test_an_interrupt_while_it_starts_is_no_traceback(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the program is still being loaded ends it with 130 as well."""

    def slow(name: str, *rest: object) -> object:
        if name == "tallystick.cli.app":
            raise KeyboardInterrupt
        return REAL_IMPORT(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", slow)

    ran = call("demo")

    assert ran.code == 130
    assert ran.err.strip() == "tallystick: interrupted"


def test_without_a_command_the_commands_are_listed(call: Call) -> None:
    """Without a command you see what there is."""
    ran = call()

    assert ran.code == 0
    for command in NAMES:
        assert command in ran.out


@pytest.mark.parametrize("command", NAMES)
def test_every_command_helps(command: str, call: Call) -> None:
    """Every command tells what it does and what it takes."""
    ran = call(command, "--help")

    assert ran.code == 0
    assert f"Usage: tallystick {command}" in ran.out
    assert "--debug" in ran.out


@pytest.mark.parametrize(
    ("argv", "said", "help_"),
    [
        (["plna"], "plan", "tallystick --help"),
        (["plan", "only-one.csv"], "RIGHT", "tallystick plan --help"),
        (["history"], "--state", "tallystick history --help"),
        (["history", "--state", "x", "--colour"], "--colour", "tallystick --help"),
        (["demo", "--contacts", "many"], "many", "tallystick --help"),
    ],
    ids=["command", "argument", "required", "option", "value"],
)
def test_a_slip_of_the_keyboard_is_one_line(argv: Sequence[str], said: str, help_: str, call: Call) -> None:
    """A command or option that is mistyped or missing is named in one line, and ends with 2."""
    ran = call(*argv)

    assert ran.code == 2
    assert said.lower() in ran.err.lower()
    assert ran.err.startswith("tallystick: ")
    assert ran.err.count("\n") == 1
    assert help_ in ran.err


def test_debug_lets_an_error_through(call: Call) -> None:
    """--debug shows where in the program an error comes from."""
    from tallystick.errors import InputError

    with pytest.raises(InputError):
        call("history", "--state", "absent.db", "--debug")


def test_an_error_that_should_not_be_tells_no_contents(
    books: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program is one line without anybody's data; --debug shows all of it."""

    def broken(*_given: object) -> None:
        raise ValueError("invalid literal: Ada Secret")

    monkeypatch.setattr("tallystick.cli.planning.open_pair", broken)

    ran = call("plan", *books.options)

    assert ran.code == 3
    assert "ValueError" in ran.err
    assert "Secret" not in ran.err
    with pytest.raises(ValueError, match="Secret"):
        call("plan", *books.options, "--debug")


def test_main_can_be_called_in_any_thread(books: Books) -> None:
    """A host may call main in a thread of its own; an interrupt that reaches it there ends it as well."""
    codes: list[int] = []
    patch = pytest.MonkeyPatch()

    def stop(*_given: object) -> None:
        raise KeyboardInterrupt

    patch.setattr("tallystick.cli.planning.open_pair", stop)
    thread = threading.Thread(target=lambda: codes.append(main(["plan", *books.options])))
    thread.start()
    thread.join()
    patch.undo()

    assert codes == [130]


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    """Piping into a program that reads one line only does not end in a traceback."""
    argv = [sys.executable, "-m", "tallystick.cli", "demo", "--contacts", "200"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        _, said = process.communicate(timeout=60)

    assert b"Traceback" not in said
    assert b"error that should not be" not in said


def test_an_output_that_is_closed_ends_the_command(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody reads the output any more, the command ends with 1 and is silent."""

    def broken(*_given: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("tallystick.cli.planning.open_pair", broken)
    with (tmp_path / "output").open("w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)

        assert main(["plan", *books.options]) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize("argv", [["sync", "--yes"], ["plan", "--json"]], ids=" ".join)
def test_an_output_without_room_is_told(argv: list[str], books: Books) -> None:
    """Where what is printed cannot be written, since the disk is full, you are told that, and what to do about it."""
    command, option = argv
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        line = [sys.executable, "-m", "tallystick.cli", command, *books.options, option]
        ran = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    assert ran.returncode == 1
    assert ran.stderr.strip().startswith("tallystick: what is printed cannot be written (No space left on device)")
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="an input is closed in another way there")
def test_an_input_that_is_closed_is_nobody_to_ask(books: Books) -> None:
    """Where a scheduler starts a sync without any input, it ends as it does where the input is no terminal."""
    before = books.contents()
    line = shlex.join([sys.executable, "-m", "tallystick.cli", "sync", *books.options])
    ran = subprocess.run(["/bin/sh", "-c", f"{line} <&-"], capture_output=True, text=True, timeout=60, check=False)

    assert ran.returncode == 2
    assert ran.stderr.startswith("tallystick: there is nobody to ask: the input is no terminal")
    assert before == books.contents()


def test_plain_import_needs_no_extra() -> None:
    """The command line's libraries are imported by the command line only."""
    code = "import sys, tallystick, tallystick.cli; print({'rich', 'cyclopts'} & sys.modules.keys())"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "set()"


def test_the_app_module_is_importable_alone() -> None:
    """The application can be taken into another one."""
    assert importlib.import_module("tallystick.cli.app").make_app().name == ("tallystick",)
