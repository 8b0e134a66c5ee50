"""The pytest plugin turns a contract into tests, and leaves every other session alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
SUITE = """
from tallystick.testing import ProviderContract
from tests.testing.broken import SAMPLES, SilentDeletions, attrs


class Modest(SilentDeletions):
    able = attrs.evolve(SilentDeletions.able, token_in_listings=False, stable_ids=False)


def make():
    provider = Modest()
    return provider, provider.door()


test_people = ProviderContract(make, SAMPLES)
not_a_test = test_people
"""


def session(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a pytest session of its own over one file."""
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # else one of a folder above would count
    paths = os.pathsep.join([str(SOURCE), str(SOURCE.parent)])
    command = [sys.executable, "-m", "pytest", "-p", "pytest_tallystick", "-p", "no:cacheprovider", "-W", "error"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.behaviour("TS-10")
def test_a_contract_becomes_one_test_for_each_promise(tmp_path: Path) -> None:
    """What is broken fails with a reason and no traceback, what is undeclared is skipped, what works is remarked on."""
    said = session(tmp_path, SUITE, "-v", "-rs").stdout

    assert "test_people[a deletion is told] FAILED" in said
    assert "breaks its contract: a deletion is told (a deletion does not come with the next changes)" in said
    assert "Traceback" not in said
    assert "test_people[get answers in order] PASSED" in said
    assert "test_people[the token is the id] SKIPPED (not declared)" in said
    assert "Modest: ids are stable: not declared, and works" in said
    assert "not_a_test" not in said
    assert "1 failed" in said


def test_a_session_without_contracts_imports_nothing_of_the_library(tmp_path: Path) -> None:
    """The plugin costs other people's sessions nothing."""
    loaded = "[name for name in sys.modules if name.startswith('tallystick')]"
    done = session(tmp_path, f"import sys\ndef test_it():\n    assert {loaded} == []\n")

    assert done.returncode == 0, done.stdout
