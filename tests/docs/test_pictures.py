"""Hold the pictures of the pages against the code that they are about."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def drawn() -> ModuleType:
    """What draws the pictures, read where it lies."""
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("pictures", DOCS / "pictures.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DOCS))
    return module


def test_pictures_show_what_the_code_does(drawn: ModuleType) -> None:
    """Each picture of the pages is the one that `python docs/pictures.py` draws today."""
    kept = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "pictures").glob("*.svg")}
    assert kept.keys() >= drawn.PICTURES.keys()
    assert {name: draw() for name, draw in drawn.PICTURES.items()} == {name: kept[name] for name in drawn.PICTURES}
