"""Provide the command line. Its libraries are an extra, so :func:`main` first sees whether they are there."""

import sys
from collections.abc import Sequence

from tallystick.errors import MissingExtra

_LIBRARIES = ("rich", "cyclopts")
_USAGE = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the entry point of ``tallystick``.

    Args:
        argv: The command and its options; what the process was started with unless given.
    """
    try:
        # Imported here, since what it needs may not be installed.
        from tallystick.cli.app import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _LIBRARIES:
            raise
        excuse = MissingExtra(f"the command line needs {missing}", remedy="pip install 'tallystick[cli]'")
        print(f"tallystick: {excuse}", file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        print("\ntallystick: interrupted", file=sys.stderr)
        return _INTERRUPTED
    return run(sys.argv[1:] if argv is None else argv)
