"""Provide ``python -m tallystick.cli``, for where the entry point is not on the path."""

import sys

from tallystick.cli import main

if __name__ == "__main__":
    sys.exit(main())
