"""Find other people's implementations, which the tests marked ``oracle`` ask for a second opinion.

``nox -s oracles`` installs them. Where one is missing, the test that needs it fails and says so: it is never skipped.
"""

import os
import shutil
from pathlib import Path

import pytest

_REMEDY = "run `nox -s oracles`, which installs it"


def node() -> str:
    """Return the path of node."""
    found = shutil.which("node")
    if found is None:
        pytest.fail("there is no node on this machine: install Node.js", pytrace=False)
    return found


def node_modules(*packages: str) -> Path:
    """Return the folder of npm's packages, with these in it."""
    named = os.environ.get("TALLYSTICK_NODE_MODULES")
    if named is None:
        pytest.fail(f"TALLYSTICK_NODE_MODULES names no folder of npm packages: {_REMEDY}", pytrace=False)
    missing = [package for package in packages if not (Path(named) / package).is_dir()]
    if missing:
        pytest.fail(f"{named} lacks {', '.join(missing)}: {_REMEDY}", pytrace=False)
    return Path(named)
