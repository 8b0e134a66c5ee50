"""The schemas of settings that are published: what the code says, as judged by others' validator."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from tallystick.cli import main
from tallystick.cli.documents import KINDS
from tallystick.settings import Administration, Settings, SettingsKind, declared, document_schema
from tests.docs.schemas import FOLDER, published

PAGE = Path(__file__).parents[2] / "docs/reference/settings.md"
PROFILES = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def takes(kind: type[SettingsKind]) -> Callable[[Any], bool]:
    """Return a function that tells whether a document fits the schema."""
    # The validator knows an older dialect, in which all that ours uses is the same.
    validate = fastjsonschema.compile({**document_schema(kind), "$schema": "http://json-schema.org/draft-07/schema"})

    def fits(document: object) -> bool:
        try:
            validate(document)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return fits


@pytest.mark.parametrize("name", published())
def test_the_published_schema_is_that_of_the_code(name: str) -> None:
    """A file that is not renewed is found; ``python -m tests.docs.schemas --write`` renews it."""
    assert (FOLDER / name).read_text(encoding="utf-8") == published()[name]
    assert f"schemas/{name}" in PAGE.read_text(encoding="utf-8"), "the page of settings leads to it"


def test_no_schema_is_published_of_what_is_not_there() -> None:
    """Each file belongs to a profile."""
    assert {path.name for path in FOLDER.iterdir()} == published().keys()


@PROFILES
def test_the_command_prints_the_schema(kind: type[SettingsKind], capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is what is published."""
    assert main(["schema", kind.name]) == 0
    assert json.loads(capsys.readouterr().out) == document_schema(kind)


def test_the_command_names_the_profiles_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown profile is no traceback."""
    assert main(["schema", "nothing"]) == 2
    assert "maximizer-contacts" in capsys.readouterr().err


@PROFILES
def test_every_document_that_is_written_fits(kind: type[SettingsKind]) -> None:
    """A user's and an administrator's, empty or with every default said, as the library writes them."""
    fits = takes(kind)
    values = {name: one.default for name, one in declared(kind).items()}
    for settings in (Settings(kind), Settings(kind, values)):
        assert fits(json.loads(settings.to_json()))
    for administration in (Administration(kind), Administration(kind).sets(**values).locks(*values)):
        assert fits(json.loads(administration.to_json()))


@PROFILES
@pytest.mark.parametrize(
    "wrong",
    [
        {"settings": "another"},
        {"settings": None},
        {"choices": {"no such setting": 1}},
        {"choices": []},
        {"locked": ["no such setting"]},
        {"locked": [], "choices": {}},
        {"defaults": {}, "more": 1},
    ],
    ids=str,
)
def test_what_the_library_refuses_does_not_fit(kind: type[SettingsKind], wrong: dict[str, object]) -> None:
    """Another kind, another part, an unknown setting: an editor underlines it before anybody saves it."""
    assert not takes(kind)({"settings": kind.name} | wrong)


@pytest.mark.parametrize("choices", [{"capacity": 0}, {"capacity": "many"}, {"interval": 30}, {"look_up": 1}], ids=str)
def test_a_value_beyond_its_limits_does_not_fit(choices: dict[str, object]) -> None:
    """Limits and types are part of the schema."""
    fits = takes(KINDS["maximizer-contacts"])
    assert not fits({"settings": "maximizer-contacts", "choices": choices})
    assert fits({"settings": "maximizer-contacts", "choices": {"capacity": 5, "interval": "PT30M", "look_up": False}})
