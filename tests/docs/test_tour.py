"""Hold the tour of the source against the source."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs" / "explanation" / "tour.md"
PRODUCTS = re.compile(
    r"outlook|microsoft|graph|exchange|maximizer|linkpoint|oracle|zynsync|highlevel|salesforce", re.IGNORECASE
)


@pytest.fixture(scope="module")
def package() -> Path:
    """Where the library is installed."""
    spec = find_spec("tallystick")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def test_every_stop_of_the_tour_exists(package: Path) -> None:
    """Each file and folder that the tour of the source names is there to be read."""
    text = TOUR.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w[\w/]*(?:\.py|/|/\w+))`", text)) - {"src/tallystick"}
    floors = [package, *(one for one in package.iterdir() if one.is_dir())]
    places = [*floors, package / "providers" / "memory", ROOT, ROOT / "tests" / "simulation"]
    assert len(named) > 40
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("floor", ["mapping", "matching", "reconcile", "sync", "state"])
def test_the_engine_names_no_product(package: Path, floor: str) -> None:
    """What decides and what is kept knows of no product: their shapes and ways lie in codecs and profiles."""
    sources = sorted((package / floor).rglob("*.py"))
    assert sources
    assert [path.name for path in sources if PRODUCTS.search(path.read_text(encoding="utf-8"))] == []
