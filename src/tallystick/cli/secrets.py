"""Provide the secret of a service: a password or an access token, from where a person keeps it.

A command line is shown to whoever lists the processes of a machine, and kept by the shell. So no option takes a secret,
and no state keeps one. For each side of a pair it is

1. what a command prints, which may ask a keyring (``--left-secret-command``, ``--right-secret-command``);
2. an environment variable (``TALLYSTICK_LEFT_SECRET``, ``TALLYSTICK_RIGHT_SECRET``);
3. asked for, where there is a terminal.
"""

import os
import shlex
import subprocess
from collections.abc import Callable
from getpass import getpass
from time import monotonic
from typing import Final

from tallystick import Side
from tallystick.cli.screen import has_somebody
from tallystick.errors import AuthenticationRequired, InputError, TallystickError, UsageError

_SECONDS: Final = 60
_LASTS: Final = 240.0
_LONGEST: Final = 50_000


def secret_of(side: Side, command: str | None, what: str) -> Callable[[], str]:
    """Return what gives the secret of a side; ``what`` says for whom, in words.

    A command is run again after some minutes, since a token lasts longer than that, and no longer than an hour.
    Raises UsageError where there is nobody to ask, InputError where the command fails.
    """
    if command is not None:
        return _Command(side, command)
    given = os.environ.get(variable_of(side))
    if given:
        return lambda: given
    remedy = _remedy(side)
    if not has_somebody():
        raise UsageError(f"there is nobody to ask for {what}", where=side.label, remedy=remedy)
    try:
        asked = getpass(f"{what[:1].upper()}{what[1:]}: ")
    except EOFError:  # Ctrl-D
        raise UsageError(f"nobody gave {what}", where=side.label, remedy=remedy) from None
    return lambda: asked


def advise(error: TallystickError) -> None:
    """Have the error of a service that does not take a secret say where a person of a command line gives one."""
    for side in Side:
        if isinstance(error, AuthenticationRequired) and error.side == side.label:
            error.remedy = f"check who asks, and the secret: {_remedy(side)}"


def _remedy(side: Side) -> str:
    return f"set {variable_of(side)}, or give --{side.label}-secret-command"


def variable_of(side: Side) -> str:
    """Return the environment variable that may hold the secret of a side."""
    return f"TALLYSTICK_{side.label.upper()}_SECRET"


class _Command:
    """A person's own command, whose output is the secret; it is never shown."""

    def __init__(self, side: Side, command: str) -> None:
        self._where = f"--{side.label}-secret-command"
        try:
            self._words = shlex.split(command)
        except ValueError:
            self._words = []
        self._known, self._until = "", 0.0

    def __call__(self) -> str:
        if monotonic() >= self._until:
            self._known, self._until = self._printed(), monotonic() + _LASTS
        return self._known

    def _printed(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 -- the person's own, without a shell
                self._words, stdout=subprocess.PIPE, timeout=_SECONDS, check=True
            )
            secret = done.stdout.decode().strip()
        except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
            what = f"the command gives no secret ({type(error).__name__})"
            raise InputError(
                what, where=self._where, remedy="try it by hand: it has to print the secret alone"
            ) from None
        if not secret or len(secret) > _LONGEST or not secret.isprintable():
            remedy = "try it by hand: it has to print the secret alone"
            raise InputError("what the command prints is no secret", where=self._where, remedy=remedy)
        return secret
